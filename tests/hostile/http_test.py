# SPDX-License-Identifier: Apache-2.0
"""Whoever can reach a node's HTTPS port: slow, idle and oversized, with another's session, a form of another site, a
session that has ended, and texts that would be something else than text."""

import argparse
import http.client
import json
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fault"))
import nodes  # noqa: E402

NODE, PEER = "bradford-csc", "leeds-csc"
SLOW, IDLE = 2000, 10_000
HONEST_ASKS = 40
HONEST_P95_SECONDS_MAX = 1.0
DISABLED_SECONDS_MAX = 5.0
EVIL = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "=HYPERLINK(\"http://x\")",
        "\x1b[2J\x1b]0;owned\x07", "\u202eevil", "{{csrf}} ${7*7} %00")


class Browser:
    """Cookies and forms, and nothing that a program would not do itself."""

    def __init__(self, facts, node_id=NODE):
        self.about = next(node for node in facts["nodes"] if node["id"] == node_id)
        self.user = next(user for user in facts["users"] if user["node"] == node_id)
        self.host = self.about["url"].removeprefix("https://")
        self.context = ssl.create_default_context(cafile=facts["ca"])
        self.cookies = {}

    def ask(self, method, path, form=None, headers=None, body=None):
        connection = http.client.HTTPSConnection(self.host, timeout=30, context=self.context)
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if form is not None:
            body = urllib.parse.urlencode(form)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, rest = value.split("=", 1)[0], value.split("=", 1)[1].split(";")[0]
                self.cookies.pop(cookie, None)
                if rest:
                    self.cookies[cookie] = rest
        connection.close()
        return answer.status, text

    def sign_in(self):
        page = self.ask("GET", "/sign-in")[1]
        token = re.search(r'name="form-token" value="([^"]+)"', page)[1]
        return self.ask("POST", "/sign-in", {"username": self.user["username"], "password": self.user["password"],
                                             "form-token": token})

    def session_cookie(self):
        return next((name for name in self.cookies if "session" in name.lower()), None)

    def csrf(self):
        return re.search(r'name="csrf" value="([^"]+)"', self.ask("GET", "/")[1])[1]


class HostileHttp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="ginnel-http-")
        cls.made = pathlib.Path(cls.temporary.name) / "made"
        cls.facts = nodes.make_federation(cls.made)
        cls.node, cls.peer = nodes.Node(cls.facts, NODE).up(), nodes.Node(cls.facts, PEER).up()
        cls.port = int(cls.node.about["url"].rsplit(":", 1)[1])

    @classmethod
    def tearDownClass(cls):
        cls.node.__exit__()
        cls.peer.__exit__()
        cls.temporary.cleanup()

    def browser(self):
        return Browser(self.facts)

    def assert_lives(self):
        self.assertIsNone(self.node.process.poll(), self.node.said()[-2000:])
        self.assertEqual(self.node.get("/readyz")[0], 200)

    def test_01_what_is_too_large_is_refused_with_its_status_and_costs_nothing(self):
        before = self.resident()
        browser = self.browser()
        token = {"Authorization": "Bearer " + self.node.user["token"], "Content-Type": "application/json"}
        big = "a" * 300_000
        for expected, method, path, headers, body in (
                (414, "GET", "/?q=" + "a" * 3000, {}, None),
                (431, "GET", "/", {"X-Big": "a" * 20_000}, None),
                (413, "POST", "/api/v1/case-views", token, json.dumps({"reason": big})),
                (413, "POST", "/sign-in", {"Content-Type": "application/x-www-form-urlencoded"}, "username=" + big),
                (400, "POST", "/api/v1/case-views", token, "[" * 10_000 + "]" * 10_000),
                (400, "POST", "/api/v1/case-views", token, json.dumps({"child": [0] * 50_000})),
        ):
            with self.subTest(path=path[:30], expected=expected):
                status, _ = browser.ask(method, path, headers=headers, body=body)
                self.assertEqual(status, expected)
        # A gigabyte is claimed; nothing of it is waited for.
        for claim in (b"Content-Length: 1073741824", b"Transfer-Encoding: chunked"):
            with self.subTest(claim=claim), self.tls() as line:
                line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\n" + claim + b"\r\n\r\n")
                if b"chunked" in claim:
                    line.sendall(b"40000000\r\n" + b"a" * 400_000)
                self.assertIn(b" 413 ", line.recv(200))
        self.assertLess(self.resident() - before, 64 << 20)
        self.assert_lives()

    def test_02_a_session_from_before_the_sign_in_is_nobodys(self):
        browser = self.browser()
        self.assertEqual(browser.sign_in()[0], 303)
        name = browser.session_cookie()
        first = browser.cookies[name]
        victim = self.browser()
        victim.cookies[name] = first  # put there by another
        self.assertEqual(victim.sign_in()[0], 303)
        self.assertNotEqual(victim.cookies[name], first, "the session that was there went on")
        browser.cookies = {name: first}
        self.assertNotEqual(browser.ask("GET", "/")[0], 200, "who planted the session has it still")
        chosen = self.browser()
        chosen.cookies[name] = "A" * len(first)
        self.assertNotEqual(chosen.ask("GET", "/")[0], 200)

    def test_03_a_form_of_another_site_does_nothing(self):
        browser = self.browser()
        browser.sign_in()
        form = {"nhs-number": "9990000018", "purpose": "child_protection", "basis": "public_task", "reason": "x"}
        other = self.browser()
        other.sign_in()
        for token in (None, "", "x", other.csrf()):
            with self.subTest(token=token):
                given = dict(form) if token is None else {**form, "csrf": token}
                status, _ = browser.ask("POST", "/case-views", given, headers={"Origin": "https://evil.example"})
                self.assertEqual(status, 403)
        status, _ = browser.ask("POST", "/api/v1/case-views", body=json.dumps({"child": {"nhsNumber": "9990000018"}}),
                                headers={"Content-Type": "text/plain"})
        self.assertEqual(status, 403)
        self.assertEqual(browser.ask("POST", "/sign-out", {})[0], 403)
        self.assertEqual(browser.ask("GET", "/")[0], 200, "still signed in")
        stranger = self.browser()
        self.assertEqual(stranger.ask("POST", "/sign-in", {"username": stranger.user["username"],
                                                           "password": stranger.user["password"]})[0], 403)

    def test_04_a_session_that_has_ended_is_over_however_it_is_sent_again(self):
        browser = self.browser()
        browser.sign_in()
        kept, csrf = dict(browser.cookies), browser.csrf()
        self.assertEqual(browser.ask("POST", "/sign-out", {"csrf": csrf})[0], 303)
        browser.cookies = dict(kept)
        self.assertNotEqual(browser.ask("GET", "/")[0], 200)
        browser.cookies = dict(kept)
        status, _ = browser.ask("POST", "/case-views", {"csrf": csrf, "nhs-number": "9990000018"})
        self.assertIn(status, (303, 401, 403))
        browser.cookies = {}
        for value in kept.values():
            status, _ = browser.ask("GET", "/api/v1/vocabulary", headers={"Authorization": "Bearer " + value})
            self.assertEqual(status, 401)

    def test_05_who_is_shut_out_is_out_within_five_seconds(self):
        browser = self.browser()
        browser.sign_in()
        self.assertEqual(browser.ask("GET", "/")[0], 200)
        token = {"Authorization": "Bearer " + self.node.user["token"]}
        self.assertEqual(browser.ask("GET", "/api/v1/vocabulary", headers=token)[0], 200)
        change = ("--dir", self.node.dir, "--reason", "left the service", self.node.user["username"])
        shut = nodes.run("user", "disable", *change)
        self.assertEqual(shut.returncode, 0, shut.stderr)
        start = time.monotonic()
        program = Browser(self.facts)
        while browser.ask("GET", "/")[0] == 200 or program.ask("GET", "/api/v1/vocabulary", headers=token)[0] == 200:
            self.assertLess(time.monotonic() - start, DISABLED_SECONDS_MAX)
        self.assertNotEqual(self.browser().sign_in()[0], 303, "signs in again")
        self.assertEqual(nodes.run("user", "enable", *change).returncode, 0)
        self.assertEqual(self.browser().sign_in()[0], 303)
        unknown = nodes.run("user", "disable", "--dir", self.node.dir, "--reason", "x", "nobody.here")
        self.assertEqual(unknown.returncode, 1)
        self.assertIn("  do  ", unknown.stderr)

    def test_06_what_a_peer_wrote_is_text_on_pages_and_terminals(self):
        child = next(child for child in self.facts["children"] if child["story"] == "moved-twice")
        folder = pathlib.Path(self.temporary.name) / "evil"
        folder.mkdir()
        texts = [one.replace("\x1b", "").replace("\x07", "") for one in EVIL]
        (folder / "mapping.toml").write_text(MAPPING)
        quoted = ['"' + one.replace('"', '""') + '"' for one in texts]
        (folder / "persons-evil.csv").write_text(
            "PERSON_ID,NHS_NO,FORENAME,SURNAME,DOB\n" +
            f"E1,{child['nhsNumber']},{quoted[0]},{quoted[1]},14/03/2016\n")
        (folder / "visits-evil.csv").write_text("VISIT_ID,PERSON_ID,VISIT_DATE,NOTE\n" + "".join(
            f"v{number},E1,0{number + 1}/10/2026,{text}\n" for number, text in enumerate(quoted)))
        ran = nodes.run("import", folder / "persons-evil.csv", folder / "visits-evil.csv", "--mapping",
                        folder / "mapping.toml", "--dir", self.peer.dir, "--json")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        status, view = self.node.view(scope=[NODE, PEER])
        self.assertEqual(status, 200, view)
        told = json.dumps(view)
        self.assertIn("onerror", told, "what was planted arrived: else this test shows nothing")
        browser = self.browser()
        browser.sign_in()
        page = browser.ask("GET", "/case-views/" + view["id"])
        if page[0] != 200:  # the view is of the program's session: the same user may look
            self.fail(f"the page is {page[0]}")
        for raw in ("<script>alert", "<img src=x", "' onmouseover='"):
            self.assertNotIn(raw, page[1])
        self.assertIn("&lt;script&gt;alert", page[1])
        shown = subprocess.run(
            [nodes.GINNEL, "case", "view", "--purpose", "child_protection", "--basis", "public_task", "--url",
             self.node.about["url"], "--ca", self.facts["ca"], "--token-file", self.token_file()],
            input=json.dumps({"nhsNumber": child["nhsNumber"]}), capture_output=True, text=True, check=False, timeout=60)
        self.assertIn(shown.returncode, (0, 4), shown.stderr)
        self.assertFalse([c for c in shown.stdout if (ord(c) < 32 and c != "\n") or c == "\u202e"])

    def token_file(self):
        path = pathlib.Path(self.temporary.name) / "token"
        path.write_text(self.node.user["token"] + "\n")
        return str(path)

    def test_07_a_crowd_that_is_slow_or_idle_keeps_nobody_waiting(self):
        before = self.resident()
        crowd = subprocess.Popen([sys.executable, str(pathlib.Path(__file__).with_name("crowd.py")), str(self.port),
                                  str(SLOW), str(IDLE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(crowd.kill)
        alone = self.honest(10)
        said = crowd.stdout.readline().strip()
        self.assertEqual(said, "ready")
        times = self.honest(HONEST_ASKS)
        grown = self.resident() - before
        crowd.stdin.close()
        crowd.wait(timeout=60)
        print(f"\n{SLOW} slow and {IDLE} idle connections: honest p95 {self.p95(times) * 1000:.0f} ms (while they came "
              f"{self.p95(alone) * 1000:.0f} ms); resident memory grew {grown >> 20} MiB")
        self.assertLess(self.p95(times), HONEST_P95_SECONDS_MAX)
        self.assertLess(grown, 256 << 20)
        self.assert_lives()

    @staticmethod
    def p95(times):
        return sorted(times)[int(len(times) * 0.95)]

    def honest(self, count):
        times = []
        for _ in range(count):
            start = time.monotonic()
            status, view = self.node.view(scope=[NODE], deadline_ms=2000)
            times.append(time.monotonic() - start)
            self.assertEqual(status, 200, view)
        return times

    def resident(self):
        status = pathlib.Path(f"/proc/{self.node.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024

    def tls(self):
        context = ssl.create_default_context(cafile=self.facts["ca"])
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), timeout=30),
                                   server_hostname="127.0.0.1")


MAPPING = """
system = "evil"
dates = "DD/MM/YYYY"
[people.persons]
files = "persons-evil.csv"
key = "PERSON_ID"
identifiers = { scheme = "nhs", column = "NHS_NO" }
names = { given = "FORENAME", family = "SURNAME" }
birth = "DOB"
[records.visits]
files = "visits-evil.csv"
key = "VISIT_ID"
subjects = { column = "PERSON_ID", role = "child" }
kind = "visit"
category = "social-care.visit"
sensitivity = 2
occurred = "VISIT_DATE"
headline = "{NOTE}"
narrative = "{NOTE}"
fields = { name = "note", value = "{NOTE}" }
"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--ginnel", required=True)
    known, rest = parser.parse_known_args()
    nodes.GINNEL = known.ginnel
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
