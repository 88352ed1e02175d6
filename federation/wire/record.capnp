# SPDX-License-Identifier: Apache-2.0
@0xd9ccecccab740ada;
# Record and Person as bytes: what a ledger seals, and what a transfer's bundle carries.
#
# These never travel in an answer (see answer.capnp: an Item is what policy permitted of a record). One value has one
# encoding: a single segment, fields in the order of the schema, sets sorted.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::wire");
using Common = import "common.capnp";

struct Subject {
  person @0 :Data;                # id of the person, at the node that wrote the record
  role @1 :Common.SubjectRole;
}

struct Source {
  # Where a record came from. (system, key) with the same content hash is the same thing imported again.
  system @0 :Text;       # at most 200 bytes; name of the source system in the mapping
  key @1 :Text;          # at most 500 bytes; the row's own key there
  contentHash @2 :Data;  # 32 bytes: SHA-256 over the row's mapped content
  version @3 :UInt32;    # counts the versions of the key that this node received, from 1
}

struct Record {
  # One dated fact, immutable.
  id @0 :Data;                       # id
  subjects @1 :List(Subject);        # 1 to 64
  kind @2 :Text;                     # word
  occurred @3 :Common.When;
  recordedAtSource @4 :Common.When;
  receivedByNode @5 :Int64;          # instant
  headline @6 :Text;                 # at most 500 bytes
  fields @7 :List(Common.Field);     # at most 256
  narrative @8 :Text;                # at most 1 MiB
  assertion @9 :Common.Assertion;
  label @10 :Common.Label;
  author @11 :Common.Author;
  source @12 :Source;
  replaces @13 :Data;                # id of the record that this one replaces; empty: none
  attachments @14 :List(Common.Attachment);  # at most 64
  markingsByPerson @15 :List(Text);
  # words, sorted, each once; at most 64. Put on by people of the node, beside the source's own in `label`; they stay
  # with every later version. Added later: absent is none.
}

enum Sex {
  unknown @0;
  female @1;
  male @2;
  indeterminate @3;
}

struct Identifier {
  # A number or key that stands for a person in some system.
  scheme @0 :Text;    # at most 200 bytes: `nhs`, `upn`, `source:<system>`
  value @1 :Text;     # at most 200 bytes, as normalised by the reader of the source
  verified @2 :Bool;  # traced or confirmed at the source
}

struct PersonName {
  given @0 :Text;   # at most 200 bytes
  family @1 :Text;  # at most 200 bytes
  use @2 :Text;     # at most 64 bytes: usual, birth, previous, alias
  from @3 :UInt32;  # date
  to @4 :UInt32;    # date
}

struct Birth {
  date @0 :UInt32;                 # date; 0 exactly when precision is none
  precision @1 :Common.Precision;  # minute is refused
}

struct Address {
  lines @0 :List(Text);  # at most 12, each at most 200 bytes
  postcode @1 :Text;     # at most 64 bytes; empty: none or unknown
  uprn @2 :Text;         # at most 64 bytes; Unique Property Reference Number; may be empty
  from @3 :UInt32;       # date
  to @4 :UInt32;         # date
  protected @5 :Bool;    # a refuge or protected address
}

struct Relationship {
  to @0 :Data;                      # id of the other person, at this node
  kind @1 :Text;                    # at most 200 bytes: mother, step-parent, sibling, ...
  sameHousehold @2 :Bool;
  parentalResponsibility @3 :Bool;
  from @4 :UInt32;                  # date
  toDate @5 :UInt32;                # date
  source @6 :Text;                  # at most 200 bytes; who says so
}

struct Person {
  # Somebody a node holds records about. Every list at most 256 long.
  ref @0 :Data;                          # id
  identifiers @1 :List(Identifier);
  names @2 :List(PersonName);            # the first is the one shown
  birth @3 :Birth;
  death @4 :UInt32;                      # date; 0: not known to have died
  sex @5 :Sex;
  addresses @6 :List(Address);           # the first is the current one
  relationships @7 :List(Relationship);
  markingsBySource @8 :List(Text);       # words, sorted, each once; at most 64
  markingsByPerson @9 :List(Text);       # the same; put on by people, and no source takes them off
}
