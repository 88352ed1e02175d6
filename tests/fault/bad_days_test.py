# SPDX-License-Identifier: Apache-2.0
"""Bad days of a real node: its disk is full, is read-only, or fails; its power is cut. Nothing acknowledged is lost."""

import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import nodes  # noqa: E402

ASKER, HOLDER = "bradford-csc", "wy-police"
POLICIES = pathlib.Path(__file__).resolve().parents[2] / "config-examples/policies"
VIEWS_UNTIL_FULL_MAX = 400
BIG_SYNTH_CHILDREN = 600


class BadDays(nodes.FederationTest):
    NODE = ASKER

    @classmethod
    def prepare(cls):
        more = cls.root / "more"
        made = nodes.run("synth", "--out", more, "--children", BIG_SYNTH_CHILDREN, "--seed", 9)
        assert made.returncode == 0, made.stderr
        cls.more = {node: sorted((more / node).rglob("*.csv")) for node in (ASKER, HOLDER)}

    def assert_read_only(self, node, reason, shown_before):
        """Everything that DESIGN 6 says of a read-only node."""
        status, ready = node.get("/readyz")
        self.assertEqual((status, ready["ready"], ready["mode"]), (503, False, "read-only"), ready)
        self.assertRegex(" ".join(ready["reasons"]), reason)
        self.assertEqual(node.get("/livez")[0], 200)
        self.assertIn("ginnel_read_only 1", node.get("/metrics")[1])
        status, problem = node.view()
        self.assertEqual((status, problem["error"]["code"]), (503, "read-only"), problem)
        self.assertTrue(problem["error"]["remedy"])
        for view in shown_before[-2:]:
            self.assertEqual(node.get("/api/v1/case-views/" + view, signed_in=True)[0], 503, "it shows no records")
        told = nodes.run("node", "status", "--dir", node.dir, "--json")
        self.assertEqual(told.returncode, 1, told.stderr)
        self.assertEqual(json.loads(told.stdout)["mode"], "read-only")
        refused = nodes.run(*node.import_words(self.more[node.about["id"]]))
        self.assertNotIn(refused.returncode, (0, 4))
        self.assertRegex(refused.stderr, r"(?m)^  do  +\S")
        self.assertIsNone(node.process.poll(), "it lives on")

    def assert_whole(self, node_id, shown):
        """A new process, with space: what was acknowledged is there, and the ledger verifies."""
        with self.node(node_id).up() as node:
            for view in shown:
                self.assertEqual(node.get("/api/v1/case-views/" + view, signed_in=True)[0], 200, "a view was lost")
            self.assertEqual(node.view()[0], 200)
            again = nodes.run(*node.import_words(self.more[node_id]))
            self.assertIn(again.returncode, (0, 4), again.stderr)
            self.assertEqual(node.stop(), 0)
        self.verify(node_id)

    def verify(self, node_id, preexec=None):
        directory = self.made / "nodes" / node_id
        verified = nodes.run("ledger", "verify", "--dir", directory, preexec=preexec)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        self.assertRegex(verified.stdout, r"\b0 problems")
        return int(re.match(r"([\d,]+) entries", verified.stdout)[1].replace(",", ""))

    def try_view(self, node):
        try:
            return node.view(deadline_ms=800)
        except OSError as error:
            return 0, str(error)

    def ask_until_read_only(self, node):
        """Views that were shown, until the first that was not."""
        shown = []
        for _ in range(VIEWS_UNTIL_FULL_MAX):
            status, view = node.view(deadline_ms=100, scope=[ASKER])
            if status != 200:
                self.assertEqual(status, 503, view)
                return shown
            shown.append(view["id"])
        self.fail("the disk never filled")

    def assert_told(self, ran, *mistakes):
        self.assertEqual(ran.returncode, 2, ran.stdout + ran.stderr)
        self.assertEqual(ran.stdout, "")
        for mistake in mistakes:
            self.assertIn(mistake, ran.stderr)
        errors = [part for part in ran.stderr.split("ginnel: ") if part]
        for error in errors:
            self.assertRegex(error, r"(?m)^  do  +\S", error)

    def test_mistakes_in_files_are_told_at_once_with_exit_2_and_nothing_is_done(self):
        directory = self.made / "nodes" / ASKER
        before = (directory / "store/ledger/data.mdb").read_bytes()
        config = directory / "node.toml"
        good = config.read_text()
        # Its own copy of the policies, as a folder that somebody works on.
        shutil.copytree(POLICIES, directory / "mine")
        config.write_text(good.replace("own_basis = ", "own_basis = \"duty_to_shaer\"\nown_bases = ")
                          .replace("map_gib = ", "map_gib = \"16 GiB\" # ")
                          .replace("policies/west-yorkshire.bundle", "mine/west-yorkshire"))
        (directory / "trust.toml").write_text((directory / "trust.toml").read_text().replace("needed = 3", "needed = 9"))
        vocabulary = directory / "mine/vocabulary.toml"
        vocabulary.write_text(vocabulary.read_text() + '[[marking]]\nid = "x"\ntravles = true\n')
        cedar = next((directory / "mine/west-yorkshire").glob("*.cedar"))
        cedar.write_text(cedar.read_text() + "permit (principal, action resource);\n")
        self.assert_told(nodes.run("node", "run", "--dir", directory), "`own_bases` is no setting",
                         "did you mean `own_basis`", "`map_gib` of [store]", "`needed` of [[group]]", "[[marking]] has no `title`",
                         "did you mean `travels`", cedar.name + ":")
        self.assert_told(nodes.run("policy", "check", cedar.parent), "did you mean `travels`", cedar.name + ":")
        self.assertEqual((directory / "store/ledger/data.mdb").read_bytes(), before)
        self.assertFalse((directory / "admin.sock").exists())

        folder = self.made.parent / "written"
        folder.mkdir()
        (folder / "plan.toml").write_text('[[member]]\nid = "Leeds"\n')
        (folder / "trust.toml").write_text("[[group]]\nneeded = 0\n")
        made = nodes.run("node", "init", "--dir", folder / "new", "--member", "leeds-csc", "--plan", folder / "plan.toml",
                         "--trust", folder / "trust.toml", "--unlock", "demo-file")
        self.assert_told(made, "`Leeds` is no member id", "[[member]] has no `kind`", "[[group]] has no `name`",
                         "`needed` of [[group]] is no whole number")
        self.assertFalse((folder / "new").exists())

        mapping = folder / "mapping.toml"
        mapping.write_text('system = "s"\ncolour = 1\n[records.r]\nfiles = "*.csv"\nkind = "vizit"\n')
        self.assert_told(nodes.run("import", *self.more[HOLDER], "--mapping", mapping, "--dir", self.made / "nodes" / HOLDER),
                         "`colour` is no setting", "[records.r] has no `key`", "`vizit` is no kind")

    def test_a_root_key_of_shares_or_a_credential_starts_a_node_and_nothing_else_does(self):
        folder = self.made.parent / "unlock"
        for name in ("shares", "credentials"):
            (folder / name).mkdir(parents=True, mode=0o700)
        (folder / "credentials/ginnel-root-key").write_bytes(os.urandom(32))
        (folder / "credentials/ginnel-root-key").chmod(0o400)
        trust = self.made / "nodes" / ASKER / "trust.toml"

        def init(name, *words, env=None):
            return subprocess.run([nodes.GINNEL, "node", "init", "--dir", str(folder / name), "--member", ASKER, "--trust",
                                   str(trust), *map(str, words)], capture_output=True, text=True, check=False, env=env)

        beside = init("shared", "--unlock", "key-shares", "--shares-to", folder / "shared" / "keys")
        self.assertEqual(beside.returncode, 2, beside.stderr)
        shared = init("shared", "--unlock", "key-shares", "--shares-to", folder / "shares")
        self.assertEqual(shared.returncode, 0, shared.stderr)
        self.assertNotIn("ginnel-share", shared.stdout + shared.stderr)
        stats = ["store", "stats", "--dir", folder / "shared"]
        two = ["--share-file", folder / "shares/share-3", "--share-file", folder / "shares/share-1"]
        self.assertEqual(nodes.run(*stats, *two).returncode, 0)
        twice = nodes.run(*stats, *two[:2], *two[:2])
        self.assertIn("two people are needed", twice.stderr)
        self.assertEqual(nodes.run(*stats, *two[:2]).returncode, 1, "one person alone")

        none = init("sealed", "--unlock", "systemd-credential")
        self.assertEqual(none.returncode, 1)
        self.assertRegex(none.stderr, r"systemd-creds encrypt[\s\S]*LoadCredentialEncrypted")
        self.assertFalse((folder / "sealed/node.toml").exists())
        env = dict(os.environ, CREDENTIALS_DIRECTORY=str(folder / "credentials"))
        sealed = init("sealed", "--unlock", "systemd-credential", env=env)
        self.assertEqual(sealed.returncode, 0, sealed.stderr)
        stats[-1] = folder / "sealed"
        self.assertEqual(nodes.run(*stats).returncode, 1)
        self.assertEqual(nodes.run(*stats, env=env).returncode, 0)
        (folder / "credentials/ginnel-root-key").write_bytes(os.urandom(32))
        self.assertIn("root key", nodes.run(*stats, env=env).stderr)

    def test_a_full_disk_while_people_ask(self):
        node = self.node().up()
        shown = [node.view()[1]["id"]]
        limit = node.ledger().stat().st_size + 64 * 1024
        node.limit_file_size(limit)
        shown += self.ask_until_read_only(node)
        self.assertGreater(len(shown), 1, "some were shown before it was full")
        self.assert_read_only(node, "may not grow|no space", shown)
        self.assertEqual(node.stop(), 0)

        # While the disk is full: the ledger verifies, and a start says why it does not, without a harm.
        full = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))  # noqa: E731
        self.verify(ASKER, preexec=full)
        self.assert_whole(ASKER, shown)

    def test_a_full_disk_while_files_are_imported(self):
        node = self.node().up()
        shown = [node.view()[1]["id"]]
        node.limit_file_size(node.ledger().stat().st_size + 256 * 1024)
        cut = nodes.run(*node.import_words(self.more[ASKER]))
        self.assertEqual(cut.returncode, 75, cut.stderr)
        self.assertRegex(cut.stderr, "may not grow|no space")
        self.assert_read_only(node, "may not grow|no space", shown)
        self.assertEqual(node.stop(), 0)
        self.assert_whole(ASKER, shown)

    def test_a_holder_with_a_full_disk_answers_nobody_until_it_is_mended(self):
        asker, holder = self.node(ASKER).up(), self.node(HOLDER).up()
        part = lambda view: next(part for part in view["parts"] if part["agency"] == HOLDER)  # noqa: E731
        until = time.monotonic() + 30
        while part(asker.view()[1])["status"] == "silent" and time.monotonic() < until:
            time.sleep(0.2)
        before = part(asker.view(deadline_ms=3000)[1])["status"]
        self.assertNotEqual(before, "silent")
        holder.limit_file_size(4096)  # no page of the store can be written
        self.assertEqual(part(asker.view()[1])["status"], "silent")
        self.assertEqual(holder.get("/readyz")[1]["mode"], "read-only")
        view = asker.view()[1]
        self.assertEqual((part(view)["status"], view["complete"]), ("silent", False))
        self.assertEqual(holder.stop(), 0)
        with self.node(HOLDER).up():
            until = time.monotonic() + 30
            while part(asker.view()[1])["status"] != before and time.monotonic() < until:
                time.sleep(0.2)
            self.assertEqual(part(asker.view(deadline_ms=3000)[1])["status"], before)
        self.assertEqual(asker.stop(), 0)
        self.verify(HOLDER)

    def test_a_start_on_a_full_disk_says_so_and_is_tried_again(self):
        limit = (self.made / "nodes" / ASKER / "store/ledger/data.mdb").stat().st_size
        full = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (min(limit, 8192), -1))  # noqa: E731
        started = nodes.run("node", "run", "--dir", self.made / "nodes" / ASKER, preexec=full)
        self.assertEqual(started.returncode, 75, started.stderr)
        self.assertRegex(started.stderr, r"may not grow[\s\S]*  do  +raise the limit")
        self.assert_whole(ASKER, [])

    def test_no_space_on_a_real_file_system(self):
        directory = self.made / "nodes" / ASKER
        disk = self.made.parent / "disk"
        disk.mkdir(exist_ok=True)
        size = sum(file.stat().st_size for file in (directory / "store/ledger").iterdir()) + 512 * 1024
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", disk], capture_output=True,
                          check=False).returncode != 0:
            self.skipTest("a file system cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        shutil.copytree(directory / "store/ledger", disk / "ledger")
        shutil.rmtree(directory / "store/ledger")
        config = directory / "node.toml"
        config.write_text(config.read_text().replace('"store/ledger"', json.dumps(str(disk / "ledger"))))

        node = self.node().up()
        shown = self.ask_until_read_only(node)
        self.assert_read_only(node, "no space left", shown)
        self.assertEqual(node.stop(), 0)
        self.verify(ASKER)
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        self.assert_whole(ASKER, shown)

        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        started = nodes.run("node", "run", "--dir", directory)
        self.assertEqual(started.returncode, 1, started.stderr)
        self.assertRegex(started.stderr, r"may not be written[\s\S]*  do  +give the node's user")
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        self.assert_whole(ASKER, shown)

    def test_a_folder_that_may_not_be_written_is_named_with_what_to_do(self):
        if os.geteuid() != 0:
            self.skipTest("only root can become another user")
        directory = self.made / "nodes" / ASKER
        for path in [self.made.parent, self.made, *self.made.rglob("*")]:
            if not path.is_symlink():
                os.chown(path, 65534, 65534)
        for path in (directory / "store/ledger").iterdir():
            path.chmod(0o400)
        program = self.made.parent / "ginnel"  # the build's folder may be closed to others
        shutil.copy(nodes.GINNEL, program)
        started = nodes.run("node", "run", "--dir", directory, preexec=nodes.as_nobody, program=program)
        self.assertEqual(started.returncode, 1, started.stderr)
        self.assertRegex(started.stderr, r"may not be written[\s\S]*  do  +give the node's user")

    def test_an_error_of_the_disk_stops_all_answers(self):
        if not shutil.which("strace"):
            self.skipTest("no strace")
        seen = self.made.parent / "strace.out"
        node = self.node(prefix=["strace", "-f", "-qq", "-o", str(seen), "-e", "trace=fdatasync",
                                 "-e", "inject=fdatasync:error=EIO:when=40+"])
        try:
            node.up()
        except AssertionError as error:
            if "ptrace" in str(error).lower() or "operation not permitted" in str(error).lower():
                self.skipTest("processes may not be traced here")
            raise
        shown = self.ask_until_read_only(node)
        self.assertIn("INJECTED", seen.read_text())
        self.assert_read_only(node, "input or output error", shown)
        traced = pathlib.Path(f"/proc/{node.process.pid}/task/{node.process.pid}/children").read_text().split()
        for pid in traced:
            os.kill(int(pid), signal.SIGTERM)
        node.process.wait(timeout=60)
        self.assert_whole(ASKER, shown)

    def test_power_is_cut_while_files_are_imported(self):
        entries = self.verify(ASKER)
        for after in (0.05, 0.2, 0.5, 1.0):
            with self.node().up() as node:
                reading = subprocess.Popen([nodes.GINNEL, *map(str, node.import_words(self.more[ASKER]))],
                                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
                time.sleep(after)
                node.stop(signal.SIGKILL)
                said = reading.communicate(timeout=60)[1]
                self.assertTrue(reading.returncode in (0, 4) or b"  do  " in said, said)
            now = self.verify(ASKER)
            self.assertGreaterEqual(now, entries, "an entry was lost")
            entries = now
        self.assert_whole(ASKER, [])
        with self.node().up() as node:  # what was cut off was completed, once
            again = nodes.run(*node.import_words(self.more[ASKER]))
            counts = json.loads(again.stdout.splitlines()[-1])
            for kind in ("people", "records"):
                self.assertEqual((counts[kind]["added"], counts[kind]["changed"]), (0, 0))
            self.assertEqual(node.stop(), 0)

    def test_power_is_cut_while_somebody_asks(self):
        shown = []
        for after in (0.0, 0.1, 0.3):
            with self.node().up() as node:
                for _ in range(3):
                    shown.append(node.view(deadline_ms=100, scope=[ASKER])[1]["id"])
                result = []
                asking = threading.Thread(target=lambda: result.append(self.try_view(node)))  # noqa: B023
                asking.start()
                time.sleep(after)
                node.stop(signal.SIGKILL)
                asking.join(timeout=60)
                status, view = result[0]
                if status == 200:
                    shown.append(view["id"])
            self.verify(ASKER)
        self.assert_whole(ASKER, shown)


if __name__ == "__main__":
    nodes.run_tests()
