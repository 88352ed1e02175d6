// SPDX-License-Identifier: Apache-2.0
#include "node/web/work_api.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "node/web/json_value.h"
#include "node/web/limits.h"

namespace ginnel {
namespace {

using OrderedJson = nlohmann::ordered_json;

bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return c != '\n' && c != '\r' && c != '\t' && (static_cast<unsigned char>(c) < 0x20 || c == 0x7f);
  });
}

// The members of one object, each asked for by name; what was not asked for is refused at the end.
class Members {
 public:
  explicit Members(const JsonValue& value) : value_(value) {}

  std::string text(std::string_view name, std::size_t bytes_max, bool needed) {
    known_.push_back(name);
    const auto* found = value_.find(name);
    if (!found) return needed ? wrong(name, "is missing") : std::string();
    if (found->kind != JsonValue::Kind::text) return wrong(name, "must be a text");
    if (found->text.size() > bytes_max) return wrong(name, "is longer than " + std::to_string(bytes_max) + " bytes");
    if (has_controls(found->text)) return wrong(name, "has control characters");
    if (needed && found->text.empty()) return wrong(name, "is empty");
    return found->text;
  }
  template <class IdType>
  IdType id(std::string_view name) {
    const auto hex = text(name, 64, false);
    if (hex.empty()) return {};
    auto parsed = IdType::parse(hex);
    if (!parsed) wrong(name, "is no id");
    return parsed.value_or(IdType());
  }
  Instant instant(std::string_view name) {
    const auto given = text(name, 64, false);
    if (given.empty()) return {};
    auto parsed = parse_iso_utc(given);
    if (!parsed) wrong(name, "is no moment such as 2026-12-03T17:00:00Z");
    return parsed.value_or(Instant());
  }
  const JsonValue* object(std::string_view name) {
    known_.push_back(name);
    const auto* found = value_.find(name);
    if (found && found->kind != JsonValue::Kind::object) wrong(name, "must be an object");
    return found && found->kind == JsonValue::Kind::object ? found : nullptr;
  }
  std::string wrong(std::string_view name, std::string why) {
    if (!fault_) fault_ = bad_field(name, std::move(why)).value();
    return {};
  }
  template <class T>
  Expected<T> finish(T made) {
    for (const auto& member : value_.object)
      if (std::find(known_.begin(), known_.end(), member.name) == known_.end())
        return fail("bad-field", "cannot read the request", "it has a field that is not known",
                    "see docs/api.md for the names");
    if (fault_) return tl::unexpected(*fault_);
    return made;
  }

 private:
  const JsonValue& value_;
  std::vector<std::string_view> known_;
  std::optional<Error> fault_;
};

Expected<JsonValue> read_object(std::string_view text) {
  auto json = read_json(text);
  if (json && json->kind != JsonValue::Kind::object) return bad_field("the body", "must be an object");
  return json;
}

OrderedJson to_json(const WorkerName& who) {
  OrderedJson out = OrderedJson::object();
  if (!who.username.empty()) out["username"] = who.username;
  if (!who.role.empty()) out["role"] = who.role;
  out["title"] = who.title;
  return out;
}
OrderedJson to_json(const std::vector<WorkerName>& names) {
  OrderedJson out = OrderedJson::array();
  for (const auto& name : names) out.push_back(to_json(name));
  return out;
}

OrderedJson to_json(const PersonLabel& label) {
  OrderedJson sources = OrderedJson::array();
  for (const auto& [system, key] : label.sources) sources.push_back({{"system", system}, {"key", key}});
  return {{"id", label.person.hex()}, {"sources", std::move(sources)}};
}

OrderedJson summary_json(const TaskSummary& task) {
  OrderedJson out{{"id", task.id.hex()},
                  {"kind", task.kind},
                  {"title", task.title},
                  {"state", std::string(name_of(task.state))},
                  {"holders", to_json(task.holders)},
                  {"mine", task.is_mine},
                  {"review", task.is_review},
                  {"opened", to_iso_utc(task.opened)},
                  {"due", to_iso_utc(task.due)},
                  {"late", task.is_late},
                  {"dueSoon", task.is_due_soon},
                  {"madeBy", task.made_by}};
  if (!task.person.empty()) out["person"] = task.person.hex();
  if (!task.view.empty()) out["view"] = task.view.hex();
  if (task.escalated > 0) out["wentTo"] = task.escalated == 1 ? "deputy" : "managers";
  if (!task.outcome.empty()) out["outcome"] = task.outcome;
  if (!task.reason.empty()) out["reason"] = task.reason;
  return out;
}

std::string dumped(const OrderedJson& json) { return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace); }

}  // namespace

std::string_view name_of(TaskState state) {
  switch (state) {
    case TaskState::open:
      return "open";
    case TaskState::accepted:
      return "accepted";
    case TaskState::done:
      return "done";
    case TaskState::cancelled:
      return "cancelled";
  }
  return "";
}

std::string_view name_of(TaskAct act) {
  switch (act) {
    case TaskAct::opened:
      return "opened";
    case TaskAct::accepted:
      return "accepted";
    case TaskAct::handed_over:
      return "handed over";
    case TaskAct::to_deputy:
      return "due: gone to the deputy too";
    case TaskAct::to_manager:
      return "late: gone to the managers too";
    case TaskAct::done:
      return "done";
    case TaskAct::cancelled:
      return "cancelled";
  }
  return "";
}

Expected<TaskQuery> read_task_query(const FormFields& query) {
  using Which = TaskQuery::Which;
  TaskQuery out;
  for (const auto& [name, value] : query.all) {
    if (name == "which" && (value == "mine" || value == "managed" || value == "unowned"))
      out.which = value == "mine" ? Which::mine : value == "managed" ? Which::managed : Which::unowned;
    else if (name == "state" && (value == "active" || value == "closed"))
      out.closed = value == "closed";
    else
      return bad_field("the query", "has a name or a value that is not known",
                       "which=mine, managed or unowned; state=active or closed");
  }
  return out;
}

Expected<NewTask> read_new_task(std::string_view text) {
  auto json = read_object(text);
  if (!json) return tl::unexpected(json.error());
  Members in(*json);
  NewTask out;
  out.kind = in.text("kind", limits::api_word_bytes_max, true);
  out.person = in.id<PersonRef>("person");
  out.view = in.id<ViewId>("view");
  out.due = in.instant("due");
  out.note = in.text("note", limits::api_reason_bytes_max, false);
  out.to = in.text("to", limits::api_name_bytes_max, false);
  return in.finish(std::move(out));
}

Expected<TaskChange> read_task_change(const TaskId& task, TaskChange::What what, std::string_view text) {
  using What = TaskChange::What;
  TaskChange out;
  out.task = task;
  out.what = what;
  if (what == What::accept && text.empty()) return out;
  auto json = read_object(text);
  if (!json) return tl::unexpected(json.error());
  Members in(*json);
  if (what == What::done) out.outcome = in.text("outcome", limits::api_word_bytes_max, true);
  if (what == What::hand_over) out.to = in.text("to", limits::api_name_bytes_max, true);
  if (what != What::accept) out.reason = in.text("reason", limits::api_reason_bytes_max, true);
  return in.finish(std::move(out));
}

Expected<HandOverAll> read_hand_over_all(std::string_view text) {
  auto json = read_object(text);
  if (!json) return tl::unexpected(json.error());
  Members in(*json);
  HandOverAll out;
  out.from = in.text("from", limits::api_name_bytes_max, true);
  out.to = in.text("to", limits::api_name_bytes_max, true);
  out.reason = in.text("reason", limits::api_reason_bytes_max, true);
  return in.finish(std::move(out));
}

Expected<NewAllocation> read_new_allocation(std::string_view text) {
  auto json = read_object(text);
  if (!json) return tl::unexpected(json.error());
  Members in(*json);
  NewAllocation out;
  out.person = in.id<PersonRef>("person");
  if (const JsonValue* source = in.object("source")) {
    Members of(*source);
    out.system = of.text("system", limits::api_name_bytes_max, true);
    out.key = of.text("key", limits::api_name_bytes_max, true);
    auto read = of.finish(true);
    if (!read) return tl::unexpected(read.error());
  }
  if (out.person.empty() == out.system.empty()) in.wrong("person", "or `source` must be there, and one of them only");
  out.worker = in.text("worker", limits::api_name_bytes_max, true);
  out.from = in.instant("from");
  out.to = in.instant("to");
  out.reason = in.text("reason", limits::api_reason_bytes_max, false);
  return in.finish(std::move(out));
}

Expected<EndAllocation> read_end_allocation(const AllocationId& allocation, std::string_view text) {
  auto json = read_object(text);
  if (!json) return tl::unexpected(json.error());
  Members in(*json);
  EndAllocation out{allocation, in.text("reason", limits::api_reason_bytes_max, true)};
  return in.finish(std::move(out));
}

Expected<NewConflict> read_new_conflict(std::string_view text) {
  auto json = read_object(text);
  if (!json) return tl::unexpected(json.error());
  Members in(*json);
  NewConflict out;
  out.person = in.id<PersonRef>("person");
  if (out.person.empty()) in.wrong("person", "must be there: an id of the search of people");
  out.worker = in.text("worker", limits::api_name_bytes_max, false);
  out.reason = in.text("reason", limits::api_reason_bytes_max, true);
  return in.finish(std::move(out));
}

std::string to_json(const TaskList& list) {
  OrderedJson rows = OrderedJson::array();
  for (const auto& task : list.tasks) rows.push_back(summary_json(task));
  return dumped({{"tasks", std::move(rows)}, {"more", list.more}});
}

std::string to_json(const TaskDetail& detail) {
  OrderedJson out = summary_json(detail.task);
  if (!detail.note.empty()) out["note"] = detail.note;
  if (!detail.about.person.empty()) out["person"] = to_json(detail.about);
  if (!detail.invitation.empty()) out["invitation"] = detail.invitation;
  OrderedJson outcomes = OrderedJson::array();
  for (const auto& [id, words] : detail.outcomes) outcomes.push_back(id);
  out["outcomes"] = std::move(outcomes);
  OrderedJson history = OrderedJson::array();
  for (const auto& line : detail.history) {
    OrderedJson row{{"at", to_iso_utc(line.at)}, {"act", std::string(name_of(line.act))}, {"by", line.by}};
    row["to"] = to_json(line.to);
    if (!line.outcome.empty()) row["outcome"] = line.outcome;
    if (!line.reason.empty()) row["reason"] = line.reason;
    history.push_back(std::move(row));
  }
  out["history"] = std::move(history);
  return dumped(out);
}

namespace {

OrderedJson rows_json(const std::vector<AllocationRow>& rows) {
  OrderedJson out = OrderedJson::array();
  for (const auto& row : rows) {
    OrderedJson one{{"id", row.id.hex()},         {"person", to_json(row.person)}, {"worker", to_json(row.worker)},
                    {"team", row.team},           {"from", to_iso_utc(row.from)},  {"current", row.is_current},
                    {"by", to_json(row.said_by)}, {"reason", row.reason}};
    if (row.to.is_set()) one["to"] = to_iso_utc(row.to);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

std::string to_json(const std::vector<AllocationRow>& rows) { return dumped({{"allocations", rows_json(rows)}}); }
std::string conflicts_json(const std::vector<AllocationRow>& rows) { return dumped({{"conflicts", rows_json(rows)}}); }

std::string to_json(const HandedOver& handed) {
  return dumped({{"tasks", handed.tasks}, {"allocations", handed.allocations}});
}

std::string id_json(const std::string& id) { return dumped({{"id", id}}); }

}  // namespace ginnel
