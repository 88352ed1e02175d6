// SPDX-License-Identifier: Apache-2.0
// How a process stands, as a record has it and as people read it. Where it comes from: tests/sim/overview_test.cc.
#include "node/process/overview.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/process/process_records.h"

namespace ginnel {
namespace {

using testing::HasSubstr;
using testing::Not;

const Instant ten = parse_iso_utc("2026-11-23T10:00:00Z").value();

ProcessOverview standing() {
  ProcessOverview out;
  out.process = *ProcessId::parse("000102030405060708090a0b0c0d0e0f");
  out.title = "Child protection";
  out.states = {"Section 47 enquiry", "Assessment under section 17"};
  out.as_at = ten;
  OverviewStep ended;
  ended.number = 1;
  ended.title = "Contact";
  ended.opened = When::on({2026, 11, 20});
  ended.closed = When::at_instant(ten + -day_ms);
  ended.outcome = "Referral";
  OverviewStep open;
  open.number = 4;
  open.title = "Strategy discussion";
  open.owner = "Team manager";
  open.is_open = true;
  open.opened = When::at_instant(ten + -hour_ms);
  open.due = ten + hour_ms;
  open.waits_for = {"attendance", "decision"};
  open.missing = {"Health"};
  OverviewStep cancelled;
  cancelled.number = 5;
  cancelled.title = "Visit";
  cancelled.is_cancelled = true;
  out.steps = {ended, open, cancelled};
  return out;
}

std::optional<ProcessOverview> read(const std::vector<Field>& fields, std::string_view kind = overview_kind) {
  return overview_of(kind, "Child protection", fields);
}

std::string sentence_of(const ProcessOverview& overview, const std::string& title, Instant now) {
  for (const auto& line : for_people(overview, now))
    if (line.name == title) return line.value;
  return {};
}

TEST(Overview, what_is_written_is_read) {
  EXPECT_EQ(read(fields_of(standing())), standing());
  ProcessOverview ended = standing();
  ended.has_ended = true;
  ended.left_out = 7;
  ended.steps[1].late_because = "the chair was ill";
  EXPECT_EQ(read(fields_of(ended)), ended);
}

TEST(Overview, what_is_not_whole_is_none) {
  const auto fields = fields_of(standing());
  EXPECT_FALSE(read(fields, "visit"));
  EXPECT_FALSE(read({}));
  for (const char* without : {"process", "as-at"}) {
    auto some = fields;
    std::erase_if(some, [&](const Field& field) { return field.name == without; });
    EXPECT_FALSE(read(some)) << without;
  }
  for (const Field& wrong : {Field{"process", "x"}, Field{"as-at", "soon"}, Field{"step", "0"}, Field{"step", "-1"},
                             Field{"step", "4x"}, Field{"step", ""}, Field{"unheard-of", "x"}}) {
    auto some = fields;
    for (auto& field : some)
      if (field.name == wrong.name) field.value = wrong.value;
    if (wrong.name == "unheard-of") some.push_back(wrong);
    EXPECT_FALSE(read(some)) << wrong.name << " " << wrong.value;
  }
  auto many = fields_of(standing());
  for (std::size_t i = 0; i < limits::overview_steps_max; ++i) many.push_back({"step", std::to_string(i + 10)});
  EXPECT_FALSE(read(many));
}

// A time that cannot be read is no time: a step is not late by what nobody can read.
TEST(Overview, a_time_that_is_none_is_left_out) {
  auto fields = fields_of(standing());
  for (auto& field : fields)
    if (field.name == "due" || field.name == "opened") field.value = "next week";
  const auto overview = read(fields);
  ASSERT_TRUE(overview);
  EXPECT_FALSE(overview->steps[1].due.is_set());
  EXPECT_THAT(sentence_of(*overview, "Strategy discussion", ten + day_ms), Not(HasSubstr("LATE")));
}

TEST(Overview, says_what_is_due_what_is_late_and_why) {
  ProcessOverview overview = standing();
  const auto strategy = [&](Instant now) { return sentence_of(overview, "Strategy discussion", now); };
  EXPECT_EQ(strategy(ten),
            "open since 23 Nov 2026 09:00, Team manager; due 23 Nov 2026 11:00; waits for attendance, "
            "decision; no quorum without Health");
  EXPECT_THAT(strategy(ten + 2 * hour_ms), HasSubstr("LATE, was due 23 Nov 2026 11:00, nobody has said why"));
  overview.steps[1].late_because = "the chair was ill";
  EXPECT_THAT(strategy(ten + 2 * hour_ms), HasSubstr("LATE, was due 23 Nov 2026 11:00: the chair was ill"));
  EXPECT_EQ(sentence_of(overview, "Contact", ten), "Referral, 22 Nov 2026 10:00");
  EXPECT_EQ(sentence_of(overview, "Visit", ten), "cancelled");
  EXPECT_EQ(sentence_of(overview, "As at 23 Nov 2026 10:00", ten), "Section 47 enquiry, Assessment under section 17");
  overview.has_ended = true;
  overview.left_out = 3;
  EXPECT_THAT(sentence_of(overview, "As at 23 Nov 2026 10:00", ten), HasSubstr("; it has ended"));
  EXPECT_THAT(sentence_of(overview, "And before", ten), HasSubstr("3 more"));
}

// SECURITY: it tells of all its steps, so it is as restricted as the most restricted of them.
TEST(Overview, is_as_restricted_as_the_most_sensitive_step_that_it_tells) {
  Definition definition;
  RunningProcess process;
  ASSERT_TRUE(process.apply({ten, ProcessStarted{{"p", "wy", 1}, "bradford-csc", {}}}));
  ProcessOverview overview;
  std::uint32_t number = 0;
  for (const int sensitivity : {2, 3, 1}) {
    StepDefinition step;
    step.id = step.title = "step-" + std::to_string(sensitivity);
    step.record = StepRecord{"visit", "social-care.visit", sensitivity, 0};
    definition.steps.push_back(step);
    ASSERT_TRUE(process.apply({ten, StepOpened{++number, step.id, 0, "", "", When::at_instant(ten), {}}}));
    overview.steps.emplace_back().number = number;
  }
  EXPECT_EQ(most_sensitive(overview, process, definition)->sensitivity, 3);
  overview.steps.erase(overview.steps.begin() + 1);
  EXPECT_EQ(most_sensitive(overview, process, definition)->sensitivity, 2) << "of a step that is not told, nothing";
  overview.steps.clear();
  EXPECT_EQ(most_sensitive(overview, process, definition), nullptr);
}

}  // namespace
}  // namespace ginnel
