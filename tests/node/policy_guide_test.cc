// SPDX-License-Identifier: Apache-2.0
// docs/policy-guide.md, done as it says.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "node/gate/policy_cases.h"
#include "node/gate/policy_replay.h"
#include "tests/node/gate_for_tests.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

// What stands in the last block of that kind, without what the list indents it by.
std::string last_block(const std::string& guide, const std::string& kind) {
  const std::string fence = "   ```" + kind + "\n";
  const auto at = guide.rfind(fence);
  EXPECT_NE(at, std::string::npos) << kind;
  const auto end = guide.find("   ```\n", at + fence.size());
  std::istringstream lines(guide.substr(at + fence.size(), end - at - fence.size()));
  std::string out, line;
  while (std::getline(lines, line)) out += (line.starts_with("   ") ? line.substr(3) : line) + "\n";
  return out;
}

class PolicyGuide : public testing::Test {
 protected:
  PolicyGuide() {
    fs::copy(policy_folder() / "west-yorkshire", bundle_, fs::copy_options::recursive);
    fs::copy_file(policy_folder() / "vocabulary.toml", bundle_.parent_path() / "vocabulary.toml");
  }
  void append(const std::string& file, const std::string& text) {
    std::ofstream(bundle_ / file, std::ios::app) << "\n" << text;
  }
  // "N of M", as the command says it, and what the first that fails says.
  std::pair<std::string, std::string> outcome() {
    const auto bundle = read_bundle(bundle_);
    EXPECT_TRUE(bundle) << bundle.error().text();
    if (!bundle) return {};
    const auto cases = cases_of(**bundle);
    EXPECT_TRUE(cases) << cases.error().front().text();
    if (!cases) return {};
    const Gate gate(*bundle);
    std::size_t good = 0;
    std::string first;
    for (const auto& one : *cases) {
      const auto differences = try_case(one, gate).differences;
      good += differences.empty();
      if (!differences.empty() && first.empty()) first = one.name + ": " + differences.front();
    }
    return {std::to_string(good) + " of " + std::to_string(cases->size()), first};
  }

  const std::string guide_ = content_of(policy_folder() / "../../docs/policy-guide.md");
  TempDirectory folder_;
  fs::path bundle_ = fs::path(folder_.path()) / "west-yorkshire";
};

TEST_F(PolicyGuide, does_what_it_says) {
  auto [count, first] = outcome();
  EXPECT_EQ(first, "");
  EXPECT_NE(guide_.find("`" + count + " cases come out as they say`"), std::string::npos) << count;

  append("cases/30-danger.toml", last_block(guide_, "toml"));
  EXPECT_NE(outcome().second.find("expected `headline`, got `exists`"), std::string::npos) << outcome().second;
  append("20-between-agencies.cedar", last_block(guide_, "cedar"));
  std::tie(count, first) = outcome();
  EXPECT_EQ(first, "");
  EXPECT_NE(guide_.find("`" + count + "`"), std::string::npos) << count;
}

TEST_F(PolicyGuide, replays_what_it_teaches_over_what_was_asked_before) {
  GateForTests t;
  Asking fire = asking_for("immediate_danger");
  fire.agency = *MemberId::parse("wy-fire");
  fire.agency_kind = "fire";
  fire.basis = "vital_interests";
  fire.break_glass = true;
  for (const Asking& asking : {fire, asking_for()}) {
    auto turn = t.store.begin();
    DecisionFor recorded{ActorId(), turn->node_key(), {}};
    recorded.access.peer = asking.agency;
    ASSERT_TRUE(t.gate.decide(asking, std::vector{label_of("leeds-csc", "note", "household", 3)}, {}, recorded, *turn));
    ASSERT_TRUE(turn->commit());
  }
  append("20-between-agencies.cedar", last_block(guide_, "cedar"));
  const auto bundle = read_bundle(bundle_);
  ASSERT_TRUE(bundle) << bundle.error().text();
  const auto replayed = replay_decisions(*t.store, *bundle, {});
  ASSERT_TRUE(replayed) << replayed.error().text();
  EXPECT_EQ(replayed->decisions, 2u);
  ASSERT_EQ(replayed->rows.size(), 1u);
  const ReplayRow& row = replayed->rows.front();
  EXPECT_NE(guide_.find("`" + row.then + " -> " + row.now + "`"), std::string::npos) << row.then << " " << row.now;
  EXPECT_EQ(row.rules_now, std::vector<std::string>{"MY-01"});
  EXPECT_EQ(row.askers.begin()->first.agency, fire.agency);
}

TEST_F(PolicyGuide, a_mistake_in_what_it_teaches_is_told_with_its_line) {
  std::string policy = last_block(guide_, "cedar");
  policy.replace(policy.find("\"fire\""), 6, "\"fyre\"");
  append("20-between-agencies.cedar", policy);
  const auto bundle = read_bundle(bundle_);
  ASSERT_FALSE(bundle);
  EXPECT_NE(bundle.error().why.find("20-between-agencies.cedar:"), std::string::npos);
  EXPECT_NE(bundle.error().why.find("fyre"), std::string::npos) << bundle.error().why;
}

TEST(WestYorkshire, has_at_least_thirty_policies_with_title_basis_and_cases) {
  const auto bundle = west_yorkshire();
  EXPECT_GE(bundle->policies.policies().size(), 30u);
  const auto cases = cases_of(*bundle);
  ASSERT_TRUE(cases) << cases.error().front().text();
  EXPECT_GE(cases->size(), 150u);
  EXPECT_TRUE(check_cases(bundle)) << check_cases(bundle).error().why;
  std::set<std::string> tried;
  for (const auto& one : *cases) tried.insert(one.by.begin(), one.by.end());
  for (const auto& policy : bundle->policies.policies()) {
    EXPECT_NE(policy.annotation("title"), nullptr) << policy.id;
    EXPECT_NE(policy.annotation("basis"), nullptr) << policy.id;
    // These two are for roles that the gate refuses before it looks at a record.
    if (policy.id == "WY-03" || policy.id == "WY-04") continue;
    EXPECT_TRUE(tried.contains(policy.id)) << policy.id;
  }
  const auto missing = untried(*bundle, *cases);
  EXPECT_TRUE(missing.empty()) << policy::to_text(missing);
}

}  // namespace
}  // namespace ginnel
