// SPDX-License-Identifier: Apache-2.0
// The pages of processes: what they show of one, that the picture of its clocks says what the table says, what their
// forms take, and what can be mended.
#include <gmock/gmock.h>

#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string path = std::string("/processes/") + some_id;

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

class ProcessPages : public WebTest {
 protected:
  ProcessPages() {
    ProcessDetail& process = service.process;
    process.as_at = {1'795'000'000'000};  // 18 Nov 2026
    process.process.id = *ProcessId::parse(some_id);
    process.process.title = "Child protection";
    process.process.definition = "child-protection/west-yorkshire/1";
    process.process.lead = "bradford-csc";
    process.process.person = *PersonRef::parse(some_id);
    process.process.states = {"Section 47 enquiry"};
    process.process.open = {"Strategy discussion"};
    process.process.due = process.as_at + day_ms;
    process.members = {{"wy-police", "West Yorkshire Police"}};
    process.lead_name = "Bradford Children's Social Care";
    ProcessStepLine contact;
    contact.number = 1;
    contact.title = "Contact";
    contact.owner = "Front door";
    contact.opened = When::on({2026, 11, 9});
    contact.closed = When::on({2026, 11, 10});
    contact.outcome = "Referral";
    contact.done_by = "bradford-csc";
    contact.contributions = {{"why", "seen with <bruises>", "bfd-education", When::on({2026, 11, 9})}};
    ProcessStepLine strategy;
    strategy.number = 2;
    strategy.title = "Strategy discussion";
    strategy.owner = "Team manager";
    strategy.is_open = true;
    strategy.opened = When::at_instant(process.as_at + -4 * day_ms);
    strategy.present = {"Social care"};
    strategy.missing = {"Police"};
    strategy.waits_for = {"interim-safety"};
    strategy.takes = {{"interim-safety", false, true}, {"held", true, false}};
    strategy.outcomes = {{"s47", "Section 47 enquiry"}};
    strategy.clocks = {{"local", "overdue", process.as_at + -day_ms, "24 hours after it was opened", "", true, true},
                       {"guidance", "running", process.as_at + day_ms, "as soon as possible", "", false, false}};
    process.steps = {contact, strategy};
    process.alerts = {{"clock/2",
                       "Strategy discussion: late",
                       "24 hours are over",
                       "hold it today",
                       {"Team manager"},
                       process.as_at,
                       false}};
    process.may_begin = {{"concern", "Concern"}};
    FoundPerson aisha;
    aisha.id = process.process.person;
    aisha.names = {{"Aisha", "Zebra", "usual", {}, {}}};
    service.found.people = {aisha};
  }
  RawAnswer page(const std::string& at = path) { return get(at, cookie(session_)); }
  RawAnswer post(const std::string& form, const std::string& to = path) {
    return post_form(to, form + "&csrf=" + session_.csrf, cookie(session_));
  }
  const Session session_ = service.sign_in("tester");
};

TEST_F(ProcessPages, the_list_names_what_is_due_and_nobody) {
  const auto list = page("/processes").body;
  EXPECT_THAT(list, HasSubstr("Child protection 000102"));
  EXPECT_THAT(list, HasSubstr("Open: Strategy discussion."));
  EXPECT_THAT(list, Not(HasSubstr("ZEBRA")));
  EXPECT_THAT(list, HasSubstr("<title>Processes - Ginnel</title>"));
}

TEST_F(ProcessPages, one_says_who_has_what_who_is_missing_and_what_it_waits_for) {
  const auto shown = page();
  EXPECT_EQ(shown.status, 200u);
  EXPECT_THAT(shown.body, HasSubstr("ZEBRA, Aisha"));
  EXPECT_EQ(service.shown_because, "named on the page of their process") << "what the family is told";
  EXPECT_THAT(shown.body, HasSubstr("Section 47 enquiry. Lead: Bradford Children&apos;s Social Care."));
  EXPECT_THAT(shown.body, HasSubstr("With Team manager since"));
  EXPECT_THAT(shown.body, HasSubstr("Missing: Police."));
  EXPECT_THAT(shown.body, HasSubstr("It waits for: interim safety."));
  EXPECT_THAT(shown.body, HasSubstr("By Bradford Children&apos;s Social Care."));
  EXPECT_THAT(shown.body, HasSubstr("bfd-education: seen with &lt;bruises&gt;"))
      << "the id of whoever the list does not name";
  EXPECT_THAT(shown.body, HasSubstr("It proposes: hold it today; you decide."));
  EXPECT_THAT(shown.body, HasSubstr("<title>Process - Ginnel</title>")) << "a title names nobody";
}

TEST_F(ProcessPages, an_alert_that_did_not_come_is_no_all_clear_where_an_agency_did_not_answer) {
  EXPECT_THAT(page().body, Not(HasSubstr("looked at together"))) << "nobody has looked yet";
  service.process.look = ProcessLook{service.process.as_at, {}, {}, ""};
  EXPECT_THAT(page().body, HasSubstr("The records of all agencies were looked at together on 18 Nov 2026"));
  EXPECT_THAT(page().body, Not(HasSubstr("Without a full answer")));
  service.process.look->unanswered = {"West Yorkshire Police", "Leeds <b>"};
  service.process.look->withheld = {"Bradford District Care"};
  const auto shown = page().body;
  EXPECT_THAT(shown,
              HasSubstr("<strong>Without a full answer of West Yorkshire Police, Leeds &lt;b&gt;</strong>: what they "
                        "hold counted in no pattern."));
  EXPECT_THAT(shown, HasSubstr("Something is held back by Bradford District Care."));
  service.process.look->problem = "nobody here may ask";
  EXPECT_THAT(page().body, HasSubstr("could not be looked at together on 18 Nov 2026"));
}

TEST_F(ProcessPages, whoever_is_not_shown_the_person_sees_the_process_without_the_name) {
  service.found.people.clear();
  const auto shown = page();
  EXPECT_EQ(shown.status, 200u);
  EXPECT_THAT(shown.body, HasSubstr("about somebody who is not shown to you"));
  EXPECT_THAT(shown.body, Not(HasSubstr("ZEBRA")));
}

TEST_F(ProcessPages, the_picture_has_a_bar_for_each_clock_and_the_table_has_them_all) {
  auto shown = page().body;
  EXPECT_EQ(count_of(shown, "ginnel-clocks__bar"), 2u);
  EXPECT_EQ(count_of(shown, "ginnel-clocks__late"), 1u) << "how late it is, is seen";
  EXPECT_THAT(shown, HasSubstr("aria-hidden=\"true\""));
  EXPECT_THAT(shown, HasSubstr("24 hours after it was opened"));
  EXPECT_THAT(shown, HasSubstr("as soon as possible"));
  // Four days ago to tomorrow is the whole width; the first clock was due after three of those five days.
  EXPECT_THAT(shown, HasSubstr("x=\"0\" y=\"48\" width=\"600\""));
  EXPECT_THAT(shown, HasSubstr("class=\"ginnel-clocks__late\" x=\"600\" y=\"48\" width=\"200\""));
  for (auto& clock : service.process.steps[1].clocks) clock.due = Instant();
  shown = page().body;
  EXPECT_THAT(shown, Not(HasSubstr("<svg")));
  EXPECT_THAT(shown, HasSubstr("not yet"));
}

TEST_F(ProcessPages, what_is_recorded_goes_with_its_agency_its_day_and_its_minute) {
  EXPECT_EQ(post("action=contribute&number=2&name=held&member=wy-police&day=2026-07-01&time=14%3A30&text=by+phone")
                .header("location"),
            path);
  EXPECT_EQ(service.new_contribution.step, 2u);
  EXPECT_EQ(service.new_contribution.name, "held");
  EXPECT_EQ(service.new_contribution.member, "wy-police");
  EXPECT_EQ(to_iso_utc(service.new_contribution.at.at), "2026-07-01T13:30:00.000Z") << "as the clock in London says";
  EXPECT_EQ(post("action=contribute&number=2&name=held&member=&day=2026-07-01&time=&text=").status, 303u);
  EXPECT_EQ(service.new_contribution.at, When::on({2026, 7, 1})) << "no more precise than it is known";
}

TEST_F(ProcessPages, a_day_or_a_time_that_is_none_is_shown_beside_what_was_typed) {
  for (const char* wrong : {"day=soon&time=", "day=2026-07-01&time=half+two", "day=2026-07-01&time=24%3A00",
                            "day=2026-07-01&time=9%3A5", "day=&time=14%3A30"}) {
    const auto again = post(std::string("action=contribute&number=2&name=held&member=&text=by+phone&") + wrong);
    EXPECT_EQ(again.status, 422u) << wrong;
    EXPECT_THAT(again.body, HasSubstr(">by phone</textarea>")) << wrong;
    EXPECT_THAT(again.body, HasSubstr("error-summary")) << wrong;
  }
  EXPECT_EQ(service.new_contribution.name, "") << "nothing reached the node";
}

TEST_F(ProcessPages, each_form_does_what_it_says) {
  EXPECT_EQ(post("action=begin&step=concern").status, 303u);
  EXPECT_EQ(service.new_step.step, "concern");
  EXPECT_EQ(post("action=close&number=2&outcome=s47&text=as+discussed").status, 303u);
  EXPECT_EQ(service.new_outcome.outcome, "s47");
  EXPECT_EQ(service.new_outcome.reason, "as discussed");
  EXPECT_EQ(post("action=late-reason&number=2&clock=local&text=snow").status, 303u);
  EXPECT_EQ(service.new_reason.clock, "local");
  EXPECT_EQ(post("action=acknowledge&alert=clock%2F2").status, 303u);
  EXPECT_EQ(service.acknowledged_alert, "clock/2");
  EXPECT_EQ(post("action=migrate&to=child-protection%2Fwest-yorkshire%2F2").status, 303u);
  EXPECT_EQ(service.migrated_to, "child-protection/west-yorkshire/2");
  EXPECT_EQ(post("action=dance&number=2").status, 404u);
  EXPECT_EQ(post("action=close&number=two&outcome=s47").status, 404u);
  EXPECT_EQ(post_form(path, "action=begin&step=concern", cookie(session_)).status, 403u) << "without the page's token";
}

TEST_F(ProcessPages, another_edition_that_is_in_effect_is_told_with_a_way_to_it) {
  EXPECT_THAT(get(path, cookie(session_)).body, Not(HasSubstr("Another edition")));
  service.process.newer = NewerDefinition{"child-protection/west-yorkshire/2", "Edition of <2027>", {2027, 1, 4}};
  const auto page = get(path, cookie(session_)).body;
  for (const char* part : {"Another edition is in effect", "Since 4 Jan 2027: Edition of &lt;2027&gt;",
                           "name=\"to\" value=\"child-protection/west-yorkshire/2\"", "Run it by that edition"})
    EXPECT_THAT(page, HasSubstr(part));
}

TEST_F(ProcessPages, what_the_node_refuses_and_a_person_can_mend_comes_back_with_what_was_typed) {
  service.writing_fails_with = Error{"step-not-ready", "cannot end `Strategy discussion`", "the quorum lacks police",
                                     "record what is missing, then end it"};
  const auto again = post("action=close&number=2&outcome=s47&text=as+discussed");
  EXPECT_EQ(again.status, 422u);
  EXPECT_THAT(again.body, HasSubstr("the quorum lacks police"));
  EXPECT_THAT(again.body, HasSubstr(">as discussed</textarea>"));
  service.writing_fails_with = Error{"not-the-lead", "cannot end it", "your role does not lead it", "ask a manager"};
  EXPECT_EQ(post("action=close&number=2&outcome=s47&text=x").status, 403u);
}

TEST_F(ProcessPages, one_is_begun_for_a_person_who_was_found) {
  EXPECT_EQ(post(std::string("begin=child-protection%3A") + some_id, "/processes").header("location"), path);
  EXPECT_EQ(service.new_process.definition, "child-protection");
  EXPECT_EQ(service.new_process.person, *PersonRef::parse(some_id));
  for (const char* wrong : {"begin=child-protection%3Anobody", "begin=child-protection", "begin="})
    EXPECT_EQ(post(wrong, "/processes").status, 404u) << wrong;
}

}  // namespace
}  // namespace ginnel
