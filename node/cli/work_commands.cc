// SPDX-License-Identifier: Apache-2.0
// ginnel task: what is to be done at one's own node, through its API.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "federation/base/id.h"
#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"
#include "node/cli/terminal_text.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

std::string holders_of(const Json& json, const char* name) {
  std::string out;
  for (const auto& holder : json.value(name, Json::array()))
    if (holder.is_object()) out += (out.empty() ? "" : ", ") + text_in(holder, "title");
  return out;
}

void print_task_line(std::ostream& out, const Json& task) {
  const char* mark = task.value("late", false) ? "LATE" : task.value("dueSoon", false) ? "soon" : "    ";
  out << mark << "  due " << text_in(task, "due") << "  " << text_in(task, "id") << "  " << text_in(task, "title")
      << "  (" << text_in(task, "state") << ", " << holders_of(task, "holders") << ")\n";
}

Expected<Json> read(Invocation& call, const std::string& path, std::string* body) {
  auto text = get_from_node(call, path);
  if (!text) return tl::unexpected(text.error());
  *body = std::move(*text);
  return object_of(*body);
}

ExitCode task_list(Invocation& call) {
  std::string path = "/api/v1/tasks?which=mine", body;
  if (call.has("managed")) path = "/api/v1/tasks?which=managed";
  if (call.has("unowned")) path = "/api/v1/tasks?which=unowned";
  if (call.has("closed")) path += "&state=closed";
  if (call.has("reviews")) path = "/api/v1/reviews";
  auto json = read(call, path, &body);
  if (!json) return failed_with(call.streams, json.error());
  if (call.has("json")) {
    call.streams.out << body << "\n";
    return ExitCode::done;
  }
  std::size_t late = 0, all = 0;
  for (const auto& task : json->value("tasks", Json::array())) {
    if (!task.is_object()) continue;
    print_task_line(call.streams.out, task);
    ++all;
    late += task.value("late", false) ? 1 : 0;
  }
  call.streams.err << all << (all == 1 ? " task, " : " tasks, ") << late << " late"
                   << (json->value("more", false) ? "; there are more" : "") << "\n";
  return ExitCode::done;
}

// Only an id may stand in the path; what is none is not sent.
Expected<std::string> path_of(const Invocation& call) {
  if (TaskId::parse(call.arguments[0])) return "/api/v1/tasks/" + call.arguments[0];
  return fail("usage", "cannot find the task", "an id is 32 hexadecimal digits", "take it from `ginnel task list`");
}

ExitCode task_show(Invocation& call) {
  auto path = path_of(call);
  if (!path) return failed_with(call.streams, path.error());
  std::string body;
  auto json = read(call, *path, &body);
  if (!json) return failed_with(call.streams, json.error());
  if (call.has("json")) {
    call.streams.out << body << "\n";
    return ExitCode::done;
  }
  auto& out = call.streams.out;
  print_task_line(out, *json);
  if (auto note = text_in(*json, "note"); !note.empty()) out << "  " << note << "\n";
  if (auto invitation = text_in(*json, "invitation"); !invitation.empty())
    out << "  read it   ginnel notice show " << invitation << "\n";
  for (const auto& line : json->value("history", Json::array())) {
    if (!line.is_object()) continue;
    out << "  " << text_in(line, "at") << "  " << text_in(line, "act") << " by " << text_in(line, "by") << ", with "
        << holders_of(line, "to");
    for (const char* word : {"outcome", "reason"})
      if (auto text = text_in(line, word); !text.empty()) out << "; " << text;
    out << "\n";
  }
  std::string outcomes;
  for (const auto& outcome : json->value("outcomes", Json::array()))
    if (outcome.is_string()) outcomes += (outcomes.empty() ? "" : ", ") + harmless(outcome.get<std::string>());
  call.streams.err << "it can end as: " << outcomes << "\n";
  return ExitCode::done;
}

ExitCode change(Invocation& call, const std::string& what, const Json& body, const char* told) {
  auto path = path_of(call);
  if (!path) return failed_with(call.streams, path.error());
  if (auto done = post_to_node(call, *path + "/" + what, body); !done) return failed_with(call.streams, done.error());
  call.streams.err << told << "\n";
  return ExitCode::done;
}

constexpr const char* cannot_change = "cannot change the task";

ExitCode task_accept(Invocation& call) {
  return change(call, "accept", Json::object(), "it is yours; `ginnel task done` closes it");
}

ExitCode task_done(Invocation& call) {
  auto reason = reason_from(call.streams.in, cannot_change);
  if (!reason) return failed_with(call.streams, reason.error());
  return change(call, "done", {{"outcome", call.text("outcome")}, {"reason", *reason}}, "it is done");
}

ExitCode task_hand_over(Invocation& call) {
  auto reason = reason_from(call.streams.in, cannot_change);
  if (!reason) return failed_with(call.streams, reason.error());
  return change(call, "hand-over", {{"to", call.text("to")}, {"reason", *reason}}, "it is handed over");
}

}  // namespace

std::vector<Command> work_commands() {
  return {
      {.noun = "task",
       .verb = "list",
       .title = "what is to be done by you or your role, in the order in which it is due",
       .details = "Late ones first. `--managed` and `--unowned` are for those who manage work.",
       .options = node_api_options({{"managed", "", "everybody's"},
                                    {"unowned", "", "everybody's that is late or with nobody yet"},
                                    {"reviews", "", "reviews only"},
                                    {"closed", "", "what is done or cancelled"},
                                    {"json", "", "print the API's answer"}}),
       .run = task_list},
      {.noun = "task",
       .verb = "show",
       .arguments = "ID",
       .arguments_min = 1,
       .arguments_max = 1,
       .title = "one task with its history",
       .details = "That you were shown a task about a person is recorded.",
       .options = node_api_options({{"json", "", "print the API's answer"}}),
       .run = task_show},
      {.noun = "task",
       .verb = "accept",
       .arguments = "ID",
       .arguments_min = 1,
       .arguments_max = 1,
       .title = "say that you will do a task",
       .options = node_api_options(),
       .run = task_accept},
      {.noun = "task",
       .verb = "done",
       .arguments = "ID",
       .arguments_min = 1,
       .arguments_max = 1,
       .title = "say that a task is done, and what came of it",
       .details = "The reason comes from standard input.",
       .options = node_api_options({{"outcome", "WORD", "what came of it: `ginnel task show` tells the words", true}}),
       .run = task_done},
      {.noun = "task",
       .verb = "hand-over",
       .arguments = "ID",
       .arguments_min = 1,
       .arguments_max = 1,
       .title = "give a task to a colleague or a role",
       .details = "The reason comes from standard input.",
       .options = node_api_options({{"to", "WHO", "a user name, or role:ROLE", true}}),
       .run = task_hand_over}};
}

}  // namespace ginnel
