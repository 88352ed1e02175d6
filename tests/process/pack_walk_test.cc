// SPDX-License-Identifier: Apache-2.0
// One child through the child protection pack, by the engine alone, with dates counted by hand.
#include "tests/process/engine_for_tests.h"

namespace ginnel {
namespace {

Actor lead(const std::string& role) { return {"council", "social_care", "w-" + role, role}; }
Actor police() { return {"police", "police", "w-p", "officer"}; }
Actor health() { return {"hospital", "health", "w-h", "nurse"}; }
Actor school() { return {"school", "education", "w-s", "dsl"}; }

class ChildProtectionWalk : public testing::Test {
 protected:
  ChildProtectionWalk() : walk_(shipped_definition("child-protection")) {}

  void give(std::string_view time, const std::string& step, std::initializer_list<const char*> names, const Actor& by) {
    const StepDefinition& of = *walk_.definition().step(step);
    for (const std::string name : names) {
      const bool dated = std::find(of.dates.begin(), of.dates.end(), name) != of.dates.end();
      EXPECT_EQ(walk_.contribute(time, step, name, by, dated ? time : std::string_view()), "") << step << " " << name;
    }
  }
  void end(std::string_view time, const std::string& step, const std::string& outcome, const std::string& role) {
    EXPECT_EQ(walk_.close(time, step, outcome, lead(role), "as discussed"), "") << step << " " << outcome;
  }
  // A contact on Maundy Thursday 2026, and the referral that came of it.
  void to_strategy() {
    ASSERT_EQ(walk_.begin("2026-04-02 09:30", lead("front_door")), "");
    give("2026-04-02 09:30", "contact", {"received"}, lead("front_door"));
    give("2026-04-02 09:40", "contact", {"referral-source", "why", "legal-basis"}, school());
    end("2026-04-02 10:00", "contact", "referral", "front_door");
    give("2026-04-02 10:00", "referral", {"received"}, lead("social_worker"));
    EXPECT_EQ(walk_.due("referral"), "the end of Tue 7 Apr 2026") << "over Easter";
    EXPECT_EQ(walk_.close("2026-04-02 11:00", "referral", "strategy", lead("social_worker")).substr(0, 14),
              "step-not-ready");
    give("2026-04-02 11:00", "referral", {"source-code", "need-code", "referrer-told", "manager-agreed"},
         lead("social_worker"));
    end("2026-04-02 11:30", "referral", "strategy", "social_worker");
    EXPECT_EQ(walk_.due("assessment"), "the end of Wed 10 Jun 2026");
    EXPECT_EQ(walk_.due("strategy-discussion"), "Fri 3 Apr 2026 11:30") << "24 hours, whatever day it is";
  }
  void discuss(std::string_view time) {
    give(time, "strategy-discussion", {"attendance", "held", "shared", "decision", "interim-safety", "actions"},
         lead("manager"));
  }
  void to_conference() {
    to_strategy();
    discuss("2026-04-02 15:00");
    const std::string lacks = walk_.close("2026-04-02 15:30", "strategy-discussion", "s47", lead("manager"));
    for (const char* who : {"Police (0 of 1)", "Health (0 of 1)"})
      EXPECT_NE(lacks.find(who), std::string::npos) << "not one agency alone: " << lacks;
    give("2026-04-02 15:10", "strategy-discussion", {"attendance"}, police());
    give("2026-04-02 15:10", "strategy-discussion", {"attendance"}, health());
    end("2026-04-02 15:30", "strategy-discussion", "s47", "manager");
    EXPECT_TRUE(walk_.process.in_state("s47"));
    give("2026-04-08 12:00", "s47-enquiry", {"child-seen", "seen-alone", "enquiries", "manager-agreed"},
         lead("social_worker"));
    end("2026-04-09 12:00", "s47-enquiry", "continuing-risk", "social_worker");
  }

  Walk walk_;
};

TEST_F(ChildProtectionWalk, the_conference_runs_from_the_discussion_that_started_its_enquiry) {
  to_conference();
  EXPECT_EQ(walk_.due("initial-conference"), "the end of Mon 27 Apr 2026");
  // A second discussion while the conference waits does not give it more time.
  ASSERT_EQ(walk_.begin_step("2026-04-14 10:00", "strategy-discussion", lead("manager")), "");
  discuss("2026-04-14 11:00");
  EXPECT_EQ(walk_.due("initial-conference"), "the end of Mon 27 Apr 2026");
}

TEST_F(ChildProtectionWalk, goes_from_a_contact_to_the_end_of_a_plan) {
  to_conference();
  for (const Actor& by : {lead("conference_chair"), police(), health()})
    give("2026-04-23 10:00", "initial-conference", {"attendance"}, by);
  give("2026-04-23 10:00", "initial-conference",
       {"held", "reports", "decision", "category", "earlier-plans", "core-group-members"}, lead("conference_chair"));
  EXPECT_EQ(
      walk_.contribute("2026-04-23 10:00", "initial-conference", "review-date", lead("conference_chair"), "2026-07-10"),
      "");
  end("2026-04-23 12:00", "initial-conference", "plan", "conference_chair");
  EXPECT_EQ(walk_.engine().head(walk_.process)->proves, (std::set<std::string>{"child_protection", "transfer"}));
  EXPECT_EQ(walk_.due("core-group"), "the end of Fri 8 May 2026") << "the early May bank holiday";
  EXPECT_EQ(walk_.due("visit"), "the end of Fri 8 May 2026");
  EXPECT_EQ(walk_.due("first-review", "guidance"), "the end of Thu 23 Jul 2026");
  EXPECT_EQ(walk_.due("first-review", "as-set"), "the end of Fri 10 Jul 2026");

  // Nobody opens the door: the next visit is due when this one was, and the watch on not being seen runs on.
  give("2026-05-05 15:00", "visit", {"why-not-seen"}, lead("social_worker"));
  end("2026-05-05 15:10", "visit", "not-seen", "social_worker");
  EXPECT_EQ(walk_.due("visit"), "the end of Fri 8 May 2026");
  bool told = false;
  for (const AlertRaised& alert : walk_.tick("2026-05-16 00:00"))
    told = told || alert.key.starts_with("watch/not-seen");
  EXPECT_TRUE(told) << "15 working days after the plan";
  EXPECT_EQ(walk_.face("visit").state, ClockFace::State::overdue);
  give("2026-05-18 10:00", "visit", {"where", "seen-alone"}, lead("social_worker"));
  end("2026-05-18 10:10", "visit", "seen", "social_worker");
  EXPECT_EQ(walk_.due("visit"), "the end of Tue 2 Jun 2026") << "the spring bank holiday";

  for (const Actor& by : {lead("conference_chair"), school(), health()})
    give("2026-07-10 10:00", "first-review", {"attendance"}, by);
  give("2026-07-10 10:00", "first-review", {"held", "reports", "decision"}, lead("conference_chair"));
  end("2026-07-10 12:00", "first-review", "discontinue", "conference_chair");
  give("2026-07-10 12:30", "discontinuation", {"why-it-ends", "invited-told"}, lead("conference_chair"));
  end("2026-07-10 13:00", "discontinuation", "ended", "conference_chair");
  EXPECT_FALSE(walk_.process.in_state("plan"));
  EXPECT_TRUE(walk_.process.open_steps("visit").empty()) << "nobody visits for a plan that is over";
  give("2026-07-10 14:00", "closure", {"closure-code", "manager-signed-off"}, lead("manager"));
  end("2026-07-10 14:00", "closure", "case-closed", "manager");
  EXPECT_TRUE(walk_.process.has_ended());
  EXPECT_FALSE(walk_.engine().head(walk_.process));
  EXPECT_EQ(walk_.again().has_ended(), true);
}

}  // namespace
}  // namespace ginnel
