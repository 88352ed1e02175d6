// SPDX-License-Identifier: Apache-2.0
// ginnel refusal: what was decided not to be shared of one of your own node's people, and its reviews, through its API.
#include <iterator>
#include <nlohmann/json.hpp>

#include "federation/base/time.h"
#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"
#include "node/store/refusal_entry.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr std::size_t refusal_bytes_max = 64 * 1024;

void print_refusal(std::ostream& out, const Json& row) {
  const std::string recipient = text_in(row, "recipient"), purpose = text_in(row, "purpose");
  out << (row.value("reviewDue", Json()) == true ? "REVIEW DUE  " : "") << text_in(row, "category")
      << " not shared with " << (recipient.empty() ? "anybody" : recipient)
      << (purpose.empty() ? "" : " for " + purpose) << "\n  " << text_in(row, "id") << "  " << text_in(row, "testTitle")
      << "\n  " << moment_in(row, "decided") << " by " << text_in(row, "recordedBy") << ": " << text_in(row, "reason")
      << "\n";
  if (auto outcome = text_in(row, "outcome"); !outcome.empty())
    out << "  reviewed " << moment_in(row, "reviewedAt") << " by " << text_in(row, "reviewedBy") << ", " << outcome
        << ": " << text_in(row, "afterReview") << "\n";
  if (auto review = moment_in(row, "reviewOn"); !review.empty()) out << "  to be reviewed " << review << "\n";
}

ExitCode refusal_record(Invocation& call) {
  std::string text(std::istreambuf_iterator<char>(call.streams.in), {});
  const Json refusal = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (text.size() > refusal_bytes_max || !refusal.is_object())
    return failed_with(call.streams,
                       Error{"usage", "cannot read from standard input what is not shared", "it is no JSON object",
                             "pipe in {\"person\": ID, \"category\": ..., \"test\": ..., \"reason\": ..., "
                             "\"reviewOn\": ...}: docs/api.md names all of them"});
  auto body = post_text_to_node(call, "/api/v1/refusals", text);
  if (!body) return failed_with(call.streams, body.error());
  auto made = object_of(*body);
  if (!made) return failed_with(call.streams, made.error());
  call.streams.out << text_in(*made, "id") << "\n";
  call.streams.err << "it is recorded, and its review is somebody's task\n";
  return ExitCode::done;
}

ExitCode refusal_review(Invocation& call) {
  const std::string& id = call.arguments[0];
  if (!RefusalId::parse(id))
    return failed_with(call.streams, Error{"usage", "cannot review it", "an id is 32 hexadecimal digits",
                                           "take it from `ginnel refusal list`"});
  auto reason = reason_from(call.streams.in, "cannot review it");
  if (!reason) return failed_with(call.streams, reason.error());
  Json body{{"outcome", call.text("outcome")}, {"reason", *reason}};
  if (call.has("next")) body["reviewOn"] = call.text("next");
  auto done = post_to_node(call, "/api/v1/refusals/" + id + "/review", body);
  if (!done) return failed_with(call.streams, done.error());
  call.streams.err << "the review is recorded\n";
  return ExitCode::done;
}

ExitCode refusal_list(Invocation& call) {
  const std::string person = call.text("person");
  if (!PersonRef::parse(person))
    return failed_with(call.streams, Error{"usage", "cannot list what was not shared", "an id is 32 hexadecimal digits",
                                           "take it from `ginnel find`"});
  auto body = get_from_node(call, "/api/v1/refusals?person=" + person);
  if (!body) return failed_with(call.streams, body.error());
  auto json = object_of(*body, "refusals");
  if (!json) return failed_with(call.streams, json.error());
  if (call.has("json")) {
    call.streams.out << *body << "\n";
    return ExitCode::done;
  }
  std::size_t all = 0;
  for (const auto& row : list_in(*json, "refusals")) {
    if (!row.is_object()) continue;
    print_refusal(call.streams.out, row);
    ++all;
  }
  call.streams.err << all << (all == 1 ? " refusal" : " refusals")
                   << (json->value("more", Json()) == true ? "; there are older ones" : "") << "\n";
  return ExitCode::done;
}

}  // namespace

std::vector<Command> refusal_commands() {
  return {{.noun = "refusal",
           .verb = "record",
           .title = "record what you decided not to share, by which test, and when it is looked at again",
           .details =
               "Reads from standard input, as JSON: person (of `ginnel find`), category, test, reason, reviewOn; and, "
               "where there\nis one, record, recipient, purpose. Every mistake is told at once. Prints the id.",
           .options = node_api_options(),
           .run = refusal_record},
          {.noun = "refusal",
           .verb = "review",
           .arguments = "ID",
           .arguments_min = 1,
           .arguments_max = 1,
           .title = "record that a refusal was looked at again",
           .details = "The reason comes from standard input. One that stands is looked at again on --next.",
           .options = node_api_options({{"outcome", "WORD", "stands, or to_be_shared", true},
                                        {"next", "DAY", "when it is looked at again: 2026-12-03"}}),
           .run = refusal_review},
          {.noun = "refusal",
           .verb = "list",
           .title = "what was decided not to be shared of a person of your node",
           .details = "Newest first. That you were shown it is recorded.",
           .options =
               node_api_options({{"person", "ID", "of `ginnel find`", true}, {"json", "", "print the API's answer"}}),
           .run = refusal_list}};
}

}  // namespace ginnel
