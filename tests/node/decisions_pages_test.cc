// SPDX-License-Identifier: Apache-2.0
// The pages about what was decided about sharing: what they show of one person, what their forms take, and where each
// mistake stands.
#include <gmock/gmock.h>

#include "node/web/refusal_form.h"
#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* consent_path = "/people/000102030405060708090a0b0c0d0e0f/consent";
constexpr const char* refusals_path = "/people/000102030405060708090a0b0c0d0e0f/refusals";

FoundPerson aisha_shown() {
  FoundPerson person;
  person.id = *PersonRef::parse(some_id);
  person.names = {{"Aisha", "Te<ster", "usual", {}, {}}};
  person.birth = {{2016, 3, 14}, Precision::day};
  person.nhs_number = "9990000018";
  return person;
}

// The message beside a control: what its error paragraph says.
std::string beside(const std::string& page, const std::string& control) {
  const std::string open = "<p id=\"" + control + "-error\" class=\"govuk-error-message\">";
  const auto at = page.find(open);
  if (at == std::string::npos) return {};
  return page.substr(at + open.size(), page.find("</p>", at) - at - open.size());
}

class DecisionPages : public WebTest {
 protected:
  DecisionPages() {
    ConsentRow row;
    row.entry.consent = *ConsentId::parse(some_id);
    row.entry.person = *PersonRef::parse(some_id);
    row.entry.state = row.state = "given";
    row.entry.categories = {"health"};
    row.entry.recipients = {*MemberId::parse("leeds-csc")};
    row.entry.from = {1'795'000'000'000};
    row.entry.until = london_instant({2027, 1, 1}, 0);  // up to and with the last of December
    row.entry.competence = Competence::competent;
    row.entry.judged_by = "A. Nurse";
    row.entry.note = "said so <in> clinic";
    row.words = "the child was judged competent and agreed on 18 Nov 2026";
    row.recorded_at = row.entry.from;
    row.recorded_by = "A. Worker";
    service.consents.rows = {row};
    service.consents.about = {aisha_shown(), true, {{*MemberId::parse("leeds-csc"), "Leeds City"}}};
    RefusalRow refusal;
    refusal.entry.refusal = *RefusalId::parse(some_id);
    refusal.entry.category = "health.sexual";
    refusal.entry.recipient = *MemberId::parse("leeds-csc");
    refusal.entry.test = "no_role";
    refusal.entry.reason = "rang <them>";
    refusal.entry.decided = row.entry.from;
    refusal.entry.review = london_instant({2027, 3, 3}, 0);
    refusal.test_title = "They have no role";
    refusal.recorded_by = "A. Worker";
    service.refusals.rows = {refusal};
    service.refusals.about = service.consents.about;
  }
  RawAnswer post(const std::string& path, const std::string& form) {
    return post_form(path, form + "&csrf=" + session_.csrf, cookie(session_));
  }
  RawAnswer page(const std::string& path) { return get(path, cookie(session_)); }
  const Session session_ = service.sign_in("tester");
};

TEST_F(DecisionPages, say_in_a_sentence_what_stands_and_how_far_it_goes) {
  const auto shown = page(consent_path);
  EXPECT_EQ(shown.status, 200u);
  EXPECT_EQ(service.consents_asked, *PersonRef::parse(some_id));
  EXPECT_THAT(shown.body, HasSubstr("<title>Consent - Ginnel</title>"));
  EXPECT_THAT(shown.body, HasSubstr("TE&lt;STER, Aisha, born 14 Mar 2016, NHS 999 000 0018"));
  EXPECT_THAT(shown.body, HasSubstr("The child was judged competent and agreed on 18 Nov 2026"));
  EXPECT_THAT(shown.body, HasSubstr("<dt>About</dt><dd>Health</dd>"));
  EXPECT_THAT(shown.body, HasSubstr("<dt>For</dt><dd>any purpose</dd>"));
  EXPECT_THAT(shown.body, HasSubstr("<dt>With</dt><dd>Leeds City</dd>"));
  EXPECT_THAT(shown.body, HasSubstr("18 Nov 2026 up to and with 31 Dec 2026"));
  EXPECT_THAT(shown.body, HasSubstr("Judged able to decide it, by A. Nurse."));
  EXPECT_THAT(shown.body, HasSubstr("said so &lt;in&gt; clinic"));
  EXPECT_THAT(shown.body, HasSubstr("id=\"stands\""));
  EXPECT_THAT(shown.body, Not(HasSubstr("id=\"others\"")));
}

TEST_F(DecisionPages, what_is_over_stands_apart_and_offers_no_withdrawal) {
  EXPECT_THAT(page(consent_path).body, HasSubstr("/consent/withdrawal"));
  service.consents.rows.front().state = "expired";
  const auto over = page(consent_path).body;
  EXPECT_THAT(over, HasSubstr("Nothing: nobody was asked, or what they decided is over."));
  EXPECT_THAT(over, HasSubstr("Withdrawn, over, or to come"));
  EXPECT_THAT(over, Not(HasSubstr("/consent/withdrawal")));
  service.consents.rows.front().state = "given";
  service.consents.rows.front().has_begun = false;
  EXPECT_THAT(page(consent_path).body, HasSubstr(">To come</strong>"));
}

TEST_F(DecisionPages, who_may_not_record_sees_no_form) {
  service.consents.about.may_record = service.refusals.about.may_record = false;
  EXPECT_THAT(page(consent_path).body, Not(HasSubstr("<form method=\"post\" action=\"/people/")));
  const auto refusals = page(refusals_path).body;
  EXPECT_THAT(refusals, Not(HasSubstr("Record that you decided not to share")));
  EXPECT_THAT(refusals, HasSubstr("/refusals/review")) << "who sees it reviews it";
}

TEST_F(DecisionPages, a_decision_is_recorded_as_the_form_has_it) {
  const auto made = post(consent_path,
                         "state=given&decider=child_competent&competence=competent&judged-by=A.+Nurse&category=health&"
                         "category=education&purpose=first_contact&recipient=leeds-csc&from=2026-07-01&until=31%2F12%2F"
                         "2026&note=said+so%0D%0Ain+clinic");
  EXPECT_EQ(made.status, 303u) << made.body;
  EXPECT_EQ(made.header("location"), std::string(consent_path) + "?done=1");
  const ConsentEntry& got = service.new_consent.entry;
  EXPECT_EQ(got.person, *PersonRef::parse(some_id));
  EXPECT_EQ(got.state, "given");
  EXPECT_EQ(got.decider, "child_competent");
  EXPECT_EQ(got.competence, Competence::competent);
  EXPECT_EQ(got.judged_by, "A. Nurse");
  EXPECT_EQ(got.categories, (std::vector<std::string>{"health", "education"}));
  EXPECT_EQ(got.purposes, std::vector<std::string>{"first_contact"});
  EXPECT_EQ(got.recipients, std::vector{*MemberId::parse("leeds-csc")});
  EXPECT_EQ(to_iso_utc(got.from), "2026-06-30T23:00:00.000Z") << "a day begins in London";
  EXPECT_EQ(to_iso_utc(got.until), "2027-01-01T00:00:00.000Z") << "its last day counts whole";
  EXPECT_EQ(got.note, "said so\r\nin clinic");
  EXPECT_THAT(page(made.header("location")).body, HasSubstr("It is recorded."));
}

TEST_F(DecisionPages, an_empty_form_is_told_everything_at_once_each_beside_its_field) {
  const auto refused = post(consent_path, "judged-by=&from=soon&until=&note=");
  EXPECT_EQ(refused.status, 422u);
  EXPECT_THAT(beside(refused.body, "state"), HasSubstr("Choose what was decided"));
  EXPECT_THAT(beside(refused.body, "decider"), HasSubstr("Choose who decided"));
  EXPECT_THAT(beside(refused.body, "category"), HasSubstr("at least one"));
  EXPECT_THAT(beside(refused.body, "from"), HasSubstr("must be a day"));
  EXPECT_THAT(beside(refused.body, "note"), HasSubstr("Enter what was said"));
  EXPECT_THAT(refused.body, HasSubstr("value=\"soon\""));
  EXPECT_THAT(refused.body, HasSubstr("<title>Error: Consent - Ginnel</title>"));
  // Each leads to a control that is there.
  for (const char* control : {"state", "decider", "category", "from", "note"}) {
    EXPECT_THAT(refused.body, HasSubstr(std::string("href=\"#") + control + "\""));
    EXPECT_THAT(refused.body, HasSubstr(std::string(" id=\"") + control + "\""));
  }
  EXPECT_TRUE(service.new_consent.entry.note.empty()) << "nothing reached the node";
}

TEST_F(DecisionPages, what_would_count_for_nothing_is_told_beside_the_judgement) {
  const std::string rest = "&category=health&note=said+so";
  const auto child = post(consent_path, "state=refused&decider=child_competent" + rest);
  EXPECT_THAT(beside(child.body, "competence"), HasSubstr("counts only where somebody judged"));
  const auto parent = post(consent_path, "state=given&decider=holder_parental_responsibility" + rest);
  EXPECT_THAT(beside(parent.body, "competence"), HasSubstr("cannot decide it themselves"));
  EXPECT_EQ(post(consent_path, "state=refused&decider=holder_parental_responsibility" + rest).status, 303u)
      << "a parent may refuse";
  EXPECT_THAT(beside(post(consent_path, "state=refused&decider=none" + rest).body, "decider"), HasSubstr("not safe"));
  EXPECT_EQ(post(consent_path, "state=unsafe_to_ask&decider=none" + rest).status, 303u);
  const auto unsaid = post(consent_path, "state=given&decider=child_competent&competence=competent" + rest);
  EXPECT_THAT(beside(unsaid.body, "judged-by"), HasSubstr("by name and role"));
  const auto unjudged = post(consent_path, "state=given&decider=court&judged-by=A.+Nurse" + rest);
  EXPECT_THAT(beside(unjudged.body, "competence"), HasSubstr("Choose what they judged"));
  EXPECT_THAT(
      beside(post(consent_path, "state=given&decider=court&from=2026-12-03&until=2026-12-02" + rest).body, "until"),
      HasSubstr("must not be before"));
  EXPECT_EQ(post(consent_path, "state=given&decider=court&from=2026-12-03&until=2026-12-03" + rest).status, 303u)
      << "one day";
}

TEST_F(DecisionPages, what_only_the_node_finds_stands_beside_its_field_too_and_what_was_typed_stays) {
  service.writing_fails_with = Error{"bad-consent", "cannot record what was decided",
                                     "`until` is not after `from`\nthere are too many", "mend each"};
  const auto refused = post(consent_path, "state=given&decider=court&category=education&note=by+<letter>");
  EXPECT_EQ(refused.status, 422u);
  EXPECT_THAT(beside(refused.body, "until"), HasSubstr("Until is not after"));
  EXPECT_THAT(refused.body, HasSubstr("There are too many"));
  EXPECT_THAT(refused.body, HasSubstr(">by &lt;letter&gt;</textarea>"));
  EXPECT_THAT(refused.body, HasSubstr("value=\"education\" checked"));
  EXPECT_THAT(refused.body, Not(HasSubstr("value=\"health\" checked")));
  service.writing_fails_with = Error{"forbidden", "cannot record this", "your role does not", "ask"};
  EXPECT_EQ(post(consent_path, "state=given&decider=court&category=health&note=x").status, 403u);
}

TEST_F(DecisionPages, a_consent_is_withdrawn_with_what_was_said) {
  const std::string path = std::string(consent_path) + "/withdrawal";
  EXPECT_EQ(post_form(path, std::string("reason=x&consent=") + some_id, cookie(session_)).status, 403u) << "no token";
  const auto empty = post(path, std::string("reason=+&consent=") + some_id);
  EXPECT_EQ(empty.status, 422u);
  EXPECT_THAT(beside(empty.body, std::string("reason-") + some_id), HasSubstr("what they said"));
  EXPECT_EQ(post(path, std::string("reason=changed+her+mind&consent=") + some_id).header("location"),
            std::string(consent_path) + "?done=1");
  EXPECT_EQ(service.consent_withdrawal.consent, *ConsentId::parse(some_id));
  EXPECT_EQ(service.consent_withdrawal.reason, "changed her mind");
  EXPECT_EQ(post(path, "reason=x&consent=nothing").status, 404u);
  EXPECT_EQ(page("/people/nobody/consent").status, 404u);
}

TEST_F(DecisionPages, a_refusal_is_shown_with_its_test_and_the_day_of_its_review) {
  const auto shown = page(refusals_path).body;
  EXPECT_THAT(shown, HasSubstr("<title>Decided not to share - Ginnel</title>"));
  EXPECT_THAT(shown, HasSubstr("They have no role"));
  EXPECT_THAT(shown, HasSubstr("Sexual health"));
  EXPECT_THAT(shown, HasSubstr("rang &lt;them&gt;"));
  EXPECT_THAT(shown, HasSubstr("To be looked at again by 3 Mar 2027."));
  EXPECT_THAT(shown, HasSubstr(">Stands</strong>"));
  service.refusals.rows.front().is_due = true;
  EXPECT_THAT(page(refusals_path).body, HasSubstr(">Review due</strong>"));
  RefusalRow& row = service.refusals.rows.front();
  row.entry.outcome = "to_be_shared";
  row.entry.review = {};
  row.reviewed_at = row.entry.decided;
  row.reviewed_by = "G. Lead";
  const auto ended = page(refusals_path).body;
  EXPECT_THAT(ended, HasSubstr("Reviewed 18 Nov 2026 by G. Lead: it is to be shared."));
  EXPECT_THAT(ended, Not(HasSubstr("/refusals/review"))) << "there is nothing more to review";
}

TEST_F(DecisionPages, a_refusal_is_recorded_as_the_form_has_it_and_its_mistakes_stand_beside_its_fields) {
  const auto made = post(refusals_path,
                         "category=health&recipient=leeds-csc&purpose=first_contact&test=no_role&reason=rang+them&"
                         "review-on=2027-03-03");
  EXPECT_EQ(made.header("location"), std::string(refusals_path) + "?done=1") << made.body;
  const RefusalEntry& got = service.new_refusal.entry;
  EXPECT_EQ(got.person, *PersonRef::parse(some_id));
  EXPECT_EQ(got.recipient, *MemberId::parse("leeds-csc"));
  EXPECT_EQ(got.test, "no_role");
  EXPECT_EQ(to_iso_utc(got.review), "2027-03-03T00:00:00.000Z");
  const auto empty = post(refusals_path, "category=&recipient=&purpose=&reason=&review-on=");
  EXPECT_EQ(empty.status, 422u);
  for (const char* control : {"category", "test", "reason", "review-on"}) {
    EXPECT_NE(beside(empty.body, control), "") << control;
    EXPECT_THAT(empty.body, HasSubstr(std::string(" id=\"") + control + "\""));
  }
  service.writing_fails_with = Error{"bad-refusal", "cannot", "`reviewOn` is more than a year away", "mend it"};
  const auto late = post(refusals_path, "category=health&test=no_role&reason=x&review-on=2030-03-03");
  EXPECT_THAT(beside(late.body, "review-on"), HasSubstr("more than a year away"));
}

TEST_F(DecisionPages, a_review_is_recorded_and_its_mistakes_stand_in_the_form_of_that_refusal) {
  const std::string path = std::string(refusals_path) + "/review", refusal = std::string("&refusal=") + some_id;
  EXPECT_EQ(post(path, "outcome=stands&reason=the+same&review-on=2027-06-01" + refusal).status, 303u);
  EXPECT_EQ(service.refusal_review.refusal, *RefusalId::parse(some_id));
  EXPECT_EQ(service.refusal_review.outcome, "stands");
  EXPECT_TRUE(service.refusal_review.next.is_set());
  EXPECT_EQ(post(path, "outcome=to_be_shared&reason=rang&review-on=" + refusal).status, 303u);
  EXPECT_FALSE(service.refusal_review.next.is_set());
  const auto without_day = post(path, "outcome=stands&reason=the+same&review-on=" + refusal);
  EXPECT_THAT(beside(without_day.body, std::string("review-on-") + some_id), HasSubstr("Enter the day"));
  EXPECT_THAT(without_day.body, HasSubstr(">the same</textarea>"));
  EXPECT_EQ(beside(without_day.body, "review-on"), "") << "the other form is as it was";
  EXPECT_THAT(beside(post(path, "reason=&review-on=" + refusal).body, std::string("outcome-") + some_id),
              HasSubstr("Choose"));
  service.writing_fails_with = Error{"bad-refusal", "cannot", "`reason` is empty or too long", "mend it"};
  EXPECT_THAT(beside(post(path, "outcome=stands&reason=x&review-on=2027-06-01" + refusal).body,
                     std::string("reason-") + some_id),
              HasSubstr("Reason is empty"));
}

TEST_F(DecisionPages, the_registers_name_whom_each_is_about_and_lead_to_older_ones) {
  service.consent_page.lines = {{aisha_shown(), service.consents.rows.front()}};
  service.consent_page.before = 17;
  service.consent_page.members = service.consents.about.members;
  const auto consents = page("/consents");
  EXPECT_EQ(consents.status, 200u) << consents.body;
  EXPECT_THAT(consents.body, HasSubstr("<title>Consent register - Ginnel</title>"));
  EXPECT_THAT(consents.body, HasSubstr(std::string("href=\"") + consent_path + "\">TE&lt;STER, Aisha"));
  EXPECT_THAT(consents.body, HasSubstr("About Health. For any purpose. With Leeds City."));
  EXPECT_THAT(consents.body, HasSubstr("href=\"/consents?before=17\""));
  EXPECT_EQ(page("/consents?before=17").status, 200u);
  EXPECT_EQ(service.register_before, 17u);
  for (const char* wrong : {"-1", "x", "1x", "99999999999999999999"})
    EXPECT_EQ(page(std::string("/consents?before=") + wrong).status, 404u) << wrong;
  service.refusal_page.lines = {{aisha_shown(), service.refusals.rows.front()}};
  const auto refusals = page("/refusals").body;
  EXPECT_THAT(refusals, HasSubstr(std::string("href=\"") + refusals_path + "\""));
  EXPECT_THAT(refusals, Not(HasSubstr("before="))) << "there are no older ones";
}

}  // namespace
}  // namespace ginnel
