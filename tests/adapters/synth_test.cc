// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/synth.h"

#include <set>

#include "federation/record/match.h"
#include "federation/record/nhs_number.h"
#include "tests/adapters/synth_world_for_tests.h"

namespace ginnel {
namespace {

using ::testing::IsEmpty;

TEST(SynthWorld, the_same_seed_gives_the_same_bytes_and_another_seed_others) {
  TemporaryFolder first, second, other;
  for (auto [folder, seed] : {std::pair{&first, 3}, {&second, 3}, {&other, 4}}) {
    SynthOptions options;
    options.children = 60;
    options.seed = std::uint64_t(seed);
    options.out_dir = folder->path();
    ASSERT_TRUE(write_synthetic_world(options));
  }
  EXPECT_EQ(files_in(first.path()), files_in(second.path()));
  EXPECT_NE(files_in(first.path()), files_in(other.path()));
}

TEST(SynthWorld, writing_over_an_earlier_world_leaves_nothing_of_it) {
  TemporaryFolder folder, fresh;
  SynthOptions options;
  options.out_dir = folder.path();
  options.children = 80;
  ASSERT_TRUE(write_synthetic_world(options));
  options.children = 10;
  ASSERT_TRUE(write_synthetic_world(options));
  options.out_dir = fresh.path();
  ASSERT_TRUE(write_synthetic_world(options));
  EXPECT_EQ(files_in(folder.path()), files_in(fresh.path()));
}

TEST(SynthWorld, too_few_or_too_many_children_are_refused) {
  for (std::uint32_t children : {0u, 7u, 400'001u}) {
    SynthOptions options;
    options.children = children;
    options.out_dir = "never-made";
    auto written = write_synthetic_world(options);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, "bad-options");
  }
}

TEST(SynthWorld, a_folder_that_cannot_be_written_is_an_error) {
  SynthOptions options;
  options.out_dir = "/proc/ginnel";
  auto written = write_synthetic_world(options);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, "unwritable");
}

TEST(SynthWorld, without_faults_every_row_of_every_file_is_sound) {
  TemporaryFolder folder;
  SynthOptions options;
  options.children = 150;
  options.plant_faults = false;
  options.out_dir = folder.path();
  auto summary = write_synthetic_world(options);
  ASSERT_TRUE(summary);
  for (const SynthNode& node : summary->nodes) {
    Imported got = import_node(node, folder.path());
    EXPECT_THAT(got.flagged, IsEmpty()) << node.id;
    EXPECT_TRUE(got.complete) << node.id;
  }
  for (const SynthFaultKind& kind : summary->faults) EXPECT_EQ(kind.planted, 0u) << kind.id;
}

TEST_F(Synth, counts_agree_with_the_truth_and_with_what_is_imported) {
  EXPECT_EQ(summary_->children, 400u);
  EXPECT_EQ((*truth_)["children"].size(), 400u);
  EXPECT_EQ((*truth_)["adults"].size(), summary_->adults);
  EXPECT_EQ((*truth_)["unborn"].size(), summary_->unborn);
  std::uint32_t records = 0;
  std::map<std::string, std::uint32_t> held;
  for (const char* list : {"children", "adults", "unborn"}) {
    for (const auto& person : (*truth_)[list]) {
      for (const auto& copy : person["held"]) ++held[copy["node"]];
    }
  }
  for (const SynthNode& node : summary_->nodes) {
    EXPECT_EQ(imported_->at(node.id).people.size(), node.people) << node.id;
    EXPECT_EQ(imported_->at(node.id).records.size(), node.records) << node.id;
    EXPECT_EQ(held[node.id], node.people) << node.id;
    records += node.records;
  }
  EXPECT_EQ(records, summary_->records);
}

TEST(SynthFaults, every_kind_stands_in_the_format_with_its_frequency_and_effect) {
  std::string page = content_of(source_tree() / "docs/formats/synthetic-data.md");
  for (const SynthFaultKind& kind : synth_fault_kinds()) {
    std::string row =
        "| `" + kind.id + "` | " + kind.of + " | " + std::to_string(kind.per_thousand) + " | " + kind.effect;
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

// Every fault that an import can see in a row, and nothing else, is flagged or rejected; and each kind occurs.
TEST_F(Synth, every_row_imports_but_for_the_planted_faults) {
  std::map<std::string, std::uint32_t> planted;
  for (const SynthNode& node : summary_->nodes) {
    std::set<std::string> flagged, rejected;
    for (const auto& fault : (*truth_)["faults"]) {
      if (fault["node"] != node.id) continue;
      ++planted[fault["fault"]];
      std::string at = fault["file"].get<std::string>() + ":" + std::to_string(fault["line"].get<int>());
      if (fault["effect"] == "flagged") flagged.insert(at);
      if (fault["effect"] == "rejected") {
        EXPECT_TRUE(rejected.insert(at).second) << node.id << " " << at;
      }
    }
    auto& got = imported_->at(node.id);
    EXPECT_THAT(got.flagged, ::testing::UnorderedElementsAreArray(flagged)) << node.id;
    EXPECT_THAT(got.rejected, ::testing::UnorderedElementsAreArray(rejected)) << node.id;
    EXPECT_EQ(got.complete, rejected.empty()) << node.id;
  }
  for (const SynthFaultKind& kind : summary_->faults) {
    EXPECT_GT(kind.planted, 0u) << kind.id << " never occurs among 400 children";
    EXPECT_EQ(planted[kind.id], kind.planted) << kind.id;
  }
}

TEST_F(Synth, a_planted_childs_rows_have_no_fault) {
  std::set<std::string> keys;
  for (const char* list : {"children", "adults"}) {
    for (const auto& person : (*truth_)[list]) {
      if (person["story"].is_null()) continue;
      for (const auto& held : person["held"])
        keys.insert(held["node"].get<std::string>() + held["key"].get<std::string>());
    }
  }
  EXPECT_GT(keys.size(), 30u);
  for (const auto& fault : (*truth_)["faults"]) {
    if (!fault.contains("key")) continue;
    EXPECT_EQ(keys.count(fault["node"].get<std::string>() + fault["key"].get<std::string>()), 0u) << fault;
  }
}

TEST_F(Synth, what_a_fault_does_to_a_persons_row_can_be_seen_in_what_is_imported) {
  std::map<std::string, int> seen;
  auto number_of = [](const Person& person, const std::string& scheme) {
    for (const Identifier& it : person.identifiers) {
      if (it.scheme == scheme) return it.value;
    }
    return std::string();
  };
  for (const auto& fault : (*truth_)["faults"]) {
    if (!fault.contains("key")) continue;
    const SourcePerson* source = person_at(imported_->at(fault["node"]), fault["key"]);
    ASSERT_NE(source, nullptr) << fault;
    const Person& person = source->person;
    std::string kind = fault["fault"];
    ++seen[kind];
    if (kind == "birth-placeholder" || kind == "birth-in-future") {
      EXPECT_FALSE(person.birth.date.is_set()) << fault;
    }
    if (kind == "nhs-check-digit" || kind == "nhs-transposed" || kind == "nhs-placeholder") {
      EXPECT_EQ(number_of(person, "nhs"), "") << fault;
    }
    if (kind == "upn-check-letter") {
      EXPECT_EQ(number_of(person, "upn"), "") << fault;
    }
    if (kind == "upn-temporary") {
      std::string upn = number_of(person, "upn");
      EXPECT_TRUE(source->flags.empty() == !upn.empty()) << fault;
      if (!upn.empty()) {
        EXPECT_TRUE(upn.back() >= 'A' && upn.back() <= 'Z') << upn;
      }
    }
    if (kind == "postcode-zz99" || kind == "postcode-cut" || kind == "no-postcode") {
      EXPECT_EQ(person.addresses.at(0).postcode, "") << fault;
    }
    if (kind == "unborn") {
      EXPECT_EQ(person.birth.precision, Precision::expected);
      EXPECT_GT(person.birth.date, SynthOptions().today);
      ASSERT_FALSE(source->relations.empty());
      EXPECT_EQ(source->relations[0].kind, "mother");
      EXPECT_NE(person_at(imported_->at(fault["node"]), source->relations[0].other_key), nullptr);
    }
    if (kind == "baby-of") {
      EXPECT_NE(person.names.at(0).given.find("aby of"), std::string::npos) << fault;
    }
    if (kind == "person-twice" || kind == "person-twice-unsure") {
      const SourcePerson* other = person_at(imported_->at(fault["node"]), fault["sameAs"]);
      ASSERT_NE(other, nullptr);
      auto mine = link_keys(person), theirs = link_keys(other->person);
      bool share = std::find_first_of(mine.begin(), mine.end(), theirs.begin(), theirs.end()) != mine.end();
      EXPECT_EQ(share && !contradict(person, other->person), kind == "person-twice") << fault;
    }
  }
  for (const char* kind :
       {"birth-placeholder", "birth-in-future", "nhs-check-digit", "nhs-transposed", "nhs-placeholder",
        "upn-check-letter", "upn-temporary", "postcode-zz99", "postcode-cut", "no-postcode", "unborn", "baby-of",
        "person-twice", "person-twice-unsure", "twins", "old-address", "masculine-form"}) {
    EXPECT_GT(seen[kind], 0) << kind;
  }
}

TEST_F(Synth, twins_share_a_birth_date_and_no_number) {
  std::map<std::string, std::set<std::string>> numbers;  // by surname's truth and birth date of the node's own copy
  std::set<std::pair<std::string, std::string>> twin_keys;
  for (const auto& fault : (*truth_)["faults"]) {
    if (fault["fault"] == "twins") twin_keys.emplace(fault["node"], fault["key"]);
  }
  for (const auto& child : (*truth_)["children"]) {
    bool is_twin = std::any_of(child["held"].begin(), child["held"].end(), [&](const auto& held) {
      return twin_keys.count({held["node"], held["key"]}) > 0;
    });
    if (is_twin) {
      numbers[child["postcode"].get<std::string>() + child["dateOfBirth"].get<std::string>()].insert(
          child["nhsNumber"]);
    }
  }
  EXPECT_GT(numbers.size(), 0u);
  for (const auto& [home, two] : numbers) EXPECT_EQ(two.size(), 2u) << home;
}

TEST_F(Synth, every_child_has_ten_to_forty_records_and_every_holder_one_involvement) {
  for (const auto& child : (*truth_)["children"]) {
    int records = 0;
    for (const auto& held : child["held"]) records += held["records"].get<int>();
    bool is_planted = !child["story"].is_null();
    EXPECT_GE(records, is_planted ? 5 : 10) << child["nhsNumber"];
    EXPECT_LE(records, 40) << child["nhsNumber"];
  }
  for (const SynthNode& node : summary_->nodes) {
    std::map<std::string, int> involvements;
    for (const SourceRecord& it : imported_->at(node.id).records) {
      if (it.record.kind != "involvement") continue;
      ++involvements[it.subjects[0].key];
      EXPECT_EQ(it.record.label.sensitivity, 0);
      EXPECT_THAT(it.record.author.contact, ::testing::MatchesRegex("01632 960[0-9][0-9][0-9]"));
    }
    for (const auto& child : (*truth_)["children"]) {
      int here = 0;
      bool holds = false;
      for (const auto& held : child["held"]) {
        if (held["node"] != node.id) continue;
        holds = true;
        here += involvements[held["key"]];  // under whichever key
      }
      bool competent = child["story"] == "sexual-health-competent" && node.id == "bradford-health";
      EXPECT_EQ(here, holds && !competent ? 1 : 0) << node.id << " " << child["nhsNumber"];
    }
  }
}

TEST_F(Synth, numbers_are_of_the_ranges_that_belong_to_nobody_and_differ) {
  std::set<std::string> numbers;
  for (const char* list : {"children", "adults"}) {
    for (const auto& person : (*truth_)[list]) {
      std::string number = person["nhsNumber"];
      EXPECT_TRUE(number.starts_with("999"));
      EXPECT_EQ(parse_nhs_number(number), number);
      EXPECT_TRUE(numbers.insert(number).second) << number;
    }
  }
}

TEST_F(Synth, the_truth_lies_outside_every_nodes_folder) {
  for (const auto& [name, content] : files_in(folder_->path())) {
    if (name != "truth.json") {
      EXPECT_NE(name.find("/source/"), std::string::npos) << name;
    }
  }
}

TEST_F(Synth, subjects_of_records_are_people_of_the_same_export) {
  for (const SynthNode& node : summary_->nodes) {
    std::set<std::string> keys;
    for (const SourcePerson& person : imported_->at(node.id).people) keys.insert(person.key);
    for (const SourcePerson& person : imported_->at(node.id).people) {
      for (const SourceRelation& relation : person.relations) EXPECT_EQ(keys.count(relation.other_key), 1u);
    }
    for (const SourceRecord& record : imported_->at(node.id).records) {
      for (const SourceSubject& subject : record.subjects) EXPECT_EQ(keys.count(subject.key), 1u) << node.id;
    }
  }
}

// -- linking by keys, measured against the truth

TEST_F(Synth, keys_link_what_they_should_and_miss_what_needs_a_score) {
  std::map<std::string, int> shared, missed;
  int wrong = 0;
  std::map<std::string, std::string> nhs_of_key;  // link key -> true NHS number
  for (const auto& child : (*truth_)["children"]) {
    for (const auto& held : child["held"]) {
      auto text = [&](const char* field) {
        return held[field].is_null() ? std::string() : held[field].get<std::string>();
      };
      std::string number = text("nhsNumber") == child["nhsNumber"] ? text("nhsNumber") : "";  // else it is left out
      Identity known{number, text("givenName"), text("familyName"), *parse_date(text("dateOfBirth")), text("postcode")};
      Identity asked{{},
                     child["givenName"],
                     child["familyName"],
                     *parse_date(child["dateOfBirth"].get<std::string>()),
                     child["postcode"]};
      bool same_names = known.given == asked.given && known.family == asked.family;
      bool same_rest = known.birth_date == asked.birth_date && known.postcode == asked.postcode;
      auto keys = link_keys(known), wanted = link_keys(asked);
      bool found = std::find(keys.begin(), keys.end(), wanted.at(0)) != keys.end();
      std::string fault = same_names && same_rest                ? "none"
                          : known.birth_date != asked.birth_date ? "birth"
                          : known.postcode != asked.postcode     ? "address"
                                                                 : "spelling";
      ++(found ? shared : missed)[fault];
      for (const auto& key : keys) {
        auto [at, is_new] = nhs_of_key.try_emplace(key, child["nhsNumber"]);
        wrong += !is_new && at->second != child["nhsNumber"];
      }
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(shared["none"], 500);
  EXPECT_EQ(missed["none"], 0);
  // Diacritics and hyphens are no obstacle; other letters, a swapped birthday and an old address are.
  EXPECT_GT(shared["spelling"], 0);
  EXPECT_GT(missed["spelling"], 0);
  EXPECT_EQ(shared["birth"], 0);
  EXPECT_GT(missed["birth"], 0);
  EXPECT_EQ(shared["address"], 0);
  EXPECT_GT(missed["address"], 0);
}

}  // namespace
}  // namespace ginnel
