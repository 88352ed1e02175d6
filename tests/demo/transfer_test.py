# SPDX-License-Identifier: Apache-2.0
"""Live nodes at the terminal: a child on a plan moves from Bradford to Leeds, with both nodes killed on the way."""

import datetime
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fault"))
import nodes  # noqa: E402
import on_a_plan  # noqa: E402

STORY = "moved-twice"


class Transfer(nodes.LiveTest):
    NODES = {"bradford": "bradford-csc", "leeds": "leeds-csc"}

    def done(self, node, user, *words, text=None):
        code, out, said = node.at_terminal(user, *words, text=text)
        self.assertEqual(code, 0, (words, said))
        return out

    def refused(self, node, user, *words, text=None):
        code, _, said = node.at_terminal(user, *words, text=text)
        self.assertNotEqual(code, 0, words)
        return said

    def wait_for(self, node, words, transfer):
        until = time.monotonic() + 60
        while True:
            _, shown, said = node.at_terminal("m.manager", "transfer", "show", transfer)
            if words in shown:
                return shown
            self.assertLess(time.monotonic(), until, shown + said)
            time.sleep(0.3)

    def killed(self, name):
        getattr(self, name).__exit__()  # as if the power went
        self.start(name)

    def test_the_lead_goes_to_leeds_with_the_file_and_somebody_is_accountable_all_the_time(self):
        process = on_a_plan.begin(self.bradford, STORY)
        self.refused(self.bradford, "s.worker", "transfer", "offer", "--to", "leeds-csc", "--move", "planned", process, text="they move\n")
        self.refused(self.bradford, "m.manager", "transfer", "offer", "--to", "wy-police", "--move", "planned", process, text="they move\n")
        transfer = self.done(self.bradford, "m.manager", "transfer", "offer", "--to", "leeds-csc", "--move", "planned", process,
                             text="the family has a house in Harehills\n").strip()
        self.killed("leeds")
        shown = self.wait_for(self.leeds, "has the whole file", transfer)
        self.assertIn("the family has a house in Harehills", shown)
        self.assertNotRegex(shown, r"\d{4}-\d\d-\d\dT", "times are written for people")
        self.assertIn("A child moves here", self.done(self.leeds, "m.manager", "task", "list"))
        self.refused(self.leeds, "m.manager", "transfer", "acceptance", transfer, text="Leeds accepts\n")
        today = datetime.date.today().isoformat()
        self.done(self.leeds, "m.manager", "transfer", "accept", transfer)
        self.killed("bradford")
        self.done(self.leeds, "m.manager", "transfer", "conference", "--held", today, transfer)
        self.done(self.leeds, "m.manager", "transfer", "acceptance", transfer, text="Leeds accepts responsibility\n")
        self.killed("leeds")
        self.wait_for(self.bradford, "accepted responsibility in writing", transfer)

        # Leeds is down while Bradford releases: nobody orders, and Bradford answers for the child.
        self.leeds.__exit__()
        self.done(self.bradford, "m.manager", "transfer", "release", transfer)
        shown = self.done(self.bradford, "m.manager", "transfer", "show", transfer)
        self.assertRegex(shown, r"accountable[^\n]*Bradford")
        said = self.refused(self.bradford, "m.manager", "process", "step", process, "strategy-discussion")
        self.assertIn("released", said)
        self.start("leeds")
        until = time.monotonic() + 60
        while process not in self.done(self.leeds, "m.manager", "process", "list"):
            self.assertLess(time.monotonic(), until, "the process did not come to Leeds")
            time.sleep(0.3)
        self.killed("leeds")
        self.assertIn(process, self.done(self.leeds, "m.manager", "process", "list"))
        self.done(self.leeds, "m.manager", "process", "step", process, "strategy-discussion")
        self.assertIn("`leeds-csc` leads it now", self.refused(self.bradford, "m.manager", "process", "step", process, "strategy-discussion"))
        self.assertNotIn(process, self.done(self.bradford, "m.manager", "process", "list"))
        shown = self.done(self.leeds, "m.manager", "process", "show", process)
        self.assertIn("Initial child protection conference", shown)
        for node in (self.bradford, self.leeds):
            self.assertRegex(self.done(node, "m.manager", "transfer", "show", transfer), r"leads now[^\n]*Leeds")


if __name__ == "__main__":
    nodes.run_tests()
