// SPDX-License-Identifier: Apache-2.0
// The pages for whoever answers for sharing: who finds them, and what the agreement, the reviews and the counts say.
#include <gmock/gmock.h>

#include "tests/node/gate_for_tests.h"
#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class GovernancePages : public WebTest {
 protected:
  RawAnswer page(const std::string& path) { return get(path, cookie(session_)); }
  const Session session_ = service.sign_in("tester");
};

TEST_F(GovernancePages, are_found_in_the_navigation_by_the_roles_that_answer_for_sharing) {
  EXPECT_THAT(page("/").body, Not(HasSubstr(">Governance</a>")));
  EXPECT_THAT(page("/").body, HasSubstr("href=\"/policy\"")) << "the agreement is for everybody";
  service.add("lead", "kettle anorak plinth").role = "governance_lead";
  const auto lead = service.sign_in("lead");
  const auto start = get("/", cookie(lead)).body;
  EXPECT_THAT(start, HasSubstr(">Governance</a>"));
  for (const char* where : {"/reviews", "/consents", "/refusals", "/retention", "/withheld", "/policy"}) {
    EXPECT_THAT(start, HasSubstr(std::string("href=\"") + where + "\""));
    EXPECT_THAT(get(where, cookie(lead)).body, HasSubstr(std::string("href=\"") + where + "\" aria-current=\"page\""));
  }
}

TEST_F(GovernancePages, the_agreement_says_each_rule_in_words_and_how_its_cases_come_out) {
  service.standing = {{1'795'000'000'000}, true, {{"authorities", 2, {"Leeds City", "Kirklees"}}}, false};
  const auto shown = page("/policy").body;
  EXPECT_THAT(shown, HasSubstr("West Yorkshire"));
  EXPECT_THAT(shown, HasSubstr("since 18 Nov 2026"));
  EXPECT_THAT(shown, HasSubstr("Authorities: Leeds City, Kirklees (2 needed)"));
  EXPECT_THAT(shown, HasSubstr("sha256:" + to_hex(west_yorkshire()->hash)));
  for (const auto& policy : west_yorkshire()->policies.policies())
    EXPECT_THAT(shown, HasSubstr(">" + *policy.annotation("id") + "</strong>"));
  const std::string rules = shown.substr(0, shown.find("id=\"cases\""));
  EXPECT_THAT(rules, Not(HasSubstr("`"))) << "what has no words stands as the policy has it, in backticks";
  EXPECT_THAT(shown, HasSubstr("href=\"#hides\">What is hidden (4)</a>"));
  EXPECT_THAT(shown, HasSubstr("cases come out as they say"));
  EXPECT_THAT(shown, Not(HasSubstr("Not as it says")));
  EXPECT_THAT(shown, Not(HasSubstr("runs in shadow")));
  service.standing = {{}, false, {}, true};
  const auto unsigned_one = page("/policy").body;
  EXPECT_THAT(unsigned_one, HasSubstr("nobody: it is a folder"));
  EXPECT_THAT(unsigned_one, HasSubstr("runs in shadow"));
  EXPECT_THAT(unsigned_one, HasSubstr("since before this node kept the moment"));
}

TEST_F(GovernancePages, a_case_that_comes_out_otherwise_is_told_with_the_difference) {
  BundleFolder folder("@id(\"A\") @title(\"Everything\")\npermit (principal, action, resource);\n");
  write_text(folder.path() / "bundle.toml",
             "name = \"test\"\nversion = 7\nvocabulary = \"vocabulary.toml\"\npolicies = [\"test.cedar\"]\n"
             "cases = [\"cases.toml\"]\n");
  const std::string one =
      "asker = { agency = \"bfd-health\", kind = \"health\", role = \"practitioner\" }\n"
      "why = { purpose = \"first_contact\", basis = \"public_task\" }\n"
      "record = { owner = \"leeds-csc\", kind = \"involvement\", category = \"social-care\", sensitivity = 0 }\n";
  write_text(folder.path() / "cases.toml",
             "[[case]]\nname = \"it is told\"\n" + one + "expect = { step = \"copy_out\" }\n" +
                 "[[case]]\nname = \"it is shut\"\n" + one + "expect = { step = \"none\" }\n");
  const auto words = in_words(folder.read().value());
  ASSERT_EQ(words.cases.size(), 2u);
  EXPECT_EQ(words.passed, 1u);
  EXPECT_TRUE(words.cases[0].differences.empty());
  EXPECT_FALSE(words.cases[1].differences.empty());
  const Pages pages({"An agency", {}, {}});
  const auto shown = pages.policy(session_, {}, words).value().body;
  EXPECT_THAT(shown, HasSubstr("1 of 2 cases come out as they say"));
  EXPECT_THAT(shown, HasSubstr("Not as it says: it is shut"));
  EXPECT_THAT(shown, Not(HasSubstr("Not as it says: it is told")));
  write_text(folder.path() / "cases.toml", "[[case]]\nname = 7\n");
  const auto unreadable = in_words(folder.read().value());
  EXPECT_FALSE(unreadable.unreadable_cases.empty());
  EXPECT_THAT(pages.policy(session_, {}, unreadable).value().body, HasSubstr("the cases cannot be read"));
}

TEST_F(GovernancePages, a_review_stands_with_why_by_whom_and_by_when_and_leads_to_where_it_is_done) {
  ReviewRow glass;
  glass.task.id = TaskId::make(random);
  glass.task.kind = "break_glass_review";
  glass.task.title = "Review of a break-glass: by A. <Tester>";
  glass.task.holders = {{"", "", "governance_lead", "Information-governance lead"}};
  glass.task.view = ViewId::make(random);
  glass.task.opened = {1'795'000'000'000};
  glass.task.due = {1'795'090'000'000};
  glass.task.is_late = true;
  glass.note = "she <was> seen at the station";
  ReviewRow refusal = glass;
  refusal.task.kind = "refusal_review";
  refusal.task.title = "Review of a refusal to share";
  refusal.task.view = {};
  refusal.task.person = PersonRef::make(random);
  refusal.task.is_late = false;
  refusal.about = {refusal.task.person, {{"liquidlogic", "LL-1"}}};
  service.desk.waiting = {glass, refusal};
  const auto shown = page("/reviews");
  EXPECT_EQ(shown.status, 200u) << shown.body;
  EXPECT_THAT(shown.body, HasSubstr("1 review is late."));
  EXPECT_THAT(shown.body,
              HasSubstr("href=\"/work/tasks/" + glass.task.id.hex() + "\">Review of a break-glass: by A. &lt;"));
  EXPECT_THAT(shown.body, HasSubstr("Why: she &lt;was&gt; seen at the station"));
  EXPECT_THAT(shown.body, HasSubstr("About case view cv-"));
  EXPECT_THAT(shown.body, Not(HasSubstr("href=\"/case-views/"))) << "it would lead its reader to a 404";
  EXPECT_THAT(shown.body, HasSubstr("liquidlogic LL-1"));
  EXPECT_THAT(shown.body, HasSubstr("href=\"/people/" + refusal.task.person.hex() + "/refusals\""));
  service.desk = {};
  EXPECT_THAT(page("/reviews").body, HasSubstr("Nothing waits for a review."));
}

TEST_F(GovernancePages, what_was_not_told_is_counted_for_the_days_that_are_asked_for) {
  service.withheld.from = {2026, 11, 1};
  service.withheld.to = {2026, 11, 28};
  service.withheld.asks = 12;
  service.withheld.asks_withheld_from = 1;
  service.withheld.withheld = {{*MemberId::parse("leeds-csc"), "Leeds", "Health", "a <rule>", 3}};
  service.withheld.refused = {{*MemberId::parse("wy-police"), "Police", "", "not a member", 1}};
  const auto shown = page("/withheld");
  EXPECT_EQ(shown.status, 200u) << shown.body;
  EXPECT_FALSE(service.withheld_from.is_set()) << "the node says which days are usual";
  EXPECT_THAT(shown.body,
              HasSubstr("1 Nov 2026 to 28 Nov 2026: 12 asks of other agencies; something was withheld from 1."));
  EXPECT_THAT(shown.body, HasSubstr(">3</td><td class=\"govuk-table__cell\">Health</td>"));
  EXPECT_THAT(shown.body, HasSubstr("A &lt;rule&gt;"));
  EXPECT_THAT(shown.body, HasSubstr("Not a member"));
  EXPECT_THAT(shown.body, HasSubstr("value=\"2026-11-01\""));
  EXPECT_THAT(shown.body, Not(HasSubstr("was read back to")));
  service.withheld.read_from = {1'795'000'000'000};
  service.withheld.erased = 2;
  const auto cut = page("/withheld?from=2026-11-02&to=03%2F11%2F2026").body;
  EXPECT_EQ(service.withheld_from, (Date{2026, 11, 2}));
  EXPECT_EQ(service.withheld_to, (Date{2026, 11, 3}));
  EXPECT_THAT(cut, HasSubstr("The ledger was read back to 18 Nov 2026"));
  EXPECT_THAT(cut, HasSubstr("2 asks are no longer counted"));
}

TEST_F(GovernancePages, days_that_are_none_are_told_beside_their_field) {
  const auto wrong = page("/withheld?from=soon&to=");
  EXPECT_EQ(wrong.status, 422u);
  EXPECT_THAT(wrong.body, HasSubstr("id=\"from-error\""));
  EXPECT_THAT(wrong.body, HasSubstr("id=\"to-error\""));
  EXPECT_THAT(wrong.body, HasSubstr("value=\"soon\""));
  service.fails_with =
      Error{"bad-period", "cannot count", "the last day is before the first", "give the earlier first"};
  const auto turned = page("/withheld?from=2026-11-03&to=2026-11-02");
  EXPECT_EQ(turned.status, 422u);
  EXPECT_THAT(turned.body, HasSubstr("The last day is before the first"));
  service.fails_with = Error{"forbidden", "cannot count", "your role does not", "ask"};
  EXPECT_EQ(page("/withheld").status, 403u);
}

}  // namespace
}  // namespace ginnel
