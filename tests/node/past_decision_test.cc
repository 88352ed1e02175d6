// SPDX-License-Identifier: Apache-2.0
#include "node/gate/past_decision.h"

#include "node/gate/explained.h"
#include "tests/node/gate_for_tests.h"

namespace ginnel {
namespace {

constexpr const char* policies =
    R"(@id("count") @title("Counted for everybody") permit (principal, action == Share::Action::"exists", resource);
@id("lines") @title("Lines for who is not shown an address") permit (principal, action == Share::Action::"headline", resource)
unless { context.markings.contains(Share::Marking::"protected_address") };
)";

class PastDecisions : public testing::Test {
 protected:
  PastDecisions() : t_(bundle_of(policies)) {}

  std::uint64_t ask(const Asking& asking, const std::vector<RecordLabel>& records,
                    const std::set<std::string>& markings = {}) {
    t_.ask_of_peer(asking, records, markings);
    return t_.store->tree_head().size - 1;
  }
  Expected<PastDecision> past(std::uint64_t sequence) {
    auto snapshot = t_.store->snapshot();
    EXPECT_TRUE(snapshot);
    return past_decision(sequence, **snapshot, t_.store->member());
  }

  SeededRandom random_{99};
  GateForTests t_;
  const RecordLabel note_ = label_of("leeds-csc", "note", "social-care.note", 1);
};

TEST_F(PastDecisions, have_what_they_went_by_and_are_explained_as_they_came_out) {
  for (const auto& markings : {std::set<std::string>{}, std::set<std::string>{"protected_address"}}) {
    const auto one = past(ask(asking_for("child_protection", true), {incident_label, note_}, markings));
    ASSERT_TRUE(one) << one.error().text();
    EXPECT_EQ(one->header.time, noon);
    EXPECT_EQ(one->asking.purpose, "child_protection");
    EXPECT_EQ(one->entry.bundle, t_.gate.bundle().ref_text());
    ASSERT_EQ(one->labels.size(), 2u);
    EXPECT_EQ(one->labels[0].label.category, "police.incident");
    EXPECT_EQ(one->labels[1].kind, "note");
    const std::set<std::string> kept(one->entry.markings.begin(), one->entry.markings.end());
    EXPECT_EQ(kept, markings);
    for (std::size_t i = 0; i < one->labels.size(); ++i) {
      Step reached = Step::none;
      for (const auto& step : explain(t_.gate.bundle(), one->asking, t_.gate.effective_purpose(one->asking), one->about,
                                      one->labels[i], kept))
        if (step.is_given) reached = step.step;
      EXPECT_EQ(reached, one->entry.items[i].step);
      EXPECT_EQ(reached, markings.empty() ? Step::headline : Step::exists);
    }
  }
}

TEST_F(PastDecisions, what_is_none_says_so_and_what_to_do) {
  const auto last = ask(asking_for(), {incident_label});
  const auto beyond = past(last + 1);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, "no-entry");
  EXPECT_NE(beyond.error().why.find("0 to " + std::to_string(last)), std::string::npos) << beyond.error().why;
  const auto genesis = past(0);
  ASSERT_FALSE(genesis);
  EXPECT_EQ(genesis.error().code, "no-decision");
}

TEST_F(PastDecisions, an_ask_about_nobody_was_decided_about_no_record) {
  const auto one = past(ask(asking_for(), {}));
  ASSERT_TRUE(one) << one.error().text();
  EXPECT_TRUE(one->labels.empty());
  EXPECT_FALSE(one->was_refused());
}

TEST_F(PastDecisions, of_before_their_facts_were_kept_are_not_guessed) {
  Access entry;
  entry.ask = AskId::make(random_);
  entry.purpose = "first_contact";
  entry.items.push_back({RecordId::make(random_), Step::exists, {}, {"count"}, {}, {}});
  auto turn = t_.store.begin(noon);
  ASSERT_TRUE(turn->append(EntryKind::decided, ActorId(), turn->node_key(), entry));
  ASSERT_TRUE(turn->commit());
  const auto one = past(t_.store->tree_head().size - 1);
  ASSERT_FALSE(one);
  EXPECT_EQ(one.error().code, "not-recorded");
}

}  // namespace
}  // namespace ginnel
