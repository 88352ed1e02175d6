# SPDX-License-Identifier: Apache-2.0
"""What is done while a fault happens, and what must hold afterwards: an import and a case view. Notices are in telling.py.

An act gives what was acknowledged, or nothing: it was not. `recover` brings everything up again and gives what `check`
needs, which reads the ledgers of the stopped nodes. `learn` is told of the same after a run without a fault."""

import collections
import time

import nodes
from sweep import (ASKER, CONNECT_SECONDS_MAX, HOLDER, LATE_PART_SECONDS_MAX, NOT_DISCLOSED, Case, accesses, items_of,
                   part_of)


class Act:
    """What an act need not say."""
    needs = (ASKER, HOLDER)

    def prepare(self, world):
        world.connect()

    def learn_act(self, done):
        pass

    def found_dead(self, world, case):
        """The victim was killed and is not up again yet."""

    def learn(self, world, learnt):
        pass


class Import(Act):
    """An agency's files are brought in; the asker is the victim."""
    name, victim, needs = "import", ASKER, (ASKER,)

    def prepare(self, world):
        pass

    def act(self, world):
        return world.bring()

    def words(self, world):
        words = nodes.Node.import_words(world.running.get(ASKER) or self.gone, world.files)
        return [words[words.index("--mapping") + 1], *world.files]

    def recover(self, world, case, done):
        self.gone = world.running[ASKER]
        words = self.words(world)
        world.stop(case, ASKER)
        if done is not None and (facts := world.ledger(case, ASKER, words)):
            case.expect(all(row["id"] for row in facts["rows"]), "rows of an acknowledged import are gone")
        world.restart(case, ASKER)
        again = world.bring()
        if case.expect(again is not None, "the import cannot be run again"):
            once_more = world.bring()
            for kind in ("people", "records"):
                case.expect(once_more[kind]["added"] == once_more[kind]["changed"] == 0, f"{kind} were not all there")
        return words

    def check(self, world, case, words):
        facts = world.ledger(case, ASKER, words)
        if facts is None:
            return
        held = {what: [row["id"] for row in facts["rows"] if row["what"] == what] for what in ("person", "record")}
        for what, ids in held.items():
            case.expect(None not in ids, f"a {what} was lost")
            case.expect(what == "person" or len(set(ids)) == len(ids), f"two {what}s have one id")
        case.expect(self.versions_of(facts) == self.versions, "a row was brought in twice, as a change")
        counts = collections.Counter(entry["kind"] for entry in facts["entries"])
        for kind in ("person", "record"):
            case.expect(counts[kind] == self.reference[kind],
                        f"{counts[kind]} entries of kind {kind}; without a fault there are {self.reference[kind]}")

    def learn(self, world, words):
        """From a run without a fault."""
        case = Case(None, None)
        facts = world.ledger(case, ASKER, words)
        assert not case.problems, case.problems
        self.reference = collections.Counter(entry["kind"] for entry in facts["entries"])
        self.versions = self.versions_of(facts)

    @staticmethod
    def versions_of(facts):
        return {(row["what"], row["key"]): row["version"] for row in facts["rows"]}


class View(Act):
    """A case view is asked at one node and answered by another."""

    def __init__(self, victim):
        self.victim = victim
        self.name = "view, " + ("asker" if victim == ASKER else "holder")

    def act(self, world):
        return world.ask()

    def learn_act(self, done):
        self.reference = items_of(done)

    def recover(self, world, case, done):
        world.stop(case, self.victim)
        world.restart(case, self.victim)
        views = []
        if done is not None:
            views.append((done["id"], items_of(done)))
            read = self.read_whole(world, done["id"]) if self.victim == HOLDER else world.read(done["id"])
            if case.expect(read is not None, "a view that was shown is gone"):
                case.expect(set(items_of(done)) <= set(items_of(read)), "a view has lost items that it showed")
                if self.victim == HOLDER:
                    case.expect(items_of(read) == self.reference, "the holder's part did not come after its restart")
                views.append((done["id"], items_of(read)))
        until = time.monotonic() + CONNECT_SECONDS_MAX
        while part_of(view := world.ask(), HOLDER) != "answered" and time.monotonic() < until:
            pass
        if case.expect(view is not None, "nothing can be asked after the restart"):
            case.expect(items_of(view) == self.reference, "the next view is another")
            views.append((view["id"], items_of(view)))
        return views

    @staticmethod
    def read_whole(world, view_id):
        until = time.monotonic() + LATE_PART_SECONDS_MAX
        while part_of(view := world.read(view_id), HOLDER) == "silent" and time.monotonic() < until:
            time.sleep(0.1)
        return view

    def check(self, world, case, views):
        asker, holder = world.ledger(case, ASKER), world.ledger(case, HOLDER)
        if asker is None or holder is None:
            return
        disclosed = collections.defaultdict(list)
        for entry in accesses(holder, "disclosed"):
            disclosed[entry["peer"], entry["ask"]].append(entry)
        decided = {(entry["peer"], entry["ask"]): entry["sequence"] for entry in reversed(accesses(holder, "decided"))}
        for of, entries in disclosed.items():
            case.expect(len(entries) == 1, "an ask was answered with two disclosures")
            case.expect(of in decided and decided[of] < entries[0]["sequence"], "disclosed without a decision before")
        received = collections.Counter()
        for entry in accesses(asker, "received"):
            if entry["peer"] != HOLDER:
                continue  # of the demonstration's own view, whose other holders do not run here
            received[entry["view"], entry["peer"]] += 1
            given = [item["hash"] for one in disclosed[ASKER, entry["ask"]] for item in one["items"]]
            case.expect(all(item["hash"] in given for item in entry["items"]), NOT_DISCLOSED)
        case.expect(all(count == 1 for count in received.values()), "a part was received twice")
        asked = {entry["view"] for entry in accesses(asker, "asked")}
        shown = collections.defaultdict(set)
        for entry in accesses(asker, "view_shown"):
            case.expect(entry["view"] in asked, "a view was shown that nobody asked for")
            shown[entry["view"]] |= {item["record"] for item in entry["items"]}
        for view_id, items in views:
            case.expect(set(items) <= shown[view_id], "somebody was shown what is not written down as shown")

    def learn(self, world, views):
        self.reference = views[-1][1]
