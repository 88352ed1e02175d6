// SPDX-License-Identifier: Apache-2.0
// Notices and corrections over HTTPS: as JSON, as a page, and as events that tell nothing.
#include "node/web/notices_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "node/web/event_stream.h"
#include "tests/node/inbox_for_tests.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class NoticesOverHttps : public WebTest {
 protected:
  NoticesOverHttps() {
    InboxItem item = told_item("wy-police", "West Yorkshire Police", clock.now());
    item.category = "police.domestic";
    item.record->headline = "Officers <b>attended</b>";
    item.record->narrative = "At night.";
    service.inbox.items.push_back(item);
    service.inbox.waiting = 1;
  }
};

TEST_F(NoticesOverHttps, that_nobody_took_up_are_counted_on_every_page) {
  const auto session = service.sign_in("tester");
  for (const char* path : {"/", "/find", "/notices"})
    EXPECT_NE(get(path, cookie(session)).body.find(">Notices (1<"), std::string::npos) << path;
  service.inbox.waiting = 0;
  EXPECT_EQ(get("/", cookie(session)).body.find(">Notices (1<"), std::string::npos);
}

TEST_F(NoticesOverHttps, are_listed_read_and_taken_up_by_opaque_ids) {
  const auto session = service.sign_in("tester");
  const auto list = Json::parse(get("/api/v1/notices", bearer(session)).body);
  ASSERT_EQ(list["notices"].size(), 1u);
  EXPECT_EQ(list["waiting"], 1);
  EXPECT_EQ(list["notices"][0]["item"]["headline"], "Officers <b>attended</b>");
  const std::string path = std::string("/api/v1/notices/") + some_id;
  EXPECT_FALSE(Json::parse(get(path, bearer(session)).body).contains("acknowledged"));
  const auto taken = post_json(path + "/acknowledge", R"({"note":"rang the duty desk"})", bearer(session));
  EXPECT_EQ(Json::parse(taken.body)["acknowledged"]["note"], "rang the duty desk");
  EXPECT_EQ(post_json(path + "/acknowledge", R"({"nota":"x"})", bearer(session)).status, 422u);
  EXPECT_EQ(get("/api/v1/notices/0f0e0d0c0b0a09080706050403020100", bearer(session)).status, 404u);
  EXPECT_EQ(get("/api/v1/notices/none", bearer(session)).status, 404u);
}

TEST_F(NoticesOverHttps, an_item_that_was_taken_back_has_no_text) {
  auto& item = service.inbox.items.front();
  item.struck_at = clock.now();
  item.struck_reason = "another child";
  item.record.reset();
  const auto json = Json::parse(get("/api/v1/notices", bearer(service.sign_in("tester"))).body)["notices"][0];
  EXPECT_FALSE(json.contains("item"));
  EXPECT_EQ(json["withdrawn"]["reason"], "another child");
  const auto page = get("/notices", cookie(service.sign_in("tester")));
  EXPECT_THAT(page.body, HasSubstr("Do not rely on it"));
  EXPECT_THAT(page.body, Not(HasSubstr("attended")));
}

TEST_F(NoticesOverHttps, the_page_names_whom_to_ring_and_escapes_what_peers_wrote) {
  const auto session = service.sign_in("tester");
  const auto page = get("/notices", cookie(session));
  EXPECT_EQ(page.status, 200u);
  EXPECT_THAT(page.body, HasSubstr("Officers &lt;b&gt;attended&lt;/b&gt;"));
  EXPECT_THAT(page.body, HasSubstr("tel:01632960033"));
  EXPECT_THAT(page.body, HasSubstr("I take this up"));
  const std::string path = std::string("/notices/") + some_id + "/acknowledge";
  EXPECT_EQ(post_form(path, "", cookie(session)).status, 403u);
  EXPECT_EQ(post_form(path, "csrf=" + session.csrf, cookie(session)).status, 303u);
  EXPECT_THAT(get("/notices", cookie(session)).body, HasSubstr("Taken up by"));
}

TEST_F(NoticesOverHttps, that_were_sent_tell_how_it_went_with_each_recipient) {
  SentNotice sent;
  sent.kind = "retraction";
  sent.title = "Withdrawn";
  sent.at = clock.now();
  sent.family = "Tester";
  sent.given = "<Aisha>";
  sent.reason = "filed <twice>";
  SentRecipient one;
  one.id = *NoticeId::parse(some_id);
  one.agency = *MemberId::parse("leeds-csc");
  one.agency_name = "Leeds Children's Services";
  one.state = "not-delivered";
  one.state_title = "Not delivered";
  one.at = clock.now();
  one.reported = {"Safeguarding lead"};
  sent.recipients.push_back(one);
  service.sent.notices.push_back(sent);
  service.sent.undecided = 3;
  const auto session = service.sign_in("tester");
  const auto list = Json::parse(get("/api/v1/notices/sent", bearer(session)).body);
  ASSERT_EQ(list["sent"].size(), 1u);
  EXPECT_EQ(list["undecided"], 3);
  EXPECT_EQ(list["sent"][0]["recipients"][0]["state"], "not-delivered");
  EXPECT_EQ(list["sent"][0]["recipients"][0]["reportedTo"][0], "Safeguarding lead");
  const std::string path = std::string("/api/v1/notices/sent/") + some_id;
  EXPECT_EQ(Json::parse(get(path, bearer(session)).body)["kind"], "retraction");
  EXPECT_EQ(get("/api/v1/notices/sent/0f0e0d0c0b0a09080706050403020100", bearer(session)).status, 404u);
  const auto page = get("/notices/sent", cookie(session));
  EXPECT_EQ(page.status, 200u);
  EXPECT_THAT(page.body, HasSubstr("Reported to Safeguarding lead"));
  EXPECT_THAT(page.body, HasSubstr("filed &lt;twice&gt;"));
  EXPECT_THAT(page.body, HasSubstr("3 more cannot be shown now"));
}

TEST_F(NoticesOverHttps, an_entry_of_the_own_agency_is_put_right_by_a_form_of_the_case_view) {
  for (auto& item : service.view.items)
    item.step = item.agency == service.view.parts.front().agency ? Step::content : Step::headline;
  const auto own = std::find_if(service.view.items.begin(), service.view.items.end(),
                                [&](const ViewItem& item) { return item.agency == service.view.parts.front().agency; });
  const auto foreign = std::find_if(service.view.items.begin(), service.view.items.end(), [&](const ViewItem& item) {
    return item.agency != service.view.parts.front().agency;
  });
  ASSERT_NE(own, service.view.items.end());
  ASSERT_NE(foreign, service.view.items.end());
  const auto session = service.sign_in("tester");
  const std::string view = "/case-views/" + service.view.id.hex();
  const std::string form = view + "/correct?item=" + own->id.hex();
  const auto page = get(view, cookie(session));
  EXPECT_THAT(page.body, HasSubstr(form));
  EXPECT_THAT(page.body, Not(HasSubstr("/correct?item=" + foreign->id.hex())));
  const auto shown = get(form, cookie(session));
  EXPECT_EQ(shown.status, 200u);
  EXPECT_THAT(shown.body, HasSubstr("It is about another child"));
  EXPECT_EQ(get(view + "/correct?item=" + foreign->id.hex(), cookie(session)).status, 404u);
  EXPECT_EQ(get(view + "/correct", cookie(session)).status, 404u);

  const std::string as_form = cookie(session) + "Content-Type: application/x-www-form-urlencoded\r\n";
  const std::string sent = "csrf=" + session.csrf + "&view=" + service.view.id.hex() + "&item=" + own->id.hex() +
                           "&kind=wrong-child&reason=it+was+her+brother&headline=left+over&narrative=";
  const auto done = send("POST", "/corrections", as_form, sent);
  EXPECT_EQ(done.status, 200u);
  EXPECT_THAT(done.body, HasSubstr("2 workers of other agencies were told of it"));
  ASSERT_EQ(service.corrections.size(), 1u);
  EXPECT_EQ(service.corrections[0].item, own->id);
  EXPECT_EQ(service.corrections[0].kind, "wrong-child");
  EXPECT_EQ(service.corrections[0].reason, "it was her brother");
  EXPECT_EQ(service.corrections[0].headline, "") << "what is taken back has no new text";
}

TEST_F(NoticesOverHttps, what_was_taken_back_from_a_count_is_told_by_its_category) {
  InboxItem& item = service.inbox.items.front();
  item.kind = "retraction";
  item.takes_back = true;
  item.record.reset();
  item.step = Step::none;
  item.category = "police";
  EXPECT_THAT(get("/notices", cookie(service.sign_in("tester"))).body, HasSubstr("It was of the category police"));
}

TEST_F(NoticesOverHttps, an_empty_list_does_not_read_as_safety) {
  service.inbox = {};
  EXPECT_THAT(get("/notices", cookie(service.sign_in("tester"))).body,
              HasSubstr("does not mean that nothing happened"));
}

TEST_F(NoticesOverHttps, events_say_only_that_there_is_something) {
  auto listening =
      std::async(std::launch::async, [this] { return get("/api/v1/events", bearer(service.sign_in("tester"))); });
  for (int i = 0; i < 5'000 && !service.tell_inbox(InboxNews::changed); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  service.tell_inbox(InboxNews::closed);
  const auto answer = listening.get();
  EXPECT_EQ(answer.header("content-type"), "text/event-stream");
  EXPECT_THAT(answer.body, HasSubstr(event_text("1", "closed", "look")));
  EXPECT_THAT(answer.body, Not(HasSubstr("ester")));
}

TEST_F(NoticesOverHttps, corrections_are_read_strictly) {
  const auto session = service.sign_in("tester");
  const std::string start =
      std::string(R"({"caseView":")") + some_id + R"(","item":")" + some_id + R"(","kind":"retraction",)";
  const auto made = post_json("/api/v1/corrections", start + R"("reason":"filed twice"})", bearer(session));
  EXPECT_EQ(Json::parse(made.body)["toBeTold"], 2);
  ASSERT_EQ(service.corrections.size(), 1u);
  EXPECT_EQ(service.corrections[0].reason, "filed twice");
  for (const auto* body : {R"({})", R"({"caseView":"x","item":"y","kind":"retraction","reason":"r"})", R"([])"})
    EXPECT_EQ(post_json("/api/v1/corrections", body, bearer(session)).status, 422u) << body;
  EXPECT_EQ(post_json("/api/v1/corrections", start + R"("reason":"r","force":"yes"})", bearer(session)).status, 422u);
}

}  // namespace
}  // namespace ginnel
