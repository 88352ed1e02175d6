// SPDX-License-Identifier: Apache-2.0
// ginnel process: `check` for those who write definitions; the others are what people do with running processes,
// through the API of their own node.
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>

#include "federation/base/id.h"
#include "federation/base/text.h"
#include "federation/base/time.h"
#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"
#include "node/cli/terminal_text.h"
#include "node/process/engine/drawing.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

// Beside the definition's own name, so that several files can be drawn at once.
std::filesystem::path picture_of(const std::filesystem::path& folder, const Definition& definition) {
  return folder /
         (definition.key.id + "-" + definition.key.authority + "-" + std::to_string(definition.key.version) + ".svg");
}

ExitCode process_check(Invocation& call) {
  bool sound = true;
  for (const std::string& file : call.arguments) {
    auto definition = Definition::check(file);
    if (!definition) {
      sound = false;
      for (const std::string& mistake : definition.error()) call.streams.err << mistake << "\n";
      continue;
    }
    if (call.has("text"))
      call.streams.out << draw_text(*definition) << "\n";
    else
      call.streams.out << "ok: " << file << ": " << definition->title << ", " << definition->key.text() << ", "
                       << definition->steps.size() << " steps, in effect from " << definition->effective_from.iso()
                       << "\n";
    if (!call.has("pictures")) continue;
    const auto path = picture_of(call.text("pictures"), *definition);
    std::ofstream out(path, std::ios::binary);
    out << draw_svg(*definition);
    out.close();
    if (!out)
      return failed_with(call.streams,
                         Error{"not-written", "cannot draw " + file, "`" + path.string() + "` cannot be written",
                               "name a folder that is there and is yours"});
    call.streams.out << "drawn: " << path.string() << "\n";
  }
  return sound ? ExitCode::done : ExitCode::failed;
}

// --- running processes

void print_process_line(std::ostream& out, const Json& process) {
  const std::string due = moment_in(process, "due");
  out << (process.value("late", false) ? "LATE" : "    ") << "  due " << (due.empty() ? "never" : due) << "  "
      << text_in(process, "id") << "  " << text_in(process, "title") << ": " << words_in(process, "open")
      << (process.value("ended", false) ? "(it has ended)" : "") << "\n";
}

void print_step(std::ostream& out, const Json& step) {
  out << "  " << number_in(step, "number") << "  " << text_in(step, "title") << " (" << text_in(step, "step") << "), "
      << text_in(step, "owner") << ": ";
  if (step.value("open", false))
    out << "open since " << moment_in(step, "opened");
  else
    out << (step.value("cancelled", false) ? "cancelled" : text_in(step, "outcome")) << " on "
        << moment_in(step, "closed");
  out << "\n";
  for (const auto& clock : list_in(step, "clocks")) {
    if (!clock.is_object()) continue;
    out << "     " << (clock.value("late", false) ? "LATE  " : "") << text_in(clock, "id") << ": "
        << text_in(clock, "why") << "\n";
    if (auto reason = text_in(clock, "lateReason"); !reason.empty()) out << "     because: " << reason << "\n";
  }
  for (const auto& one : list_in(step, "contributions")) {
    if (!one.is_object()) continue;
    out << "     " << text_in(one, "name") << ", by " << text_in(one, "member");
    if (auto text = text_in(one, "text"); !text.empty()) out << ": " << text;
    out << "\n";
  }
  if (!step.value("open", false)) return;
  if (auto missing = words_in(step, "missing"); !missing.empty()) out << "     not there yet: " << missing << "\n";
  if (auto waits = words_in(step, "waitsFor"); !waits.empty()) out << "     not recorded yet: " << waits << "\n";
  std::string outcomes;
  for (const auto& outcome : list_in(step, "outcomes"))
    if (outcome.is_object()) outcomes += (outcomes.empty() ? "" : ", ") + text_in(outcome, "id");
  out << "     can end as: " << outcomes << "\n";
}

// What other agencies lead, in the sentences of the node.
ExitCode process_list_elsewhere(Invocation& call) {
  auto body = get_from_node(call, "/api/v1/processes/elsewhere");
  if (!body) return failed_with(call.streams, body.error());
  auto json = object_of(*body, "notices");
  if (!json) return failed_with(call.streams, json.error());
  auto& out = call.streams.out;
  if (call.has("json")) {
    out << *body << "\n";
    return ExitCode::done;
  }
  std::size_t all = 0;
  for (const auto& notice : list_in(*json, "notices")) {
    if (!notice.is_object()) continue;
    ++all;
    const Json child = notice.value("child", Json::object()), overview = notice.value("overview", Json::object());
    const Json contact = notice.value("contact", Json::object());
    out << text_in(child, "familyName") << ", " << text_in(child, "givenName") << ": " << text_in(overview, "title")
        << "\n  led by    " << text_in(notice, "name") << "; ring " << text_in(contact, "name") << ", "
        << text_in(contact, "phone") << "\n";
    for (const auto& line : list_in(overview, "stands"))
      if (line.is_object()) out << "  " << text_in(line, "name") << ": " << text_in(line, "value") << "\n";
  }
  call.streams.err << counted(all, "process", "processes") << " that this agency brings something to\n";
  return ExitCode::done;
}

ExitCode process_list(Invocation& call) {
  if (call.has("elsewhere")) return process_list_elsewhere(call);
  auto body = get_from_node(call, "/api/v1/processes");
  if (!body) return failed_with(call.streams, body.error());
  auto json = object_of(*body, "processes");
  if (!json) return failed_with(call.streams, json.error());
  if (call.has("json")) {
    call.streams.out << *body << "\n";
    return ExitCode::done;
  }
  std::size_t late = 0, all = 0;
  for (const auto& process : list_in(*json, "processes")) {
    if (!process.is_object()) continue;
    print_process_line(call.streams.out, process);
    ++all;
    late += process.value("late", false) ? 1 : 0;
  }
  call.streams.err << all << (all == 1 ? " process, " : " processes, ") << late << " late"
                   << (json->value("more", false) ? "; there are more" : "") << "\n";
  return ExitCode::done;
}

// Only an id and a number may stand in the path; what is none is not sent.
Expected<std::string> path_of(const Invocation& call, bool with_step) {
  if (!ProcessId::parse(call.arguments[0]))
    return fail("usage", "cannot find the process", "an id is 32 hexadecimal digits",
                "take it from `ginnel process list`");
  std::string path = "/api/v1/processes/" + call.arguments[0] + "/steps";
  if (!with_step) return path;
  const std::string& digits = call.arguments[1];
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size())
    return fail("usage", "cannot find the step", "a step is named by its number", "take it from `ginnel process show`");
  return path + "/" + std::to_string(number);
}

// How much was looked at: an alert that did not come says nothing where an agency did not answer.
void print_look(std::ostream& out, const Json& look) {
  const std::string problem = text_in(look, "problem");
  out << "  records of all agencies " << (problem.empty() ? "looked at" : "could not be looked at") << " together "
      << text_in(look, "at");
  if (!problem.empty()) out << ": " << problem;
  if (auto words = words_in(look, "unanswered"); !words.empty()) out << ", without a full answer of " << words;
  if (auto words = words_in(look, "withheld"); !words.empty()) out << "; something is held back by " << words;
  out << "\n";
}

ExitCode process_show(Invocation& call) {
  auto path = path_of(call, false);
  if (!path) return failed_with(call.streams, path.error());
  auto body = get_from_node(call, "/api/v1/processes/" + call.arguments[0]);
  if (!body) return failed_with(call.streams, body.error());
  auto json = object_of(*body, "steps");
  if (!json) return failed_with(call.streams, json.error());
  auto& out = call.streams.out;
  if (call.has("json")) {
    out << *body << "\n";
    return ExitCode::done;
  }
  print_process_line(out, *json);
  if (auto states = words_in(*json, "states"); !states.empty()) out << "  " << states << "\n";
  if (const auto newer = json->find("newer"); newer != json->end() && newer->is_object())
    out << "  runs by " << text_in(*json, "definition") << "; " << text_in(*newer, "definition") << " ("
        << text_in(*newer, "edition") << ") is in effect since " << text_in(*newer, "since") << "\n";
  for (const auto& step : list_in(*json, "steps"))
    if (step.is_object()) print_step(out, step);
  for (const auto& alert : list_in(*json, "alerts"))
    if (alert.is_object() && !alert.value("acknowledged", false))
      out << "  alert " << text_in(alert, "key") << ": " << text_in(alert, "title") << ", to "
          << words_in(alert, "told") << "\n"
          << "    " << text_in(alert, "why") << "\n";
  if (const auto look = json->find("look"); look != json->end() && look->is_object()) print_look(out, *look);
  return ExitCode::done;
}

// What somebody writes may name a person: it comes from standard input, where --text asks for it.
Expected<void> add_text(Invocation& call, const char* field, Json& body) {
  if (call.has("at")) body["at"] = call.text("at");
  if (!call.has("text")) return {};
  auto text = reason_from(call.streams.in, "cannot write in the process");
  if (!text) return tl::unexpected(text.error());
  body[field] = *text;
  return {};
}

ExitCode send(Invocation& call, const Expected<std::string>& path, const Json& body, const std::string& told) {
  if (!path) return failed_with(call.streams, path.error());
  auto answer = post_to_node(call, *path, body);
  if (!answer) return failed_with(call.streams, answer.error());
  if (!answer->empty()) {
    auto json = object_of(*answer);
    if (!json) return failed_with(call.streams, json.error());
    const std::string id = text_in(*json, "id");
    call.streams.out << (id.empty() ? std::to_string(number_in(*json, "number")) : id) << "\n";
  }
  call.streams.err << told << "\n";
  return ExitCode::done;
}

ExitCode process_begin(Invocation& call) {
  Json body{{"definition", call.arguments[0]}, {"person", call.text("person")}};
  if (call.has("at")) body["at"] = call.text("at");
  return send(call, std::string("/api/v1/processes"), body, "it has begun");
}

ExitCode process_step(Invocation& call) {
  Json body{{"step", call.arguments[1]}};
  if (call.has("at")) body["at"] = call.text("at");
  return send(call, path_of(call, false), body, "the step has begun");
}

ExitCode process_contribute(Invocation& call) {
  Json body{{"name", call.arguments[2]}};
  if (call.has("member")) body["member"] = call.text("member");
  if (auto added = add_text(call, "text", body); !added) return failed_with(call.streams, added.error());
  return send(call, path_of(call, true).map([](const std::string& path) { return path + "/contributions"; }), body,
              "it is recorded");
}

ExitCode process_close(Invocation& call) {
  Json body{{"outcome", call.text("outcome")}};
  if (auto added = add_text(call, "reason", body); !added) return failed_with(call.streams, added.error());
  return send(call, path_of(call, true).map([](const std::string& path) { return path + "/outcome"; }), body,
              "the step has ended");
}

ExitCode process_migrate(Invocation& call) {
  if (!ProcessId::parse(call.arguments[0])) return failed_with(call.streams, path_of(call, false).error());
  return send(call, "/api/v1/processes/" + call.arguments[0] + "/definition", {{"to", call.arguments[1]}},
              "it runs by " + call.arguments[1] + " from here on");
}

}  // namespace

std::vector<Command> process_commands() {
  const OptionSpec at{"at", "WHEN", "when it happened: 2026-12-03 or 2026-12-03T17:00:00Z; left out: now"};
  return {
      {.noun = "process",
       .verb = "check",
       .arguments = "FILE...",
       .arguments_min = 1,
       .arguments_max = 100,
       .title = "read definitions of processes, say every mistake, and draw them",
       .details = "Each mistake is a line FILE:LINE:COLUMN. Nothing is changed, and no node is needed. FILE is such as "
                  "config-examples/processes/child-protection.toml.",
       .options = {{"pictures", "DIR", "writes each as a picture (SVG) into this folder"},
                   {"text", "", "shows each in words: the same facts as the picture"}},
       .run = process_check},
      {.noun = "process",
       .verb = "list",
       .title = "the processes that have not ended, what is due first",
       .details = "Of people whom you may be told of. That you were shown them is recorded.",
       .options =
           node_api_options({{"elsewhere", "", "those that other agencies lead and this one brings something to"},
                             {"json", "", "print the API's answer"}}),
       .run = process_list},
      {.noun = "process",
       .verb = "show",
       .arguments = "ID",
       .arguments_min = 1,
       .arguments_max = 1,
       .title = "one process: who owns its steps, what is due, late and missing",
       .details = "That you were shown it is recorded.",
       .options = node_api_options({{"json", "", "print the API's answer"}}),
       .run = process_show},
      {.noun = "process",
       .verb = "begin",
       .arguments = "DEFINITION",
       .arguments_min = 1,
       .arguments_max = 1,
       .title = "begin a process about a person of this node",
       .details = "DEFINITION is such as child-protection. Prints the id of the process.",
       .options = node_api_options({{"person", "ID", "of `ginnel find`", true}, at}),
       .run = process_begin},
      {.noun = "process",
       .verb = "step",
       .arguments = "ID STEP",
       .arguments_min = 2,
       .arguments_max = 2,
       .title = "begin a step that may be begun by itself",
       .details = "Prints the number of the step.",
       .options = node_api_options({at}),
       .run = process_step},
      {.noun = "process",
       .verb = "contribute",
       .arguments = "ID NUMBER NAME",
       .arguments_min = 3,
       .arguments_max = 3,
       .title = "record what was brought to a step",
       .details =
           "NUMBER is the step's, NAME what is recorded: `attendance`, `report`. With --member it is what another "
           "agency brought, as you write it down.",
       .options = node_api_options({{"text", "", "reads what is written from standard input"},
                                    {"member", "MEMBER", "whose it is, if not your own agency's"},
                                    at}),
       .run = process_contribute},
      {.noun = "process",
       .verb = "close",
       .arguments = "ID NUMBER",
       .arguments_min = 2,
       .arguments_max = 2,
       .title = "end a step with its outcome",
       .details = "Everything that is still missing is told at once.",
       .options = node_api_options({{"outcome", "WORD", "`ginnel process show` tells the words", true},
                                    {"text", "", "reads the reason from standard input"},
                                    at}),
       .run = process_close},
      {.noun = "process",
       .verb = "migrate",
       .arguments = "ID VERSION",
       .arguments_min = 2,
       .arguments_max = 2,
       .title = "run a process by the version of its definition that is in effect",
       .details = "VERSION is the one that `ginnel process show` tells, such as child-protection/west-yorkshire/2. For "
                  "the manager of whoever leads the process, or their deputy. What is open and has no place there is "
                  "told, and nothing "
                  "is moved.",
       .options = node_api_options({}),
       .run = process_migrate}};
}

}  // namespace ginnel
