// SPDX-License-Identifier: Apache-2.0
// The seven planted children: what they are made of, and what each agency should answer.
#include <set>

#include "federation/record/match.h"
#include "tests/adapters/synth_world_for_tests.h"

namespace ginnel {
namespace {

using ::testing::ElementsAre;

class SynthStories : public Synth {};

TEST_F(SynthStories, seven_stories_are_planted_with_an_expectation_for_every_node) {
  std::vector<std::string> names;
  for (const PlantedChild& planted : summary_->stories) {
    names.push_back(planted.story);
    ASSERT_EQ(planted.expect.size(), 10u);
    for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(planted.expect[i].node, summary_->nodes[i].id);
  }
  EXPECT_THAT(names, ElementsAre("moved-twice", "three-concerns", "new-adult", "was-not-brought", "refuge-address",
                                 "adopted", "sexual-health-competent"));
  ASSERT_EQ((*truth_)["stories"].size(), 7u);
  for (const auto& story : (*truth_)["stories"]) EXPECT_EQ(story.contains("sealed"), story["story"] == "adopted");
}

TEST_F(SynthStories, their_surnames_occur_nowhere_else) {
  auto lower = [](std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return c < 128 ? std::tolower(c) : c; });
    return text;
  };
  auto files = files_in(folder_->path());
  for (auto& [name, content] : files) content = lower(content);
  std::vector<PlantedChild> all = summary_->stories;
  all.insert(all.end(), summary_->sealed.begin(), summary_->sealed.end());
  EXPECT_EQ(all.size(), 8u);
  for (const PlantedChild& planted : all) {
    for (const StoryExpectation& expected : planted.expect) {
      for (const auto& [name, content] : files) {
        if (!name.starts_with(expected.node + "/")) continue;
        bool holds = !key_at(planted, expected.node).empty(),
             is_people = name.find("person") != std::string::npos || name.find("nominals") != std::string::npos ||
                         name.find("patients") != std::string::npos || name.find("pupils") != std::string::npos ||
                         name.ends_with("/people.csv");
        bool found = content.find(lower(planted.family_name)) != std::string::npos;
        EXPECT_EQ(found, holds && is_people) << planted.story << " " << name;
      }
    }
    for (const char* list : {"children", "adults", "unborn"}) {
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
  int known = 0;
  for (const Record* record : records) {
    const Label& label = record->label;
    bool education_or_health = label.category.starts_with("education") || label.category.starts_with("health");
    bool locates = label.category == "household" || record->kind == "attendance" || record->kind == "move" ||
                   (record->kind == "involvement" && education_or_health);
    bool intelligence = label.handling.starts_with("3x5x2") && label.markings.count("intelligence") > 0;
    bool permitted = own || (record->kind == "involvement" && label.sensitivity == 0) || proven;
    if (label.markings.count("adoption_sealed") > 0) continue;  // existence hidden
    ++known;
    bool forbidden = label.sensitivity >= 4 || (!own && intelligence) ||
                     (!own && label.markings.count("sexual_health") > 0) ||
                     (!own && label.markings.count("protected_address") > 0) || (!own && protected_address && locates);
    if (permitted && !forbidden) shown.insert(label.category);
  }
  return {known == 0 ? "not-known" : shown.empty() ? "withheld" : "answered", {shown.begin(), shown.end()}};
}

TEST_F(SynthStories, what_is_expected_of_each_node_follows_from_its_records) {
  std::vector<PlantedChild> all = summary_->stories;
  all.insert(all.end(), summary_->sealed.begin(), summary_->sealed.end());
  for (const PlantedChild& planted : all) {
    bool protected_address = false;
    for (const SynthNode& node : summary_->nodes) {
      for (const Record* record : records_of(planted, node.id)) {
        protected_address |= record->label.markings.count("protected_address") > 0;
      }
    }
    EXPECT_EQ(protected_address, planted.story == "refuge-address");
    for (const StoryExpectation& expected : planted.expect) {
      std::vector<Record> labelled;
      for (const Record* record : records_of(planted, expected.node)) labelled.push_back(*record);
      std::vector<const Record*> records;
      for (Record& record : labelled) {  // a marking on the person is on everything about them
        for (const SourcePerson& person : imported_->at(expected.node).people) {
          bool is_child = person.key == key_at(planted, expected.node);
          if (is_child && person.person.markings_by_source.count("adoption_sealed") > 0) {
            record.label.markings.insert("adoption_sealed");
          }
        }
        records.push_back(&record);
      }
      auto [status, categories] =
          answer(records, expected.node == "bradford-csc", !planted.lead.empty(), protected_address);
      EXPECT_EQ(status, expected.status) << planted.story << " " << expected.node;
      EXPECT_EQ(categories, expected.categories) << planted.story << " " << expected.node;
    }
  }
}

TEST_F(SynthStories, the_child_who_moved_twice_is_absent_today_and_not_brought_twice) {
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

TEST_F(SynthStories, nothing_that_leaves_the_refuge_tells_where_it_is) {
  const PlantedChild& planted = summary_->stories[4];
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

TEST_F(SynthStories, three_agencies_have_one_concern_each_and_a_photograph_each_within_twelve_days) {
  const PlantedChild& planted = summary_->stories[1];
  std::set<Date> days;
  std::set<std::string> hashes;
  int malicious = 0;
  for (const char* node : {"bradford-education", "bradford-health", "bradford-csc"}) {
    int evidence = 0;
    for (const Record* record : records_of(planted, node)) {
      malicious += record->headline.find("malicious") != std::string::npos;
      if (record->kind != "evidence") continue;
      ++evidence;
      days.insert(record->occurred.date);
      for (const Field& field : record->fields) {
        if (field.name == "sha-256") hashes.insert(field.value);
      }
    }
    EXPECT_EQ(evidence, 1) << node;
  }
  EXPECT_EQ(malicious, 1);
  ASSERT_EQ(days.size(), 3u);
  EXPECT_EQ(hashes.size(), 3u);
  EXPECT_LE(days.rbegin()->days() - days.begin()->days(), 12);
}

TEST_F(SynthStories, the_new_adult_is_at_the_childs_address_and_unknown_to_social_care) {
  const PlantedChild& planted = summary_->stories[2];
  auto adults = (*truth_)["adults"];
  auto man = std::find_if(adults.begin(), adults.end(), [&](const auto& it) {
    return it["story"] == "new-adult" && it["familyName"] != "Blenkhorn";
  });
  ASSERT_NE(man, adults.end());
  EXPECT_EQ((*man)["nodes"], nlohmann::json::array({"wy-police", "bradford-health", "wy-probation"}));
  for (const auto& held : (*man)["held"]) {
    std::string node = held["node"], key = held["key"];
    EXPECT_EQ(held["postcode"], planted.postcode);
    int alone = 0, with_child = 0;
    for (const SourceRecord& record : imported_->at(node).records) {
      bool is_about_him = false;
      for (const SourceSubject& subject : record.subjects) {
        if (subject.key != key) continue;
        is_about_him = true;
        EXPECT_EQ(subject.role, SubjectRole::household) << node;
      }
      if (is_about_him) ++(record.subjects.size() == 1 ? alone : with_child);
    }
    if (node != "bradford-health") {
      EXPECT_GE(alone, 3) << node;
      EXPECT_EQ(with_child, 1) << node;
    }
  }
}

TEST_F(SynthStories, one_child_was_not_brought_to_three_agencies_and_social_care_has_never_heard_of_him) {
  const PlantedChild& planted = summary_->stories[3];
  std::map<std::string, int> missed;
  for (const char* node : {"bradford-health", "leeds-health"}) {
    for (const Record* record : records_of(planted, node)) missed[node] += record->kind == "was_not_brought";
  }
  EXPECT_GE(missed["bradford-health"], 3);
  EXPECT_GE(missed["leeds-health"], 3);
  int absent = 0;
  for (const Record* record : records_of(planted, "bradford-education")) {
    absent += record->kind == "attendance" && record->headline.starts_with("absent");
  }
  EXPECT_EQ(absent, 5);
  for (const SynthNode& node : summary_->nodes) {
    if (node.kind == "social_care") {
      EXPECT_EQ(key_at(planted, node.id), "") << node.id;
    }
  }
}

TEST_F(SynthStories, an_adopted_childs_two_identities_share_no_key_and_the_first_is_sealed_everywhere) {
  ASSERT_EQ(summary_->sealed.size(), 1u);
  const PlantedChild &now = summary_->stories[5], &before = summary_->sealed[0];
  EXPECT_EQ(now.birth_date, before.birth_date);
  EXPECT_NE(now.nhs_number, before.nhs_number);
  int sealed = 0, both = 0;
  for (const SynthNode& node : summary_->nodes) {
    const SourcePerson* first = person_at(imported_->at(node.id), key_at(before, node.id));
    const SourcePerson* second = person_at(imported_->at(node.id), key_at(now, node.id));
    if (second) {
      EXPECT_EQ(second->person.markings_by_source.size(), 0u);
    }
    if (first) {
      ++sealed;
      EXPECT_EQ(first->person.markings_by_source, std::set<std::string>{"adoption_sealed"}) << node.id;
    }
    if (!first || !second) continue;
    ++both;
    EXPECT_TRUE(contradict(first->person, second->person));
    auto mine = find_keys(first->person), theirs = find_keys(second->person);
    EXPECT_EQ(std::find_first_of(mine.begin(), mine.end(), theirs.begin(), theirs.end()), mine.end());
  }
  EXPECT_EQ(sealed, 4);
  EXPECT_EQ(both, 1);
}

}  // namespace
}  // namespace ginnel
