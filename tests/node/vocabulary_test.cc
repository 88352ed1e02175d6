// SPDX-License-Identifier: Apache-2.0
#include "node/gate/vocabulary.h"

#include <algorithm>

#include "tests/node/gate_for_tests.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

std::string text_of_file() { return content_of(policy_folder() / "vocabulary.toml"); }

std::string word(const std::string& list, const std::string& id, const std::string& more = "") {
  return "[[" + list + "]]\nid = \"" + id + "\"\ntitle = \"T\"\nsource = \"S\"\neffective_from = 2023-12-15\n" +
         "status = \"in force\"\n" + more + "\n";
}

constexpr const char* task_rules = "owner_role = \"worker\"\nmanager_role = \"worker\"\ndue_hours = 24";

// Every list with one word.
std::string small_vocabulary() {
  std::string out = "edition = \"small\"\n";
  for (const char* list : {"action", "purpose", "basis", "agency_kind", "role", "marking", "handling", "consent_state",
                           "decider", "record_kind", "category"})
    out += word(list, "one");
  out += word("role", "worker", "holds_tasks = true");
  out += word("task_kind", "one", task_rules);
  return out;
}

Error words_error_of(const std::string& text) {
  auto parsed = Vocabulary::parse(text, "v.toml");
  EXPECT_FALSE(parsed);
  return parsed ? Error() : parsed.error();
}

TEST(Vocabulary, of_west_yorkshire_has_every_list) {
  auto words = Vocabulary::read(policy_folder() / "vocabulary.toml");
  ASSERT_TRUE(words) << words.error().text();
  EXPECT_EQ(words->edition(), "West Yorkshire 2026.1");
  for (const auto& [list, id] : {std::pair{"action", "discover"},
                                 {"purpose", "first_contact"},
                                 {"basis", "public_task"},
                                 {"agency_kind", "probation"},
                                 {"role", "operator"},
                                 {"marking", "mappa"},
                                 {"handling", "official"},
                                 {"consent_state", "given"},
                                 {"decider", "court"},
                                 {"record_kind", "involvement"},
                                 {"category", "health.sexual"}})
    EXPECT_TRUE(words->knows(list, id)) << list;
  EXPECT_FALSE(words->knows("purpose", "public_task"));
  EXPECT_FALSE(words->knows("no_such_list", "one"));
}

TEST(Vocabulary, says_what_policy_needs_to_know_of_a_word) {
  auto words = Vocabulary::read(policy_folder() / "vocabulary.toml").value();
  EXPECT_TRUE(words.find("purpose", "child_protection")->needs_head);
  EXPECT_FALSE(words.find("purpose", "first_contact")->needs_head);
  EXPECT_TRUE(words.find("purpose", "immediate_danger")->break_glass);
  EXPECT_FALSE(words.find("basis", "duty_to_share")->in_force);
  EXPECT_EQ(words.find("marking", "adoption_sealed")->effect, "concealed");
  EXPECT_TRUE(words.find("role", "operator")->no_case_data);
  EXPECT_FALSE(words.find("role", "practitioner")->no_case_data);
}

TEST(Vocabulary, lets_no_concealed_marking_travel) {
  EXPECT_TRUE(Vocabulary::parse(small_vocabulary() + word("marking", "two", "effect = \"withheld\"\ntravels = true"),
                                "v.toml"));
  const Error error =
      words_error_of(small_vocabulary() + word("marking", "two", "effect = \"concealed\"\ntravels = true"));
  EXPECT_NE(error.why.find("`two`"), std::string::npos) << error.why;
}

TEST(Vocabulary, names_every_fault_of_the_file_at_once_with_its_line) {
  const Error error = words_error_of("edition = \"e\"\nfruit = 3\n" + word("purpose", "one") + word("purpose", "one") +
                                     "[[basis]]\nid = \"x\"\nstatus = \"maybe\"\n");
  EXPECT_EQ(error.code, "bad-vocabulary");
  for (const char* fault :
       {"v.toml:2: `fruit` is no setting", "v.toml:11: `id` of [[purpose]] is `one`, which stands in this list already",
        "v.toml:17: [[basis]] has no `title`", "[[basis]] has no `source`", "[[basis]] has no `effective_from`",
        "v.toml:19: `maybe` is no `status`", "the vocabulary has no `marking`"})
    EXPECT_NE(error.why.find(fault), std::string::npos) << fault << "\n" << error.why;
}

TEST(Vocabulary, refuses_settings_nobody_reads_and_values_of_the_wrong_type) {
  const Error error = words_error_of(
      small_vocabulary() + word("marking", "two", "efect = \"withheld\"\ntravels = \"yes\"\neffect = \"hidden\""));
  for (const char* fault : {"`efect` is no setting of [[marking]] (did you mean `effect`?)",
                            "`travels` of [[marking]] is not of the right form", "`hidden` is no `effect`"})
    EXPECT_NE(error.why.find(fault), std::string::npos) << fault << "\n" << error.why;
  EXPECT_NE(words_error_of("\xc3\xa4 = 1").why.find("v.toml:1: there is a letter outside ASCII"), std::string::npos);
}

TEST(Vocabulary, refuses_a_category_without_its_parent) {
  EXPECT_NE(words_error_of(small_vocabulary() + word("category", "health.sexual")).why.find("no parent `health`"),
            std::string::npos);
  EXPECT_TRUE(Vocabulary::parse(small_vocabulary() + word("category", "one.two"), "v.toml"));
}

TEST(Vocabulary, refuses_what_is_no_toml_or_no_list) {
  EXPECT_NE(words_error_of("edition = ").why.find("v.toml:1:"), std::string::npos);
  EXPECT_NE(words_error_of("purpose = \"one\"\n").why.find("write each as [[purpose]]"), std::string::npos);
  EXPECT_EQ(Vocabulary::read("/no/such/file.toml").error().code, "no-vocabulary");
}

TEST(Vocabulary, says_what_follows_from_the_kind_of_a_task) {
  auto words = Vocabulary::read(policy_folder() / "vocabulary.toml").value();
  const TaskRules& review = words.find("task_kind", "break_glass_review")->task;
  EXPECT_EQ(review.owner_role, "governance_lead");
  EXPECT_EQ(review.due_hours, 72);
  EXPECT_TRUE(review.is_review);
  EXPECT_FALSE(words.find("task_kind", "quarantined_source")->task.is_review);
  EXPECT_TRUE(words.find("role", "manager")->manages_work);
  EXPECT_FALSE(words.find("role", "operator")->holds_tasks);
}

TEST(Vocabulary, gives_no_work_to_a_role_that_does_none) {
  const Error error = words_error_of(small_vocabulary() + word("task_kind", "two",
                                                               "owner_role = \"one\"\nmanager_role = "
                                                               "\"nobody\"\ndue_hours = 24"));
  for (const char* fault : {"`two` gives work to `one`", "`two` gives work to `nobody`"})
    EXPECT_NE(error.why.find(fault), std::string::npos) << fault << "\n" << error.why;
}

TEST(Vocabulary, gives_a_categorys_parent_and_root) {
  EXPECT_EQ(parent_category("health.sexual.clinic"), "health.sexual");
  EXPECT_EQ(parent_category("health"), "");
  EXPECT_EQ(root_category("health.sexual.clinic"), "health");
  EXPECT_EQ(root_category("health"), "health");
  EXPECT_FALSE(text_of_file().empty());
}

}  // namespace
}  // namespace ginnel
