# SPDX-License-Identifier: Apache-2.0
"""Programs that do for others what Ginnel does, started in temporary directories as a user without rights."""

import contextlib
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import time

START_SECONDS_MAX = 60


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def unprivileged(folder):
    """Words that run a program as a user without rights who owns the folder."""
    if os.geteuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]


ROWS = 50
SCHEMA = """
create table kind_of(agency text primary key, kind text not null);
insert into kind_of select 'agency' || i, 'kind' || i % 6 from generate_series(0, 39) i;
create table record(id bigint primary key, person int not null, category text not null, sensitivity int not null,
  markings text[] not null, headline text not null, narrative text not null);
insert into record select i, i / 50, 'health.community', i % 3, '{}', 'A contact was made', repeat('n', 400)
  from generate_series(0, 99999) i;
create index on record(person);
create table audit(id bigserial primary key, at timestamptz not null default now(), agency text not null, person int not null,
  purpose text not null, records bigint[] not null);
alter table record enable row level security;
create role asker login;
grant select on record, kind_of to asker;
grant insert on audit to asker;
grant usage on sequence audit_id_seq to asker;
create policy between_agencies on record for select to asker using (
  sensitivity <= case current_setting('ask.purpose') when 'child_protection' then 3 when 'first_contact' then 0 else 1 end
  and not markings && array['adoption_sealed', 'protected_person', 'gender_recognition', 'fertility_treatment']
  and exists (select from kind_of where agency = current_setting('ask.agency') and kind = 'kind3'));
analyze;
"""
ASK = """
\\set person random(0, 1999)
begin;
set local ask.agency = 'agency3';
set local ask.purpose = 'child_protection';
with given as (select * from record where person = :person),
  kept as (insert into audit(agency, person, purpose, records)
    select 'agency3', :person, 'child_protection', array_agg(id) from given)
select * from given;
commit;
"""


@contextlib.contextmanager
def postgres(folder):
    """PostgreSQL with records under row-level security and a table of who was given what. Gives pgbench's words."""
    programs = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    folder = pathlib.Path(folder) / "postgres"
    folder.mkdir()
    as_user, port, env = unprivileged(folder), free_port(), {**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    data = folder / "data"
    subprocess.run([*as_user, programs / "initdb", "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8"], check=True,
                   stdout=subprocess.DEVNULL, env=env, cwd=folder)
    server = subprocess.Popen([*as_user, programs / "postgres", "-D", data, "-p", str(port), "-k", folder,
                               "-c", "listen_addresses=127.0.0.1"], env=env, cwd=folder,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    to = ["-h", "127.0.0.1", "-p", str(port)]
    try:
        until = time.monotonic() + START_SECONDS_MAX
        while subprocess.run([programs / "pg_isready", *to], stdout=subprocess.DEVNULL, check=False).returncode != 0:
            if time.monotonic() > until or server.poll() is not None:
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(0.1)
        subprocess.run([programs / "psql", *to, "-U", "owner", "-q", "-v", "ON_ERROR_STOP=1", "postgres"], input=SCHEMA, text=True,
                       check=True)
        script = folder / "ask.sql"
        script.write_text(ASK)
        yield [programs / "pgbench", *to, "-U", "asker", "-n", "-M", "prepared", "-f", script, "postgres"]
    finally:
        server.terminate()
        server.wait(timeout=60)


def postgres_latencies_ms(pgbench, folder, count):
    """How long each of so many asks of one client took."""
    logs = pathlib.Path(folder) / "pgbench-log"
    logs.mkdir()
    subprocess.run([*pgbench[:-1], "-c", "1", "-t", str(count), "-l", pgbench[-1]], check=True, cwd=logs,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    times = [float(line.split()[2]) / 1000 for file in logs.iterdir() for line in file.read_text().splitlines()]
    shutil.rmtree(logs)
    return times


def postgres_per_second(pgbench, clients, seconds):
    done = subprocess.run([*pgbench[:-1], "-c", str(clients), "-T", str(seconds), pgbench[-1]], check=True, capture_output=True,
                          text=True)
    return next(float(line.split()[2]) for line in done.stdout.splitlines() if line.startswith("tps"))


@contextlib.contextmanager
def rabbitmq(folder):
    """RabbitMQ's broker. Gives the port."""
    folder = pathlib.Path(folder) / "rabbitmq"
    folder.mkdir()
    as_user, port = unprivileged(folder), free_port()
    (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\nloopback_users = none\n")
    (folder / "enabled_plugins").write_text("[].\n")
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "RABBITMQ_NODENAME": "bench@localhost",
           "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"), "RABBITMQ_MNESIA_BASE": str(folder / "data"),
           "RABBITMQ_LOG_BASE": str(folder / "log"), "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
           "RABBITMQ_DIST_PORT": str(free_port()), "RABBITMQ_PID_FILE": str(folder / "pid"), "ERL_EPMD_PORT": str(free_port()),
           "ERL_EPMD_ADDRESS": "127.0.0.1", "RABBITMQ_CONF_ENV_FILE": "/dev/null"}
    server = subprocess.Popen([*as_user, "/usr/lib/rabbitmq/bin/rabbitmq-server"], env=env, cwd=folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + START_SECONDS_MAX
        while True:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if time.monotonic() > until or server.poll() is not None:
                raise RuntimeError("RabbitMQ did not start")
            time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=60)
        subprocess.run(["epmd", "-kill"], env=env, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # its own


def rabbitmq_per_second(port, count, message_bytes, window):
    """Persistent messages into a durable queue, so many unconfirmed at a time, until each was confirmed. The client is
    Debian's pika: at a wide window it, and not the broker, may be what is measured."""
    import pika

    state = {"sent": 0, "confirmed": 0, "begun": 0.0, "took": 0.0}
    body = os.urandom(message_bytes)
    properties = pika.BasicProperties(delivery_mode=2)

    def publish(channel):
        while state["sent"] < count and state["sent"] - state["confirmed"] < window:
            channel.basic_publish("", "bench", body, properties)
            state["sent"] += 1

    def confirmed(channel, frame):
        tag = frame.method.delivery_tag
        assert isinstance(frame.method, pika.spec.Basic.Ack)
        state["confirmed"] = tag if frame.method.multiple else state["confirmed"] + 1
        if state["confirmed"] >= count:
            state["took"] = time.monotonic() - state["begun"]
            return connection.close()
        publish(channel)

    def opened(channel):
        channel.confirm_delivery(lambda frame: confirmed(channel, frame))

        def begin(_):
            state["begun"] = time.monotonic()
            publish(channel)

        channel.queue_declare("bench", durable=True, callback=lambda _: channel.queue_purge("bench", callback=begin))

    connection = pika.SelectConnection(
        pika.ConnectionParameters("127.0.0.1", port),
        on_open_callback=lambda made: made.channel(on_open_callback=opened),
        on_close_callback=lambda made, _: made.ioloop.stop())
    connection.ioloop.start()
    return count / state["took"]
