// SPDX-License-Identifier: Apache-2.0
// ginnel case view: a practitioner asks through their own node's API.
#include <iterator>
#include <nlohmann/json.hpp>

#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"
#include "node/cli/render_case_view.h"
#include "node/view/view_json.h"
#include "node/web/limits.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr std::size_t child_bytes_max = 64 * 1024;
constexpr std::int64_t answer_slack_ms = 30'000;  // beyond the view's deadline, for a slow machine

// The texts quote no value: they are a child's.
Expected<Json> read_child(std::istream& in) {
  std::string text(std::istreambuf_iterator<char>(in), {});
  auto bad = [](const char* why) {
    return fail("usage", "cannot read the child from standard input", why,
                "pipe in {\"nhsNumber\": ...}, or {\"familyName\", \"givenName\", \"dateOfBirth\", \"postcode\"}");
  };
  if (text.size() > child_bytes_max) return bad("it is too long");
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return bad(text.empty() ? "nothing came" : "it is no JSON object");
  return json;
}

Json request_body(const Invocation& call, Json child, std::int64_t deadline_ms) {
  Json body{{"child", std::move(child)},
            {"purpose", call.text("purpose")},
            {"basis", call.text("basis")},
            {"deadlineMs", deadline_ms}};
  // The API wants a reason; whoever reads the ledger sees that none was given here.
  body["reason"] = call.has("reason") ? call.text("reason") : "not stated";
  if (call.has("case-ref")) body["caseRef"] = call.text("case-ref");
  if (call.has("scope")) body["scope"] = call.texts("scope");
  if (call.has("break-glass")) body["breakGlass"] = {{"reason", call.text("break-glass")}};
  return body;
}

ExitCode case_view(Invocation& call) {
  auto deadline_ms = call.number("deadline-ms", limits::api_deadline_ms_min, limits::api_deadline_ms_max);
  if (!deadline_ms) return ExitCode::usage;
  auto child = read_child(call.streams.in);
  if (!child) return failed_with(call.streams, child.error());

  auto body = post_to_node(call, "/api/v1/case-views", request_body(call, std::move(*child), *deadline_ms),
                           *deadline_ms + answer_slack_ms);
  if (!body) return failed_with(call.streams, body.error());
  auto view = view_from_json(*body);
  if (!view) return failed_with(call.streams, view.error());

  if (call.has("json"))
    call.streams.out << *body << "\n";
  else
    call.streams.out << render_case_view(*view, {.contacts = call.has("contacts")});
  return ExitCode(exit_code_of(*view));
}

}  // namespace

std::vector<Command> case_commands() {
  return {{
      .noun = "case",
      .verb = "view",
      .title = "the cross-agency view of one child, asked through your own node",
      .details =
          "The child comes from standard input, as JSON: {\"nhsNumber\": ...}, or {\"familyName\", \"givenName\",\n"
          "\"dateOfBirth\"} and, where known, \"postcode\". Ends with 4 when an agency did not answer.",
      .options = node_api_options(
          {{"purpose", "WORD", "why you ask: child_protection, first_contact, ...", true},
           {"basis", "WORD", "your agency's lawful basis: public_task, ...", true},
           {"reason", "TEXT", "why, in your words; it stays in your own agency's ledger"},
           {"case-ref", "REF", "your own case number; only a commitment to it is sent"},
           {"scope", "MEMBER", "ask only this agency", false, "", true},
           {"break-glass", "REASON", "open in immediate danger; the reason is kept by every agency asked"},
           {"deadline-ms", "MS", "how long to wait for the agencies", false, "5000"},
           {"contacts", "", "show every agency's and author's telephone number"},
           {"json", "", "print the API's answer"}}),
      .run = case_view,
  }};
}

}  // namespace ginnel
