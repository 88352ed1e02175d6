// SPDX-License-Identifier: Apache-2.0
// Processes over HTTPS, as JSON: what is read of a request, what is told, and with which status it is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "node/web/process_api.h"
#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

const std::string base = std::string("/api/v1/processes/") + some_id;

class ProcessesOverHttps : public WebTest {
 protected:
  ProcessesOverHttps() {
    ProcessDetail& process = service.process;
    process.process.id = *ProcessId::parse(some_id);
    process.process.definition = "child-protection/west-yorkshire/1";
    process.process.title = "Child protection";
    process.process.lead = "bradford-csc";
    process.process.person = *PersonRef::parse(some_id);
    process.process.states = {"Section 47 enquiry"};
    process.process.open = {"Section 47 enquiry"};
    process.process.due = clock.now();
    process.process.is_late = true;
    process.edition = "2023";
    ProcessStepLine step;
    step.number = 1;
    step.step = "contact";
    step.title = "Contact";
    step.owner = "Integrated front door";
    step.opened = When::at_instant(clock.now());
    step.closed = When::on({2026, 4, 2});
    step.outcome = "Referral";
    step.done_by = "bradford-csc";
    step.missing = {"Police"};
    step.outcomes = {{"referral", "Referral"}};
    step.contributions = {{"why", "seen with bruises", "wy-police", When::on({2026, 4, 2})}};
    step.clocks = {{"clock", "overdue", clock.now(), "the same day", "snow", true, false}};
    process.steps = {step};
    process.alerts = {{"clock/1", "Contact: late", "the same day", "referral", {"Team manager"}, clock.now(), true}};
    process.may_begin = {{"concern", "Concern"}};
  }
  RawAnswer post(const std::string& path, const std::string& body) { return post_json(path, body, bearer(session_)); }
  const Session session_ = service.sign_in("tester");
};

TEST_F(ProcessesOverHttps, are_listed_and_read_as_the_description_says) {
  const auto list = Json::parse(get("/api/v1/processes", bearer(session_)).body);
  ASSERT_EQ(list["processes"].size(), 1u);
  EXPECT_EQ(list["processes"][0]["late"], true);
  EXPECT_EQ(list["more"], false);
  const auto one = Json::parse(get(base, bearer(session_)).body);
  EXPECT_EQ(one["id"], some_id);
  EXPECT_EQ(one["steps"][0]["missing"][0], "Police");
  EXPECT_EQ(one["steps"][0]["closed"], "2026-04-02") << "no more precise than it is known";
  EXPECT_EQ(one["steps"][0]["contributions"][0]["text"], "seen with bruises");
  EXPECT_EQ(one["steps"][0]["clocks"][0]["lateReason"], "snow");
  EXPECT_EQ(one["alerts"][0]["acknowledged"], true);
  EXPECT_EQ(one["mayBegin"][0]["id"], "concern");
  EXPECT_FALSE(one.contains("look")) << "nobody has looked yet";
  service.process.look = ProcessLook{clock.now(), {"West Yorkshire Police"}, {}, "nobody here may ask"};
  const auto looked = Json::parse(get(base, bearer(session_)).body)["look"];
  EXPECT_EQ(looked["unanswered"][0], "West Yorkshire Police");
  EXPECT_TRUE(looked["withheld"].empty());
  EXPECT_EQ(looked["problem"], "nobody here may ask");
  EXPECT_EQ(list.dump().find("bruises"), std::string::npos) << "a list holds nothing that people wrote";
}

TEST_F(ProcessesOverHttps, what_is_wished_reaches_the_node) {
  const auto begun = post("/api/v1/processes", std::string(R"({"definition":"child-protection","person":")") + some_id +
                                                   R"(","at":"2026-04-02"})");
  EXPECT_EQ(begun.status, 201);
  EXPECT_EQ(Json::parse(begun.body)["id"], some_id);
  EXPECT_EQ(service.new_process.definition, "child-protection");
  EXPECT_EQ(service.new_process.at, When::on({2026, 4, 2}));
  const auto step = post(base + "/steps", R"({"step":"concern"})");
  EXPECT_EQ(step.status, 201);
  EXPECT_EQ(Json::parse(step.body)["number"], 2);
  EXPECT_EQ(service.new_step.step, "concern");
  EXPECT_EQ(post(base + "/steps/7/contributions",
                 R"({"name":"attendance","text":"came","member":"wy-police","agency":"police"})")
                .status,
            204);
  EXPECT_EQ(service.new_contribution.step, 7u);
  EXPECT_EQ(service.new_contribution.member, "wy-police");
  EXPECT_EQ(service.new_contribution.agency, "police");
  EXPECT_EQ(post(base + "/steps/7/outcome", R"({"outcome":"s47","reason":"as discussed"})").status, 204);
  EXPECT_EQ(service.new_outcome.outcome, "s47");
  EXPECT_EQ(service.new_outcome.step, 7u);
  EXPECT_EQ(post(base + "/steps/7/reason", R"({"clock":"guidance","text":"snow"})").status, 204);
  EXPECT_EQ(service.new_reason.clock, "guidance");
  EXPECT_EQ(post(base + "/acknowledge", R"({"alert":"clock/1"})").status, 204);
  EXPECT_EQ(service.acknowledged_alert, "clock/1");
  EXPECT_EQ(post(base + "/definition", R"({"to":"child-protection/west-yorkshire/2"})").status, 204);
  EXPECT_EQ(service.migrated_to, "child-protection/west-yorkshire/2");
}

TEST_F(ProcessesOverHttps, what_cannot_be_read_is_refused_by_the_name_of_its_field) {
  const struct {
    std::string path, body;
    const char* field;
  } faults[] = {
      {"/api/v1/processes", R"({"definition":"child-protection"})", "person"},
      {"/api/v1/processes", R"({"definition":"x","person":"nobody"})", "person"},
      {"/api/v1/processes", std::string(R"({"definition":"x","at":"soon","person":")") + some_id + "\"}", "at"},
      {base + "/steps", R"({"at":"2026-04-02"})", "step"},
      {base + "/steps/1/contributions", R"({"name":"why","agency":"police"})", "agency"},
      {base + "/steps/1/contributions", R"({"name":"why","colour":"red"})", "colour"},
      {base + "/steps/1/outcome", R"({"reason":"x"})", "outcome"},
      {base + "/steps/1/reason", R"({"clock":"guidance"})", "text"},
      {base + "/acknowledge", R"({})", "alert"},
      {base + "/definition", R"({})", "to"},
  };
  for (const auto& fault : faults) {
    const auto answer = post(fault.path, fault.body);
    EXPECT_EQ(answer.status, 422) << fault.body;
    EXPECT_THAT(answer.body, HasSubstr(fault.field == std::string("colour") ? "not known" : fault.field)) << fault.body;
  }
  for (const std::string& path : {std::string("/api/v1/processes/nobody/steps"), base + "/steps/one/outcome",
                                  base + "/steps/1x/outcome", base + "/steps/-1/outcome"})
    EXPECT_EQ(post(path, R"({"step":"a"})").status, 404) << path;
}

TEST_F(ProcessesOverHttps, what_cannot_be_done_has_a_status_of_its_own) {
  for (const auto& [code, status] : {std::pair{"not-the-lead", 403},
                                     {"step-not-open", 409},
                                     {"step-not-now", 409},
                                     {"step-not-ready", 409},
                                     {"process-ended", 409},
                                     {"cannot-migrate", 409},
                                     {"no-such-step", 422},
                                     {"no-definition", 422}}) {
    service.fails_with =
        Error{code, "cannot end it", "the quorum lacks Police (0 of 1); `decision` is not recorded", ""};
    const auto answer = post(base + "/steps/1/outcome", R"({"outcome":"s47"})");
    EXPECT_EQ(answer.status, status) << code;
    EXPECT_THAT(answer.body, HasSubstr("`decision` is not recorded")) << "everything that is missing is told";
  }
}

}  // namespace
}  // namespace ginnel
