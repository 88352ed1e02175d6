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
  if (notice.contains("invitation")) {
    const Json& invitation = notice["invitation"];
    out << "  waits for " << words_in(invitation, "wanted");
    if (!text_in(invitation, "due").empty()) out << "; due " << moment_in(invitation, "due");
    out << "\n  answer    ginnel notice answer " << text_in(notice, "id") << " NAME\n";
  }
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

Expected<NoticeId> id_of(const Invocation& call) {
  auto id = NoticeId::parse(call.arguments.front());
  if (id) return *id;
  return fail("usage", "cannot name the notice", "its id is not 32 hexadecimal digits",
              "`ginnel notice list` shows them");
}

ExitCode show(Invocation& call) {
  auto id = id_of(call);
  if (!id) return failed_with(call.streams, id.error());
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

ExitCode answer(Invocation& call) {
  auto id = id_of(call);
  if (!id) return failed_with(call.streams, id.error());
  Json body{{"name", call.arguments[1]}};
  if (call.has("at")) body["at"] = call.text("at");
  if (call.has("text")) {
    auto text = reason_from(call.streams.in, "cannot answer the invitation");
    if (!text) return failed_with(call.streams, text.error());
    body["text"] = *text;
  }
  auto done = post_to_node(call, "/api/v1/notices/" + id->hex() + "/answers", body);
  if (!done) return failed_with(call.streams, done.error());
  call.streams.out << "it is recorded, and goes to whoever leads the step; `ginnel notice list --sent` says whether it "
                      "arrived\n";
  return ExitCode::done;
}

}  // namespace

std::vector<Command> notice_commands() {
  return {
      {
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
      },
      {
          .noun = "notice",
          .verb = "answer",
          .arguments = "ID NAME",
          .arguments_min = 2,
          .arguments_max = 2,
          .title = "bring something to the step that a notice invites to",
          .details = "NAME is one of what it waits for: `attendance`, `report`. It becomes your agency's own record, "
                     "and goes to whoever leads the step.",
          .options = node_api_options({{"text", "", "reads what is written from standard input"},
                                       {"at", "WHEN",
                                        "when it happened: 2026-12-03 or 2026-12-03T17:00:00Z; "
                                        "left out: now"}}),
          .run = answer,
      }};
}

}  // namespace ginnel
