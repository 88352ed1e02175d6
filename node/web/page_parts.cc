// SPDX-License-Identifier: Apache-2.0
#include "node/web/page_parts.h"

#include <algorithm>
#include <utility>

#include "federation/base/text.h"
#include "node/view/found_words.h"
#include "node/view/view_words.h"

namespace ginnel {

using List = TemplateData::List;

void set_errors(TemplateData& data, const std::vector<FormFault>& faults) {
  List list;
  for (const auto& fault : faults) {
    TemplateData row;
    row.set("message", fault.message);
    row.set_text("field", fault.field);
    row.set_text("remedy", fault.remedy);
    list.push_back(std::move(row));
  }
  data.set_list("errors", std::move(list));
}

void set_field_error(TemplateData& data, const std::vector<FormFault>& faults, std::string name,
                     std::string_view prefix) {
  auto fault =
      std::find_if(faults.begin(), faults.end(), [&](const FormFault& each) { return each.field.starts_with(prefix); });
  data.set_text(std::move(name) + "_error", fault == faults.end() ? std::string() : fault->message);
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

TemplateData choice_row(const Choice& choice, const std::string& group, bool is_first, bool is_chosen) {
  TemplateData row;
  row.set("choice_id", is_first ? group : group + "-" + choice.id).set("choice_name", group);
  row.set("value", choice.id).set("choice", choice.title).set("is_chosen", is_chosen);
  row.set_text("help", choice.help);
  return row;
}

TemplateData option_row(const std::string& value, const std::string& title, bool is_chosen) {
  TemplateData row;
  row.set("value", value).set("choice", title).set("is_chosen", is_chosen);
  return row;
}

List option_rows(const std::vector<std::pair<std::string, std::string>>& pairs, const std::string& chosen) {
  List rows;
  for (const auto& [value, title] : pairs) rows.push_back(option_row(value, title, value == chosen));
  return rows;
}

FormFault fault_of(const Error& error) { return {"", sentence(error.what) + ": " + error.why, error.remedy}; }

std::string message_at(const std::vector<FormFault>& faults, const std::string& control) {
  const auto found =
      std::find_if(faults.begin(), faults.end(), [&](const auto& each) { return each.field == control; });
  return found == faults.end() ? std::string() : found->message;
}

void add_person(TemplateData& row, const FoundPerson& person) {
  row.set("person_id", person.id.hex()).set("person_name", name_for_people(person));
  row.set_text("born", born_for_people(person.birth)).set_text("number", number_for_people(person));
}

std::string comma_list(const std::vector<std::string>& words) { return joined(words, ", "); }

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string sentence(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = char(text[0] - 'a' + 'A');
  return text;
}

List choice_rows(const std::vector<Choice>& choices, const std::string& group, const FormFields& filled) {
  List rows;
  for (const auto& choice : choices)
    rows.push_back(choice_row(choice, group, rows.empty(), has_value(filled, group, choice.id)));
  return rows;
}

bool has_value(const FormFields& form, std::string_view name, std::string_view value) {
  return std::any_of(form.all.begin(), form.all.end(),
                     [&](const auto& field) { return field.first == name && field.second == value; });
}

std::string title_in(const std::vector<Choice>& choices, const std::string& id) {
  for (const auto& choice : choices)
    if (choice.id == id) return choice.title;
  return spaced(id);
}

}  // namespace ginnel
