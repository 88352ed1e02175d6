// SPDX-License-Identifier: Apache-2.0
// Consent over HTTPS, as JSON: what is read of a request, what is told, and with which status it is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "node/web/consent_api.h"
#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

constexpr const char* consents_url = "/api/v1/consents";

class ConsentsOverHttps : public WebTest {
 protected:
  ConsentsOverHttps() {
    ConsentRow row;
    row.entry.consent = *ConsentId::parse(some_id);
    row.entry.person = *PersonRef::parse(some_id);
    row.entry.state = "given";
    row.entry.decider = "child_competent";
    row.entry.categories = {"health"};
    row.entry.recipients = {*MemberId::parse("leeds-csc")};
    row.entry.from = clock.now();
    row.entry.until = clock.now() + day_ms;
    row.entry.competence = Competence::competent;
    row.entry.judged_by = "A. Nurse";
    row.entry.note = "said so in clinic";
    row.entry.withdrawn = clock.now() + 1;
    row.entry.why_withdrawn = "changed her mind";
    row.state = "withdrawn";
    row.words = "the child was judged competent and withdrew consent";
    row.recorded_at = clock.now();
    row.recorded_by = "A. Worker";
    row.withdrawn_by = "B. Worker";
    service.consents.rows = {row};
  }
  RawAnswer post(const std::string& path, const std::string& body) { return post_json(path, body, bearer(session_)); }
  static Json decision() {
    return {{"person", some_id},
            {"state", "given"},
            {"decider", "child_competent"},
            {"categories", {"health"}},
            {"purposes", {"early_help"}},
            {"recipients", {"leeds-csc"}},
            {"from", "2026-03-03"},
            {"until", "2026-06-03T12:00:00Z"},
            {"competence", "competent"},
            {"judgedBy", "A. Nurse"},
            {"note", "said so\nin clinic"}};
  }
  const Session session_ = service.sign_in("tester");
};

TEST_F(ConsentsOverHttps, are_recorded_as_they_are_sent) {
  const auto made = post(consents_url, decision().dump());
  EXPECT_EQ(made.status, 201u) << made.body;
  EXPECT_EQ(Json::parse(made.body)["id"], some_id);
  const ConsentEntry& got = service.new_consent.entry;
  EXPECT_EQ(got.person, *PersonRef::parse(some_id));
  EXPECT_EQ(got.state, "given");
  EXPECT_EQ(got.decider, "child_competent");
  EXPECT_EQ(got.categories, std::vector<std::string>{"health"});
  EXPECT_EQ(got.purposes, std::vector<std::string>{"early_help"});
  EXPECT_EQ(got.recipients, std::vector{*MemberId::parse("leeds-csc")});
  EXPECT_EQ(to_iso_utc(got.from), "2026-03-03T00:00:00.000Z");
  EXPECT_EQ(to_iso_utc(got.until), "2026-06-03T12:00:00.000Z");
  EXPECT_EQ(got.competence, Competence::competent);
  EXPECT_EQ(got.judged_by, "A. Nurse");
  EXPECT_EQ(got.note, "said so\nin clinic");
  EXPECT_TRUE(service.new_consent.mistakes.empty());
}

TEST_F(ConsentsOverHttps, a_day_begins_when_it_begins_in_london) {
  Json summer = decision();
  summer["from"] = "2026-07-01";
  EXPECT_EQ(to_iso_utc(read_new_consent(summer.dump())->entry.from), "2026-06-30T23:00:00.000Z");
}

TEST_F(ConsentsOverHttps, what_is_no_request_is_told_with_every_field) {
  Json wrong = decision();
  wrong["from"] = "next week";
  wrong["until"] = 7;
  wrong["person"] = "aisha";
  wrong["categories"] = "health";
  const auto refused = post(consents_url, wrong.dump());
  EXPECT_EQ(refused.status, 422u);
  for (const char* part : {"`from` is no day", "`until` must be a text", "`person` is no id", "`categories` must be"})
    EXPECT_THAT(Json::parse(refused.body)["error"]["why"].get<std::string>(), HasSubstr(part));
  Json long_ago = decision();
  long_ago["until"] = "1969-12-31";
  EXPECT_EQ(post(consents_url, long_ago.dump()).status, 422u) << "it must not read as until further notice";
  Json unknown = decision();
  unknown["carer"] = true;
  EXPECT_EQ(post(consents_url, unknown.dump()).status, 422u);
  EXPECT_EQ(post(consents_url, "[").status, 400u);
}

TEST_F(ConsentsOverHttps, what_is_no_decision_is_left_to_the_node_to_tell_with_all_else) {
  Json wrong = decision();
  wrong["competence"] = "nearly";
  wrong["recipients"] = {"Leeds!"};
  const auto read = read_new_consent(wrong.dump());
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->mistakes.size(), 2u);
  EXPECT_THAT(read->mistakes[0], HasSubstr("`recipients`"));
  EXPECT_THAT(read->mistakes[1], HasSubstr("`competence`"));
}

TEST_F(ConsentsOverHttps, are_listed_in_words_and_with_what_was_said) {
  const auto told = get(std::string(consents_url) + "?person=" + some_id, bearer(session_));
  ASSERT_EQ(told.status, 200u);
  EXPECT_EQ(service.consents_asked, *PersonRef::parse(some_id));
  const auto list = Json::parse(told.body);
  ASSERT_EQ(list["consents"].size(), 1u);
  const Json& row = list["consents"][0];
  EXPECT_EQ(row["state"], "withdrawn");
  EXPECT_EQ(row["words"], "the child was judged competent and withdrew consent");
  EXPECT_EQ(row["recipients"], Json({"leeds-csc"}));
  EXPECT_EQ(row["purposes"], Json::array());
  EXPECT_EQ(row["competence"], "competent");
  EXPECT_EQ(row["judgedBy"], "A. Nurse");
  EXPECT_EQ(row["whyWithdrawn"], "changed her mind");
  EXPECT_EQ(row["withdrawnBy"], "B. Worker");
  EXPECT_EQ(list["more"], false);
  EXPECT_EQ(get(std::string(consents_url) + "?person=aisha", bearer(session_)).status, 404u);
  EXPECT_EQ(get(std::string(consents_url) + "?name=" + some_id, bearer(session_)).status, 404u);
}

TEST_F(ConsentsOverHttps, are_withdrawn_with_a_reason) {
  const std::string path = std::string(consents_url) + "/" + some_id + "/withdrawal";
  EXPECT_EQ(post(path, R"({"reason":"changed her mind"})").status, 204u);
  EXPECT_EQ(service.consent_withdrawal.consent, *ConsentId::parse(some_id));
  EXPECT_EQ(service.consent_withdrawal.reason, "changed her mind");
  EXPECT_EQ(post(path, R"({"reason":" "})").status, 422u);
  EXPECT_EQ(post(std::string(consents_url) + "/nothing/withdrawal", R"({"reason":"x"})").status, 404u);
}

TEST_F(ConsentsOverHttps, what_the_node_refuses_has_its_status) {
  service.fails_with = Error{"bad-consent", "cannot record what was decided", "`state` is none", "mend it"};
  EXPECT_EQ(post(consents_url, decision().dump()).status, 422u);
  service.fails_with = Error{"forbidden", "cannot record this", "your role does not", "ask"};
  EXPECT_EQ(post(consents_url, decision().dump()).status, 403u);
}

}  // namespace
}  // namespace ginnel
