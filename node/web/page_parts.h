// SPDX-License-Identifier: Apache-2.0
// What pages are put together from; for pages.cc, governance_pages.cc and the files that fill their templates.
//
// Thread: any; pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/view/own_people.h"
#include "node/web/choice.h"
#include "node/web/http_message.h"
#include "node/web/template.h"
#include "node/web/view_form.h"

namespace ginnel {

void set_errors(TemplateData& data, const std::vector<FormFault>& faults);

// "family-name" -> "has_family_name_error", "family_name_error". Of the first fault whose field begins with `prefix`.
void set_field_error(TemplateData& data, const std::vector<FormFault>& faults, std::string name,
                     std::string_view prefix);

Expected<HttpResponse> page(std::string_view name, const TemplateData& data, unsigned status);

// The first of a group has the group's own name as its id: a link to the group leads to it.
TemplateData choice_row(const Choice& choice, const std::string& group, bool is_first, bool is_chosen);
TemplateData::List choice_rows(const std::vector<Choice>& choices, const std::string& group, const FormFields& filled);

// As templates/option.html has them.
TemplateData option_row(const std::string& value, const std::string& title, bool is_chosen);
TemplateData::List option_rows(const std::vector<std::pair<std::string, std::string>>& pairs,
                               const std::string& chosen);

// What a person can mend, beside no field of its own.
FormFault fault_of(const Error& error);

// What is wrong with what stands in the control of this id; empty: nothing.
std::string message_at(const std::vector<FormFault>& faults, const std::string& control);

// "person_id", "person_name", "born" and "number" of a row.
void add_person(TemplateData& row, const FoundPerson& person);

// Of a text of several lines, without empty ones.
std::vector<std::string> lines_of(std::string_view text);

std::string sentence(std::string text);                         // with a capital
std::string comma_list(const std::vector<std::string>& words);  // "police, health"; empty for none

bool has_value(const FormFields& form, std::string_view name, std::string_view value);
std::string title_in(const std::vector<Choice>& choices, const std::string& id);  // its words, where it is none of them

}  // namespace ginnel
