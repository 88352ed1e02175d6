// SPDX-License-Identifier: Apache-2.0
// ginnel notice: what other agencies told, through a worker's own node.
#include <nlohmann/json.hpp>

#include "federation/wire/notice_id.h"
#include "node/cli/commands.h"
#include "node/cli/http_client.h"
#include "node/cli/output.h"
#include "node/cli/terminal_text.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

std::string text(const Json& from, const char* name) {
  const auto found = from.find(name);
  return found != from.end() && found->is_string() ? harmless(found->get<std::string>()) : std::string();
}

// What a peer wrote goes through harmless(): it may hold what a terminal obeys.
void print_notice(std::ostream& out, const Json& notice, bool whole) {
  const Json child = notice.value("child", Json::object());
  const Json item = notice.value("item", Json::object());
  const Json contact = notice.value("contact", Json::object());
  out << text(notice, "id") << "  " << text(notice, "arrivedAt") << "  " << text(notice, "title") << "\n"
      << "  child     " << text(child, "familyName") << ", " << text(child, "givenName") << "\n"
      << "  told by   " << text(notice, "name") << "; ring " << text(contact, "name") << ", " << text(contact, "phone")
      << "\n";
  if (notice.contains("withdrawn"))
    out << "  taken back: do not rely on it. " << text(notice["withdrawn"], "reason") << "\n";
  else if (notice.value("takesBack", false))
    out << "  something that you were told before holds no longer\n";
  if (!text(item, "headline").empty()) out << "  " << text(item, "headline") << "\n";
  if (item.empty() && !text(notice, "category").empty())
    out << "  something of the category " << text(notice, "category") << "\n";
  if (!text(notice, "reason").empty()) out << "  " << text(notice, "reason") << "\n";
  if (whole && !text(item, "narrative").empty()) out << "  " << text(item, "narrative") << "\n";
  if (notice.contains("acknowledged")) out << "  taken up by " << text(notice["acknowledged"], "by") << "\n";
}

Expected<std::string> fetch(const Invocation& call, const std::string& path) {
  auto client = HttpClient::open({call.text("url"), call.text("ca"), call.text("token-file")});
  if (!client) return tl::unexpected(client.error());
  auto answer = client->get(path);
  if (!answer) return tl::unexpected(answer.error());
  return body_or_error(*answer);
}

ExitCode list(Invocation& call) {
  auto body = fetch(call, "/api/v1/notices");
  if (!body) return failed_with(call.streams, body.error());
  if (call.has("json")) return call.streams.out << *body << "\n", ExitCode::done;
  const Json json = Json::parse(*body, nullptr, false);
  if (!json.is_object() || !json.contains("notices"))
    return failed_with(call.streams,
                       Error{"bad-answer", "cannot read the notices", "the answer is not as expected", ""});
  for (const auto& notice : json["notices"]) print_notice(call.streams.out, notice, false);
  if (json["notices"].empty())
    call.streams.err << "nobody has told anything yet; that does not mean that nothing happened\n";
  return ExitCode::done;
}

ExitCode show(Invocation& call) {
  auto id = NoticeId::parse(call.arguments.front());
  if (!id)
    return failed_with(call.streams, Error{"usage", "cannot show the notice", "its id is not 32 hexadecimal digits",
                                           "ginnel notice list shows them"});
  auto body = fetch(call, "/api/v1/notices/" + id->hex());
  if (!body) return failed_with(call.streams, body.error());
  if (call.has("json")) return call.streams.out << *body << "\n", ExitCode::done;
  const Json json = Json::parse(*body, nullptr, false);
  if (!json.is_object())
    return failed_with(call.streams,
                       Error{"bad-answer", "cannot read the notice", "the answer is not as expected", ""});
  print_notice(call.streams.out, json, true);
  return ExitCode::done;
}

std::vector<OptionSpec> options() {
  return {{"url", "URL", "your node, such as https://127.0.0.1:8441", true},
          {"token-file", "FILE", "your API token", true},
          {"ca", "FILE", "the authority of the node's certificate, PEM"},
          {"json", "", "print the API's answer"}};
}

}  // namespace

std::vector<Command> notice_commands() {
  return {{
              .noun = "notice",
              .verb = "list",
              .title = "what other agencies told about the children you asked about, newest first",
              .options = options(),
              .run = list,
          },
          {
              .noun = "notice",
              .verb = "show",
              .arguments = "ID",
              .arguments_min = 1,
              .arguments_max = 1,
              .title = "one notice whole",
              .options = options(),
              .run = show,
          }};
}

}  // namespace ginnel
