// SPDX-License-Identifier: Apache-2.0
#include "node/gate/adopted_bundle.h"

#include "tests/node/gate_for_tests.h"

namespace ginnel {
namespace {

std::shared_ptr<const Bundle> version(int number, const std::string& policies = permit_everything,
                                      const std::string& cases = "") {
  BundleFolder folder(policies);
  write_text(folder.path() / "bundle.toml", "name = \"test\"\nversion = " + std::to_string(number) +
                                                "\nvocabulary = \"vocabulary.toml\"\npolicies = [\"test.cedar\"]\n" +
                                                (cases.empty() ? "" : "cases = [\"cases.toml\"]\n"));
  if (!cases.empty()) write_text(folder.path() / "cases.toml", cases);
  auto bundle = folder.read();
  EXPECT_TRUE(bundle) << bundle.error().text();
  return bundle ? std::move(*bundle) : west_yorkshire();
}

class AdoptedBundles : public testing::Test {
 protected:
  StoreForTests store_;

  std::string adopt(const std::shared_ptr<const Bundle>& bundle) {
    auto turn = store_.begin();
    auto adopted = adopt_bundle(bundle, *turn);
    if (!adopted) return adopted.error().code;
    EXPECT_TRUE(turn->commit());
    return "";
  }
  std::uint64_t in_force() { return adopted_bundle(*store_.snapshot()).value().value_or(AdoptedBundle()).version; }
  std::uint64_t entries() { return store_->tree_head().size; }
};

TEST_F(AdoptedBundles, is_written_down_once_and_again_for_another) {
  EXPECT_EQ(in_force(), 0u);
  EXPECT_EQ(adopt(version(3)), "");
  const auto once = entries();
  EXPECT_EQ(adopt(version(3)), "");
  EXPECT_EQ(entries(), once);
  store_.reopen();
  EXPECT_EQ(adopt(version(4)), "");
  EXPECT_EQ(entries(), once + 1);
  EXPECT_EQ(in_force(), 4u);
}

TEST_F(AdoptedBundles, never_goes_back_and_never_changes_under_one_number) {
  ASSERT_EQ(adopt(version(3)), "");
  EXPECT_EQ(adopt(version(2)), "older-bundle");
  EXPECT_EQ(adopt(version(3, std::string(permit_everything) + "// more\n")), "other-bundle");
  EXPECT_EQ(in_force(), 3u);
}

constexpr const char* one_case = R"(
[[case]]
name   = "a nurse reads it"
asker  = { agency = "bfd-health", kind = "health", role = "practitioner" }
why    = { purpose = "first_contact", basis = "public_task" }
record = { owner = "leeds-csc", kind = "referral", category = "social-care.referral", sensitivity = 2 }
)";

TEST_F(AdoptedBundles, is_not_one_whose_own_cases_fail) {
  EXPECT_EQ(adopt(version(3, permit_everything, std::string(one_case) + "expect = { step = \"exists\" }\n")),
            "cases-fail");
  EXPECT_EQ(adopt(version(3, permit_everything, std::string(one_case) + "expect = { stop = \"exists\" }\n")),
            "bad-cases");
  EXPECT_EQ(in_force(), 0u);
  EXPECT_EQ(adopt(version(3, permit_everything, std::string(one_case) + "expect = { step = \"copy_out\" }\n")), "");
}

constexpr const char* own_rule =
    "@id(\"O\") @title(\"Ours\") @ask(\"us\") @basis(\"b\")\n"
    "forbid (principal, action == Share::Action::\"content\", resource);\n";

std::shared_ptr<const Bundle> own(int number, const std::shared_ptr<const Bundle>& over,
                                  const std::string& policies = own_rule, const std::string& cases = "") {
  TempDirectory folder;
  const std::filesystem::path path = folder.path();
  write_text(path / "bundle.toml",
             "name = \"own\"\nversion = " + std::to_string(number) +
                 "\nover = \"agreement\"\nauthor = \"C. Guardian\"\nreview_on = 2027-06-30\npolicies = [" +
                 (policies.empty() ? "" : "\"own.cedar\"") + "]\n" +
                 (cases.empty() ? "" : "cases = [\"cases.toml\"]\n"));
  write_text(path / "own.cedar", policies);
  if (!cases.empty()) write_text(path / "cases.toml", cases);
  auto bundle = read_own_policies(path, over);
  EXPECT_TRUE(bundle) << bundle.error().text();
  return bundle ? std::move(*bundle) : west_yorkshire();
}

TEST_F(AdoptedBundles, own_policies_are_another_entry_and_only_go_forward_too) {
  ASSERT_EQ(adopt(version(3)), "");
  const auto once = entries();
  EXPECT_EQ(adopt(own(2, version(3))), "");
  EXPECT_EQ(entries(), once + 1);
  EXPECT_EQ(adopt(own(2, version(3))), "");
  EXPECT_EQ(entries(), once + 1);
  EXPECT_EQ(adopt(own(1, version(3))), "older-bundle");
  EXPECT_EQ(adopt(own(2, version(3), std::string(own_rule) + "// more\n")), "other-bundle");
  EXPECT_EQ(adopt(own(2, version(4))), "") << "another agreement under them";
  EXPECT_EQ(in_force(), 4u);
}

TEST_F(AdoptedBundles, own_policies_are_not_left_out_but_ended) {
  ASSERT_EQ(adopt(own(2, version(3))), "");
  EXPECT_EQ(adopt(version(3)), "own-policies-missing");
  EXPECT_EQ(adopt(version(4)), "own-policies-missing");
  EXPECT_EQ(in_force(), 3u);
  EXPECT_EQ(adopt(own(3, version(4), "")), "");
}

TEST_F(AdoptedBundles, own_policies_that_fail_their_cases_over_a_new_agreement_stop_it) {
  const std::string kept = std::string(one_case) + "expect = { step = \"headline\" }\n";
  ASSERT_EQ(adopt(own(1, version(3), own_rule, kept)), "");
  const std::string narrower =
      "@id(\"A\") @title(\"Little\")\npermit (principal, action == Share::Action::\"exists\", "
      "resource);\n";
  EXPECT_EQ(adopt(own(1, version(4, narrower), own_rule, kept)), "cases-fail");
  EXPECT_EQ(in_force(), 3u);
}

}  // namespace
}  // namespace ginnel
