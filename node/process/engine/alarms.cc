// SPDX-License-Identifier: Apache-2.0
#include "node/process/engine/alarms.h"

#include <algorithm>

namespace ginnel {
namespace {

using About = AlertRaised::About;
constexpr int end = 100;
constexpr std::string_view cover = "cover";

std::string number_of(std::uint32_t number) { return std::to_string(number); }

}  // namespace

void Alarms::of_clock(const StepInstance& step, const ClockFace& face, Instant now, std::vector<Candidate>& out) const {
  const StepClock& clock = *face.clock;
  const std::string of = "clock/" + number_of(step.number) + "/" + clock.id + "/";
  const auto propose = [&](Instant when, AlertRaised alert, int percent) {
    if (process_.was_told(alert.key)) return;
    alert.instance = step.number;
    alert.why = engine_.clocks_.explain(face);
    out.push_back({when, std::move(alert), clock.id, percent});
  };
  const StepDefinition& definition = *face.step;
  if (face.state == ClockFace::State::cannot_compute) {
    AlertRaised alert;
    alert.key = of + "cannot/" + face.trigger.at.date.iso();
    alert.about = About::cannot_compute;
    alert.title = definition.title + ": its deadline cannot be computed";
    alert.roles = {definition.lead, engine_.definition_.manager};
    return propose(now, std::move(alert), 0);
  }
  const bool late = face.state == ClockFace::State::met_late;
  const bool runs = face.state == ClockFace::State::running || face.state == ClockFace::State::overdue;
  if (!late && !(runs && step.is_open)) return;

  std::set<int> percents(clock.warn.begin(), clock.warn.end());
  for (const Escalation& one : clock.escalate)
    if (!one.plus) percents.insert(one.percent);
  for (int percent : percents) {
    if (late && percent < end) continue;
    auto when = part_of(clock.rule, face.trigger.at, face.trigger.recorded, percent, engine_.calendar_);
    if (!when) continue;
    AlertRaised alert;
    alert.key = of + face.deadline.last_day.iso() + "/" + std::to_string(percent);
    alert.about = About::clock;
    alert.title = definition.title + (percent < end ? ": " + std::to_string(percent) + " % of its time has gone"
                                                    : ": its time has run out");
    alert.roles = {definition.lead};
    if (percent == end) alert.roles.insert({definition.deputy, engine_.definition_.manager});
    for (const Escalation& one : clock.escalate)
      if (!one.plus && one.percent == percent) alert.roles.insert(one.role);
    alert.due = face.deadline.due;
    propose(*when, std::move(alert), percent);
  }
  if (late) return;
  for (const Escalation& one : clock.escalate) {
    if (!one.plus) continue;
    auto when = later(face.deadline, *one.plus, engine_.calendar_);
    if (!when) continue;
    AlertRaised alert;
    alert.key = of + face.deadline.last_day.iso() + "/" + one.text();
    alert.about = About::escalation;
    alert.title = definition.title + ": late, and since " + one.plus->text();
    alert.roles = {one.role};
    alert.due = face.deadline.due;
    propose(*when, std::move(alert), 0);
  }
}

void Alarms::of_watch(const Watch& watch, Instant now, std::vector<Candidate>& out) const {
  if (!watch.in_state.empty() && !process_.in_state(watch.in_state)) return;
  const auto& all = process_.occurrences();
  const auto is_of = [&](const Occurrence& one) {
    return std::find(watch.rule.events.begin(), watch.rule.events.end(), one.name) != watch.rule.events.end();
  };
  // The last by when it happened; of equals, by when it was recorded.
  std::optional<std::size_t> last;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (is_of(all[i]) && (!last || all[*last].at.order() <= all[i].at.order())) last = i;
  if (!last) return;
  const Occurrence& trigger = all[*last];
  int counted = 0;
  for (const Occurrence& one : all)
    counted +=
        is_of(one) && (watch.within_days == 0 || one.at.date.days() > trigger.at.date.days() - watch.within_days);
  if (counted < watch.at_least) return;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (watch.unless.contains(all[i].name) && (i > *last || all[i].at.order() > trigger.at.order())) return;

  AlertRaised alert;
  alert.key = "watch/" + watch.id + "/" + std::to_string(*last);
  alert.about = About::watch;
  alert.title = watch.title;
  alert.roles = {watch.tell.begin(), watch.tell.end()};
  alert.proposes = watch.proposes;
  alert.why = watch.rule.text() + "; " + trigger.name.text() + " was on " + for_people(trigger.at);
  if (watch.at_least > 1) alert.why += ", " + std::to_string(counted) + " times";
  if (watch.within_days > 0) alert.why += " within " + std::to_string(watch.within_days) + " days";
  for (const EventName& name : watch.unless) alert.why += "; no " + name.text() + " since";
  alert.why += " [" + watch.source + "]";
  Instant when = now;
  if (auto due = deadline(watch.rule, trigger.at, engine_.calendar_)) {
    when = due->due;
    alert.due = due->due;
  } else {
    alert.key += "/cannot";
    alert.about = About::cannot_compute;
    alert.title += ": when, cannot be computed";
    alert.why += "; " + due.error().why;
  }
  if (!process_.was_told(alert.key)) out.push_back({when, std::move(alert), "", 0});
}

// Before the office closes for a day that is no working day, somebody must have accepted to look after what is open.
void Alarms::of_cover(const StepInstance& step, const StepDefinition& definition, Instant now,
                      std::vector<Candidate>& out) const {
  const Calendar& calendar = engine_.calendar_;
  const auto works = [&](Date day) { return calendar.is(DayKind::working, day); };
  const auto plus = [](Date day, int days) { return Date::from_days(day.days() + days); };
  AlertRaised alert;
  alert.instance = step.number;
  alert.roles = {engine_.definition_.manager};
  if (!definition.deputy.empty()) alert.roles.insert(definition.deputy);
  const auto cannot = [&](const Error& error) {
    alert.key = "cover/" + number_of(step.number) + "/cannot/" + std::to_string(london_date(now).year);
    alert.about = About::cannot_compute;
    alert.title = definition.title + ": cannot tell whether tomorrow is a working day";
    alert.why = error.why;
    if (!process_.was_told(alert.key)) out.push_back({now, alert, "", 0});
  };
  // The last working day of this stretch, or of the one before where today is none.
  Date closing = london_date(now);
  auto today = works(closing);
  if (!today) return cannot(today.error());
  const int direction = *today ? 1 : -1;
  for (Date at = closing;; at = plus(at, direction)) {
    auto next = works(direction > 0 ? plus(at, 1) : at);
    if (!next) return cannot(next.error());
    closing = at;
    if (*next != (direction > 0)) break;
  }
  Date before = closing;  // the last day off before this stretch
  for (auto is = works(before); is && *is; is = works(before)) before = plus(before, -1);
  for (const Contribution& one : step.contributions)
    if (one.name == cover && london_date(one.recorded) > before) return;
  alert.key = "cover/" + number_of(step.number) + "/" + closing.iso();
  alert.about = About::cover;
  alert.title = definition.title + ": nobody has accepted to cover it";
  alert.why = for_people(closing) + " is the last working day before one that is none, and no `" + std::string(cover) +
              "` was recorded since " + for_people(before);
  if (process_.was_told(alert.key)) return;
  out.push_back({std::max(london_instant(closing, *definition.cover_by_minutes), step.opened_recorded), alert, "", 0});
}

std::vector<Alarms::Candidate> Alarms::candidates(Instant now) const {
  std::vector<Candidate> out;
  if (process_.has_ended()) return out;
  for (const StepInstance& step : process_.steps()) {
    const StepDefinition* definition = engine_.definition_.step(step.step);
    if (!definition) continue;
    for (const StepClock& clock : definition->clocks)
      if (const bool cancelled = !step.is_open && step.outcome.empty(); !cancelled)
        of_clock(step, engine_.clocks_.face(process_, step, clock, now), now, out);
    if (step.is_open && definition->cover_by_minutes) of_cover(step, *definition, now, out);
  }
  for (const Watch& watch : engine_.definition_.watches) of_watch(watch, now, out);
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.when < b.when; });
  return out;
}

void Alarms::raise(Instant now, Effects& out) const {
  std::vector<Candidate> due = candidates(now);
  due.erase(std::find_if(due.begin(), due.end(), [&](const Candidate& one) { return now < one.when; }), due.end());
  const bool office = in_office_hours(engine_.calendar_, now);
  for (std::size_t i = 0; i < due.size(); ++i) {
    Candidate& one = due[i];
    // After a night without the node one alert tells where the clock stands, not three that it was there before.
    const auto is_lesser = [&](const Candidate& other) {
      return other.percent > 0 && other.percent < one.percent && other.alert.instance == one.alert.instance &&
             other.clock == one.clock;
    };
    const bool is_covered =
        one.percent > 0 && std::any_of(due.begin(), due.end(), [&](const Candidate& other) {
          return other.percent > one.percent && other.alert.instance == one.alert.instance && other.clock == one.clock;
        });
    if (is_covered) continue;
    if (one.percent > 0)
      for (const Candidate& other : due)
        if (is_lesser(other)) {
          one.alert.covers.insert(other.alert.key);
          one.alert.roles.insert(other.alert.roles.begin(), other.alert.roles.end());
        }
    const StepInstance* step = process_.find(one.alert.instance);
    const StepDefinition* definition = step ? engine_.definition_.step(step->step) : nullptr;
    if (!office && one.alert.about != About::outcome) {
      const std::string& owner = definition ? definition->out_of_hours : engine_.definition_.out_of_hours;
      if (!owner.empty()) one.alert.roles.insert(owner);
    }
    if (one.percent == end && definition)
      out.tasks.push_back({reason_origin(one.alert.instance, one.clock),
                           definition->lead,
                           definition->deputy,
                           definition->title + ": say why it is late",
                           {}});
    one.alert.roles.erase("");
    out.records.push_back({now, one.alert});
  }
}

std::optional<Instant> Alarms::next(Instant now) const {
  const auto all = candidates(now);
  if (all.empty()) return std::nullopt;
  return all.front().when;
}

bool in_office_hours(const Calendar& calendar, Instant now) {
  const Date today = london_date(now);
  auto works = calendar.is(DayKind::working, today);
  return works && *works && london_instant(today, calendar.opens_minutes()) <= now &&
         now < london_instant(today, calendar.closes_minutes());
}

}  // namespace ginnel
