// SPDX-License-Identifier: Apache-2.0
#include "node/web/decisions_page.h"

#include <algorithm>

#include "node/view/found_words.h"
#include "node/view/view_words.h"
#include "node/web/consent_form.h"
#include "node/web/page_parts.h"

namespace ginnel {
namespace {

using List = TemplateData::List;
using Members = std::vector<NamedMember>;

std::string name_of(const Members& members, const MemberId& id) {
  for (const auto& member : members)
    if (member.id == id) return member.name;
  return id.text();
}

std::string list_or(const std::vector<std::string>& words, const std::string& none) {
  return words.empty() ? none : comma_list(words);
}

// The last day on which it holds, of the moment at which it is over.
Date last_day(Instant until) { return london_date(until + -1); }

// The tag's colour says again what its words say.
std::string tag_of(const ConsentRow& row) {
  if (!row.has_begun) return "govuk-tag--blue";
  if (row.state == "given") return "govuk-tag--green";
  if (row.state == "refused") return "govuk-tag--red";
  return row.state == "unsafe_to_ask" ? "govuk-tag--yellow" : "govuk-tag--grey";
}

bool stands(const ConsentRow& row) { return row.has_begun && row.state != "withdrawn" && row.state != "expired"; }

TemplateData consent_row(const ConsentRow& row, const DecisionWords& words, const Members& members) {
  const ConsentEntry& entry = row.entry;
  std::vector<std::string> categories, purposes, recipients;
  for (const auto& one : entry.categories) categories.push_back(title_in(words.root_categories, one));
  for (const auto& one : entry.purposes) purposes.push_back(title_in(words.purposes, one));
  for (const auto& one : entry.recipients) recipients.push_back(name_of(members, one));
  TemplateData out;
  out.set("decision_id", entry.consent.hex()).set("says", sentence(row.words));
  out.set("state", row.has_begun ? sentence(spaced(row.state)) : std::string("To come")).set("tag", tag_of(row));
  out.set("covers", list_or(categories, "nothing"));
  out.set("purposes_said", list_or(purposes, "any purpose")).set("recipients_said", list_or(recipients, "anybody"));
  out.set("from_said", for_people(london_date(entry.from)));
  out.set_text("until_said", entry.until.is_set() ? for_people(last_day(entry.until)) : std::string());
  const bool judged = entry.competence != Competence::not_judged;
  const bool able = entry.competence == Competence::competent;
  out.set_text("judged_said", !judged ? std::string()
                              : able  ? "Judged able to decide it, by " + entry.judged_by
                                      : "Judged not able to decide it, by " + entry.judged_by);
  out.set_text("note_said", entry.note);
  out.set("recorded_said", for_people(row.recorded_at) + " by " + row.recorded_by);
  out.set_text("withdrawn_said", entry.withdrawn.is_set() ? for_people(entry.withdrawn) + ", recorded by " +
                                                                row.withdrawn_by + ": " + entry.why_withdrawn
                                                          : std::string());
  return out;
}

TemplateData refusal_row(const RefusalRow& row, const DecisionWords& words, const Members& members) {
  const RefusalEntry& entry = row.entry;
  TemplateData out;
  out.set("decision_id", entry.refusal.hex()).set("what", title_in(words.categories, entry.category));
  out.set("is_one_record", !entry.record.empty());
  out.set("with_whom",
          entry.recipient.empty() ? std::string("anybody outside the agency") : name_of(members, entry.recipient));
  out.set_text("for_what", entry.purpose.empty() ? std::string() : title_in(words.purposes, entry.purpose));
  out.set("why_said", row.test_title.empty() ? spaced(entry.test) : row.test_title).set("reason_said", entry.reason);
  out.set("decided_said", for_people(london_date(entry.decided)) + " by " + row.recorded_by);
  const bool is_shared = entry.outcome == "to_be_shared";
  out.set("is_shared", is_shared).set("is_due", row.is_due).set("stands", !is_shared);
  out.set_text("review_said", entry.review.is_set() ? for_people(london_date(entry.review)) : std::string());
  out.set_text("reviewed_said", row.reviewed_at.is_set()
                                    ? for_people(london_date(row.reviewed_at)) + " by " + row.reviewed_by + ": " +
                                          (is_shared ? "it is to be shared" : "it stands")
                                    : std::string());
  out.set_text("after_review", entry.after_review);
  return out;
}

List member_options(const Members& members, const std::string& chosen) {
  List out;
  for (const auto& member : members)
    out.push_back(TemplateData()
                      .set("value", member.id.text())
                      .set("choice", member.name)
                      .set("is_chosen", member.id.text() == chosen));
  return out;
}

List options_of(const std::vector<Choice>& choices, const std::string& chosen) {
  List out;
  for (const auto& choice : choices) out.push_back(option_row(choice.id, choice.title, choice.id == chosen));
  return out;
}

}  // namespace

void add_consents(TemplateData& data, const ConsentList& list, const DecisionWords& words, const FormFields& filled,
                  const std::vector<FormFault>& faults) {
  add_person(data, list.about.person);
  const Members& members = list.about.members;
  List now, others;
  for (const auto& row : list.rows) {
    TemplateData one = consent_row(row, words, members);
    const std::string control = control_for("reason", row.entry.consent.hex());
    const bool is_this = filled.get("consent") == row.entry.consent.hex();
    const bool may_withdraw = list.about.may_record && row.entry.state == "given" && row.state == "given";
    one.set("may_withdraw", may_withdraw).set("reason_id", control);
    one.set("withdraw_reason", is_this ? filled.get("reason") : std::string());
    one.set_text("withdraw_error", message_at(faults, control));
    (stands(row) ? now : others).push_back(std::move(one));
  }
  data.set_list("now", std::move(now)).set_list("others", std::move(others)).set("more", list.more);
  data.set("may_record", list.about.may_record);

  const std::vector<Choice> states{
      {"given", "They agree that it is shared", "", false},
      {"refused", "They refuse", "", false},
      {"unsafe_to_ask", "It is not safe to ask", "Asking would put somebody at risk.", false}};
  const std::vector<Choice> judgements{
      {"competent", "Yes, somebody judged that they can decide it", "", false},
      {"not_competent", "No, somebody judged that they cannot", "", false},
      {"not_judged", "Nobody judged it", "As for an adult, or a young person of 16 or 17.", false}};
  std::vector<Choice> deciders, recipients;
  for (const auto& decider : words.deciders) deciders.push_back({decider.id, decider.title, "", false});
  for (const auto& member : members) recipients.push_back({member.id.text(), member.name, "", false});
  data.set_list("states", choice_rows(states, "state", filled));
  data.set_list("deciders", choice_rows(deciders, "decider", filled));
  data.set_list("judgements", choice_rows(judgements, "competence", filled));
  data.set_list("category_choices", choice_rows(words.root_categories, "category", filled));
  data.set_list("purpose_choices", choice_rows(words.purposes, "purpose", filled));
  data.set_list("recipient_choices", choice_rows(recipients, "recipient", filled));
  const auto has_any = [&](std::string_view name) {
    return std::any_of(filled.all.begin(), filled.all.end(), [&](const auto& field) { return field.first == name; });
  };
  data.set("narrows_purpose", has_any("purpose")).set("narrows_recipient", has_any("recipient"));
  data.set("judged_by", filled.get("judged-by")).set("from", filled.get("from")).set("until", filled.get("until"));
  data.set("note", filled.get("note"));
  for (const auto& [name, control] :
       {std::pair{"state", "state"}, std::pair{"decider", "decider"}, std::pair{"competence", "competence"},
        std::pair{"judged_by", "judged-by"}, std::pair{"category", "category"}, std::pair{"purpose", "purpose"},
        std::pair{"recipient", "recipient"}, std::pair{"from", "from"}, std::pair{"until", "until"},
        std::pair{"note", "note"}})
    data.set_text(std::string(name) + "_error", message_at(faults, control));
}

void add_refusals(TemplateData& data, const RefusalList& list, const DecisionWords& words, const FormFields& filled,
                  const std::vector<FormFault>& faults) {
  add_person(data, list.about.person);
  List rows;
  for (const auto& row : list.rows) {
    TemplateData one = refusal_row(row, words, list.about.members);
    one.set("is_listed", false);
    const std::string id = row.entry.refusal.hex();
    const bool is_this = filled.get("refusal") == id;
    for (const auto& [name, control] :
         {std::pair{"outcome", "outcome"}, std::pair{"review_reason", "reason"}, std::pair{"next", "review-on"}}) {
      one.set(std::string(name) + "_id", control_for(control, id));
      one.set(std::string(name) + "_typed", is_this ? filled.get(control) : std::string());
      one.set_text(std::string(name) + "_error", message_at(faults, control_for(control, id)));
    }
    one.set("is_open", is_this || row.is_due);
    one.set("stands_chosen", is_this && filled.get("outcome") == "stands");
    one.set("share_chosen", is_this && filled.get("outcome") == "to_be_shared");
    rows.push_back(std::move(one));
  }
  data.set_list("refusals", std::move(rows)).set("more", list.more).set("may_record", list.about.may_record);
  const bool is_review = !filled.get("refusal").empty();
  const FormFields typed = is_review ? FormFields() : filled;
  data.set_list("category_options", options_of(words.categories, typed.get("category")));
  data.set_list("purpose_options", options_of(words.purposes, typed.get("purpose")));
  data.set_list("member_options", member_options(list.about.members, typed.get("recipient")));
  data.set_list("tests", choice_rows(words.refusal_tests, "test", typed));
  data.set("reason", typed.get("reason")).set("review_on", typed.get("review-on"));
  for (const auto& [name, control] :
       {std::pair{"category", "category"}, std::pair{"recipient", "recipient"}, std::pair{"purpose", "purpose"},
        std::pair{"test", "test"}, std::pair{"reason", "reason"}, std::pair{"review_on", "review-on"}})
    data.set_text(std::string(name) + "_error", message_at(faults, control));
}

void add_register(TemplateData& data, const ConsentRegister& page, const DecisionWords& words) {
  List lines;
  for (const auto& line : page.lines) {
    TemplateData row = consent_row(line.row, words, page.members);
    add_person(row, line.person);
    lines.push_back(std::move(row));
  }
  data.set("register", "consents")
      .set_list("lines", std::move(lines))
      .set_text("before", page.before == 0 ? "" : std::to_string(page.before));
}

void add_register(TemplateData& data, const RefusalRegister& page, const DecisionWords& words) {
  List lines;
  for (const auto& line : page.lines) {
    TemplateData row = refusal_row(line.row, words, page.members);
    add_person(row, line.person);
    row.set("is_listed", true);
    lines.push_back(std::move(row));
  }
  data.set("register", "refusals")
      .set_list("lines", std::move(lines))
      .set_text("before", page.before == 0 ? "" : std::to_string(page.before));
}

}  // namespace ginnel
