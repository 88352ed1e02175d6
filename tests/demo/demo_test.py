# SPDX-License-Identifier: Apache-2.0
"""The demonstration as real processes: started, asked, wounded, stopped and started again."""

import argparse
import csv
import datetime
import html
import io
import json
import os
import pathlib
import signal
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

GINNEL = None
CHILDREN, SEED = 40, 2
START_SECONDS_MAX = 120
AGAIN_SECONDS_MAX = 60  # 15 s on an idle machine; the tests of others may run beside this


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


class Demo:
    """One running `ginnel demo`."""

    def __init__(self, directory, *options):
        self.directory = pathlib.Path(directory)
        self.log = open(self.directory.parent / "demo.log", "ab+")
        words = [GINNEL, "demo", "--dir", str(directory), *options]
        self.process = subprocess.Popen(words, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        self.facts = None

    def wait_until_ready(self):
        file = self.directory / "demo.json"
        until = time.monotonic() + START_SECONDS_MAX
        while not file.exists():
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError("the demonstration did not start:\n" + self.said())
            time.sleep(0.05)
        self.facts = json.loads(file.read_text())
        return self

    def said(self):
        self.log.flush()
        return pathlib.Path(self.log.name).read_text(errors="replace")

    def node(self, node_id):
        return next(node for node in self.facts["nodes"] if node["id"] == node_id)

    def child(self, story):
        return next(child for child in self.facts["children"] if child["story"] == story)

    def user(self, node_id):
        return next(user for user in self.facts["users"] if user["node"] == node_id)

    def call(self, node_id, method, path, body=None, token=None):
        request = urllib.request.Request(self.node(node_id)["url"] + path, method=method)
        request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", "Bearer " + token)
        data = None if body is None else json.dumps(body).encode()
        context = ssl.create_default_context(cafile=self.facts["ca"])
        try:
            with urllib.request.urlopen(request, data, timeout=60, context=context) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def view(self, story, node_id="bradford-csc", deadline_ms=5000):
        body = {"child": {"nhsNumber": self.child(story)["nhsNumber"]}, "purpose": "child_protection",
                "basis": "public_task", "reason": "test", "deadlineMs": deadline_ms}
        return self.call(node_id, "POST", "/api/v1/case-views", body, self.user(node_id)["token"])

    def stop(self, sent=signal.SIGTERM):
        pids = [node["pid"] for node in self.facts["nodes"]] if self.facts else []
        self.process.send_signal(sent)
        self.process.wait(timeout=60)
        until = time.monotonic() + 20
        while any(is_alive(pid) for pid in pids) and time.monotonic() < until:
            time.sleep(0.05)
        return [pid for pid in pids if is_alive(pid)]

    def close(self):
        if self.process.poll() is None:
            self.stop()
        self.log.close()


class DemoTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="ginnel-demo-")
        cls.directory = pathlib.Path(cls.temporary.name) / "demo"
        cls.demo = Demo(cls.directory, "--children", str(CHILDREN), "--seed", str(SEED)).wait_until_ready()

    @classmethod
    def tearDownClass(cls):
        cls.demo.close()
        cls.temporary.cleanup()

    def part(self, view, node_id):
        return next(part for part in view["parts"] if part["agency"] == node_id)

    def test_01_scripts_are_told_everything(self):
        facts = self.demo.facts
        self.assertEqual(len(facts["nodes"]), 10)
        for node in facts["nodes"]:
            self.assertEqual(set(node), {"id", "kind", "name", "url", "endpoint", "pid", "dir", "argv", "adminSocket"})
            self.assertTrue(is_alive(node["pid"]))
            self.assertTrue(pathlib.Path(node["adminSocket"]).is_socket())
            self.assertTrue(list((pathlib.Path(node["dir"]) / "source").glob("*.csv")))
            self.assertEqual(self.demo.user(node["id"])["role"], "practitioner")
            status, ready = self.demo.call(node["id"], "GET", "/readyz")
            self.assertEqual((status, ready["ready"]), (200, True))
        self.assertEqual(facts["clockFile"], str(self.demo.directory / "clock"))
        self.assertTrue(list(pathlib.Path(facts["schema"]).glob("*.capnp")))
        self.assertTrue(pathlib.Path(facts["truth"]).is_file())
        for node in facts["nodes"]:
            self.assertNotIn(pathlib.Path(node["dir"]), pathlib.Path(facts["truth"]).parents)
        for key in ("signing", "curve", "oprf"):
            self.assertEqual(len(bytes.fromhex((pathlib.Path(facts["spare"]["keyDir"]) / key).read_text())), 32)
        self.assertEqual([child["story"] for child in facts["children"]],
                         ["moved-twice", "three-concerns", "new-adult", "was-not-brought", "refuge-address", "adopted",
                          "sexual-health-competent"])

    def test_02_every_story_is_as_expected(self):
        for child in self.demo.facts["children"]:
            status, view = self.demo.view(child["story"])
            self.assertEqual(status, 200, view)
            self.assertTrue(view["complete"], child["story"])
            self.assertEqual([part["agency"] for part in view["parts"]][0], "bradford-csc")
            for expect in child["expect"]:
                with self.subTest(story=child["story"], node=expect["node"]):
                    self.assertEqual(self.part(view, expect["node"])["status"], expect["status"])
                    shown = {item["category"] for item in view["items"] if item["agency"] == expect["node"]}
                    self.assertEqual(sorted(shown), sorted(expect["categories"]))

    def test_02b_an_identity_before_an_adoption_looks_like_a_child_nobody_ever_heard_of(self):
        truth = json.loads(pathlib.Path(self.demo.facts["truth"]).read_text())
        sealed = next(story["sealed"] for story in truth["stories"] if story["story"] == "adopted")
        held_by = next(child["nodes"] for child in truth["children"] if child["nhsNumber"] == sealed["nhsNumber"])
        self.assertEqual(len(held_by), 4)
        self.assertNotIn(sealed["nhsNumber"], json.dumps(self.demo.facts))
        nobody = next(number for number in ("9990000018", "9990000026", "9990000034") if number not in json.dumps(truth))

        def asked(node_id, number):
            body = {"child": {"nhsNumber": number}, "purpose": "child_protection", "basis": "public_task",
                    "reason": "test", "deadlineMs": 5000}
            status, view = self.demo.call(node_id, "POST", "/api/v1/case-views", body, self.demo.user(node_id)["token"])
            self.assertEqual(status, 200, view)
            changing = {"answeredAt", "dataTo"}
            return ([{k: v for k, v in part.items() if k not in changing} for part in view["parts"]],
                    view["items"], view["withheld"], view["complete"])

        # A holder's own practitioner, another holder's, and one of an agency that holds nothing.
        for node_id in ("bradford-csc", "wy-police", "kirklees-csc"):
            with self.subTest(node=node_id):
                about_sealed, about_nobody = asked(node_id, sealed["nhsNumber"]), asked(node_id, nobody)
                self.assertEqual(about_sealed, about_nobody)
                self.assertEqual({part["status"] for part in about_sealed[0]}, {"not-known"})

    def test_03_a_user_signs_in_with_the_password_and_not_with_another(self):
        user = self.demo.user("leeds-csc")
        right = {"username": user["username"], "password": user["password"]}
        self.assertIn(self.demo.call("leeds-csc", "POST", "/api/v1/session", right)[0], (200, 201))
        wrong = {"username": user["username"], "password": user["password"] + "x"}
        self.assertEqual(self.demo.call("leeds-csc", "POST", "/api/v1/session", wrong)[0], 401)

    def test_04_the_command_line_shows_the_same_view(self):
        user = self.demo.user("bradford-csc")
        token = self.directory.parent / "token"
        token.write_text(user["token"] + "\n")
        child = json.dumps({"nhsNumber": self.demo.child("moved-twice")["nhsNumber"]})
        words = [GINNEL, "case", "view", "--url", self.demo.node("bradford-csc")["url"], "--ca", self.demo.facts["ca"],
                 "--token-file", str(token), "--purpose", "child_protection", "--basis", "public_task"]
        shown = subprocess.run(words, input=child, capture_output=True, text=True, check=False)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        for section in ("WHO IS INVOLVED", "CHRONOLOGY", "WHAT EACH AGENCY ANSWERED"):
            self.assertIn(section, shown.stdout)
        as_json = subprocess.run(words + ["--json"], input=child, capture_output=True, text=True, check=False)
        self.assertTrue(json.loads(as_json.stdout)["complete"])
        words[words.index("public_task")] = "because_i_can"
        refused = subprocess.run(words, input=child, capture_output=True, text=True, check=False)
        self.assertNotIn(refused.returncode, (0, 4))
        self.assertIn("  do  ", refused.stderr)

    def test_04b_the_chronology_is_taken_away_in_every_form_and_as_it_was_known_then(self):
        child = self.demo.child("moved-twice")
        identity = json.dumps({"nhsNumber": child["nhsNumber"]})
        token = self.directory.parent / "token"
        token.write_text(self.demo.user("bradford-csc")["token"] + "\n")

        def chronology(form, *more):
            with tempfile.TemporaryDirectory(prefix="ginnel-chronology-") as folder:
                file = pathlib.Path(folder) / f"chronology.{form}"
                words = [GINNEL, "case", "chronology", "--url", self.demo.node("bradford-csc")["url"],
                         "--ca", self.demo.facts["ca"], "--token-file", str(token),
                         "--purpose", "child_protection", "--basis", "public_task", "--format", form,
                         "--output", str(file), *more]
                done = subprocess.run(words, input=identity, text=True, capture_output=True, check=False, timeout=60)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
                if form != "pdf":
                    return file.read_text(encoding="utf-8")
                self.assertTrue(file.read_bytes().startswith(b"%PDF-"))
                return subprocess.run(["pdftotext", "-layout", str(file), "-"], text=True, capture_output=True, check=True,
                                      timeout=60).stdout

        whole = json.loads(chronology("json"))
        self.assertEqual(len(whole["parts"]), len(self.demo.facts["nodes"]))
        dates = [entry["occurred"][:10] for entry in whole["entries"]
                 if entry["occurred"] and not entry["inChildsWords"]]
        self.assertEqual(dates, sorted(dates), "oldest first")
        self.assertGreater(len({entry["sources"][0]["agency"] for entry in whole["entries"]}), 2, "from many agencies")
        self.assertTrue(whole["entries"][0]["inChildsWords"], "the child's own words come first")
        headlines = [entry["headline"] for entry in whole["entries"]]
        rows = list(csv.reader(io.StringIO(chronology("csv"))))
        self.assertEqual(sum(row[0] in ("entry", "child's words") for row in rows), len(headlines))
        self.assertEqual(sum(row[0] == "agency" for row in rows), len(whole["parts"]))
        as_page, as_paper = chronology("html"), " ".join(chronology("pdf").split())
        for headline in headlines:
            self.assertIn(html.escape(headline, quote=False).replace("'", "&apos;"), as_page)
        self.assertIn("What each agency answered", as_paper)
        self.assertIn(child["familyName"].upper(), as_paper)

        # Before anything was recorded nothing was known; a view of then says so, and of when it is.
        middle = dates[len(dates) // 2]
        then = json.loads(chronology("json", "--as-known-at", middle))
        self.assertLess(len(then["entries"]), len(whole["entries"]))
        self.assertTrue(all(entry["sources"][0]["recorded"][:10] <= middle for entry in then["entries"]), then["entries"])
        self.assertIn("As the agencies knew it", then["notes"][0])
        self.assertEqual(json.loads(chronology("json", "--as-known-at", "2001-01-01"))["entries"], [])

    def test_05_a_running_node_takes_the_same_files_again_and_changes_nothing(self):
        node = self.demo.node("wy-probation")
        files = sorted(str(file) for file in (pathlib.Path(node["dir"]) / "source").glob("*.csv"))
        mapping = pathlib.Path(self.demo.facts["schema"]).parents[1] / "config-examples/mappings/probation.toml"
        words = [GINNEL, "import", *files, "--mapping", str(mapping), "--dir", node["dir"], "--json"]
        again = subprocess.run(words, capture_output=True, text=True, check=False)
        self.assertIn(again.returncode, (0, 4), again.stderr)
        counts = json.loads(again.stdout.splitlines()[-1])
        self.assertEqual((counts["people"]["added"], counts["people"]["changed"]), (0, 0))
        self.assertEqual((counts["records"]["added"], counts["records"]["changed"]), (0, 0))
        self.assertGreater(counts["people"]["unchanged"], 0)

    def test_06_a_killed_node_is_silent_and_the_others_go_on(self):
        os.kill(self.demo.node("wy-police")["pid"], signal.SIGKILL)
        status, view = self.demo.view("moved-twice", deadline_ms=2000)
        self.assertEqual(status, 200, view)
        self.assertFalse(view["complete"])
        self.assertEqual(self.part(view, "wy-police")["status"], "silent")
        self.assertIn("01632 960", json.dumps(self.part(view, "wy-police")["contact"]))
        self.assertEqual(self.part(view, "leeds-csc")["status"], "answered")
        self.assertIsNone(self.demo.process.poll())

    def test_07_it_is_started_again_and_answers(self):
        words = [GINNEL, "demo", "start", "wy-police", "--dir", str(self.directory)]
        started = subprocess.run(words, capture_output=True, text=True, check=False)
        self.assertEqual(started.returncode, 0, started.stderr)
        self.demo.wait_until_ready()
        self.assertTrue(is_alive(self.demo.node("wy-police")["pid"]))
        expected = next(e for e in self.demo.child("moved-twice")["expect"] if e["node"] == "wy-police")
        until = time.monotonic() + 30
        while True:  # the others connect to it again within seconds
            view = self.demo.view("moved-twice")[1]
            got = self.part(view, "wy-police")["status"]
            if got == expected["status"] or time.monotonic() > until:
                break
        self.assertEqual(got, expected["status"])

    def test_07b_its_clock_goes_on_and_all_nodes_go_with_it(self):
        words = [GINNEL, "demo", "clock", "--dir", str(self.directory)]
        moved = subprocess.run(words + ["+4d"], capture_output=True, text=True, check=False)
        self.assertEqual(moved.returncode, 0, moved.stderr)
        self.assertIn("ahead of the clock on the wall", subprocess.run(words, capture_output=True, text=True).stdout)
        # What proves a child's plan lives three days: it has been signed again.
        expected = [(e["node"], e["status"]) for e in self.demo.child("moved-twice")["expect"]]
        until = time.monotonic() + 30
        while True:
            view = self.demo.view("moved-twice")[1]
            got = [(part["agency"], part["status"]) for part in view["parts"]]
            if sorted(got) == sorted(expected) or time.monotonic() > until:
                break
        self.assertEqual(sorted(got), sorted(expected))
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3)
        for part in view["parts"]:
            self.assertGreater(part["answeredAt"], later.isoformat(), part["agency"])
        back = subprocess.run(words + ["2026-01-01 09:00"], capture_output=True, text=True, check=False)
        self.assertEqual(back.returncode, 2)
        self.assertIn("only goes on", back.stderr)

    def test_08_no_log_and_no_process_argument_names_anybody(self):
        secrets = [child[key] for child in self.demo.facts["children"] for key in ("nhsNumber", "familyName")]
        secrets += [user["token"] for user in self.demo.facts["users"]] + [self.demo.facts["users"][0]["password"]]
        for node in self.demo.facts["nodes"]:
            log = (pathlib.Path(node["dir"]) / "node.log").read_text(errors="replace")
            arguments = pathlib.Path(f"/proc/{node['pid']}/cmdline").read_text()
            for secret in secrets:
                self.assertNotIn(secret, log, node["id"])
                self.assertNotIn(secret, arguments, node["id"])

    def test_09_it_stops_whole_and_goes_on_where_it_was(self):
        before = self.demo.facts
        self.assertEqual(self.demo.stop(), [], "nodes stayed behind")
        self.assertEqual(self.demo.process.returncode, 0, self.demo.said())

        other = subprocess.run([GINNEL, "demo", "--dir", str(self.directory), "--seed", str(SEED + 1), "--once"],
                               capture_output=True, text=True, check=False)
        self.assertEqual(other.returncode, 2, other.stderr)

        # Somebody else has one of its ports by now: the node moves, and the others are told where to.
        with socket.socket() as squatter:
            squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            squatter.bind(("127.0.0.1", int(before["nodes"][1]["endpoint"].rsplit(":", 1)[1])))
            squatter.listen()
            begun = time.monotonic()
            again = Demo(self.directory).wait_until_ready()
            self.addCleanup(again.close)
            self.assertLess(time.monotonic() - begun, AGAIN_SECONDS_MAX)
            self.assertNotEqual(again.facts["nodes"][1]["endpoint"], before["nodes"][1]["endpoint"])
        self.assertEqual([user["token"] for user in again.facts["users"]], [user["token"] for user in before["users"]])
        status, view = again.view("moved-twice")
        self.assertEqual((status, view["complete"]), (200, True), view)

        second = subprocess.run([GINNEL, "demo", "--dir", str(self.directory)], capture_output=True, text=True,
                                check=False)
        self.assertEqual(second.returncode, 1, second.stderr)
        # Even a demonstration that was killed takes its nodes with it.
        self.assertEqual(again.stop(signal.SIGKILL), [], "nodes stayed behind")

        once = subprocess.run([GINNEL, "demo", "--dir", str(self.directory), "--once"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(once.returncode, 0, once.stdout + once.stderr)

    def test_10_a_stopped_nodes_ledger_verifies_and_rebuilds_to_the_same_indexes(self):
        for node_id in ("bradford-csc", "wy-police"):
            directory = str(self.directory / "nodes" / node_id)
            for words in (["ledger", "verify"], ["store", "rebuild", "--dry-run"], ["store", "stats"]):
                checked = subprocess.run([GINNEL, *words, "--dir", directory], capture_output=True, text=True,
                                         check=False)
                self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--ginnel", required=True)
    known, rest = parser.parse_known_args()
    GINNEL = str(pathlib.Path(known.ginnel).resolve())
    unittest.main(argv=[sys.argv[0], *rest], failfast=False, verbosity=2)
