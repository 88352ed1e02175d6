// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/synth.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "adapters/mapped_reader.h"
#include "federation/record/match.h"
#include "federation/record/nhs_number.h"
#include "tests/adapters/temporary_folder.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::map<std::string, std::string> files_in(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[entry.path().lexically_relative(folder).string()] = content_of(entry.path());
  }
  return files;
}

// One node's export, read through the example mapping of its kind.
struct Imported {
  std::vector<SourcePerson> people;
  std::vector<SourceRecord> records;
  std::vector<std::string> flagged, rejected;  // "file:line"
};

Imported import_node(const SynthNode& node, const std::filesystem::path& world) {
  std::string kind = node.kind;
  std::replace(kind.begin(), kind.end(), '_', '-');
  auto mapping = load_mapping(source_tree() / "config-examples/mappings" / (std::string(kind) + ".toml"));
  EXPECT_TRUE(mapping) << kind;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(world / node.id / "source"))
    if (entry.path().extension() == ".csv") files.push_back(entry.path());
  auto adapter = open_mapped(*mapping, files, *MemberId::parse(node.id));
  EXPECT_TRUE(adapter) << (adapter ? "" : adapter.error().text());
  Imported out;
  auto place = [](const std::string& file, std::uint32_t line) { return file + ":" + std::to_string(line); };
  while (adapter) {
    auto item = (*adapter)->next();
    EXPECT_TRUE(item);
    if (!item || !*item) break;
    if (auto* person = std::get_if<SourcePerson>(&**item)) {
      if (!person->flags.empty()) out.flagged.push_back(place(person->place.file, person->place.line));
      out.people.push_back(std::move(*person));
    } else if (auto* record = std::get_if<SourceRecord>(&**item)) {
      if (!record->flags.empty()) out.flagged.push_back(place(record->place.file, record->place.line));
      out.records.push_back(std::move(*record));
    } else {
      const auto& rejected = std::get<Rejected>(**item);
      out.rejected.push_back(place(rejected.file, rejected.line));
    }
  }
  return out;
}

// One world for all tests that only read it.
class Synth : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    SynthOptions options;
    options.children = 400;
    options.seed = 7;
    options.out_dir = folder_->path();
    auto written = write_synthetic_world(options);
    ASSERT_TRUE(written) << written.error().text();
    summary_ = new SynthSummary(*written);
    truth_ = new nlohmann::json(nlohmann::json::parse(content_of(folder_->path() / "truth.json")));
    imported_ = new std::map<std::string, Imported>;
    for (const SynthNode& node : summary_->nodes) (*imported_)[node.id] = import_node(node, folder_->path());
  }
  static void TearDownTestSuite() {
    delete imported_;
    delete truth_;
    delete summary_;
    delete folder_;
  }

  static std::string key_at(const PlantedChild& planted, const std::string& node) {
    for (const SourcePerson& person : imported_->at(node).people) {
      for (const Identifier& it : person.person.identifiers) {
        if (it.scheme == "nhs" && it.value == planted.nhs_number) return person.key;
      }
    }
    return "";
  }
  static std::vector<const Record*> records_of(const PlantedChild& planted, const std::string& node) {
    std::vector<const Record*> out;
    std::string key = key_at(planted, node);
    for (const SourceRecord& record : imported_->at(node).records) {
      for (const SourceSubject& subject : record.subjects) {
        if (!key.empty() && subject.key == key && subject.role == SubjectRole::child) out.push_back(&record.record);
      }
    }
    return out;
  }

  static TemporaryFolder* folder_;
  static SynthSummary* summary_;
  static nlohmann::json* truth_;
  static std::map<std::string, Imported>* imported_;
};

TemporaryFolder* Synth::folder_ = nullptr;
SynthSummary* Synth::summary_ = nullptr;
nlohmann::json* Synth::truth_ = nullptr;
std::map<std::string, Imported>* Synth::imported_ = nullptr;

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
  for (std::uint32_t children : {0u, 2u, 400'001u}) {
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

TEST_F(Synth, counts_agree_with_the_truth_and_with_what_is_imported) {
  EXPECT_EQ(summary_->children, 400u);
  EXPECT_EQ((*truth_)["children"].size(), 400u);
  EXPECT_EQ((*truth_)["adults"].size(), summary_->adults);
  std::uint32_t records = 0;
  for (const SynthNode& node : summary_->nodes) {
    EXPECT_EQ(imported_->at(node.id).people.size(), node.people) << node.id;
    EXPECT_EQ(imported_->at(node.id).records.size(), node.records) << node.id;
    records += node.records;
  }
  EXPECT_EQ(records, summary_->records);
}

TEST_F(Synth, every_row_imports_but_for_the_planted_faults) {
  std::size_t faults = 0;
  for (const SynthNode& node : summary_->nodes) {
    std::vector<std::string> flagged, rejected;
    for (const PlantedFault& fault : summary_->faults) {
      if (fault.node != node.id) continue;
      (fault.effect == "flagged" ? flagged : rejected).push_back(fault.file + ":" + std::to_string(fault.line));
      ++faults;
    }
    auto& got = imported_->at(node.id);
    EXPECT_THAT(got.flagged, ::testing::UnorderedElementsAreArray(flagged)) << node.id;
    EXPECT_THAT(got.rejected, ::testing::UnorderedElementsAreArray(rejected)) << node.id;
  }
  EXPECT_GT(faults, 10u);
}

TEST_F(Synth, every_child_has_ten_to_forty_records_and_every_holder_one_involvement) {
  for (const auto& child : (*truth_)["children"]) {
    int records = 0;
    for (const auto& held : child["held"]) records += held["records"].get<int>();
    EXPECT_GE(records, 10) << child["nhsNumber"];
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
      for (const auto& held : child["held"]) {
        bool competent = child["story"] == "sexual-health-competent" && node.id == "bradford-health";
        if (held["node"] == node.id) {
          EXPECT_EQ(involvements[held["key"]], competent ? 0 : 1) << node.id << " " << held["key"];
        }
      }
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

// -- the planted children

TEST_F(Synth, three_stories_are_planted_with_an_expectation_for_every_node) {
  std::vector<std::string> names;
  for (const PlantedChild& planted : summary_->stories) {
    names.push_back(planted.story);
    ASSERT_EQ(planted.expect.size(), 10u);
    for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(planted.expect[i].node, summary_->nodes[i].id);
  }
  EXPECT_THAT(names, ElementsAre("moved-twice", "refuge-address", "sexual-health-competent"));
  EXPECT_EQ((*truth_)["stories"].size(), 3u);
}

TEST_F(Synth, their_surnames_occur_nowhere_else) {
  auto lower = [](std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return c < 128 ? std::tolower(c) : c; });
    return text;
  };
  auto files = files_in(folder_->path());
  for (const PlantedChild& planted : summary_->stories) {
    for (const StoryExpectation& expected : planted.expect) {
      for (const auto& [name, content] : files) {
        if (!name.starts_with(expected.node + "/")) continue;
        bool holds = !key_at(planted, expected.node).empty(),
             is_people = name.find("person") != std::string::npos || name.find("nominals") != std::string::npos ||
                         name.find("patients") != std::string::npos || name.find("pupils") != std::string::npos;
        bool found = lower(content).find(lower(planted.family_name)) != std::string::npos;
        EXPECT_EQ(found, holds && is_people) << planted.story << " " << name;
      }
    }
    for (const char* list : {"children", "adults"}) {
      for (const auto& person : (*truth_)[list]) {
        if (person["familyName"] == planted.family_name) {
          EXPECT_EQ(person["story"], planted.story);
        }
      }
    }
  }
}

// The agreement's rules as they concern these children, told again without Cedar.
std::pair<std::string, std::vector<std::string>> answer(const std::vector<const Record*>& records, bool own,
                                                        bool proven, bool protected_address) {
  std::set<std::string> shown;
  for (const Record* record : records) {
    const Label& label = record->label;
    bool education_or_health = label.category.starts_with("education") || label.category.starts_with("health");
    bool locates = label.category == "household" || record->kind == "attendance" || record->kind == "move" ||
                   (record->kind == "involvement" && education_or_health);
    bool intelligence = label.handling.starts_with("3x5x2") && label.markings.count("intelligence") > 0;
    bool permitted = own || (record->kind == "involvement" && label.sensitivity == 0) || proven;
    bool forbidden = label.sensitivity >= 4 || (!own && intelligence) ||
                     (!own && label.markings.count("sexual_health") > 0) ||
                     (!own && label.markings.count("protected_address") > 0) || (!own && protected_address && locates);
    if (permitted && !forbidden) shown.insert(label.category);
  }
  return {records.empty() ? "not-known" : shown.empty() ? "withheld" : "answered", {shown.begin(), shown.end()}};
}

TEST_F(Synth, what_is_expected_of_each_node_follows_from_its_records) {
  for (const PlantedChild& planted : summary_->stories) {
    bool protected_address = false;
    for (const SynthNode& node : summary_->nodes) {
      for (const Record* record : records_of(planted, node.id)) {
        protected_address |= record->label.markings.count("protected_address") > 0;
      }
    }
    EXPECT_EQ(protected_address, planted.story == "refuge-address");
    for (const StoryExpectation& expected : planted.expect) {
      auto [status, categories] = answer(records_of(planted, expected.node), expected.node == "bradford-csc",
                                         !planted.lead.empty(), protected_address);
      EXPECT_EQ(status, expected.status) << planted.story << " " << expected.node;
      EXPECT_EQ(categories, expected.categories) << planted.story << " " << expected.node;
    }
  }
}

TEST_F(Synth, the_child_who_moved_twice_is_absent_today_and_not_brought_twice) {
  const PlantedChild& planted = summary_->stories[0];
  int absent_today = 0, not_brought = 0, sensitive = 0, handling_c = 0;
  for (const Record* record : records_of(planted, "bradford-education")) {
    absent_today += record->kind == "attendance" && record->occurred.date == Date{2026, 11, 23};
  }
  for (const Record* record : records_of(planted, "bradford-health")) {
    not_brought += record->kind == "was_not_brought";
    sensitive += record->label.category == "health.parental" && record->label.sensitivity == 4;
  }
  for (const Record* record : records_of(planted, "wy-police")) {
    handling_c += record->label.handling == "3x5x2:2:E:C:not to be shared without the originator";
  }
  EXPECT_EQ(absent_today, 1);
  EXPECT_EQ(not_brought, 2);
  EXPECT_EQ(sensitive, 2);
  EXPECT_EQ(handling_c, 1);
  EXPECT_EQ(planted.birth_date, (Date{2016, 3, 14}));
}

TEST_F(Synth, nothing_that_leaves_the_refuge_tells_where_it_is) {
  const PlantedChild& planted = summary_->stories[1];
  for (const Record* record : records_of(planted, "calderdale-csc")) {
    if (record->kind != "involvement") continue;
    for (const char* word : {"Halifax", "HX1", "refuge", "Hollow Beck"}) {
      EXPECT_EQ(record->headline.find(word), std::string::npos);
      EXPECT_EQ(record->author.team.find(word), std::string::npos);
      for (const Field& field : record->fields) EXPECT_EQ(field.value.find(word), std::string::npos);
    }
  }
  EXPECT_EQ(planted.postcode, "BD21 3NL");
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
      Identity known{text("nhsNumber"), text("givenName"), text("familyName"), *parse_date(text("dateOfBirth")),
                     text("postcode")};
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
