// SPDX-License-Identifier: Apache-2.0
#include "node/gate/facts.h"

#include "tests/node/gate_for_tests.h"

namespace ginnel {
namespace {

// What policies can ask of an asker and a record: each condition is true of these, and its opposite is not.
class Facts : public testing::Test {
 protected:
  Asking asking = [] {
    Asking made = asking_for("child_protection", true);
    made.break_glass = true;
    return made;
  }();
  RecordLabel record = label_of("wy-police", "incident", "police.domestic", 3, {"mappa"}, "3x5x2:2:B:C:ring first");
  std::set<std::string> markings{"mappa", "protected_address"};
  Consents consents;

  bool is_true(const std::string& condition) {
    const auto bundle =
        bundle_of("@id(\"a\") @title(\"A\") permit (principal, action, resource) when { " + condition + " };");
    const DecisionFacts facts(*bundle, asking, asking.purpose, {true, consents}, record, markings);
    const auto response = policy::authorize(bundle->policies, facts.request(Step::headline), facts.entities());
    EXPECT_TRUE(response.errors.empty()) << condition << ": "
                                         << (response.errors.empty() ? "" : response.errors[0].message);
    return response.allowed();
  }
  void expect(const std::string& condition) {
    EXPECT_TRUE(is_true(condition)) << condition;
    EXPECT_FALSE(is_true("!(" + condition + ")")) << condition;
  }
};

TEST_F(Facts, say_who_asks) {
  expect(R"(principal.agency == Share::Member::"leeds-csc")");
  expect(R"(principal.kind == Share::AgencyKind::"social_care")");
  expect(R"(principal.role == Share::Role::"practitioner")");
}

TEST_F(Facts, say_what_the_record_is_and_nothing_of_what_it_says) {
  expect(R"(resource.owner == Share::Member::"wy-police")");
  expect(R"(resource.kind == Share::RecordKind::"incident")");
  expect("resource.sensitivity == 3");
  expect(R"(resource.markings.contains(Share::Marking::"mappa"))");
  expect(R"(resource in Share::Category::"police.domestic" && resource in Share::Category::"police")");
  expect(R"(!(resource in Share::Category::"health"))");
  expect(R"(!(resource has headline) && !(resource has narrative) && !(resource has subjects))");
}

TEST_F(Facts, say_how_intelligence_is_handled) {
  expect(R"(resource.handling.is_intelligence && resource.handling.source == "2")");
  expect(R"(resource.handling.information == "B" && resource.handling.code == "C")");
  record.label.handling = "official";
  expect("!resource.handling.is_intelligence");
}

TEST_F(Facts, say_why_it_is_asked) {
  expect(R"(context.purpose == Share::Purpose::"child_protection")");
  expect(R"(context.basis == Share::Basis::"public_task")");
  expect(R"(context.proven.contains(Share::Purpose::"child_protection"))");
  expect(R"(context.markings.contains(Share::Marking::"protected_address"))");
  expect("context.break_glass");
  expect("context.allocated");
  expect("!context.conflict");
}

TEST_F(Facts, take_a_child_as_competent_and_not_asked_until_a_decision_is_recorded) {
  expect(R"(resource.child.competent && resource.child.consents["health"].state == Share::Consent::"not_asked")");
  expect(R"(resource.child.consents["social-care"].state == Share::Consent::"not_asked")");
}

TEST_F(Facts, say_what_was_decided_about_sharing_and_whether_the_child_was_judged_able_to) {
  consents.by_category["health"] = {"given", "child_competent", noon, Competence::competent};
  consents.by_category["police"] = {"refused", "holder_parental_responsibility", noon, Competence::not_competent};
  expect(R"(resource.child.consents["health"].state == Share::Consent::"given")");
  expect(R"(resource.child.consents["police"].state == Share::Consent::"refused")");
  expect(R"(resource.child.consents["education"].state == Share::Consent::"not_asked")");
  expect("!resource.child.competent");  // the record is the police's
  record = label_of("leeds-health", "visit", "health.attendance", 2);
  expect("resource.child.competent");
}

TEST_F(Facts, say_of_another_agencys_record_what_its_holder_told) {
  record.told = ConsentTold::given_for_another;
  expect(R"(resource.child.consents["police"].state == Share::Consent::"given" && !resource.child.competent)");
  expect(R"(resource.child.consents["health"].state == Share::Consent::"not_asked")");
  consents.are_unreadable = true;
  expect(R"(resource.child.consents["police"].state == Share::Consent::"refused" && resource.child.competent)");
}

TEST_F(Facts, name_the_step_that_is_tried) {
  const auto bundle = west_yorkshire();
  const DecisionFacts facts(*bundle, asking, asking.purpose, {true, consents}, record, markings);
  EXPECT_EQ(facts.request(Step::copy_out).action, (policy::EntityUid{"Share::Action", "copy_out"}));
  EXPECT_EQ(facts.request(Step::exists).action, (policy::EntityUid{"Share::Action", "exists"}));
}

TEST(IntelligenceHandling, is_read_by_its_form_alone) {
  const auto code = read_intelligence_handling("3x5x2:1:E:P");
  ASSERT_TRUE(code);
  EXPECT_EQ(code->source + code->information + code->code, "1EP");
  EXPECT_TRUE(read_intelligence_handling("3x5x2:3:A:C:ring the desk first"));
  for (const char* wrong : {"", "official", "3x5x2:", "3x5x2:0:A:P", "3x5x2:4:A:P", "3x5x2:1:F:P", "3x5x2:1:A:X",
                            "3x5x2:1:A:Px", "3x5x2:1:A", "3x5x2:11:A:P", "3X5X2:1:A:P", " 3x5x2:1:A:P"})
    EXPECT_FALSE(read_intelligence_handling(wrong)) << wrong;
}

}  // namespace
}  // namespace ginnel
