// SPDX-License-Identifier: Apache-2.0
// ginnel consent: what was decided about sharing what is held on one of your own node's people, through its API.
#include <iterator>
#include <nlohmann/json.hpp>

#include "federation/base/time.h"
#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"
#include "node/cli/terminal_text.h"
#include "node/store/consent_entry.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr std::size_t decision_bytes_max = 64 * 1024;

// "all", or the words that are named.
std::string words_or_all(const Json& row, const char* name) {
  std::string out;
  for (const auto& word : list_in(row, name))
    if (word.is_string()) out += (out.empty() ? "" : ", ") + harmless(word.get<std::string>());
  return out.empty() ? "all" : out;
}

void print_consent(std::ostream& out, const Json& row) {
  out << text_in(row, "words") << "\n  " << text_in(row, "id") << "  " << text_in(row, "state")
      << (row.value("begun", Json()) == false ? ", not begun" : "") << "\n  for " << words_or_all(row, "categories")
      << "; purposes: " << words_or_all(row, "purposes") << "; recipients: " << words_or_all(row, "recipients")
      << "\n  from " << moment_in(row, "from");
  const std::string until = moment_in(row, "until");
  out << (until.empty() ? ", until further notice" : " until " + until) << "\n  recorded "
      << moment_in(row, "recordedAt") << " by " << text_in(row, "recordedBy") << ": " << text_in(row, "note") << "\n";
  if (auto judge = text_in(row, "judgedBy"); !judge.empty())
    out << "  judged " << (text_in(row, "competence") == "competent" ? "competent" : "not competent") << " by " << judge
        << "\n";
  if (auto withdrawn = moment_in(row, "withdrawn"); !withdrawn.empty())
    out << "  withdrawn " << withdrawn << ", recorded by " << text_in(row, "withdrawnBy") << ": "
        << text_in(row, "whyWithdrawn") << "\n";
}

ExitCode consent_record(Invocation& call) {
  std::string text(std::istreambuf_iterator<char>(call.streams.in), {});
  const Json decision = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (text.size() > decision_bytes_max || !decision.is_object())
    return failed_with(call.streams,
                       Error{"usage", "cannot read from standard input what was decided", "it is no JSON object",
                             "pipe in {\"person\": ID, \"state\": \"given\", \"decider\": ..., \"categories\": [...], "
                             "\"note\": ...}: docs/api.md names all of them"});
  auto body = post_text_to_node(call, "/api/v1/consents", text);
  if (!body) return failed_with(call.streams, body.error());
  auto made = object_of(*body);
  if (!made) return failed_with(call.streams, made.error());
  call.streams.out << text_in(*made, "id") << "\n";
  call.streams.err << "it is recorded, and counts from when it says\n";
  return ExitCode::done;
}

ExitCode consent_withdraw(Invocation& call) {
  const std::string& id = call.arguments[0];
  if (!ConsentId::parse(id))
    return failed_with(call.streams, Error{"usage", "cannot withdraw it", "an id is 32 hexadecimal digits",
                                           "take it from `ginnel consent list`"});
  auto reason = reason_from(call.streams.in, "cannot withdraw it");
  if (!reason) return failed_with(call.streams, reason.error());
  auto done = post_to_node(call, "/api/v1/consents/" + id + "/withdrawal", {{"reason", *reason}});
  if (!done) return failed_with(call.streams, done.error());
  call.streams.err << "it is withdrawn: what still waits to leave is decided without it; what was told stays told\n";
  return ExitCode::done;
}

ExitCode consent_list(Invocation& call) {
  const std::string person = call.text("person");
  if (!PersonRef::parse(person))
    return failed_with(call.streams, Error{"usage", "cannot list what was decided", "an id is 32 hexadecimal digits",
                                           "take it from `ginnel find`"});
  auto body = get_from_node(call, "/api/v1/consents?person=" + person);
  if (!body) return failed_with(call.streams, body.error());
  auto json = object_of(*body, "consents");
  if (!json) return failed_with(call.streams, json.error());
  if (call.has("json")) {
    call.streams.out << *body << "\n";
    return ExitCode::done;
  }
  std::size_t all = 0;
  for (const auto& row : list_in(*json, "consents")) {
    if (!row.is_object()) continue;
    print_consent(call.streams.out, row);
    ++all;
  }
  call.streams.err << all << (all == 1 ? " decision" : " decisions")
                   << (json->value("more", Json()) == true ? "; there are older ones" : "") << "\n";
  return ExitCode::done;
}

}  // namespace

std::vector<Command> consent_commands() {
  return {{.noun = "consent",
           .verb = "record",
           .title = "record what somebody decided about sharing, and whether they were judged able to",
           .details =
               "Reads from standard input, as JSON: person (of `ginnel find`), state (given, refused, unsafe_to_ask), "
               "decider,\n"
               "categories, note; and, where there are any, purposes, recipients, from, until, competence, judgedBy.\n"
               "Every mistake is told at once. Prints the id.",
           .options = node_api_options(),
           .run = consent_record},
          {.noun = "consent",
           .verb = "withdraw",
           .arguments = "ID",
           .arguments_min = 1,
           .arguments_max = 1,
           .title = "record that consent was withdrawn",
           .details = "The reason comes from standard input. What was told stays told; nothing more leaves by it.",
           .options = node_api_options(),
           .run = consent_withdraw},
          {.noun = "consent",
           .verb = "list",
           .title = "what was decided about sharing what is held on a person of your node",
           .details = "Newest first. That you were shown it is recorded.",
           .options =
               node_api_options({{"person", "ID", "of `ginnel find`", true}, {"json", "", "print the API's answer"}}),
           .run = consent_list}};
}

}  // namespace ginnel
