# SPDX-License-Identifier: Apache-2.0
"""A member that speaks the wire by the schemas and docs/protocol alone: ZeroMQ with CURVE, `capnp`, Ed25519.

Nothing of the program is used, so that what it says is what a stranger who read the documents can say.
"""

import hashlib
import os
import pathlib
import subprocess
import time

import zmq
import zmq.utils.z85 as z85
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "federation/wire"
CLASSES = (1024, 4096, 16384, 65536, 262144)  # bytes of a frame
SIGNED_BYTES = 120
ASK, DIRECTORY = 1, 10
SEND_MS_MAX = 20_000  # a line that its node does not take from


def capnp(verb, schema, kind, content):
    done = subprocess.run(["capnp", verb, "-I/usr/include", str(SCHEMAS / schema), kind], input=content,
                          capture_output=True, check=False)
    if done.returncode != 0:
        raise ValueError(done.stderr.decode(errors="replace"))
    return done.stdout


def data(value):
    return '0x"' + bytes(value).hex() + '"' if value else '""'


def text(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def struct(**fields):
    return "(" + ", ".join(f"{name} = {value}" for name, value in fields.items()) + ")"


def key_of(hexed):
    return bytes.fromhex(hexed.strip())


class Member:
    """The spare: its keys, a connection to one node, and a door at which its peers may knock."""

    def __init__(self, facts, victim, statement):
        folder = pathlib.Path(facts["spare"]["keyDir"])
        self.id = facts["spare"]["id"]
        self.signing = Ed25519PrivateKey.from_private_bytes(key_of((folder / "signing").read_text()))
        self.curve = z85.encode(key_of((folder / "curve").read_text()))
        self.victim = victim
        self.endpoint, self.server = statement["endpoints"][0], z85.encode(key_of(statement["curveKey"]))
        self.context = zmq.Context()
        self.templates = {}

    def close(self):
        self.context.destroy(linger=0)

    def dealer(self, curve=None, queue=1000):
        socket = self.context.socket(zmq.DEALER)
        socket.curve_secretkey = curve or self.curve
        socket.curve_publickey = zmq.curve_public(curve or self.curve)
        socket.curve_serverkey = self.server
        socket.linger, socket.sndhwm, socket.sndtimeo = 0, queue, SEND_MS_MAX
        socket.connect(self.endpoint)
        return socket

    def door(self, endpoint, queue=1000):
        """Where the nodes deliver; a slow reader does not read from it."""
        socket = self.context.socket(zmq.ROUTER)
        socket.curve_server, socket.curve_secretkey = True, self.curve
        socket.linger, socket.rcvhwm = 0, queue
        socket.bind(endpoint)
        return socket

    # --- frames

    def envelope(self, payload=b"", **changes):
        now = int(time.time() * 1000)
        fields = {"version": 1, "kind": ASK, "from": text(self.id), "to": text(self.victim), "fromIncarnation": 1,
                  "toIncarnation": 1, "sentAt": now, "expires": now + 60_000, "id": data(os.urandom(16)),
                  "directoryVersion": 1, "payload": data(payload)}
        fields.update(changes)
        return fields

    def frame(self, fields, signer=None, key_number=1):
        """A frame of the smallest class that holds it."""
        plain = capnp("encode", "envelope.capnp", "Envelope", struct(**fields).encode())
        size = next((one for one in CLASSES if one >= len(plain) + SIGNED_BYTES), CLASSES[-1])
        padding = max(size - len(plain) - SIGNED_BYTES, 0)
        padded = capnp("encode", "envelope.capnp", "Envelope", struct(**fields, padding=data(bytes(padding))).encode())
        return self.signed(padded, signer, key_number)

    def signed(self, content, signer=None, key_number=1):
        root = hashlib.sha256(b"\0" + content).digest()
        signature = (signer or self.signing).sign(b"ginnel message v1\0" + root)
        return capnp("encode", "signed.capnp", "Signed",
                     struct(bytes=data(content), keyNumber=key_number, signature=data(signature)).encode())


def field_bytes(message, number):
    """A Data field, the `number`th pointer of the root, by the encoding's own rules. One segment."""
    words = memoryview(message)[8:]
    root = int.from_bytes(words[0:8], "little")
    pointer_at = ((root >> 2 & 0x3FFFFFFF) + 1 + (root >> 32 & 0xFFFF) + number) * 8
    pointer = int.from_bytes(words[pointer_at:pointer_at + 8], "little")
    start = pointer_at + 8 + (pointer >> 2 & 0x3FFFFFFF) * 8
    return bytes(words[start:start + (pointer >> 35)])


SIGNED_CONTENT, ENVELOPE_PAYLOAD = 0, 4


def ask_about(nhs_number, worker=bytes(range(1, 17))):
    """The payload of a genuine ask."""
    now = int(time.time() * 1000)
    claims = struct(worker=data(worker), role=text("social_worker"), purpose=text("child_protection"),
                    basis=text("public_task"), namedReason=text("test"))
    return capnp("encode", "ask.capnp", "Ask",
                 struct(id=data(os.urandom(16)), about="(identity = (nhsNumber = " + text(nhs_number) + "))",
                        aboutRole="child", claims=claims, highest="content", deadline=now + 60_000).encode())
