// SPDX-License-Identifier: Apache-2.0
// Conflicts of interest over HTTPS, as JSON: what is read of a request, what is told, and how a case view is refused.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

constexpr const char* conflicts_path = "/api/v1/conflicts";

class ConflictsOverHttps : public WebTest {
 protected:
  ConflictsOverHttps() {
    AllocationRow row;
    row.id = *AllocationId::parse(some_id);
    row.person = {*PersonRef::parse(some_id), {{"liquidlogic", "LL-1"}}};
    row.worker = {"tester", "A. Tester", "", "A. Tester"};
    row.from = {1'795'000'000'000};
    row.is_current = true;
    row.reason = "my niece";
    service.overview.allocated = {row};
  }
  RawAnswer post(const std::string& to, const std::string& body) { return post_json(to, body, bearer(session_)); }
  const Session session_ = service.sign_in("tester");
};

TEST_F(ConflictsOverHttps, are_recorded_listed_and_ended_as_the_description_says) {
  const auto made =
      post(conflicts_path, std::string(R"({"person":")") + some_id + R"(","worker":"a.user","reason":"my niece"})");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(service.new_conflict.person, *PersonRef::parse(some_id));
  EXPECT_EQ(service.new_conflict.worker, "a.user");
  EXPECT_EQ(service.new_conflict.reason, "my niece");
  const auto list = Json::parse(get(std::string(conflicts_path) + "?person=" + some_id, bearer(session_)).body);
  EXPECT_EQ(service.conflicts_of.person, *PersonRef::parse(some_id));
  ASSERT_EQ(list["conflicts"].size(), 1u);
  EXPECT_EQ(list["conflicts"][0]["reason"], "my niece");
  EXPECT_EQ(list["conflicts"][0]["current"], true);
  EXPECT_EQ(post(std::string(conflicts_path) + "/" + some_id + "/end", R"({"reason":"moved away"})").status, 204);
  EXPECT_EQ(service.ended_conflict.allocation, *AllocationId::parse(some_id));
  EXPECT_EQ(service.ended_conflict.reason, "moved away");
}

TEST_F(ConflictsOverHttps, what_cannot_be_read_is_refused_by_the_name_of_its_field) {
  for (const auto& [body, field] :
       {std::pair<std::string, const char*>{R"({"reason":"x"})", "person"},
        {R"({"person":"nobody","reason":"x"})", "person"},
        {std::string(R"({"person":")") + some_id + "\"}", "reason"},
        {std::string(R"({"colour":"red","reason":"x","person":")") + some_id + "\"}", "field"}}) {
    const auto answer = post(conflicts_path, body);
    EXPECT_EQ(answer.status, 422) << body;
    EXPECT_THAT(answer.body, HasSubstr(field)) << body;
  }
  EXPECT_EQ(service.new_conflict.reason, "");
  EXPECT_EQ(post(std::string(conflicts_path) + "/nobody/end", R"({"reason":"x"})").status, 404);
  EXPECT_EQ(post(std::string(conflicts_path) + "/" + some_id + "/end", "{}").status, 422);
  EXPECT_EQ(get(std::string(conflicts_path) + "?person=nobody", bearer(session_)).status, 404);
  EXPECT_EQ(get(std::string(conflicts_path) + "?child=" + some_id, bearer(session_)).status, 404);
}

TEST_F(ConflictsOverHttps, what_they_shut_is_403_by_its_own_code) {
  service.fails_with =
      Error{"conflict-of-interest", "cannot record it", "a conflict of interest is recorded", "leave it"};
  const auto refused = post(conflicts_path, std::string(R"({"person":")") + some_id + R"(","reason":"x"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.body, HasSubstr("conflict-of-interest"));
}

}  // namespace
}  // namespace ginnel
