// SPDX-License-Identifier: Apache-2.0
// ginnel person: whether two people of a node are one, decided by a practitioner's side through their node's API.
#include <iomanip>
#include <nlohmann/json.hpp>

#include "federation/base/id.h"
#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

void print_side(std::ostream& out, const char* label, const Json& side) {
  out << "  " << label << "  " << text_in(side, "id");
  for (const auto& source : side.value("sources", Json::array()))
    out << "  " << text_in(source, "system") << " " << text_in(source, "key");
  out << "\n";
}

ExitCode person_matches(Invocation& call) {
  auto body = get_from_node(call, "/api/v1/people/matches");
  if (!body) return failed_with(call.streams, body.error());
  if (call.has("json")) {
    call.streams.out << *body << "\n";
    return ExitCode::done;
  }
  auto json = object_of(*body, "matches");
  if (!json) return failed_with(call.streams, json.error());
  for (const auto& match : (*json)["matches"]) {
    if (!match.is_object()) continue;
    call.streams.out << text_in(match, "since") << "  score " << std::fixed << std::setprecision(1)
                     << match.value("score", 0.0) << "  " << text_in(match, "reason") << "\n";
    print_side(call.streams.out, "one  ", match.value("one", Json::object()));
    print_side(call.streams.out, "other", match.value("other", Json::object()));
  }
  call.streams.err << (*json)["matches"].size()
                   << " to decide: look them up in their systems, then `ginnel person merge` or "
                   << "`unmerge` them\n";
  return ExitCode::done;
}

ExitCode decide(Invocation& call, const std::string& what) {
  const std::string cannot = "cannot " + what + " the two people";
  auto reason = reason_from(call.streams.in, cannot);
  if (!reason) return failed_with(call.streams, reason.error());
  // Only an id may stand in the path; what is none is not sent.
  if (!PersonRef::parse(call.arguments[0]) || !PersonRef::parse(call.arguments[1]))
    return failed_with(call.streams, Error{"usage", cannot, "an id is 32 hexadecimal digits",
                                           "take them from `ginnel person matches`"});
  auto done = post_to_node(call, "/api/v1/people/" + call.arguments[0] + "/" + what,
                           {{"other", call.arguments[1]}, {"reason", *reason}});
  if (!done) return failed_with(call.streams, done.error());
  call.streams.err << (what == "merge" ? "they are one person now; `ginnel person unmerge` undoes it\n"
                                       : "they are two people, and no score will join them again\n");
  return ExitCode::done;
}

ExitCode person_merge(Invocation& call) { return decide(call, "merge"); }
ExitCode person_unmerge(Invocation& call) { return decide(call, "unmerge"); }

}  // namespace

std::vector<Command> person_commands() {
  return {{.noun = "person",
           .verb = "matches",
           .title = "people of your node who may be one, for you to decide",
           .details = "Told by the systems and keys they came from: look them up there.",
           .options = node_api_options({{"json", "", "print the API's answer"}}),
           .run = person_matches},
          {.noun = "person",
           .verb = "merge",
           .arguments = "ID ID",
           .arguments_min = 2,
           .arguments_max = 2,
           .title = "say that two people of your node are one",
           .details = "The reason comes from standard input. Each keeps what its own sources say, so it can be undone.",
           .options = node_api_options(),
           .run = person_merge},
          {.noun = "person",
           .verb = "unmerge",
           .arguments = "ID ID",
           .arguments_min = 2,
           .arguments_max = 2,
           .title = "say that two people are two: undo a merge, or decline a possible match",
           .details = "The reason comes from standard input.",
           .options = node_api_options(),
           .run = person_unmerge}};
}

}  // namespace ginnel
