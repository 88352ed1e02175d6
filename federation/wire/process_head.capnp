# SPDX-License-Identifier: Apache-2.0
@0xa051fe97e5cefa64;
# ProcessHead: the lead's word that a statutory process on one child is open, and what it proves.
#
# It travels as an encoded Signed (domain `ginnel process head v1`, the lead's numbered signing key). Whoever takes part
# in the process holds the newest one and attaches it to asks, unasked, with the salt that opens the commitment.
#
# A commitment is SHA-256("ginnel child commitment v1" || 0x00 || salt || canonical identity), where the canonical
# identity is `nhs:<number>` or `demographic:<family>|<given>|<birth date>` in the normal forms of
# docs/protocol/process-head.md, and the salt is 16 random bytes, one per head.
#
# A verifier refuses a head (and decides the ask as first contact) when: it does not decode (bad-head); the lead is not
# a member, or is revoked or suspended (head-lead-unknown, head-lead-revoked); the key number names no accepted key
# statement of the lead (head-key-unknown); the signature does not verify (head-forged); issuedAt is more than 2 minutes
# ahead (head-not-yet); expires has passed (head-expired); no commitment opens with the salt to the child asked about
# (head-wrong-child); `proves` lacks the purpose (head-wrong-purpose); the directory does not let this lead prove it
# (head-lead-may-not).

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::wire");

struct ProcessHead {
  process @0 :Data;
  # id of the process.
  lead @1 :Text;
  # member that leads, and whose key signed.
  leadEpoch @2 :UInt64;
  # Counts the moves of the lead, from 1. A head of a lower epoch than one already seen for the process is worth
  # nothing.
  number @3 :UInt64;
  # Of this head within the process, from 1.
  supersedes @4 :UInt64;
  # The number of the head that this one replaces, lower than `number`; 0: none.
  definition @5 :Text;
  # 1 to 200 bytes: name of the process definition.
  edition @6 :Text;
  # 1 to 200 bytes: its edition; the running case keeps it.
  state @7 :Text;
  # 1 to 500 bytes: where the process stands, for people.
  proves @8 :List(Text);
  # words: the purposes that this head proves, sorted, each once; 1 to 16.
  childCommitments @9 :List(Data);
  # 32 bytes each, 1 to 4: one for each form in which the lead can name the child, under the same salt. Any one that
  # opens is enough.
  issuedAt @10 :Int64;
  # instant; 0 is refused.
  expires @11 :Int64;
  # instant, after issuedAt and at most 72 hours after it.
}
