// SPDX-License-Identifier: Apache-2.0
// The synthetic agencies through the real importer: who becomes one person, what is flagged and rejected, against the
// truth.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "adapters/synth/synth.h"
#include "node/gate/bundle.h"
#include "node/import/importer.h"
#include "node/import/open_source.h"
#include "tests/node/store_for_tests.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

// One agency of the world, imported once.
struct ImportedAgency {
  StoreForTests store;
  std::string system;
  ImportRun run;

  std::optional<PersonRef> person(const std::string& key) {
    auto turn = store->begin(noon);
    EXPECT_TRUE(turn);
    auto found = (*turn)->person_by_source(system, key, Hash{});
    EXPECT_TRUE(found);
    if (!found || !*found) return std::nullopt;
    return (*found)->id;
  }
};

class SynthImport : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempDirectory;
    SynthOptions options;
    options.children = 300;
    options.seed = 11;
    options.out_dir = folder_->path();
    auto written = write_synthetic_world(options);
    ASSERT_TRUE(written) << written.error().text();
    std::ifstream in(options.out_dir / "truth.json");
    truth_ = new nlohmann::json(nlohmann::json::parse(in));
    auto bundle = read_bundle(source_tree() / "config-examples/policies/west-yorkshire");
    ASSERT_TRUE(bundle);
    agencies_ = new std::map<std::string, std::unique_ptr<ImportedAgency>>;
    // One of each layout, and the two that hold the adopted child.
    for (const char* id :
         {"bradford-csc", "wy-police", "bradford-health", "leeds-health", "bradford-education", "wy-probation"})
      import(id, options, (*bundle)->vocabulary);
  }
  static void TearDownTestSuite() {
    delete agencies_;
    delete truth_;
    delete folder_;
  }

  static void import(const std::string& id, const SynthOptions& options, const Vocabulary& vocabulary) {
    auto nodes = synth_nodes();
    std::string kind = std::find_if(nodes.begin(), nodes.end(), [&](const auto& it) { return it.id == id; })->kind;
    std::replace(kind.begin(), kind.end(), '_', '-');
    SourceFiles source;
    for (const auto& entry : std::filesystem::directory_iterator(options.out_dir / id / "source"))
      if (entry.path().extension() == ".csv") source.files.push_back(entry.path());
    std::sort(source.files.begin(), source.files.end());
    source.mapping = source_tree() / "config-examples/mappings" / (std::string(kind) + ".toml");
    source.importing = *MemberId::parse(id);
    source.today = options.today;
    auto adapter = open_source(source, vocabulary);
    ASSERT_TRUE(adapter) << adapter.error().front().text();
    auto agency = std::make_unique<ImportedAgency>();
    Importer importer(**adapter, {});
    ClockAtNoon clock;
    auto run = import_all(importer, *agency->store, clock);
    ASSERT_TRUE(run) << run.error().text();
    agency->run = *run;
    agency->system = run->system;
    (*agencies_)[id] = std::move(agency);
  }

  // The keys under which each person of the truth is held at a node.
  static std::vector<std::vector<std::string>> people_at(const std::string& node) {
    std::vector<std::vector<std::string>> people;
    for (const char* list : {"children", "adults", "unborn"}) {
      for (const auto& person : (*truth_)[list]) {
        std::vector<std::string> keys;
        for (const auto& held : person["held"])
          if (held["node"] == node) keys.push_back(held["key"]);
        if (!keys.empty()) people.push_back(std::move(keys));
      }
    }
    return people;
  }
  static std::uint64_t planted(const std::string& node, const std::string& effect) {
    std::uint64_t count = 0;
    for (const auto& fault : (*truth_)["faults"]) count += fault["node"] == node && fault["effect"] == effect;
    return count;
  }

  static TempDirectory* folder_;
  static nlohmann::json* truth_;
  static std::map<std::string, std::unique_ptr<ImportedAgency>>* agencies_;
};

TempDirectory* SynthImport::folder_ = nullptr;
nlohmann::json* SynthImport::truth_ = nullptr;
std::map<std::string, std::unique_ptr<ImportedAgency>>* SynthImport::agencies_ = nullptr;

TEST_F(SynthImport, people_are_as_many_as_in_the_truth_but_for_those_whom_a_person_must_decide) {
  for (auto& [node, agency] : *agencies_) {
    EXPECT_EQ(agency->run.people_added, people_at(node).size() + planted(node, "ask")) << node;
    EXPECT_EQ(agency->run.people_changed, planted(node, "linked")) << node;
  }
}

TEST_F(SynthImport, nobody_becomes_somebody_else_and_every_key_is_somebody) {
  for (auto& [node, agency] : *agencies_) {
    std::map<std::string, std::size_t> whose;  // person -> number in the truth
    auto people = people_at(node);
    for (std::size_t i = 0; i < people.size(); ++i) {
      for (const std::string& key : people[i]) {
        auto ref = agency->person(key);
        ASSERT_TRUE(ref) << node << " " << key;
        auto [at, is_new] = whose.try_emplace(ref->hex(), i);
        EXPECT_EQ(at->second, i) << node << " " << key << " is taken for another person";
      }
    }
  }
}

TEST_F(SynthImport, somebody_under_two_keys_is_one_person_or_is_left_for_a_person_to_decide) {
  std::map<std::string, int> seen;
  for (const auto& fault : (*truth_)["faults"]) {
    auto agency = agencies_->find(fault["node"]);
    if (!fault.contains("sameAs") || agency == agencies_->end()) continue;
    auto first = agency->second->person(fault["sameAs"]), second = agency->second->person(fault["key"]);
    ASSERT_TRUE(first && second) << fault;
    EXPECT_EQ(*first == *second, fault["effect"] == "linked") << fault;
    ++seen[fault["effect"]];
  }
  EXPECT_GT(seen["linked"], 0);
  EXPECT_GT(seen["ask"], 0);
}

TEST_F(SynthImport, what_is_rejected_and_flagged_is_what_was_planted) {
  for (auto& [node, agency] : *agencies_) {
    EXPECT_EQ(agency->run.rejected, planted(node, "rejected")) << node;
    EXPECT_EQ(agency->run.flagged, planted(node, "flagged")) << node;
    for (const auto& one : (*truth_)["nodes"])
      if (one["id"] == node) {
        EXPECT_EQ(agency->run.records_added, one["records"]) << node;
      }
  }
}

TEST_F(SynthImport, an_adopted_childs_two_identities_stay_two) {
  std::vector<std::string> keys;
  for (const auto& child : (*truth_)["children"]) {
    if (child["story"] != "adopted") continue;
    for (const auto& held : child["held"])
      if (held["node"] == "leeds-health") keys.push_back(held["key"]);
  }
  ASSERT_EQ(keys.size(), 2u);
  auto& leeds = *agencies_->at("leeds-health");
  EXPECT_NE(*leeds.person(keys[0]), *leeds.person(keys[1]));
}

}  // namespace
}  // namespace ginnel
