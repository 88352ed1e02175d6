// SPDX-License-Identifier: Apache-2.0
// ginnel notice: what other agencies told, and were told, through a worker's own node.
#include <nlohmann/json.hpp>

#include "federation/wire/notice_id.h"
#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t notice_timeout_ms = 90'000;  // each notice is decided anew

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

void print_sent(std::ostream& out, const Json& notice) {
  const Json child = notice.value("child", Json::object());
  out << text_in(notice, "at") << "  " << text_in(notice, "title") << "\n"
      << "  child     " << text_in(child, "familyName") << ", " << text_in(child, "givenName") << "\n";
  if (!text_in(notice, "headline").empty())
    out << "  " << text_in(notice, "headline") << "\n";
  else if (!text_in(notice, "category").empty())
    out << "  something of the category " << text_in(notice, "category") << "\n";
  if (!text_in(notice, "reason").empty()) out << "  " << text_in(notice, "reason") << "\n";
  for (const auto& one : notice.value("recipients", Json::array())) {
    out << "  to        " << text_in(one, "name") << ": " << text_in(one, "stateTitle") << ", " << text_in(one, "at")
        << "\n            " << text_in(one, "id") << "\n";
    for (const auto& name : one.value("reportedTo", Json::array()))
      out << "            reported to " << text_in(Json{{"name", name}}, "name") << ", who tells them another way\n";
    if (!text_in(one, "followedUp").empty()) out << "            followed up: " << text_in(one, "followedUp") << "\n";
  }
}

void tell_undecided(std::ostream& err, const Json& list) {
  if (const auto more = list.value("undecided", 0); more > 0)
    err << more << " more cannot be shown now: it cannot be said what you may know of them; ask again, or tell the "
        << "operator of this node\n";
}

ExitCode list_sent(Invocation& call) {
  auto body = get_from_node(call, "/api/v1/notices/sent", notice_timeout_ms);
  if (!body) return failed_with(call.streams, body.error());
  if (call.has("json")) return call.streams.out << *body << "\n", ExitCode::done;
  auto json = object_of(*body, "sent");
  if (!json) return failed_with(call.streams, json.error());
  for (const auto& notice : (*json)["sent"]) print_sent(call.streams.out, notice);
  tell_undecided(call.streams.err, *json);
  if ((*json)["sent"].empty()) call.streams.err << "nothing that you may see was told to anybody\n";
  return ExitCode::done;
}

ExitCode list(Invocation& call) {
  if (call.has("sent")) return list_sent(call);
  auto body = get_from_node(call, "/api/v1/notices", notice_timeout_ms);
  if (!body) return failed_with(call.streams, body.error());
  if (call.has("json")) return call.streams.out << *body << "\n", ExitCode::done;
  auto json = object_of(*body, "notices");
  if (!json) return failed_with(call.streams, json.error());
  for (const auto& notice : (*json)["notices"]) print_notice(call.streams.out, notice, false);
  tell_undecided(call.streams.err, *json);
  if ((*json)["notices"].empty())
    call.streams.err << "nobody has told anything yet; that does not mean that nothing happened\n";
  return ExitCode::done;
}

ExitCode show(Invocation& call) {
  auto id = NoticeId::parse(call.arguments.front());
  if (!id)
    return failed_with(call.streams, Error{"usage", "cannot show the notice", "its id is not 32 hexadecimal digits",
                                           "ginnel notice list shows them"});
  const std::string path = call.has("sent") ? "/api/v1/notices/sent/" : "/api/v1/notices/";
  auto body = get_from_node(call, path + id->hex(), notice_timeout_ms);
  if (!body) return failed_with(call.streams, body.error());
  if (call.has("json")) return call.streams.out << *body << "\n", ExitCode::done;
  auto json = object_of(*body);
  if (!json) return failed_with(call.streams, json.error());
  if (call.has("sent"))
    print_sent(call.streams.out, *json);
  else
    print_notice(call.streams.out, *json, true);
  return ExitCode::done;
}

}  // namespace

std::vector<Command> notice_commands() {
  return {{
              .noun = "notice",
              .verb = "list",
              .title = "what other agencies told about the children you asked about, newest first",
              .options = node_api_options({{"sent", "", "what this agency told others, and how it went with each"},
                                           {"json", "", "print the API's answer"}}),
              .run = list,
          },
          {
              .noun = "notice",
              .verb = "show",
              .arguments = "ID",
              .arguments_min = 1,
              .arguments_max = 1,
              .title = "one notice whole",
              .options = node_api_options({{"sent", "", "one that this agency sent, by the id of its recipient"},
                                           {"json", "", "print the API's answer"}}),
              .run = show,
          }};
}

}  // namespace ginnel
