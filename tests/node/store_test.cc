// SPDX-License-Identifier: Apache-2.0
#include "node/store/store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

using Engine = StoreForTests::Engine;

class StoreTest : public testing::TestWithParam<Engine> {
 protected:
  std::vector<PersonRef> find(const std::string& key) {
    auto found = store_.snapshot()->find_people(std::vector{key});
    EXPECT_TRUE(found) << found.error().text();
    return found ? *found : std::vector<PersonRef>();
  }
  std::vector<RecordId> current(const PersonRef& person) {
    auto labels = store_.snapshot()->labels(person);
    EXPECT_TRUE(labels) << labels.error().text();
    std::vector<RecordId> ids;
    for (const auto& label : *labels) ids.push_back(label.id);
    return ids;
  }
  Expected<Record> read(const RecordId& id, Step step = Step::content) {
    return store_.snapshot()->read(PermitForTests::make(id, step));
  }

  StoreForTests store_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Engines, StoreTest, testing::Values(Engine::memory, Engine::lmdb),
                         [](const auto& info) { return info.param == Engine::memory ? "memory" : "lmdb"; });

TEST_P(StoreTest, a_person_is_found_by_every_link_key_and_by_no_other) {
  const PersonRef ref = store_.add(aisha());
  store_.add(ben());
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(find("nhs:9990000018"), std::vector{ref});
    EXPECT_EQ(find("names:tester|aisha|2016-03-14"), std::vector{ref});
    EXPECT_TRUE(find("nhs:9990000026").empty());
    store_.reopen();
  }
}

TEST_P(StoreTest, a_new_version_moves_the_link_keys) {
  const PersonRef ref = store_.add(aisha());
  Person moved = aisha();
  moved.ref = ref;
  moved.addresses = {{{"2 Other Street"}, "LS1 1AA", "", {}, {}, false}};
  EXPECT_EQ(store_.add(moved), ref);
  EXPECT_TRUE(find("demographic:tester|aisha|2016-03-14|BD1 1AA").empty());
  EXPECT_EQ(find("demographic:tester|aisha|2016-03-14|LS1 1AA"), std::vector{ref});
}

TEST_P(StoreTest, a_record_comes_back_whole_at_content_and_bare_at_headline) {
  const PersonRef ref = store_.add(aisha());
  const RecordId id = store_.add(visit_to({ref}));
  store_.reopen();
  auto whole = read(id);
  ASSERT_TRUE(whole) << whole.error().text();
  Record expected = visit_to({ref});
  expected.id = id;
  expected.received_by_node = noon;
  EXPECT_EQ(*whole, expected);
  expected.fields.clear();
  expected.narrative.clear();
  expected.attachments.clear();
  EXPECT_EQ(*read(id, Step::headline), expected);
}

TEST_P(StoreTest, what_labels_opened_is_cut_to_the_permit_too) {
  const RecordId id = store_.add(visit_to({store_.add(aisha())}));
  auto snapshot = store_.snapshot();
  ASSERT_TRUE(snapshot->labels(snapshot->find_people(std::vector<std::string>{"nhs:9990000018"}).value().front()));
  EXPECT_TRUE(snapshot->read(PermitForTests::make(id, Step::headline)).value().narrative.empty());
  EXPECT_EQ(snapshot->read(PermitForTests::make(id, Step::exists)).error().code, "no-record");
}

TEST_P(StoreTest, a_record_that_was_never_written_is_a_verified_miss) {
  SeededRandom random(1);
  EXPECT_EQ(read(RecordId::make(random)).error().code, "no-record");
  EXPECT_EQ(store_.snapshot()->labels(PersonRef::make(random)).error().code, "no-person");
}

TEST_P(StoreTest, labels_name_current_records_of_the_person_only) {
  const PersonRef anna = store_.add(aisha()), brother = store_.add(ben());
  const RecordId first = store_.add(visit_to({anna}));
  const RecordId both = store_.add(visit_to({anna, brother}));
  EXPECT_EQ(current(anna), (std::vector{first, both}));
  EXPECT_EQ(current(brother), std::vector{both});
  Record corrected = visit_to({anna}, "Home visit, corrected");
  corrected.replaces = first;
  const RecordId second = store_.add(corrected);
  EXPECT_EQ(current(anna), (std::vector{both, second}));
}

TEST_P(StoreTest, a_new_version_without_a_subject_leaves_that_subjects_records) {
  const PersonRef anna = store_.add(aisha()), brother = store_.add(ben());
  const RecordId both = store_.add(visit_to({anna, brother}));
  Record corrected = visit_to({anna});
  corrected.replaces = both;
  const RecordId second = store_.add(corrected);
  EXPECT_TRUE(current(brother).empty());
  EXPECT_EQ(current(anna), std::vector{second});
}

TEST_P(StoreTest, markings_of_source_and_people_are_one_set) {
  Person person = aisha();
  person.markings_by_person = {"protected_address"};
  const PersonRef ref = store_.add(person);
  EXPECT_EQ(store_.snapshot()->markings(ref).value(), (std::set<std::string>{"court_papers", "protected_address"}));
}

TEST_P(StoreTest, reads_in_a_turn_see_its_writes_and_nobody_else_does) {
  auto turn = store_.begin();
  auto ref = turn->put_person(version_of(aisha()), ActorId());
  auto id = turn->put_record(visit_to({*ref}), ActorId());
  ASSERT_TRUE(id) << id.error().text();
  EXPECT_EQ(turn->labels(*ref)->size(), 1u);
  EXPECT_TRUE(turn->read(PermitForTests::make(*id, Step::content)));
  EXPECT_TRUE(find("nhs:9990000018").empty());
  turn.reset();
  EXPECT_TRUE(find("nhs:9990000018").empty());
  EXPECT_EQ(store_->tree_head().size, 1u);
}

TEST_P(StoreTest, a_record_about_nobody_known_is_refused_without_harm) {
  SeededRandom random(3);
  auto turn = store_.begin();
  EXPECT_EQ(turn->put_record(visit_to({PersonRef::make(random)}), ActorId()).error().code, "no-person");
  EXPECT_EQ(turn->put_record(visit_to({}), ActorId()).error().code, "bad-record");
  auto ref = turn->put_person(version_of(aisha()), ActorId());
  Record orphan = visit_to({*ref});
  orphan.replaces = RecordId::make(random);
  EXPECT_EQ(turn->put_record(orphan, ActorId()).error().code, "no-record");
  EXPECT_TRUE(turn->put_record(visit_to({*ref}), ActorId()));
  EXPECT_TRUE(turn->commit());
}

TEST_P(StoreTest, entries_are_found_by_ask_view_and_person) {
  const PersonRef ref = store_.add(aisha());
  SeededRandom random(4);
  Access access;
  access.ask = AskId::make(random);
  access.view = ViewId::make(random);
  access.person = ref;
  access.purpose = "child_protection";
  auto turn = store_.begin();
  const KeyId key = turn->person_key(ref).value();
  const auto decided = turn->append(EntryKind::decided, ActorId(), key, encode(access)).value();
  const auto disclosed = turn->append(EntryKind::disclosed, ActorId(), key, encode(access)).value();
  ASSERT_TRUE(turn->commit());
  auto snapshot = store_.snapshot();
  const std::vector both{decided, disclosed};
  EXPECT_EQ(snapshot->entries_of(access.ask).value(), both);
  EXPECT_EQ(snapshot->entries_of(access.view).value(), both);
  EXPECT_EQ(snapshot->access_to(ref).value(), both);
  EXPECT_TRUE(snapshot->entries_of(AskId::make(random)).value().empty());
  auto entry = snapshot->entry(decided);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->header.kind, EntryKind::decided);
  EXPECT_EQ(decode_access(entry->body).value(), access);
}

TEST_P(StoreTest, the_audit_does_not_open_people_and_records) {
  const PersonRef ref = store_.add(aisha());
  store_.add(visit_to({ref}));
  EXPECT_EQ(store_.snapshot()->entry(1).error().code, "needs-permit");
  EXPECT_EQ(store_.snapshot()->entry(2).error().code, "needs-permit");
  EXPECT_EQ(decode_genesis(store_.snapshot()->entry(0)->body).value(), (Genesis{*MemberId::parse("bradford-csc"), 1}));
  EXPECT_EQ(store_.snapshot()->entry(3).error().code, "entry-missing");
}

TEST_P(StoreTest, an_unknown_subjects_key_is_found_again_by_their_identity) {
  const std::string identity = "nhs:9990000026";
  Access access;
  access.identity = identity;
  auto turn = store_.begin();
  const KeyId key = turn->subject_key(identity).value();
  EXPECT_EQ(turn->subject_key(identity).value(), key);
  ASSERT_TRUE(turn->append(EntryKind::asked, ActorId(), key, encode(access)));
  ASSERT_TRUE(turn->commit());
  turn.reset();
  store_.reopen();
  turn = store_.begin();
  EXPECT_EQ(turn->subject_key(identity).value(), key);
  EXPECT_NE(turn->subject_key("nhs:9990000034").value(), key);
}

TEST_P(StoreTest, an_ask_costs_no_commit_of_keys_while_spares_last) {
  ASSERT_TRUE(store_->wants_keys());
  ASSERT_TRUE(store_->refill_keys());
  EXPECT_FALSE(store_->wants_keys());
  const auto before = rows_of(store_.keys(), Table::keys);
  auto turn = store_.begin();
  ASSERT_TRUE(turn->new_key());
  ASSERT_TRUE(turn->subject_key("nhs:9990000026"));
  ASSERT_TRUE(turn->commit());
  EXPECT_EQ(rows_of(store_.keys(), Table::keys), before);
}

TEST_P(StoreTest, a_key_taken_by_a_turn_that_went_is_there_for_the_next) {
  ASSERT_TRUE(store_->refill_keys());
  auto turn = store_.begin();
  const KeyId key = turn->new_key().value();
  turn.reset();
  EXPECT_EQ(store_.begin()->new_key().value(), key);
}

TEST_P(StoreTest, side_rows_are_kept_replaced_erased_and_dropped_when_their_time_is_over) {
  auto turn = store_.begin();
  ASSERT_TRUE(turn->put_side(SideTable::users, view_of("anna"), view_of("1")));
  ASSERT_TRUE(turn->put_side(SideTable::users, view_of("anna"), view_of("2")));
  ASSERT_TRUE(turn->put_side(SideTable::users, view_of("ben"), view_of("3")));
  ASSERT_TRUE(turn->put_side(SideTable::replay_ids, view_of("short"), view_of("x"), noon + 10));
  ASSERT_TRUE(turn->put_side(SideTable::replay_ids, view_of("long"), view_of("x"), noon + 10));
  ASSERT_TRUE(turn->put_side(SideTable::replay_ids, view_of("long"), view_of("x"), noon + 1000));
  ASSERT_TRUE(turn->commit());
  turn.reset();
  store_.reopen();
  auto value = [&](SideTable table, std::string_view key) {
    auto row = store_.snapshot()->side(table, view_of(key)).value();
    return row ? std::string(text_of(*row)) : "(absent)";
  };
  EXPECT_EQ(value(SideTable::users, "anna"), "2");
  EXPECT_EQ(value(SideTable::sessions, "anna"), "(absent)");
  EXPECT_EQ(store_.snapshot()->side_all(SideTable::users).value().size(), 2u);

  turn = store_.begin(noon + 20);
  ASSERT_TRUE(turn->erase_side(SideTable::users, view_of("anna")));
  EXPECT_EQ(turn->drop_expired().value(), 1u);
  ASSERT_TRUE(turn->commit());
  EXPECT_EQ(value(SideTable::users, "anna"), "(absent)");
  EXPECT_EQ(value(SideTable::replay_ids, "short"), "(absent)");
  EXPECT_EQ(value(SideTable::replay_ids, "long"), "x");
  turn.reset();
  turn = store_.begin(noon + 2000);
  EXPECT_EQ(turn->drop_expired().value(), 1u);
  EXPECT_EQ(turn->drop_expired().value(), 0u);
}

TEST_P(StoreTest, no_name_number_or_word_stands_in_the_files) {
  const PersonRef ref = store_.add(aisha());
  store_.add(visit_to({ref}));
  auto turn = store_.begin();
  ASSERT_TRUE(turn->put_side(SideTable::users, view_of("username-quux"), view_of("password-hash-quux")));
  Access access;
  access.identity = "nhs:9990000026";
  access.reason = "worried-quux";
  ASSERT_TRUE(turn->append(EntryKind::asked, ActorId(), turn->subject_key(access.identity).value(), encode(access)));
  ASSERT_TRUE(turn->commit());
  turn.reset();

  std::string all;
  for (Kv* kv : {&store_.ledger(), &store_.keys()})
    for (std::size_t table = 0; table < table_count; ++table)
      for (const auto& [key, value] : rows_of(*kv, Table(table))) {
        all += std::string(text_of(key)) + std::string(text_of(value));
      }
  store_.close();
  if (GetParam() == Engine::lmdb) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(store_.directory())) {
      if (!file.is_regular_file()) continue;
      std::stringstream bytes;
      bytes << std::ifstream(file.path(), std::ios::binary).rdbuf();
      all += bytes.str();
    }
  }
  ASSERT_GT(all.size(), 1000u);
  for (const char* word : {"Aisha", "aisha", "Tester", "tester", "9990000018", "9990000026", "2016-03-14", "BD1 1AA",
                           "Ginnel Row", "visit", "Zebedee", "kettle", "court_papers", "quux", "LL-1"})
    EXPECT_EQ(all.find(word), std::string::npos) << word;
  EXPECT_NE(all.find("bradford-csc"), std::string::npos);  // the search finds what is there
}

TEST_P(StoreTest, another_root_key_opens_nothing) {
  SeededRandom random(99);
  auto opened = Store::open(store_.ledger(), store_.keys(), SecretKey::make(random), random);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "wrong-root-key");
}

TEST_P(StoreTest, a_store_is_never_made_over_another) {
  auto again = Store::create(store_.ledger(), store_.keys(), store_.root(), store_.random(),
                             *MemberId::parse("leeds-csc"), 1, noon);
  EXPECT_EQ(again.error().code, "not-empty");
}

TEST_P(StoreTest, a_cut_ledger_does_not_open) {
  store_.add(aisha());
  auto rows = rows_of(store_.ledger(), Table::entries);
  erase_row(store_.ledger(), Table::entries, rows.back().first);
  auto opened = Store::open(store_.ledger(), store_.keys(), store_.root(), store_.random());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "ledger-cut");
}

TEST_P(StoreTest, every_entry_is_proved_under_the_head) {
  const PersonRef ref = store_.add(aisha());
  for (int i = 0; i < 40; ++i) store_.add(visit_to({ref}));
  auto snapshot = store_.snapshot();
  const TreeHead head = snapshot->tree_head();
  EXPECT_EQ(head, store_->tree_head());
  for (std::uint64_t at = 0; at < head.size; ++at) {
    auto proof = snapshot->inclusion_proof(at, head.size);
    ASSERT_TRUE(proof) << proof.error().text();
    EXPECT_TRUE(verify_inclusion(leaf_hash(snapshot->sealed_entry(at).value()), at, head.size, *proof, head.root));
  }
  auto consistency = snapshot->consistency_proof(17, head.size);
  ASSERT_TRUE(consistency);
  Frontier first;
  for (std::uint64_t at = 0; at < 17; ++at)
    first.append(leaf_hash(snapshot->sealed_entry(at).value()), [](unsigned, std::uint64_t, const Hash&) {});
  EXPECT_TRUE(verify_consistency(17, head.size, first.root(), head.root, *consistency));
}

TEST_P(StoreTest, a_commitment_is_known_by_number_and_by_names) {
  const PersonRef ref = store_.add(aisha());
  const Bytes salt(16, 9);
  auto matches = [&](const Identity& identity) {
    return store_.snapshot()->is_committed(ref, commit_to(identity, salt), salt).value();
  };
  EXPECT_TRUE(matches({"9990000018", "", "", {}, ""}));
  EXPECT_TRUE(matches({"", "AISHA", "tester", {2016, 3, 14}, ""}));
  EXPECT_FALSE(matches({"9990000026", "", "", {}, ""}));
  EXPECT_FALSE(matches({"", "Aisha", "Tester", {2016, 3, 15}, ""}));
}

TEST(StoreThreads, a_snapshot_serves_another_thread_while_turns_go_on) {
  StoreForTests store(Engine::lmdb);
  const PersonRef ref = store.add(aisha());
  const RecordId id = store.add(visit_to({ref}));
  auto snapshot = store.snapshot();
  std::thread reader([&] {
    for (int i = 0; i < 50; ++i) {
      EXPECT_EQ(snapshot->labels(ref).value().size(), 1u);
      EXPECT_TRUE(snapshot->read(PermitForTests::make(id, Step::content)));
    }
  });
  for (int i = 0; i < 10; ++i) store.add(visit_to({ref}));
  reader.join();
  EXPECT_EQ(store.snapshot()->labels(ref).value().size(), 11u);
}

}  // namespace
}  // namespace ginnel
