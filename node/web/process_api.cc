// SPDX-License-Identifier: Apache-2.0
#include "node/web/process_api.h"

#include <nlohmann/json.hpp>

#include "node/web/limits.h"
#include "node/web/object_reader.h"

namespace ginnel {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t when_bytes_max = 40;

When when_of(ObjectReader& in) {
  const std::string given = in.text("at", when_bytes_max);
  if (given.empty()) return {};
  auto when = parse_when(given);
  if (!when) in.fault("at", "is no moment", "write 2026-12-03 or 2026-12-03T17:00:00Z");
  return when.value_or(When());
}

template <class Read>
auto read_body(std::string_view json, std::initializer_list<std::string_view> names, const Read& read)
    -> Expected<decltype(read(std::declval<ObjectReader&>()))> {
  auto body = read_json(json);
  if (!body) return tl::unexpected(body.error());
  ObjectReader in(*body, "");
  in.allow_only(names);
  auto wish = read(in);
  if (const Error* fault = in.first_fault()) return tl::unexpected(*fault);
  return wish;
}

std::string moment(const When& when) { return when.at.is_set() ? to_iso_utc(when.at) : to_iso(when); }

OrderedJson pairs_json(const std::vector<std::pair<std::string, std::string>>& pairs) {
  OrderedJson out = OrderedJson::array();
  for (const auto& [id, title] : pairs) out.push_back({{"id", id}, {"title", title}});
  return out;
}

OrderedJson summary_json(const ProcessSummary& process) {
  OrderedJson out{{"id", process.id.hex()}, {"definition", process.definition}, {"title", process.title},
                  {"lead", process.lead},   {"person", process.person.hex()},   {"states", process.states},
                  {"open", process.open},   {"late", process.is_late},          {"ended", process.has_ended}};
  if (process.due.is_set()) out["due"] = to_iso_utc(process.due);
  return out;
}

OrderedJson clock_json(const ProcessClock& clock) {
  OrderedJson out{{"id", clock.id},
                  {"state", clock.state},
                  {"late", clock.is_late},
                  {"needsReason", clock.needs_reason},
                  {"why", clock.why}};
  if (clock.due.is_set()) out["due"] = to_iso_utc(clock.due);
  if (!clock.late_reason.empty()) out["lateReason"] = clock.late_reason;
  return out;
}

OrderedJson step_json(const ProcessStepLine& step) {
  OrderedJson out{{"number", step.number},        {"step", step.step},    {"title", step.title},
                  {"owner", step.owner},          {"open", step.is_open}, {"cancelled", step.is_cancelled},
                  {"opened", moment(step.opened)}};
  if (step.closed.is_set()) out["closed"] = moment(step.closed);
  if (!step.outcome.empty()) out["outcome"] = step.outcome;
  if (!step.reason.empty()) out["reason"] = step.reason;
  if (!step.done_by.empty()) out["doneBy"] = step.done_by;
  out["present"] = step.present;
  out["missing"] = step.missing;
  out["waitsFor"] = step.waits_for;
  out["outcomes"] = pairs_json(step.outcomes);
  OrderedJson contributions = OrderedJson::array(), clocks = OrderedJson::array();
  for (const auto& one : step.contributions) {
    OrderedJson row{{"name", one.name}, {"member", one.member}, {"at", moment(one.at)}};
    if (!one.text.empty()) row["text"] = one.text;
    contributions.push_back(std::move(row));
  }
  for (const auto& clock : step.clocks) clocks.push_back(clock_json(clock));
  out["contributions"] = std::move(contributions);
  out["clocks"] = std::move(clocks);
  return out;
}

OrderedJson alert_json(const ProcessAlert& alert) {
  OrderedJson out{{"key", alert.key},
                  {"title", alert.title},
                  {"why", alert.why},
                  {"told", alert.told},
                  {"acknowledged", alert.is_acknowledged}};
  if (!alert.proposes.empty()) out["proposes"] = alert.proposes;
  if (alert.due.is_set()) out["due"] = to_iso_utc(alert.due);
  return out;
}

std::string dumped(const OrderedJson& json) { return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace); }

}  // namespace

Expected<NewProcess> read_new_process(std::string_view json) {
  return read_body(json, {"definition", "person", "at"}, [](ObjectReader& in) {
    NewProcess wish;
    wish.definition = in.needed_text("definition", limits::api_word_bytes_max);
    const auto person = PersonRef::parse(in.needed_text("person", limits::api_word_bytes_max));
    if (!person) in.fault("person", "is no id", "take it from `ginnel find`");
    wish.person = person.value_or(PersonRef());
    wish.at = when_of(in);
    return wish;
  });
}

Expected<NewProcessStep> read_new_process_step(const ProcessId& process, std::string_view json) {
  return read_body(json, {"step", "at"}, [&](ObjectReader& in) {
    NewProcessStep wish;
    wish.process = process;
    wish.step = in.needed_text("step", limits::api_word_bytes_max);
    wish.at = when_of(in);
    return wish;
  });
}

Expected<NewContribution> read_new_contribution(const ProcessId& process, std::uint32_t step, std::string_view json) {
  return read_body(json, {"name", "text", "at", "member", "agency"}, [&](ObjectReader& in) {
    NewContribution wish;
    wish.process = process;
    wish.step = step;
    wish.name = in.needed_text("name", limits::api_word_bytes_max);
    wish.text = in.text("text", limits::api_process_text_bytes_max, true);
    wish.at = when_of(in);
    wish.member = in.text("member", limits::api_word_bytes_max);
    wish.agency = in.text("agency", limits::api_word_bytes_max);
    if (wish.member.empty() && !wish.agency.empty())
      in.fault("agency", "is said without `member`", "say whose contribution it is, or neither for your own agency");
    return wish;
  });
}

Expected<NewAnswer> read_new_answer(const NoticeId& notice, std::string_view json) {
  return read_body(json, {"name", "text", "at"}, [&](ObjectReader& in) {
    NewAnswer wish;
    wish.notice = notice;
    wish.name = in.needed_text("name", limits::api_word_bytes_max);
    wish.text = in.text("text", limits::api_process_text_bytes_max, true);
    wish.at = when_of(in);
    return wish;
  });
}

Expected<NewOutcome> read_new_outcome(const ProcessId& process, std::uint32_t step, std::string_view json) {
  return read_body(json, {"outcome", "reason", "at"}, [&](ObjectReader& in) {
    NewOutcome wish;
    wish.process = process;
    wish.step = step;
    wish.outcome = in.needed_text("outcome", limits::api_word_bytes_max);
    wish.reason = in.text("reason", limits::api_process_text_bytes_max, true);
    wish.at = when_of(in);
    return wish;
  });
}

Expected<NewLateReason> read_new_late_reason(const ProcessId& process, std::uint32_t step, std::string_view json) {
  return read_body(json, {"clock", "text"}, [&](ObjectReader& in) {
    NewLateReason wish;
    wish.process = process;
    wish.step = step;
    wish.clock = in.needed_text("clock", limits::api_word_bytes_max);
    wish.text = in.needed_text("text", limits::api_process_text_bytes_max, true);
    return wish;
  });
}

Expected<std::string> read_process_move(std::string_view json) {
  return read_body(json, {"to"}, [](ObjectReader& in) { return in.needed_text("to", limits::api_name_bytes_max); });
}

Expected<std::string> read_alert_key(std::string_view json) {
  return read_body(json, {"alert"},
                   [](ObjectReader& in) { return in.needed_text("alert", limits::api_name_bytes_max); });
}

std::string to_json(const ProcessList& list) {
  OrderedJson rows = OrderedJson::array();
  for (const auto& process : list.processes) rows.push_back(summary_json(process));
  return dumped({{"processes", std::move(rows)}, {"more", list.more}});
}

std::string to_json(const ProcessDetail& process) {
  OrderedJson out = summary_json(process.process);
  out["edition"] = process.edition;
  if (process.newer)
    out["newer"] = {{"definition", process.newer->definition},
                    {"edition", process.newer->edition},
                    {"since", process.newer->since.iso()}};
  OrderedJson steps = OrderedJson::array(), alerts = OrderedJson::array();
  for (const auto& step : process.steps) steps.push_back(step_json(step));
  for (const auto& alert : process.alerts) alerts.push_back(alert_json(alert));
  if (process.look) {
    out["look"] = {{"at", to_iso_utc(process.look->at)},
                   {"unanswered", process.look->unanswered},
                   {"withheld", process.look->withheld}};
    if (!process.look->problem.empty()) out["look"]["problem"] = process.look->problem;
  }
  out["steps"] = std::move(steps);
  out["alerts"] = std::move(alerts);
  out["mayBegin"] = pairs_json(process.may_begin);
  return dumped(out);
}

std::string number_json(std::uint64_t number) { return dumped({{"number", number}}); }

}  // namespace ginnel
