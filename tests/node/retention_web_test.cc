// SPDX-License-Identifier: Apache-2.0
// Keeping and erasing over HTTPS: the page and its form, and the API.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "node/web/retention_api.h"
#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* other = "000102030405060708090a0b0c0d0e10";
constexpr const char* retention_url = "/api/v1/retention";

class RetentionOverHttps : public WebTest {
 protected:
  RetentionOverHttps() {
    RetentionDesk& desk = service.retention;
    desk.is_on = true;
    desk.edition = "Bradford 2026.1";
    desk.rules = {{"six", "Six <years>", "A test"}};
    desk.standing_holds = {{"inquiry", "An inquiry", "A letter"}};
    RetentionDue due;
    due.task = *TaskId::parse(some_id);
    due.person.id = *PersonRef::parse(some_id);
    due.person.names = {{"Aisha", "Tester", "usual", {}, {}}};
    due.due = clock.now() + day_ms;
    due.is_late = true;
    due.may_decide = true;
    due.says = "Of what is held on this person, these alone:\n2 records, since 1 Jan 2026: Six <years>\n";
    due.records = 2;
    desk.due = {due};
    RetentionKept kept;
    kept.person = due.person;
    kept.entry.retention = *RetentionId::parse(other);
    kept.entry.act = RetentionAct::waits;
    kept.entry.reason = "a process about them is open";
    kept.entry.since = clock.now();
    kept.entry.review_on = {2027, 3, 3};
    desk.kept = {kept};
    kept.entry.act = RetentionAct::hold;
    kept.entry.reason = "a <claim>";
    kept.entry.author = "G. Lead";
    desk.held = {kept};
  }
  RawAnswer form(const std::string& body) {
    return post_form("/retention", body + "&csrf=" + session_.csrf, cookie(session_));
  }
  RawAnswer post_api(const std::string& path, const std::string& body) {
    return post_json(path, body, bearer(session_));
  }
  std::string page() { return get("/retention", cookie(session_)).body; }
  const Session session_ = service.sign_in("tester");
};

TEST_F(RetentionOverHttps, the_page_says_what_is_due_kept_and_held_and_by_which_schedule) {
  const std::string shown = page();
  for (const char* part :
       {"TESTER, Aisha", "2 records, since 1 Jan 2026: Six &lt;years&gt;", "Erase what is due, 2 records, alone",
        "Late", "A process about them is open", "by this node. To be looked at again on 3 Mar 2027", "A &lt;claim&gt;",
        "by G. Lead", "Release the hold", "Bradford 2026.1", "An inquiry"})
    EXPECT_THAT(shown, HasSubstr(part));
  EXPECT_THAT(shown, Not(HasSubstr("looks at no review dates")));
  service.retention.due.front().obstacle = "a hold stands on it";
  const std::string hindered = page();
  EXPECT_THAT(hindered, HasSubstr("Not to be erased now: a hold stands on it"));
  EXPECT_THAT(hindered, Not(HasSubstr("value=\"erase\"")));
  service.retention.due.front().may_decide = false;
  EXPECT_THAT(page(), Not(HasSubstr("Record the decision")));
  service.retention = {};
  for (const char* part : {"looks at no review dates", "Nothing is due.", "Nothing whose time is over is kept.",
                           "No hold stands.", "There is none: only the review dates"})
    EXPECT_THAT(page(), HasSubstr(part));
}

TEST_F(RetentionOverHttps, a_decision_a_hold_and_a_release_are_sent_by_form) {
  const std::string row = std::string("task=") + some_id + "&person=" + some_id;
  const auto kept = form(row + "&outcome=keep&reason=a+sibling&review-on=2027-03-03");
  EXPECT_EQ(kept.status, 303u) << kept.body;
  EXPECT_EQ(service.retention_decision.task, *TaskId::parse(some_id));
  EXPECT_EQ(service.retention_decision.outcome, "keep");
  EXPECT_EQ(service.retention_decision.reason, "a sibling");
  EXPECT_EQ(service.retention_decision.review_on, (Date{2027, 3, 3}));
  EXPECT_EQ(form(row + "&outcome=erase&reason=over&review-on=").status, 303u);
  EXPECT_EQ(service.retention_decision.outcome, "erase");
  EXPECT_EQ(form(row + "&outcome=hold&reason=a+claim&review-on=2027-03-03").status, 303u);
  EXPECT_EQ(service.new_hold.person, *PersonRef::parse(some_id));
  EXPECT_EQ(service.new_hold.reason, "a claim");
  EXPECT_EQ(form(std::string("hold=") + other + "&reason=settled").status, 303u);
  EXPECT_EQ(service.hold_release.hold, *RetentionId::parse(other));
  EXPECT_EQ(service.hold_release.reason, "settled");
  EXPECT_THAT(get("/retention?done=1", cookie(session_)).body, HasSubstr("It is recorded."));
}

TEST_F(RetentionOverHttps, what_is_wrong_in_the_form_is_told_beside_its_control_and_kept) {
  const std::string row = std::string("task=") + some_id + "&person=" + some_id;
  const auto empty = form(row + "&reason=&review-on=");
  EXPECT_EQ(empty.status, 422u);
  for (const char* part : {"Choose what is to be done", "Enter why", "Enter the day on which",
                           "href=\"#reason-000102030405060708090a0b0c0d0e0f\""})
    EXPECT_THAT(empty.body, HasSubstr(part));
  const auto both = form(row + "&outcome=erase&reason=over+&review-on=soon");
  EXPECT_THAT(both.body, HasSubstr("The day must be a day"));
  EXPECT_THAT(both.body, HasSubstr("Leave out the day"));
  EXPECT_THAT(both.body, HasSubstr(" open>"));
  service.writing_fails_with = Error{"held", "cannot erase what is held on the person",
                                     "it is to be kept: G. Lead put a hold on it", "ask G. Lead"};
  const auto held = form(row + "&outcome=erase&reason=over&review-on=");
  EXPECT_EQ(held.status, 422u);
  EXPECT_THAT(held.body, HasSubstr("It is to be kept: G. Lead put a hold on it"));
  EXPECT_THAT(held.body, HasSubstr("What to do: ask G. Lead"));
  service.writing_fails_with = Error{"bad-retention-decision", "cannot record the decision",
                                     "`reason` is too long\n`reviewOn` is not after today", "mend each"};
  const auto late = form(row + "&outcome=keep&reason=over&review-on=2026-01-01");
  EXPECT_THAT(late.body, HasSubstr(std::string("href=\"#reason-") + some_id + "\">Reason is too long</a>"));
  EXPECT_THAT(late.body, HasSubstr(std::string("href=\"#review-on-") + some_id + "\">ReviewOn is not after today</a>"));
  service.writing_fails_with = Error{"not-found", "cannot do this", "there is nothing here for you", ""};
  EXPECT_EQ(form(std::string("hold=") + other + "&reason=settled").status, 404u);
  EXPECT_EQ(form("reason=settled").status, 404u);
}

TEST_F(RetentionOverHttps, the_api_tells_the_same_and_takes_the_same) {
  const auto told = get(retention_url, bearer(session_));
  ASSERT_EQ(told.status, 200u);
  const Json desk = Json::parse(told.body);
  EXPECT_EQ(desk["on"], true);
  EXPECT_EQ(desk["schedule"]["edition"], "Bradford 2026.1");
  EXPECT_EQ(desk["schedule"]["rules"][0]["id"], "six");
  EXPECT_EQ(desk["due"][0]["task"], some_id);
  EXPECT_EQ(desk["due"][0]["records"], 2);
  EXPECT_EQ(desk["due"][0]["everything"], false);
  EXPECT_EQ(desk["kept"][0]["waits"], true);
  EXPECT_EQ(desk["held"][0]["by"], "G. Lead");
  EXPECT_EQ(desk["held"][0]["reviewOn"], "2027-03-03");
  EXPECT_EQ(post_api(std::string(retention_url) + "/reviews/" + some_id,
                     R"({"outcome":"keep","reason":"a\nclaim","reviewOn":"2027-03-03"})")
                .status,
            204u);
  EXPECT_EQ(service.retention_decision.reason, "a\nclaim");
  const auto made = post_api(std::string(retention_url) + "/holds",
                             std::string(R"({"person":")") + some_id + R"(","reason":"x","reviewOn":"2027-03-03"})");
  EXPECT_EQ(made.status, 201u) << made.body;
  EXPECT_EQ(service.new_hold.review_on, (Date{2027, 3, 3}));
  EXPECT_EQ(post_api(std::string(retention_url) + "/holds/" + other + "/release", R"({"reason":"settled"})").status,
            204u);
  EXPECT_EQ(service.hold_release.reason, "settled");
}

TEST_F(RetentionOverHttps, what_is_no_request_is_told_with_every_field) {
  const auto refused =
      post_api(std::string(retention_url) + "/holds", R"({"person":"aisha","reviewOn":"soon","carer":true})");
  EXPECT_EQ(refused.status, 422u);
  for (const char* part :
       {"`person` is no id", "`reviewOn` is no day", "`reason` is missing", "a name that is not known"})
    EXPECT_THAT(Json::parse(refused.body)["error"]["why"].get<std::string>(), HasSubstr(part));
  EXPECT_EQ(post_api(std::string(retention_url) + "/reviews/" + some_id, "[").status, 400u);
  EXPECT_EQ(post_api(std::string(retention_url) + "/reviews/nothing", R"({"outcome":"keep","reason":"x"})").status,
            404u);
  EXPECT_EQ(post_api(std::string(retention_url) + "/holds/nothing/release", R"({"reason":"x"})").status, 404u);
  for (const char* code : {"held", "not-to-be-erased", "not-due"}) {
    service.writing_fails_with = Error{code, "cannot erase it", "why", "remedy"};
    EXPECT_EQ(
        post_api(std::string(retention_url) + "/reviews/" + some_id, R"({"outcome":"erase","reason":"x"})").status,
        409u)
        << code;
  }
}

}  // namespace
}  // namespace ginnel
