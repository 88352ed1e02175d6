// SPDX-License-Identifier: Apache-2.0
// Transfers of the lead over HTTPS, as JSON and as pages: what is told and to whom it stands first, what each form
// takes, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "node/web/transfer_api.h"
#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string transfer_api = std::string("/api/v1/transfers/") + some_id;
const std::string transfer_page = std::string("/transfers/") + some_id;
const std::string process_of_it = "/processes/0f0e0d0c0b0a09080706050403020100";

class TransfersOverHttps : public WebTest {
 protected:
  RawAnswer api(const std::string& path) { return get(path, bearer(session_)); }
  RawAnswer post_api(const std::string& path, const std::string& body) {
    return post_json(path, body, bearer(session_));
  }
  std::string shown(const std::string& path = transfer_page) { return get(path, cookie(session_)).body; }
  RawAnswer submit(const std::string& form, const std::string& path = transfer_page) {
    return post_form(path, form + "&csrf=" + session_.csrf, cookie(session_));
  }
  // A process of this node's, whose page has the form that offers its lead.
  void with_process() {
    service.process.process.id = *ProcessId::parse("0f0e0d0c0b0a09080706050403020100");
    service.process.process.title = "Child protection";
    service.process.leads = service.process.members = {{"leeds-csc", "Leeds Children's Services"}};
  }
  const Session session_ = service.sign_in("tester");
};

TEST_F(TransfersOverHttps, a_list_tells_who_leads_and_names_nobody) {
  const auto answer = api("/api/v1/transfers");
  const auto list = Json::parse(answer.body);
  ASSERT_EQ(list["transfers"].size(), 1u);
  const auto& row = list["transfers"][0];
  EXPECT_EQ(row["leads"], "Leeds Children's Services");
  EXPECT_EQ(row["accountableNow"][0], "Leeds Children's Services");
  EXPECT_EQ(row["waitsForUs"], true);
  EXPECT_EQ(row["state"], "offered");
  EXPECT_EQ(list["more"], false);
  for (const char* secret : {"Aisha", "9990000018", "Home visit", "1 December"})
    EXPECT_THAT(answer.body, Not(HasSubstr(secret)));
}

TEST_F(TransfersOverHttps, one_has_the_child_the_file_and_what_was_said) {
  const auto one = Json::parse(api(transfer_api).body);
  EXPECT_EQ(one["child"]["name"], "Aisha Tester");
  EXPECT_EQ(one["child"]["nhsNumber"], "9990000018");
  EXPECT_EQ(one["child"]["dateOfBirth"], "2016-03-14");
  EXPECT_FALSE(one["accountable"][0].contains("since")) << "from before the offer";
  EXPECT_EQ(one["hangs"].size(), 2u);
  EXPECT_EQ(one["file"]["partsHere"], 3);
  EXPECT_EQ(one["file"]["notGiven"][0]["ask"], "named nurse, 01632 960107");
  EXPECT_EQ(one["file"]["notGiven"][0]["agency"], "leeds-csc");
  EXPECT_EQ(one["items"][0]["narrative"], "Aisha was seen alone");
  EXPECT_EQ(one["statements"][0]["who"], "J. Tester, team manager");
  EXPECT_FALSE(one["statements"][1].contains("who")) << "the node by itself";
  EXPECT_EQ(one["maySay"], Json({"accept", "decline", "note"}));
}

TEST_F(TransfersOverHttps, a_gap_in_the_lead_and_a_child_who_has_not_come_are_left_out_and_not_empty) {
  service.transfer.transfer.lead_name.clear();
  service.transfer.child.reset();
  const auto one = Json::parse(api(transfer_api).body);
  EXPECT_FALSE(one.contains("leads"));
  EXPECT_FALSE(one.contains("child"));
  EXPECT_EQ(one["accountableNow"].size(), 1u) << "somebody always is";
}

TEST_F(TransfersOverHttps, what_is_wished_by_a_program_reaches_the_node) {
  const auto made = post_api("/api/v1/transfers", std::string(R"({"process":")") + some_id +
                                                      R"(","to":"leeds-csc","move":"planned","why":"they moved"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(Json::parse(made.body)["id"], some_id);
  EXPECT_EQ(service.new_offer.to, "leeds-csc");
  EXPECT_EQ(service.new_offer.move, "planned");
  EXPECT_EQ(service.new_offer.why, "they moved");
  EXPECT_EQ(post_api(transfer_api + "/statements", R"({"said":"conference","held":"2026-12-03"})").status, 204);
  EXPECT_EQ(service.new_saying.transfer, *TransferId::parse(some_id));
  EXPECT_EQ(service.new_saying.held, (Date{2026, 12, 3}));
  EXPECT_EQ(post_api(transfer_api + "/statements", R"({"said":"decline","text":"no longer here"})").status, 204);
  EXPECT_EQ(service.new_saying.text, "no longer here");
}

TEST_F(TransfersOverHttps, what_cannot_be_read_names_its_field) {
  const std::string statements = transfer_api + "/statements", long_text(1001, 'a');
  const struct {
    std::string path, body;
    const char* field;
  } faults[] = {
      {"/api/v1/transfers", R"({"process":"nobody","to":"a","move":"b","why":"c"})", "`process`"},
      {"/api/v1/transfers", std::string(R"({"process":")") + some_id + R"(","to":"a","move":"b"})", "`why`"},
      {"/api/v1/transfers", std::string(R"({"process":")") + some_id + R"(","move":"b","why":"c"})", "`to`"},
      {"/api/v1/transfers", std::string(R"({"process":")") + some_id + R"(","to":"a","why":"c"})", "`move`"},
      {statements, R"({"text":"x"})", "`said`"},
      {statements, R"({"said":"conference"})", "`held`"},
      {statements, R"({"said":"conference","held":"soon"})", "`held`"},
      {statements, R"({"said":"accept","held":"2026-12-03"})", "`held`"},
      {statements, R"({"said":"note","text":")" + long_text + "\"}", "`text`"},
      {statements, R"({"said":"note","who":"somebody else"})", "not known"},
  };
  for (const auto& fault : faults) {
    const auto answer = post_api(fault.path, fault.body);
    EXPECT_EQ(answer.status, 422) << fault.body;
    EXPECT_THAT(answer.body, HasSubstr(fault.field)) << fault.body;
  }
  EXPECT_EQ(service.new_saying.said, "") << "nothing reached the node";
  EXPECT_EQ(api("/api/v1/transfers/nobody").status, 404);
  EXPECT_EQ(post_api("/api/v1/transfers/nobody/statements", R"({"said":"accept"})").status, 404);
}

TEST_F(TransfersOverHttps, what_cannot_be_said_has_a_status_of_its_own) {
  for (const auto& [code, status] : {std::pair{"transfer-not-now", 409},
                                     {"transfer-open", 409},
                                     {"transfer-not-the-lead", 403},
                                     {"transfer-not-yours", 403},
                                     {"no-transfer", 404},
                                     {"transfer-recalling", 503}}) {
    service.writing_fails_with = Error{code, "cannot say that", "it is not accepted in writing yet", ""};
    EXPECT_EQ(post_api(transfer_api + "/statements", R"({"said":"release"})").status, status) << code;
  }
}

TEST_F(TransfersOverHttps, the_list_puts_what_waits_for_us_first) {
  const auto list = shown("/transfers");
  EXPECT_THAT(list, HasSubstr("id=\"waits\">Waits for us</h2>"));
  EXPECT_THAT(list, HasSubstr("Child protection 000102</a>: Leeds Children&apos;s Services to Bradford"));
  EXPECT_THAT(list, HasSubstr("Leads now: <strong>Leeds Children&apos;s Services</strong>."));
  EXPECT_THAT(list, HasSubstr("Accountable now: <strong>Leeds Children&apos;s Services</strong>."));
  EXPECT_THAT(list, Not(HasSubstr("Waits for the other authority</h2>")));
  EXPECT_THAT(list, Not(HasSubstr("Aisha"))) << "a list names nobody";
  EXPECT_THAT(list, HasSubstr("href=\"/transfers\" aria-current=\"page\""));
  service.transfer.transfer.waits_for_us = false;
  service.transfer.transfer.lead_name.clear();
  EXPECT_THAT(shown("/transfers"), HasSubstr("Waits for the other authority</h2>"));
  EXPECT_THAT(shown("/transfers"), HasSubstr("<strong>Nobody orders steps now.</strong>"));
  service.transfer.transfer.has_ended = true;
  EXPECT_THAT(shown("/transfers"), HasSubstr("id=\"ended\">Ended</h2>"));
}

TEST_F(TransfersOverHttps, a_page_tells_first_who_leads_and_who_is_accountable) {
  service.transfer.accountable = {
      {"leeds-csc", "Leeds Children's Services", 1, {}, service.transfer.as_at},
      {"bradford-csc", "Bradford Children's Services", 2, service.transfer.as_at + -hour_ms, {}}};
  service.transfer.transfer.accountable_name = {"Leeds Children's Services", "Bradford Children's Services"};
  const auto page = shown();
  const auto leads = page.find("Leads now: Leeds Children&apos;s Services.");
  ASSERT_NE(leads, std::string::npos);
  EXPECT_THAT(page, HasSubstr("Accountable now: Leeds Children&apos;s Services, Bradford Children&apos;s Services."));
  EXPECT_THAT(page, HasSubstr("<td class=\"govuk-table__cell\">before the offer</td>"
                              "<td class=\"govuk-table__cell\">23 Nov 2026 16:46</td>"));
  EXPECT_THAT(page, HasSubstr("23 Nov 2026 15:46</td><td class=\"govuk-table__cell\"><strong>still</strong></td>"));
  for (const char* later : {"id=\"hangs\"", "id=\"say\"", "id=\"child\"", "id=\"file\"", "id=\"said\""}) {
    EXPECT_GT(page.find(later), leads) << later;
    EXPECT_NE(page.find(later), std::string::npos) << later;
  }
  EXPECT_THAT(page, HasSubstr("<title>Transfer - Ginnel</title>")) << "a title names nobody";
}

TEST_F(TransfersOverHttps, a_page_has_what_hangs_the_child_the_file_and_what_was_said) {
  const auto page = shown();
  for (const char* part :
       {"<li>The whole file is not here yet: 3 of 4 parts</li>", "Waits for us",
        "<strong>Aisha Tester</strong>, born 14 Mar 2016, NHS number 999 000 0018", "3 of 4 parts are here; 5 KiB",
        "has not said yet that it has the whole file", "2: health", "Why: sensitive health information",
        "Ask named nurse, 01632 960107</strong>, Leeds", "Home visit", "Aisha was seen alone", "offered the lead",
        "J. Tester, team manager", "the family moves on 1 December", "the node by itself"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_THAT(page, Not(HasSubstr("href=\"/processes/0f0e"))) << "the process runs at the other authority";
  service.transfer.transfer.is_ours = true;
  EXPECT_THAT(shown(), HasSubstr("href=\"" + process_of_it + "\""));
}

TEST_F(TransfersOverHttps, nothing_known_is_never_told_as_nothing_there) {
  service.transfer.child.reset();
  service.transfer.file = {};
  service.transfer.items.clear();
  service.transfer.hangs.clear();
  const auto page = shown();
  EXPECT_THAT(page, HasSubstr("about somebody who is not shown to you here"));
  EXPECT_THAT(page, HasSubstr("it has not come yet, or it is for those who manage work"));
  EXPECT_THAT(page, HasSubstr("That does not mean that there is nothing."));
  EXPECT_THAT(page, HasSubstr("What is not given is not known yet."));
  EXPECT_THAT(page, Not(HasSubstr("Nothing was counted as not given")));
}

TEST_F(TransfersOverHttps, a_page_has_a_form_for_each_thing_that_may_be_said_and_no_other) {
  auto page = shown();
  for (const char* said : {"accept", "decline", "note"})
    EXPECT_THAT(page, HasSubstr(std::string("<textarea class=\"govuk-textarea\" id=\"text-") + said + "\""));
  for (const char* other : {"say-release", "say-assume", "held-conference", "sure-"})
    EXPECT_THAT(page, Not(HasSubstr(other)));
  service.transfer.may_say = {"conference", "release", "assume", "dance"};
  page = shown();
  EXPECT_THAT(page, HasSubstr("id=\"held-conference\" name=\"held\""));
  EXPECT_THAT(page, HasSubstr("id=\"sure-release\" name=\"sure\" type=\"checkbox\" value=\"yes\">"));
  EXPECT_THAT(page, HasSubstr("id=\"sure-assume\""));
  EXPECT_THAT(page, HasSubstr("I know that this cannot be taken back"));
  EXPECT_THAT(page, Not(HasSubstr("dance"))) << "nothing to say it with";
  service.transfer.may_say.clear();
  EXPECT_THAT(shown(), Not(HasSubstr("What you can say now")));
}

TEST_F(TransfersOverHttps, each_form_says_what_it_is_for) {
  EXPECT_EQ(submit("said=accept&text=").header("location"), transfer_page);
  EXPECT_EQ(service.new_saying.said, "accept");
  EXPECT_EQ(submit("said=conference&held=2026-12-03&text=all+came").status, 303u);
  EXPECT_EQ(service.new_saying.held, (Date{2026, 12, 3}));
  EXPECT_EQ(service.new_saying.text, "all came");
  EXPECT_EQ(submit("said=release&text=&sure=yes").status, 303u);
  EXPECT_EQ(service.new_saying.said, "release");
  EXPECT_FALSE(service.new_saying.held.is_set());
  EXPECT_EQ(submit("said=offer&text=x").status, 404u) << "nobody says that in one";
  EXPECT_EQ(submit("said=bundle").status, 404u) << "the node's own to say";
  EXPECT_EQ(submit("said=accept&text=", "/transfers/nobody").status, 404u);
  EXPECT_EQ(post_form(transfer_page, "said=accept&text=", cookie(session_)).status, 403u) << "without its token";
}

TEST_F(TransfersOverHttps, what_can_be_mended_in_a_form_is_told_beside_its_field_with_what_was_typed) {
  service.transfer.may_say = {"conference", "release", "assume", "decline", "cancel", "note"};
  const struct {
    const char *form, *told, *field;
  } wrongs[] = {
      {"said=conference&held=soon&text=all+came", "That is no day.", "#held-conference"},
      {"said=conference&held=&text=all+came", "Say on which day it was held.", "#held-conference"},
      {"said=release&text=all+came", "cannot be taken back.", "#sure-release"},
      {"said=assume&text=&sure=yes", "Say why.", "#text-assume"},
      {"said=decline&text=+", "Say why.", "#text-decline"},
      {"said=cancel&text=", "Say why.", "#text-cancel"},
      {"said=note&text=", "The note is empty.", "#text-note"},
  };
  for (const auto& wrong : wrongs) {
    const auto again = submit(wrong.form);
    EXPECT_EQ(again.status, 422u) << wrong.form;
    EXPECT_THAT(again.body, HasSubstr(std::string("href=\"") + wrong.field + "\"")) << wrong.form;
    EXPECT_THAT(again.body, HasSubstr(wrong.told)) << wrong.form;
    const bool has_text = std::string(wrong.form).find("all+came") != std::string::npos;
    EXPECT_EQ(again.body.find(">all came</textarea>") != std::string::npos, has_text) << wrong.form;
  }
  EXPECT_EQ(submit("said=note&text=" + std::string(1001, 'a')).status, 422u);
  EXPECT_EQ(service.new_saying.said, "") << "nothing reached the node";
}

TEST_F(TransfersOverHttps, what_the_node_refuses_comes_back_with_what_was_typed) {
  service.writing_fails_with =
      Error{"transfer-not-now", "cannot say that in the transfer", "the conference was not held yet", ""};
  const auto again = submit("said=accept&text=as+agreed");
  EXPECT_EQ(again.status, 422u);
  EXPECT_THAT(again.body, HasSubstr("the conference was not held yet"));
  EXPECT_THAT(again.body, HasSubstr(">as agreed</textarea>"));
  service.writing_fails_with = Error{"transfer-recalling", "cannot say that now", "it waits for Leeds", "try again"};
  EXPECT_EQ(submit("said=accept&text=").status, 503u);
}

TEST_F(TransfersOverHttps, what_another_authority_wrote_is_text_and_nothing_else) {
  service.transfer.child->name = "<script>alert(1)</script>";
  service.transfer.statements[0].text = "<img src=x onerror=alert(1)>";
  service.transfer.statements[0].who = "\"><b>manager";
  service.transfer.file.not_given[0].reason = "<i>why</i>";
  service.transfer.items[0].headline = "<u>headline</u>";
  service.transfer.hangs = {"<s>hangs</s>"};
  service.transfer.transfer.originator_name = "Leeds <em>";
  service.transfer.transfer.state = "<odd>";
  for (const auto& page : {shown(), shown("/transfers")})
    for (const char* raw :
         {"<script>alert", "<img src=x", "<b>manager", "<i>why", "<u>head", "<s>hangs", "Leeds <em>", "<odd>"})
      EXPECT_THAT(page, Not(HasSubstr(raw)));
  EXPECT_THAT(shown(), HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(shown(), HasSubstr("&lt;u&gt;headline&lt;/u&gt;"));
}

TEST_F(TransfersOverHttps, the_lead_is_offered_from_the_page_of_its_process) {
  with_process();
  auto page = shown(process_of_it);
  EXPECT_THAT(page, HasSubstr("<option value=\"leeds-csc\">Leeds Children&apos;s Services</option>"));
  EXPECT_THAT(page, HasSubstr("<option value=\"planned\">Planned move</option>"));
  const std::string form = "process=0f0e0d0c0b0a09080706050403020100&to=leeds-csc&move=planned&why=";
  EXPECT_EQ(submit(form + "they+move", "/transfers").header("location"), transfer_page);
  EXPECT_EQ(service.new_offer.process, service.process.process.id);
  EXPECT_EQ(service.new_offer.why, "they move");
  EXPECT_EQ(submit("process=nobody&to=leeds-csc&move=planned&why=x", "/transfers").status, 404u);
  service.process.process.has_ended = true;
  EXPECT_THAT(shown(process_of_it), Not(HasSubstr("Offer the lead")));
}

TEST_F(TransfersOverHttps, an_offer_that_can_be_mended_is_shown_again_on_the_process) {
  with_process();
  const std::string process = "process=0f0e0d0c0b0a09080706050403020100";
  const auto again = submit(process + "&to=&move=&why=they+move", "/transfers");
  EXPECT_EQ(again.status, 422u);
  for (const char* part : {"href=\"#offer-to\"", "href=\"#offer-move\"", ">they move</textarea>"})
    EXPECT_THAT(again.body, HasSubstr(part));
  const auto silent = submit(process + "&to=leeds-csc&move=sudden&why=", "/transfers");
  EXPECT_THAT(silent.body, HasSubstr("href=\"#offer-why\""));
  EXPECT_THAT(silent.body, HasSubstr("<option value=\"sudden\" selected>"));
  EXPECT_EQ(service.new_offer.to, "") << "nothing reached the node";
  for (const char* code : {"transfer-open", "transfer-not-the-lead", "unknown-word"}) {
    service.writing_fails_with = Error{code, "cannot offer the lead", "it is offered already", "cancel that first"};
    const auto refused = submit(process + "&to=leeds-csc&move=planned&why=they+move", "/transfers");
    EXPECT_EQ(refused.status, 422u) << code;
    EXPECT_THAT(refused.body, HasSubstr("it is offered already")) << code;
    EXPECT_THAT(refused.body, HasSubstr(">they move</textarea>")) << code;
  }
  service.writing_fails_with = Error{"forbidden", "cannot offer the lead", "your role does not manage work", ""};
  EXPECT_EQ(submit(process + "&to=leeds-csc&move=planned&why=x", "/transfers").status, 403u);
}

}  // namespace
}  // namespace ginnel
