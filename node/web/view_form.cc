// SPDX-License-Identifier: Apache-2.0
#include "node/web/view_form.h"

#include <algorithm>
#include <utility>

#include "federation/base/text.h"
#include "federation/record/identity.h"
#include "node/web/limits.h"
#include "node/web/object_reader.h"
#include "node/web/own_people_api.h"

namespace ginnel {
namespace {

// The three boxes as a date: empty if all are, and something that is no date if one is missing.
std::string birth_date_of(const FormFields& form) {
  auto day = trimmed(form.get("birth-day")), month = trimmed(form.get("birth-month")),
       year = trimmed(form.get("birth-year"));
  if (day.empty() && month.empty() && year.empty()) return {};
  if (day.size() == 1) day.insert(0, "0");
  if (month.size() == 1) month.insert(0, "0");
  return day + "/" + month + "/" + year;
}

// The first box of a date that is not filled, or its first one: where the cursor should go.
std::string birth_field_of(const FormFields& form) {
  for (const char* name : {"birth-day", "birth-month", "birth-year"})
    if (trimmed(form.get(name)).empty()) return name;
  return "birth-day";
}

void read_child(const FormFields& form, ViewRequest& request, std::vector<FormFault>& faults) {
  const auto nhs_number = trimmed(form.get("nhs-number")), family = trimmed(form.get("family-name")),
             given = trimmed(form.get("given-name")), birth = birth_date_of(form),
             postcode = trimmed(form.get("postcode"));
  auto child = read_identity(nhs_number, family, given, birth, postcode);
  if (child) {
    request.child = std::move(*child);
    return;
  }
  const auto before = faults.size();
  // What is missing, unless the number says who it is.
  if (nhs_number.empty()) {
    if (family.empty()) faults.push_back({"family-name", "Enter the family name, or the NHS number below", ""});
    if (given.empty()) faults.push_back({"given-name", "Enter the given name", ""});
    if (birth.empty()) faults.push_back({"birth-day", "Enter the date of birth", ""});
  }
  // What is there and wrong: each alone, with a sound rest.
  constexpr const char* sound_name = "x";
  constexpr const char* sound_date = "2000-01-01";
  const auto is_bad = [](const Expected<Identity>& read, std::string_view code) {
    return !read && read.error().code == code;
  };
  if (is_bad(read_identity("", sound_name, sound_name, birth, ""), "bad-date"))
    faults.push_back({birth_field_of(form), "The date of birth must be a real date, with day, month and year", ""});
  if (is_bad(read_identity("", sound_name, sound_name, sound_date, postcode), "bad-postcode"))
    faults.push_back({"postcode", "The postcode must be a full one, such as BD1 1AA, or be left out", ""});
  if (is_bad(read_identity(nhs_number, sound_name, sound_name, sound_date, ""), "bad-nhs-number"))
    faults.push_back({"nhs-number", "The NHS number must have ten digits and a right check digit",
                      "check it, or leave it out and give names and date of birth"});
  if (faults.size() == before) faults.push_back({"family-name", child.error().why, child.error().remedy});
}

}  // namespace

tl::expected<ViewRequest, std::vector<FormFault>> read_view_form(const FormFields& form) {
  std::vector<FormFault> faults;
  for (const auto& [name, value] : form.all) {
    const bool is_reason = name == "reason";
    // A name that is not ours is not repeated: it may hold anything.
    if (!form.only(name))
      return tl::unexpected(std::vector<FormFault>{{"", "The form has a field twice", "open the page again"}});
    if (value.size() > (is_reason ? limits::api_reason_bytes_max : limits::api_name_bytes_max))
      faults.push_back(
          {is_reason ? name : "", is_reason ? "The reason is too long" : "A field is too long", "shorten it"});
    else if (has_controls(value, is_reason))
      faults.push_back({is_reason ? name : "", "A field has control characters", "type it again"});
  }
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  ViewRequest request;
  if (form.get("person").empty()) read_child(form, request, faults);
  request.purpose = trimmed(form.get("purpose"));
  request.basis = trimmed(form.get("basis"));
  request.reason = trimmed(form.get("reason"));
  request.case_ref = trimmed(form.get("case-ref"));
  if (request.purpose.empty()) faults.push_back({"purpose", "Choose what you are doing", ""});
  if (request.basis.empty()) faults.push_back({"basis", "Choose what lets your agency ask", ""});
  if (request.reason.empty()) faults.push_back({"reason", "Enter why you ask", ""});
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  return request;
}

tl::expected<PeopleSearch, std::vector<FormFault>> read_search_form(const FormFields& form) {
  std::vector<FormFault> faults;
  for (const char* name :
       {"nhs-number", "family-name", "given-name", "birth-day", "birth-month", "birth-year", "postcode"})
    if (form.get(name).size() > limits::api_name_bytes_max || has_controls(form.get(name), false))
      faults.push_back({name, "A field is too long or has control characters", "type it again"});
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  // A year alone will do, or a year and a month.
  std::string birth = birth_date_of(form);
  const auto day = trimmed(form.get("birth-day")), month = trimmed(form.get("birth-month")),
             year = trimmed(form.get("birth-year"));
  if (day.empty() && !year.empty()) birth = month.empty() ? year : year + "-" + (month.size() == 1 ? "0" : "") + month;
  PeopleSearch search;
  std::vector<SketchFault> bad;
  search.sketch = read_sketch(form.get("nhs-number"), form.get("family-name"), form.get("given-name"), birth,
                              form.get("postcode"), bad);
  for (const auto& fault : bad) {
    if (fault.field == SketchFault::birth)
      faults.push_back({birth_field_of(form), "The date of birth must be a real date, or a year", ""});
    if (fault.field == SketchFault::postcode)
      faults.push_back({"postcode", "The postcode must be a full one, such as BD1 1AA, or be left out", ""});
    if (fault.field == SketchFault::nhs_number)
      faults.push_back({"nhs-number", "The NHS number must have ten digits and a right check digit",
                        "check it, or leave it out and give names and date of birth"});
  }
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  return search;
}

}  // namespace ginnel
