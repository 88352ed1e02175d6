// SPDX-License-Identifier: Apache-2.0
// What people do. What time does is in alarms.cc, what is shown of a case in overview.cc.
#include "node/process/engine/engine.h"

#include <algorithm>

#include "adapters/suggest.h"
#include "federation/base/check.h"
#include "federation/base/text.h"
#include "node/process/engine/alarms.h"

namespace ginnel {
namespace {

constexpr std::string_view reason_word = "reason";
constexpr const char* no_room = "the case has as many steps as one may have: end it, and begin another";

std::string in_ticks(std::string_view text) { return "`" + std::string(text) + "`"; }

tl::unexpected<Error> no_such(const std::string& what, const std::string& word, const std::vector<std::string>& there) {
  auto meant = nearest(word, there);
  return fail(
      "no-such-step", "cannot do that", in_ticks(word) + " is no " + what,
      meant ? "did you mean " + in_ticks(*meant) + "?" : "look at the definition: `ginnel process check` draws it");
}

std::vector<std::string> step_ids(const Definition& definition) {
  std::vector<std::string> out;
  for (const StepDefinition& step : definition.steps) out.push_back(step.id);
  return out;
}

Expected<void> check_text(const std::string& text) {
  if (text.size() <= limits::process_text_bytes_max) return {};
  return fail("bad-field", "cannot take that",
              "the text is longer than " + std::to_string(limits::process_text_bytes_max) + " bytes",
              "shorten it, or attach a file");
}

Expected<void> check_actor(const Actor& by, const Definition& definition) {
  if (by.member.empty() || by.worker.empty())
    return fail("bad-field", "cannot take that", "it does not say who does it", "a named person decides");
  if (!by.kind.empty() && !definition.agencies.contains(by.kind))
    return fail("bad-field", "cannot take that", in_ticks(by.kind) + " is no agency of the definition",
                "use one of [agencies]");
  return {};
}

When or_now(const When& at, Instant now) { return at.is_set() ? at : When::at_instant(now); }

// Dates that a step sets may lie after now.
Expected<void> check_past(const When& at, Instant now) {
  if (has_happened(at, now)) return {};
  return fail("bad-field", "cannot take that", "it says that it happened at a time that is still to come",
              "write when it happened");
}

void add(ProcessRecord record, RunningProcess& after, Effects& out) {
  auto applied = after.apply(record);
  CHECK(applied);  // the engine made it from the case as it is
  out.records.push_back(std::move(record));
}

// What the quorum still lacks, in words; and which agencies.
std::vector<std::string> quorum_lacks(const StepDefinition& step, const StepInstance& instance,
                                      const Definition& definition) {
  std::map<std::string, std::set<std::string>> there;  // members by kind
  for (const Contribution& one : instance.contributions)
    if (one.name == attendance_evidence) there[one.by.kind].insert(one.by.member);
  std::vector<std::string> lacks;
  int beyond = 0;
  for (const auto& [kind, members] : there) {
    const auto named = step.quorum.kinds.find(kind);
    const int needed = named == step.quorum.kinds.end() ? 0 : named->second;
    beyond += std::max(0, int(members.size()) - needed);
  }
  for (const auto& [kind, needed] : step.quorum.kinds)
    if (const int came = int(there[kind].size()); came < needed)
      lacks.push_back(definition.agencies.at(kind) + " (" + std::to_string(came) + " of " + std::to_string(needed) +
                      ")");
  if (beyond < step.quorum.others)
    lacks.push_back("other agencies (" + std::to_string(beyond) + " of " + std::to_string(step.quorum.others) + ")");
  return lacks;
}

}  // namespace

bool has_happened(const When& at, Instant now) {
  return !at.is_set() || at.date < london_date(now) || (at.date == london_date(now) && at.at <= now);
}

std::string step_origin(std::uint32_t instance) { return std::string(step_origin_prefix) + std::to_string(instance); }

std::string reason_origin(std::uint32_t instance, const std::string& clock) {
  return "reason/" + std::to_string(instance) + "/" + clock;
}

std::vector<AlertRaised> Effects::alerts() const {
  std::vector<AlertRaised> out;
  for (const ProcessRecord& record : records)
    if (const auto* alert = std::get_if<AlertRaised>(&record.what)) out.push_back(*alert);
  return out;
}

Expected<void> ProcessEngine::may_order(const RunningProcess& process, const StepDefinition& step,
                                        const Actor& by) const {
  if (auto named = check_actor(by, definition_); !named) return named;
  if (process.lead_member().empty())
    return fail("not-the-lead", "cannot do that", "the lead was released, and nobody has assumed it yet",
                "see `ginnel transfer show`, and ring who takes it over");
  if (by.member != process.lead_member())
    return fail("not-the-lead", "cannot do that", "another member leads this process",
                "contribute to the step, or ask the lead to do it");
  for (const std::string* role : {&step.lead, &step.deputy, &step.out_of_hours, &definition_.manager})
    if (!role->empty() && by.role == *role) return {};
  return fail("not-the-lead", "cannot do that",
              in_ticks(step.title) + " is led by the role " + in_ticks(definition_.roles.at(step.lead)),
              "ask them, their deputy or the manager");
}

// Why the step cannot begin in these states.
std::vector<std::string> ProcessEngine::guards(const StepDefinition& step, const std::set<std::string>& states,
                                               const std::set<std::string>& open_elsewhere) const {
  std::vector<std::string> why;
  const auto title = [&](const std::string& id) { return in_ticks(definition_.state(id)->title); };
  for (const std::string& state : step.in_states)
    if (!states.contains(state)) why.push_back(in_ticks(step.title) + " needs " + title(state) + ", which is not open");
  for (const std::string& state : step.not_in_states)
    if (states.contains(state)) why.push_back(in_ticks(step.title) + " cannot be while " + title(state) + " is open");
  if (!step.holds.empty() && definition_.state(step.holds)->one &&
      (states.contains(step.holds) || open_elsewhere.contains(step.holds)))
    why.push_back("there is one " + title(step.holds) + " at a time, and one is open");
  return why;
}

void ProcessEngine::open_step(RunningProcess& after, const StepDefinition& step, std::uint32_t cause,
                              const std::string& outcome, const When& at, const Actor& by, Instant now,
                              Effects& out) const {
  const auto number = std::uint32_t(after.steps().size() + 1);
  add({now, StepOpened{number, step.id, cause, outcome, step.holds, at, by}}, after, out);
  out.tasks.push_back(task_of(after, after.steps().back(), step, now));
}

TaskWish ProcessEngine::task_of(const RunningProcess& process, const StepInstance& instance, const StepDefinition& step,
                                Instant now) const {
  TaskWish task{step_origin(instance.number), step.lead, step.deputy, step.title, {}};
  for (const StepClock& clock : step.clocks) {
    const ClockFace face = clocks_.face(process, instance, clock, now);
    if (face.deadline.due.is_set() && (!task.due || face.deadline.due < *task.due)) task.due = face.deadline.due;
  }
  return task;
}

Effects ProcessEngine::move_lead(const RunningProcess& process, const LeadMoved& moved, Instant at, Instant now) const {
  Effects out;
  RunningProcess after = process;
  add({at, moved}, after, out);
  if (moved.lead_member.empty()) return out;
  for (const StepInstance* open : after.open_steps())
    if (const StepDefinition* step = definition_.step(open->step))
      out.tasks.push_back(task_of(after, *open, *step, now));
  return out;
}

Expected<Effects> ProcessEngine::begin(const BeginProcess& wish, Instant now) const {
  if (auto named = check_actor(wish.by, definition_); !named) return tl::unexpected(named.error());
  if (wish.lead_member.empty() || wish.by.member != wish.lead_member)
    return fail("not-the-lead", "cannot begin the process", "whoever begins it leads it",
                "begin it at the lead's node");
  if (auto past = check_past(wish.at, now); !past) return tl::unexpected(past.error());
  if (london_date(now) < definition_.effective_from)
    return fail("step-not-now", "cannot begin the process", "this version of its definition is not in effect yet",
                "use the version that is");
  Effects out;
  RunningProcess after;
  add({now, ProcessStarted{definition_.key, wish.lead_member, wish.by}}, after, out);
  const StepDefinition& first = *definition_.step(definition_.start);
  open_step(after, first, 0, "", or_now(wish.at, now), wish.by, now, out);
  Alarms(*this, after).raise(now, out);
  return out;
}

Expected<Effects> ProcessEngine::begin(const RunningProcess& process, const BeginStep& wish, Instant now) const {
  const StepDefinition* step = definition_.step(wish.step);
  if (!step) return no_such("step of this process", wish.step, step_ids(definition_));
  if (process.has_ended())
    return fail("process-ended", "cannot begin the step", "the process has ended", "begin a new one");
  if (auto may = may_order(process, *step, wish.by); !may) return tl::unexpected(may.error());
  if (auto past = check_past(wish.at, now); !past) return tl::unexpected(past.error());
  std::vector<std::string> why = guards(*step, process.states(), wish.open_elsewhere);
  if (!step->any_time) why.push_back(in_ticks(step->title) + " is begun by the step before it, not by itself");
  if (!step->in_parallel && !process.open_steps(step->id).empty()) why.push_back("one is open already");
  if (!process.has_room_for_steps(1)) why.push_back(no_room);
  if (!why.empty())
    return fail("step-not-now", "cannot begin " + in_ticks(step->title), joined(why, "; "),
                "end what stands against it first");
  Effects out;
  RunningProcess after = process;
  open_step(after, *step, 0, "", or_now(wish.at, now), wish.by, now, out);
  Alarms(*this, after).raise(now, out);
  return out;
}

Expected<Effects> ProcessEngine::contribute(const RunningProcess& process, const Contribute& wish, Instant now) const {
  const StepInstance* instance = process.find(wish.instance);
  const StepDefinition* step = instance ? definition_.step(instance->step) : nullptr;
  if (!step) return no_such("step of this case", std::to_string(wish.instance), {});
  if (auto named = check_actor(wish.by, definition_); !named) return tl::unexpected(named.error());
  if (auto text = check_text(wish.text); !text) return tl::unexpected(text.error());
  if (!step->takes(wish.name)) {
    const auto events = step->events();
    return no_such("contribution of " + in_ticks(step->title), wish.name, {events.begin(), events.end()});
  }
  if (!process.has_room_to_contribute())
    return fail("step-not-now", "cannot take " + in_ticks(wish.name), "the case holds as much as one may",
                "end it, and begin another");
  const bool has_date = std::find(step->dates.begin(), step->dates.end(), wish.name) != step->dates.end();
  if (has_date && (!wish.at.is_set() || wish.at.precision == Precision::month || wish.at.precision == Precision::year))
    return fail("bad-field", "cannot take " + in_ticks(wish.name), "it has a date of its own, and none is given",
                "write the day, or the minute where a clock runs in hours");
  if (!has_date)
    if (auto past = check_past(wish.at, now); !past) return tl::unexpected(past.error());
  Effects out;
  RunningProcess after = process;
  add({now, Contributed{wish.instance, wish.name, wish.at, wish.text, wish.by}}, after, out);
  Alarms(*this, after).raise(now, out);
  return out;
}

Expected<Effects> ProcessEngine::close(const RunningProcess& process, const CloseStep& wish, Instant now) const {
  const StepInstance* instance = process.find(wish.instance);
  const StepDefinition* step = instance ? definition_.step(instance->step) : nullptr;
  if (!step) return no_such("step of this case", std::to_string(wish.instance), {});
  if (!instance->is_open)
    return fail("step-not-open", "cannot end " + in_ticks(step->title), "it has ended", "look at the overview");
  if (auto may = may_order(process, *step, wish.by); !may) return tl::unexpected(may.error());
  if (auto text = check_text(wish.reason); !text) return tl::unexpected(text.error());
  if (auto past = check_past(wish.at, now); !past) return tl::unexpected(past.error());
  const StepOutcome* outcome = step->outcome(wish.outcome);
  if (!outcome) {
    std::vector<std::string> ids;
    for (const StepOutcome& one : step->outcomes) ids.push_back(one.id);
    return no_such("outcome of " + in_ticks(step->title), wish.outcome, ids);
  }

  // Everything that is missing, at once. INVARIANT: no clock is among it.
  std::vector<std::string> missing;
  if (!outcome->without_quorum)
    if (auto lacks = quorum_lacks(*step, *instance, definition_); !lacks.empty())
      missing.push_back("the quorum lacks " + joined(lacks, "; "));
  if (!outcome->without_evidence)
    for (const std::string& name : step->evidence)
      if (!instance->has(name)) missing.push_back(in_ticks(name) + " is not recorded");
  for (const std::string& need : outcome->needs) {
    if (need == reason_word ? wish.reason.empty() : !instance->has(need))
      missing.push_back(need == reason_word ? "it needs a reason" : in_ticks(need) + " is not recorded");
  }
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  if (!missing.empty())
    return fail("step-not-ready", "cannot end " + in_ticks(step->title) + " with " + in_ticks(outcome->title),
                joined(missing, "; "), "record what is missing, then end it");

  Effects out;
  RunningProcess after = process;
  const When at = or_now(wish.at, now);
  add({now, StepClosed{wish.instance,
                       outcome->id,
                       at,
                       wish.reason,
                       {outcome->opens.begin(), outcome->opens.end()},
                       {outcome->closes.begin(), outcome->closes.end()},
                       wish.by}},
      after, out);
  out.tasks_done.push_back(step_origin(wish.instance));
  for (const std::string& cancelled : outcome->cancels)
    for (const std::uint32_t number : [&] {
           std::vector<std::uint32_t> numbers;
           for (const StepInstance* open : after.open_steps(cancelled)) numbers.push_back(open->number);
           return numbers;
         }()) {
      add({now, StepClosed{number, "", at, "cancelled: " + outcome->title, {}, {}, wish.by}}, after, out);
      out.tasks_done.push_back(step_origin(number));
    }

  // The guards of what it opens, in the states as they are then.
  std::vector<std::string> why;
  if (!process.has_room_for_steps(outcome->to.size())) why.push_back(no_room);
  for (const std::string& state : outcome->opens)
    if (definition_.state(state)->one && (process.in_state(state) || wish.open_elsewhere.contains(state)))
      why.push_back("there is one " + in_ticks(definition_.state(state)->title) + " at a time, and one is open");
  for (const std::string& next : outcome->to) {
    const StepDefinition& to = *definition_.step(next);
    if (!to.in_parallel && !after.open_steps(next).empty()) continue;  // it goes on
    for (std::string& guard : guards(to, after.states(), wish.open_elsewhere)) why.push_back(std::move(guard));
    if (why.empty()) open_step(after, to, wish.instance, outcome->id, at, wish.by, now, out);
  }
  if (!why.empty())
    return fail("step-not-now", "cannot end " + in_ticks(step->title) + " with " + in_ticks(outcome->title),
                joined(why, "; "), "end what stands against it first, or choose another outcome");

  if (!outcome->tell.empty()) {
    AlertRaised told;
    told.key = "outcome/" + std::to_string(wish.instance);
    told.about = AlertRaised::About::outcome;
    told.instance = wish.instance;
    told.title = step->title + ": " + outcome->title;
    told.why = "the outcome of a step goes to those who contributed and to whom its definition names";
    for (const std::string& whom : outcome->tell) {
      if (whom == "contributors") {
        for (const Contribution& one : instance->contributions) told.members.insert(one.by.member);
      } else {
        told.roles.insert(whom);
      }
    }
    add({now, std::move(told)}, after, out);
  }
  Alarms(*this, after).raise(now, out);
  if (outcome->ends) {
    for (const StepInstance* open : after.open_steps()) out.tasks_done.push_back(step_origin(open->number));
    add({now, ProcessEnded{at}}, after, out);
  }
  return out;
}

Expected<Effects> ProcessEngine::give_reason(const RunningProcess& process, std::uint32_t instance,
                                             const std::string& clock, const std::string& text, const Actor& by,
                                             Instant now) const {
  const StepInstance* step = process.find(instance);
  const StepDefinition* definition = step ? definition_.step(step->step) : nullptr;
  if (!definition) return no_such("step of this case", std::to_string(instance), {});
  if (auto may = may_order(process, *definition, by); !may) return tl::unexpected(may.error());
  if (auto said = check_text(text); !said) return tl::unexpected(said.error());
  if (text.empty()) return fail("bad-field", "cannot take the reason", "it is empty", "say why it was late");
  const StepClock* found = definition->clock(clock);
  if (!found || !clocks_.face(process, *step, *found, now).needs_reason())
    return fail("bad-field", "cannot take the reason", in_ticks(clock) + " is no clock of this step that was missed",
                "look at the overview");
  Effects out;
  out.records.push_back({now, ReasonGiven{instance, clock, text, by}});
  out.tasks_done.push_back(reason_origin(instance, clock));
  return out;
}

Expected<Effects> ProcessEngine::acknowledge(const RunningProcess& process, const std::string& alert, const Actor& by,
                                             Instant now) const {
  if (auto named = check_actor(by, definition_); !named) return tl::unexpected(named.error());
  if (!process.alerts().contains(alert))
    return fail("bad-field", "cannot acknowledge it", "there is no such alert", "look at the list of alerts");
  Effects out;
  if (!process.is_acknowledged(alert)) out.records.push_back({now, AlertAcknowledged{alert, by}});
  return out;
}

Effects ProcessEngine::tick(const RunningProcess& process, Instant now) const {
  Effects out;
  Alarms(*this, process).raise(now, out);
  return out;
}

std::optional<Instant> ProcessEngine::next_tick(const RunningProcess& process, Instant now) const {
  return Alarms(*this, process).next(now);
}

}  // namespace ginnel
