// SPDX-License-Identifier: Apache-2.0
#include "node/gate/explained.h"

#include "node/gate/plain_words.h"
#include "tests/node/gate_for_tests.h"

namespace ginnel {
namespace {

std::vector<StepExplained> explained(const Asking& asking, const RecordLabel& record,
                                     std::set<std::string> markings = {}) {
  const auto bundle = west_yorkshire();
  markings.insert(record.label.markings.begin(), record.label.markings.end());
  return explain(*bundle, asking, Gate(bundle).effective_purpose(asking), {}, record, markings);
}

TEST(Explained, says_which_rule_gave_each_step) {
  const auto steps = explained(asking_for("child_protection", true), incident_label);
  ASSERT_EQ(steps.size(), 4u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(steps[i].is_given) << i;
  EXPECT_EQ(steps[2].rules.front().id, "WY-12");
  EXPECT_FALSE(steps[3].is_given);
}

TEST(Explained, names_the_nearest_rule_and_what_it_wants_in_plain_words) {
  const auto steps = explained(asking_for("first_contact"), label_of("wy-police", "involvement", "police", 1));
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_TRUE(steps[0].is_given);
  EXPECT_FALSE(steps[1].is_given);
  EXPECT_EQ(steps[1].nearest, "WY-10");
  EXPECT_EQ(steps[1].wants, "the record is involvement and contact (0)");
}

TEST(Explained, names_the_rule_that_forbids) {
  const auto steps = explained(asking_for("child_protection", true), label_of("bfd-housing", "tenancy", "housing", 2),
                               {"protected_address"});
  ASSERT_EQ(steps.size(), 2u);
  ASSERT_FALSE(steps[1].rules.empty());
  EXPECT_EQ(steps[1].rules.front().id, "WY-34");
  EXPECT_FALSE(steps[1].rules.front().permits);
  EXPECT_TRUE(steps[1].nearest.empty());
}

TEST(Explained, agrees_with_the_gate_for_every_case_of_west_yorkshire) {
  const auto bundle = west_yorkshire();
  const Gate gate(bundle);
  for (const auto& purpose : bundle->vocabulary.ids("purpose"))
    for (const auto& marking : bundle->vocabulary.ids("marking"))
      for (int sensitivity = 0; sensitivity <= 4; ++sensitivity) {
        const auto asking = asking_for(purpose, true);
        auto record = label_of("bfd-health", "note", "health.sexual", sensitivity, {marking});
        Asking all = asking;
        all.highest = Step::copy_out;
        const auto verdict = gate.would_decide(all, {}, record, record.label.markings);
        const auto steps = explain(*bundle, asking, gate.effective_purpose(asking), {}, record, record.label.markings);
        Step highest = Step::none;
        for (const auto& step : steps)
          if (step.is_given) highest = step.step;
        // What conceals takes away the lower steps too; what withholds is counted all the same.
        if (verdict.step > Step::exists) {
          EXPECT_EQ(highest, verdict.step) << purpose << marking;
        }
        if (highest > Step::exists) {
          EXPECT_TRUE(verdict.step == highest || verdict.step == Step::none) << purpose << marking;
        }
      }
}

TEST(PlainWords, say_every_policy_of_west_yorkshire_without_a_line_of_its_language) {
  const auto bundle = west_yorkshire();
  for (const auto& policy : bundle->policies.policies()) {
    const std::string words = plain_words(policy, bundle->vocabulary);
    for (const char* code : {"`", "==", "&&", "Share::", "principal.", "resource.", "context."})
      EXPECT_EQ(words.find(code), std::string::npos) << policy.id << ": " << words;
  }
  EXPECT_EQ(
      plain_words(*bundle->policies.find("WY-44"), bundle->vocabulary),
      "Forbidden when the step is \"See one line of it\", \"Read it\" or \"Keep a copy beyond the view\"; and the "
      "record is marked \"MAPPA\".");
}

TEST(PlainWords, turn_round_what_is_negated) {
  const auto bundle = bundle_of(
      "@id(\"A\") @title(\"A\")\npermit (principal, action, resource) when { !(resource.sensitivity <= 2 && "
      "context.break_glass) };");
  EXPECT_EQ(plain_words(bundle->policies.policies().front(), bundle->vocabulary),
            "Permitted when the record is more than personal (2) or the glass was not broken.");
}

}  // namespace
}  // namespace ginnel
