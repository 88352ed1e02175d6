# SPDX-License-Identifier: Apache-2.0
"""Live nodes at the terminal: what an agency alone keeps back by policies of its own, seen and explained at the asker,
and a worker who must not see one child, until a manager says otherwise. A restart between each."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fault"))
import nodes  # noqa: E402

ASKER, HOLDER = "bradford-csc", "bradford-health"
STORY = "moved-twice"
HEADLINE = "Seen for a broken wrist"

OWN_POLICY = """@id("HEALTH-1") @title("Attendances are told by the safeguarding nurse")
@basis("a duty of confidence: told by a person (example)") @ask("the safeguarding nurse, 01632 960177")
forbid (principal, action in [Share::Action::"content", Share::Action::"copy_out"], resource)
when { resource in Share::Category::"health.attendance" } unless { principal.agency == resource.owner };
"""


class KeptBack(nodes.LiveTest):
    NODES = {"asker": ASKER, "holder": HOLDER}

    def user(self, role):
        return next(user["username"] for user in self.facts["users"] if user["node"] == HOLDER and user["role"] == role)

    def at(self, user, *words, text=None):
        return self.holder.at_terminal(user, *words, text=text)

    def restart(self):
        self.holder.stop()
        self.start("holder")

    def item(self):
        """The attendance as the asking agency's social worker is shown it."""
        view = self.view_answered_by(self.asker, self.holder, STORY)
        return next(item for item in view["items"] if item["headline"] == HEADLINE)

    def write_own(self, version, policies):
        own = self.holder.dir / "own-policies"
        own.mkdir(exist_ok=True)
        (own / "health.cedar").write_text(policies)
        names = '["health.cedar"]' if policies else "[]"
        agreement = next((self.holder.dir / "policies").glob("*.bundle"))
        (own / "bundle.toml").write_text(
            f'name = "Health, own"\nversion = {version}\nover = "../policies/{agreement.name}"\n'
            f'author = "C. Guardian, Caldicott Guardian"\nreview_on = 2027-06-30\npolicies = {names}\n')
        return own, agreement

    def test_an_agency_keeps_back_more_than_was_agreed_and_a_worker_is_kept_from_a_child(self):
        worker, manager = self.user("clinician"), self.user("manager")
        number = next(child["nhsNumber"] for child in self.facts["children"] if child["story"] == STORY)
        code, found, said = self.at(worker, "find", text=f'{{"nhsNumber":"{number}"}}')
        self.assertEqual(code, 0, said)
        person = re.search(r" id ([0-9a-f]{32})$", found, re.MULTILINE)[1]
        status, made = self.holder.call("POST", "/api/v1/records", {
            "person": person, "kind": "health_attendance", "category": "health.attendance", "sensitivity": 2,
            "occurred": "2026-11-01", "headline": HEADLINE, "narrative": "Fell from a wall.", "assertion": "fact"})
        self.assertEqual(status, 201, made)
        self.assertEqual(self.item()["step"], "content")

        # Own policies, tried before they are in force.
        own, agreement = self.write_own(1, OWN_POLICY.replace("forbid", "permit"))
        refused = nodes.run("policy", "check", own)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("health.cedar:3:1: own policies only forbid", refused.stderr)
        own, agreement = self.write_own(1, OWN_POLICY)
        self.assertEqual(nodes.run("policy", "check", own).returncode, 0)
        differs = nodes.run("policy", "diff", agreement, own)
        self.assertIn("allow -> deny", differs.stdout)
        self.assertIn("HEALTH-1", differs.stdout)
        self.assertNotIn("deny -> allow", differs.stdout)

        config = self.holder.dir / "node.toml"
        without = config.read_text()
        config.write_text(re.sub(r"(\[policy\]\n)", r'\1own = "own-policies"\n', without))
        self.restart()
        kept = self.item()
        self.assertEqual(kept["step"], "headline")
        self.assertNotIn("narrative", kept)

        # They are not left out, but ended.
        config.write_text(without)
        self.holder.stop()
        stopped = nodes.run("node", "run", "--dir", self.holder.dir)
        self.assertNotEqual(stopped.returncode, 0)
        self.assertIn("are in force here, and node.toml names none", stopped.stderr)
        config.write_text(re.sub(r"(\[policy\]\n)", r'\1own = "own-policies"\n', without))
        self.write_own(2, "")
        self.start("holder")
        self.assertEqual(self.item()["step"], "content")

        # A conflict of interest.
        code, conflict, said = self.at(worker, "conflict", "record", "--person", person, text="my sister's child\n")
        self.assertEqual(code, 0, said)
        self.restart()
        body = {"child": {"nhsNumber": number}, "purpose": "first_contact", "basis": "public_task", "reason": "test"}
        status, answer = self.call_as(worker, body)
        self.assertEqual((status, answer["error"]["code"]), (403, "conflict-of-interest"), answer)
        code, listed, _ = self.at(worker, "conflict", "list")
        self.assertIn("my sister's child", listed)
        code, tasks, _ = self.at(manager, "task", "list")
        self.assertIn("Another worker is needed: conflict of interest", tasks)
        code, _, said = self.at(worker, "conflict", "end", conflict.strip(), text="it is over\n")
        self.assertNotEqual(code, 0)
        self.assertIn("your role does not manage work", said)
        code, _, said = self.at(manager, "conflict", "end", conflict.strip(), text="it was a mistake\n")
        self.assertEqual(code, 0, said)
        status, answer = self.call_as(worker, body)
        self.assertEqual(status, 200, answer)

    def call_as(self, user, body):
        token = next(one["token"] for one in self.facts["users"] if one["node"] == HOLDER and one["username"] == user)
        mine, self.holder.user = self.holder.user, {"username": user, "token": token}
        try:
            return self.holder.call("POST", "/api/v1/case-views", body)
        finally:
            self.holder.user = mine


if __name__ == "__main__":
    nodes.run_tests()
