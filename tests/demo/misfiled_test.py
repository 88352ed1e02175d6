# SPDX-License-Identifier: Apache-2.0
"""A concern about one child was filed under another. It reached four agencies as a notice and in their case views; one of
them is cut off when it is taken back. Afterwards no screen, alert or count uses it, and a review shows who relied on it."""

import argparse
import csv
import json
import os
import pathlib
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import demo_test

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOLDER, LEAD, CUT_OFF = "wy-police", "bradford-csc", "leeds-csc"
TOLD = (LEAD, CUT_OFF, "bradford-health", "bradford-education")
STORY = "moved-twice"
UNIT = "Wibsey misfiling unit"  # stands in the headline of the concern and nowhere else
REASON = "it was about another child"
TOLD_SECONDS_MAX = 30


class Misfiled(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="ginnel-misfiled-")
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.demo = demo_test.Demo(cls.folder / "demo", "--children", "40", "--seed", "2").wait_until_ready()
        cls.managers = {user["node"]: user["token"] for user in cls.demo.facts["users"] if user["role"] == "manager"}

    @classmethod
    def tearDownClass(cls):
        cls.demo.close()
        cls.temporary.cleanup()

    @classmethod
    def ginnel(cls, *words):
        done = subprocess.run([demo_test.GINNEL, *map(str, words)], capture_output=True, text=True, check=False, timeout=120,
                              stdin=subprocess.DEVNULL)
        assert done.returncode in (0, 4), done.stdout + done.stderr
        return done.stdout

    def api(self, node, method, path, body=None, token=None):
        status, answer = self.demo.call(node, method, "/api/v1" + path, body, token or self.demo.user(node)["token"])
        self.assertIn(status, (200, 201), answer)
        return answer

    def page(self, node, path):
        request = urllib.request.Request(self.demo.node(node)["url"] + path)
        request.add_header("Authorization", "Bearer " + self.demo.user(node)["token"])
        context = ssl.create_default_context(cafile=self.demo.facts["ca"])
        with urllib.request.urlopen(request, timeout=60, context=context) as answer:
            self.assertEqual(answer.geturl(), self.demo.node(node)["url"] + path, "it is a page, and not the sign-in")
            return answer.read().decode()

    def view(self, node):
        status, view = self.demo.view(STORY, node, deadline_ms=2500)
        self.assertEqual(status, 200, view)
        return view

    @staticmethod
    def counts_of(view):
        """What the police hold beyond what they show, and what they show."""
        counts = {one["category"]: one["count"] for one in view["withheld"] if one["agency"] == HOLDER}
        part = next(part for part in view["parts"] if part["agency"] == HOLDER)
        return counts, part["items"], part["withheld"]

    def notices(self, node, token=None):
        return self.api(node, "GET", "/notices", token=token)

    def file_it(self):
        """The police's next extract, with one row too many."""
        node, folder = self.demo.node(HOLDER), self.folder / "extract"
        folder.mkdir()
        for source in (pathlib.Path(node["dir"]) / "source").glob("*.csv"):
            (folder / source.name).write_bytes(source.read_bytes())
        number = self.demo.child(STORY)["nhsNumber"]
        with open(folder / "nominals.csv", newline="") as file:
            nominal = next(row["NOMINAL_REF"] for row in csv.DictReader(file) if row["NHS_NUMBER"] == number)
        with open(folder / "safeguarding_contacts.csv", "a", newline="") as file:
            file.write(f"SG199999,{nominal},Anwar Whitaker,Detective constable,{UNIT},01632 960729,20261120\n")
        self.ginnel("import", *sorted(folder.glob("*.csv")), "--mapping", ROOT / "config-examples/mappings/police.toml",
                    "--dir", node["dir"], "--json")

    def until(self, what):
        end = time.monotonic() + TOLD_SECONDS_MAX
        while not what():
            self.assertLess(time.monotonic(), end, "it did not come to be in time")
            time.sleep(0.1)

    def assert_gone(self, node, before):
        """From every screen, alert and count of the agency."""
        shown = [self.notices(node), self.notices(node, self.managers[node]), self.api(node, "GET", f"/case-views/{before['id']}"),
                 self.page(node, f"/case-views/{before['id']}"), self.page(node, "/notices"), self.page(node, "/")]
        fresh = self.view(node)
        for one in (*shown, fresh):
            self.assertNotIn(UNIT, json.dumps(one), node)
        again = shown[2]
        self.assertIn(REASON, json.dumps(again["withdrawn"]), "the view says that something was taken back")
        self.assertNotIn(self.item, json.dumps([again["items"], fresh["items"]]))
        self.assertEqual(self.counts_of(fresh), self.counts[node], "it is in a count")
        struck = [item for item in shown[0]["notices"] if item.get("withdrawn")]
        self.assertEqual(len(struck), self.alerts[node], "the alert is struck through")
        back = [item for item in shown[0]["notices"] if item["kind"] == "wrong-child"]
        self.assertEqual(len(back), 1, "whoever was told is told that it was wrong, once")
        return back[0]

    def test_it_is_taken_back_everywhere(self):
        self.counts, self.alerts = {}, {}
        for node in TOLD:
            self.counts[node] = self.counts_of(self.view(node))
        self.file_it()
        self.until(lambda: all(UNIT in json.dumps(self.notices(node)) for node in TOLD))
        before = {node: self.view(node) for node in TOLD}
        for node, view in before.items():
            self.assertIn(UNIT, json.dumps(view["items"]), node)
            self.assertNotEqual(self.counts_of(view), self.counts[node])
            self.assertIn(UNIT, self.page(node, f"/case-views/{view['id']}"), node)
            self.assertIn(UNIT, self.page(node, "/notices"), node)
            self.alerts[node] = sum(UNIT in json.dumps(item) for item in self.notices(node)["notices"])

        own = self.view(HOLDER)
        type(self).item = next(item["id"] for item in own["items"] if UNIT in item["headline"])
        os.kill(self.demo.node(CUT_OFF)["pid"], signal.SIGSTOP)
        try:
            made = self.api(HOLDER, "POST", "/corrections", {"caseView": own["id"], "item": self.item, "kind": "wrong-child",
                                                             "reason": REASON})
            self.assertEqual(made["toBeTold"], len(TOLD))
            reached = [node for node in TOLD if node != CUT_OFF]
            self.until(lambda: all("wrong-child" in json.dumps(self.notices(node)) for node in reached))
            for node in reached:
                self.assert_gone(node, before[node])
        finally:
            os.kill(self.demo.node(CUT_OFF)["pid"], signal.SIGCONT)
        self.until(lambda: "wrong-child" in json.dumps(self.notices(CUT_OFF)))
        told = {node: self.assert_gone(node, before[node]) for node in TOLD}
        self.assertNotIn(UNIT, json.dumps(self.view(HOLDER)))

        # A named person takes it up, and the review names who was shown it, and in which view.
        for node, item in told.items():
            name = self.api(node, "POST", f"/notices/{item['id']}/acknowledge", {"note": "the plan was not built on it"})
            self.assertTrue(name["acknowledged"]["by"])
            relied = self.api(node, "GET", f"/notices/{item['id']}/relied", token=self.managers[node])["relied"]
            self.assertEqual({one["name"] for one in relied}, {name["acknowledged"]["by"]}, node)
            self.assertIn(before[node]["id"], {one.get("caseView") for one in relied}, node)
            self.assertEqual(self.demo.call(node, "GET", f"/api/v1/notices/{item['id']}/relied", None,
                                            self.demo.user(node)["token"])[0], 404)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--ginnel", required=True)
    known, rest = parser.parse_known_args()
    demo_test.GINNEL = str(pathlib.Path(known.ginnel).resolve())
    unittest.main(argv=[sys.argv[0], *rest], failfast=False, verbosity=2)
