# SPDX-License-Identifier: Apache-2.0
@0x81a75ff6861b1b73;
# Notices (kind 5) and receipt (kind 6): what an agency tells another unasked, and the proof that it arrived.
#
# A message of kind notice carries 1 to 64 notices under one signature. A notice's id is stable: it is the same in every
# transmission, while each envelope has its own. The recipient keeps what it takes and the fact that it took it in one
# commit, and answers with a receipt: a Signed (domain `ginnel receipt v1`) of its own inside the signed message, so
# that the sender can keep it as evidence without keeping the message. A notice that comes again gets the stored receipt
# again, byte for byte; so one message may be answered by several receipts.
#
# Which child. A notice never names anybody. It names an ask that both members have already exchanged about the child,
# and which of the two asked it. Who never spoke with a member about a child can so never be told that there is one, and
# a recipient that finds no such ask between it and the sender refuses, whatever it knows of the child by other ways.
#
# Order. `number` counts up over all notices from this sender to this recipient. A sender does not send a notice about a
# child before the earlier ones about the same child are settled, except in the same message, in order. Between children
# there is no order: one that is stuck holds up nobody else.
#
# What is told. `record` and `replaces` are ids of the sender's records. Headline and content stand in `item`, as far as
# the sender's policy permitted at the moment of sending; where only the existence may be told, `category`, `reason` and
# `contact` are all there is. A notice that withdraws something always arrives with `replaces`: what it names was told
# to the recipient before, and whatever was made of it no longer holds.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::wire");
using Common = import "common.capnp";
using Answer = import "answer.capnp";

struct Notice {
  id @0 :Data;
  # id of the notice.
  number @1 :UInt64;
  # Counts the notices from this sender to this recipient; 0 is refused.
  ask @2 :Data;
  # id of the ask by which both know the child.
  askedBySender @3 :Bool;
  # The sender asked it; otherwise the recipient did.
  kind @4 :Text;
  # word of the list `notice_kind`: new-record, correction, retraction, wrong-child, involvement.
  at @5 :Int64;
  # instant when the sender wrote it down, before any waiting; 0 is refused.
  record @6 :Data;
  # id of the sender's record that it is about; empty: none, or only its existence is told: an answer gives no id then
  # either.
  replaces @7 :Data;
  # id of a record that the recipient was told and that no longer holds; empty: none, or they were told only that it
  # exists, and the kind says that it holds no longer.
  step @8 :Common.Step;
  # How much of `record` is told: none, exists, headline, content or copyOut.
  item @9 :Answer.Item;
  # Set exactly when step is headline or more; its record and step are those of the notice.
  category @10 :Text;
  # word, as named to this recipient (coarsened); may be empty.
  reason @11 :Text;
  # At most 500 bytes: why not more, or why it was withdrawn. May be empty.
  contact @12 :Common.Contact;
  # Whom to ring about it.
  markings @13 :List(Text);
  # words, sorted, each once, at most 64: those on the child that the recipient's own decision must know of.
}

struct Notices {
  notices @0 :List(Notice);  # 1 to 64, by rising number, no id twice; else refused
}

enum Outcome {
  taken @0;
  # Kept and shown to whom it concerns.
  refused @1;
  # Will never be taken: the ask is none between the two, or the kind is unknown. Which of these, and whether the
  # recipient knows the child, is not told.
  later @2;
  # Not now; send it again. Such a line is in no stored receipt.
}

struct ReceiptLine {
  notice @0 :Data;
  outcome @1 :Outcome;
}

struct Receipt {
  # The bytes of the inner Signed.
  to @0 :Text;
  # member: whose notices they were.
  by @1 :Text;
  # member: who took them.
  at @2 :Int64;
  # instant of the commit's turn; 0 is refused.
  lines @3 :List(ReceiptLine);
  # 1 to 64, no notice twice.
}
