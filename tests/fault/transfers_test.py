# SPDX-License-Identifier: Apache-2.0
"""Two real nodes are killed at random while the lead of one child's process goes back and forth between them, and the
managers of both say whatever they may at the same time. GINNEL_TRANSFERS: how many times the lead moves (4).

Afterwards both nodes tell the same of every transfer, one of them orders the process, and both ledgers are good."""

import datetime
import http.client
import os
import random
import sys
import threading
import time

import nodes
import on_a_plan

MOVES = int(os.environ.get("GINNEL_TRANSFERS", "4"))
SEED = int(os.environ.get("GINNEL_SEED", "1"))
ONWARDS = ("accept", "conference", "acceptance", "release", "assume")


class Transfers(nodes.LiveTest):
    NODES = {"bradford": "bradford-csc", "leeds": "leeds-csc"}

    @classmethod
    def start(cls, name):
        super().start(name)
        node = getattr(cls, name)
        node.user = next(user for user in cls.facts["users"]
                         if user["node"] == cls.NODES[name] and user["username"] == "m.manager")

    def call(self, name, method, path, body=None):
        """Nothing: the node is down, or was killed while it answered."""
        try:
            return getattr(self, name).call(method, path, body)
        except (OSError, ValueError, http.client.HTTPException):
            return None, None

    def transfers(self, name):
        status, listed = self.call(name, "GET", "/api/v1/transfers")
        return listed["transfers"] if status == 200 else None

    def click(self, name, dice):
        """Somebody looks at what there is, and says something of what may be said."""
        listed = self.transfers(name)
        for transfer in (listed or [])[:2]:
            status, detail = self.call(name, "GET", "/api/v1/transfers/" + transfer["id"])
            if status != 200:
                continue
            words = [word for word in detail["maySay"] if word in ONWARDS]
            if not words:
                continue
            said = dice.choice(words)
            body = {"said": said, "text": "as agreed on the telephone"}
            if said == "conference":
                body["held"] = datetime.date.today().isoformat()
            self.call(name, "POST", f"/api/v1/transfers/{transfer['id']}/statements", body)

    def clicking(self, name, seed):
        dice = random.Random(seed)
        while not self.over.is_set():
            self.click(name, dice)
            time.sleep(dice.random() / 10)

    def offer_and_kill(self, lead, other, dice):
        """Until the lead has moved: nodes are killed and started again, now one, now the other, now both."""
        until = time.monotonic() + 120
        while True:
            self.assertLess(time.monotonic(), until, (lead, self.transfers(lead), self.transfers(other)))
            status, said = self.call(lead, "POST", "/api/v1/transfers",
                                     {"process": self.process, "to": self.NODES[other], "move": "planned", "why": "they move"})
            time.sleep(dice.random())
            for name in dice.sample([lead, other], dice.randint(0, 2)):
                getattr(self, name).__exit__()  # as if the power went
                time.sleep(dice.random() / 4)
                self.start(name)
                self.killed += 1
            _, at_other = self.call(other, "GET", "/api/v1/processes")
            if at_other and any(one["id"] == self.process for one in at_other["processes"]):
                return

    def test_move_the_lead_while_both_nodes_are_killed_and_never_is_it_twice(self):
        print(f"seed {SEED}, {MOVES} moves", file=sys.stderr)
        dice = random.Random(SEED)
        self.process = on_a_plan.begin(self.bradford, "moved-twice")
        self.over, self.killed = threading.Event(), 0
        both = [threading.Thread(target=self.clicking, args=(name, SEED + i)) for i, name in enumerate(self.NODES)]
        for thread in both:
            thread.start()
        try:
            sides = ["bradford", "leeds"]
            for move in range(MOVES):
                self.offer_and_kill(sides[move % 2], sides[(move + 1) % 2], dice)
        finally:
            self.over.set()
            for thread in both:
                thread.join()
        until = time.monotonic() + 60
        while True:  # nothing is on its way any more
            seen = {name: {one["id"]: (one["state"], one.get("leads"), tuple(one["accountableNow"]))
                           for one in self.transfers(name) or []} for name in self.NODES}
            if seen["bradford"] == seen["leeds"] and all(state[0] != "assumed" for state in seen["leeds"].values()):
                break
            self.assertLess(time.monotonic(), until, seen)
            time.sleep(0.5)
        moved = [one for one in seen["leeds"].values() if one[0] == "moved"]
        self.assertGreaterEqual(len(moved), MOVES)
        ordering = [name for name in self.NODES
                    if any(one["id"] == self.process for one in self.call(name, "GET", "/api/v1/processes")[1]["processes"])]
        self.assertEqual(len(ordering), 1, ordering)
        for name in self.NODES:
            node = getattr(self, name)
            node.stop()
            checked = nodes.run("ledger", "verify", "--dir", node.dir)
            self.assertEqual(checked.returncode, 0, checked.stdout)
            self.start(name)
        print(f"{len(seen['leeds'])} transfers, {len(moved)} moves, {self.killed} times killed", file=sys.stderr)


if __name__ == "__main__":
    nodes.run_tests()
