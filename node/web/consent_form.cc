// SPDX-License-Identifier: Apache-2.0
#include "node/web/consent_form.h"

#include <algorithm>
#include <utility>

#include "federation/base/text.h"
#include "node/web/limits.h"
#include "node/web/object_reader.h"
#include "node/web/page_parts.h"

namespace ginnel {
namespace {

void check_who_decided(const ConsentEntry& entry, const DecisionWords& words, FormTexts& in) {
  const auto decider = std::find_if(words.deciders.begin(), words.deciders.end(),
                                    [&](const DeciderChoice& each) { return each.id == entry.decider; });
  if (decider == words.deciders.end()) return in.fault("decider", "Choose who decided");
  const bool is_unsafe = entry.state == "unsafe_to_ask";
  if (decider->decides_for == "nobody" && !entry.state.empty() && !is_unsafe)
    in.fault("decider", "Choose who decided: nobody goes with \"It is not safe to ask\" alone");
  if (decider->needs_judgement && !is_unsafe && entry.competence != Competence::competent)
    in.fault("competence", "What a child decides counts only where somebody judged that they can decide it",
             "choose that they can, and say who judged it; or record who else decided");
  if (decider->decides_for == "another" && entry.state == "given" && entry.competence != Competence::not_competent)
    in.fault("competence", "What somebody else agrees to for them counts only where they cannot decide it themselves",
             "choose that they cannot, and say who judged it; or ask them");
}

}  // namespace

std::string FormTexts::read(const std::string& name, std::size_t bytes_max, bool with_lines,
                            const std::string& control) {
  const std::string& at = control.empty() ? name : control;
  std::size_t times = 0;
  for (const auto& field : form.all) times += field.first == name ? 1 : 0;
  const std::string value = trimmed(form.get(name));
  if (times > 1) fault(at, "The form has this field twice", "open the page again");
  if (value.size() > bytes_max)
    fault(at, "This is longer than " + std::to_string(bytes_max) + " bytes", "say it in fewer words");
  if (has_controls(value, with_lines)) fault(at, "This has control characters", "type it again");
  return value;
}

std::string FormTexts::line(const std::string& name, std::size_t bytes_max, const std::string& control) {
  return read(name, bytes_max, false, control);
}
std::string FormTexts::text(const std::string& name, std::size_t bytes_max, const std::string& control) {
  return read(name, bytes_max, true, control);
}

std::vector<std::string> FormTexts::all(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [field, value] : form.all)
    if (field == name && std::find(out.begin(), out.end(), value) == out.end()) out.push_back(value);
  return out;
}

Instant FormTexts::day(const std::string& name, bool end, const std::string& what, const std::string& control) {
  const std::string given = line(name, limits::api_word_bytes_max, control);
  if (given.empty()) return {};
  const auto date = parse_date(given);
  const Instant at = date ? london_instant(Date::from_days(date->days() + (end ? 1 : 0)), 0) : Instant();
  // Before 1970 it would read as left out.
  if (!at.is_set()) fault(control.empty() ? name : control, what + " must be a day, such as 2026-12-03 or 03/12/2026");
  return at;
}

void FormTexts::fault(std::string control, std::string message, std::string remedy) {
  faults.push_back({std::move(control), std::move(message), std::move(remedy)});
}

tl::expected<NewConsent, std::vector<FormFault>> read_consent_form(const PersonRef& person, const FormFields& form,
                                                                   const DecisionWords& words) {
  FormTexts in{form};
  NewConsent out;
  ConsentEntry& entry = out.entry;
  entry.person = person;
  entry.state = in.line("state", limits::api_word_bytes_max);
  if (entry.state.empty()) in.fault("state", "Choose what was decided");
  entry.decider = in.line("decider", limits::api_word_bytes_max);
  const std::string competence = in.line("competence", limits::api_word_bytes_max);
  if (competence == "competent") entry.competence = Competence::competent;
  if (competence == "not_competent") entry.competence = Competence::not_competent;
  check_who_decided(entry, words, in);
  entry.judged_by = in.line("judged-by", limits::api_name_bytes_max);
  if (entry.competence != Competence::not_judged && entry.judged_by.empty())
    in.fault("judged-by", "Enter who judged it, by name and role");
  if (entry.competence == Competence::not_judged && !entry.judged_by.empty())
    in.fault("competence", "Choose what they judged, or leave out who judged it");
  entry.categories = in.all("category");
  if (entry.categories.empty()) in.fault("category", "Choose what it is about, at least one kind of information");
  entry.purposes = in.all("purpose");
  for (const auto& recipient : in.all("recipient")) {
    if (auto member = MemberId::parse(recipient))
      entry.recipients.push_back(*member);
    else
      in.fault("recipient", "Choose agencies of the list");
  }
  entry.from = in.day("from", false, "The first day");
  entry.until = in.day("until", true, "The last day");
  if (entry.from.is_set() && entry.until.is_set() && entry.until <= entry.from)
    in.fault("until", "The last day must not be before the first");
  entry.note = in.text("note", limits::api_reason_bytes_max);
  if (entry.note.empty()) in.fault("note", "Enter what was said, and how");
  if (!in.faults.empty()) return tl::unexpected(std::move(in.faults));
  return out;
}

std::string control_for(std::string_view name, const std::string& id) { return std::string(name) + "-" + id; }

std::string consent_control_of(std::string_view field) {
  static constexpr std::pair<std::string_view, const char*> controls[] = {
      {"state", "state"},         {"decider", "decider"},  {"competence", "competence"}, {"judgedBy", "judged-by"},
      {"categories", "category"}, {"purposes", "purpose"}, {"recipients", "recipient"},  {"from", "from"},
      {"until", "until"},         {"note", "note"}};
  for (const auto& [name, control] : controls)
    if (name == field) return control;
  return {};
}

std::vector<FormFault> faults_of(const Error& error, std::string (*control_of)(std::string_view field)) {
  std::vector<FormFault> out;
  for (std::string& line : lines_of(error.why)) {
    const auto close = line.starts_with('`') ? line.find('`', 1) : std::string::npos;
    const std::string control = close == std::string::npos ? std::string() : control_of(line.substr(1, close - 1));
    if (close != std::string::npos) line.erase(close, 1).erase(0, 1);
    // Beside its field a mistake needs no "mend it".
    out.push_back({control, sentence(line), control.empty() ? error.remedy : std::string()});
  }
  return out;
}

}  // namespace ginnel
