// SPDX-License-Identifier: Apache-2.0
#include "node/web/retention_page.h"

#include <algorithm>

#include "node/view/found_words.h"
#include "node/view/view_words.h"
#include "node/web/consent_form.h"
#include "node/web/limits.h"
#include "node/web/page_parts.h"

namespace ginnel {
namespace {

using List = TemplateData::List;

std::string control_of(std::string_view field) {
  if (field == "reviewOn") return "review-on";
  return field == "reason" ? "reason" : "";
}

// The id of the row that a form was sent from.
std::string row_of(const FormFields& form) {
  const std::string task = form.get("task");
  return task.empty() ? form.get("hold") : task;
}

void add_controls(TemplateData& row, const std::string& id, const FormFields& filled,
                  const std::vector<FormFault>& faults) {
  const bool is_this = row_of(filled) == id;
  for (const auto& [name, control] :
       {std::pair{"outcome", "outcome"}, std::pair{"reason", "reason"}, std::pair{"next", "review-on"}}) {
    row.set(std::string(name) + "_id", control_for(control, id));
    row.set(std::string(name) + "_typed", is_this ? filled.get(control) : std::string());
    row.set_text(std::string(name) + "_error", is_this ? message_at(faults, control_for(control, id)) : std::string());
  }
  row.set("is_open", is_this);
  for (const char* outcome : {"keep", "erase", "hold"})
    row.set(std::string(outcome) + "_chosen", is_this && filled.get("outcome") == outcome);
}

TemplateData due_row(const RetentionDue& due, const FormFields& filled, const std::vector<FormFault>& faults) {
  TemplateData row;
  add_person(row, due.person);
  row.set("task_id", due.task.hex()).set("is_late", due.is_late).set("due", for_people(london_date(due.due)));
  List says;
  for (const auto& line : lines_of(due.says)) says.push_back(TemplateData().set("line", line));
  row.set_list("says", std::move(says)).set_text("obstacle", due.obstacle);
  row.set("may_decide", due.may_decide);
  row.set("may_erase", due.obstacle.empty() && due.records > 0);
  row.set("erase_says", due.whole ? std::string("Erase all that is held on them")
                                  : "Erase what is due, " + std::to_string(due.records) +
                                        (due.records == 1 ? " record, alone" : " records, alone"));
  add_controls(row, due.task.hex(), filled, faults);
  return row;
}

TemplateData kept_row(const RetentionKept& kept, const FormFields& filled, const std::vector<FormFault>& faults) {
  const RetentionEntry& entry = kept.entry;
  TemplateData row;
  add_person(row, kept.person);
  row.set("entry_id", entry.retention.hex()).set("is_decided", entry.act == RetentionAct::kept);
  row.set("reason_said", sentence(entry.reason)).set("review_said", for_people(entry.review_on));
  row.set("since_said", for_people(london_date(entry.since)));
  row.set("author_said", entry.author.empty() ? std::string("this node") : entry.author);
  add_controls(row, entry.retention.hex(), filled, faults);
  return row;
}

List rules_of(const std::vector<RetentionRuleShown>& rules) {
  List out;
  for (const auto& rule : rules)
    out.push_back(TemplateData().set("rule_id", rule.id).set("rule_title", rule.title).set("rule_source", rule.source));
  return out;
}

}  // namespace

tl::expected<RetentionWish, std::vector<FormFault>> read_retention_form(const FormFields& form) {
  FormTexts in{form};
  const std::string id = row_of(form);
  const std::string at_reason = control_for("reason", id), at_day = control_for("review-on", id);
  const std::string reason = in.text("reason", limits::api_reason_bytes_max, at_reason);
  if (reason.empty()) in.fault(at_reason, "Enter why");
  RetentionWish out;
  const auto hold = RetentionId::parse(form.get("hold"));
  if (hold) {
    out.release = HoldRelease{*hold, reason};
  } else if (const auto task = TaskId::parse(form.get("task"))) {
    const std::string outcome = in.line("outcome", limits::api_word_bytes_max, control_for("outcome", id));
    if (outcome.empty()) in.fault(control_for("outcome", id), "Choose what is to be done");
    const std::string typed = in.line("review-on", limits::api_word_bytes_max, at_day);
    const auto day = typed.empty() ? std::optional(Date()) : parse_date(typed);
    if (!day) in.fault(at_day, "The day must be a day, such as 2027-03-03");
    if (outcome == "erase" && !typed.empty())
      in.fault(at_day, "Leave out the day: nothing is looked at again that is erased");
    if (outcome != "erase" && typed.empty()) in.fault(at_day, "Enter the day on which somebody looks at it again");
    const auto person = PersonRef::parse(form.get("person"));
    if (outcome == "hold" && person)
      out.hold = NewHold{*person, reason, day.value_or(Date())};
    else
      out.decision = NewRetentionDecision{*task, outcome, reason, day.value_or(Date())};
  }
  if (!in.faults.empty()) return tl::unexpected(std::move(in.faults));
  return out;
}

std::vector<FormFault> retention_faults_of(const Error& error, const FormFields& form) {
  const bool is_release = !form.get("hold").empty();
  auto out = faults_of(error, control_of);
  for (FormFault& fault : out) {
    if (fault.field.empty()) fault.field = "outcome";
    fault.field = control_for(is_release ? "reason" : fault.field, row_of(form));
  }
  return out;
}

void add_retention(TemplateData& data, const RetentionDesk& desk, const FormFields& filled,
                   const std::vector<FormFault>& faults) {
  List due, kept, held;
  for (const auto& one : desk.due) due.push_back(due_row(one, filled, faults));
  for (const auto& one : desk.kept) kept.push_back(kept_row(one, filled, faults));
  for (const auto& one : desk.held) held.push_back(kept_row(one, filled, faults));
  data.set("is_on", desk.is_on).set_text("edition", desk.edition).set("more", desk.more);
  data.set_list("due_rows", std::move(due))
      .set_list("kept_rows", std::move(kept))
      .set_list("held_rows", std::move(held));
  data.set_list("rules", rules_of(desk.rules)).set_list("standing_holds", rules_of(desk.standing_holds));
}

}  // namespace ginnel
