// SPDX-License-Identifier: Apache-2.0
#include "node/import/importer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "federation/base/crypto/hash.h"
#include "node/import/person_merge.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

// An adapter over items that a test wrote down; stops reading with an error where told.
class ListAdapter : public Adapter {
 public:
  explicit ListAdapter(std::vector<SourceItem> items) : items_(std::move(items)) {}
  Expected<std::optional<SourceItem>> next() override {
    if (fails_at && *fails_at == at_) return fail("unreadable", "cannot read on", "the disk is gone", "");
    if (at_ == items_.size()) return std::optional<SourceItem>();
    return std::optional(items_[at_++]);
  }
  bool complete() const override { return at_ == items_.size() && is_complete; }

  std::optional<std::size_t> fails_at;
  bool is_complete = false;

 private:
  std::vector<SourceItem> items_;
  std::size_t at_ = 0;
};

SourcePerson person_row(std::string system, std::string key, Person person, std::string content = "1") {
  SourcePerson row;
  row.system = std::move(system);
  row.key = std::move(key);
  person.identifiers.erase(std::remove_if(person.identifiers.begin(), person.identifiers.end(),
                                          [](const auto& one) { return one.scheme.starts_with("source:"); }),
                           person.identifiers.end());
  person.identifiers.insert(person.identifiers.begin(), {"source:" + row.system, row.key, true});
  row.person = std::move(person);
  row.content_hash = sha256(view_of(content));
  row.place = {"people.csv", 2};
  return row;
}

SourceRecord record_row(std::string system, std::string key, std::vector<std::string> subjects,
                        std::string content = "1") {
  SourceRecord row;
  for (auto& subject : subjects) row.subjects.push_back({std::move(subject), SubjectRole::child});
  row.record = visit_to({}, "Visit " + content);
  row.record.source = {std::move(system), std::move(key), sha256(view_of(content)), 1};
  row.place = {"visits.csv", 7};
  return row;
}

// (An initializer list of variants makes g++ 12 report uses that are not there.)
template <class... Rows>
std::vector<SourceItem> items(Rows... rows) {
  std::vector<SourceItem> out;
  (out.emplace_back(std::move(rows)), ...);
  return out;
}

Person child(int number) {
  Person person;
  person.names = {{"Child" + std::string(1, char('a' + number % 26)) + std::string(1, char('a' + number / 26 % 26)) +
                       std::string(1, char('a' + number / 676)),
                   "Sample",
                   "usual",
                   {},
                   {}}};
  person.birth = {Date::from_days(15'000 + number % 5000), Precision::day};
  person.addresses = {{{std::to_string(number) + " Weir Street"}, "HX1 1AA", "", {}, {}, false}};
  return person;
}

class ImporterTest : public testing::Test {
 protected:
  ImportRun run(std::vector<SourceItem> items) {
    ListAdapter adapter(std::move(items));
    Importer importer(adapter, {});
    ClockAtNoon clock;
    auto done = import_all(importer, *store_, clock);
    EXPECT_TRUE(done) << done.error().text();
    rejected_ = importer.take_rejected();
    return done ? *done : ImportRun();
  }
  std::vector<PersonRef> find(const std::string& key) {
    return store_.snapshot()->find_people(std::vector{key}).value();
  }
  PersonRef ref_of(const std::string& system, const std::string& key) {
    auto row = store_.snapshot()->person_by_source(system, key, Hash{}).value();
    EXPECT_TRUE(row) << key;
    return row ? row->id : PersonRef();
  }
  bool are_one(const std::string& system, const std::string& key, const std::string& other_system,
               const std::string& other_key) {
    auto group = store_.snapshot()->merged_with(ref_of(system, key)).value();
    return std::count(group.begin(), group.end(), ref_of(other_system, other_key)) == 1;
  }
  PersonVersion version(const std::string& system, const std::string& key) {
    return store_.snapshot()->person(ref_of(system, key), LinkTokenForTests::make()).value();
  }
  std::size_t records_of(const std::string& system, const std::string& key) {
    return store_.snapshot()->labels(ref_of(system, key)).value().size();
  }

  StoreForTests store_;
  std::vector<Rejected> rejected_;
};

TEST_F(ImporterTest, the_same_rows_again_change_nothing) {
  const std::vector<SourceItem> rows = items(person_row("ll", "1", aisha()), record_row("ll", "v1", {"1"}),
                                             person_row("ll", "2", ben()), record_row("ll", "v2", {"2", "1"}));
  const ImportRun first = run(rows);
  EXPECT_EQ(first.people_added, 2u);
  EXPECT_EQ(first.records_added, 2u);
  EXPECT_EQ(first.system, "ll");
  EXPECT_EQ(first.file, "people.csv");
  const auto size = store_->tree_head().size;
  const ImportRun again = run(rows);
  EXPECT_EQ(again.people_unchanged, 2u);
  EXPECT_EQ(again.records_unchanged, 2u);
  EXPECT_EQ(again.people_added + again.people_changed + again.records_added + again.records_changed, 0u);
  EXPECT_EQ(store_->tree_head().size, size + 1);  // the second import_run
}

TEST_F(ImporterTest, changed_content_is_a_new_version_that_replaces_the_old) {
  run(items(person_row("ll", "1", aisha()), record_row("ll", "v1", {"1"}, "old")));
  Person renamed = aisha();
  renamed.names.front().family = "Example";
  const ImportRun second = run(items(person_row("ll", "1", renamed, "2"), record_row("ll", "v1", {"1"}, "new")));
  EXPECT_EQ(second.people_changed, 1u);
  EXPECT_EQ(second.records_changed, 1u);
  auto snapshot = store_.snapshot();
  auto labels = snapshot->labels(ref_of("ll", "1")).value();
  ASSERT_EQ(labels.size(), 1u);
  const Record record = snapshot->read(PermitForTests::make(labels[0].id, Step::content)).value();
  EXPECT_EQ(record.headline, "Visit new");
  EXPECT_EQ(record.source.version, 2u);
  EXPECT_FALSE(record.replaces.empty());
  EXPECT_EQ(version("ll", "1").sources.front().version, 2u);
  EXPECT_EQ(find("names:example|aisha|2016-03-14").size(), 1u);
  EXPECT_TRUE(find("names:tester|aisha|2016-03-14").empty());
}

// A census bears no names, but the case system's own number of the child.
TEST_F(ImporterTest, a_return_and_the_case_system_tell_of_one_child_in_either_order) {
  for (bool return_first : {true, false}) {
    const std::string key = return_first ? "c1" : "c2";
    Person named = child(return_first ? 7 : 8), nameless;
    nameless.birth = named.birth;
    SourcePerson census = person_row("cin-census", key, nameless);
    census.person.identifiers.push_back({"source:case-system", key, false});
    SourcePerson own = person_row("case-system", key, named);
    if (return_first)
      run(items(census, own));
    else
      run(items(own, census));
    EXPECT_EQ(ref_of("cin-census", key), ref_of("case-system", key)) << return_first;
    Person other = nameless;
    other.birth = {{2001, 1, 1}, Precision::day};
    SourcePerson contradicting = person_row("annex-a", key, other);
    contradicting.person.identifiers.push_back({"source:case-system", key, false});
    run(items(contradicting));
    ASSERT_EQ(named.birth.precision, Precision::day);
    EXPECT_NE(ref_of("annex-a", key), ref_of("case-system", key)) << "two birth dates are two people";
  }
}

TEST_F(ImporterTest, people_of_two_systems_are_linked_by_nhs_number) {
  run(items(person_row("ll", "1", aisha())));
  Person as_known_to_health = aisha();
  as_known_to_health.names = {{"Ayesha", "Tester", "usual", {}, {}}};
  as_known_to_health.addresses.clear();
  const ImportRun second = run(items(person_row("systm", "h9", as_known_to_health), record_row("systm", "a1", {"h9"})));
  EXPECT_EQ(second.people_changed, 1u);
  EXPECT_EQ(ref_of("systm", "h9"), ref_of("ll", "1"));
  const Person person = version("ll", "1").person;
  EXPECT_EQ(person.names.size(), 2u);
  EXPECT_EQ(person.names.front().given, "Aisha");
  EXPECT_EQ(person.addresses.size(), 1u);
  EXPECT_EQ(records_of("ll", "1"), 1u);
}

TEST_F(ImporterTest, what_one_system_no_longer_says_goes_and_what_the_other_says_stays) {
  Person health = aisha();
  health.names = {{"Ayesha", "Tester", "usual", {}, {}}};
  run(items(person_row("ll", "1", aisha()), person_row("systm", "h9", health)));
  Person corrected = aisha();
  corrected.names = {{"Aishah", "Tester", "usual", {}, {}}};
  run(items(person_row("ll", "1", corrected, "2")));
  const Person person = version("ll", "1").person;
  ASSERT_EQ(person.names.size(), 2u);
  EXPECT_EQ(person.names[0].given, "Aishah");
  EXPECT_EQ(person.names[1].given, "Ayesha");
  run(items(person_row("systm", "h9", health)));  // unchanged still
  EXPECT_EQ(version("ll", "1").person, person);
}

TEST_F(ImporterTest, without_a_number_names_birth_date_and_postcode_link) {
  run(items(person_row("ll", "1", ben())));
  Person same = ben();
  same.names.front().given = "BEN";
  run(items(person_row("systm", "h1", same), record_row("systm", "v1", {"h1"})));
  EXPECT_TRUE(are_one("systm", "h1", "ll", "1"));
  EXPECT_EQ(records_of("ll", "1"), 1u);
  EXPECT_EQ(find("names:tester|ben|2018-07-01").size(), 1u);
}

TEST_F(ImporterTest, who_was_heard_otherwise_or_typed_wrong_is_merged_by_score) {
  Person written = ben();
  written.names.front() = {"Benjamin", "Ackroyd-Kowalski", "usual", {}, {}};
  run(items(person_row("ll", "1", written)));
  Person heard = written;
  heard.names.front() = {"Ben", "Akroyd Kowalska", "usual", {}, {}};
  heard.birth.date = {2018, 1, 7};  // day and month the wrong way round
  run(items(person_row("systm", "h1", heard)));
  EXPECT_TRUE(are_one("systm", "h1", "ll", "1"));
}

TEST_F(ImporterTest, who_may_be_the_same_is_asked_about_and_both_stay_found) {
  run(items(person_row("ll", "1", ben())));
  Person moved = ben();
  moved.addresses.front() = {{"9 Beck Side"}, "LS1 1AA", "", {}, {}, false};
  run(items(person_row("systm", "h2", moved)));
  EXPECT_FALSE(are_one("systm", "h2", "ll", "1"));
  EXPECT_EQ(find("names:tester|ben|2018-07-01").size(), 2u);
  const auto matches = store_.snapshot()->possible_matches(10).value();
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_NE(matches[0].reason.find("birth exact"), std::string::npos);
  EXPECT_EQ(matches[0].reason.find("Tester"), std::string::npos);

  auto turn = store_.begin();
  ASSERT_TRUE(turn->unmerge({matches[0].one, matches[0].other, "cousins"}, ActorId()));
  ASSERT_TRUE(turn->commit());
  turn.reset();
  moved.names.front().given = "BEN";
  run(items(person_row("systm", "h2", moved, "2")));
  EXPECT_TRUE(store_.snapshot()->possible_matches(10)->empty());  // it was decided
}

TEST_F(ImporterTest, twins_brothers_and_a_son_with_his_fathers_name_stay_themselves) {
  Person twin = ben(), brother = ben(), father = ben();
  twin.names.front().given = "Daniel";
  brother.names.front().given = "Daniel";
  brother.birth.date = {2016, 2, 9};
  father.birth.date = {1988, 7, 1};
  run(items(person_row("ll", "1", ben()), person_row("ll", "2", twin), person_row("ll", "3", brother),
            person_row("ll", "4", father)));
  for (const char* key : {"1", "2", "3", "4"})
    EXPECT_EQ(store_.snapshot()->merged_with(ref_of("ll", key))->size(), 1u) << key;
}

TEST_F(ImporterTest, the_identities_of_an_adopted_child_are_never_joined_or_proposed) {
  run(items(person_row("ll", "1", ben())));
  Person sealed = ben();
  sealed.markings_by_source = {"adoption_sealed"};
  run(items(person_row("systm", "h1", sealed), person_row("school", "s1", ben())));
  EXPECT_FALSE(are_one("systm", "h1", "ll", "1"));
  EXPECT_FALSE(are_one("systm", "h1", "school", "s1"));
  EXPECT_TRUE(are_one("school", "s1", "ll", "1"));
  EXPECT_TRUE(store_.snapshot()->possible_matches(10)->empty());
  const Matching matching(default_link_rules());
  EXPECT_EQ(matching.check_joinable(*store_.snapshot(), ref_of("ll", "1"), ref_of("systm", "h1")).error().code,
            "cannot-join");
}

TEST_F(ImporterTest, a_number_in_the_wrong_childs_record_is_asked_about) {
  run(items(person_row("ll", "1", aisha())));
  Person twin = aisha();
  twin.names.front().given = "Zainab";
  run(items(person_row("systm", "h1", twin)));
  EXPECT_NE(ref_of("systm", "h1"), ref_of("ll", "1"));
  EXPECT_FALSE(are_one("systm", "h1", "ll", "1"));
  EXPECT_EQ(store_.snapshot()->possible_matches(10)->size(), 1u);
}

TEST_F(ImporterTest, after_an_unmerge_each_has_what_its_own_sources_said_also_later) {
  run(items(person_row("ll", "1", ben()), record_row("ll", "v1", {"1"})));
  run(items(person_row("systm", "h1", ben()), record_row("systm", "a1", {"h1"})));
  const PersonVersion before = version("ll", "1");
  ASSERT_TRUE(are_one("systm", "h1", "ll", "1"));
  Person changed = ben();
  changed.names.front().given = "Benny";
  run(items(person_row("systm", "h1", changed, "2"), record_row("systm", "a2", {"h1"}, "2"),
            record_row("ll", "v2", {"1"}, "2")));
  EXPECT_EQ(records_of("ll", "1"), 4u);
  auto turn = store_.begin();
  ASSERT_TRUE(turn->unmerge({ref_of("ll", "1"), ref_of("systm", "h1"), "two boys"}, ActorId()));
  ASSERT_TRUE(turn->commit());
  turn.reset();
  store_.reopen();
  EXPECT_EQ(records_of("ll", "1"), 2u);
  EXPECT_EQ(records_of("systm", "h1"), 2u);
  EXPECT_EQ(version("ll", "1"), before);
  EXPECT_EQ(version("systm", "h1").person.names.front().given, "Benny");
  run(items(person_row("systm", "h1", ben(), "3")));
  EXPECT_FALSE(are_one("systm", "h1", "ll", "1")) << "a person decided";
}

TEST_F(ImporterTest, a_contradiction_is_never_linked) {
  run(items(person_row("ll", "1", aisha())));
  Person twin = aisha();  // the same names, day and postcode, another number
  for (auto& identifier : twin.identifiers)
    if (identifier.scheme == "nhs") identifier.value = "9990000026";
  run(items(person_row("systm", "h1", twin)));
  EXPECT_NE(ref_of("systm", "h1"), ref_of("ll", "1"));
}

TEST_F(ImporterTest, two_people_who_both_fit_are_not_linked_to_either) {
  Person other = ben();
  other.identifiers = {{"nhs", "9990000026", true}};
  Person another = ben();
  another.identifiers = {{"nhs", "9990000034", true}};
  run(items(person_row("ll", "1", other), person_row("ll", "2", another)));
  ASSERT_NE(ref_of("ll", "1"), ref_of("ll", "2"));
  EXPECT_EQ(run(items(person_row("systm", "h1", ben()))).people_added, 1u);
}

TEST_F(ImporterTest, a_marking_put_on_by_a_person_survives_a_refresh) {
  run(items(person_row("ll", "1", aisha())));
  {
    auto turn = store_.begin();
    auto marked = turn->person(ref_of("ll", "1"), LinkTokenForTests::make()).value();
    marked.person.markings_by_person = {"protected_address"};
    ASSERT_TRUE(turn->put_person(marked, ActorId()));
    ASSERT_TRUE(turn->commit());
  }
  Person refreshed = aisha();
  refreshed.markings_by_source.clear();
  refreshed.names.front().given = "Aishah";
  run(items(person_row("ll", "1", refreshed, "2")));
  run(items(person_row("systm", "h9", aisha())));
  EXPECT_TRUE(store_.snapshot()->markings(ref_of("ll", "1")).value().contains("protected_address"));
  EXPECT_EQ(version("ll", "1").person.markings_by_person, std::set<std::string>{"protected_address"});
}

TEST_F(ImporterTest, relations_are_made_also_to_people_who_come_later) {
  SourcePerson first = person_row("ll", "1", aisha());
  first.relations = {{"2", "sibling", true, false, {}, {}}, {"never", "mother", true, true, {}, {}}};
  run(items(first, person_row("ll", "2", ben())));
  const auto relationships = version("ll", "1").person.relationships;
  ASSERT_EQ(relationships.size(), 1u);
  EXPECT_EQ(relationships[0].to, ref_of("ll", "2"));
  EXPECT_EQ(relationships[0].kind, "sibling");
  const auto size = store_->tree_head().size;
  run(items(first, person_row("ll", "2", ben())));
  EXPECT_EQ(store_->tree_head().size, size + 1);

  run(items(person_row("ll", "never", child(3)), first));
  EXPECT_EQ(version("ll", "1").person.relationships.size(), 2u);
}

TEST_F(ImporterTest, a_rejected_row_is_kept_shown_and_counted_and_stops_nobody) {
  SourceRecord orphan = record_row("ll", "v9", {"nobody"});
  Person endless = ben();
  endless.names.front().given = std::string(100'000, 'x');
  const ImportRun done =
      run(items(Rejected{"people.csv", 3, "DOB", "is no date"}, orphan, person_row("ll", "2", endless),
                person_row("ll", "1", aisha()), record_row("ll", "v1", {"1"})));
  EXPECT_EQ(done.rejected, 3u);
  EXPECT_EQ(done.people_added, 1u);
  EXPECT_EQ(done.records_added, 1u);
  ASSERT_EQ(rejected_.size(), 3u);
  EXPECT_EQ(rejected_[1].line, 7u);
  for (const auto& row : rejected_) EXPECT_EQ(row.reason.find("xxx"), std::string::npos);
  auto kept = store_.snapshot()->entry(1);
  ASSERT_TRUE(kept) << kept.error().text();
  EXPECT_EQ(kept->header.kind, EntryKind::rejected_row);
  EXPECT_EQ(decode_rejected_row(kept->body).value(), (RejectedRow{"people.csv", 3, "DOB", "is no date"}));
}

TEST_F(ImporterTest, faults_are_flagged_and_counted) {
  SourcePerson person = person_row("ll", "1", aisha());
  person.flags = {{"NHS", "wrong check digit"}, {"POSTCODE", "no such postcode"}};
  EXPECT_EQ(run(items(person, record_row("ll", "v1", {"1", "absent"}))).flagged, 3u);
  EXPECT_EQ(records_of("ll", "1"), 1u);
}

TEST_F(ImporterTest, the_run_is_an_entry) {
  const ImportRun done = run(items(person_row("ll", "1", aisha())));
  auto entry = store_.snapshot()->entry(store_->tree_head().size - 1);
  EXPECT_EQ(entry->header.kind, EntryKind::import_run);
  EXPECT_EQ(decode_import_run(entry->body).value(), done);
}

TEST_F(ImporterTest, one_childs_rows_are_in_one_commit) {
  std::vector<SourceItem> rows;
  for (int i = 0; i < 5; ++i) {
    rows.emplace_back(person_row("ll", std::to_string(i), child(i)));
    for (int j = 0; j < 29; ++j)
      rows.emplace_back(record_row("ll", std::to_string(i) + "-" + std::to_string(j), {std::to_string(i)}));
  }
  ListAdapter adapter(rows);
  Importer importer(adapter, {});
  std::size_t steps = 0;
  for (bool more = true; more; ++steps) {
    auto turn = store_.begin();
    auto stepped = importer.step(*turn);
    ASSERT_TRUE(stepped) << stepped.error().text();
    more = *stepped;
    ASSERT_TRUE(turn->commit());
    EXPECT_EQ(importer.run().records_added % 29, 0u);
  }
  EXPECT_EQ(steps, 3u);
}

TEST_F(ImporterTest, running_again_completes_what_a_crash_cut_off) {
  std::vector<SourceItem> rows;
  for (int i = 0; i < 200; ++i) {
    rows.emplace_back(person_row("ll", std::to_string(i), child(i)));
    rows.emplace_back(record_row("ll", "v" + std::to_string(i), {std::to_string(i)}));
  }
  {
    ListAdapter adapter(rows);
    Importer importer(adapter, {});
    for (int i = 0; i < 3; ++i) {
      auto turn = store_.begin();
      ASSERT_TRUE(importer.step(*turn));
      if (i == 2) break;  // the power goes
      ASSERT_TRUE(turn->commit());
    }
  }
  store_.reopen();
  const ImportRun again = run(rows);
  EXPECT_EQ(again.people_unchanged, 64u);
  EXPECT_EQ(again.people_added, 136u);
  EXPECT_EQ(again.records_added, 136u);
  for (int i = 0; i < 200; i += 13) EXPECT_EQ(records_of("ll", std::to_string(i)), 1u);
}

TEST_F(ImporterTest, a_file_that_breaks_off_keeps_what_came_before) {
  ListAdapter adapter(items(person_row("ll", "1", aisha()), person_row("ll", "2", ben())));
  adapter.fails_at = 1;
  adapter.is_complete = true;
  Importer importer(adapter, {});
  ClockAtNoon clock;
  auto done = import_all(importer, *store_, clock);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "unreadable");
  EXPECT_EQ(importer.run().people_added, 1u);
  EXPECT_FALSE(importer.run().complete);
  EXPECT_EQ(find("nhs:9990000018").size(), 1u);
}

TEST(ImporterSpeed, twenty_thousand_records_go_into_lmdb) {
  StoreForTests store(StoreForTests::Engine::lmdb);
  std::vector<SourceItem> rows;
  for (int i = 0; i < 2000; ++i) {
    const std::string key = std::to_string(i);
    rows.emplace_back(person_row("ll", key, child(i)));
    for (int j = 0; j < 10; ++j) rows.emplace_back(record_row("ll", key + "-" + std::to_string(j), {key}));
  }
  ListAdapter adapter(std::move(rows));
  Importer importer(adapter, {});
  ClockAtNoon clock;
  const auto begun = std::chrono::steady_clock::now();
  auto done = import_all(importer, *store, clock);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(done->records_added, 20'000u);
  std::cout << "imported 2,000 people and 20,000 records in " << seconds << " s: " << 22'000 / seconds
            << " rows a second\n";
  EXPECT_TRUE(store.snapshot()->verify()->good());
}

}  // namespace
}  // namespace ginnel
