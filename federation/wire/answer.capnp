# SPDX-License-Identifier: Apache-2.0
@0x9df1433d164bfb9a;
# Answer (kind 2): one agency's part of a case view, in pages.
#
# The header's correlation is the message id of the envelope that is answered; `ask` is what counts. Pages are sent in
# order, each in its own envelope; a page that did not come is asked for with a page request. A part is whole when all
# `pages` are there. An answer that nobody asked for is dropped as `unsolicited`, one that does not decode as
# bad-payload.
#
# Alike. A holder's not-known answers differ in nothing but ask, times and ids: items, withheld and markings are empty,
# and so is the reason; contact, dataTo, bundle and basis are those of the member, not of any child; the frame is of the
# smallest class. An answer to an ask about a concealed child is made, decided and logged in the same way.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::wire");
using Common = import "common.capnp";

enum PartStatus {
  # The word for people is in brackets. Only an asker says not-asked and silent: from a peer they are refused.
  unknown @0;    # [unknown] the holder could not complete its own lookup
  answered @1;   # [answered] some item at headline or more
  withheld @2;   # [withheld] known, nothing shown; `withheld` is not empty
  refused @3;    # [refused] the ask was rejected; says nothing of knowing; `reason` is not empty
  notKnown @4;   # [not-known] a verified miss: holds nothing that it may tell you
  notAsked @5;   # [not-asked] by policy, budget or scope
  silent @6;     # [silent] no valid answer by the deadline
  outOfDate @7;  # [out-of-date] answered from data past its currency limit; `reason` is not empty
}

struct Item {
  # One record, as far as it was permitted.
  record @0 :Data;
  # id of the record at the holder. A correction names it.
  kind @1 :Text;                 # word
  occurred @2 :Common.When;      # when it happened; may be unset
  recorded @3 :Common.When;      # when the source recorded it; may be unset
  received @4 :Int64;            # instant: when the holder's node received it
  step @5 :Common.Step;
  # What was permitted: headline, content or copyOut; else refused. Below content, fields and narrative are empty.
  headline @6 :Text;             # at most 500 bytes; one line, free of third-party detail
  fields @7 :List(Common.Field); # at most 256
  narrative @8 :Text;            # as much as the page holds
  assertion @9 :Common.Assertion;
  label @10 :Common.Label;
  # The markings go with the item: the asker decides again for its own worker, with the markings of all parts.
  author @11 :Common.Author;
  sourceSystem @12 :Text;        # at most 200 bytes; the holder's name for the system it came from
  subjectRole @13 :Common.SubjectRole;  # what the person asked about is in this record
  attachments @14 :List(Common.Attachment);  # at most 64
  replaces @15 :Data;            # id of the record that this one replaces; empty: none
  consent @16 :ConsentTold;
  # What was decided about sharing and opened it, for the asker's own decision. Added later: absent is nothing.
  supersededAt @17 :Int64;
  # instant: since when a later version holds at the holder. In an answer for a past moment alone; 0: it is the current
  # one. Added later: absent is 0.
}

enum ConsentTold {
  # Only what opened the item is told: a refusal, and who decided, stay with the holder.
  nothing @0;
  given @1;            # for this recipient and purpose, of the item's root category, at the time of the answer
  notCompetent @2;     # the person was judged not competent to decide of it
  givenForAnother @3;  # both
}

struct Withheld {
  # What there is and is not shown. Concealed records are not counted here or anywhere.
  category @0 :Text;     # word, coarsened: naming the fine one would disclose it
  count @1 :UInt32;      # records; 0 is refused
  reason @2 :Text;       # at most 500 bytes
  ask @3 :Text;          # at most 500 bytes: whom to ask
  policyTitle @4 :Text;  # at most 500 bytes; of the policy that decided. May be empty
}

struct Answer {
  ask @0 :Data;              # id of the ask
  page @1 :UInt32;           # from 0; must be below pages
  pages @2 :UInt32 = 1;      # 1 to 256
  status @3 :PartStatus;
  reason @4 :Common.Problem;
  # Set when the status is refused, unknown or outOfDate; must be empty when it is not-known.
  contact @5 :Common.Contact;
  # Whom to ring about this part.
  dataTo @6 :Int64;
  # instant: the holder's data is complete up to here. 0: it does not know.
  answeredAt @7 :Int64;
  # instant; 0 is refused.
  items @8 :List(Item);
  # At most 4096. Empty unless the status is answered or out-of-date.
  withheld @9 :List(Withheld);
  # At most 128, on the first page. Empty unless the status is answered, withheld or out-of-date.
  markings @10 :List(Text);
  # words, sorted, each once, at most 64, on the first page: the markings of what the holder holds on the person, of
  # withheld records too where telling is allowed, so that the asker's second decision knows them. Empty unless the
  # status is answered, withheld or out-of-date.
  bundle @11 :Common.BundleRef;
  # The bundle that the holder decided by.
  basis @12 :Text;
  # word, may be empty: the holder's legal basis for answering, or for having decided.
}
