// SPDX-License-Identifier: Apache-2.0
// ginnel conflict: conflicts of interest between workers and people of their own node, through its API.
#include <nlohmann/json.hpp>

#include "federation/base/id.h"
#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr const char* cannot_record = "cannot record the conflict of interest";

ExitCode no_id(Invocation& call, const char* what, const char* from) {
  return failed_with(call.streams, Error{"usage", what, "an id is 32 hexadecimal digits", from});
}

ExitCode conflict_record(Invocation& call) {
  const std::string person = call.text("person");
  if (!PersonRef::parse(person)) return no_id(call, cannot_record, "take it from `ginnel find`");
  auto reason = reason_from(call.streams.in, cannot_record);
  if (!reason) return failed_with(call.streams, reason.error());
  Json body{{"person", person}, {"reason", *reason}};
  if (call.has("worker")) body["worker"] = call.text("worker");
  auto answer = post_to_node(call, "/api/v1/conflicts", body);
  if (!answer) return failed_with(call.streams, answer.error());
  auto made = object_of(*answer);
  if (!made) return failed_with(call.streams, made.error());
  call.streams.out << text_in(*made, "id") << "\n";
  call.streams.err << "from now on the worker is shown nothing of this person\n";
  return ExitCode::done;
}

ExitCode conflict_end(Invocation& call) {
  const std::string& id = call.arguments[0];
  constexpr const char* cannot = "cannot end the conflict of interest";
  if (!AllocationId::parse(id)) return no_id(call, cannot, "take it from `ginnel conflict list`");
  auto reason = reason_from(call.streams.in, cannot);
  if (!reason) return failed_with(call.streams, reason.error());
  auto done = post_to_node(call, "/api/v1/conflicts/" + id + "/end", {{"reason", *reason}});
  if (!done) return failed_with(call.streams, done.error());
  call.streams.err << "it no longer stands\n";
  return ExitCode::done;
}

std::string name_in(const Json& row, const char* name) {
  const auto found = row.find(name);
  return found != row.end() && found->is_object() ? text_in(*found, "title") : std::string();
}

ExitCode conflict_list(Invocation& call) {
  std::string path = "/api/v1/conflicts";
  if (call.has("person")) {
    if (!PersonRef::parse(call.text("person")))
      return no_id(call, "cannot list the conflicts of interest", "take it from `ginnel find`");
    path += "?person=" + call.text("person");
  }
  auto body = get_from_node(call, path);
  if (!body) return failed_with(call.streams, body.error());
  auto json = object_of(*body, "conflicts");
  if (!json) return failed_with(call.streams, json.error());
  if (call.has("json")) {
    call.streams.out << *body << "\n";
    return ExitCode::done;
  }
  std::size_t standing = 0;
  for (const auto& row : list_in(*json, "conflicts")) {
    if (!row.is_object()) continue;
    const bool stands = row.value("current", Json()) == true;
    standing += stands ? 1 : 0;
    call.streams.out << (stands ? "" : "ended  ") << name_in(row, "worker") << "\n  " << text_in(row, "id")
                     << "  since " << moment_in(row, "from") << (stands ? "" : ", until " + moment_in(row, "to"))
                     << "\n  " << name_in(row, "by") << ": " << text_in(row, "reason") << "\n";
  }
  call.streams.err << standing << (standing == 1 ? " stands\n" : " stand\n");
  return ExitCode::done;
}

}  // namespace

std::vector<Command> conflict_commands() {
  return {
      {.noun = "conflict",
       .verb = "record",
       .title = "record that you, or a colleague, must not work a person's case",
       .details = "The reason comes from standard input. From then on the worker is shown nothing of the person, is\n"
                  "allocated to them no longer, and what they ask is another worker's to do. A colleague's is for\n"
                  "those who manage work. Prints the id.",
       .options = node_api_options({{"person", "ID", "of `ginnel find`", true},
                                    {"worker", "USER", "the colleague's user name; else it is your own"}}),
       .run = conflict_record},
      {.noun = "conflict",
       .verb = "end",
       .arguments = "ID",
       .arguments_min = 1,
       .arguments_max = 1,
       .title = "record that a colleague's conflict of interest no longer stands",
       .details = "The reason comes from standard input. For those who manage work; nobody ends their own.",
       .options = node_api_options(),
       .run = conflict_end},
      {.noun = "conflict",
       .verb = "list",
       .title = "your own conflicts of interest, or all with one person",
       .details = "With --person for those who manage work. That you were shown them is recorded.",
       .options = node_api_options({{"person", "ID", "of `ginnel find`"}, {"json", "", "print the API's answer"}}),
       .run = conflict_list}};
}

}  // namespace ginnel
