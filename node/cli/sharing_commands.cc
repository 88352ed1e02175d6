// SPDX-License-Identifier: Apache-2.0
// ginnel sharing: who saw what of a person of your node, and why.
#include <nlohmann/json.hpp>

#include "federation/base/id.h"
#include "node/cli/commands.h"
#include "node/cli/http_client.h"
#include "node/cli/output.h"
#include "node/cli/terminal_text.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t timeout_ms = 30'000;

std::string text_in(const Json& json, const char* name) {
  auto found = json.find(name);
  return found != json.end() && found->is_string() ? harmless(found->get<std::string>()) : std::string();
}
std::uint64_t number_in(const Json& json, const char* name) {
  auto found = json.find(name);
  return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

// In the words of somebody who has to explain it to a family.
std::string act_for_people(const Json& row) {
  const std::string what = text_in(row, "what"), agency = text_in(row, "agency"), worker = text_in(row, "worker");
  const std::string who = worker.empty() ? "this agency" : worker;
  if (what == "asked") return who + " asked other agencies";
  if (what == "disclosed") return "told " + agency;
  if (what == "received") return agency + " told this agency";
  if (what == "view_shown") return who + " was shown";
  if (what == "people_searched") return who + " looked for them";
  return agency.empty() ? "decided for " + who : "decided for " + agency;
}

void print_row(std::ostream& out, const Json& row) {
  out << text_in(row, "at") << "  " << act_for_people(row);
  if (auto role = text_in(row, "role"); !role.empty()) out << " (" << role << ")";
  out << ": " << number_in(row, "told") << " told, " << number_in(row, "counted") << " counted, "
      << number_in(row, "withheld") << " withheld\n  entry " << number_in(row, "entry");
  for (const char* name : {"purpose", "basis", "reason"})
    if (auto text = text_in(row, name); !text.empty()) out << "  " << name << ": " << text;
  out << "\n";
}

ExitCode sharing_show(Invocation& call) {
  const std::string& id = call.arguments[0];
  if (!PersonRef::parse(id))
    return failed_with(call.streams, Error{"usage", "cannot show who saw what", "an id is 32 hexadecimal digits",
                                           "take it from `ginnel find`"});
  auto client = HttpClient::open({call.text("url"), call.text("ca"), call.text("token-file"), timeout_ms});
  if (!client) return failed_with(call.streams, client.error());
  std::uint64_t before = 0;
  do {
    const std::string page = before == 0 ? "" : "?before=" + std::to_string(before);
    auto answer = client->get("/api/v1/people/" + id + "/sharing" + page);
    if (!answer) return failed_with(call.streams, answer.error());
    auto body = body_or_error(*answer);
    if (!body) return failed_with(call.streams, body.error());
    const Json account = Json::parse(*body, nullptr, /*allow_exceptions=*/false);
    if (!account.is_object() || !account.contains("rows") || !account["rows"].is_array())
      return failed_with(call.streams,
                         Error{"bad-answer", "cannot read the node's answer", "it is of another form", ""});
    if (call.has("json")) {
      call.streams.out << *body << "\n";
    } else {
      for (const Json& row : account["rows"])
        if (row.is_object()) print_row(call.streams.out, row);
      if (auto erased = number_in(account, "erased"); erased > 0)
        call.streams.err << erased << " older entries were erased and can no longer be read\n";
    }
    const std::uint64_t next = number_in(account, "before");
    before = next != before ? next : 0;
  } while (before != 0);
  return ExitCode::done;
}

}  // namespace

std::vector<Command> sharing_commands() {
  return {{.noun = "sharing",
           .verb = "show",
           .arguments = "ID",
           .arguments_min = 1,
           .arguments_max = 1,
           .title = "who saw what of a person of your node, who was told, and why",
           .details =
               "For roles that answer for what was shared. ID comes from `ginnel find`. Newest first; being shown\n"
               "this is in the next account.",
           .options = {{"url", "URL", "your node, such as https://127.0.0.1:8441", true},
                       {"token-file", "FILE", "your API token", true},
                       {"ca", "FILE", "the authority of the node's certificate, PEM"},
                       {"json", "", "print the API's answers, one a line"}},
           .run = sharing_show}};
}

}  // namespace ginnel
