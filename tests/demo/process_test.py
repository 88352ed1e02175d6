# SPDX-License-Identifier: Apache-2.0
"""Live nodes at the terminal: a child's process from the contact to the enquiry, what it proves, and its restart."""

import datetime
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fault"))
import nodes  # noqa: E402

LEAD, HEALTH = "bradford-csc", "bradford-health"
STORY = "three-concerns"  # the demonstration opens no test head for her


class Process(nodes.LiveTest):
    NODES = {"lead": LEAD, "health": HEALTH}

    def done(self, user, *words, text=None):
        code, out, said = self.lead.at_terminal(user, *words, text=text)
        self.assertEqual(code, 0, said)
        return out

    def record(self, process, step, names, *words):
        for name in names:
            self.done("s.worker", "process", "contribute", *words, process, step, name)

    def end(self, process, step, outcome):
        self.done("m.manager", "process", "close", "--outcome", outcome, process, step, text="as discussed\n")

    def told_by_health(self):
        """How many of the hospital's and school nurse's items the social worker reads in full."""
        view = self.view_answered_by(self.lead, self.health, STORY)
        return len([item for item in view["items"] if item["agency"] == HEALTH and item["step"] == "content"])

    def bring_from_health(self):
        """Health's manager reads the invitation at health's own node, and brings their attendance from there."""
        until = time.monotonic() + 30
        while True:
            code, listed, said = self.health.at_terminal("m.manager", "notice", "list")
            self.assertEqual(code, 0, said)
            invited = re.search(r"  Strategy discussion\n  waits for attendance.*\n  answer +ginnel notice answer ([0-9a-f]{32}) NAME", listed)
            if invited:
                break
            self.assertLess(time.monotonic(), until, listed)
            time.sleep(0.5)
        code, _, said = self.health.at_terminal("m.manager", "notice", "answer", invited[1], "decision")
        self.assertNotEqual(code, 0, "the decision is the lead's")
        self.assertIn("attendance, apologies, shared, dissent", said)
        code, out, said = self.health.at_terminal("m.manager", "notice", "answer", "--text", invited[1], "attendance",
                                                  text="Nurse Thackray was there\n")
        self.assertEqual(code, 0, said)
        self.assertIn("it is recorded", out)

    def health_reads_how_it_stands(self):
        """At health's own node, as soon as their attendance was taken in."""
        until = time.monotonic() + 30
        while True:
            code, listed, said = self.health.at_terminal("m.manager", "process", "list", "--elsewhere")
            self.assertEqual(code, 0, said)
            if re.search(r"^  Strategy discussion: open since .*, Team manager", listed, re.MULTILINE):
                break
            self.assertLess(time.monotonic(), until, listed)
            time.sleep(0.5)
        self.assertIn("  led by    Bradford", listed)

    def add_second_edition(self):
        """Beside the shipped definition, in effect since its first day."""
        config = self.lead.dir / "node.toml"
        words = config.read_text()
        first = pathlib.Path(re.search(r'"([^"]*child-protection\.toml)"', words)[1])
        text = (self.lead.dir / first).read_text()
        text = re.sub(r"^version = 1$", "version = 2", text, flags=re.MULTILINE)
        text = re.sub(r"^edition = .*$", 'edition = "Second edition"', text, flags=re.MULTILINE)
        second = self.lead.dir / "second-edition.toml"
        second.write_text(text + "\n[[migrate]]\nfrom = 1\n")
        config.write_text(words.replace(f'"{first}"', f'"{first}", "{second}"'))

    def test_a_child_goes_from_the_contact_to_the_enquiry_and_health_then_tells_more(self):
        number = next(child["nhsNumber"] for child in self.facts["children"] if child["story"] == STORY)
        found = self.done("f.door", "find", text=f'{{"nhsNumber":"{number}"}}')
        person = re.search(r" id ([0-9a-f]{32})$", found, re.MULTILINE)[1]
        before = self.told_by_health()

        process = self.done("f.door", "process", "begin", "--person", person, "child-protection").strip()
        code, _, said = self.lead.at_terminal("m.manager", "process", "close", "--outcome", "referral", process, "1", text="it is urgent\n")
        self.assertNotEqual(code, 0)
        for name in ("legal-basis", "referral-source", "why"):  # all that is missing, at once
            self.assertIn(f"`{name}` is not recorded", said)
        self.record(process, "1", ["referral-source", "why", "legal-basis"])
        self.end(process, "1", "referral")
        self.record(process, "2", ["source-code", "need-code", "referrer-told", "manager-agreed"])
        self.end(process, "2", "strategy")
        self.record(process, "4", ["attendance", "shared", "decision", "interim-safety", "actions"])
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.record(process, "4", ["held"], "--at", now)
        code, _, said = self.lead.at_terminal("m.manager", "process", "close", "--outcome", "s47", process, "4", text="agreed\n")
        self.assertNotEqual(code, 0, "without police and health there is no strategy discussion")
        self.record(process, "4", ["attendance"], "--member", "wy-police")
        self.bring_from_health()
        until = time.monotonic() + 30
        while "Nurse Thackray" not in self.done("m.manager", "process", "show", process):
            self.assertLess(time.monotonic(), until, "health's attendance did not arrive")
            time.sleep(0.5)
        self.health_reads_how_it_stands()
        self.end(process, "4", "s47")

        self.assertGreater(self.told_by_health(), before)
        shown = self.done("m.manager", "process", "show", process)
        self.assertIn("due ", shown)
        self.assertNotRegex(shown, r"\d{4}-\d\d-\d\dT", "times are written for people")

        self.lead.__exit__()  # as if the power went
        self.start("lead")
        self.assertEqual(self.done("m.manager", "process", "show", process), shown)
        self.assertGreater(self.told_by_health(), before)

        # A new edition comes into effect: nothing moves until a manager moves it, and then to that one alone.
        edition = "child-protection/west-yorkshire/2"
        self.lead.stop()
        self.add_second_edition()
        self.start("lead")
        shown = self.done("s.worker", "process", "show", process)
        self.assertIn(f"runs by child-protection/west-yorkshire/1; {edition} (Second edition) is in effect since", shown)
        for user, version in (("s.worker", edition), ("m.manager", "child-protection/west-yorkshire/1")):
            code, _, said = self.lead.at_terminal(user, "process", "migrate", process, version)
            self.assertNotEqual(code, 0, (user, version))
            self.assertTrue(said)
        self.done("m.manager", "process", "migrate", process, edition)
        self.assertNotIn("is in effect since", self.done("s.worker", "process", "show", process))
        self.lead.__exit__()
        self.start("lead")
        self.record(process, "5", ["child-seen"], "--at", now)
        self.assertNotIn("is in effect since", self.done("s.worker", "process", "show", process))


if __name__ == "__main__":
    nodes.run_tests()
