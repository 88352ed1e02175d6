# SPDX-License-Identifier: Apache-2.0
"""Single nodes of a demonstration's folder, run by themselves so that a test can hurt them."""

import argparse
import json
import os
import pathlib
import resource
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

GINNEL = None  # set by the test program
START_SECONDS_MAX = 120
UP_SECONDS_MAX = 60


def make_federation(directory):
    """The folder of a demonstration that ran once and stopped, and what its demo.json said."""
    directory = pathlib.Path(directory)
    with open(directory.parent / "demo.log", "wb") as log:
        demo = subprocess.Popen([GINNEL, "demo", "--dir", str(directory), "--children", "40", "--seed", "3"],
                                stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        file = directory / "demo.json"
        until = time.monotonic() + START_SECONDS_MAX
        while not file.exists():
            if demo.poll() is not None or time.monotonic() > until:
                raise AssertionError("the demonstration did not start: " + (directory.parent / "demo.log").read_text())
            time.sleep(0.05)
        facts = json.loads(file.read_text())
        demo.send_signal(signal.SIGTERM)
        demo.wait(timeout=60)
    return facts


def run(*words, preexec=None, seconds=120, program=None, env=None):
    return subprocess.run([program or GINNEL, *map(str, words)], capture_output=True, text=True, check=False, timeout=seconds,
                          stdin=subprocess.DEVNULL, preexec_fn=preexec, env=env)


class Node:
    """One `ginnel node run`."""

    def __init__(self, facts, node_id, prefix=(), preexec=None):
        self.facts = facts
        self.about = next(node for node in facts["nodes"] if node["id"] == node_id)
        self.user = next(user for user in facts["users"] if user["node"] == node_id)
        self.dir = pathlib.Path(self.about["dir"])
        self.context = ssl.create_default_context(cafile=facts["ca"])
        self.log = open(self.dir.parent / f"{node_id}.fault.log", "ab+")
        self.process = subprocess.Popen([*prefix, GINNEL, "node", "run", "--dir", str(self.dir)], stdout=self.log,
                                        stderr=self.log, stdin=subprocess.DEVNULL, preexec_fn=preexec)

    def said(self):
        self.log.flush()
        return pathlib.Path(self.log.name).read_text(errors="replace")

    def up(self):
        until = time.monotonic() + UP_SECONDS_MAX
        while True:
            try:
                if self.get("/readyz")[0] == 200:
                    return self
            except (urllib.error.URLError, ConnectionError):
                pass
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError("the node did not come up: " + self.said())
            time.sleep(0.05)

    def call(self, method, path, body=None, signed_in=True, once_key=None):
        request = urllib.request.Request(self.about["url"] + path, method=method)
        request.add_header("Content-Type", "application/json")
        if signed_in:
            request.add_header("Authorization", "Bearer " + self.user["token"])
        if once_key:
            request.add_header("Idempotency-Key", once_key)
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data, timeout=60, context=self.context) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text[:1] in b"{[" else text.decode()
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def get(self, path, signed_in=False):
        return self.call("GET", path, signed_in=signed_in)

    def at_terminal(self, user, *words, text=None):
        """A command of somebody who works here: exit code, what it printed, what it said went wrong."""
        ca = pathlib.Path(self.facts["ca"])
        ran = subprocess.run([GINNEL, *words[:2], "--url", self.about["url"], "--ca", ca, "--token-file",
                              ca.parent / "tokens" / f"{self.about['id']}.{user}", *words[2:]],
                             input=text, capture_output=True, text=True, check=False, timeout=60)
        return ran.returncode, ran.stdout, ran.stderr

    def view(self, deadline_ms=1500, story="moved-twice", scope=()):
        child = next(child for child in self.facts["children"] if child["story"] == story)
        body = {"child": {"nhsNumber": child["nhsNumber"]}, "purpose": "child_protection", "basis": "public_task",
                "reason": "test", "deadlineMs": deadline_ms}
        if scope:
            body["scope"] = list(scope)
        return self.call("POST", "/api/v1/case-views", body)

    def import_words(self, files):
        mapping = {"social_care": "social-care"}.get(self.about["kind"], self.about["kind"])
        folder = pathlib.Path(self.facts["schema"]).parents[1] / "config-examples/mappings"
        return ["import", *map(str, files), "--mapping", folder / f"{mapping}.toml", "--dir", self.dir, "--json"]

    def ledger(self):
        return self.dir / "store/ledger/data.mdb"

    def limit_file_size(self, size):
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def stop(self, sent=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(sent)
        code = self.process.wait(timeout=60)
        self.log.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()


def as_nobody():
    os.setgid(65534)
    os.setuid(65534)


class FederationTest(unittest.TestCase):
    """Each test begins with the nodes' folders as a demonstration left them. Names the one that is meant by default."""

    NODE = None

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="ginnel-nodes-")
        cls.addClassCleanup(temporary.cleanup)
        cls.root = pathlib.Path(temporary.name)
        cls.made = cls.root / "made"
        cls.facts = make_federation(cls.made)
        cls.prepare()
        cls.saved = cls.root / "saved"
        shutil.copytree(cls.made / "nodes", cls.saved, symlinks=True, ignore=shutil.ignore_patterns("*.sock"))

    @classmethod
    def prepare(cls):
        """What is to be there before the folders are kept."""

    def setUp(self):
        shutil.rmtree(self.made / "nodes")
        shutil.copytree(self.saved, self.made / "nodes", symlinks=True)

    def node(self, node_id=None, **options):
        node = Node(self.facts, node_id or self.NODE, **options)
        self.addCleanup(node.__exit__)
        return node


class LiveTest(unittest.TestCase):
    """Nodes of one federation that live as long as the class: each an attribute, by the name that NODES gives it."""

    NODES = {}

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="ginnel-live-")
        cls.addClassCleanup(temporary.cleanup)
        cls.facts = make_federation(pathlib.Path(temporary.name) / "made")
        for name in cls.NODES:
            cls.start(name)

    @classmethod
    def start(cls, name):
        node = Node(cls.facts, cls.NODES[name])
        cls.addClassCleanup(node.__exit__)
        setattr(cls, name, node.up())

    def view_answered_by(self, asker, holder, story):
        """What the first worker of `asker` is shown of both, asked again until `holder` has answered."""
        for _ in range(20):
            status, view = asker.view(deadline_ms=3000, story=story, scope=[asker.about["id"], holder.about["id"]])
            self.assertEqual(status, 200, view)
            part = next(part for part in view["parts"] if part["agency"] == holder.about["id"])
            if part["status"] == "answered":
                return view
        return self.fail(f"{holder.about['id']} does not answer: {part}")


def run_tests():
    """The tests of the program that calls this, with the `ginnel` that --ginnel names."""
    global GINNEL
    parser = argparse.ArgumentParser()
    parser.add_argument("--ginnel", required=True)
    known, rest = parser.parse_known_args()
    GINNEL = str(pathlib.Path(known.ginnel).resolve())
    unittest.main(argv=[sys.argv[0], *rest], failfast=False, verbosity=2)
