# SPDX-License-Identifier: Apache-2.0
"""A node killed, or failed by its disk or network, at any durable and any sending call of what people do with it.

GINNEL_LONG=1 runs every call with every fault, GINNEL_FAULT_SEED chooses another selection."""

import argparse
import collections
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import acts  # noqa: E402
import nodes  # noqa: E402
import sweep  # noqa: E402
import telling  # noqa: E402

IS_LONG = bool(os.environ.get("GINNEL_LONG"))
SEED = int(os.environ.get("GINNEL_FAULT_SEED", "1"))
SCENARIOS = [acts.Import(), *(each(victim) for each in (acts.View, telling.Notice, telling.Correction)
                               for victim in (sweep.ASKER, sweep.HOLDER))]
SELECTED = 3  # cases of each scenario that are reached, unless all are run
TRIED_MAX = 3 * SELECTED  # to reach them: what a thread does in its turn is not the same in each run
AGAIN_MAX = 4  # runs of a case that was not reached, when all are run
REACHED_MIN = 0.95  # of the cases that each recorded run has, when all are run
RECORDED = 3 if IS_LONG else 1  # runs: which pages lie side by side, so that one call writes them, differs between runs
PROGRAMS = None


def scenario_named(name):
    return next(scenario for scenario in SCENARIOS if scenario.name == name)


def unsynced_wakes(calls, is_synced):
    """What a loop that wakes another thread, or ends, has not made durable. A store's file has two descriptors: one for
    pages, which fdatasync makes durable, and one for the page that names them, which is written through (O_DSYNC)."""
    problems, dirty, unnamed = [], set(), set()
    for call, fd in [*calls, ("write", -1)]:
        if call in ("pwrite64", "writev") and not is_synced.get(fd):
            dirty.add(fd)
        elif call == "pwrite64":
            if dirty:
                problems.append("pages are named before they are durable")
            unnamed.clear()
        elif call == "fdatasync":
            unnamed |= dirty & {fd}
            dirty.discard(fd)
        elif call in ("write", "sendto", "sendmsg") and (dirty or unnamed):
            problems.append("somebody is woken before the commit is durable")
    return problems


class Sweep(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("strace"):
            raise unittest.SkipTest("no strace")
        cls.temporary = tempfile.TemporaryDirectory(prefix="ginnel-sweep-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.world = sweep.World(cls.temporary.name, PROGRAMS.facts)
        cls.recorded = {}
        for scenario in SCENARIOS:
            cls.recorded[scenario.name] = [cls.record(scenario) for _ in range(RECORDED)]

    @classmethod
    def record(cls, scenario):
        try:
            return sweep.record(cls.world, scenario)
        except PermissionError as error:
            raise unittest.SkipTest(str(error)) from error
        finally:
            cls.world.kill_all()

    def tearDown(self):
        self.world.kill_all()
        nodes.GINNEL = PROGRAMS.ginnel

    def sweep(self, scenario):
        recorded = [run.points for run in self.recorded[scenario.name]]
        points, always = set().union(*recorded), set.intersection(*recorded)
        calls = {point.call for point in always}
        self.assertTrue({"pwrite64", "fdatasync"} < calls and calls & set(sweep.SENDING), calls)
        cases = [(point, fault) for point in sorted(points) for fault in sweep.FAULTS]
        total = len(cases)
        wanted = REACHED_MIN * len(always) * len(sweep.FAULTS)
        if not IS_LONG:
            cases = random.Random(f"{SEED} {scenario.name}").sample(cases, min(TRIED_MAX, total))
            wanted = SELECTED
        begun, ran = time.monotonic(), []
        for point, fault in cases:
            if not IS_LONG and sum(case.is_reached for case in ran) == SELECTED:
                break
            for _ in range(AGAIN_MAX if IS_LONG else 1):
                case = sweep.run(self.world, scenario, point, fault)
                with self.subTest(scenario=scenario.name, point=point, fault=fault):
                    self.assertEqual(case.problems, [])
                if case.is_reached:
                    break
            ran.append(case)
        reached = sum(case.is_reached for case in ran if case.point in always)
        missed = collections.Counter((case.point.role, case.point.call) for case in ran if not case.is_reached)
        if IS_LONG and missed:
            print(f"{scenario.name}: not reached: {dict(missed)}", file=sys.stderr)
        print(f"{scenario.name}: {len(ran)} of {total} cases, {reached} of the {len(always) * len(sweep.FAULTS)} that each "
              f"run has reached, {time.monotonic() - begun:.0f} s", file=sys.stderr)
        self.assertGreaterEqual(reached, wanted, "the points are no longer those of the act")

    def test_every_turn_is_durable_before_it_wakes_anybody(self):
        for scenario in SCENARIOS:
            for run in self.recorded[scenario.name]:
                self.assertEqual(unsynced_wakes(run.calls, run.is_synced), [], scenario.name)

    def test_a_store_that_does_not_sync_is_seen(self):
        nodes.GINNEL = PROGRAMS.syncs_nothing
        for name in ("view, asker", "notice, sender", "notice, receiver"):
            run = sweep.record(self.world, scenario_named(name))
            self.assertNotEqual(unsynced_wakes(run.calls, run.is_synced), [], name)

    def assert_seen(self, program, name, problem, roles=("loop",)):
        """A kill at some point of the scenario shows what is wrong with the program."""
        scenario = scenario_named(name)
        points = [point for point in sorted(self.recorded[name][0].points) if point.role in roles]
        nodes.GINNEL = program
        for point in reversed(points):
            if problem in sweep.run(self.world, scenario, point, "kill").problems:
                return
        self.fail("no case saw it")

    def test_an_answer_before_its_commit_is_seen(self):
        self.assert_seen(PROGRAMS.releases_early, "view, holder", sweep.NOT_DISCLOSED)

    def test_a_notice_before_its_commit_is_seen(self):
        self.assert_seen(PROGRAMS.releases_early, "notice, sender", sweep.NOT_DISCLOSED)

    def test_a_receipt_before_its_commit_is_seen(self):
        self.assert_seen(PROGRAMS.releases_early, "notice, receiver", telling.LOST)

    def test_a_notice_that_is_taken_twice_is_seen(self):
        self.assert_seen(PROGRAMS.takes_twice, "notice, receiver", telling.TWICE, roles=("io",))


def add_test_of(scenario):
    name = "".join(letter if letter.isalnum() else "_" for letter in scenario.name)
    setattr(Sweep, f"test_{name}_survives_a_fault_at_any_call", lambda self: self.sweep(scenario))


for each in SCENARIOS:
    add_test_of(each)

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for option in ("ginnel", "facts", "releases-early", "syncs-nothing", "takes-twice"):
        parser.add_argument("--" + option, required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    PROGRAMS, rest = parser.parse_known_args()
    nodes.GINNEL = PROGRAMS.ginnel
    unittest.main(argv=[sys.argv[0], *rest], failfast=False, verbosity=2)
