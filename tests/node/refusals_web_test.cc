// SPDX-License-Identifier: Apache-2.0
// Refusals to share over HTTPS, as JSON: what is read of a request, what is told, and with which status it is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "node/web/refusal_api.h"
#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

constexpr const char* refusals_url = "/api/v1/refusals";

class RefusalsOverHttps : public WebTest {
 protected:
  RefusalsOverHttps() {
    RefusalRow row;
    row.entry.refusal = *RefusalId::parse(some_id);
    row.entry.person = *PersonRef::parse(some_id);
    row.entry.record = *RecordId::parse(some_id);
    row.entry.category = "health";
    row.entry.recipient = *MemberId::parse("wy-police");
    row.entry.purpose = "first_contact";
    row.entry.test = "more_detrimental";
    row.entry.reason = "she would not come back";
    row.entry.decided = clock.now();
    row.entry.review = clock.now() + day_ms;
    row.entry.outcome = "stands";
    row.entry.after_review = "talked it through";
    row.test_title = "Telling it would harm";
    row.recorded_by = "A. Worker";
    row.reviewed_by = "B. Worker";
    row.reviewed_at = clock.now();
    row.is_due = true;
    service.refusals.rows = {row};
  }
  RawAnswer post(const std::string& path, const std::string& body) { return post_json(path, body, bearer(session_)); }
  static Json refusal() {
    return {{"person", some_id},
            {"record", some_id},
            {"category", "health"},
            {"recipient", "wy-police"},
            {"purpose", "first_contact"},
            {"test", "more_detrimental"},
            {"reason", "she would not\ncome back"},
            {"reviewOn", "2026-12-24"}};
  }
  const Session session_ = service.sign_in("tester");
};

TEST_F(RefusalsOverHttps, are_recorded_as_they_are_sent) {
  const auto made = post(refusals_url, refusal().dump());
  EXPECT_EQ(made.status, 201u) << made.body;
  EXPECT_EQ(Json::parse(made.body)["id"], some_id);
  const RefusalEntry& got = service.new_refusal.entry;
  EXPECT_EQ(got.person, *PersonRef::parse(some_id));
  EXPECT_EQ(got.record, *RecordId::parse(some_id));
  EXPECT_EQ(got.category, "health");
  EXPECT_EQ(got.recipient, *MemberId::parse("wy-police"));
  EXPECT_EQ(got.purpose, "first_contact");
  EXPECT_EQ(got.test, "more_detrimental");
  EXPECT_EQ(got.reason, "she would not\ncome back");
  EXPECT_EQ(to_iso_utc(got.review), "2026-12-24T00:00:00.000Z");
  EXPECT_TRUE(service.new_refusal.mistakes.empty());
}

TEST_F(RefusalsOverHttps, what_is_no_request_is_told_with_every_field) {
  Json wrong = refusal();
  wrong["person"] = "aisha";
  wrong["record"] = "the first";
  wrong["reviewOn"] = "soon";
  const auto refused = post(refusals_url, wrong.dump());
  EXPECT_EQ(refused.status, 422u);
  for (const char* part : {"`person` is no id", "`record` is no id", "`reviewOn` is no day"})
    EXPECT_THAT(Json::parse(refused.body)["error"]["why"].get<std::string>(), HasSubstr(part));
  Json unknown = refusal();
  unknown["carer"] = true;
  EXPECT_EQ(post(refusals_url, unknown.dump()).status, 422u);
  EXPECT_EQ(post(refusals_url, "[").status, 400u);
  Json elsewhere = refusal();
  elsewhere["recipient"] = "The Police";
  EXPECT_EQ(read_new_refusal(elsewhere.dump())->mistakes, std::vector<std::string>{"`recipient` is no member's id"});
}

TEST_F(RefusalsOverHttps, are_listed_with_their_test_and_their_review) {
  const auto told = get(std::string(refusals_url) + "?person=" + some_id, bearer(session_));
  ASSERT_EQ(told.status, 200u);
  EXPECT_EQ(service.refusals_asked, *PersonRef::parse(some_id));
  const auto list = Json::parse(told.body);
  ASSERT_EQ(list["refusals"].size(), 1u);
  const Json& row = list["refusals"][0];
  EXPECT_EQ(row["test"], "more_detrimental");
  EXPECT_EQ(row["testTitle"], "Telling it would harm");
  EXPECT_EQ(row["recordedBy"], "A. Worker");
  EXPECT_EQ(row["reviewDue"], true);
  EXPECT_EQ(row["reviewedBy"], "B. Worker");
  EXPECT_EQ(row["outcome"], "stands");
  EXPECT_EQ(list["more"], false);
  EXPECT_EQ(get(std::string(refusals_url) + "?person=aisha", bearer(session_)).status, 404u);
}

TEST_F(RefusalsOverHttps, are_reviewed_with_what_came_of_it_and_why) {
  const std::string path = std::string(refusals_url) + "/" + some_id + "/review";
  EXPECT_EQ(post(path, R"({"outcome":"stands","reason":"as before","reviewOn":"2027-01-24"})").status, 204u);
  EXPECT_EQ(service.refusal_review.refusal, *RefusalId::parse(some_id));
  EXPECT_EQ(service.refusal_review.outcome, "stands");
  EXPECT_EQ(service.refusal_review.reason, "as before");
  EXPECT_EQ(to_iso_utc(service.refusal_review.next), "2027-01-24T00:00:00.000Z");
  EXPECT_EQ(post(path, R"({"outcome":"stands"})").status, 422u);
  EXPECT_EQ(post(std::string(refusals_url) + "/nothing/review", R"({"outcome":"stands","reason":"x"})").status, 404u);
}

}  // namespace
}  // namespace ginnel
