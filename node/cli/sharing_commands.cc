// SPDX-License-Identifier: Apache-2.0
// ginnel sharing: who saw what of a person of your node, and why.
#include <nlohmann/json.hpp>

#include "federation/base/id.h"
#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

// In the words of somebody who has to explain it to a family.
std::string act_for_people(const Json& row) {
  const std::string what = text_in(row, "what"), agency = text_in(row, "agency"), worker = text_in(row, "worker");
  const std::string who = worker.empty() ? "this agency" : worker;
  if (what == "asked") return who + " asked other agencies";
  if (what == "disclosed") return "told " + agency;
  if (what == "received") return agency + " told this agency";
  if (const std::string form = text_in(row, "form"); form.starts_with("chronology-") && form != "chronology-page")
    return who + " took away the chronology (" + form.substr(form.find('-') + 1) + ")";
  if (what == "view_shown") return who + " was shown";
  if (what == "people_searched") return who + " looked for them";
  return agency.empty() ? "decided for " + who : "decided for " + agency;
}

void print_act(std::ostream& out, const Json& row) {
  out << text_in(row, "at") << "  " << act_for_people(row);
  if (auto role = text_in(row, "role"); !role.empty()) out << " (" << role << ")";
  if (auto allocated = row.find("allocated"); allocated != row.end() && allocated->is_boolean())
    out << (allocated->get<bool>() ? ", allocated" : ", not allocated");
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
  std::uint64_t before = 0;
  do {
    const std::string page = before == 0 ? "" : "?before=" + std::to_string(before);
    auto body = get_from_node(call, "/api/v1/people/" + id + "/sharing" + page);
    if (!body) return failed_with(call.streams, body.error());
    auto account = object_of(*body, "rows");
    if (!account) return failed_with(call.streams, account.error());
    if (call.has("json")) {
      call.streams.out << *body << "\n";
    } else {
      for (const Json& row : list_in(*account, "rows"))
        if (row.is_object()) print_act(call.streams.out, row);
      if (auto erased = number_in(*account, "erased"); erased > 0)
        call.streams.err << erased << " older entries were erased and can no longer be read\n";
    }
    const std::uint64_t next = number_in(*account, "before");
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
           .options = node_api_options({{"json", "", "print the API's answers, one a line"}}),
           .run = sharing_show}};
}

}  // namespace ginnel
