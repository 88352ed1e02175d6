# SPDX-License-Identifier: Apache-2.0
@0xb6f1d24c8ea35907;
# A transfer of the lead: the statements of both sides (kind 17), what a restored node asks (18), and what it hears (19).
#
# A transfer is two lists of signed statements, one of the originator and one of the receiver. Who says something
# appends to their own and to nothing else. A message holds all that its sender has of one transfer, so it may be lost,
# come twice or late: who reads it takes what is new. What it shows of the reader's own statements is the sender's word
# that it holds them. docs/protocol/transfer.md has the rules of what may follow what.
#
# A statement travels as an encoded Signed (domain `ginnel transfer statement v1`, a numbered signing key of `by`). Its hash is
# SHA-256(0x00 || bytes), the leaf that was signed. It names no child: `child` is a commitment as in a process head, which
# the bundle opens.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::wire");
using Common = import "common.capnp";

enum Said {
  # o: the originator's. r: the receiver's. By people, but for those marked *, which the node says by itself.
  none @0;        # refused
  offer @1;       # o  first, once
  bundle @2;      # o* what there is to fetch now, by the hash of its manifest
  cancel @3;      # o  before release
  release @4;     # o  after the receiver's acceptance; cannot be taken back
  discharged @5;  # o* holds the assumption, and is accountable no longer
  received @6;    # r* first: notified
  complete @7;    # r* holds everything that the manifest names
  accept @8;      # r  will hold the conference
  decline @9;     # r  before acceptance
  conference @10; # r  was held
  acceptance @11; # r  of responsibility, in writing
  cancelled @12;  # r* acknowledges the cancellation
  assume @13;     # r* leads from here on; by a person where something of the bundle is missing
  note @14;       # both: a word to the other side that changes nothing
}

struct TransferStatement {
  transfer @0 :Data;   # id of the transfer
  said @1 :Said;
  by @2 :Text;         # member that says it
  number @3 :UInt32;   # of its statements in this transfer, from 1 without gaps; at most 48
  previous @4 :Data;   # 32 bytes: hash of its statement before; empty exactly when number is 1
  seen @5 :Data;       # 32 bytes: hash of the other side's newest that it held; empty: none
  at @6 :Int64;        # instant; not before that of `previous` and of `seen`
  who @7 :Text;        # at most 200 bytes: name and role of the person; empty exactly in what the node says by itself
  text @8 :Text;       # at most 1000 bytes; not empty in cancel, decline, acceptance and note, and in an assume by a person
  offer @9 :Offered;   # of an offer
  manifest @10 :Data;  # 32 bytes: of bundle, complete, release, assume; else empty. SHA-256 of an encoded TransferManifest
                       # (transfer_manifest.capnp)
  held @11 :Common.When;  # day or minute of a conference; else not set
}

struct Offered {
  process @0 :Data;     # id of the process, the same at both
  epoch @1 :UInt64;     # of the lead that the originator has, from 1; the receiver's will be one higher
  to @2 :Text;          # member that is to lead
  definition @3 :Text;  # at most 200 bytes: of the process
  move @4 :Text;        # word of the list `move_kind`
  child @5 :Data;       # 32 bytes: commitment to the child
}

struct Transfer {
  transfer @0 :Data;            # id
  originator @1 :List(Data);    # encoded Signed of at most 2560 bytes, by number; at most 48
  receiver @2 :List(Data);      # the same
  wantsReply @3 :Bool;          # the sender does not know yet that the other holds all of its statements
}

struct TransferRecall {
  # The sender was restored from a backup. It asks what it may have said since, and says nothing new before it knows.
}

struct TransferRecalled {
  # Every transfer between the two, with how many statements of each side the sender holds.
  transfers @0 :List(Held);  # newest first; at most 4096

  struct Held {
    transfer @0 :Data;      # id
    originator @1 :UInt32;
    receiver @2 :UInt32;
  }
}
