# SPDX-License-Identifier: Apache-2.0
"""A notice and a correction as acts: the holder tells, the asker is told, and either is the victim."""

import collections
import csv
import http.client
import re
import time

import nodes
from acts import Act
from sweep import ASKER, HOLDER, NOT_DISCLOSED, STORY, accesses

TOLD_SECONDS_MAX = 15  # a second try included
SETTLED_SECONDS_MAX = 5
ACT_SECONDS = 0.8  # told and acknowledged by then, where nothing is wrong
ONCE_KEY = "4f6c3f4c-one-correction"
TWICE = "a notice was taken twice"
LOST = "what was acknowledged was never told"
SETTLED_AND_LOST = "the sender holds a receipt for what its receiver does not hold"


class Telling(Act):
    """What both have in common. `kind` is the word by which the inbox knows it."""

    def __init__(self, victim):
        self.victim = victim
        self.name = f"{self.kind_name}, " + ("receiver" if victim == ASKER else "sender")

    def act(self, world):
        done = self.tell(world)
        time.sleep(ACT_SECONDS)  # nobody looks, so that only what is tried makes calls
        return done

    def found_dead(self, world, case):
        # Before the sender is up and mends it: what left was written down first.
        if self.victim == HOLDER and self.told(world):
            facts = world.ledger(case, HOLDER)
            written = facts and {entry["notice"] for entry in accesses(facts, "disclosed")}
            case.expect(written and any(notice.strip("0") for notice in written), NOT_DISCLOSED)

    def recover(self, world, case, done):
        world.stop(case, self.victim)
        world.restart(case, self.victim)
        if done is None:
            case.expect(self.tell(world) is not None, "it cannot be told after the restart")
        until = time.monotonic() + TOLD_SECONDS_MAX
        while not (told := self.told(world)) and time.monotonic() < until:
            time.sleep(0.1)
        case.expect(len(told) == 1, TWICE if told else LOST)
        until = time.monotonic() + SETTLED_SECONDS_MAX
        while not self.delivered(world) and time.monotonic() < until:
            time.sleep(0.1)
        self.look(world, case)
        return None

    def told(self, world):
        """The items of the asker's inbox that are of this act."""
        status, inbox = world.running[ASKER].get("/api/v1/notices", signed_in=True)
        return [item for item in inbox["notices"] if self.is_ours(item)] if status == 200 else []

    @staticmethod
    def delivered(world):
        return int(re.search(r"(?m)^ginnel_notices_delivered_total (\d+)", world.running[HOLDER].get("/metrics")[1])[1])

    def look(self, world, case):
        pass

    def check(self, world, case, _):
        asker, holder = world.ledger(case, ASKER), world.ledger(case, HOLDER)
        if asker is None or holder is None:
            return
        taken = collections.Counter(entry["notice"] for entry in accesses(asker, "notice") if entry["peer"] == HOLDER)
        case.expect(all(count == 1 for count in taken.values()), TWICE)
        disclosed = {entry["notice"] for entry in accesses(holder, "disclosed")}
        case.expect(set(taken) <= disclosed, NOT_DISCLOSED)
        receipts = collections.Counter(item["record"] for entry in accesses(holder, "receipt") for item in entry["items"]
                                       if item["reason"] == "taken")
        case.expect(all(count == 1 for count in receipts.values()), "a notice was settled twice")
        case.expect(set(receipts) <= set(taken), SETTLED_AND_LOST)
        case.expect(set(taken) <= set(receipts), "the sender never heard that it was taken")
        case.expect(len(taken) == 1, f"{len(taken)} notices were told of one act")


class Notice(Telling):
    """The holder's next extract has one more row about a child whom the asker works with."""
    kind_name = "notice"
    OCCURRENCE, SUMMARY = "OC199999", "officers called to the address at night"

    def tell(self, world):
        node = world.running[HOLDER]
        folder = world.root / "extract"
        folder.mkdir(exist_ok=True)
        for source in (node.dir / "source").glob("*.csv"):
            (folder / source.name).write_bytes(source.read_bytes())
        number = next(child["nhsNumber"] for child in world.facts["children"] if child["story"] == STORY)
        with open(folder / "nominals.csv", newline="") as file:
            nominal = next(row["NOMINAL_REF"] for row in csv.DictReader(file) if row["NHS_NUMBER"] == number)
        with open(folder / "occurrences.csv", "a", newline="") as file:
            file.write(f"{self.OCCURRENCE},20261120,2310,20261121,DOM,{nominal},,,{self.SUMMARY},notice sent,"
                       "Anwar Whitaker,Detective constable,Safeguarding unit,01632 960729\n")
        ran = nodes.run(*node.import_words(sorted(folder.glob("*.csv"))))
        return ran.stdout if ran.returncode in (0, 4) else None

    def is_ours(self, item):
        return item["kind"] == "new-record"


class Correction(Telling):
    """The holder takes back what the asker was shown: it was another child's."""
    kind_name = "correction"

    def prepare(self, world):
        super().prepare(world)
        until = time.monotonic() + 10
        while not (view := world.ask()) or not any(item["agency"] == HOLDER for item in view["items"]):
            assert time.monotonic() < until
        self.view = view["id"]
        status, own = world.running[HOLDER].view(story=STORY, scope=[HOLDER])
        assert status == 200, own
        shown = {item["id"] for item in view["items"] if item["agency"] == HOLDER}
        item = next(item for item in own["items"] if item["id"] in shown and item["step"] == "content")
        self.item = item["id"]
        self.words = {"caseView": own["id"], "item": self.item, "kind": "wrong-child", "reason": "it was about another child"}

    def tell(self, world):
        """The same key each time: whoever was not answered asks again, and nothing is done twice."""
        try:
            status, done = world.running[HOLDER].call("POST", "/api/v1/corrections", self.words, once_key=ONCE_KEY)
        except (OSError, ValueError, http.client.HTTPException):
            return None
        return done if status in (200, 201) else None

    def is_ours(self, item):
        return item["kind"] == "wrong-child"

    def look(self, world, case):
        case.expect(self.tell(world) is not None, "the same request again is answered otherwise")
        for view in (world.read(self.view), world.ask()):
            if case.expect(view is not None, "a view that was shown is gone"):
                case.expect(self.item not in {item["id"] for item in view["items"]}, "what was taken back is still shown")

    def check(self, world, case, learnt):
        super().check(world, case, learnt)
        if holder := world.ledger(case, HOLDER):
            case.expect(len(accesses(holder, "retracted")) == 1, "it was taken back more than once, or not at all")
