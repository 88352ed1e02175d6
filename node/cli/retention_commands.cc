// SPDX-License-Identifier: Apache-2.0
// ginnel retention: how long your own node keeps what it holds on people, what is due, kept and held, and what is
// decided of it, through its API.
#include <nlohmann/json.hpp>
#include <sstream>

#include "federation/base/time.h"
#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"
#include "node/cli/terminal_text.h"
#include "node/store/retention_entry.h"
#include "node/store/work_entry.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr const char* api = "/api/v1/retention";

// text_in() makes a line of it; what is due are several.
void print_lines(std::ostream& out, const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_string()) return;
  std::istringstream text(found->get<std::string>());
  for (std::string line; std::getline(text, line);)
    if (!line.empty()) out << "  " << harmless(line) << "\n";
}

void print_due(std::ostream& out, const Json& row) {
  out << (row.value("late", Json()) == true ? "LATE  " : "") << "person " << text_in(row, "person") << ", review "
      << text_in(row, "task") << ", to be decided by " << moment_in(row, "due") << "\n";
  print_lines(out, row, "says");
  if (auto obstacle = text_in(row, "obstacle"); !obstacle.empty())
    out << "  not to be erased now: " << obstacle << "\n";
}

void print_entry(std::ostream& out, const Json& row, const char* what) {
  const std::string by = text_in(row, "by");
  out << what << "  person " << text_in(row, "person") << ", " << text_in(row, "id") << "\n  "
      << moment_in(row, "since") << " by " << (by.empty() ? "the node" : by) << ": " << text_in(row, "reason")
      << "\n  to be looked at again on " << text_in(row, "reviewOn") << "\n";
}

std::size_t print_all(std::ostream& out, const Json& json, const char* list, const char* what) {
  std::size_t all = 0;
  for (const auto& row : list_in(json, list)) {
    if (!row.is_object()) continue;
    ++all;
    if (what)
      print_entry(out, row, row.value("waits", Json()) == true ? "WAITS" : what);
    else
      print_due(out, row);
  }
  return all;
}

// The desk, or an end: it was printed as it came, or cannot be had.
std::optional<Json> desk_of(Invocation& call, ExitCode& end) {
  auto body = get_from_node(call, api);
  auto json = body ? object_of(*body, "due") : tl::unexpected(body.error());
  if (!json) {
    end = failed_with(call.streams, json.error());
    return std::nullopt;
  }
  if (call.has("json")) {
    call.streams.out << *body << "\n";
    end = ExitCode::done;
    return std::nullopt;
  }
  return std::move(*json);
}

ExitCode retention_due(Invocation& call) {
  ExitCode end = ExitCode::done;
  const auto desk = desk_of(call, end);
  if (!desk) return end;
  if (desk->value("on", Json()) != true) call.streams.err << "this node looks at no review dates\n";
  const std::size_t all = print_all(call.streams.out, *desk, "due", nullptr);
  call.streams.err << all << (all == 1 ? " person is" : " people are") << " to be decided on"
                   << (desk->value("more", Json()) == true ? "; there are more than are shown" : "") << "\n";
  return ExitCode::done;
}

ExitCode retention_list(Invocation& call) {
  ExitCode end = ExitCode::done;
  const auto desk = desk_of(call, end);
  if (!desk) return end;
  const std::size_t held = print_all(call.streams.out, *desk, "held", "HELD");
  const std::size_t kept = print_all(call.streams.out, *desk, "kept", "KEPT");
  call.streams.err << held << (held == 1 ? " hold stands, " : " holds stand, ") << kept << " kept longer"
                   << (desk->value("more", Json()) == true ? "; there are more than are shown" : "") << "\n";
  return ExitCode::done;
}

ExitCode retention_hold(Invocation& call) {
  const std::string person = call.text("person");
  if (!PersonRef::parse(person))
    return failed_with(
        call.streams, Error{"usage", "cannot hold it", "an id is 32 hexadecimal digits", "take it from `ginnel find`"});
  auto reason = reason_from(call.streams.in, "cannot hold it");
  if (!reason) return failed_with(call.streams, reason.error());
  auto body = post_to_node(call, std::string(api) + "/holds",
                           Json{{"person", person}, {"reason", *reason}, {"reviewOn", call.text("review")}});
  auto made = body ? object_of(*body) : tl::unexpected(body.error());
  if (!made) return failed_with(call.streams, made.error());
  call.streams.out << text_in(*made, "id") << "\n";
  call.streams.err << "nothing of them is erased until the hold is released\n";
  return ExitCode::done;
}

ExitCode retention_release(Invocation& call) {
  const std::string& id = call.arguments[0];
  if (!RetentionId::parse(id))
    return failed_with(call.streams, Error{"usage", "cannot release it", "an id is 32 hexadecimal digits",
                                           "take it from `ginnel retention list`"});
  auto reason = reason_from(call.streams.in, "cannot release it");
  if (!reason) return failed_with(call.streams, reason.error());
  auto done = post_to_node(call, std::string(api) + "/holds/" + id + "/release", Json{{"reason", *reason}});
  if (!done) return failed_with(call.streams, done.error());
  call.streams.err << "the hold is released; nothing is erased by that\n";
  return ExitCode::done;
}

ExitCode retention_decide(Invocation& call) {
  const std::string& id = call.arguments[0];
  if (!TaskId::parse(id))
    return failed_with(call.streams, Error{"usage", "cannot decide on it", "an id is 32 hexadecimal digits",
                                           "take that of the review from `ginnel retention due`"});
  auto reason = reason_from(call.streams.in, "cannot decide on it");
  if (!reason) return failed_with(call.streams, reason.error());
  Json body{{"outcome", call.text("outcome")}, {"reason", *reason}};
  if (call.has("review")) body["reviewOn"] = call.text("review");
  auto done = post_to_node(call, std::string(api) + "/reviews/" + id, body);
  if (!done) return failed_with(call.streams, done.error());
  call.streams.err << (call.text("outcome") == "erase"
                           ? "it is erased here; erase it in the system that it came from too\n"
                           : "the decision is recorded\n");
  return ExitCode::done;
}

}  // namespace

std::vector<Command> retention_commands() {
  const std::vector<OptionSpec> json = node_api_options({{"json", "", "print the API's answer"}});
  return {
      {.noun = "retention",
       .verb = "due",
       .title = "whose records' time to keep is over, by which rule, and what waits for a decision",
       .details = "The soonest first. That you were shown somebody is recorded.",
       .options = json,
       .run = retention_due},
      {.noun = "retention",
       .verb = "list",
       .title = "what is held, and what is kept longer than its time and why",
       .options = json,
       .run = retention_list},
      {.noun = "retention",
       .verb = "hold",
       .title = "let nothing of a person be erased, by anybody, until the hold is released",
       .details = "For an inquiry, a claim or a court. The reason comes from standard input. Prints the hold's id.",
       .options = node_api_options({{"person", "ID", "of `ginnel find`", true},
                                    {"review", "DAY", "when you look at it again: 2027-03-03", true}}),
       .run = retention_hold},
      {.noun = "retention",
       .verb = "release",
       .arguments = "ID",
       .arguments_min = 1,
       .arguments_max = 1,
       .title = "release a hold",
       .details = "The reason comes from standard input. Nothing is erased by it.",
       .options = node_api_options(),
       .run = retention_release},
      {.noun = "retention",
       .verb = "decide",
       .arguments = "REVIEW",
       .arguments_min = 1,
       .arguments_max = 1,
       .title = "end a review: keep what is due until a day, or erase it for good",
       .details = "The reason comes from standard input. Name nobody in it: it outlasts what is erased. What is about "
                  "others too stays\nwith them. Erase it in the system that it came from as well, or the next import "
                  "brings it back.",
       .options = node_api_options({{"outcome", "WORD", "keep, or erase", true},
                                    {"review", "DAY", "of keep: when somebody looks at it again: 2027-03-03"}}),
       .run = retention_decide}};
}

}  // namespace ginnel
