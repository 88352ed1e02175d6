// SPDX-License-Identifier: Apache-2.0
// An agency's own policies over the agreement: what they may say, and that both decide together.
#include "federation/wire/bundle_codec.h"
#include "node/gate/bundle_seal.h"
#include "node/gate/compare_bundles.h"
#include "node/gate/policy_cases.h"
#include "node/view/offered_agreement.h"
#include "tests/node/gate_for_tests.h"

namespace ginnel {
namespace {

constexpr const char* shut_notes = R"(@id("OWN-1") @title("Case notes of the fostering team")
@basis("Fostering Services Regulations 2011") @ask("the fostering duty desk, 01632 960123")
forbid (principal, action in [Share::Action::"content", Share::Action::"copy_out"], resource)
when { resource in Share::Category::"social-care.note" };
)";

// A folder of own policies over the West Yorkshire agreement.
class OwnFolder {
 public:
  explicit OwnFolder(const std::string& policies, int version = 1, const std::string& cases = "",
                     const std::string& over = (policy_folder() / "west-yorkshire").string()) {
    write_text(path() / "bundle.toml",
               "name = \"Leeds, own\"\nversion = " + std::to_string(version) + "\nover = \"" + over +
                   "\"\nauthor = \"C. Guardian, Caldicott Guardian\"\nreview_on = 2027-06-30\npolicies = [" +
                   (policies.empty() ? "" : "\"own.cedar\"") + "]\n" +
                   (cases.empty() ? "" : "cases = [\"cases.toml\"]\n"));
    write_text(path() / "own.cedar", policies);
    if (!cases.empty()) write_text(path() / "cases.toml", cases);
  }
  std::filesystem::path path() const { return folder_.path(); }
  Expected<std::shared_ptr<const Bundle>> read() const { return read_bundle(path()); }
  std::shared_ptr<const Bundle> good() const {
    auto bundle = read();
    EXPECT_TRUE(bundle) << bundle.error().text();
    return bundle ? *bundle : west_yorkshire();
  }

 private:
  TempDirectory folder_;
};

std::string why_not(const std::string& policies) {
  auto read = OwnFolder(policies).read();
  EXPECT_FALSE(read) << policies;
  return read ? "" : read.error().why;
}

TEST(OwnPolicies, keep_back_with_their_own_reason_and_leave_the_rest_to_the_agreement) {
  const Gate agreed(west_yorkshire()), both(OwnFolder(shut_notes).good());
  const auto note = label_of("leeds-csc", "note", "social-care.note", 2);
  const auto visit = label_of("leeds-csc", "visit", "social-care.visit", 2);
  const Asking asking = asking_for();
  ASSERT_EQ(agreed.would_decide(asking, {}, note, {}).step, Step::content);
  const Verdict kept = both.would_decide(asking, {}, note, {});
  EXPECT_EQ(kept.step, Step::headline);
  EXPECT_EQ(kept.reason, "Case notes of the fostering team");
  EXPECT_EQ(kept.ask, "the fostering duty desk, 01632 960123");
  EXPECT_EQ(both.would_decide(asking, {}, visit, {}).step, Step::content);
  const auto sealed = label_of("leeds-csc", "visit", "social-care.visit", 2, {"adoption_sealed"});
  EXPECT_EQ(both.would_decide(asking, {}, sealed, {}).step, Step::none) << "the agreement's own are still there";
}

TEST(OwnPolicies, are_named_by_every_decision_and_to_no_other_member) {
  const auto both = OwnFolder(shut_notes, 4).good();
  const std::string text = both->ref_text();
  EXPECT_EQ(text.substr(0, text.find(" + ")), west_yorkshire()->ref_text());
  EXPECT_EQ(text.substr(text.find(" + ") + 3, 9), "4 sha256:");
  EXPECT_EQ(both->ref(), west_yorkshire()->ref());
  EXPECT_EQ(both->author, "C. Guardian, Caldicott Guardian");
  EXPECT_EQ(both->review_on.iso(), "2027-06-30");
}

TEST(OwnPolicies, open_and_conceal_nothing_and_say_why_and_whom_to_ring) {
  EXPECT_NE(why_not("@id(\"O\") @title(\"O\") @ask(\"us\") @basis(\"b\")\npermit (principal, action, resource);\n")
                .find("own.cedar:2:1: own policies only forbid"),
            std::string::npos);
  EXPECT_NE(why_not("@id(\"O\") @title(\"O\") @ask(\"us\") @basis(\"b\") @conceal\nforbid (principal, action == "
                    "Share::Action::\"content\", resource);\n")
                .find("own policies conceal nothing"),
            std::string::npos);
  const std::string bare = why_not(
      "@id(\"O\") @title(\"O\")\nforbid (principal, action == Share::Action::\"content\", "
      "resource);\n");
  EXPECT_NE(bare.find("has no `@ask`"), std::string::npos) << bare;
  EXPECT_NE(bare.find("has no `@basis`"), std::string::npos) << bare;
}

TEST(OwnPolicies, take_no_id_of_the_agreement_and_know_only_its_words) {
  EXPECT_NE(why_not("@id(\"WY-01\") @title(\"O\") @ask(\"us\") @basis(\"b\")\nforbid (principal, action == "
                    "Share::Action::\"content\", resource);\n")
                .find("WY-01"),
            std::string::npos);
  EXPECT_NE(why_not("@id(\"O\") @title(\"O\") @ask(\"us\") @basis(\"b\")\nforbid (principal, action == "
                    "Share::Action::\"content\", resource)\nwhen { context.purpose == Share::Purpose::\"gossip\" };\n")
                .find("gossip"),
            std::string::npos);
}

TEST(OwnPolicies, lie_over_an_agreement_and_not_over_each_other_or_themselves) {
  OwnFolder first(shut_notes);
  EXPECT_EQ(OwnFolder(shut_notes, 1, "", first.path().string()).read().error().code, "own-policies");
  EXPECT_EQ(OwnFolder(shut_notes, 1, "", ".").read().error().code, "own-policies");
  EXPECT_EQ(OwnFolder(shut_notes, 1, "", "nowhere").read().error().code, "no-bundle");
  EXPECT_EQ(read_own_policies(policy_folder() / "west-yorkshire", west_yorkshire()).error().code, "not-own-policies");
}

TEST(OwnPolicies, say_who_answers_for_them_and_when_they_are_looked_at_again) {
  TempDirectory folder;
  write_text(
      std::filesystem::path(folder.path()) / "bundle.toml",
      "name = \"o\"\nversion = 1\nover = \"" + (policy_folder() / "west-yorkshire").string() + "\"\npolicies = []\n");
  const auto read = read_bundle(folder.path());
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().why.find("`author`"), std::string::npos) << read.error().why;
  EXPECT_NE(read.error().why.find("`review_on`"), std::string::npos) << read.error().why;
}

TEST(OwnPolicies, of_the_example_do_what_their_cases_say_and_leave_nothing_untried) {
  const auto both = read_bundle(policy_folder() / "own");
  ASSERT_TRUE(both) << both.error().text();
  EXPECT_TRUE(check_cases(*both)) << check_cases(*both).error().text();
  EXPECT_TRUE(untried(**both, *cases_of(**both)).empty());
}

TEST(OwnPolicies, are_tried_by_their_own_cases_alone) {
  const std::string one_case = R"([[case]]
name   = "a note of ours is told of and not read"
asker  = { agency = "leeds-csc", kind = "social_care", role = "practitioner" }
why    = { purpose = "first_contact", basis = "public_task" }
record = { owner = "leeds-csc", kind = "note", category = "social-care.note", sensitivity = 2 }
expect = { step = "headline", by = "OWN-1" }
)";
  const auto both = OwnFolder(shut_notes, 1, one_case).good();
  EXPECT_EQ(cases_of(*both)->size(), 1u);
  EXPECT_TRUE(check_cases(both));
  const auto missing = untried(*both, *cases_of(*both));
  ASSERT_EQ(missing.size(), 1u) << "of the agreement's policies nothing is asked";
  EXPECT_NE(missing.front().text().find("OWN-1"), std::string::npos) << missing.front().text();
  EXPECT_EQ(seal_of(*both).error().code, "own-policies");
}

TEST(OwnPolicies, what_they_would_keep_back_is_told_for_certain) {
  const auto own = read_bundle(policy_folder() / "own").value();
  const BundlesCompared compared = compare_bundles(*own->agreement, *own);
  EXPECT_EQ(compared.cannot, "");
  ASSERT_FALSE(compared.differences.empty());
  for (const auto& one : compared.differences) {
    EXPECT_TRUE(one.is_certain) << testing::PrintToString(one.record);
    EXPECT_FALSE(one.tells_more);
    ASSERT_EQ(one.rules.size(), 1u);
    EXPECT_EQ(one.rules.front().substr(0, 8), "LEEDS-1 ");
  }
  ASSERT_EQ(compared.rules.size(), 1u);
  EXPECT_EQ(compared.rules.front().is, RuleChange::Is::added);
}

TEST(OwnPolicies, lie_over_another_agreement_as_they_were_read) {
  const OwnFolder folder(shut_notes, 4);
  const auto own = folder.good();
  const auto next = bundle_of("@id(\"A\") @title(\"All\") permit (principal, action, resource);\n");
  const auto over = own_policies_over(*own, next).value();
  EXPECT_EQ(over->agreement, next);
  EXPECT_EQ(over->hash, own->hash);
  EXPECT_EQ(over->version, 4u);
  const auto note = label_of("leeds-csc", "note", "social-care.note", 2);
  EXPECT_EQ(Gate(next).would_decide(asking_for(), {}, note, {}).step, Step::content);
  EXPECT_EQ(Gate(over).would_decide(asking_for(), {}, note, {}).step, Step::headline);
  // An id of theirs that the other agreement has too.
  const auto taken = bundle_of("@id(\"OWN-1\") @title(\"All\") permit (principal, action, resource);\n");
  const auto refused = own_policies_over(*own, taken);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "bad-policy");
}

TEST(OwnPolicies, lie_over_an_agreement_too_that_is_compared_with_the_one_in_force) {
  const auto in_force = OwnFolder(shut_notes).good();
  const auto sealed = encode_sealed_bundle(seal_of(*west_yorkshire()).value()).value();
  auto offered = read_offered(sealed, in_force);
  ASSERT_TRUE(offered) << offered.error().text();
  const auto compared = compare_offered(*in_force, *offered).with_the_one_in_force;
  EXPECT_EQ(offered->obstacles, std::vector<std::string>{});
  EXPECT_EQ(compared.cannot, "");
  EXPECT_TRUE(compared.differences.empty()) << "the agreement is the same, and what is kept back too";
  EXPECT_TRUE(compared.rules.empty());
}

}  // namespace
}  // namespace ginnel
