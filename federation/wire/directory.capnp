# SPDX-License-Identifier: Apache-2.0
@0xd2485ab079b4507b;
# The directory of members, and the key statements that travel beside it.
#
# A directory is one document for the whole federation. It is valid when every group of the trustee rule that the
# reader has *pinned in its own configuration* is satisfied: in West Yorkshire 3 of the 5 authorities, and the police,
# and the integrated care board. A node keeps the highest valid version, refuses an older one, and raises an alarm with
# both as evidence on two valid ones of the same version. Past 60 days a directory warns; past 90 it serves only the
# purposes that the configuration names (s46, s47), with a banner; past 180 nothing.
#
# A directory travels from peer to peer as kind 10 in parts (DirectoryPart), a key statement as kind 11 (the payload is
# the encoded Signed). Neither trusts its bringer.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::wire");
using Common = import "common.capnp";

struct Member {
  # An organisation in the federation.
  id @0 :Text;            # member
  kind @1 :Text;          # word of the vocabulary: social_care, health, police, ...
  name @2 :Text;          # 1 to 200 bytes; for people
  duty @3 :Common.Contact;
  # Whom to ring, day and night. Stands in every view, so a member without a telephone number is refused; and so is one
  # whose texts here are longer than 200 bytes together, because a not-known answer carries them in the smallest frame.
  identityKey @4 :Data;
  # 32 bytes, Ed25519. Signs this member's key statements. Two members with one key are refused.
  holdsRecords @5 :Bool = true;
  # false: never in the scope of a view, gets no part.
  mayProve @6 :List(Text);
  # words, sorted, each once, at most 16: purposes that a process head signed by this member can prove. Empty: none.
  revokedSince @7 :Int64;
  # instant. Set: the member is out, at once, whatever the date; its keys admit nobody.
  suspendedSince @8 :Int64;
  # instant. Set: not heard until a directory that does not say so.
  actsFor @9 :Text;
  # member that is accountable for what this one does (a trust that operates for a council); empty: itself.
  hostedBy @10 :Text;
  # member whose machine runs this one's node; empty: its own. The host is a processor, and no more: keys, policy and
  # ledger are the hosted member's.
}

struct Trustee {
  id @0 :Text;   # member id; it need not be a member with a node
  key @1 :Data;  # 32 bytes, Ed25519; its identity key
}

struct TrusteeGroup {
  name @0 :Text;                # word
  needed @1 :UInt32;            # how many of these must sign; 1 to the number of trustees, else refused
  trustees @2 :List(Trustee);   # 1 to 32
}

struct Directory {
  version @0 :UInt64;               # counts up from 1; 0 is refused
  issuedAt @1 :Int64;               # instant; more than a day ahead of the reader's clock is refused
  members @2 :List(Member);         # sorted by id, each once (else refused); at most 16384
  trusteeRule @3 :List(TrusteeGroup);
  # 1 to 8 groups: the rule that this document was signed under. A reader whose pinned rule differs refuses the document
  # (trustee-rule-differs) and tells its operator; it never takes the rule from here.
}

struct Endorsement {
  trustee @0 :Text;    # member id of the trustee
  signature @1 :Data;
  # 64 bytes: Ed25519 over "ginnel directory v1" || 0x00 || SHA-256(0x00 || bytes), as in signed.capnp for a batch of
  # one. One that does not verify, of a stranger, or a second one of the same trustee, counts for nothing.
}

struct SignedDirectory {
  bytes @0 :Data;                        # an encoded Directory; at most 8 MiB
  endorsements @1 :List(Endorsement);    # at most 64
}

struct DirectoryPart {
  # A stretch of an encoded SignedDirectory: kind 10. Parts are equally long but for the last.
  version @0 :UInt64;  # of the directory
  sha256 @1 :Data;     # 32 bytes: of the whole encoded SignedDirectory
  part @2 :UInt32;     # from 0; must be below parts
  parts @3 :UInt32;    # 1 to 64
  bytes @4 :Data;      # 1 byte to 192 KiB
}

struct KeyStatement {
  # A member's own word on its keys; an encoded Signed with domain `ginnel key statement v1` and key number 0.
  #
  # Refused: of nobody in the directory or of a revoked member; a signature that is not by the identity key; a number
  # or an incarnation below the newest held; a key that another member's statement holds (key-in-use: it would speak for
  # both). Two genuine ones with one number are an alarm.
  member @0 :Text;              # member
  number @1 :UInt32;            # counts up from 1
  signingKey @2 :Data;          # 32 bytes, Ed25519: messages and process heads
  curveKey @3 :Data;            # 32 bytes, Curve25519: CURVE, as client and as server
  oprfKey @4 :Data;             # 32 bytes, ristretto255: the public key of lookup proofs; empty: publishes no table
  endpoints @5 :List(Text);     # at most 8, each at most 200 bytes, `tcp://host:port`; version 1 uses the first
  incarnation @6 :UInt64;       # from 1; one more after every restore
  validFrom @7 :Int64;          # instant
  validUntil @8 :Int64;         # instant, after validFrom and at most 400 days after it
  supersedes @9 :UInt32;        # number of the statement that this one replaces, lower than `number`; 0: none
  supersededUntil @10 :Int64;
  # instant until which that one is still accepted, so that rotation has an overlap; 0: until its own validUntil. A
  # member whose key was stolen sets the past.
}
