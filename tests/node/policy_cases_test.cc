// SPDX-License-Identifier: Apache-2.0
#include "node/gate/policy_cases.h"

#include <sstream>

#include "node/cli/command_table.h"
#include "tests/node/gate_for_tests.h"

namespace ginnel {
namespace {

constexpr const char* cases_file = R"(
[defaults]
asker  = { agency = "leeds-csc", kind = "social_care", role = "practitioner" }
why    = { purpose = "child_protection", basis = "public_task", proven = ["child_protection"] }

[[case]]
name   = "a refuge's address stays shut, even for a proven purpose"
record = { owner = "bfd-housing", kind = "tenancy", category = "housing", sensitivity = 2 }
others = ["protected_address"]
expect = { step = "exists", by = "WY-34", ask = "the lead social worker", reason = "Protected address" }

[[case]]
name   = "unproven, it is counted"
why    = { proven = [] }
record = { owner = "wy-police", kind = "incident", category = "police.incident", sensitivity = 2 }
expect = { step = "exists", shown_as = "police" }
)";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

std::vector<std::string> outcomes(const std::string& text) {
  const Gate gate(west_yorkshire());
  std::vector<std::string> out;
  const auto cases = parse_cases(text, "cases.toml", gate.bundle().vocabulary);
  EXPECT_TRUE(cases) << cases.error().front().text();
  if (cases)
    for (const auto& one : *cases)
      for (const auto& difference : try_case(one, gate).differences) out.push_back(difference);
  return out;
}

std::string mistakes(const std::string& text) {
  const auto cases = parse_cases(text, "cases.toml", west_yorkshire()->vocabulary);
  std::string out;
  if (!cases)
    for (const auto& one : cases.error()) out += one.why + "\n";
  return out;
}

TEST(PolicyCases, come_out_as_they_say_with_the_defaults_of_their_file) {
  EXPECT_TRUE(outcomes(cases_file).empty()) << outcomes(cases_file).front();
}

TEST(PolicyCases, say_what_came_out_instead) {
  EXPECT_EQ(outcomes(replaced(cases_file, "step = \"exists\", by", "step = \"content\", by")),
            std::vector<std::string>{"expected `content`, got `exists` (Protected address)"});
  EXPECT_EQ(outcomes(replaced(cases_file, "\"WY-34\"", "\"WY-35\"")).size(), 1u);
  EXPECT_EQ(outcomes(replaced(cases_file, "ask = \"the lead", "ask = \"the other lead")).size(), 1u);
  EXPECT_EQ(outcomes(replaced(cases_file, "reason = \"Protected", "reason = \"Perfected")).size(), 1u);
  EXPECT_EQ(outcomes(replaced(cases_file, "shown_as = \"police\"", "shown_as = \"health\"")).size(), 1u);
  EXPECT_EQ(outcomes(replaced(cases_file, "others = [\"protected_address\"]", "")).size(), 4u);
}

TEST(PolicyCases, of_a_role_that_is_shown_no_case_are_none) {
  EXPECT_EQ(outcomes(replaced(replaced(cases_file, "role = \"practitioner\"", "role = \"inspector\""), "\"exists\", by",
                              "\"none\", by"))
                .size(),
            5u);
}

TEST(PolicyCases, tell_every_mistake_with_its_line) {
  EXPECT_NE(mistakes(replaced(cases_file, "\"tenancy\"", "\"tennancy\"")).find("`tennancy`"), std::string::npos);
  EXPECT_NE(mistakes(replaced(cases_file, "\"social_care\"", "\"social\"")).find("`social`"), std::string::npos);
  EXPECT_NE(mistakes(replaced(cases_file, "step = \"exists\", by", "stop = \"exists\", by")).find("stop"),
            std::string::npos);
  EXPECT_NE(mistakes(replaced(cases_file, "owner = \"bfd-housing\", ", "")).find("owner"), std::string::npos);
  EXPECT_NE(mistakes(replaced(cases_file, "unproven, it is counted",
                              "a refuge's address stays shut, even for a proven purpose"))
                .find("another case's"),
            std::string::npos);
  EXPECT_NE(mistakes("[[case]]\n").find("name"), std::string::npos);
  EXPECT_NE(mistakes("case = 3\n"), "");
}

// --- what was recorded of consent

constexpr const char* with_consent = R"(
[defaults]
asker  = { agency = "leeds-csc", kind = "social_care", role = "practitioner" }
why    = { purpose = "child_protection", basis = "public_task", proven = ["child_protection"] }

[[case]]
name   = "the young person agreed"
record = { owner = "bfd-health", kind = "health_attendance", category = "health.sexual", sensitivity = 3 }
consents = [{ state = "given", decider = "child_competent", categories = ["health"], competence = "competent", from = 2026-03-03 }]
expect = { step = "content", by = "WY-12" }
)";

TEST(PolicyCases, say_what_was_recorded_of_consent_and_on_which_day_it_is_asked) {
  EXPECT_TRUE(outcomes(with_consent).empty()) << outcomes(with_consent).front();
  const auto comes_out_otherwise = [](const std::string& text) { return !outcomes(text).empty(); };
  EXPECT_TRUE(comes_out_otherwise(replaced(with_consent, "\"given\"", "\"refused\"")));
  EXPECT_TRUE(comes_out_otherwise(
      replaced(with_consent, "from = 2026-03-03 }", "from = 2026-03-03, recipients = [\"wy-police\"] }")));
  EXPECT_TRUE(comes_out_otherwise(
      replaced(with_consent, "from = 2026-03-03 }", "from = 2026-03-03, purposes = [\"early_help\"] }")));
  EXPECT_TRUE(comes_out_otherwise(
      replaced(with_consent, "from = 2026-03-03 }", "from = 2026-03-03, withdrawn = 2026-03-05 }")));
  const std::string ends = replaced(with_consent, "from = 2026-03-03 }", "from = 2026-03-03, until = 2026-04-01 }");
  EXPECT_FALSE(comes_out_otherwise(ends)) << "left out, it is the day on which the last of them began";
  EXPECT_FALSE(comes_out_otherwise(replaced(ends, "expect", "day = 2026-03-31\nexpect")));
  EXPECT_TRUE(comes_out_otherwise(replaced(ends, "expect", "day = 2026-04-01\nexpect")));
  EXPECT_TRUE(comes_out_otherwise(replaced(with_consent, "expect", "day = 2026-03-02\nexpect"))) << "it has not begun";
}

TEST(PolicyCases, tell_what_nobody_could_record_of_consent) {
  EXPECT_NE(mistakes(replaced(with_consent, "competence = \"competent\", ", "")).find("must be `competent`"),
            std::string::npos);
  EXPECT_NE(mistakes(replaced(with_consent, "[\"health\"]", "[\"helth\"]")).find("`helth`"), std::string::npos);
  EXPECT_NE(mistakes(replaced(with_consent, "from = 2026-03-03", "from = \"3 March\"")).find("`from`"),
            std::string::npos);
  EXPECT_NE(mistakes(replaced(with_consent, "state = \"given\", ", "")).find("state"), std::string::npos);
  EXPECT_NE(mistakes(replaced(with_consent, "competence", "competance")).find("competance"), std::string::npos);
}

TEST(PolicyCases, are_explained_with_what_was_decided_in_plain_words) {
  TempDirectory folder;
  const auto file_of_cases = std::filesystem::path(folder.path()) / "cases.toml";
  write_text(file_of_cases, replaced(replaced(with_consent, "\"given\"", "\"refused\""), "content", "exists"));
  std::istringstream in;
  std::ostringstream out, err;
  EXPECT_EQ(
      run_command_line({"policy", "explain", (policy_folder() / "west-yorkshire").string(), file_of_cases.string()},
                       {in, out, err}),
      0)
      << err.str();
  EXPECT_NE(out.str().find("Health: the child was judged competent and refused on 3 Mar 2026"), std::string::npos)
      << out.str();
  EXPECT_NE(out.str().find("WY-39"), std::string::npos) << out.str();
}

}  // namespace
}  // namespace ginnel
