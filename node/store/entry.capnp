# SPDX-License-Identifier: Apache-2.0
@0xd62e61fd328eb93d;
# The bodies of ledger entries, by kind; docs/formats/ledger.md says which kind holds which.
#
# A body is one Cap'n Proto message in the standard stream framing, one segment, then sealed. Records are not here:
# the body of a `record` entry is federation/wire/record.capnp's Record, and a person stands inside PersonVersion in
# that schema's encoding. The rules of federation/wire/common.capnp hold: ids are 16 bytes or empty, hashes 32 bytes
# or empty, instants are milliseconds, fields are only ever added.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::stored");

struct Genesis {
  # genesis: the first entry of every incarnation, sealed under the node's key.
  member @0 :Text;
  incarnation @1 :UInt64;
}

struct PersonSource {
  # What one source system said of a person.
  system @0 :Text;
  key @1 :Text;
  contentHash @2 :Data;  # over what was read from the source
  version @3 :UInt32;    # counts the contents received under this key, from 1
  said @4 :Data;
  # The Person of this source alone, encoded; empty where it is the only source: PersonVersion.person is it.
}

struct PersonVersion {
  # person: everything the node holds to be true of a person from this entry on; replaces their earlier versions.
  person @0 :Data;           # record.capnp's Person, encoded
  linkKeys @1 :List(Text);   # by which the person is found, as the linking rules of the day made them
  sources @2 :List(PersonSource);
}

struct AccessItem {
  record @0 :Data;             # id; the holder's
  step @1 :UInt16;             # 0 none, 1 exists, 2 headline, 3 content, 4 copy-out
  category @2 :Text;           # as named to the asker
  policies @3 :List(Text);     # the determining policies
  reason @4 :Text;
  hash @5 :Data;               # SHA-256 of the item as sent or received
  label @6 :UInt16;            # of decided: 1 + its place in decidedBy.labels. Added later: absent is 0, not recorded.
}

struct DecidedLabel {
  # The label by which a record was decided: as it stood then, with the markings of the person among its own.
  kind @0 :Text;
  category @1 :Text;
  handling @2 :Text;
  owner @3 :Text;        # member
  sensitivity @4 :UInt8;
  markings @5 :List(Text);
  told @6 :UInt8;
  # what its holder told of consent: 0 nothing, 1 given, 2 not competent, 3 both. Added later: absent is 0.
  addressedTo @7 :Text;  # member; empty: nobody in particular. Added later: absent is empty.
}

struct DecidedConsent {
  # What held of consent for one root category when it was decided: for who asked, for their purpose.
  category @0 :Text;
  state @1 :Text;       # a word
  decider @2 :Text;     # a word; empty: nobody decided
  since @3 :Int64;      # when it was decided; 0: nobody decided
  competence @4 :UInt8;  # 0 not judged, 1 competent, 2 not competent
}

struct DecidedBy {
  # decided: what the decision went by beside the fields of Access, so that it can be made again.
  agencyKind @0 :Text;         # of who asked
  breakGlass @1 :Bool;
  highest @2 :UInt8;           # step; more was not wanted
  proven @3 :List(Text);       # purposes for which a process head was shown
  categories @4 :List(Text);   # that were asked for; none: all
  labels @5 :List(DecidedLabel);  # each once
  consents @6 :List(DecidedConsent);  # of root categories for which any held. Added later: absent is none.
  consentsUnreadable @7 :Bool;  # could not be read, and was decided as refused. Added later: absent is false.
}

struct Access {
  # asked, decided, disclosed, received, view_shown, lookup, people_searched, retracted, notice, receipt, notice_shown,
  # notice_acknowledged.
  view @0 :Data;
  ask @1 :Data;
  peer @2 :Text;       # the other member; empty: the node's own practitioner
  person @3 :Data;     # as this node knows them
  identity @4 :Text;   # canonical identity, where the node holds nobody
  worker @5 :Text;     # the peer's pseudonym of who asks
  role @6 :Text;
  purpose @7 :Text;
  basis @8 :Text;
  reason @9 :Text;     # the asker's own words
  caseRef @10 :Text;
  bundle @11 :Text;    # version of the policy bundle that decided
  scope @12 :List(Text);
  items @13 :List(AccessItem);
  outcome @14 :Text;   # status of a part
  attached @15 :Data;  # evidence: the stored answer, a signed message
  also @16 :List(Data);  # people who were merged with `person` at the time; of people_searched: all who were shown
  notice @17 :Data;      # id of what was told unasked. Added later: absent is empty.
  allocated @18 :UInt8;  # own worker to person: 0 not asked, 1 yes, 2 no, 3 unreadable, 4 in a conflict of interest. Added later: absent is 0.
  markings @19 :List(Text);
  # of received: all that the part and its items carried; of decided: all by which it was. Added later: absent is none.
  decidedBy @20 :DecidedBy;  # Added later: absent, what the decision went by was not recorded.
  inShadow @21 :Bool;  # of decided: the node shared nothing yet: nothing was told. Added later: absent is false.
  form @22 :Text;  # of view_shown: as what it was taken away, a word such as `chronology-pdf`. Added later: absent is as a view.
}

struct ImportRun {
  # import_run: what one run over one source brought.
  system @0 :Text;
  file @1 :Text;
  peopleAdded @2 :UInt64;
  peopleChanged @3 :UInt64;
  peopleUnchanged @4 :UInt64;
  recordsAdded @5 :UInt64;
  recordsChanged @6 :UInt64;
  recordsUnchanged @7 :UInt64;
  rejected @8 :UInt64;
  flagged @9 :UInt64;
  complete @10 :Bool;  # the source listed everything it holds
  quarantine @11 :Text;
  # Why its files could not be read to their end, and who is told; empty: they were read. Added later: absent is empty.
}

struct RejectedRow {
  # rejected_row: a source row that gave nothing.
  file @0 :Text;
  line @1 :UInt32;
  field @2 :Text;
  reason @3 :Text;  # never holds text of the row
}

struct Adopted {
  # directory_adopted, policy_adopted.
  version @0 :UInt64;
  hash @1 :Data;      # SHA-256 of the document as signed
  document @2 :Data;  # empty where it is kept elsewhere
}

struct OperatorAct {
  # unlock, sign_in, operator_act.
  act @0 :Text;     # kebab-case
  method @1 :Text;  # how: "passphrase", "demo-file", "password"
  user @2 :Data;    # id; whom it was about
  detail @3 :Text;
}

struct Tombstone {
  # tombstone: data keys were destroyed; what they sealed is unreadable from here on.
  erased @0 :List(Data);  # key ids: the person's first, then those that only it opened
  reason @1 :Text;
  person @2 :Data;        # whose key it was, or
  view @3 :Data;          # which view's
  stillReplaced @4 :List(UInt64);
  # Sequences of records about others too that an erased record had replaced: they stay replaced.
  also @5 :List(Data);  # people who were merged with `person` and are erased with them
  records @6 :List(Data);
  # Records that went alone, each with all its earlier versions, while whom they are about stays. Added later: absent is none.
}

struct Merge {
  # merge: two people of the node are one, or may be.
  one @0 :Data;
  other @1 :Data;
  state @2 :UInt16;  # 0 proposed: for a person to decide; 1 merged
  madeBy @3 :Text;   # "person" or "score"
  scoreCentibits @4 :Int32;
  reason @5 :Text;
}

struct Unmerge {
  # unmerge: they are two; ends a merge, or declines what was proposed.
  one @0 :Data;
  other @1 :Data;
  reason @2 :Text;
}

struct Marking {
  # marking: a person of the agency put markings on, or took them off.
  person @0 :Data;
  record @1 :Data;  # the version that carries it from now on; empty: on the person as a whole
  putOn @2 :List(Text);
  takenOff @3 :List(Text);
  reason @4 :Text;
  also @5 :List(Data);  # people who were merged with `person` at the time, and were marked with them
}

struct TaskHolder {
  # Exactly one of the two.
  user @0 :Data;
  role @1 :Text;
}

struct Task {
  # task: one piece of work as it stands after one act. The newest entry is the task, all of them are its history.
  task @0 :Data;
  act @1 :UInt16;     # 0 opened, 1 accepted, 2 handed over, 3 to the deputy, 4 to the managers, 5 done, 6 cancelled
  state @2 :UInt16;   # 0 open, 1 accepted, 2 done, 3 cancelled
  kind @3 :Text;      # a word of the vocabulary
  origin @4 :Text;    # the same cause has the same origin; empty: a person made it
  title @5 :Text;     # free of personal data
  note @6 :Text;
  person @7 :Data;    # whom it is about
  view @8 :Data;      # or which case view
  holders @9 :List(TaskHolder);  # who may act on it, the owner first
  deputy @10 :TaskHolder;
  managerRole @11 :Text;
  opened @12 :Int64;
  warnFrom @13 :Int64;
  due @14 :Int64;
  managerAt @15 :Int64;  # when it goes to the managers too
  escalated @16 :UInt16;  # 0 not yet, 1 to the deputy, 2 to the managers
  rule @17 :Text;     # which rule made it; empty: the first entry's actor did
  outcome @18 :Text;  # of this act
  reason @19 :Text;
}

struct Allocation {
  # allocation: what a worker is to a person. A later entry with the same id changes the earlier.
  allocation @0 :Data;
  person @1 :Data;
  worker @2 :Data;
  team @3 :Text;
  from @4 :Int64;
  to @5 :Int64;  # 0: until further notice
  reason @6 :Text;
  relation @7 :UInt8;  # 0 responsible, 1 in a conflict of interest. Added later: absent is 0.
}

struct Consent {
  # consent: what somebody decided about sharing, as it stands after one act. A later entry with the same id changes the
  # earlier: it was withdrawn.
  consent @0 :Data;
  person @1 :Data;
  state @2 :Text;      # a word: given, refused, unsafe_to_ask
  decider @3 :Text;    # a word
  categories @4 :List(Text);   # roots; at least one
  purposes @5 :List(Text);     # words; none: all
  recipients @6 :List(Text);   # members; none: all
  from @7 :Int64;
  until @8 :Int64;     # 0: until further notice
  competence @9 :UInt16;  # of the person, to decide this: 0 not judged, 1 competent, 2 not competent
  judgedBy @10 :Text;  # name and role of who judged
  note @11 :Text;      # what was said, and how
  withdrawn @12 :Int64;  # 0: it was not
  whyWithdrawn @13 :Text;
}

struct RefusalToShare {
  # refusal_to_share: what somebody decided not to share, as it stands after one act. A later entry with the same id is a
  # review of it.
  refusal @0 :Data;
  person @1 :Data;
  record @2 :Data;     # id; empty: whatever there is in the category
  category @3 :Text;   # a word
  recipient @4 :Text;  # a member; empty: nobody outside of the agency
  purpose @5 :Text;    # a word; empty: any
  test @6 :Text;       # a word
  reason @7 :Text;     # how the test came out
  decided @8 :Int64;
  review @9 :Int64;    # when it is looked at again; 0: no more
  outcome @10 :Text;   # of the last review: stands, to_be_shared; empty: there was none
  afterReview @11 :Text;
}

struct Retention {
  # retention: how long what is held on a person is kept, as it stands after one act. A later entry with the same id is
  # the release of a hold.
  retention @0 :Data;
  person @1 :Data;
  act @2 :UInt16;      # 0 hold, 1 kept longer, 2 waits: due, and not to be erased yet, 3 some of it was erased
  reason @3 :Text;
  author @4 :Text;     # by name, as they were called then; empty: the node
  since @5 :Int64;
  reviewOn @6 :Int32;  # days since 1970, in Europe/London; 0: none
  rules @7 :List(Text);  # ids of the retention rules that were at their end
  records @8 :UInt32;  # how many records were due, or erased
  released @9 :Int64;  # of a hold; 0: it stands
  releasedBy @10 :Text;
  whyReleased @11 :Text;
}

struct AttachmentKept {
  # attachment: a file of a record is kept, sealed under the key of the record's entry.
  attachment @0 :Data;
  record @1 :Data;
  people @2 :List(Data);  # whom the record is about
  name @3 :Text;
  mediaType @4 :Text;
  sizeBytes @5 :UInt64;
  sha256 @6 :Data;  # of the plaintext
  contentKey @7 :Data;
  # 32 bytes: the file's own key, with which its row is sealed; sealed with this entry, it goes when the record's key
  # goes. Added later: absent, the row is sealed under the record's key itself.
}

struct ProcessWhen {
  # A moment, as precisely as it is known. All zero: not said.
  at @0 :Int64;         # milliseconds since 1970 UTC; of precision 1
  day @1 :Int32;        # days since 1970, in Europe/London
  precision @2 :UInt16;  # 0 not said, 1 minute, 2 day, 3 month, 4 year, 5 expected
}

struct ProcessActor {
  # A worker of a member, in a role of the definition; or whom that worker wrote down.
  member @0 :Text;
  kind @1 :Text;    # an agency of the definition
  worker @2 :Text;
  role @3 :Text;
}

struct ProcessName {
  before @0 :Text;
  after @1 :Text;
}

struct ProcessStep {
  # process_step: one record of a running process. All of them, in order, are the process.
  process @0 :Data;
  person @1 :Data;      # whom it is about; the same in each
  recorded @2 :Int64;
  what @3 :UInt16;
  # 0 started, 1 step opened, 2 contributed, 3 step closed, 4 reason given for what was late, 5 alert raised,
  # 6 alert acknowledged, 7 moved to another version of its definition, 8 ended, 9 looked at what all agencies hold,
  # 10 the lead moved
  at @4 :ProcessWhen;   # of 1, 2, 3, 8: when it happened
  by @5 :ProcessActor;  # of all but 5, 8, 9 and 10
  definition @6 :Text;  # of 0 and 7
  authority @7 :Text;
  version @8 :Int64;
  leadMember @9 :Text;  # of 0; of 10: empty where it was released and nobody leads
  instance @10 :UInt32;  # of 1 to 5: the step's number in the process, from 1; of 5 0: the process as a whole
  name @11 :Text;       # of 1 the step, of 2 what was contributed, of 4 the clock, of 5 and 6 the alert's key
  cause @12 :UInt32;    # of 1: the instance that led to it; 0: none
  outcome @13 :Text;    # of 1 that of the cause, of 3 its own; empty: cancelled
  state @14 :Text;      # of 1: that it opens
  text @15 :Text;       # of 2 what was written, of 3 and 4 the reason, of 5 why it was raised, of 9 why it could not be done
  opens @16 :List(Text);   # of 3: states
  closes @17 :List(Text);
  about @18 :UInt16;    # of 5: 0 clock, 1 escalation, 2 watch, 3 cover, 4 outcome, 5 cannot compute
  title @19 :Text;      # of 5; free of personal data
  roles @20 :List(Text);
  members @21 :List(Text);  # of 9: agencies that did not answer
  covers @22 :List(Text);  # keys of alerts that this one makes needless
  proposes @23 :Text;   # a step
  due @24 :Int64;       # 0: none
  steps @25 :List(ProcessName);  # of 7
  states @26 :List(ProcessName);
  withheld @27 :List(Text);  # of 9: agencies that hold something back
  leadEpoch @28 :UInt64;  # of 10
}

struct Transfer {
  # transfer: one signed statement of a transfer of the lead, as it was said (docs/protocol/transfer.md). All of them, in
  # order, are the transfer. Names the child by a commitment alone, and so outlives their erasure.
  transfer @0 :Data;
  process @1 :Data;
  originator @2 :Text;  # members
  receiver @3 :Text;
  statement @4 :Data;   # a Signed
}
