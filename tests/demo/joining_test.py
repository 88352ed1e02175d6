# SPDX-License-Identifier: Apache-2.0
"""An eleventh agency joins a running demonstration by the commands of docs/operator-guide.md, word for word; then one
agency is revoked, one suspended, others go silent, and the doctor says why of each."""

import argparse
import json
import os
import pathlib
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import demo_test

ROOT = pathlib.Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/operator-guide.md"
NEW = "bradford-youth"
LISTEN, HTTPS = 7480, 8480
SPREAD_SECONDS_MAX = 150  # a round of other members' statements is a minute

PLANNED = """
[[member]]
id = "bradford-youth"
name = "Bradford Youth Justice Service"
kind = "youth_justice"
node = true
own_basis = "public_task"
duty = { name = "Duty desk", role = "duty officer", team = "Duty", phone = "01632 960099", hours = "always" }
users = [{ username = "y.worker", role = "practitioner", name = "Y. Worker", team = "Duty" }]
"""


def guide_blocks():
    """The commands of the guide by the name after their fence: ```sh joining-request."""
    return dict(re.findall(r"```sh (joining-[a-z-]+)\n(.*?)```", GUIDE.read_text(), re.S))


class JoiningTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="ginnel-joining-")
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.demo = demo_test.Demo(cls.folder / "demo", "--children", "40", "--seed", "2").wait_until_ready()
        cls.nodes = {node["id"]: pathlib.Path(node["dir"]) for node in cls.demo.facts["nodes"]}
        cls.blocks = guide_blocks()
        cls.desk = cls.folder / "desk"  # where the files lie that people send each other
        cls.desk.mkdir()
        (cls.desk / "members.toml").write_text((ROOT / "config-examples/west-yorkshire/members.toml").read_text() + PLANNED)
        (cls.desk / "trust.toml").write_text((cls.nodes["leeds-csc"] / "trust.toml").read_text())
        key = (cls.folder / "demo/members/wy-icb").read_text()
        (cls.desk / "identity.key").write_text(key)
        (cls.desk / "passphrase").write_text("barley bobbin canal cobble\n")
        # What the guide's reader types on the terminal.
        secrets = {"node init": "--passphrase-file", "node run": "--passphrase-file", "member request": "--passphrase-file",
                   "user add": f"--password-file {cls.desk}/passphrase --passphrase-file"}
        cases = "\n".join(f'  "{verb}") set -- "$@" {option} "{cls.desk}/passphrase" ;;' for verb, option in secrets.items())
        wrapper = cls.folder / "bin/ginnel"
        wrapper.parent.mkdir()
        wrapper.write_text(f'#!/bin/sh\ncase "$1 $2" in\n{cases}\nesac\nexec "{demo_test.GINNEL}" "$@"\n')
        wrapper.chmod(0o755)
        cls.new_dir = cls.folder / NEW
        cls.new_node = None

    @classmethod
    def tearDownClass(cls):
        if cls.new_node and cls.new_node.poll() is None:
            cls.new_node.terminate()
            cls.new_node.wait(timeout=30)
        cls.demo.close()
        cls.temporary.cleanup()

    def guide(self, block, directory=None, typed="", expect=0, **more):
        environment = {**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "GINNEL_HOME": str(ROOT),
                       "DIR": str(directory or ""), "MEMBER": NEW, **more}
        done = subprocess.run(["bash", "-euc", self.blocks[block]], cwd=self.desk, env=environment, input=typed,
                              capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, expect, f"{block}\n{done.stdout}{done.stderr}")
        return done.stdout

    def ginnel(self, *words, expect=0):
        done = subprocess.run([demo_test.GINNEL, *map(str, words)], capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, expect, f"{words}\n{done.stdout}{done.stderr}")
        return done.stdout

    def members(self, directory):
        return {one["member"]: one for one in json.loads(self.ginnel("member", "list", "--dir", directory, "--json"))["members"]}

    def doctor(self, directory, expect):
        found = json.loads(self.ginnel("node", "doctor", "--dir", directory, "--json", expect=expect))["findings"]
        return {one["about"]: one for one in found}

    def until(self, what, seconds=SPREAD_SECONDS_MAX):
        end = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), end, "it did not come to be in time")
            time.sleep(0.5)

    def view(self, token=None, node_id=None):
        """A case view of the newcomer, or of a node of the demonstration."""
        child = self.demo.child("moved-twice")["nhsNumber"]
        if node_id:
            status, view = self.demo.view("moved-twice", node_id)
        else:
            body = {"child": {"nhsNumber": child}, "purpose": "child_protection", "basis": "public_task",
                    "reason": "test", "deadlineMs": 5000}
            request = urllib.request.Request(f"https://127.0.0.1:{HTTPS}/api/v1/case-views", method="POST")
            request.add_header("Content-Type", "application/json")
            request.add_header("Authorization", "Bearer " + token)
            context = ssl.create_default_context(cafile=str(self.new_dir / "tls/ca.pem"))
            with urllib.request.urlopen(request, json.dumps(body).encode(), timeout=60, context=context) as answer:
                status, view = answer.status, json.loads(answer.read())
        self.assertEqual(status, 200, view)
        return {part["agency"]: part["status"] for part in view["parts"]}

    def test_01_the_newcomer_makes_its_node_and_its_request(self):
        cls = type(self)
        printed = self.guide("joining-request", self.new_dir)
        cls.phrase = re.search(r"check phrase +([a-z ]+)\n", printed).group(1)
        self.assertEqual(len(cls.phrase.split()), 10)
        cls.token = re.search(r"^(\S{20,})$", printed, re.M).group(1)
        cls.new_log = open(self.folder / "new.log", "wb")
        cls.new_node = subprocess.Popen([str(self.folder / "bin/ginnel"), "node", "run", "--dir", str(self.new_dir)],
                                        stdout=cls.new_log, stderr=cls.new_log, stdin=subprocess.DEVNULL,
                                        env={**os.environ, "GINNEL_HOME": str(ROOT)})
        self.until(lambda: (self.new_dir / "admin.sock").exists(), 60)
        self.assertEqual(self.doctor(self.new_dir, 1)["directory"]["code"], "no-directory")

    def test_02_nobody_signs_on_a_wrong_phrase(self):
        wrong = " ".join(reversed(self.phrase.split()))
        self.guide("joining-first", self.nodes["leeds-csc"], typed=f"{wrong}\n{wrong}\n{wrong}\n", expect=1)
        self.assertFalse((self.desk / "next.papers").exists())

    def test_03_trustees_sign_after_the_phrase_was_read_out(self):
        typed = self.phrase.upper() + "\n"
        said = self.guide("joining-first", self.nodes["leeds-csc"], typed=typed)
        self.assertRegex(said, r"authorities +1 of 3 needed: leeds-csc; missing 2 of")
        self.assertNotIn(self.phrase, said)
        too_few = subprocess.run([demo_test.GINNEL, "member", "adopt", str(self.desk / "next.papers"), "--dir",
                                  str(self.nodes["leeds-csc"])], capture_output=True, text=True, check=False)
        self.assertEqual(too_few.returncode, 1)
        self.assertIn("must sign and did not", too_few.stderr)
        for trustee in ("kirklees-csc", "wakefield-csc", "wy-police"):
            self.guide("joining-next", self.nodes[trustee], typed=typed)
        said = self.guide("joining-without-node", typed=typed)
        self.assertNotIn("missing", said)

    def test_04_who_is_no_trustee_cannot_sign(self):
        (self.desk / "copy.papers").write_bytes((self.desk / "next.papers").read_bytes())
        refused = subprocess.run([demo_test.GINNEL, "member", "admit", str(self.desk / "copy.papers"), "--dir",
                                  str(self.nodes["bradford-health"])], input=self.phrase + "\n", capture_output=True,
                                 text=True, check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("is no trustee", refused.stderr)

    def test_05_it_is_adopted_and_everybody_knows_the_newcomer(self):
        self.guide("joining-adopt", self.nodes["leeds-csc"])
        self.guide("joining-new", self.new_dir)
        (self.desk / "agreement.bundle").write_bytes((self.nodes["leeds-csc"] / "policies/west-yorkshire.bundle").read_bytes())
        self.assertEqual(self.doctor_code(self.new_dir, "policy bundle"), "unsigned-bundle")
        self.guide("joining-bundle", self.new_dir)
        self.assertIsNone(self.doctor_code(self.new_dir, "policy bundle"))
        for name, directory in self.nodes.items():
            self.until(lambda d=directory: self.members(d).get(NEW, {}).get("standing") == "good")
        self.assertEqual(len(self.members(self.new_dir)), len(self.members(self.nodes["leeds-csc"])))

    def test_06_it_asks_and_is_answered_and_is_asked_and_answers(self):
        reached = {}

        def all_answer():
            reached.update(self.view(token=self.token))
            return not {"silent", "unknown"} & set(reached.values())

        self.until(all_answer, 60)
        self.assertEqual(set(reached), set(self.nodes) | {NEW})
        self.until(lambda: self.view(node_id="bradford-csc").get(NEW) not in (None, "silent", "unknown"), 60)

    def test_07_the_doctor_finds_everything_well(self):
        found = self.doctor(self.new_dir, 0)
        spare = "peer " + self.demo.facts["spare"]["id"]  # it is enrolled and has no process
        self.assertEqual(found[spare]["health"], "warning")
        codes = {one["code"] for about, one in found.items() if about.startswith("peer ") and about != spare}
        self.assertEqual(codes, {"ok"}, found)
        self.assertEqual(len([about for about in found if about.startswith("peer ")]), len(self.nodes) + 1, found)

    def test_08_a_suspension_is_kept_over_a_restart_and_both_doctors_name_it(self):
        bradford = self.nodes["bradford-csc"]
        self.guide("joining-suspend", bradford)
        self.ginnel("demo", "stop", "bradford-csc", "--dir", self.folder / "demo")
        self.ginnel("demo", "start", "bradford-csc", "--dir", self.folder / "demo")
        self.demo.wait_until_ready()
        self.assertEqual(self.members(bradford)[NEW]["standing"], "suspended")
        self.assertEqual(self.members(bradford)[NEW]["suspendedReason"], "its operator reports a stolen laptop")
        self.assertEqual(self.doctor(bradford, 0)["peer " + NEW]["code"], "suspended-here")
        self.assertEqual(self.doctor(self.new_dir, 1)["peer bradford-csc"]["code"], "not-admitted")
        self.guide("joining-lift", bradford)
        self.until(lambda: self.doctor_code(self.new_dir, "peer bradford-csc") == "ok", 60)

    def doctor_code(self, directory, about):
        done = subprocess.run([demo_test.GINNEL, "node", "doctor", "--dir", str(directory), "--json"], capture_output=True,
                              text=True, timeout=120, check=False)
        return next((one["code"] for one in json.loads(done.stdout)["findings"] if one["about"] == about), None)

    def test_09_the_doctor_names_why_a_peer_is_silent(self):
        bradford = self.nodes["bradford-csc"]
        self.ginnel("demo", "stop", "wy-probation", "--dir", self.folder / "demo")
        wakefield = self.demo.node("wakefield-csc")["pid"]
        os.kill(wakefield, signal.SIGSTOP)
        try:
            found = self.doctor(bradford, 1)
        finally:
            os.kill(wakefield, signal.SIGCONT)
        self.assertEqual(found["peer wy-probation"]["code"], "not-running", found["peer wy-probation"])
        self.assertEqual(found["peer wakefield-csc"]["code"], "hangs", found["peer wakefield-csc"])
        self.assertEqual(found["peer leeds-csc"]["code"], "ok", found["peer leeds-csc"])
        self.assertIn("ginnel node run", found["peer wy-probation"]["remedy"])
        shown = self.ginnel("node", "doctor", "--dir", bradford, expect=1)
        self.assertRegex(shown, r"failed +peer wy-probation\n +port closed")
        # A stopped node is examined from its folder.
        found = self.doctor(self.nodes["wy-probation"], 0)
        self.assertEqual(found["this node"]["code"], "stopped")
        self.assertRegex(json.dumps(found["store"]), r"verified to \d+")
        self.assertEqual(found["peer leeds-csc"]["code"], "ok")

    def test_10_a_revoked_agency_is_refused_by_everybody(self):
        typed = NEW + "\n"
        self.guide("joining-revoke", self.nodes["leeds-csc"], typed=typed)
        for trustee in ("kirklees-csc", "bradford-csc", "wy-police"):
            self.guide("joining-revoke-next", self.nodes[trustee], typed=typed)
        self.ginnel_typed(typed, "member", "revoke", NEW, "--papers", self.desk / "revocation.papers", "--identity-key",
                          self.desk / "identity.key", "--as", "wy-icb", "--trust", self.desk / "trust.toml")
        self.guide("joining-revoke-adopt", self.nodes["wy-police"])
        running = [name for name in self.nodes if name != "wy-probation"]
        for name in running:
            self.until(lambda d=self.nodes[name]: self.members(d)[NEW]["standing"] == "revoked")
        self.assertNotIn(NEW, self.view(node_id="bradford-csc"))
        parts = self.view(token=self.token)
        self.assertEqual({status for agency, status in parts.items() if agency != NEW}, {"silent"}, parts)
        found = self.doctor(self.new_dir, 1)
        for name in running:
            self.assertEqual(found["peer " + name]["code"], "revoked", found["peer " + name])

    def ginnel_typed(self, typed, *words):
        done = subprocess.run([demo_test.GINNEL, *map(str, words)], input=typed, capture_output=True, text=True,
                              timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_11_a_trustee_signs_no_second_list_of_a_version(self):
        leeds = self.nodes["leeds-csc"]
        for name in ("one", "other"):
            done = subprocess.run([demo_test.GINNEL, "member", "renew", "--dir", str(leeds), "--out",
                                   str(self.desk / f"{name}.papers")], capture_output=True, text=True, check=False,
                                  stdin=subprocess.DEVNULL)
            if name == "one":
                self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.returncode, 1, "a list that is not in force yet was forgotten")
        self.assertIn("--instead", done.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--ginnel", required=True)
    known, rest = parser.parse_known_args()
    demo_test.GINNEL = str(pathlib.Path(known.ginnel).resolve())
    unittest.main(argv=[sys.argv[0], *rest], failfast=True, verbosity=2)
