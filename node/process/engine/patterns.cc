// SPDX-License-Identifier: Apache-2.0
#include "node/process/engine/patterns.h"

#include <algorithm>

#include "federation/base/text.h"
#include "node/process/engine/alarms.h"

namespace ginnel {
namespace {

constexpr std::size_t records_told_max = 12;  // in the words of one alert

std::string key_prefix(const Pattern& pattern) { return "pattern/" + pattern.id + "/"; }

// "2026-11-12/0003": the day of the newest record, and how many there are.
constexpr std::size_t day_size = 10, number_size = 4;
std::string key_end(Date newest, std::size_t count) {
  std::string number = std::to_string(count);
  number.insert(0, number_size - std::min(number.size(), number_size), '0');
  return newest.iso() + "/" + number;
}

std::string in_words(std::string kind) {
  std::replace(kind.begin(), kind.end(), '_', ' ');
  return kind;
}

std::string list_of(const std::set<std::string>& words) { return joined({words.begin(), words.end()}, ", "); }

// What it was told without: nobody may take "no more than these" for "no more".
std::string gaps(const Seen& seen) {
  std::string out;
  if (!seen.unanswered.empty()) out += "; without a full answer of " + list_of(seen.unanswered);
  if (!seen.withheld.empty()) out += "; something is held back by " + list_of(seen.withheld);
  return out;
}

}  // namespace

std::optional<Occurrence> Patterns::last_of(const std::set<EventName>& names) const {
  std::optional<Occurrence> last;
  for (const Occurrence& one : process_.occurrences())
    if (names.contains(one.name) && (!last || last->at.order() <= one.at.order())) last = one;
  return last;
}

bool Patterns::is_told(const Pattern& pattern, Date newest, std::size_t count) const {
  const std::string prefix = key_prefix(pattern);
  const auto& told = process_.alerts();
  for (auto at = told.lower_bound(prefix); at != told.end() && at->first.starts_with(prefix); ++at) {
    const std::string end = at->first.substr(prefix.size());
    if (end.substr(0, day_size) >= newest.iso() && std::stoul(end.substr(day_size + 1)) >= count) return true;
  }
  return false;
}

AlertRaised Patterns::alert_of(const Pattern& pattern, Date newest, std::size_t count) const {
  AlertRaised alert;
  alert.key = key_prefix(pattern) + key_end(newest, count);
  alert.about = AlertRaised::About::watch;
  alert.title = pattern.title;
  alert.roles = {pattern.tell.begin(), pattern.tell.end()};
  alert.proposes = pattern.proposes;
  return alert;
}

std::vector<const SeenRecord*> Patterns::counted(const Pattern& pattern, const Seen& seen, Instant now) const {
  const auto since = last_of(pattern.since);
  std::vector<const SeenRecord*> out;
  for (const SeenRecord& record : seen.records) {
    if (!pattern.records.contains(record.kind) || !record.at.is_set() || !has_happened(record.at, now)) continue;
    if (since && record.at.date < since->at.date) continue;
    out.push_back(&record);
  }
  std::stable_sort(out.begin(), out.end(), [](const auto* a, const auto* b) { return a->at.order() > b->at.order(); });
  return out;
}

std::optional<AlertRaised> Patterns::too_many(const Pattern& pattern, const Seen& seen, Instant now) const {
  if (!pattern.since.empty() && !last_of(pattern.since)) return std::nullopt;
  std::vector<const SeenRecord*> records = counted(pattern, seen, now);
  if (records.empty()) return std::nullopt;
  const Date newest = records.front()->at.date;
  // Of long ago: it was for whoever worked with the child then.
  if (newest.days() <= london_date(now).days() - pattern.within_days) return std::nullopt;
  std::erase_if(records,
                [&](const SeenRecord* one) { return one->at.date.days() <= newest.days() - pattern.within_days; });
  std::set<std::string> agencies;
  for (const SeenRecord* one : records) agencies.insert(one->agencies.begin(), one->agencies.end());
  if (int(records.size()) < pattern.at_least || int(agencies.size()) < pattern.agencies) return std::nullopt;
  if (const auto done = last_of(pattern.unless); done && done->at.order() > records.front()->at.order())
    return std::nullopt;
  if (is_told(pattern, newest, records.size())) return std::nullopt;

  AlertRaised alert = alert_of(pattern, newest, records.size());
  std::vector<std::string> told;
  for (std::size_t i = 0; i < std::min(records.size(), records_told_max); ++i)
    told.push_back(in_words(records[i]->kind) + " on " + for_people(records[i]->at.date) + " (" +
                   list_of(records[i]->agencies) + ")");
  alert.why =
      "at least " + std::to_string(pattern.at_least) + " within " + std::to_string(pattern.within_days) + " days";
  if (pattern.agencies > 1) alert.why += ", from at least " + std::to_string(pattern.agencies) + " agencies";
  alert.why += "; there are " + std::to_string(records.size()) + ": " + joined(told, ", ");
  if (records.size() > records_told_max)
    alert.why += " and " + std::to_string(records.size() - records_told_max) + " before";
  for (const EventName& name : pattern.unless) alert.why += "; no " + name.text() + " since";
  alert.why += gaps(seen) + " [" + pattern.source + "]";
  return alert;
}

std::optional<AlertRaised> Patterns::absence(const Pattern& pattern, const Seen& seen, Instant now) const {
  const std::vector<const SeenRecord*> records = counted(pattern, seen, now);
  const auto since = last_of(pattern.since);
  When last = process_.occurrences().front().at;  // the process itself has begun
  std::string what = "the process began on " + for_people(last.date);
  if (since) {
    last = since->at;
    what = since->name.text() + " was on " + for_people(last.date);
  }
  if (!records.empty() && (records.front()->at.order() >= last.order() || !since)) {
    last = records.front()->at;
    what = in_words(records.front()->kind) + " on " + for_people(last.date) + " (" +
           list_of(records.front()->agencies) + ") is the last";
  }
  if (const auto done = last_of(pattern.unless); done && done->at.order() > last.order()) return std::nullopt;
  // From the end of that day on, whatever its hour: a day's record has none.
  ClockRule rule;
  rule.count = pattern.absent->count;
  rule.unit = pattern.absent->unit;
  const auto ends = deadline(rule, When::on(last.date), calendar_);
  if (ends && !ends->passed(now)) return std::nullopt;
  if (is_told(pattern, last.date, 0)) return std::nullopt;

  AlertRaised alert = alert_of(pattern, last.date, 0);
  alert.why = "none for " + pattern.absent->text() + ": " + what + gaps(seen) + " [" + pattern.source + "]";
  if (ends) {
    alert.due = ends->due;
  } else {
    alert.about = AlertRaised::About::cannot_compute;
    alert.title += ": since when, cannot be computed";
    alert.why += "; " + ends.error().why;
  }
  return alert;
}

void Patterns::raise(const Seen& seen, Instant now, Effects& out) const {
  const bool office = in_office_hours(calendar_, now);
  for (const Pattern& pattern : definition_.patterns) {
    if (!pattern.in_state.empty() && !process_.in_state(pattern.in_state)) continue;
    auto alert = pattern.absent ? absence(pattern, seen, now) : too_many(pattern, seen, now);
    if (!alert) continue;
    if (!office) alert->roles.insert(definition_.out_of_hours);
    alert->roles.erase("");
    out.records.push_back({now, std::move(*alert)});
  }
}

// --- the engine's side

Effects ProcessEngine::look(const RunningProcess& process, const Seen& seen, Instant now) const {
  Effects out;
  if (process.has_ended()) return out;
  Patterns(definition_, calendar_, process).raise(seen, now, out);
  out.records.push_back({now, Looked{seen.unanswered, seen.withheld, {}}});
  return out;
}

Effects ProcessEngine::cannot_look(const RunningProcess& process, const std::string& why, Instant now) const {
  Effects out;
  if (process.has_ended()) return out;
  AlertRaised alert;
  alert.key = "look/cannot/" + london_date(now).iso();
  alert.about = AlertRaised::About::cannot_compute;
  alert.title = "The records of all agencies could not be looked at together";
  alert.why = why;
  alert.roles = {definition_.manager};
  if (!process.was_told(alert.key)) out.records.push_back({now, std::move(alert)});
  out.records.push_back({now, Looked{{}, {}, why}});
  return out;
}

std::optional<Instant> ProcessEngine::next_look(const RunningProcess& process, Instant now) const {
  if (!definition_.look || process.has_ended()) return std::nullopt;
  const auto proves = [&](const std::string& state) {
    const StateDefinition* known = definition_.state(state);
    return known && known->proves.contains(definition_.look->purpose);
  };
  const auto states = process.states();
  if (std::none_of(states.begin(), states.end(), proves)) return std::nullopt;
  if (!process.last_look()) return now;
  const Instant last = process.last_look()->at;
  if (now < last) return now;  // by a clock that was ahead: nobody has to wait until it is that late
  Date day = london_date(last);
  if (london_instant(day, definition_.look->at_minutes) <= last) day = Date::from_days(day.days() + 1);
  return london_instant(day, definition_.look->at_minutes);
}

}  // namespace ginnel
