// SPDX-License-Identifier: Apache-2.0
// ginnel case view, chronology: a practitioner asks through their own node's API.
#include <iterator>
#include <nlohmann/json.hpp>

#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"
#include "node/cli/render_case_view.h"
#include "node/setup/private_file.h"
#include "node/view/chronology.h"
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

// A day alone is its end, in London: what was recorded on it was known.
Expected<std::string> moment_of(const Invocation& call) {
  if (!call.has("as-known-at")) return std::string();
  const auto when = parse_when(call.text("as-known-at"));
  const Instant end = when ? when->end() : Instant();
  if (!end.is_set())
    return fail("usage", "cannot ask for a past moment", "--as-known-at is no day or time",
                "give 2026-11-08 or 2026-11-08T23:10:00Z");
  return to_iso_utc(end);
}

// The child from standard input; the API's answer.
Expected<std::string> begin_view(Invocation& call, std::int64_t deadline_ms) {
  auto moment = moment_of(call);
  if (!moment) return moment;
  auto child = read_child(call.streams.in);
  if (!child) return tl::unexpected(child.error());
  Json request = request_body(call, std::move(*child), deadline_ms);
  if (!moment->empty()) request["asKnownAt"] = *moment;
  return post_to_node(call, "/api/v1/case-views", request, deadline_ms + answer_slack_ms);
}

ExitCode case_view(Invocation& call) {
  auto deadline_ms = call.number("deadline-ms", limits::api_deadline_ms_min, limits::api_deadline_ms_max);
  if (!deadline_ms) return ExitCode::usage;
  auto body = begin_view(call, *deadline_ms);
  if (!body) return failed_with(call.streams, body.error());
  auto view = view_from_json(*body);
  if (!view) return failed_with(call.streams, view.error());

  if (call.has("json"))
    call.streams.out << *body << "\n";
  else
    call.streams.out << render_case_view(*view, {.contacts = call.has("contacts")});
  return ExitCode(exit_code_of(*view));
}

// Of a view that was asked for before, or of one that begins now.
ExitCode case_chronology(Invocation& call) {
  auto deadline_ms = call.number("deadline-ms", limits::api_deadline_ms_min, limits::api_deadline_ms_max);
  if (!deadline_ms) return ExitCode::usage;
  const auto form = chronology_form_from(call.text("format"));
  if (!form || *form == ChronologyForm::page)
    return failed_with(call.streams, {"usage", "cannot write the chronology", "--format is none that there is",
                                      "use json, csv, html or pdf"});
  bool is_complete = true;
  std::string view;
  if (call.arguments.empty()) {
    if (!call.has("purpose") || !call.has("basis"))
      return failed_with(call.streams, {"usage", "cannot begin a case view", "--purpose and --basis are missing",
                                        "give both and the child on standard input, or the id of a view"});
    auto body = begin_view(call, *deadline_ms);
    if (!body) return failed_with(call.streams, body.error());
    auto begun = view_from_json(*body);
    if (!begun) return failed_with(call.streams, begun.error());
    view = begun->id.hex();
    is_complete = begun->complete;
  } else {
    auto id = ViewId::parse(call.arguments.front());
    if (!id)
      return failed_with(call.streams,
                         {"usage", "cannot find the case view", "VIEW is no view's id",
                          "it stands in the address of the view's page, and in `ginnel case view --json`"});
    view = id->hex();
  }
  auto file = get_from_node(call, "/api/v1/case-views/" + view + "/chronology?format=" + std::string(name_of(*form)));
  if (!file) return failed_with(call.streams, file.error());
  if (!call.has("output")) {
    call.streams.out << *file;
    return is_complete ? ExitCode::done : ExitCode(4);
  }
  if (auto written = write_private_file(call.text("output"), *file); !written)
    return failed_with(call.streams, written.error());
  call.streams.out << "written to " << call.text("output") << ", for your eyes alone; that you have it is recorded\n";
  if (!is_complete) call.streams.out << "it is incomplete: it says which agencies have not answered\n";
  return is_complete ? ExitCode::done : ExitCode(4);
}

}  // namespace

std::vector<Command> case_commands() {
  const OptionSpec as_known{"as-known-at", "WHEN",
                            "as agencies had recorded it by then: a day, or 2026-11-08T23:10:00Z"};
  return {
      {
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
               as_known,
               {"contacts", "", "show every agency's and author's telephone number"},
               {"json", "", "print the API's answer"}}),
          .run = case_view,
      },
      {
          .noun = "case",
          .verb = "chronology",
          .arguments = "[VIEW]",
          .arguments_min = 0,
          .arguments_max = 1,
          .title = "one child's history from all agencies, oldest first, as a file to take away",
          .details = "Of the view VIEW, as you see it now; without it, of a new one, and then the child comes from "
                     "standard input\n"
                     "and --purpose and --basis are needed, as for `ginnel case view`. The file says what is withheld, "
                     "what each\n"
                     "agency answered and what was taken back. Ends with 4 when an agency did not answer.",
          .options = node_api_options(
              {{"format", "FORM", "json, csv, html or pdf", false, "json"},
               {"output", "FILE", "where to write it; left out: to standard output"},
               {"purpose", "WORD", "why you ask: child_protection, first_contact, ..."},
               {"basis", "WORD", "your agency's lawful basis: public_task, ..."},
               {"reason", "TEXT", "why, in your words; it stays in your own agency's ledger"},
               {"case-ref", "REF", "your own case number; only a commitment to it is sent"},
               {"scope", "MEMBER", "ask only this agency", false, "", true},
               {"break-glass", "REASON", "open in immediate danger; the reason is kept by every agency asked"},
               {"deadline-ms", "MS", "how long to wait for the agencies", false, "5000"},
               as_known}),
          .run = case_chronology,
      }};
}

}  // namespace ginnel
