# SPDX-License-Identifier: Apache-2.0
"""A live node at the terminal: what is due by the agency's own schedule, a hold that nobody passes, and an erasure."""

import datetime
import json
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fault"))
import nodes  # noqa: E402

HOLDER = "bradford-csc"
HEADLINE = "Seen at home by the duty worker"
WHO = {"familyName": "Quillfeather", "givenName": "Rowan", "dateOfBirth": "2009-02-03"}
SECONDS_MAX = 60  # a round over the people of the demonstration takes some seconds

SCHEDULE = """edition = "Live 1"
[[rule]]
id = "six"
title = "Six years from what is recorded"
source = "a test"
effective_from = 2020-01-01
status = "in force"
categories = ["social-care"]
counts_from = "record"
years = 6
"""


class Retention(nodes.LiveTest):
    NODES = {"holder": HOLDER}

    def at(self, role, *words, text=None):
        user = next(user for user in self.facts["users"] if user["node"] == HOLDER and user["role"] == role)
        return self.holder.at_terminal(user["username"], *words, text=text)

    def done(self, role, *words, text=None):
        code, out, said = self.at(role, *words, text=text)
        self.assertEqual(code, 0, said)
        return out

    def go_on_to_tomorrow(self):
        """Noon: a round begins at one o'clock in the night."""
        now = datetime.datetime.now(datetime.timezone.utc)
        noon = (now + datetime.timedelta(days=1)).replace(hour=12, minute=0, second=0)
        (self.holder.dir.parents[1] / "clock").write_text(str(int((noon - now).total_seconds()) * 1000))

    def due(self):
        """The review of the person, once the node's round has met them."""
        until = time.monotonic() + SECONDS_MAX
        while time.monotonic() < until:
            desk = json.loads(self.done("governance_lead", "retention", "due", "--json"))
            for row in desk["due"]:
                if row["person"] == self.person:
                    return row
            time.sleep(0.5)
        return self.fail("nothing of them is due")

    def headlines(self):
        status, view = self.holder.call("POST", "/api/v1/case-views", {
            "child": WHO, "purpose": "child_protection", "basis": "public_task", "reason": "test", "deadlineMs": 1500,
            "scope": [HOLDER]})
        self.assertEqual(status, 200, view)
        return [item["headline"] for item in view["items"]]

    def test_what_is_due_is_a_persons_to_keep_or_to_erase_and_a_hold_keeps_it(self):
        status, made = self.holder.call("POST", "/api/v1/people", WHO)
        self.assertEqual(status, 201, made)
        self.person = made["id"]
        status, made = self.holder.call("POST", "/api/v1/records", {
            "person": self.person, "kind": "visit", "category": "social-care.visit", "sensitivity": 2,
            "occurred": "2015-01-05", "headline": HEADLINE, "narrative": "All was well.", "assertion": "fact"})
        self.assertEqual(status, 201, made)
        self.assertIn(HEADLINE, self.headlines())
        self.assertIn("0 people are to be decided on", self.at("governance_lead", "retention", "due")[2])

        # With a schedule; a mistake in it is told before a start.
        self.holder.stop()
        config = self.holder.dir / "node.toml"
        config.write_text(config.read_text() + '\n[retention]\nschedule = "retention.toml"\n')
        (self.holder.dir / "retention.toml").write_text(SCHEDULE.replace("years = 6", "years = -6"))
        refused = nodes.run("node", "run", "--dir", self.holder.dir)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("line 10: `years` of [[rule]]", refused.stderr)
        (self.holder.dir / "retention.toml").write_text(SCHEDULE)
        self.go_on_to_tomorrow()  # today's round was over before there was a schedule
        self.start("holder")
        task = self.due()["task"]
        said = self.done("governance_lead", "retention", "due")
        self.assertIn("All that is held on this person:", said)
        self.assertIn("1 record, since 5 Jan 2021: Six years from what is recorded (a test)", said)

        # Who may not decide is told nothing; a decision needs its reason and its day.
        self.assertNotEqual(self.at("practitioner", "retention", "due")[0], 0)
        code, _, said = self.at("governance_lead", "retention", "decide", "--outcome", "keep", task, text="a claim\n")
        self.assertNotEqual(code, 0)
        self.assertIn("`reviewOn` is missing", said)

        next_year = (datetime.date.today() + datetime.timedelta(days=200)).isoformat()
        hold = self.done("governance_lead", "retention", "hold", "--person", self.person, "--review", next_year,
                         text="a claim\n").strip()
        self.assertIn("HELD  person " + self.person, self.done("governance_lead", "retention", "list"))
        code, _, said = self.at("governance_lead", "retention", "decide", "--outcome", "erase", task, text="over\n")
        self.assertNotEqual(code, 0)
        self.assertIn("a hold stands on it", said)
        self.holder.__exit__()  # as if the power went
        self.start("holder")
        self.assertNotEqual(
            self.at("governance_lead", "retention", "decide", "--outcome", "erase", task, text="over\n")[0], 0)
        self.assertIn(HEADLINE, self.headlines())

        self.done("governance_lead", "retention", "release", hold, text="it was settled\n")
        self.done("governance_lead", "retention", "decide", "--outcome", "erase", task, text="over\n")
        self.assertEqual(self.headlines(), [])
        found = self.done("practitioner", "find", text=json.dumps(WHO))
        self.assertNotIn(self.person, found)
        self.holder.stop()
        verified = nodes.run("ledger", "verify", "--dir", self.holder.dir)
        self.assertEqual(verified.returncode, 0, verified.stderr)
        self.assertRegex(verified.stdout, re.compile("erased", re.IGNORECASE))


if __name__ == "__main__":
    nodes.run_tests()
