# SPDX-License-Identifier: Apache-2.0
"""Live nodes at the terminal: what other policies would have told is replayed, and an agency starts in shadow."""

import json
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fault"))
import nodes  # noqa: E402

ASKER, HOLDER = "bradford-csc", "wy-police"
PHONE = "01632 960"


class Replay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="ginnel-replay-")
        cls.addClassCleanup(temporary.cleanup)
        cls.root = pathlib.Path(temporary.name)
        cls.facts = nodes.make_federation(cls.root / "made")
        cls.dir = pathlib.Path(next(node["dir"] for node in cls.facts["nodes"] if node["id"] == HOLDER))
        cls.shipped = pathlib.Path(cls.facts["schema"]).parents[1] / "config-examples/policies"
        cls.asker = nodes.Node(cls.facts, ASKER).up()
        cls.addClassCleanup(cls.asker.__exit__)

    def holder(self):
        node = nodes.Node(self.facts, HOLDER).up()
        self.addCleanup(node.__exit__)
        return node

    def ask(self):
        status, view = self.asker.view(deadline_ms=5000, scope=[HOLDER])
        self.assertEqual(status, 200, view)
        return next(part for part in view["parts"] if part["agency"] == HOLDER)

    def bundle(self, name, change=lambda text: text):
        """The shipped agreement, its text between agencies changed."""
        folder = self.root / name
        shutil.copytree(self.shipped / "west-yorkshire", folder / "west-yorkshire")
        shutil.copy(self.shipped / "vocabulary.toml", folder)
        for file in (folder / "west-yorkshire").glob("*.cedar"):
            file.write_text(change(file.read_text()))
        return folder / "west-yorkshire"

    def replay(self, bundle, *words):
        ran = nodes.run("policy", "replay", self.dir, "--policies", bundle, "--format", "json", *words)
        self.assertIn(ran.returncode, (0, 4), ran.stderr)
        return json.loads(ran.stdout)

    def adopt_signed(self, folder):
        """Sealed, signed by one trustee after another, and adopted by the holder's node, which does not run then."""
        sealed, first = self.root / "mine.bundle", self.root / "first.bundle"
        dirs = {node["id"]: pathlib.Path(node["dir"]) for node in self.facts["nodes"]}
        self.told("policy", "seal", folder, "--out", sealed)
        config = self.dir / "node.toml"
        before = config.read_text()
        config.write_text(before.replace("policies/west-yorkshire.bundle", str(folder)))
        self.refused("no trustee", "node", "run", "--dir", self.dir)
        config.write_text(before)
        for trustee in (ASKER, "leeds-csc", "wakefield-csc", HOLDER):
            node = None if trustee == ASKER else nodes.Node(self.facts, trustee).up()
            try:
                said = self.told("policy", "sign", sealed, "--dir", dirs[trustee])
                self.assertIn("signed as " + trustee, said)
                if trustee == ASKER:
                    shutil.copy(sealed, first)
            finally:
                if node:
                    node.__exit__()
        key = ("--identity-key", self.root / "made/members/wy-icb", "--as", "wy-icb", "--trust", self.dir / "trust.toml")
        self.refused("must sign", "policy", "adopt", self.dir, sealed)
        self.assertNotIn("missing", self.told("policy", "sign", sealed, *key))
        self.assertTrue((self.root / "made/members/wy-icb.signed-bundle").exists())

        # Of one version one content: whoever signed this content signs no other of that number.
        other = self.bundle("other", lambda text: text + "// another content\n")
        manifest = other / "bundle.toml"
        manifest.write_text((folder / "bundle.toml").read_text())
        twin = self.root / "twin.bundle"
        self.told("policy", "seal", other, "--out", twin)
        self.refused("another content", "policy", "sign", twin, *key)
        self.refused("is no trustee", "policy", "sign", sealed, *key[:2], "--as", "wy-police", *key[4:])

        changed = bytearray(sealed.read_bytes())
        changed[changed.index(b"Held back until")] ^= 1
        (self.root / "changed.bundle").write_bytes(changed)
        self.refused("0 have a signature that counts", "policy", "adopt", self.dir, self.root / "changed.bundle")
        self.refused("must sign", "policy", "adopt", self.dir, first)
        self.assertIn("version", self.told("policy", "adopt", self.dir, sealed))
        self.refused("this node has version", "policy", "adopt", self.dir, dirs[ASKER] / "policies/west-yorkshire.bundle")

    def told(self, *words):
        ran = nodes.run(*words)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout

    def refused(self, why, *words):
        ran = nodes.run(*words)
        self.assertNotEqual(ran.returncode, 0, ran.stdout)
        self.assertIn(why, ran.stderr)
        self.assertIn("do ", ran.stderr)

    def test_1_past_asks_are_decided_again_beside_a_node_that_runs_and_by_one_that_is_stopped(self):
        holder = self.holder()
        self.assertEqual(self.ask()["status"], "answered")
        same = self.replay(self.shipped / "west-yorkshire")
        self.assertGreater(same["decisions"], 0)
        self.assertEqual((same["otherwise"], same["differences"]), (0, []))
        self.assertEqual(same["notDecidedAgain"]["notRecorded"], 0)

        # Nobody gets anything any more.
        nothing = self.bundle("nothing", lambda text: text + '@id("NO-%d") @title("Shut for now") @ask("the duty desk")\n'
                              "forbid (principal, action, resource) when { action != Share::Action::\"exists\" };\n" % len(text))
        otherwise = self.replay(nothing)
        self.assertEqual(otherwise["decisions"], same["decisions"])
        self.assertGreater(otherwise["otherwise"], 0)
        row = otherwise["differences"][0]
        self.assertEqual((row["now"], row["reasonNow"], row["ask"]), ("exists", "Shut for now", "the duty desk"))
        self.assertEqual(row["askers"][0]["agency"], ASKER)
        told = nodes.run("policy", "replay", self.dir, "--policies", nothing).stdout
        child = next(child for child in self.facts["children"] if child["story"] == "moved-twice")
        for name in (child["familyName"], child["givenName"], child["nhsNumber"], child["postcode"]):
            self.assertNotIn(name, told + json.dumps(otherwise))
        self.assertIn("Shut for now", told)
        self.assertEqual(self.ask()["status"], "answered", "the node was not disturbed")

        later = self.replay(nothing)
        holder.stop()
        self.assertEqual(self.replay(nothing), later)
        self.assertEqual(self.replay(nothing, "--since", "2199-01-01")["decisions"], 0)
        self.assertEqual(self.replay(nothing, "--until", "2001-01-01")["decisions"], 0)

    def test_2_mistakes_say_what_why_and_what_to_do(self):
        bundle = self.shipped / "west-yorkshire"
        for words in ([self.root / "nowhere", "--policies", bundle],
                      [self.dir, "--policies", self.root / "nowhere"],
                      [self.dir, "--policies", bundle, "--since", "someday"],
                      [self.dir, "--policies", bundle, "--since", "2026-11-02", "--until", "2026-11-01"],
                      [self.dir, "--policies", bundle, "--format", "poem"]):
            with self.subTest(words=[str(word) for word in words]):
                ran = nodes.run("policy", "replay", *words)
                self.assertEqual((ran.returncode, ran.stdout), (2, ""), ran.stderr)
                for line in ("ginnel: cannot", "  why     ", "  do      "):
                    self.assertIn(line, ran.stderr)

    def test_3_an_agency_starts_in_shadow_and_sees_what_it_would_tell(self):
        config = self.dir / "node.toml"
        before = config.read_text()
        config.write_text(before.replace("own_basis", "shadow = true\nown_basis", 1))
        holder = self.holder()
        part = self.ask()
        self.assertEqual((part["status"], part["items"], part["withheld"]), ("unknown", 0, 0))
        self.assertIn("does not share yet", part["reason"])
        self.assertIn("ring " + PHONE, part["reason"])
        self.assertEqual(holder.get("/readyz")[1]["mode"], "shadow")
        self.assertIn("ginnel_shadow 1\n", holder.get("/metrics")[1])
        self.assertIn("(shadow)", nodes.run("node", "status", "--dir", self.dir).stdout)
        self.assertIn("in shadow", nodes.run("node", "doctor", "--dir", self.dir).stdout)
        replayed = self.replay(self.shipped / "west-yorkshire")
        self.assertGreater(replayed["inShadow"], 0)
        self.assertEqual(replayed["otherwise"], 0)
        holder.stop()

        config.write_text(before)
        holder = self.holder()
        self.assertEqual(self.ask()["status"], "answered")
        self.assertEqual(holder.get("/readyz")[1]["mode"], "normal")

    def test_4_a_policy_is_written_replayed_and_adopted_and_its_reason_is_on_the_screen(self):
        mine = self.bundle("mine", lambda text: text.replace(
            '@id("WY-14")', '@id("MY-02") @title("Held back until the trial is over") @ask("the trial desk")\n'
            'forbid (principal, action, resource in Share::Category::"police")\n'
            'when { principal.agency != resource.owner };\n\n@id("WY-14")', 1))
        self.assertTrue(any(row["reasonNow"] == "Held back until the trial is over"
                            for row in self.replay(mine)["differences"]))
        manifest = mine / "bundle.toml"
        text = manifest.read_text()
        version = next(int(line.split("=")[1]) for line in text.splitlines() if line.startswith("version"))
        text = text.replace(f"version = {version}", f"version = {version + 1}")
        manifest.write_text(text[:text.index("cases = [")])  # they say what is shipped
        self.adopt_signed(mine)
        self.holder()
        status, view = self.asker.view(deadline_ms=5000, scope=[HOLDER])
        self.assertEqual(status, 200)
        reasons = {(row["agency"], row["reason"], row["ask"]) for row in view["withheld"]}
        self.assertIn((HOLDER, "Held back until the trial is over", "the trial desk"), reasons, view["parts"])


if __name__ == "__main__":
    nodes.run_tests()
