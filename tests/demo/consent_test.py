# SPDX-License-Identifier: Apache-2.0
"""Live nodes at the terminal: a young person's consent opens a record to another agency until it is withdrawn, a restart
between, and what is not shared is recorded and looked at again."""

import datetime
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fault"))
import nodes  # noqa: E402

ASKER, HOLDER = "bradford-csc", "bradford-health"
STORY = "moved-twice"
HEADLINE = "Attended the clinic with a friend"


class Consent(nodes.LiveTest):
    NODES = {"asker": ASKER, "holder": HOLDER}

    def ginnel(self, *words, text=None):
        return self.holder.at_terminal(self.holder.user["username"], *words, text=text)

    def done(self, *words, text=None):
        code, out, said = self.ginnel(*words, text=text)
        self.assertEqual(code, 0, said)
        return out

    def is_told(self):
        """Whether the asking agency's social worker reads of the clinic."""
        view = self.view_answered_by(self.asker, self.holder, STORY)
        return any(item["headline"] == HEADLINE for item in view["items"])

    def test_consent_opens_until_it_is_withdrawn_and_a_refusal_is_looked_at_again(self):
        number = next(child["nhsNumber"] for child in self.facts["children"] if child["story"] == STORY)
        found = self.done("find", text=f'{{"nhsNumber":"{number}"}}')
        person = re.search(r" id ([0-9a-f]{32})$", found, re.MULTILINE)[1]
        status, made = self.holder.call("POST", "/api/v1/records", {
            "person": person, "kind": "health_attendance", "category": "health.sexual", "sensitivity": 3,
            "occurred": (datetime.date.today() - datetime.timedelta(days=10)).isoformat(),
            "headline": HEADLINE, "assertion": "fact"})
        self.assertEqual(status, 201, made)
        self.assertFalse(self.is_told())

        decision = {"person": person, "state": "given", "decider": "child_competent", "categories": ["health"]}
        code, _, said = self.ginnel("consent", "record", text=json.dumps(decision))
        self.assertNotEqual(code, 0)
        for mistake in ("`competence` must be `competent`", "`note` is missing"):  # all at once
            self.assertIn(mistake, said)
        decision |= {"competence": "competent", "judgedBy": "A. Nurse", "note": "said so in clinic",
                     "recipients": [ASKER]}
        consent = self.done("consent", "record", text=json.dumps(decision)).strip()
        self.assertTrue(self.is_told())
        self.assertIn("the child was judged competent and gave consent on ",
                      self.done("consent", "list", "--person", person))

        self.holder.__exit__()  # as if the power went
        self.start("holder")
        self.assertTrue(self.is_told())
        self.done("consent", "withdraw", consent, text="she changed her mind\n")
        self.assertFalse(self.is_told())
        listed = self.done("consent", "list", "--person", person)
        self.assertIn("withdrew consent", listed)
        self.assertIn("she changed her mind", listed)

        day = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
        refusal = self.done("refusal", "record", text=json.dumps({
            "person": person, "category": "health", "recipient": ASKER, "test": "more_detrimental",
            "reason": "she would not come back", "reviewOn": day})).strip()
        self.assertIn("she would not come back", self.done("refusal", "list", "--person", person))
        self.done("refusal", "review", refusal, "--outcome", "to_be_shared", text="she agrees now\n")
        self.assertIn("to_be_shared: she agrees now", self.done("refusal", "list", "--person", person))


if __name__ == "__main__":
    nodes.run_tests()
