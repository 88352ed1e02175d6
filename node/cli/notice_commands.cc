// SPDX-License-Identifier: Apache-2.0
// ginnel notice: what other agencies told, through a worker's own node.
#include <nlohmann/json.hpp>

#include "federation/wire/notice_id.h"
#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t timeout_ms = 90'000;  // each notice is decided anew

// What a peer wrote goes through text_in(): it may hold what a terminal obeys.
void print_notice(std::ostream& out, const Json& notice, bool whole) {
  const Json child = notice.value("child", Json::object());
  const Json item = notice.value("item", Json::object());
  const Json contact = notice.value("contact", Json::object());
  out << text_in(notice, "id") << "  " << text_in(notice, "arrivedAt") << "  " << text_in(notice, "title") << "\n"
      << "  child     " << text_in(child, "familyName") << ", " << text_in(child, "givenName") << "\n"
      << "  told by   " << text_in(notice, "name") << "; ring " << text_in(contact, "name") << ", "
      << text_in(contact, "phone") << "\n";
  if (notice.contains("withdrawn"))
    out << "  taken back: do not rely on it. " << text_in(notice["withdrawn"], "reason") << "\n";
  else if (notice.value("takesBack", false))
    out << "  something that you were told before holds no longer\n";
  if (!text_in(item, "headline").empty()) out << "  " << text_in(item, "headline") << "\n";
  if (item.empty() && !text_in(notice, "category").empty())
    out << "  something of the category " << text_in(notice, "category") << "\n";
  if (!text_in(notice, "reason").empty()) out << "  " << text_in(notice, "reason") << "\n";
  if (whole && !text_in(item, "narrative").empty()) out << "  " << text_in(item, "narrative") << "\n";
  if (notice.contains("acknowledged")) out << "  taken up by " << text_in(notice["acknowledged"], "by") << "\n";
}

ExitCode list(Invocation& call) {
  auto body = get_from_node(call, "/api/v1/notices", timeout_ms);
  if (!body) return failed_with(call.streams, body.error());
  if (call.has("json")) return call.streams.out << *body << "\n", ExitCode::done;
  auto json = object_of(*body, "notices");
  if (!json) return failed_with(call.streams, json.error());
  for (const auto& notice : (*json)["notices"]) print_notice(call.streams.out, notice, false);
  if ((*json)["notices"].empty())
    call.streams.err << "nobody has told anything yet; that does not mean that nothing happened\n";
  return ExitCode::done;
}

ExitCode show(Invocation& call) {
  auto id = NoticeId::parse(call.arguments.front());
  if (!id)
    return failed_with(call.streams, Error{"usage", "cannot show the notice", "its id is not 32 hexadecimal digits",
                                           "ginnel notice list shows them"});
  auto body = get_from_node(call, "/api/v1/notices/" + id->hex(), timeout_ms);
  if (!body) return failed_with(call.streams, body.error());
  if (call.has("json")) return call.streams.out << *body << "\n", ExitCode::done;
  auto json = object_of(*body);
  if (!json) return failed_with(call.streams, json.error());
  print_notice(call.streams.out, *json, true);
  return ExitCode::done;
}

}  // namespace

std::vector<Command> notice_commands() {
  return {{
              .noun = "notice",
              .verb = "list",
              .title = "what other agencies told about the children you asked about, newest first",
              .options = node_api_options({{"json", "", "print the API's answer"}}),
              .run = list,
          },
          {
              .noun = "notice",
              .verb = "show",
              .arguments = "ID",
              .arguments_min = 1,
              .arguments_max = 1,
              .title = "one notice whole",
              .options = node_api_options({{"json", "", "print the API's answer"}}),
              .run = show,
          }};
}

}  // namespace ginnel
