// SPDX-License-Identifier: Apache-2.0
#include "node/web/pages.h"

#include <algorithm>

#include "federation/record/nhs_number.h"
#include "node/view/view_words.h"
#include "node/web/embedded.h"
#include "node/web/template.h"

namespace ginnel {
namespace {

using List = TemplateData::List;

constexpr std::size_t authors_per_agency = 3;

// What every page has around it.
TemplateData frame(const std::string& title, const std::string& agency_name, const Session* session) {
  TemplateData data;
  data.set("title", title).set("agency_name", agency_name).set("signed_in", session != nullptr);
  data.set("display_name", session ? session->display_name : std::string());
  data.set("csrf", session ? session->csrf : std::string());
  return data;
}

void set_error(TemplateData& data, const std::optional<Error>& error) {
  data.set("has_error", error.has_value());
  data.set("error_what", error ? error->what : std::string());
  data.set("error_why", error ? error->why : std::string());
  data.set_text("error_remedy", error ? error->remedy : std::string());
}

Expected<HttpResponse> page(std::string_view name, const TemplateData& data, unsigned status) {
  auto html = render_template(name, data);
  if (!html) return tl::unexpected(html.error());
  HttpResponse response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.body = std::move(*html);
  return response;
}

List options(const std::vector<Choice>& choices, const std::string& chosen) {
  List list;
  for (const auto& choice : choices) {
    TemplateData option;
    option.set("id", choice.id).set("choice", choice.title).set("is_chosen", choice.id == chosen);
    list.push_back(std::move(option));
  }
  return list;
}

// "tel:" takes digits and a plus only, whatever a peer wrote.
void set_phone(TemplateData& data, const std::string& phone) {
  std::string digits;
  std::copy_if(phone.begin(), phone.end(), std::back_inserter(digits),
               [](char c) { return (c >= '0' && c <= '9') || c == '+'; });
  data.set_text("phone", phone);
  data.set_text("tel", digits);
}

TemplateData involved_row(const Involvement& who) {
  TemplateData row;
  row.set("role", who.role.empty() ? "contact" : who.role).set("agency", who.agency_name);
  row.set_text("person", who.name);
  row.set_text("last_contact", who.last_contact.is_set() ? for_people(who.last_contact) : std::string());
  set_phone(row, who.phone);
  return row;
}

TemplateData item_row(const CaseView& view, const ViewItem& item) {
  TemplateData row;
  row.set("when", item.occurred.is_set() ? for_people(item.occurred) : std::string("date not known"));
  row.set("from", source_label(view, item)).set("kind", spaced(item.kind)).set("headline", item.headline);
  row.set_text("recorded", recorded_note(item));
  row.set_text("narrative", item.narrative);
  row.set("is_opinion", item.assertion == Assertion::opinion);
  List fields;
  for (const auto& field : item.fields)
    fields.push_back(TemplateData().set("field_name", field.name).set("field_value", field.value));
  row.set_list("fields", std::move(fields));
  return row;
}

TemplateData withheld_row(const CaseView& view, const ViewWithheld& withheld) {
  auto part = std::find_if(view.parts.begin(), view.parts.end(),
                           [&](const ViewPart& each) { return each.agency == withheld.agency; });
  TemplateData row;
  row.set("count", std::to_string(withheld.count)).set("category", withheld.category).set("why", withheld.reason);
  row.set("agency", part == view.parts.end() ? withheld.agency.text() : part->agency_name);
  row.set_text("ask", withheld.ask);
  return row;
}

TemplateData part_row(const ViewPart& part) {
  TemplateData row;
  row.set("agency", part.agency_name.empty() ? part.agency.text() : part.agency_name);
  row.set("status", words_of(part.status)).set("status_class", std::string(name_of(part.status)));
  row.set("meaning", explain(part));
  row.set_text("contact", part.contact.name.empty() ? part.contact.role : part.contact.name);
  row.set_text("answered_at", part.answered_at.is_set() ? for_people(part.answered_at) : std::string());
  row.set_text("data_to", part.data_to.is_set() ? for_people(part.data_to) : std::string());
  set_phone(row, part.contact.phone);
  return row;
}

template <class Rows, class Make>
List rows_of(const Rows& from, Make make) {
  List list;
  for (const auto& each : from) list.push_back(make(each));
  return list;
}

std::string type_of(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "application/octet-stream";
}

}  // namespace

Pages::Pages(Settings settings) : settings_(std::move(settings)) {}

Expected<HttpResponse> Pages::sign_in(const std::string& form_token, const std::string& username,
                                      const std::optional<Error>& error) const {
  auto data = frame("Sign in", settings_.agency_name, nullptr);
  data.set("form_token", form_token).set("username", username);
  set_error(data, error);
  return page("sign-in", data, 200);
}

Expected<HttpResponse> Pages::find(const Session& session, const FormFields& filled,
                                   const std::optional<Error>& error) const {
  auto data = frame("Find a child", settings_.agency_name, &session);
  for (const char* name : {"nhs-number", "family-name", "given-name", "birth-day", "birth-month", "birth-year",
                           "postcode", "reason", "case-ref"})
    data.set(name, filled.get(name));
  data.set("purposes", options(settings_.purposes, filled.get("purpose")));
  data.set("bases", options(settings_.bases, filled.get("basis")));
  set_error(data, error);
  return page("find", data, 200);
}

Expected<HttpResponse> Pages::case_view(const Session& session, const CaseView& view) const {
  auto data = frame("Case view", settings_.agency_name, &session);
  data.set("id", view.id.hex()).set("short_name", short_name(view.id)).set("child_name", child_name(view));
  data.set_text("born", view.birth_date.is_set() ? for_people(view.birth_date) : std::string());
  const bool has_age = view.birth_date.is_set() && view.asked_at.is_set();
  data.set_text("age", has_age ? std::to_string(age_on(view.birth_date, london_date(view.asked_at))) : std::string());
  data.set_text("nhs_number", view.nhs_number.empty() ? std::string() : nhs_number_for_people(view.nhs_number));
  data.set_text("standing", view.standing);
  data.set("asked_at", for_people(view.asked_at));
  data.set_text("kept_until", view.kept_until.is_set() ? for_people(view.kept_until) : std::string());
  data.set("completeness", completeness(view)).set("is_complete", view.complete).set("is_open", view.open);
  data.set("entries", entries_note(view));
  data.set_list("involved", rows_of(who_is_involved(view, authors_per_agency), involved_row));
  data.set_list("items", rows_of(view.items, [&](const ViewItem& item) { return item_row(view, item); }));
  data.set_list("withheld", rows_of(view.withheld, [&](const ViewWithheld& row) { return withheld_row(view, row); }));
  data.set_list("parts", rows_of(view.parts, part_row));
  return page("case-view", data, 200);
}

HttpResponse Pages::problem(unsigned status, const Error& error, const std::string& id) const {
  auto data = frame("Problem", settings_.agency_name, nullptr);
  set_error(data, error);
  data.set("error_id", id);
  if (auto made = page("problem", data, status)) return *made;
  HttpResponse response;
  response.status = status;
  response.body = error.text() + "\n" + id + "\n";
  return response;
}

std::optional<HttpResponse> asset(std::string_view name) {
  auto bytes = embedded_file("assets/" + std::string(name));
  if (bytes.empty()) return std::nullopt;
  HttpResponse response;
  response.content_type = type_of(name);
  response.body = std::string(bytes);
  response.headers.emplace_back("Cache-Control", "public, max-age=600");
  return response;
}

HttpResponse redirect(const std::string& path) {
  HttpResponse response;
  response.status = 303;
  response.content_type = "";
  response.headers.emplace_back("Location", path);
  return response;
}

}  // namespace ginnel
