// SPDX-License-Identifier: Apache-2.0
// ginnel report: what the law makes an agency send, made by its returns officer through their node's API.
#include <nlohmann/json.hpp>

#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t report_timeout_ms = 120'000;  // more than the node's own limit for one request

// The file goes to standard output; what it lacks goes beside it, for whoever completes it.
ExitCode cin_census(Invocation& call) {
  auto year = call.number("year", 1900, 2999);
  if (!year) return ExitCode::usage;
  auto body = post_to_node(call, "/api/v1/reports/cin-census", {{"year", *year}}, report_timeout_ms);
  if (!body) return failed_with(call.streams, body.error());
  const Json json = Json::parse(*body, nullptr, /*allow_exceptions=*/false);
  const bool is_return = json.is_object() && json.contains("return") && json["return"].is_string() &&
                         json.contains("gaps") && json["gaps"].is_array() &&
                         json.value("children", Json()).is_number_unsigned() &&
                         json.value("gapsNotTold", Json()).is_number_unsigned();
  if (!is_return)
    return failed_with(call.streams, Error{"bad-answer", "cannot read the node's answer", "it is of another form", ""});
  if (call.has("json"))
    call.streams.out << *body << "\n";
  else
    call.streams.out << json["return"].get<std::string>();
  for (const auto& gap : json["gaps"]) {
    if (!gap.is_object()) continue;
    const std::string event = text_in(gap, "event"), day = text_in(gap, "date");
    call.streams.err << text_in(gap, "child") << ": " << event << (day.empty() ? "" : " of " + day)
                     << (event.empty() && day.empty() ? "" : ": ") << text_in(gap, "what") << "\n";
  }
  const auto not_told = json["gapsNotTold"].get<std::uint64_t>();
  call.streams.err << json["children"].get<std::uint64_t>() << " children; " << json["gaps"].size() + not_told
                   << " things that the records cannot fill" << (not_told ? ", the first ones above" : "") << "\n";
  return ExitCode::done;
}

}  // namespace

std::vector<Command> report_commands() {
  return {{.noun = "report",
           .verb = "cin-census",
           .title = "the CIN census return of a year, of your node's own records",
           .details = "The file goes to standard output; what the records cannot fill, to standard error. For returns "
                      "officers.",
           .options = node_api_options(
               {{"year", "YEAR", "in which the collection ends: 2026 is 1 April 2025 to 31 March 2026", true},
                {"json", "", "print the API's answer"}}),
           .run = cin_census}};
}

}  // namespace ginnel
