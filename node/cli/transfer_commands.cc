// SPDX-License-Identifier: Apache-2.0
// ginnel transfer: the lead of a process, offered to another authority and taken over, through the API of the own node.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "federation/base/id.h"
#include "federation/base/text.h"
#include "federation/base/time.h"
#include "federation/record/nhs_number.h"
#include "federation/wire/transfer.h"
#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"
#include "node/cli/terminal_text.h"
#include "node/view/transfer_words.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr std::size_t transfer_columns = 96;

bool is_true(const Json& json, const char* name) { return json.value(name, Json()) == true; }

std::string state_told(const Json& transfer) { return transfer_state_words(text_in(transfer, "state")); }

std::string lead_told(const Json& transfer) {
  const std::string lead = text_in(transfer, "leads");
  return lead.empty() ? "nobody orders steps" : lead;
}

// "14 Mar 2016"; what is no day, as it came.
std::string day_told(const Json& json, const char* name) {
  const std::string text = text_in(json, name);
  const auto when = parse_when(text);
  return when ? for_people(*when) : text;
}

// Under a heading of its own; with nothing to say, no heading.
void print_section(std::ostream& out, const char* heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out << "\n" << heading << "\n";
  for (const auto& line : lines) {
    const auto broken = wrapped(line, transfer_columns);
    for (std::size_t i = 0; i < broken.size(); ++i) out << (i == 0 ? "  " : "    ") << broken[i] << "\n";
  }
}

std::vector<std::string> objects_told(const Json& json, const char* name, std::string (*tell)(const Json&)) {
  std::vector<std::string> out;
  for (const auto& one : list_in(json, name))
    if (one.is_object()) out.push_back(tell(one));
  return out;
}

std::string accountable_told(const Json& line) {
  const std::string since = moment_in(line, "since"), until = moment_in(line, "until");
  return text_in(line, "name") + ": " + (since.empty() ? "since before the offer" : "since " + since) +
         (until.empty() ? "" : ", until " + until);
}

std::string not_given_told(const Json& row) {
  const std::string ask = text_in(row, "ask");
  return std::to_string(number_in(row, "count")) + " " + text_in(row, "category") + ": " + text_in(row, "reason") +
         "; ask " + (ask.empty() ? "the authority" : ask);
}

std::string came_told(const Json& item) {
  const std::string day = day_told(item, "occurred"), narrative = text_in(item, "narrative");
  return (day.empty() ? "date not known" : day) + ", " + text_in(item, "kind") + ": " + text_in(item, "headline") +
         (narrative.empty() ? "" : ". " + narrative);
}

std::string statement_told(const Json& line) {
  const std::string who = text_in(line, "who"), held = day_told(line, "held"), text = text_in(line, "text");
  return moment_in(line, "at") + ", " + text_in(line, "name") + " " + transfer_act_words(text_in(line, "said")) +
         (held.empty() ? "" : " on " + held) + ", " + (who.empty() ? "the node by itself" : who) +
         (text.empty() ? "" : ": " + text);
}

std::string child_told(const Json& child) {
  const std::string born = day_told(child, "dateOfBirth"), number = text_in(child, "nhsNumber");
  return text_in(child, "name") + (born.empty() ? "" : "   born " + born) +
         (number.empty() ? "" : "   NHS " + nhs_number_for_people(number));
}

std::string file_told(const Json& file) {
  return std::to_string(number_in(file, "partsHere")) + " of " + std::to_string(number_in(file, "parts")) +
         " parts are here, " + with_commas(number_in(file, "sizeBytes")) + " bytes in all; " +
         (is_true(file, "complete") ? "the receiver has said that it has the whole file"
                                    : "the receiver has not said yet that it has the whole file") +
         (is_true(file, "own") ? "; it has become this node's own records" : "");
}

void print_transfer_line(std::ostream& out, const Json& transfer) {
  out << (is_true(transfer, "waitsForUs") ? "WAITS FOR YOU  " : "               ") << text_in(transfer, "id") << "  "
      << text_in(transfer, "title") << "\n                 " << text_in(transfer, "originatorName") << " to "
      << text_in(transfer, "receiverName") << ", offered " << moment_in(transfer, "offered") << " ("
      << text_in(transfer, "move") << ")\n                 " << state_told(transfer)
      << "\n                 leads now: " << lead_told(transfer)
      << "; accountable: " << words_in(transfer, "accountableNow") << "\n";
}

ExitCode transfer_list(Invocation& call) {
  auto body = get_from_node(call, "/api/v1/transfers");
  if (!body) return failed_with(call.streams, body.error());
  auto json = object_of(*body, "transfers");
  if (!json) return failed_with(call.streams, json.error());
  if (call.has("json")) {
    call.streams.out << *body << "\n";
    return ExitCode::done;
  }
  std::vector<const Json*> rows;
  for (const auto& transfer : list_in(*json, "transfers"))
    if (transfer.is_object()) rows.push_back(&transfer);
  // What somebody here has to say stands first, what is over last.
  std::stable_sort(rows.begin(), rows.end(), [](const Json* a, const Json* b) {
    return std::pair(!is_true(*a, "waitsForUs"), is_true(*a, "ended")) <
           std::pair(!is_true(*b, "waitsForUs"), is_true(*b, "ended"));
  });
  std::size_t waits = 0;
  for (const Json* transfer : rows) {
    print_transfer_line(call.streams.out, *transfer);
    waits += is_true(*transfer, "waitsForUs") ? 1 : 0;
  }
  call.streams.err << counted(rows.size(), "transfer", "transfers") << ", " << waits
                   << (waits == 1 ? " waits" : " wait") << " for you"
                   << (is_true(*json, "more") ? "; there are older ones" : "") << "\n";
  return ExitCode::done;
}

// Only an id may stand in the path; what is none is not sent.
Expected<std::string> transfer_path(const Invocation& call) {
  if (TransferId::parse(call.arguments[0])) return "/api/v1/transfers/" + call.arguments[0];
  return fail("usage", "cannot find the transfer", "an id is 32 hexadecimal digits",
              "take it from `ginnel transfer list`");
}

ExitCode transfer_show(Invocation& call) {
  auto path = transfer_path(call);
  if (!path) return failed_with(call.streams, path.error());
  auto body = get_from_node(call, *path);
  if (!body) return failed_with(call.streams, body.error());
  auto json = object_of(*body, "statements");
  if (!json) return failed_with(call.streams, json.error());
  auto& out = call.streams.out;
  if (call.has("json")) {
    out << *body << "\n";
    return ExitCode::done;
  }
  const Json child = json->value("child", Json()), file = json->value("file", Json::object());
  out << text_in(*json, "title") << ": " << text_in(*json, "originatorName") << " to " << text_in(*json, "receiverName")
      << " (" << text_in(*json, "move") << ")\n"
      << "  leads now     " << lead_told(*json) << "\n"
      << "  accountable   " << words_in(*json, "accountableNow") << "\n"
      << "  state         " << state_told(*json) << "\n"
      << "  child         " << (child.is_object() ? child_told(child) : "has not come yet, or is not shown to you")
      << "\n";
  print_section(out, "WHO IS ACCOUNTABLE", objects_told(*json, "accountable", accountable_told));
  std::vector<std::string> hangs;
  for (const auto& sentence : list_in(*json, "hangs"))
    if (sentence.is_string()) hangs.push_back(harmless(sentence.get<std::string>()));
  print_section(out, "WHAT HANGS", hangs);
  if (file.is_object()) {
    print_section(out, "FILE", {file_told(file)});
    print_section(out, "NOT GIVEN", objects_told(file, "notGiven", not_given_told));
  }
  print_section(out, "WHAT CAME", objects_told(*json, "items", came_told));
  print_section(out, "WHAT WAS SAID", objects_told(*json, "statements", statement_told));
  if (const auto may = words_in(*json, "maySay"); !may.empty()) out << "\nYou can say now: " << may << "\n";
  return ExitCode::done;
}

// What somebody writes may name a person: it comes from standard input.
ExitCode transfer_offer(Invocation& call) {
  if (!ProcessId::parse(call.arguments[0]))
    return failed_with(call.streams, Error{"usage", "cannot offer the lead", "an id is 32 hexadecimal digits",
                                           "take it from `ginnel process list`"});
  auto why = reason_from(call.streams.in, "cannot offer the lead");
  if (!why) return failed_with(call.streams, why.error());
  auto body = post_to_node(
      call, "/api/v1/transfers",
      {{"process", call.arguments[0]}, {"to", call.text("to")}, {"move", call.text("move")}, {"why", *why}});
  if (!body) return failed_with(call.streams, body.error());
  auto made = object_of(*body);
  if (!made) return failed_with(call.streams, made.error());
  call.streams.out << text_in(*made, "id") << "\n";
  call.streams.err << "it is offered; you lead and are accountable as before\n";
  return ExitCode::done;
}

ExitCode say_by_command(Invocation& call, const char* said, const char* told) {
  auto path = transfer_path(call);
  if (!path) return failed_with(call.streams, path.error());
  Json body{{"said", said}};
  if (needs_why_in_transfer(said) || call.has("text")) {
    auto text = reason_from(call.streams.in, "cannot say that in the transfer");
    if (!text) return failed_with(call.streams, text.error());
    body["text"] = *text;
  }
  if (call.has("held")) body["held"] = call.text("held");
  auto done = post_to_node(call, *path + "/statements", body);
  if (!done) return failed_with(call.streams, done.error());
  call.streams.err << told << "\n";
  return ExitCode::done;
}

ExitCode transfer_accept(Invocation& call) {
  return say_by_command(call, "accept",
                        "it is said that you will hold the conference; the other authority leads as before");
}
ExitCode transfer_decline(Invocation& call) {
  return say_by_command(call, "decline", "it is declined; the lead stays where it is");
}
ExitCode transfer_conference(Invocation& call) {
  return say_by_command(call, "conference", "it is said that it was held");
}
ExitCode transfer_acceptance(Invocation& call) {
  return say_by_command(call, "acceptance",
                        "responsibility is accepted in writing; the other authority leads until it releases");
}
ExitCode transfer_cancel(Invocation& call) {
  return say_by_command(call, "cancel", "it is cancelled; you lead as before");
}
ExitCode transfer_release(Invocation& call) {
  return say_by_command(call, "release",
                        "it is released; you are accountable until the other authority has taken the lead");
}
ExitCode transfer_assume(Invocation& call) {
  return say_by_command(call, "assume", "you lead, and are accountable, from here on");
}
ExitCode transfer_note(Invocation& call) { return say_by_command(call, "note", "the note is written"); }

Command saying(const char* verb, const char* title, const char* details, ExitCode (*run)(Invocation&)) {
  Command out{.noun = "transfer",
              .verb = verb,
              .arguments = "ID",
              .arguments_min = 1,
              .arguments_max = 1,
              .title = title,
              .details = details,
              .options = node_api_options(),
              .run = run};
  if (!needs_why_in_transfer(verb)) out.options.push_back({"text", "", "reads a word to it from standard input"});
  return out;
}

}  // namespace

std::vector<Command> transfer_commands() {
  Command conference = saying("conference", "say that the transfer conference was held",
                              "For the receiver, after `accept`.", transfer_conference);
  conference.options.push_back({"held", "DAY", "on which day: 2026-12-03", true});
  return {
      {.noun = "transfer",
       .verb = "list",
       .title = "the transfers of the lead, what waits for you first",
       .details = "Both what this authority offers and what is offered to it. The list names no child.",
       .options = node_api_options({{"json", "", "print the API's answer"}}),
       .run = transfer_list},
      {.noun = "transfer",
       .verb = "show",
       .arguments = "ID",
       .arguments_min = 1,
       .arguments_max = 1,
       .title = "one transfer: who leads, who is accountable, what hangs, the file, and what was said",
       .details = "That you were shown it is recorded.",
       .options = node_api_options({{"json", "", "print the API's answer"}}),
       .run = transfer_show},
      {.noun = "transfer",
       .verb = "offer",
       .arguments = "PROCESS",
       .arguments_min = 1,
       .arguments_max = 1,
       .title = "offer the lead of a process to another authority",
       .details = "The reason comes from standard input. You lead as before until you release it. Prints the id of "
                  "the transfer.",
       .options = node_api_options({{"to", "MEMBER", "the authority to which the child moves", true},
                                    {"move", "WORD", "how it moves, of the list `move_kind`: planned", true}}),
       .run = transfer_offer},
      saying("accept", "say that you will hold the transfer conference",
             "For the receiver. It moves nothing: the other authority leads as before.", transfer_accept),
      saying("decline", "decline an offer", "For the receiver. The reason comes from standard input.",
             transfer_decline),
      std::move(conference),
      saying("acceptance", "accept responsibility in writing",
             "For the receiver, after the conference. The other authority can release it from then on.",
             transfer_acceptance),
      saying("cancel", "cancel an offer that is not released",
             "For the originator. The reason comes from standard input.", transfer_cancel),
      saying("release", "release the lead",
             "For the originator, after the written acceptance. It cannot be taken back.", transfer_release),
      saying("assume", "take the lead without the whole file",
             "For the receiver, after `release`. With the whole file the node does it by itself; without, you do, and "
             "the reason comes from standard input. It cannot be taken back.",
             transfer_assume),
      saying("note", "write a note in a transfer",
             "It changes nothing. What is written comes from standard input, and both authorities read it.",
             transfer_note)};
}

}  // namespace ginnel
