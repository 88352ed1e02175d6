# SPDX-License-Identifier: Apache-2.0
"""A member of good standing turns on a node: nothing that it sends changes the node, fills it, or slows honest work."""

import argparse
import contextlib
import json
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fault"))
import nodes  # noqa: E402
import wire  # noqa: E402
import zmq  # noqa: E402
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: E402

ASKER, VICTIM = "bradford-csc", "wy-police"
MANY = 100_000
GROWTH_BYTES_MAX = 64 << 20  # of resident memory, under all that is sent
# Of the 95th percentiles, under attack and before it. The promise is 2, on a machine that is the node's alone; where the
# attacker, the asker and the victim share two processors with whatever else runs, the test allows twice that.
HONEST_RATIO_MAX = 4.0
HONEST_ASKS = 60
SETTLE_SECONDS_MAX = 60


def resident(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmRSS")


def p95(times):
    return sorted(times)[int(len(times) * 0.95)]


class HostileMember(nodes.FederationTest):
    NODE = VICTIM

    @classmethod
    def prepare(cls):
        told = nodes.run("member", "list", "--dir", cls.made / "nodes" / VICTIM, "--json")
        assert told.returncode == 0, told.stderr
        cls.statements = {one["member"]: one["keyStatement"] for one in json.loads(told.stdout)["members"]}
        cls.child = next(child for child in cls.facts["children"] if child["story"] == "moved-twice")
        cls.spare_endpoint = cls.statements["spare"]["endpoints"][0]

    def setUp(self):
        super().setUp()
        self.spare = wire.Member(self.facts, VICTIM, self.statements[VICTIM])
        self.addCleanup(self.spare.close)

    def node(self, node_id=None, **options):
        return super().node(node_id, **options).up()

    def counters(self, node):
        lines = re.findall(r'(?m)^(ginnel_\w+(?:\{reason="[^"]+"\})?) (\d+)$', node.get("/metrics")[1])
        return {re.sub(r'ginnel_dropped_total\{reason="([^"]+)"\}', r"\1", name): int(value) for name, value in lines}

    def ledger(self, node_id=VICTIM):
        """Of a stopped node: how many entries, and that all of it verifies. Each start writes one."""
        verified = nodes.run("ledger", "verify", "--dir", self.made / "nodes" / node_id)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        return int(re.match(r"([\d,]+) entries", verified.stdout)[1].replace(",", ""))

    def until(self, holds, seconds=SETTLE_SECONDS_MAX):
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                self.fail("it did not come to that")
            time.sleep(0.05)

    def dropped(self, node, reason, send, count=1):
        """What is sent is dropped for that reason and no other; nothing is answered."""
        before = self.counters(node)
        send()
        self.until(lambda: self.counters(node)[reason] >= before[reason] + count)
        after = self.counters(node)
        self.assertEqual(after[reason], before[reason] + count, reason)
        self.assertEqual(after["ginnel_asks_answered_total"], before["ginnel_asks_answered_total"], reason)

    def test_01_what_is_not_the_members_own_fresh_word_changes_nothing(self):
        before = self.ledger()
        node = self.node()
        spare, line = self.spare, self.spare.dealer()
        ask = wire.ask_about(self.child["nhsNumber"])
        strangers = Ed25519PrivateKey.generate()
        text = wire.text
        now = int(time.time() * 1000)
        for reason, frame in (
                ("bad-signature", spare.frame(spare.envelope(ask), signer=strangers)),
                ("sender-mismatch", spare.frame(spare.envelope(ask, **{"from": text(ASKER)}))),
                ("unknown-key", spare.frame(spare.envelope(ask), key_number=2)),
                ("wrong-recipient", spare.frame(spare.envelope(ask, to=text(ASKER)))),
                ("wrong-to-incarnation", spare.frame(spare.envelope(ask, toIncarnation=2))),
                ("wrong-from-incarnation", spare.frame(spare.envelope(ask, fromIncarnation=2))),
                ("expired", spare.frame(spare.envelope(ask, sentAt=now - 60_000, expires=now - 1))),
                ("sent-in-future", spare.frame(spare.envelope(ask, sentAt=now + 600_000, expires=now + 900_000))),
                ("lives-too-long", spare.frame(spare.envelope(ask, expires=now + 7_200_000))),
                ("unsupported-version", spare.frame(spare.envelope(ask, version=9))),
                ("malformed", bytes(1024)),
                ("not-a-size-class", bytes(1000)),
        ):
            with self.subTest(reason):
                self.dropped(node, reason, lambda f=frame: line.send(f))
        flipped = bytearray(spare.frame(spare.envelope(ask)))
        flipped[200] ^= 1
        self.until(lambda: line.send(bytes(flipped)) is None)
        time.sleep(0.3)
        self.assertEqual(self.counters(node)["ginnel_asks_answered_total"], 0)
        self.assertEqual(node.stop(), 0)
        self.assertEqual(self.ledger(), before + 1, "but for the start nothing was written")

    def test_02_a_replay_is_nothing_on_the_same_line_on_another_and_after_a_restart(self):
        node = self.node()
        spare, line = self.spare, self.spare.dealer()
        frame = spare.frame(spare.envelope(wire.ask_about(self.child["nhsNumber"])))
        line.send(frame)
        self.until(lambda: self.counters(node)["ginnel_asks_answered_total"] == 1)
        self.dropped(node, "replayed", lambda: [line.send(frame) for _ in range(20)], count=20)
        second = spare.dealer()
        self.dropped(node, "replayed", lambda: second.send(frame))
        self.assertEqual(node.stop(), 0)
        once = self.ledger()
        again = self.node()
        third = spare.dealer()
        self.dropped(again, "replayed", lambda: third.send(frame))
        self.assertEqual(again.stop(), 0)
        self.assertEqual(self.ledger(), once + 1)

    def test_03_a_gigabyte_claimed_and_deep_nesting_cost_nothing(self):
        before = self.ledger()
        node = self.node()
        was = resident(node.process.pid)
        spare, line = self.spare, self.spare.dealer()
        # A ZeroMQ header that claims a gigabyte, before and instead of a handshake.
        host, port = spare.endpoint.removeprefix("tcp://").split(":")
        for greeting in (b"", b"\xff" + bytes(8) + b"\x7f" + b"\x03\x01" + b"CURVE".ljust(20, b"\0") + bytes(32)):
            with socket.create_connection((host, int(port))) as raw:
                raw.sendall(greeting + b"\x06" + (1 << 30).to_bytes(8, "big") + bytes(4096))
                time.sleep(0.2)
        # A message in a Cap'n Proto table that claims one, and a Signed whose list does.
        claims = (0).to_bytes(4, "little") + (1 << 27).to_bytes(4, "little")
        self.dropped(node, "malformed", lambda: line.send((claims + bytes(1016))))
        genuine = bytearray(spare.frame(spare.envelope(wire.ask_about(self.child["nhsNumber"]))))
        pointer = 8 + (1 + 2) * 8
        genuine[pointer + 4:pointer + 8] = ((1 << 29) - 1 << 3 | 2).to_bytes(4, "little")
        self.dropped(node, "malformed", lambda: line.send(bytes(genuine)))
        # A pointer that names the word it stands in, over and over; and many structs, one in the other.
        deep = bytearray((0).to_bytes(4, "little") + (127).to_bytes(4, "little") + bytes(1016))
        for word in range(127):
            deep[8 + 8 * word:16 + 8 * word] = (0 << 2 | 0 | 1 << 48).to_bytes(8, "little")
        self.dropped(node, "malformed", lambda: line.send(bytes(deep)))
        payload = bytes(deep[:8 * 100])
        self.dropped(node, "bad-payload", lambda: line.send(spare.frame(spare.envelope(payload))))
        # Over what a node reads at all: the line is closed, and the node goes on.
        line.send(bytes(64 << 20))
        time.sleep(1)
        other = spare.dealer()
        self.dropped(node, "not-a-size-class", lambda: other.send(bytes(1000)))
        self.assertLess(resident(node.process.pid) - was, GROWTH_BYTES_MAX)
        self.assertEqual(node.stop(), 0)
        self.assertEqual(self.ledger(), before + 1)

    def honest(self, asker, count=HONEST_ASKS):
        times = []
        for _ in range(count):
            start = time.monotonic()
            status, view = asker.view(scope=[VICTIM], deadline_ms=5000)
            times.append(time.monotonic() - start)
            self.assertEqual(status, 200, view)
            part = next(part for part in view["parts"] if part["agency"] == VICTIM)
            self.assertIn(part["status"], ("answered", "withheld"), part)
        return times

    def test_04_a_hundred_thousand_messages_leave_honest_work_and_memory_alone(self):
        node, asker = self.node(), self.node(ASKER)
        spare = self.spare
        self.honest(asker, 20)
        was = resident(node.process.pid)
        normal = self.honest(asker)
        replay = spare.frame(spare.envelope(wire.ask_about(self.child["nhsNumber"])))
        spoiled = spare.frame(spare.envelope(b""), signer=Ed25519PrivateKey.generate())
        before = self.counters(node)
        sent, stop = [0], threading.Event()

        line = spare.dealer()  # it stays until all is delivered

        def flood():
            line.send(replay)
            for number in range(MANY):
                if stop.is_set():
                    return
                line.send(replay if number % 2 else spoiled)
                sent[0] += 1

        thread = threading.Thread(target=flood)
        thread.start()
        self.addCleanup(stop.set)
        attacked = []
        while thread.is_alive() or len(attacked) < HONEST_ASKS:
            attacked += self.honest(asker, 5)
        thread.join()
        self.assertEqual(sent[0], MANY)
        self.until(lambda: self.counters(node)["replayed"] + self.counters(node)["bad-signature"] >= MANY, 120)
        after = self.counters(node)
        # The first of the replayed was taken, once.
        self.assertEqual(after["replayed"] - before["replayed"], MANY // 2)
        self.assertEqual(self.counters(asker)["ginnel_asks_answered_total"], 0)
        self.assertEqual(after["bad-signature"] - before["bad-signature"], MANY // 2)
        grown = resident(node.process.pid) - was
        ratio = p95(attacked) / p95(normal)
        print(f"\n100,000 messages: honest p95 {p95(normal) * 1000:.1f} ms before, {p95(attacked) * 1000:.1f} ms under "
              f"them (ratio {ratio:.2f}, medians {statistics.median(normal) * 1000:.1f} and "
              f"{statistics.median(attacked) * 1000:.1f}); resident memory grew {grown >> 10} KiB")
        self.assertLess(grown, GROWTH_BYTES_MAX)
        self.assertLess(ratio, HONEST_RATIO_MAX)

    def test_05_a_slow_reader_is_not_waited_for(self):
        node, asker = self.node(), self.node(ASKER)
        spare = self.spare
        self.honest(asker, 20)
        normal = self.honest(asker)
        door = spare.door(self.spare_endpoint, queue=1)
        self.addCleanup(door.close)
        was = resident(node.process.pid)
        line = spare.dealer()
        # Genuine asks, each answered once, whose answers nobody fetches.
        frames = [spare.frame(spare.envelope(wire.ask_about(self.child["nhsNumber"]))) for _ in range(200)]
        before = self.counters(node)["ginnel_asks_answered_total"]
        for frame in frames:
            line.send(frame)
        attacked = self.honest(asker)
        self.until(lambda: self.counters(node)["ginnel_asks_answered_total"] >= before + 200 + HONEST_ASKS)
        grown = resident(node.process.pid) - was
        print(f"\na slow reader: honest p95 {p95(normal) * 1000:.1f} ms before, {p95(attacked) * 1000:.1f} ms beside it; "
              f"resident memory grew {grown >> 10} KiB")
        self.assertLess(grown, GROWTH_BYTES_MAX)
        self.assertLess(p95(attacked) / p95(normal), HONEST_RATIO_MAX)

    def test_06_an_old_directory_and_a_revoked_key_bring_nothing_back(self):
        trustees = {name: self.node(name) for name in ("leeds-csc", "kirklees-csc", ASKER, VICTIM)}
        node, spare = trustees[VICTIM], self.spare
        door = spare.door(self.spare_endpoint)
        self.addCleanup(door.close)
        # Who says that it holds none is sent the list.
        line = spare.dealer()
        payload = self.sent_directory(
            door, lambda: line.send(spare.frame(spare.envelope(wire.ask_about("9990000018"), directoryVersion=0))))
        self.revoke("calderdale-csc")
        self.until(lambda: self.standing("calderdale-csc") == "revoked")
        before = self.directory_version()
        for _ in range(3):
            line.send(spare.frame(spare.envelope(payload, kind=wire.DIRECTORY, directoryVersion=0)))
        time.sleep(1)
        self.assertEqual(self.standing("calderdale-csc"), "revoked", "an old list was taken")
        self.assertEqual(self.directory_version(), before)
        self.revoke("spare")
        self.until(lambda: self.standing("spare") == "revoked")
        answered = self.counters(node)["ginnel_asks_answered_total"]
        late = spare.dealer()
        for one in (line, late):
            # Who was refused at the door has no line any more: nothing is sent, and there is nothing to wait for.
            for _ in range(10):
                with contextlib.suppress(zmq.Again):
                    one.send(spare.frame(spare.envelope(wire.ask_about(self.child["nhsNumber"]))), zmq.DONTWAIT)
        time.sleep(1)
        self.assertEqual(self.counters(node)["ginnel_asks_answered_total"], answered, "a revoked key was heard")
        self.assertGreater(self.counters(node)["ginnel_handshakes_rejected_total"], 0)

    def sent_directory(self, door, ask):
        end = time.monotonic() + SETTLE_SECONDS_MAX
        while time.monotonic() < end:
            if not door.poll(500):
                ask()  # the node may not have found the door yet
                continue
            frame = door.recv_multipart()[-1]
            content = wire.field_bytes(frame, wire.SIGNED_CONTENT)
            told = wire.capnp("decode", "envelope.capnp", "Envelope", content).decode()
            if re.search(rf"kind = {wire.DIRECTORY}\b", told):
                return wire.field_bytes(content, wire.ENVELOPE_PAYLOAD)
        self.fail("no list was sent")

    def listed(self):
        told = nodes.run("member", "list", "--dir", self.made / "nodes" / VICTIM, "--json")
        self.assertEqual(told.returncode, 0, told.stderr)
        return json.loads(told.stdout)

    def standing(self, member):
        return next(one["standing"] for one in self.listed()["members"] if one["member"] == member)

    def directory_version(self):
        return self.listed()["directoryVersion"]

    def revoke(self, member):
        desk = pathlib.Path(tempfile.mkdtemp(dir=self.root))
        papers = desk / "revocation.papers"

        def sign(*words):
            done = subprocess.run([nodes.GINNEL, "member", "revoke", member, *map(str, words)], input=member + "\n",
                                  capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

        sign("--reason", "test", "--dir", self.made / "nodes/leeds-csc", "--out", papers)
        for name in ("kirklees-csc", ASKER, VICTIM):
            sign("--papers", papers, "--dir", self.made / "nodes" / name)
        sign("--papers", papers, "--identity-key", self.made / "members/wy-icb", "--as", "wy-icb", "--trust",
             self.made / "nodes/leeds-csc/trust.toml")
        adopted = nodes.run("member", "adopt", papers, "--dir", self.made / "nodes" / VICTIM)
        self.assertEqual(adopted.returncode, 0, adopted.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--ginnel", required=True)
    known, rest = parser.parse_known_args()
    nodes.GINNEL = known.ginnel
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
