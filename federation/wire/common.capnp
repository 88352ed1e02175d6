# SPDX-License-Identifier: Apache-2.0
@0xe4da3d0c53fee976;
# What several messages share: words, times, people to ring, labels.
#
# Rules that hold in every schema of this folder
#
# - A message is one Cap'n Proto message in the standard stream framing (segment table, then segments), its length a
#   multiple of 8, with nothing after it. Readers accept several segments; writers write one. Packing is not used.
# - A reader sets a traversal limit of four times the message's words plus 128, and a nesting limit of 12. What goes
#   past either is refused whole.
# - A field that a reader does not know is ignored. An enum value that it does not know is refused: the message is.
# - Texts are valid UTF-8 without U+0000. Lengths are counted in bytes. A text past its limit is refused whole; nothing
#   is ever cut short.
# - A *word* is 1 to 64 bytes of printable ASCII without spaces unless it says that it may be empty. Words of the closed
#   lists (purpose, basis, role, category, kind, marking) travel as such, because packs add words: a word that the
#   reader's vocabulary lacks passes the decoder and is refused by the gate.
# - Control characters in other texts travel as they are: whoever shows a text escapes it.
# - An id is 16 random bytes; where none may stand, it is empty. All zero is never an id.
# - A member is the member's id: 2 to 40 characters of a-z, 0-9 and hyphen, a letter first.
# - An instant is Int64 milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted; 0 is "not set"; below 0, and
#   after the year 2201, is refused.
# - A date is UInt32 YYYYMMDD in the Gregorian calendar, Europe/London; 0 is "not set"; a day that does not exist is
#   refused.
# - Fields and enum values are only ever added. A number is never used twice.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::wire");

enum Step {
  # The ladder: how much of a record. Each includes the ones before it.
  none @0;      # nothing, not even that it exists
  exists @1;    # counted, with coarsened category and whom to ask
  headline @2;  # one line, its times, kind, category, author
  content @3;   # fields and narrative
  copyOut @4;   # may be kept beyond the view
}

enum SubjectRole {
  # What somebody is in a record, or as what they are asked about.
  child @0;
  parent @1;
  carer @2;
  household @3;
  thirdParty @4;
}

enum Assertion {
  fact @0;
  opinion @1;
}

enum Precision {
  # How much of a When is real. What is not known is not invented.
  none @0;      # nothing is known
  minute @1;    # the instant
  day @2;
  month @3;     # the day of `date` is 1
  year @4;      # the month and day of `date` are 1
  expected @5;  # an expected date of birth
}

struct When {
  # A moment as a source gave it.
  at @0 :Int64;
  # instant. Set exactly when precision is minute; refused otherwise.
  date @1 :UInt32;
  # date, the local one. Set unless precision is none; refused otherwise.
  precision @2 :Precision;
}

struct Contact {
  # Whom to ring. Every field may be empty.
  name @0 :Text;   # at most 200 bytes
  role @1 :Text;   # at most 200 bytes
  team @2 :Text;   # at most 200 bytes
  phone @3 :Text;  # at most 200 bytes; as people write it
  hours @4 :Text;  # at most 200 bytes; when somebody answers, in words
}

struct Problem {
  # A refusal or a failure: the payload of kind `error`, and the reason of a part.
  #
  # As a payload it is about the message that the header's correlation names. It never holds personal data.
  code @0 :Text;      # word; stable, kebab-case. May be empty only where there is no problem (Answer.reason)
  sentence @1 :Text;  # at most 2000 bytes; for people
  remedy @2 :Text;    # at most 2000 bytes; what a person can do
  id @3 :Text;        # word, may be empty; stands in both nodes' logs
}

struct BundleRef {
  # The federation's policy bundle that somebody decides by.
  version @0 :UInt64;  # counts up; 0: no bundle
  hash @1 :Data;       # 32 bytes: SHA-256 of the signed bundle; or empty: none
}

struct Field {
  # A named value that a person reads.
  name @0 :Text;   # 1 to 500 bytes
  value @1 :Text;  # at most 16384 bytes
}

struct Author {
  # Who wrote it down, as the source tells it. Every field may be empty, at most 200 bytes.
  name @0 :Text;
  role @1 :Text;
  team @2 :Text;
  contact @3 :Text;
}

struct Attachment {
  # That there is a file, and how to know it. Its bytes are asked for by hash.
  name @0 :Text;       # 1 to 500 bytes; a file name without folder
  mediaType @1 :Text;  # at most 200 bytes
  sizeBytes @2 :UInt64;
  sha256 @3 :Data;     # 32 bytes
}

struct Label {
  # What policy needs to know of a record.
  category @0 :Text;         # word, dotted
  sensitivity @1 :UInt8;     # 0 involvement and contact .. 4 professional decision only; above 4 is refused
  markings @2 :List(Text);   # words, sorted, each once; at most 64
  handling @3 :Text;         # at most 200 bytes: `official`, `official_sensitive`, or a police 3x5x2 code
  owner @4 :Text;            # member that answers for the record; empty only in a record not yet owned
  retentionRule @5 :Text;    # at most 64 bytes; the owner's rule. Empty between members: it stays at home
  retentionReview @6 :UInt32;  # date on which somebody looks at its keeping again; 0: none planned
  addressedTo @7 :Text;      # member for whom its author wrote it; empty: for nobody in particular. Added later: whoever
                             # does not know it opens nothing because of it
}
