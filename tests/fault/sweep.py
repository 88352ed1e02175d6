# SPDX-License-Identifier: Apache-2.0
"""One fault at one system call of one thread of a real node, and what must hold after it.

A scenario is one act (tests/fault/acts.py, telling.py) with a victim. It is run once under strace to learn which durable
and which sending calls it makes, then once for each of those calls and each fault. strace counts calls a thread, so a
point is a thread's role, a call and its number.
"""

import collections
import contextlib
import dataclasses
import http.client
import json
import os
import pathlib
import re
import shutil
import subprocess
import time

import nodes

ASKER, HOLDER = "bradford-csc", "wy-police"
DURABLE = ("pwrite64", "writev", "fdatasync")
SENDING = ("sendto", "sendmsg")
FAULTS = {"kill": "signal=KILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC", "EINTR": "error=EINTR"}
RESTART_SECONDS_MAX = 10
CONNECT_SECONDS_MAX = 20
LATE_PART_SECONDS_MAX = 12
STORY = "moved-twice"
NOT_DISCLOSED = "something was received that its holder did not write down as disclosed"
CHILDREN = 30  # of the imported files: some turns of them


@dataclasses.dataclass(frozen=True, order=True)
class Point:
    role: str  # "loop", "io" (ZeroMQ's), "other"
    call: str
    number: int


@dataclasses.dataclass
class Recording:
    """What a run without a fault did."""
    points: set
    calls: list  # the loop's, in order, each with its descriptor
    is_synced: dict  # by descriptor: whether it was opened to be written through


@dataclasses.dataclass
class Case:
    """What one run did, and what was found wrong with it."""
    point: Point
    fault: str
    is_reached: bool = False
    problems: list = dataclasses.field(default_factory=list)

    def expect(self, holds, sentence):
        if not holds:
            self.problems.append(sentence)
        return holds


def threads_of(pid):
    """The threads of a node by role."""
    roles = collections.defaultdict(list)
    for thread in sorted(map(int, os.listdir(f"/proc/{pid}/task"))):
        name = pathlib.Path(f"/proc/{pid}/task/{thread}/comm").read_text().strip()
        roles["loop" if thread == pid else "io" if name.startswith("ZMQ") else "other"].append(thread)
    return roles


class Trace:
    """strace on some threads of a running node, from now on."""

    def __init__(self, threads, words, seen):
        self.seen, self.threads = pathlib.Path(seen), list(threads)
        self.seen.unlink(missing_ok=True)
        attached = [word for thread in threads for word in ("-p", str(thread))]
        self.process = subprocess.Popen(["strace", "-qq", "-o", str(self.seen), *attached, *words], text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        until = time.monotonic() + 10
        while not all(self.is_traced(thread) for thread in self.threads):
            if self.process.poll() is not None or time.monotonic() > until:
                raise PermissionError("processes may not be traced here: " + self.process.stderr.read())
            time.sleep(0.002)

    @staticmethod
    def is_traced(thread):
        status = pathlib.Path(f"/proc/{thread}/status").read_text()
        return int(re.search(r"TracerPid:\s+(\d+)", status)[1]) != 0

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stderr.close()
        return self.seen.read_text(errors="replace").splitlines()


class World:
    """Two nodes of a demonstration, set back to the same files before each case."""

    def __init__(self, root, facts_program):
        self.root, self.facts_program = pathlib.Path(root), facts_program
        self.made = self.root / "made"
        self.facts = nodes.make_federation(self.made)
        made = nodes.run("synth", "--out", self.root / "more", "--children", CHILDREN, "--seed", 5)
        assert made.returncode == 0, made.stderr
        self.files = sorted((self.root / "more" / ASKER).rglob("*.csv"))
        self.saved = self.root / "saved"
        self.saved.mkdir()
        for node_id in (ASKER, HOLDER):
            shutil.copytree(self.made / "nodes" / node_id, self.saved / node_id, symlinks=True,
                            ignore=shutil.ignore_patterns("*.sock"))
        shutil.rmtree(self.made / "nodes")
        (self.made / "nodes").mkdir()
        self.running = {}

    def restore(self):
        for node_id in (ASKER, HOLDER):
            shutil.rmtree(self.made / "nodes" / node_id, ignore_errors=True)
            shutil.copytree(self.saved / node_id, self.made / "nodes" / node_id, symlinks=True)

    def start(self, *node_ids):
        for node_id in node_ids:
            self.running[node_id] = nodes.Node(self.facts, node_id)
        for node_id in node_ids:
            self.running[node_id].up()

    def restart(self, case, node_id):
        begun = time.monotonic()
        self.start(node_id)
        case.expect(time.monotonic() - begun < RESTART_SECONDS_MAX, "the restart took too long")

    def stop(self, case, node_id):
        code = self.running.pop(node_id).stop()
        case.expect(code == 0, f"{node_id} ended with {code}: it did not stop in order")

    def stop_all(self, case):
        for node_id in list(self.running):
            self.stop(case, node_id)

    def kill_all(self):
        for node_id in list(self.running):
            self.running.pop(node_id).__exit__()

    def connect(self):
        """Until each hears the other."""
        until = time.monotonic() + CONNECT_SECONDS_MAX
        while part_of(self.ask(), HOLDER) != "answered":
            assert time.monotonic() < until, "the two nodes do not hear each other"

    def ask(self):
        """The view that was acknowledged, or nothing."""
        try:
            status, view = self.running[ASKER].view(deadline_ms=1000, story=STORY, scope=[ASKER, HOLDER])
        except (OSError, ValueError, http.client.HTTPException):
            return None
        return view if status == 200 else None

    def read(self, view_id):
        status, view = self.running[ASKER].get("/api/v1/case-views/" + view_id, signed_in=True)
        return view if status == 200 else None

    def bring(self):
        """What an import that was acknowledged said of itself, or nothing."""
        done = nodes.run(*self.running[ASKER].import_words(self.files))
        return json.loads(done.stdout.splitlines()[-1]) if done.returncode in (0, 4) else None

    def ledger(self, case, node_id, rows=()):
        words = [str(self.made / "nodes" / node_id), *map(str, rows)]
        done = subprocess.run([self.facts_program, *words], capture_output=True, text=True, check=False)
        if not case.expect(done.returncode == 0, f"{node_id}'s store cannot be opened: {done.stderr}"):
            return None
        facts = json.loads(done.stdout)
        case.expect(not facts["problems"], f"{node_id}'s ledger does not verify: {facts['problems']}")
        case.expect(not facts["differing"], f"{node_id}'s indexes are not those of its ledger: {facts['differing']}")
        return facts


def part_of(view, agency):
    return next((part["status"] for part in view["parts"] if part["agency"] == agency), None) if view else None


def items_of(view):
    return sorted(item["id"] for item in view["items"])


def accesses(facts, kind):
    return [entry for entry in facts["entries"] if entry["kind"] == kind]


def record(world, scenario):
    """A run without a fault."""
    case = Case(None, None)
    world.restore()
    world.start(*scenario.needs)
    scenario.prepare(world)
    victim = world.running[scenario.victim].process.pid
    roles = threads_of(victim)
    role_of = {thread: role for role, threads in roles.items() for thread in threads}
    trace = Trace(role_of, ["-e", "trace=" + ",".join((*DURABLE, *SENDING, "write"))], world.root / "record.strace")
    try:
        done = scenario.act(world)
        time.sleep(0.1)  # what follows the acknowledgement
        is_synced = {int(fd): "DSYNC" if int(flags, 8) & os.O_DSYNC else "" for fd, flags in flags_of(victim)}
    finally:
        lines = trace.stop()
    assert done is not None, f"{scenario.name} fails without a fault"
    calls = collections.defaultdict(list)
    for line in lines:
        if match := re.match(r"(\d+) +(\w+)\((\d+)", line):
            calls[role_of[int(match[1])], int(match[1])].append((match[2], int(match[3])))
    points = set()
    for (role, _), made in calls.items():
        for call, count in collections.Counter(call for call, _ in made if call != "write").items():
            points |= {Point(role, call, number) for number in range(1, count + 1)}
    scenario.learn_act(done)
    learnt = scenario.recover(world, case, done)
    world.stop_all(case)
    scenario.learn(world, learnt)
    scenario.check(world, case, learnt)
    assert not case.problems, case.problems
    of_loop = [call for (role, _), made in calls.items() if role == "loop" for call in made]
    return Recording(points, of_loop, is_synced)


def flags_of(pid):
    for file in pathlib.Path(f"/proc/{pid}/fdinfo").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a connection that ended meanwhile
            yield file.name, re.search(r"flags:\s+(\d+)", file.read_text())[1]


def run(world, scenario, point, fault):
    case = Case(point, fault)
    try:
        run_case(world, scenario, case)
    except AssertionError as error:
        case.problems.append(str(error))
    finally:
        world.kill_all()
    return case


def run_case(world, scenario, case):
    point, fault = case.point, case.fault
    world.restore()
    world.start(*scenario.needs)
    scenario.prepare(world)
    victim = world.running[scenario.victim]
    trace = Trace(threads_of(victim.process.pid)[point.role],
                  ["-e", f"trace={point.call}", "-e", f"inject={point.call}:{FAULTS[fault]}:when={point.number}"],
                  world.root / "case.strace")
    try:
        done = scenario.act(world)
    finally:
        said = trace.stop()
    if fault == "kill" and any("killed by SIGKILL" in line for line in said):
        victim.process.wait(timeout=RESTART_SECONDS_MAX)  # it is still dying
    is_dead = victim.process.poll() is not None
    case.is_reached = is_dead if fault == "kill" else any("INJECTED" in line for line in said)
    case.expect(is_dead == (fault == "kill" and case.is_reached), "the node died: " + victim.said()[-300:])
    if is_dead:
        world.running.pop(scenario.victim).stop()
        scenario.found_dead(world, case)
        world.start(scenario.victim)
    elif case.is_reached:
        ready = victim.get("/readyz")[0]
        # LMDB makes an interrupted write again, and takes an interrupted fdatasync for a failed one. So do we: nobody
        # knows what it wrote.
        if fault == "EINTR" and point.call != "fdatasync":
            case.expect(done is not None and ready == 200, "a call that was interrupted was not made again")
        elif point.call in DURABLE:
            case.expect(ready == 503, "it goes on after a write that failed")
        else:
            case.expect(ready == 200, "it stops because of a connection")
    learnt = scenario.recover(world, case, done)
    world.stop_all(case)
    scenario.check(world, case, learnt)
