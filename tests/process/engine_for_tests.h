// SPDX-License-Identifier: Apache-2.0
// A case that is driven as a node drives one: what the engine says is applied, and nothing else.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "node/process/engine/engine.h"
#include "tests/process/calendar_for_tests.h"

namespace ginnel {

inline Definition shipped_definition(const std::string& name) {
  auto read = Definition::read(source_tree() / "config-examples/processes" / (name + ".toml"));
  CHECK(read);
  return *read;
}

// Why the text is no definition, a mistake a line; empty: it is one.
inline std::string mistakes_of(const std::string& text) {
  auto read = Definition::parse(text, "errand.toml");
  std::string all;
  if (read) return all;
  for (const Error& error : read.error()) {
    EXPECT_FALSE(error.remedy.empty());
    all += error.why + "\n";
  }
  return all;
}
inline std::string with_instead(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

class Walk {
 public:
  explicit Walk(Definition definition) : definition_(std::move(definition)), engine_(definition_, shipped_calendar()) {}
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  // Every call gives the error's code and reason, or an empty text.
  std::string begin(std::string_view time, Actor by) {
    now = at(time);
    return take(engine_.begin({by.member, {}, by}, now));
  }
  std::string begin_step(std::string_view time, const std::string& step, Actor by,
                         std::set<std::string> elsewhere = {}) {
    now = at(time);
    return take(engine_.begin(process, {step, {}, by, std::move(elsewhere)}, now));
  }
  std::string contribute(std::string_view time, const std::string& step, const std::string& name, Actor by,
                         std::string_view of = {}) {
    now = at(time);
    return take(engine_.contribute(process, {last(step), name, of.empty() ? When{} : when(of), "", by}, now));
  }
  std::string close(std::string_view time, const std::string& step, const std::string& outcome, Actor by,
                    const std::string& reason = "") {
    now = at(time);
    return take(engine_.close(process, {last(step), outcome, {}, reason, by, {}}, now));
  }
  std::string reason(std::string_view time, const std::string& step, const std::string& clock, Actor by) {
    now = at(time);
    return take(engine_.give_reason(process, last(step), clock, "snow", by, now));
  }
  std::vector<AlertRaised> tick(std::string_view time) { return tick(at(time)); }
  std::vector<AlertRaised> tick(Instant time) {
    now = time;
    Effects told = engine_.tick(process, now);
    auto alerts = told.alerts();
    take(std::move(told));
    return alerts;
  }

  // The last of its instances that is open; of none open, the last.
  std::uint32_t last(const std::string& step) const {
    std::uint32_t found = 0, open = 0;
    for (const StepInstance& one : process.steps())
      if (one.step == step) (one.is_open ? open : found) = one.number;
    return open ? open : found;
  }
  ClockFace face(const std::string& step, const std::string& clock = "clock") const {
    for (const ClockFace& one : Clocks(definition_, shipped_calendar()).faces(process, now))
      if (one.instance == last(step) && one.clock->id == clock) return one;
    return {};
  }
  std::string due(const std::string& step, const std::string& clock = "clock") const {
    return face(step, clock).deadline.for_people();
  }
  // The case again, from its records alone.
  RunningProcess again() const {
    RunningProcess out;
    for (const ProcessRecord& record : records) CHECK(out.apply(record));
    return out;
  }

  const ProcessEngine& engine() const { return engine_; }
  const Definition& definition() const { return definition_; }

  RunningProcess process;
  std::vector<ProcessRecord> records;
  Effects last_effects;
  Instant now;

 private:
  std::string take(Expected<Effects> done) {
    if (!done) return done.error().code + ": " + done.error().why;
    take(std::move(*done));
    return "";
  }
  void take(Effects done) {
    for (const ProcessRecord& record : done.records) {
      CHECK(process.apply(record));
      records.push_back(record);
    }
    last_effects = std::move(done);
  }

  const Definition definition_;
  const ProcessEngine engine_;
};

}  // namespace ginnel
