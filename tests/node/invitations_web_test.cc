// SPDX-License-Identifier: Apache-2.0
// Answering what a notice invites to, over HTTPS: as JSON and as a page with its form.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/node/inbox_for_tests.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class InvitationsOverHttps : public WebTest {
 protected:
  InvitationsOverHttps() {
    InboxItem item = told_item("leeds-csc", "Leeds <Children's> Services", clock.now());
    item.record->headline = "Strategy <discussion>";
    item.invitation = Invitation{{*ProcessId::parse(some_id), 4},
                                 "Strategy <discussion>",
                                 {"attendance", "what-is-shared"},
                                 {"Police", "Health"},
                                 clock.now() + day_ms};
    service.inbox.items.push_back(item);
  }
  const std::string path_ = std::string("/notices/") + some_id + "/answer";
  const std::string call_ = std::string("/api/v1/notices/") + some_id + "/answers";
};

TEST_F(InvitationsOverHttps, say_what_is_wanted_and_until_when) {
  const auto notice = Json::parse(get("/api/v1/notices", bearer(service.sign_in("tester"))).body)["notices"][0];
  const Json& invitation = notice["invitation"];
  EXPECT_EQ(invitation["step"], "Strategy <discussion>");
  EXPECT_EQ(invitation["wanted"], (Json{"attendance", "what-is-shared"}));
  EXPECT_EQ(invitation["invited"], (Json{"Police", "Health"}));
  EXPECT_EQ(invitation["due"], to_iso_utc(clock.now() + day_ms));
  service.inbox.items.front().invitation.reset();
  EXPECT_FALSE(
      Json::parse(get("/api/v1/notices", bearer(service.sign_in("tester"))).body)["notices"][0].contains("invitation"));
}

TEST_F(InvitationsOverHttps, are_answered_with_a_record) {
  const auto session = service.sign_in("tester");
  const auto made = post_json(call_, R"({"name":"attendance","text":"PC Holroyd","at":"2026-01-05"})", bearer(session));
  EXPECT_EQ(made.status, 201u);
  EXPECT_EQ(Json::parse(made.body)["id"], "ffeeddccbbaa99887766554433221100");
  ASSERT_TRUE(service.answered);
  EXPECT_EQ(service.answered->notice.hex(), some_id);
  EXPECT_EQ(service.answered->name, "attendance");
  EXPECT_EQ(service.answered->text, "PC Holroyd");
  EXPECT_EQ(service.answered->at, When::on({2026, 1, 5}));
}

TEST_F(InvitationsOverHttps, refuse_what_is_no_answer_by_name) {
  const auto session = service.sign_in("tester");
  for (const auto& [body, field] : {std::pair{R"({"text":"x"})", "name"},
                                    {R"({"name":"attendance","who":"me"})", "a name that is not known"},
                                    {R"({"name":"attendance","at":"soon"})", "at"},
                                    {R"({"name":7})", "name"}}) {
    const auto refused = post_json(call_, body, bearer(session));
    EXPECT_EQ(refused.status, 422u) << body;
    EXPECT_THAT(refused.body, HasSubstr(field)) << body;
  }
  EXPECT_FALSE(service.answered);
  EXPECT_EQ(post_json("/api/v1/notices/none/answers", R"({"name":"attendance"})", bearer(session)).status, 404u);
  service.answer_error =
      Error{"not-to-be-answered", "cannot send the answer", "nobody is on file", "ring the duty desk"};
  const auto refused = post_json(call_, R"({"name":"attendance"})", bearer(session));
  EXPECT_EQ(refused.status, 409u);
  EXPECT_THAT(refused.body, HasSubstr("ring the duty desk"));
}

TEST_F(InvitationsOverHttps, have_a_page_with_what_is_wanted_and_whom_to_ring) {
  const auto session = service.sign_in("tester");
  const std::string list = get("/notices", cookie(session)).body;
  EXPECT_THAT(list, HasSubstr("href=\"" + path_ + "\""));
  EXPECT_THAT(list, HasSubstr("It waits for attendance, what is shared. It is due "));
  const auto page = get(path_, cookie(session));
  EXPECT_EQ(page.status, 200u);
  EXPECT_THAT(page.body, HasSubstr("Strategy &lt;discussion&gt;: bring something to it"));
  EXPECT_THAT(page.body, HasSubstr("Leeds &lt;Children&apos;s&gt; Services invites you, among Police, Health"));
  EXPECT_THAT(page.body, HasSubstr("<option value=\"what-is-shared\">what is shared</option>"));
  EXPECT_THAT(page.body, HasSubstr("tel:01632960033"));
  service.inbox.items.front().invitation.reset();
  EXPECT_EQ(get(path_, cookie(session)).status, 404u);
  EXPECT_THAT(get("/notices", cookie(session)).body, Not(HasSubstr("/answer")));
}

TEST_F(InvitationsOverHttps, take_the_form_and_give_it_back_as_it_was_filled_in_with_what_is_wrong) {
  const auto session = service.sign_in("tester");
  const std::string csrf = "csrf=" + session.csrf;
  EXPECT_EQ(post_form(path_, "name=attendance", cookie(session)).status, 403u);
  const auto wrong =
      post_form(path_, csrf + "&name=what-is-shared&day=yesterday&time=&text=called+twice", cookie(session));
  EXPECT_EQ(wrong.status, 422u);
  EXPECT_THAT(wrong.body, HasSubstr("That is no day."));
  EXPECT_THAT(wrong.body, HasSubstr("called twice</textarea>"));
  EXPECT_THAT(wrong.body, HasSubstr("<option value=\"what-is-shared\" selected>"));
  EXPECT_FALSE(service.answered);
  EXPECT_EQ(post_form(path_, csrf + "&name=attendance&day=2026-01-05&time=14%3A30&text=", cookie(session)).status,
            303u);
  EXPECT_EQ(service.answered->at, When::at_instant(london_instant({2026, 1, 5}, 14 * 60 + 30)));
  EXPECT_THAT(get("/notices?answered=1", cookie(session)).body, HasSubstr("It is recorded."));
  EXPECT_THAT(get("/notices", cookie(session)).body, Not(HasSubstr("It is recorded.")));
  service.answer_error =
      Error{"bad-field", "cannot send the answer", "`at` is still to come", "write when it happened"};
  const auto refused = post_form(path_, csrf + "&name=attendance&text=called+twice", cookie(session));
  EXPECT_EQ(refused.status, 422u);
  EXPECT_THAT(refused.body, HasSubstr("is still to come"));
  EXPECT_THAT(refused.body, HasSubstr("called twice</textarea>"));
}

}  // namespace
}  // namespace ginnel
