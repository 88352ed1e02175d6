// SPDX-License-Identifier: Apache-2.0
#include "node/process/overview.h"

#include <algorithm>
#include <charconv>

#include "federation/base/text.h"

namespace ginnel {
namespace {

constexpr std::string_view comma = ", ";

std::optional<std::uint32_t> number_of(const std::string& text) {
  std::uint32_t number = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  return error == std::errc() && end == last && number > 0 ? std::optional(number) : std::nullopt;
}

bool read_into(OverviewStep& step, const Field& field) {
  const auto& [name, value] = field;
  if (name == "title") return step.title = value, true;
  if (name == "by") return step.owner = value, true;
  if (name == "opened") return step.opened = parse_when(value).value_or(When()), true;
  if (name == "closed") return step.closed = parse_when(value).value_or(When()), step.is_open = false, true;
  if (name == "due") return step.due = parse_iso_utc(value).value_or(Instant()), true;
  if (name == "late-because") return step.late_because = value, true;
  if (name == "waits-for") return step.waits_for = split(value, comma), true;
  if (name == "missing") return step.missing = split(value, comma), true;
  if (name == "outcome") return step.outcome = value, true;
  if (name == "cancelled") return step.is_cancelled = true, true;
  return false;
}

std::string sentence_of(const OverviewStep& step, Instant now) {
  std::string out;
  const auto add = [&out](const std::string& part) { out += (out.empty() ? "" : "; ") + part; };
  if (step.is_cancelled) {
    add("cancelled");
  } else if (!step.is_open) {
    add((step.outcome.empty() ? std::string("ended") : step.outcome) +
        (step.closed.is_set() ? ", " + for_people(step.closed) : ""));
  } else {
    add("open" + (step.opened.is_set() ? " since " + for_people(step.opened) : std::string()) +
        (step.owner.empty() ? "" : ", " + step.owner));
    if (step.due.is_set()) {
      const bool is_late = step.due < now;
      add((is_late ? "LATE, was due " : "due ") + for_people(step.due) +
          (step.late_because.empty() ? is_late ? std::string(", nobody has said why") : std::string()
                                     : ": " + step.late_because));
    }
    if (!step.waits_for.empty()) add("waits for " + joined(step.waits_for, comma));
    if (!step.missing.empty()) add("no quorum without " + joined(step.missing, comma));
  }
  return out;
}

}  // namespace

std::vector<Field> fields_of(const ProcessOverview& overview) {
  std::vector<Field> out{{"process", overview.process.hex()},
                         {"state", joined(overview.states, comma)},
                         {"as-at", to_iso_utc(overview.as_at)}};
  const auto put = [&out](const char* name, const std::string& value) {
    if (!value.empty()) out.push_back({name, value});
  };
  if (overview.has_ended) put("ended", "yes");
  if (overview.left_out > 0) put("left-out", std::to_string(overview.left_out));
  for (const OverviewStep& step : overview.steps) {
    put("step", std::to_string(step.number));
    put("title", step.title);
    put("by", step.owner);
    if (step.opened.is_set()) put("opened", to_iso(step.opened));
    if (step.is_open && step.due.is_set()) put("due", to_iso_utc(step.due));
    put("late-because", step.late_because);
    put("waits-for", joined(step.waits_for, comma));
    put("missing", joined(step.missing, comma));
    put("outcome", step.outcome);
    if (step.is_cancelled) put("cancelled", "yes");
    if (!step.is_open && step.closed.is_set()) put("closed", to_iso(step.closed));
  }
  return out;
}

std::optional<ProcessOverview> overview_of(std::string_view kind, const std::string& headline,
                                           const std::vector<Field>& fields) {
  if (kind != overview_kind) return std::nullopt;
  ProcessOverview out;
  out.title = headline;
  OverviewStep* step = nullptr;
  for (const Field& field : fields) {
    const auto& [name, value] = field;
    if (name == "step") {
      const auto number = number_of(value);
      if (!number || out.steps.size() >= limits::overview_steps_max) return std::nullopt;
      out.steps.emplace_back();
      step = &out.steps.back();
      step->number = *number;
      step->is_open = true;
    } else if (step) {
      if (!read_into(*step, field)) return std::nullopt;
    } else if (name == "process") {
      out.process = ProcessId::parse(value).value_or(ProcessId());
    } else if (name == "state") {
      out.states = split(value, comma);
    } else if (name == "as-at") {
      out.as_at = parse_iso_utc(value).value_or(Instant());
    } else if (name == "ended") {
      out.has_ended = true;
    } else if (name == "left-out") {
      out.left_out = number_of(value).value_or(0);
    } else {
      return std::nullopt;
    }
  }
  for (OverviewStep& one : out.steps) one.is_open = one.is_open && !one.is_cancelled;
  if (out.process.empty() || !out.as_at.is_set()) return std::nullopt;
  return out;
}

std::vector<Field> for_people(const ProcessOverview& overview, Instant now) {
  std::vector<Field> out;
  auto stands = joined(overview.states, comma);
  if (overview.has_ended) stands += (stands.empty() ? "" : "; ") + std::string("it has ended");
  out.push_back({"As at " + for_people(overview.as_at), stands.empty() ? std::string("it runs") : stands});
  for (const OverviewStep& step : overview.steps) out.push_back({step.title, sentence_of(step, now)});
  if (overview.left_out > 0)
    out.push_back({"And before", std::to_string(overview.left_out) + " more that the lead can tell of"});
  return out;
}

}  // namespace ginnel
