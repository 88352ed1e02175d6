// SPDX-License-Identifier: Apache-2.0
#include "node/gate/bundle.h"

#include "tests/node/gate_for_tests.h"

namespace ginnel {
namespace {

constexpr const char* good = "@id(\"A\") @title(\"A\")\npermit (principal, action, resource);\n";

Error folder_error_of(const std::string& policies) {
  auto read = BundleFolder(policies).read();
  EXPECT_FALSE(read);
  return read ? Error() : read.error();
}

TEST(Bundle, of_west_yorkshire_reads_whole) {
  const auto bundle = west_yorkshire();
  EXPECT_EQ(bundle->version, 11u);
  EXPECT_EQ(bundle->name, "West Yorkshire multi-agency sharing agreement");
  EXPECT_EQ(bundle->policies.policies().size(), 36u);
  EXPECT_EQ(bundle->ref_text().substr(0, 10), "11 sha256:");
}

TEST(Bundle, holds_the_category_tree_and_the_group_of_actions) {
  const auto& resident = west_yorkshire()->resident;
  const auto action = [](const char* id) { return policy::EntityUid{"Share::Action", id}; };
  const auto category = [](const char* id) { return policy::EntityUid{"Share::Category", id}; };
  EXPECT_TRUE(resident.is_descendant(category("health.sexual"), category("health")));
  EXPECT_FALSE(resident.is_descendant(category("health"), category("health.sexual")));
  for (const char* step : {"exists", "headline", "content"})
    EXPECT_TRUE(resident.is_descendant(action(step), action("view"))) << step;
  for (const char* other : {"copy_out", "discover"})
    EXPECT_FALSE(resident.is_descendant(action(other), action("view"))) << other;
}

TEST(Bundle, has_another_hash_when_any_of_its_files_changes) {
  std::set<Hash> hashes;
  for (const char* changed : {"", "bundle.toml", "vocabulary.toml", "test.cedar"}) {
    BundleFolder folder(good);
    if (*changed) {
      const bool is_policy = std::string(changed) == "test.cedar";
      std::ofstream(folder.path() / changed, std::ios::app) << (is_policy ? "// more\n" : "# more\n");
    }
    const auto bundle = folder.read();
    ASSERT_TRUE(bundle) << bundle.error().text();
    hashes.insert((*bundle)->hash);
  }
  EXPECT_EQ(hashes.size(), 4u);
  EXPECT_EQ((*BundleFolder(good).read())->hash, (*BundleFolder(good).read())->hash);
}

TEST(Bundle, names_each_fault_with_file_line_and_column) {
  const Error error = folder_error_of(
      "@title(\"A\")\npermit (principal, action, resource);\n@id(\"B\")\nforbid (principal, action, resource);\n"
      "@id(\"C\") @title(\"C\") @concael\nforbid (principal, action, resource);\n");
  EXPECT_EQ(error.code, "bad-policy");
  EXPECT_NE(error.why.find("test.cedar:2:1: this policy has no `@id`"), std::string::npos) << error.why;
  EXPECT_NE(error.why.find("this policy has no `@title`"), std::string::npos) << error.why;
  EXPECT_NE(error.why.find("`@concael` means nothing here"), std::string::npos) << error.why;
}

TEST(Bundle, refuses_an_obligation_because_nobody_would_be_told_of_it) {
  const Error error = folder_error_of(
      "@id(\"A\") @title(\"A\") @obligation(\"do not tell the parent\")\npermit (principal, action, resource);\n");
  EXPECT_EQ(error.code, "bad-policy");
  EXPECT_NE(error.why.find("`@obligation` means nothing here"), std::string::npos) << error.why;
}

TEST(Bundle, refuses_what_the_schema_of_sharing_does_not_know_and_tells_each_place) {
  const std::string head = "@id(\"A\") @title(\"A\")\n";
  for (const auto& [rule, fault] : std::map<std::string, std::string>{
           {"when { context.purpose == Share::Purpose::\"curiosity\" }", "curiosity"},
           {"when { resource.headline == \"x\" }", "headline"},
           {"when { resource.sensitivity == \"high\" }", "test.cedar:3:"},
           {"when { resource in Share::Category::\"helth\" }", "`helth` is no category"},
           {"when { resource.child.consents[\"dentist\"].state == Share::Consent::\"given\" }", "dentist"}}) {
    const Error error = folder_error_of(head + "permit (principal, action, resource)\n" + rule + ";\n");
    EXPECT_EQ(error.code, "bad-policy") << rule;
    EXPECT_NE(error.why.find("test.cedar:3:"), std::string::npos) << error.why;
    EXPECT_NE(error.why.find(fault), std::string::npos) << error.why;
  }
  EXPECT_NE(
      folder_error_of(head + "permit (principal, action == Share::Action::\"peek\", resource);\n").why.find("peek"),
      std::string::npos);
}

TEST(Bundle, tells_what_cannot_be_read_and_what_does_not_fit_in_one_run) {
  const Error error = folder_error_of(
      "@id(\"A\") @title(\"A\")\npermit (principal, action, resource) when { resource.headline == 1 };\n"
      "@id(\"B\") @title(\"B\")\npermit (principal action, resource);\n"
      "@id(\"C\") @title(\"C\")\nforbid (principal, action, resource) when { context.reason == \"x\" };\n");
  for (const char* fault : {"test.cedar:2:", "headline", "test.cedar:4:", "test.cedar:6:", "reason"})
    EXPECT_NE(error.why.find(fault), std::string::npos) << fault << " in\n" << error.why;
}

TEST(Bundle, warns_of_a_rule_that_can_never_apply) {
  const auto bundle =
      BundleFolder("@id(\"A\") @title(\"A\")\npermit (principal, action, resource) when { false };\n").read();
  ASSERT_TRUE(bundle) << bundle.error().text();
  ASSERT_EQ((*bundle)->warnings.size(), 1u);
  EXPECT_TRUE(west_yorkshire()->warnings.empty());
}

TEST(Bundle, refuses_two_policies_of_one_id) { EXPECT_FALSE(BundleFolder(std::string(good) + good).read()); }

TEST(Bundle, refuses_templates_and_what_does_not_parse) {
  EXPECT_NE(folder_error_of("@id(\"A\") @title(\"A\")\npermit (principal == ?principal, action, resource);\n")
                .why.find("template"),
            std::string::npos);
  EXPECT_NE(folder_error_of("permit (principal, action resource);").why.find("test.cedar:1:"), std::string::npos);
}

TEST(Bundle, refuses_a_manifest_that_is_not_whole_and_tells_every_fault_with_its_line) {
  BundleFolder folder(good);
  write_text(folder.path() / "bundle.toml",
             "version = 0\npolicies = [3, \"a.cedar\", \"a.cedar\"]\nvocabulry = \"v\"\neffective_from = \"today\"\n");
  const auto read = folder.read();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, "bad-bundle");
  for (const char* fault :
       {"the bundle has no `name`", "bundle.toml:1: `version` of the bundle is no whole number",
        "the bundle has no `vocabulary`", "bundle.toml:2: `policies` of the bundle is not of the right form",
        "bundle.toml:2: `a.cedar` is named twice", "bundle.toml:2: cannot open `a.cedar`",
        "bundle.toml:3: `vocabulry` is no setting of the bundle (did you mean `vocabulary`?)",
        "bundle.toml:4: `effective_from` of the bundle is not of the right form"})
    EXPECT_NE(read.error().why.find(fault), std::string::npos) << fault << "\n" << read.error().why;
}

TEST(Bundle, tells_the_faults_of_all_its_files_at_once) {
  BundleFolder folder("permit (principal, action resource);");
  write_text(folder.path() / "vocabulary.toml", "[[purpose]]\n");
  const auto read = folder.read();
  ASSERT_FALSE(read);
  for (const char* fault : {"vocabulary.toml:1: [[purpose]] has no `id`", "test.cedar:1:"})
    EXPECT_NE(read.error().why.find(fault), std::string::npos) << fault << "\n" << read.error().why;
}

TEST(Bundle, names_the_file_that_is_missing) {
  EXPECT_EQ(read_bundle("/no/such/folder").error().code, "no-bundle");
  BundleFolder without_policies(good);
  std::filesystem::remove(without_policies.path() / "test.cedar");
  EXPECT_NE(without_policies.read().error().why.find("bundle.toml:4: cannot open `test.cedar`"), std::string::npos);
  BundleFolder without_words(good);
  std::filesystem::remove(without_words.path() / "vocabulary.toml");
  EXPECT_NE(without_words.read().error().why.find("bundle.toml:3: cannot open `vocabulary.toml`"), std::string::npos);
}

}  // namespace
}  // namespace ginnel
