# SPDX-License-Identifier: Apache-2.0
"""What Ginnel costs beside a floor (the least that the same work can cost) or a peer (a program that others use for it), in
the same run on the same machine. Ratios matter, times do not: they are this machine's and this minute's.

Prints `what | median | p95 | floor or peer | ratio`. What is not there (a peer that is not installed) is left out and said."""

import argparse
import contextlib
import http.client
import json
import pathlib
import shutil
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import peers  # noqa: E402

SOURCE = pathlib.Path(__file__).resolve().parents[2]
ASKER, STORY, HOLDERS = "bradford-csc", "moved-twice", 5
IMPORT_CHILDREN, IMPORT_RUNS = 1500, 5
VIEWS, DECIDE_SECONDS = 200, 1
NOTICE_BYTES, NOTICES, DRAINED = 1024, {1: 200, 256: 2000}, 10_000  # as many as a window settles in some seconds
ASKS, CLIENTS, ASK_SECONDS = 1000, 8, 2
CONCEALED = 2000  # asks, every other one about the concealed child
GROWTH = 100_000, 1_000_000
PROCESSES = (5_000, 50_000)
DEMO_SECONDS_MAX = 120


def p95(values):
    return sorted(values)[int(0.95 * (len(values) - 1))]


def number(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


class Table:
    """Rows as they come. `unit` is "ms", where less is better, or "/s"."""

    def __init__(self):
        print("what | median | p95 | floor or peer | ratio")
        print("--- | ---: | ---: | --- | ---:")

    def row(self, what, ours, unit, beside, theirs):
        median, other = statistics.median(ours), statistics.median(theirs)
        worst = p95(ours) if unit == "ms" else sorted(ours)[int(0.05 * (len(ours) - 1))]
        print(f"{what} | {number(median)} {unit} | {number(worst)} {unit} | {beside}: {number(other)} {unit} | {median / other:.3g}",
              flush=True)

    @staticmethod
    def note(sentence):
        print(sentence, flush=True)

    @staticmethod
    def missing(what, why):
        print(f"{what}: not measured: {why}", file=sys.stderr)


def lines_of(words, cwd=None):
    done = subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, cwd=cwd)
    return [json.loads(line) for line in done.stdout.splitlines()]


def values(lines, side, what=None):
    return [line["value"] for line in lines if line["side"] == side and what in (None, line["what"])]


def bench_import(table, programs, folder):
    subprocess.run([programs.ginnel, "synth", "--out", folder / "import", "--children", str(IMPORT_CHILDREN), "--seed", "7"],
                   check=True, stdout=subprocess.DEVNULL)
    files = sorted((folder / "import" / ASKER).rglob("*.csv"))
    lines = []
    for _ in range(IMPORT_RUNS):
        lines += lines_of([programs.bench, "import", SOURCE / "config-examples/mappings/social-care.toml", *files])
    table.row(f"import of {IMPORT_CHILDREN} children's files", values(lines, "ours"), "ms",
              "the same LMDB writes and commits by themselves", values(lines, "floor"))


def bench_growth(table, programs, _):
    small, large = GROWTH
    lines = lines_of([programs.bench, "growth", small, large])
    table.row(f"own part of a view, 50 records among {large:,}", values(lines, "ours", f"part among {large}"), "ms",
              f"among {small:,}", values(lines, "ours", f"part among {small}"))
    for size in GROWTH:
        table.note(f"a store of {size:,} records opens in {number(statistics.median(values(lines, 'ours', f'open among {size}')))} ms"
                   f" and takes {number(values(lines, 'ours', f'memory among {size}')[0] / 1024)} MiB of memory beyond the map")


def bench_processes(table, programs, _):
    small, large = PROCESSES
    lines = lines_of([programs.bench, "processes", small, large])
    for what, words in (("act", "a contribution to one process, committed,"), ("list", "200 processes that are due first"),
                        ("idle tick", "a look whether anything is due")):
        table.row(f"{words} among {large:,}", values(lines, "ours", f"{what} among {large}"), "ms",
                  f"among {small:,}", values(lines, "ours", f"{what} among {small}"))
    table.row(f"a start with {large:,} running processes", values(lines, "ours", f"start among {large}"), "ms",
              "their entries read by themselves", values(lines, "floor", f"start among {large}"))
    telling = values(lines, "ours", f"tick that tells among {large}")
    table.note(f"64 of {large:,} processes that are all due at once are told of in {number(statistics.median(telling))} ms, a commit with it")
    table.note(f"{large:,} running processes take {number(values(lines, 'ours', f'memory among {large}')[0] / 1024)} MiB of memory")


def bench_decide(table, programs, folder):
    where = folder / "decide"
    where.mkdir()
    modules = SOURCE / "tests/policy/conformance"
    try:
        theirs = values(lines_of(["node", SOURCE / "tests/bench/decide.mjs", where, DECIDE_SECONDS], cwd=modules), "cedar-wasm")
    except (OSError, subprocess.CalledProcessError) as error:
        return table.missing("decide", error)
    ours = values(lines_of([programs.bench, "decide", where, DECIDE_SECONDS]), "ours")
    # The first runs of both warm up.
    return table.row("decide one record, 30 policies, 22 resident entities", ours[2:], "/s", "cedar-wasm, schema and entities given",
                     theirs[2:])


@contextlib.contextmanager
def demonstration(ginnel, folder):
    folder = folder / "demo"
    with open(f"{folder}.log", "wb") as log:
        demo = subprocess.Popen([ginnel, "demo", "--dir", folder, "--children", "40", "--seed", "3"], stdout=log, stderr=log,
                                stdin=subprocess.DEVNULL)
    try:
        until = time.monotonic() + DEMO_SECONDS_MAX
        while not (folder / "demo.json").exists():
            if demo.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the demonstration did not start: " + pathlib.Path(f"{folder}.log").read_text())
            time.sleep(0.1)
        yield json.loads((folder / "demo.json").read_text())
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(timeout=60)


def view_times_ms(facts):
    node = next(node for node in facts["nodes"] if node["id"] == ASKER)
    user = next(user for user in facts["users"] if user["node"] == ASKER)
    child = next(child for child in facts["children"] if child["story"] == STORY)
    holders = [one["node"] for one in child["expect"] if one["status"] == "answered" and one["node"] != ASKER][:HOLDERS]
    assert len(holders) == HOLDERS, holders
    host = node["url"].split("//")[1]
    web = http.client.HTTPSConnection(host, context=ssl.create_default_context(cafile=facts["ca"]))
    body = json.dumps({"child": {"nhsNumber": child["nhsNumber"]}, "purpose": "child_protection", "basis": "public_task",
                       "reason": "bench", "scope": [ASKER, *holders]})
    headers = {"Authorization": "Bearer " + user["token"], "Content-Type": "application/json"}
    times = []
    for turn in range(VIEWS + 10):
        begun = time.monotonic()
        web.request("POST", "/api/v1/case-views", body, headers)
        answer = web.getresponse()
        view = json.loads(answer.read())
        took = (time.monotonic() - begun) * 1000
        assert answer.status == 200, view
        if turn < 10:  # connections are made
            continue
        assert view["complete"], view["parts"]
        times.append(took)
    return times


def bench_notices(table, programs, folder):
    if not pathlib.Path("/usr/lib/rabbitmq/bin/rabbitmq-server").exists():
        return table.missing("notices", "RabbitMQ is not installed")
    with peers.rabbitmq(folder) as port:
        for window, count in NOTICES.items():
            theirs = [peers.rabbitmq_per_second(port, count, NOTICE_BYTES, window) for _ in range(2)]
            ours = values(lines_of([programs.bench, "notices", count, window]), "ours")
            theirs += [peers.rabbitmq_per_second(port, count, NOTICE_BYTES, window) for _ in range(2)]
            table.row(f"durable notices, window {window}", ours, "/s", f"RabbitMQ, durable, confirmed, {NOTICE_BYTES} bytes", theirs)
    return None


def bench_drain(table, programs, _):
    lines = lines_of([programs.bench, "drain", DRAINED])
    table.row(f"{DRAINED:,} notices delivered after a partition", values(lines, "ours", "drain"), "/s",
              "written down while it lasted", values(lines, "ours", "written down while cut off"))


def has_postgres():
    return any(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))


def bench_asks(table, programs, folder):
    lines = lines_of([programs.bench, "asks", ASKS])
    what = f"asks of 50 records answered by one node, {CLIENTS} in flight"
    table.row(what, values(lines, "ours", "asks"), "/s", "bare signatures, CURVE, commits", values(lines, "floor", "asks"))
    if not has_postgres():
        return table.missing("asks", "PostgreSQL is not installed")
    with peers.postgres(folder) as pgbench:
        theirs = [peers.postgres_per_second(pgbench, CLIENTS, ASK_SECONDS) for _ in range(5)]
    return table.row(what, values(lines, "ours", "asks"), "/s",
                     f"PostgreSQL, {CLIENTS} clients: 50 rows, row-level security, audit insert, commit", theirs)


def bench_concealed(table, programs, _):
    """A ratio away from 1 is what somebody who measures answers could learn."""
    lines = lines_of([programs.bench, "concealed", CONCEALED])
    times = [line for line in lines if line["what"] == "answer, ms"]
    table.row("answer about a child with 50 concealed records, asked in turn with", values(times, "concealed"), "ms",
              "a child whom nobody holds", values(times, "unknown"))
    sizes = {line["value"] for line in lines if line["what"] == "answer, bytes"}
    table.note(f"both answers: {' or '.join(number(size) for size in sorted(sizes))} bytes")


def bench_view(table, programs, folder):
    if not has_postgres():
        return table.missing("case view", "PostgreSQL is not installed")
    with demonstration(programs.ginnel, folder) as facts, peers.postgres(folder) as pgbench:
        ours, theirs = [], []
        for _ in range(2):  # in turns, so that both meet what else the machine does
            ours += view_times_ms(facts)
            theirs += peers.postgres_latencies_ms(pgbench, folder, VIEWS)
    what = f"case view over loopback, {HOLDERS} holders, all answer"
    table.row(what, ours, "ms", "one PostgreSQL query of 50 rows, row-level security, audit insert, commit", theirs)
    table.row(what, ours, "ms", "its bare signatures, round trips and commits",
              values(lines_of([programs.bench, "rounds", VIEWS]), "floor"))


def main():
    parts = {"import": bench_import, "growth": bench_growth, "processes": bench_processes,
             "decide": bench_decide, "view": bench_view, "asks": bench_asks,
             "concealed": bench_concealed, "notices": bench_notices, "drain": bench_drain}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ginnel", default=SOURCE / "build/node/ginnel")
    parser.add_argument("--bench", default=SOURCE / "build/tests/bench/ginnel_bench")
    parser.add_argument("part", nargs="*", help="of: " + ", ".join(parts))
    programs = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ginnel-bench-"))
    folder.chmod(0o755)  # peers run as another user
    try:
        table = Table()
        for part in programs.part or parts:
            (folder / part).mkdir()
            parts[part](table, programs, folder / part)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
