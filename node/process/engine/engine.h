// SPDX-License-Identifier: Apache-2.0
// The process engine: what people do and what time does to a running case, as records to write.
//
//   ProcessEngine engine(definition, calendar);
//   auto done = engine.close(process, {.instance = 3, .outcome = "plan", .by = chair}, now);
//   for (const ProcessRecord& record : done->records) process.apply(record);      // once they are durable
//
// The lead's member orders: it begins and closes steps. Anybody contributes from their own. A quorum, evidence and the
// states a step needs are enforced, all that is missing told at once. A clock is not: what is late is told to its lead,
// deputy and manager, escalates, and asks for a reason, and the work goes on.
//
// Thread: any; a value without state of its own. Sans-I/O: the time is given; nothing is written or sent here.
// Failure: `not-the-lead`, `no-such-step`, `step-not-open`, `step-not-now` (a guard), `step-not-ready` (quorum,
//          evidence, reason), `bad-field`, `process-ended`, `cannot-migrate`. Nothing changes then.
// Limits: running_process.h.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "node/process/engine/clock_face.h"
#include "node/process/engine/seen.h"

namespace ginnel {

struct BeginProcess {
  std::string lead_member;
  When at;  // of the first step; not set: now
  Actor by;
};
struct BeginStep {
  std::string step;
  When at;
  Actor by;
  // States that are open in other processes of the same subject: `one` holds over all of them.
  std::set<std::string> open_elsewhere;
};
struct Contribute {
  std::uint32_t instance = 0;
  std::string name;
  When at;  // needed for what has a date of its own
  std::string text;
  Actor by;
};
struct CloseStep {
  std::uint32_t instance = 0;
  std::string outcome;
  When at;
  std::string reason;
  Actor by;
  std::set<std::string> open_elsewhere;
};

// Something for somebody to do. The same origin is the same task.
struct TaskWish {
  std::string origin;  // "step/7", "reason/7/guidance"
  std::string role, deputy;
  std::string title;  // free of personal data
  std::optional<Instant> due;
};

// The origin of the task that a step is.
inline constexpr std::string_view step_origin_prefix = "step/";
std::string step_origin(std::uint32_t instance);
// Of the task to say why a clock of it was missed.
std::string reason_origin(std::uint32_t instance, const std::string& clock);

struct Effects {
  std::vector<ProcessRecord> records;  // in order
  std::vector<TaskWish> tasks;
  std::vector<std::string> tasks_done;  // origins whose cause is gone
  std::vector<AlertRaised> alerts() const;
};

// What the lead may say to prove a purpose (docs/protocol/process-head.md). Nothing open proves one: none.
struct HeadFacts {
  std::string definition, edition, state;
  std::set<std::string> proves;
};

// One line of the overview that everybody sees.
struct OverviewLine {
  std::uint32_t instance = 0;
  std::string step, title, owner;  // owner: the role's title
  bool is_open = false, is_cancelled = false;
  When opened, closed;
  std::string outcome, reason, done_by;    // done_by: the member
  std::set<std::string> present, missing;  // agencies: attended; in the quorum and not there yet
  std::vector<ClockFace> clocks;
};

// What happened cannot lie after now; what has no time is as of now.
bool has_happened(const When& at, Instant now);

class ProcessEngine {
 public:
  // Both must outlive it.
  ProcessEngine(const Definition& definition, const Calendar& calendar)
      : definition_(definition), calendar_(calendar), clocks_(definition, calendar) {}

  Expected<Effects> begin(const BeginProcess& wish, Instant now) const;
  Expected<Effects> begin(const RunningProcess& process, const BeginStep& wish, Instant now) const;
  Expected<Effects> contribute(const RunningProcess& process, const Contribute& wish, Instant now) const;
  Expected<Effects> close(const RunningProcess& process, const CloseStep& wish, Instant now) const;
  Expected<Effects> give_reason(const RunningProcess& process, std::uint32_t instance, const std::string& clock,
                                const std::string& text, const Actor& by, Instant now) const;
  Expected<Effects> acknowledge(const RunningProcess& process, const std::string& alert, const Actor& by,
                                Instant now) const;

  // What time has brought: each alert once, whatever its clock's node did in between.
  Effects tick(const RunningProcess& process, Instant now) const;
  // When tick() next has something to tell, if nothing happens until then; nothing: never.
  std::optional<Instant> next_tick(const RunningProcess& process, Instant now) const;

  // What the records of all agencies show together, each alert once; and that it was looked at. What was seen before
  // and is not among them now, because an agency did not answer, tells nothing a second time.
  Effects look(const RunningProcess& process, const Seen& seen, Instant now) const;
  // It could not be looked at, for this reason: told once a day.
  Effects cannot_look(const RunningProcess& process, const std::string& why, Instant now) const;
  // When it is to be looked at next, perhaps before now; nothing: not while the case stands as it does.
  std::optional<Instant> next_look(const RunningProcess& process, Instant now) const;

  // The first end of a clock that runs or ran out at an open step; nothing: none is known. Only a record changes it.
  std::optional<Instant> next_due(const RunningProcess& process, Instant now) const;
  std::vector<OverviewLine> overview(const RunningProcess& process, Instant now) const;
  std::string explain(const ClockFace& face) const { return clocks_.explain(face); }
  std::optional<HeadFacts> head(const RunningProcess& process) const;

  // The lead moves: to a member, or to nobody yet where it is released (docs/protocol/transfer.md). The tasks are those
  // of whoever leads from now on.
  // `at`: when it was said that it moves, the same in every node's records.
  Effects move_lead(const RunningProcess& process, const LeadMoved& moved, Instant at, Instant now) const;

  // From the version that the case follows to this engine's. Every step and state that has no place there is told.
  Expected<Effects> migrate(const RunningProcess& process, const Actor& by, Instant now) const;

 private:
  friend class Alarms;
  Expected<void> may_order(const RunningProcess& process, const StepDefinition& step, const Actor& by) const;
  std::vector<std::string> guards(const StepDefinition& step, const std::set<std::string>& states,
                                  const std::set<std::string>& open_elsewhere) const;
  TaskWish task_of(const RunningProcess& process, const StepInstance& instance, const StepDefinition& step,
                   Instant now) const;
  void open_step(RunningProcess& after, const StepDefinition& step, std::uint32_t cause, const std::string& outcome,
                 const When& at, const Actor& by, Instant now, Effects& out) const;

  const Definition& definition_;
  const Calendar& calendar_;
  Clocks clocks_;
};

}  // namespace ginnel
