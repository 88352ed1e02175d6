// SPDX-License-Identifier: Apache-2.0
// The pages for whoever answers for sharing: who finds them, and what the agreement, the reviews and the counts say.
#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <sstream>
#include <thread>

#include "federation/wire/bundle_codec.h"
#include "node/gate/bundle_seal.h"
#include "node/web/limits.h"
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
  EXPECT_THAT(shown, HasSubstr("href=\"#hides\">What is hidden (5)</a>"));
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

// A form with one file.
class ComparingPages : public GovernancePages {
 protected:
  ComparingPages() { service.in_force = west_yorkshire(); }
  RawAnswer compare(const std::string& file) {
    const std::string body = "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + session_.csrf +
                             "\r\n--b\r\nContent-Disposition: form-data; name=\"agreement\"; filename=\"a.bundle\"\r\n"
                             "Content-Type: application/octet-stream\r\n\r\n" +
                             file + "\r\n--b--\r\n";
    return send("POST", "/policy/compare", cookie(session_) + "Content-Type: multipart/form-data; boundary=b\r\n",
                body);
  }
  static std::string sealed(const std::shared_ptr<const Bundle>& bundle) {
    const auto bytes = encode_sealed_bundle(seal_of(*bundle).value()).value();
    return {bytes.begin(), bytes.end()};
  }
  // The agreement in force with another text in one of its files.
  static std::shared_ptr<const Bundle> changed(const std::string& file, const std::string& from,
                                               const std::string& to) {
    const TempDirectory temporary;
    const std::filesystem::path folder = temporary.path();
    std::filesystem::copy(policy_folder(), folder, std::filesystem::copy_options::recursive);
    const auto path = folder / "west-yorkshire" / file;
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    std::string whole = text.str();
    EXPECT_NE(whole.find(from), std::string::npos) << from;
    write_text(path, whole.replace(whole.find(from), from.size(), to));
    return read_bundle(folder / "west-yorkshire").value();
  }
};

TEST_F(ComparingPages, the_agreement_in_force_changes_nothing) {
  service.tried.is_in_force = true;
  const auto shown = compare(sealed(west_yorkshire()));
  EXPECT_EQ(shown.status, 200u) << shown.body;
  EXPECT_THAT(shown.body, HasSubstr("it is the one in force"));
  EXPECT_THAT(shown.body, HasSubstr("Nothing more would be told."));
  EXPECT_THAT(shown.body, HasSubstr("Nothing that is told today would be kept back."));
  EXPECT_THAT(shown.body, HasSubstr("Nothing stands in the way of putting it in force."));
  ASSERT_TRUE(service.offered);
  EXPECT_EQ(service.offered->hash, west_yorkshire()->hash);
}

TEST_F(ComparingPages, a_change_is_told_in_words_with_who_what_record_and_by_which_rule) {
  const auto other =
      changed("20-between-agencies.cedar", "principal.kind == Share::AgencyKind::\"police\" && context.purpose",
              "principal.kind == Share::AgencyKind::\"fire\" && context.purpose");
  const auto shown = compare(sealed(other)).body;
  const auto more = shown.substr(shown.find("id=\"more\""), shown.find("id=\"less\"") - shown.find("id=\"more\""));
  EXPECT_THAT(more, HasSubstr("Not told before, told after"));
  EXPECT_THAT(more, HasSubstr("the asking agency is &quot;Fire and rescue&quot;</dd>"));
  EXPECT_THAT(more, HasSubstr("By WY-13 Headlines for police protection"));
  EXPECT_THAT(more, Not(HasSubstr("`"))) << "what has no words stands as the policy has it, in backticks";
  EXPECT_THAT(more, Not(HasSubstr("May be")));
  const auto less = shown.substr(shown.find("id=\"less\""), shown.find("id=\"replay\"") - shown.find("id=\"less\""));
  EXPECT_THAT(less, HasSubstr("Told before, not told after"));
  EXPECT_THAT(less, HasSubstr("&quot;Police&quot;"));
  EXPECT_THAT(shown, HasSubstr("Decides otherwise"));
  EXPECT_THAT(shown, HasSubstr("cases do not come out as they say"));
  EXPECT_THAT(shown, HasSubstr("It could not be put in force as it is:"));
}

TEST_F(ComparingPages, that_a_rule_no_longer_hides_is_said_though_it_decides_the_same) {
  const auto other = changed("30-restricted.cedar", "@title(\"Adoption\") @conceal", "@title(\"Adoption\")");
  const auto shown = compare(sealed(other)).body;
  EXPECT_THAT(shown, HasSubstr("Says otherwise"));
  EXPECT_THAT(shown, HasSubstr("It no longer hides that there is such a record."));
}

TEST_F(ComparingPages, what_was_decided_is_told_with_its_bounds_and_what_stands_in_the_way) {
  service.tried.signers = {{"authorities", 2, {}}};
  service.tried.obstacles = {"Too few have signed it yet: <2>"};
  service.tried.replayed.decisions = 9;
  service.tried.replayed.records = 30;
  service.tried.replayed.otherwise = 1;
  service.tried.replayed.records_otherwise = 1;
  service.tried.replayed.oldest = {1'795'000'000'000};
  service.tried.replayed.is_cut_short = true;
  service.tried.replayed.searches = 1;
  ReplayedInWords row;
  row.then = "one line of it";
  row.now = "nothing";
  row.why_then = "WY-10 <Who>";
  row.asked_by = {"Leeds, Practitioner, for First contact (1)"};
  row.about = {"Health (1)"};
  row.records = row.decisions = 1;
  row.first = row.last = {1'795'000'000'000};
  row.entries = {4711};
  row.tells_less = true;
  service.tried.rows = {row};
  const auto shown = compare(sealed(west_yorkshire())).body;
  EXPECT_THAT(shown, HasSubstr("9 decisions about 30 records, back to 18 Nov 2026"));
  EXPECT_THAT(shown, HasSubstr("1 would tell otherwise, of 1 record."));
  EXPECT_THAT(shown, HasSubstr("One line of it before, nothing after"));
  EXPECT_THAT(shown, HasSubstr("WY-10 &lt;Who&gt;"));
  EXPECT_THAT(shown, HasSubstr("the agency&apos;s duty contact"));
  EXPECT_THAT(shown, HasSubstr(">4711</span>"));
  EXPECT_THAT(shown, HasSubstr("Only the newest were made again: at most 2000 decisions"));
  EXPECT_THAT(shown, HasSubstr("1 search among this agency&apos;s own people cannot be made again"));
  EXPECT_THAT(shown, HasSubstr("Authorities: nobody yet (2 needed)"));
  EXPECT_THAT(shown, HasSubstr("<li>Too few have signed it yet: &lt;2&gt;</li>"));
}

TEST_F(ComparingPages, what_cannot_be_read_is_said_where_it_was_chosen_fault_by_fault) {
  const auto start = page("/policy/compare");
  EXPECT_EQ(start.status, 200u) << start.body;
  EXPECT_THAT(start.body, Not(HasSubstr("There is a problem")));
  EXPECT_THAT(start.body, Not(HasSubstr("What was compared")));
  const auto none = compare("");
  EXPECT_EQ(none.status, 422u);
  EXPECT_THAT(none.body, HasSubstr("<a href=\"#agreement\">Choose the file of a sealed agreement</a>"));
  const auto no_seal = compare("a letter");
  EXPECT_EQ(no_seal.status, 422u);
  EXPECT_THAT(no_seal.body, HasSubstr("The agreement cannot be read: "));
  EXPECT_THAT(no_seal.body, HasSubstr("choose the file that ginnel policy seal wrote"));
  Bundle faulty = *west_yorkshire();
  for (auto& file : faulty.files)
    if (file.name.ends_with(".cedar")) file.text += "@oops permit (principal, action, resource);\n";
  const auto faults = compare(sealed(std::make_shared<const Bundle>(faulty)));
  EXPECT_EQ(faults.status, 422u);
  EXPECT_THAT(faults.body, HasSubstr("The agreement has 9 faults"));
  EXPECT_THAT(faults.body, HasSubstr("20-between-agencies.cedar:"));
  EXPECT_THAT(compare(std::string(limits::agreement_upload_bytes_max + 1, 'x')).body,
              HasSubstr("The file cannot be taken"));
  EXPECT_EQ(compare(std::string(limits::agreement_upload_bytes_max + 1, 'x')).status, 413u);
  EXPECT_FALSE(service.offered) << "what could not be read was tried on the ledger";
}

TEST_F(ComparingPages, one_is_compared_at_a_time_and_the_next_when_that_is_told) {
  service.holds_tries = true;
  auto first = std::async(std::launch::async, [this] { return compare(sealed(west_yorkshire())).status; });
  for (int i = 0; i < 2'000; ++i) {
    if (service.has_held_try()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const auto second = compare(sealed(west_yorkshire()));
  EXPECT_EQ(second.status, 429u);
  EXPECT_THAT(second.body, HasSubstr("Somebody else compares an agreement now"));
  service.let_try_go();
  EXPECT_EQ(first.get(), 200u);
  EXPECT_EQ(compare(sealed(west_yorkshire())).status, 200u);
}

TEST_F(ComparingPages, whoever_does_not_answer_for_sharing_is_refused_and_not_led_there) {
  EXPECT_THAT(page("/policy").body, Not(HasSubstr("href=\"/policy/compare\"")));
  service.add("lead", "kettle anorak plinth").role = "governance_lead";
  const auto lead = service.sign_in("lead");
  EXPECT_THAT(get("/policy", cookie(lead)).body, HasSubstr("href=\"/policy/compare\""));
  service.fails_with = Error{"forbidden", "cannot compare agreements", "your role does not answer for sharing", ""};
  EXPECT_EQ(page("/policy/compare").status, 403u);
  EXPECT_EQ(compare(sealed(west_yorkshire())).status, 403u);
  EXPECT_FALSE(service.offered);
}

}  // namespace
}  // namespace ginnel
