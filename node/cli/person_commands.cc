// SPDX-License-Identifier: Apache-2.0
// ginnel person: whether two people of a node are one, decided by a practitioner's side through their node's API.
#include <iomanip>
#include <iterator>
#include <nlohmann/json.hpp>

#include "federation/base/id.h"
#include "node/cli/commands.h"
#include "node/cli/http_client.h"
#include "node/cli/output.h"
#include "node/cli/terminal_text.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr std::size_t reason_bytes_max = 64 * 1024;
constexpr std::int64_t timeout_ms = 30'000;

Expected<HttpClient> client_of(const Invocation& call) {
  return HttpClient::open({call.text("url"), call.text("ca"), call.text("token-file"), timeout_ms});
}

std::string text_in(const Json& json, const char* name) {
  auto found = json.find(name);
  return found != json.end() && found->is_string() ? harmless(found->get<std::string>()) : std::string();
}

void print_side(std::ostream& out, const char* label, const Json& side) {
  out << "  " << label << "  " << text_in(side, "id");
  for (const auto& source : side.value("sources", Json::array()))
    out << "  " << text_in(source, "system") << " " << text_in(source, "key");
  out << "\n";
}

ExitCode person_matches(Invocation& call) {
  auto client = client_of(call);
  if (!client) return failed_with(call.streams, client.error());
  auto answer = client->get("/api/v1/people/matches");
  if (!answer) return failed_with(call.streams, answer.error());
  auto body = body_or_error(*answer);
  if (!body) return failed_with(call.streams, body.error());
  if (call.has("json")) {
    call.streams.out << *body << "\n";
    return ExitCode::done;
  }
  const Json json = Json::parse(*body, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("matches") || !json["matches"].is_array())
    return failed_with(call.streams, Error{"bad-answer", "cannot read the node's answer", "it is of another form", ""});
  for (const auto& match : json["matches"]) {
    if (!match.is_object()) continue;
    call.streams.out << text_in(match, "since") << "  score " << std::fixed << std::setprecision(1)
                     << match.value("score", 0.0) << "  " << text_in(match, "reason") << "\n";
    print_side(call.streams.out, "one  ", match.value("one", Json::object()));
    print_side(call.streams.out, "other", match.value("other", Json::object()));
  }
  call.streams.err << json["matches"].size()
                   << " to decide: look them up in their systems, then `ginnel person merge` or "
                   << "`unmerge` them\n";
  return ExitCode::done;
}

// The reason may name somebody: it comes from standard input.
ExitCode decide(Invocation& call, const std::string& what) {
  std::string reason(std::istreambuf_iterator<char>(call.streams.in), {});
  while (!reason.empty() && (reason.back() == '\n' || reason.back() == '\r')) reason.pop_back();
  if (reason.empty() || reason.size() > reason_bytes_max)
    return failed_with(call.streams, Error{"usage", "cannot " + what + " the two people",
                                           "no reason came on standard input", "pipe in why, in a sentence"});
  auto client = client_of(call);
  if (!client) return failed_with(call.streams, client.error());
  const Json body{{"other", call.arguments[1]}, {"reason", reason}};
  const std::string text = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  // Only an id may stand in the path; what is none is not sent.
  if (!PersonRef::parse(call.arguments[0]) || !PersonRef::parse(call.arguments[1]))
    return failed_with(call.streams, Error{"usage", "cannot " + what + " the two people",
                                           "an id is 32 hexadecimal digits", "take them from `ginnel person matches`"});
  auto answer = client->post("/api/v1/people/" + call.arguments[0] + "/" + what, text);
  if (!answer) return failed_with(call.streams, answer.error());
  if (auto done = body_or_error(*answer); !done) return failed_with(call.streams, done.error());
  call.streams.err << (what == "merge" ? "they are one person now; `ginnel person unmerge` undoes it\n"
                                       : "they are two people, and no score will join them again\n");
  return ExitCode::done;
}

ExitCode person_merge(Invocation& call) { return decide(call, "merge"); }
ExitCode person_unmerge(Invocation& call) { return decide(call, "unmerge"); }

std::vector<OptionSpec> connection() {
  return {{"url", "URL", "your node, such as https://127.0.0.1:8441", true},
          {"token-file", "FILE", "your API token", true},
          {"ca", "FILE", "the authority of the node's certificate, PEM"}};
}

}  // namespace

std::vector<Command> person_commands() {
  auto listing = connection();
  listing.push_back({"json", "", "print the API's answer"});
  return {{.noun = "person",
           .verb = "matches",
           .title = "people of your node who may be one, for you to decide",
           .details = "Told by the systems and keys they came from: look them up there.",
           .options = listing,
           .run = person_matches},
          {.noun = "person",
           .verb = "merge",
           .arguments = "ID ID",
           .arguments_min = 2,
           .arguments_max = 2,
           .title = "say that two people of your node are one",
           .details = "The reason comes from standard input. Each keeps what its own sources say, so it can be undone.",
           .options = connection(),
           .run = person_merge},
          {.noun = "person",
           .verb = "unmerge",
           .arguments = "ID ID",
           .arguments_min = 2,
           .arguments_max = 2,
           .title = "say that two people are two: undo a merge, or decline a possible match",
           .details = "The reason comes from standard input.",
           .options = connection(),
           .run = person_unmerge}};
}

}  // namespace ginnel
