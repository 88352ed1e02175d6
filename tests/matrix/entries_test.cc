// SPDX-License-Identifier: Apache-2.0
// Who may read which kind of ledger entry: entries.txt against a store that holds one of each.
#include "federation/wire/record_codec.h"
#include "tests/matrix/planted.h"
#include "tests/matrix/table.h"

namespace ginnel::matrix {
namespace {

// An entry of the kind about the person. A kind that gets a body of its own gets it here; until then nothing reads it,
// whatever stands in it.
Expected<std::uint64_t> append_one(Turn& turn, EntryKind kind, const PersonRef& person, const KeyId& key) {
  switch (kind) {
    case EntryKind::genesis:
      return 0;
    case EntryKind::person:
      return turn.put_person(version_of(ben()), ActorId()).map([](const PersonRef&) { return std::uint64_t{1}; });
    case EntryKind::record:
      return turn.put_record(planted_record(person), ActorId()).map([](const RecordId&) { return std::uint64_t{1}; });
    case EntryKind::merge:
    case EntryKind::unmerge: {
      // With somebody else of this node.
      const auto other = turn.put_person(version_of(ben()), ActorId());
      if (!other) return tl::unexpected(other.error());
      Merge merge;
      merge.one = person;
      merge.other = *other;
      Unmerge unmerge;
      unmerge.one = person;
      unmerge.other = *other;
      return turn.append(kind, ActorId(), key, kind == EntryKind::merge ? encode(merge) : encode(unmerge));
    }
    case EntryKind::marking: {
      Marking marking;
      marking.person = person;
      return turn.append(kind, ActorId(), key, encode(marking));
    }
    case EntryKind::people_searched: {
      Access shown;
      shown.also = {person};
      return turn.append(kind, ActorId(), key, encode(shown));
    }
    case EntryKind::tombstone: {
      Tombstone tombstone;
      tombstone.reason = "test";
      return turn.append(kind, ActorId(), turn.node_key(), encode(tombstone));
    }
    case EntryKind::import_run:
      return turn.append(kind, ActorId(), turn.node_key(), encode(ImportRun()));
    case EntryKind::rejected_row:
      return turn.append(kind, ActorId(), turn.node_key(), encode(RejectedRow()));
    case EntryKind::directory_adopted:
    case EntryKind::policy_adopted:
      return turn.append(kind, ActorId(), turn.node_key(), encode(Adopted()));
    case EntryKind::unlock:
    case EntryKind::sign_in:
    case EntryKind::operator_act: {
      OperatorAct act;
      act.act = "test";
      return turn.append(kind, ActorId(), turn.node_key(), encode(act));
    }
    case EntryKind::task: {
      TaskEntry task;
      task.task = TaskId(std::array<std::uint8_t, 16>{1});
      task.person = person;
      return turn.append(kind, ActorId(), key, encode(task));
    }
    case EntryKind::allocation: {
      AllocationEntry allocation;
      allocation.person = person;
      return turn.append(kind, ActorId(), key, encode(allocation));
    }
    case EntryKind::attachment: {
      AttachmentKept kept;
      kept.people = {person};
      return turn.append(kind, ActorId(), key, encode(kept));
    }
    case EntryKind::consent: {
      ConsentEntry consent;
      consent.person = person;
      return turn.append(kind, ActorId(), key, encode(consent));
    }
    case EntryKind::refusal_to_share: {
      RefusalEntry refusal;
      refusal.person = person;
      return turn.append(kind, ActorId(), key, encode(refusal));
    }
    case EntryKind::retention: {
      RetentionEntry hold;
      hold.person = person;
      return turn.append(kind, ActorId(), key, encode(hold));
    }
    case EntryKind::transfer:
      return turn.append(kind, ActorId(), turn.node_key(),
                         encode(TransferEntry{TransferId(std::array<std::uint8_t, 16>{1}),
                                              ProcessId(std::array<std::uint8_t, 16>{1}),
                                              *MemberId::parse("bradford-csc"),
                                              *MemberId::parse("leeds-csc"),
                                              {}}));
    case EntryKind::process_step: {
      ProcessEntry step;
      step.process = ProcessId(std::array<std::uint8_t, 16>{1});
      step.person = person;
      step.record.what = ProcessStarted{{"child-protection", "west-yorkshire", 1}, "bradford-csc", {}};
      return turn.append(kind, ActorId(), key, encode(step));
    }
    default: {
      Access access;
      access.person = person;
      return turn.append(kind, ActorId(), key, encode(access));
    }
  }
}

TEST(Entries, are_read_by_whom_the_file_says) {
  const Table table = read_table("entries.txt");
  Observed observed(table.columns);
  for (std::uint16_t number = 0; number < 1000; ++number) {
    const auto kind = entry_kind_from(number);
    if (!kind) continue;
    StoreForTests store;
    const PersonRef child = store.add(planted_person());
    auto turn = store.begin();
    const auto key = turn->person_key(child);
    ASSERT_TRUE(key);
    const auto appended = append_one(*turn, *kind, child, *key);
    ASSERT_TRUE(appended && turn->commit())
        << name_of(*kind) << " cannot be appended: give append_one() of tests/matrix/entries_test.cc a body of it";
    const auto snapshot = store.snapshot();
    const auto told = snapshot->access_to(child);
    const auto labels = snapshot->labels(child);
    ASSERT_TRUE(told && labels);
    const Words row{std::string(name_of(*kind))};
    observed.add(row, "sharing", told->empty() ? "no" : "yes");
    observed.add(row, "gate", labels->empty() ? "no" : "yes");
  }
  expect_agreement(table, observed);
}

}  // namespace
}  // namespace ginnel::matrix
