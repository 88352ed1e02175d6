// SPDX-License-Identifier: Apache-2.0
#include "node/store/rebuild.h"

#include <gtest/gtest.h>

#include "federation/base/crypto/hash.h"
#include "federation/wire/ask.h"
#include "node/store/index.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

class StoreRebuild : public testing::Test {
 protected:
  void SetUp() override {
    SeededRandom random(6);
    anna_ = store_.add(aisha());
    brother_ = store_.add(ben());
    Record imported = visit_to({anna_}, "first");
    imported.source = {"ll", "v1", {}, 1};
    first_ = store_.add(imported);
    shared_ = store_.add(visit_to({anna_, brother_}, "second"));
    imported.replaces = first_;
    imported.source.version = 2;
    store_.add(imported);
    Person moved = aisha();
    moved.ref = anna_;
    moved.addresses.front().postcode = "LS1 1AA";
    store_.add(moved);
    for (const auto& person : {anna_, brother_}) {
      auto turn = store_.begin();
      Access access;
      access.ask = AskId::make(random);
      access.view = ViewId::make(random);
      access.person = person;
      ASSERT_TRUE(turn->append(EntryKind::decided, ActorId(), turn->person_key(person).value(), encode(access)));
      access.person = {};
      access.identity = "nhs:9990000026";
      ASSERT_TRUE(
          turn->append(EntryKind::asked, ActorId(), turn->subject_key(access.identity).value(), encode(access)));
      ASSERT_TRUE(turn->commit());
    }
    for (int i = 0; i < 60; ++i) store_.add(visit_to({brother_}));
    Person stranger = ben();
    stranger.names.front() = {"Zoe", "Sample", "usual", {}, {}};
    link(store_.add(stranger), store_.add(ben()), LinkState::proposed);
    for (const auto& person : {anna_, brother_}) add_work(person);
  }
  // Two tasks of one origin, the first of them closed; an allocation that ended and one that has not; a file.
  void add_work(const PersonRef& person) {
    static SeededRandom random(44);
    auto turn = store_.begin();
    const KeyId key = turn->person_key(person).value();
    for (int round = 0; round < 2; ++round) {
      TaskEntry task;
      task.task = TaskId::make(random);
      task.person = person;
      task.origin = "the same origin";
      task.holders = {{{}, "manager"}};
      ASSERT_TRUE(turn->append(EntryKind::task, ActorId(), key, encode(task)));
      AllocationEntry allocation{AllocationId::make(random), person, worker_, "north", noon, {}, ""};
      ASSERT_TRUE(turn->append(EntryKind::allocation, ActorId(), key, encode(allocation)));
      task.holders.push_back({UserId::make(random), ""});
      task.act = round == 0 ? TaskAct::done : TaskAct::to_deputy;
      task.state = round == 0 ? TaskState::done : TaskState::open;
      ASSERT_TRUE(turn->append(EntryKind::task, ActorId(), key, encode(task)));
      allocation.to = noon + 1;
      if (round == 0) {
        ASSERT_TRUE(turn->append(EntryKind::allocation, ActorId(), key, encode(allocation)));
      }
      const AttachmentKept kept{AttachmentId::make(random), first_, {person}, "a", "text/plain", 1, Hash{1}};
      ASSERT_TRUE(turn->append(EntryKind::attachment, ActorId(), key, encode(kept)));
      ConsentEntry consent;
      consent.consent = ConsentId::make(random);
      consent.person = person;
      ASSERT_TRUE(turn->append(EntryKind::consent, ActorId(), key, encode(consent)));
      consent.withdrawn = noon;
      if (round == 0) {
        ASSERT_TRUE(turn->append(EntryKind::consent, ActorId(), key, encode(consent)));
      }
      RefusalEntry refusal;
      refusal.refusal = RefusalId::make(random);
      refusal.person = person;
      ASSERT_TRUE(turn->append(EntryKind::refusal_to_share, ActorId(), key, encode(refusal)));
      RetentionEntry retention;
      retention.retention = RetentionId::make(random);
      retention.person = person;
      retention.act = RetentionAct::kept;
      ASSERT_TRUE(turn->append(EntryKind::retention, ActorId(), key, encode(retention)));
      const TransferEntry transfer{TransferId::make(random), ProcessId::make(random), *MemberId::parse("bradford-csc"),
                                   *MemberId::parse("leeds-csc"), Bytes{1}};
      ASSERT_TRUE(turn->append(EntryKind::transfer, ActorId(), turn->node_key(), encode(transfer)));
      ProcessEntry process{ProcessId::make(random), person, {noon, ProcessStarted{{"plan", "here", 1}, "here", {}}}};
      ASSERT_TRUE(turn->append(EntryKind::process_step, ActorId(), key, encode(process)));
      process.record.what = ProcessEnded{};
      if (round == 0) {
        ASSERT_TRUE(turn->append(EntryKind::process_step, ActorId(), key, encode(process)));
      }
    }
    ASSERT_TRUE(turn->commit());
  }
  void link(const PersonRef& one, const PersonRef& other, LinkState state) {
    auto turn = store_.begin();
    auto merged = turn->merge({one, other, state, "person", 0, "the same child"}, ActorId());
    ASSERT_TRUE(merged) << merged.error().text();
    ASSERT_TRUE(turn->commit());
  }
  void take_apart(const PersonRef& one, const PersonRef& other) {
    auto turn = store_.begin();
    ASSERT_TRUE(turn->unmerge({one, other, "two children"}, ActorId()));
    ASSERT_TRUE(turn->commit());
  }
  std::uint64_t note_access(const PersonRef& person) {
    SeededRandom random(31);
    Access access;
    access.view = ViewId::make(random);
    access.person = person;
    auto turn = store_.begin();
    auto sequence = turn->append(EntryKind::view_shown, ActorId(), turn->person_key(person).value(), access);
    EXPECT_TRUE(sequence && turn->commit());
    return *sequence;
  }

  RebuildReport rebuild() {
    scratch_ = std::make_unique<MemoryKv>();
    auto report = Rebuild(*store_, *scratch_).run();
    EXPECT_TRUE(report) << report.error().text();
    return report ? *report : RebuildReport();
  }
  static std::string differing(const RebuildReport& report) {
    std::string out;
    for (const auto& one : report.indexes)
      if (one.differing != 0) out += one.index + " ";
    return out;
  }
  void erase(const PersonRef& person) {
    auto turn = store_.begin();
    const std::vector<KeyId> keys = turn->bury(person, "asked for", ActorId()).value();
    ASSERT_TRUE(turn->commit());
    turn.reset();
    auto destroyed = store_->destroy_keys(keys);
    ASSERT_TRUE(destroyed) << destroyed.error().text();
    EXPECT_TRUE(store_->destroy_keys(keys));
    store_.reopen();
  }

  StoreForTests store_;
  std::unique_ptr<MemoryKv> scratch_;
  PersonRef anna_, brother_;
  RecordId first_, shared_;
  UserId worker_{std::array<std::uint8_t, 16>{7}};
};

TEST_F(StoreRebuild, every_index_is_made_again_row_for_row) {
  const RebuildReport report = rebuild();
  EXPECT_EQ(differing(report), "");
  EXPECT_EQ(report.entries, store_->tree_head().size);
  ASSERT_EQ(report.indexes.size(), indexes.size());
  for (const auto& one : report.indexes) {
    EXPECT_EQ(one.rows_in_use, one.rows_rebuilt) << one.index;
    EXPECT_GT(one.rows_rebuilt, one.index == "erased" ? 0u : 1u) << one.index << " is not tried by this test";
  }
}

TEST_F(StoreRebuild, a_planted_difference_is_named_and_mended) {
  for (const auto& line : indexes) {
    for (const auto& [key, value] : rows_of(store_.ledger(), Table::index_rows)) {
      if (key[0] != std::uint8_t(line.index)) continue;
      erase_row(store_.ledger(), Table::index_rows, key);
      Bytes other = key;
      other.back() ^= 1;
      put_row(store_.ledger(), Table::index_rows, other, value);
      break;
    }
  }
  const RebuildReport damaged = rebuild();
  EXPECT_FALSE(damaged.equal());
  for (const auto& one : damaged.indexes) EXPECT_EQ(one.differing, one.index == "erased" ? 0u : 2u) << one.index;
  EXPECT_FALSE(store_.snapshot()->labels(anna_));
  ASSERT_TRUE(Rebuild(*store_, *scratch_).adopt());
  EXPECT_TRUE(rebuild().equal());
  EXPECT_EQ(store_.snapshot()->labels(anna_).value().size(), 2u);
}

TEST_F(StoreRebuild, a_record_that_was_taken_back_and_the_asks_of_a_view_are_found_again) {
  SeededRandom random{31};
  Access asked;
  asked.view = ViewId::make(random);
  asked.person = anna_;
  asked.scope = {*MemberId::parse("leeds-csc"), *MemberId::parse("wy-police")};
  asked.attached = {1};
  auto turn = store_.begin();
  ASSERT_TRUE(turn->append(EntryKind::asked, ActorId(), turn->person_key(anna_).value(), asked));
  ASSERT_TRUE(turn->retract(shared_, "retraction", "filed twice", ActorId()));
  ASSERT_TRUE(turn->commit());
  turn.reset();
  EXPECT_EQ(store_.snapshot()->entries_of(ask_id_of(asked.view, *MemberId::parse("wy-police")))->size(), 1u);
  EXPECT_EQ(differing(rebuild()), "");
  erase(anna_);
  EXPECT_EQ(differing(rebuild()), "");
  EXPECT_TRUE(store_.snapshot()->entries_of(ask_id_of(asked.view, *MemberId::parse("wy-police")))->empty());
}

TEST_F(StoreRebuild, after_erasures_the_indexes_are_still_the_same) {
  erase(anna_);
  EXPECT_EQ(differing(rebuild()), "");
  EXPECT_EQ(store_.snapshot()->labels(anna_).error().code, "no-person");
  EXPECT_TRUE(store_.snapshot()->find_people(find_keys(aisha())).value().empty());
  EXPECT_EQ(store_.snapshot()->labels(brother_).value().size(), 61u);
  EXPECT_EQ(store_.snapshot()->read(PermitForTests::make(shared_, Step::headline))->headline, "second");
  EXPECT_TRUE(store_.snapshot()->access_to(anna_).value().empty());
  EXPECT_EQ(store_.snapshot()->access_to(brother_).value().size(), 1u);
  EXPECT_FALSE(store_.snapshot()->record_by_source("ll", "v1", {}).value());
  EXPECT_TRUE(store_.snapshot()->tasks_about(anna_)->empty());
  EXPECT_EQ(store_.snapshot()->tasks_about(brother_)->size(), 2u);
  EXPECT_EQ(store_.snapshot()->active_tasks()->size(), 1u);
  EXPECT_EQ(store_.snapshot()->tasks_of({{}, "manager"}, true)->size(), 1u);
  EXPECT_EQ(store_.snapshot()->tasks_of({{}, "manager"}, false)->size(), 1u);
  EXPECT_EQ(store_.snapshot()->allocations_to(worker_)->size(), 3u);
  erase(brother_);
  EXPECT_EQ(differing(rebuild()), "");
  EXPECT_EQ(store_.snapshot()->read(PermitForTests::make(shared_, Step::headline)).error().code, "no-record");
  EXPECT_TRUE(store_.snapshot()->verify()->good());
}

TEST_F(StoreRebuild, what_an_erased_record_had_replaced_for_a_sibling_does_not_come_back) {
  Record without_ben = visit_to({anna_}, "was about Anna only");
  without_ben.replaces = shared_;
  store_.add(without_ben);
  EXPECT_EQ(store_.snapshot()->labels(brother_).value().size(), 60u);
  erase(anna_);
  EXPECT_EQ(store_.snapshot()->labels(brother_).value().size(), 60u);
  EXPECT_EQ(differing(rebuild()), "");
  ASSERT_TRUE(Rebuild(*store_, *scratch_).adopt());
  EXPECT_EQ(store_.snapshot()->labels(brother_).value().size(), 60u);
  erase(brother_);
  EXPECT_EQ(differing(rebuild()), "");
}

TEST_F(StoreRebuild, after_records_went_alone_the_indexes_are_still_the_same) {
  Record own = visit_to({anna_}, "with a time of its own");
  own.label.retention.rule = "six-years";
  own.source = {"ll", "v9", {}, 1};
  const RecordId first = store_.add(own);
  own.replaces = first;
  own.source.version = 2;
  own.attachments = {{"letter.txt", "text/plain", 5, sha256(view_of("hello"))}};
  const RecordId second = store_.add(own);
  {
    auto turn = store_.begin();
    const auto sealed = seal_content(view_of("hello"), store_.random());
    ASSERT_TRUE(turn->put_attachment(second, own.attachments.front(), sealed, ActorId()) && turn->commit());
  }
  const auto blobs = rows_of(store_.ledger(), Table::blobs).size();
  const auto before = store_.snapshot()->labels(anna_)->size();
  EXPECT_TRUE(store_.snapshot()->goes_alone(second).value());
  EXPECT_FALSE(store_.snapshot()->goes_alone(shared_).value()) << "it is about somebody else too";
  EXPECT_FALSE(store_.snapshot()->goes_alone(store_.snapshot()->labels(anna_)->front().id).value())
      << "it is under the person's key";
  auto turn = store_.begin();
  EXPECT_EQ(turn->bury_records(anna_, std::vector{shared_}, "over", ActorId()).error().code, "not-alone");
  EXPECT_EQ(turn->bury_records(brother_, std::vector{second}, "over", ActorId()).error().code, "not-alone");
  const auto keys = turn->bury_records(anna_, std::vector{second}, "over", ActorId()).value();
  EXPECT_EQ(keys.size(), 2u) << "each version has its own";
  ASSERT_TRUE(turn->commit());
  turn.reset();
  EXPECT_EQ(differing(rebuild()), "") << "while the keys are there";
  ASSERT_TRUE(store_->destroy_keys(keys));
  store_.reopen();
  EXPECT_EQ(differing(rebuild()), "");
  EXPECT_EQ(store_.snapshot()->labels(anna_)->size(), before - 1);
  for (const auto& gone : {first, second})
    EXPECT_EQ(store_.snapshot()->read(PermitForTests::make(gone, Step::headline)).error().code, "no-record");
  EXPECT_FALSE(store_.snapshot()->record_by_source("ll", "v9", {}).value());
  EXPECT_EQ(rows_of(store_.ledger(), Table::blobs).size(), blobs - 1);
  EXPECT_TRUE(store_.snapshot()->verify()->good());
  erase(anna_);
  EXPECT_EQ(differing(rebuild()), "");
}

TEST_F(StoreRebuild, after_a_views_copies_are_gone_the_indexes_are_still_the_same) {
  SeededRandom random(8);
  Access received;
  received.view = ViewId::make(random);
  received.ask = AskId::make(random);
  received.person = anna_;
  auto turn = store_.begin();
  const KeyId key = turn->new_key().value();
  ASSERT_TRUE(turn->append(EntryKind::asked, ActorId(), turn->person_key(anna_).value(), encode(received)));
  const auto copy = turn->append(EntryKind::received, ActorId(), key, encode(received)).value();
  ASSERT_TRUE(turn->commit());
  turn = store_.begin();
  ASSERT_TRUE(turn->bury_view(received.view, key, "a day after the last use", ActorId()));
  ASSERT_TRUE(turn->commit());
  ASSERT_TRUE(store_->destroy_keys(std::vector{key}));
  store_.reopen();
  EXPECT_EQ(store_.snapshot()->entries_of(received.view).value().size(), 1u);
  EXPECT_EQ(store_.snapshot()->access_to(anna_).value().size(), 2u);
  EXPECT_TRUE(store_.snapshot()->entry(copy)->erased);
  EXPECT_EQ(differing(rebuild()), "");
}

TEST_F(StoreRebuild, after_merges_and_unmerges_the_indexes_are_still_the_same) {
  const PersonRef third = store_.add(ben());
  link(anna_, brother_, LinkState::merged);
  link(third, brother_, LinkState::merged);
  note_access(anna_);
  EXPECT_EQ(differing(rebuild()), "");
  EXPECT_EQ(store_.snapshot()->merged_with(third)->size(), 3u);
  take_apart(anna_, brother_);
  EXPECT_EQ(differing(rebuild()), "");
  ASSERT_TRUE(Rebuild(*store_, *scratch_).adopt());
  EXPECT_EQ(store_.snapshot()->merged_with(third)->size(), 2u);
  EXPECT_EQ(store_.snapshot()->merged_with(anna_)->size(), 1u);
}

TEST_F(StoreRebuild, somebody_merged_is_erased_with_all_that_they_are) {
  const PersonRef third = store_.add(ben());
  link(anna_, third, LinkState::merged);
  note_access(third);
  erase(third);
  for (const auto& gone : {anna_, third}) {
    EXPECT_EQ(store_.snapshot()->labels(gone).error().code, "no-person");
    EXPECT_TRUE(store_.snapshot()->access_to(gone)->empty());
  }
  EXPECT_TRUE(store_.snapshot()->find_people(find_keys(aisha()))->empty());
  EXPECT_EQ(store_.snapshot()->labels(brother_)->size(), 61u);
  EXPECT_EQ(differing(rebuild()), "");
  EXPECT_TRUE(store_.snapshot()->verify()->good());
}

TEST_F(StoreRebuild, somebody_who_was_merged_once_leaves_the_other_what_is_theirs) {
  link(anna_, brother_, LinkState::merged);
  const auto as_one = note_access(anna_), as_one_too = note_access(brother_);
  take_apart(anna_, brother_);
  EXPECT_EQ(store_.snapshot()->access_to(brother_)->size(), 3u);
  erase(anna_);
  EXPECT_EQ(differing(rebuild()), "");
  EXPECT_TRUE(store_.snapshot()->entry(as_one)->erased);
  const auto left = store_.snapshot()->access_to(brother_).value();
  EXPECT_EQ(std::count(left.begin(), left.end(), as_one), 0);
  EXPECT_EQ(std::count(left.begin(), left.end(), as_one_too), 1);
  EXPECT_FALSE(store_.snapshot()->link_between(brother_, anna_).value());
  erase(brother_);
  EXPECT_EQ(differing(rebuild()), "");
}

TEST_F(StoreRebuild, work_is_found_by_holder_person_origin_and_state) {
  auto snapshot = store_.snapshot();
  EXPECT_EQ(snapshot->active_tasks()->size(), 2u);
  EXPECT_EQ(snapshot->tasks_about(anna_)->size(), 2u);
  EXPECT_EQ(snapshot->tasks_of({{}, "manager"}, true)->size(), 2u);
  EXPECT_EQ(snapshot->tasks_of({{}, "manager"}, false)->size(), 2u);
  EXPECT_TRUE(snapshot->tasks_of({{}, "practitioner"}, true)->empty());
  const auto latest = snapshot->task_from("the same origin").value();
  ASSERT_TRUE(latest);
  EXPECT_EQ(snapshot->active_tasks()->back(), *latest);
  EXPECT_FALSE(snapshot->task_from("another").value());
  EXPECT_EQ(snapshot->allocations_of(brother_)->size(), 3u);
  EXPECT_EQ(snapshot->allocations_to(worker_)->size(), 6u);
}

TEST_F(StoreRebuild, a_hidden_key_never_drops_its_people_from_the_indexes) {
  auto snapshot = store_.snapshot();
  const KeyId key = snapshot->person_key(anna_).value();
  snapshot.reset();
  erase_row(store_.keys(), Table::keys, key.bytes());
  store_.reopen();
  MemoryKv scratch;
  EXPECT_EQ(Rebuild(*store_, scratch).run().error().code, "key-missing");
}

TEST_F(StoreRebuild, a_used_scratch_is_refused) {
  rebuild();
  EXPECT_EQ(Rebuild(*store_, *scratch_).run().error().code, "not-empty");
}

}  // namespace
}  // namespace ginnel
