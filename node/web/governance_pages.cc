// SPDX-License-Identifier: Apache-2.0
// The pages of governance (node/web/pages.h): decisions about sharing, the agreement, reviews, what was not told.
#include <algorithm>

#include "federation/base/text.h"
#include "node/view/view_words.h"
#include "node/web/compare_page.h"
#include "node/web/decisions_page.h"
#include "node/web/page_parts.h"
#include "node/web/pages.h"
#include "node/web/retention_page.h"
#include "node/web/work_page.h"

namespace ginnel {
namespace {

using List = TemplateData::List;

// Where somebody is among the pages of governance; empty: on one of a single person.
void set_place(TemplateData& data, std::string_view at) {
  for (const char* place : {"reviews", "consents", "refusals", "retention", "withheld", "policy"})
    data.set(std::string("at_") + place, at == place);
  data.set("at_governance", !at.empty());
}

TemplateData rule_row(const RuleInWords& rule) {
  TemplateData row;
  row.set("is_own", rule.is_own).set("rule_id", rule.id).set("rule_title", rule.title).set("says", rule.says);
  row.set_text("basis", rule.basis).set_text("ask", rule.ask);
  row.set_text("shown_as", rule.shown_as);
  return row;
}

List groups_of(const std::vector<RuleInWords>& rules) {
  using Does = RuleInWords::Does;
  struct Group {
    Does does;
    const char *id, *title, *help;
  };
  constexpr Group groups[] = {
      {Does::permits, "permits", "What may be told",
       "Each lets something be known, up to a step. More than one may fit."},
      {Does::refuses, "refuses", "What stays shut",
       "Each goes over everything that permits. What it shuts is counted, and who asks is told whom to ring."},
      {Does::hides, "hides", "What is hidden",
       "Each goes over everything that permits, and leaves no trace: nothing tells that there is such a record."}};
  List out;
  for (const Group& group : groups) {
    List rows;
    for (const auto& rule : rules)
      if (rule.does == group.does) rows.push_back(rule_row(rule));
    TemplateData one;
    one.set("group_id", group.id).set("group_title", group.title).set("group_help", group.help);
    one.set("count", std::to_string(rows.size())).set_list("rules", std::move(rows));
    out.push_back(std::move(one));
  }
  return out;
}

// The cases under their files, in the order in which they come.
List case_files_of(const std::vector<CaseInWords>& cases) {
  List files, rows;
  std::size_t failed = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    List differences;
    for (const auto& each : cases[i].differences) differences.push_back(TemplateData().set("difference", each));
    failed += differences.empty() ? 0 : 1;
    rows.push_back(TemplateData().set("case_name", cases[i].name).set_list("differences", std::move(differences)));
    if (i + 1 < cases.size() && cases[i + 1].file == cases[i].file) continue;
    const std::string all = counted(rows.size(), "case", "cases");
    TemplateData file;
    file.set("file", cases[i].file).set("has_failed", failed > 0);
    file.set("file_words",
             failed == 0 ? all + ", all as they say" : std::to_string(failed) + " of " + all + " not as they say");
    file.set_list("cases", std::move(rows));
    files.push_back(std::move(file));
    rows.clear();
    failed = 0;
  }
  return files;
}

List rows_of(const std::vector<WithheldRow>& rows) {
  List out;
  for (const auto& row : rows)
    out.push_back(TemplateData()
                      .set("count", std::to_string(row.count))
                      .set("category", row.category)
                      .set("why", row.reason.empty() ? std::string("no rule permits more") : sentence(row.reason))
                      .set("who", row.member_name));
  return out;
}

std::string days_of(const WithheldAccount& account) {
  return for_people(account.from) + " to " + for_people(account.to);
}

}  // namespace

Expected<HttpResponse> Pages::consent(const Session& session, const ConsentList& list, const FormFields& filled,
                                      const std::vector<FormFault>& faults, bool was_done) const {
  auto data = frame("Consent", &session);
  add_consents(data, list, settings_.decisions, filled, faults);
  data.set("was_done", was_done);
  set_errors(data, faults);
  return page("consent", data, 200);
}

Expected<HttpResponse> Pages::refusals(const Session& session, const RefusalList& list, const FormFields& filled,
                                       const std::vector<FormFault>& faults, bool was_done) const {
  auto data = frame("Decided not to share", &session);
  add_refusals(data, list, settings_.decisions, filled, faults);
  data.set("was_done", was_done);
  set_errors(data, faults);
  return page("refusals", data, 200);
}

Expected<HttpResponse> Pages::consent_register(const Session& session, const ConsentRegister& shown) const {
  auto data = frame("Consent register", &session);
  set_place(data, "consents");
  add_register(data, shown, settings_.decisions);
  return page("consent-register", data, 200);
}

Expected<HttpResponse> Pages::refusal_register(const Session& session, const RefusalRegister& shown) const {
  auto data = frame("Decided not to share", &session);
  set_place(data, "refusals");
  add_register(data, shown, settings_.decisions);
  return page("refusal-register", data, 200);
}

Expected<HttpResponse> Pages::retention(const Session& session, const RetentionDesk& desk, const FormFields& filled,
                                        const std::vector<FormFault>& faults, bool was_done) const {
  auto data = frame("Keeping and erasing", &session);
  set_place(data, "retention");
  add_retention(data, desk, filled, faults);
  data.set("was_done", was_done);
  set_errors(data, faults);
  return page("retention", data, 200);
}

Expected<HttpResponse> Pages::policy(const Session& session, const PolicyStanding& standing,
                                     const PolicyInWords& words) const {
  auto data = frame("Sharing policy", &session);
  set_place(data, "policy");
  data.set("policy_name", words.name).set("version", std::to_string(words.version)).set("edition", words.edition);
  data.set("fingerprint", words.fingerprint).set("is_sealed", standing.is_sealed).set("in_shadow", standing.in_shadow);
  data.set_text("own_words", words.own_words);
  data.set_text("since", standing.since.is_set() ? for_people(standing.since) : std::string());
  List signers;
  for (const auto& group : standing.signers) {
    signers.push_back(TemplateData()
                          .set("group", sentence(without_hyphens(group.group)))
                          .set("names", group.have.empty() ? std::string("nobody") : comma_list(group.have))
                          .set("needed", std::to_string(group.needed)));
  }
  data.set_list("signers", std::move(signers));
  data.set_list("groups", groups_of(words.rules));
  const std::size_t failed = words.cases.size() - words.passed;
  const bool is_sound = failed == 0 && words.unreadable_cases.empty();
  data.set("cases_tag", is_sound ? "govuk-tag--green" : "govuk-tag--red");
  data.set("cases_count", std::to_string(words.cases.size()));
  data.set("cases_words", !words.unreadable_cases.empty() ? std::string("the cases cannot be read")
                          : words.cases.empty()
                              ? std::string("there are no cases")
                              : std::to_string(words.passed) + " of " + counted(words.cases.size(), "case", "cases") +
                                    " come out as they say");
  List unreadable;
  for (const auto& fault : words.unreadable_cases) unreadable.push_back(TemplateData().set("fault", fault));
  data.set_list("unreadable", std::move(unreadable)).set_list("files", case_files_of(words.cases));
  return page("policy", data, 200);
}

Expected<HttpResponse> Pages::comparison(const Session& session, const AgreementComparison* compared,
                                         const std::vector<FormFault>& faults) const {
  auto data = frame("Compare agreements", &session);
  set_place(data, "comparison");
  data.set("compared", compared != nullptr);
  add_comparison(data, compared ? *compared : AgreementComparison());
  set_errors(data, faults);
  set_field_error(data, faults, "agreement", "agreement");
  return page("policy-compare", data, 200);
}

Expected<HttpResponse> Pages::reviews(const Session& session, const ReviewDesk& desk) const {
  auto data = frame("Reviews", &session);
  set_place(data, "reviews");
  add_reviews(data, desk);
  return page("reviews", data, 200);
}

Expected<HttpResponse> Pages::withheld(const Session& session, const std::optional<WithheldAccount>& account,
                                       const FormFields& filled, const std::vector<FormFault>& faults) const {
  auto data = frame("Withheld and refused", &session);
  set_place(data, "withheld");
  data.set("from", account ? account->from.iso() : filled.get("from"));
  data.set("to", account ? account->to.iso() : filled.get("to"));
  data.set("days_max", std::to_string(limits::withheld_days_max)).set("counted", account.has_value());
  const WithheldAccount none, &told = account ? *account : none;
  data.set("summary", account ? days_of(told) + ": " + counted(told.asks, "ask", "asks") +
                                    " of other agencies; something was withheld from " +
                                    std::to_string(told.asks_withheld_from) + "."
                              : std::string());
  List notes;
  const auto note = [&](std::string text) { notes.push_back(TemplateData().set("sentence", std::move(text))); };
  if (told.read_from.is_set())
    note(
        "The ledger was read back to " + for_people(told.read_from) +
        " only. What is older is not counted here: ask for a later period, or your operator for ginnel policy replay.");
  if (told.in_shadow > 0)
    note(counted(told.in_shadow, "ask was", "asks were") + " told nothing because this node did not share yet.");
  if (told.erased > 0) note(counted(told.erased, "ask is", "asks are") + " no longer counted: the child was erased.");
  if (told.unreadable > 0)
    note(counted(told.unreadable, "entry", "entries") +
         " could not be read. Tell the operator of this node: `ginnel node doctor` says more.");
  data.set_list("notes", std::move(notes));
  data.set_list("withheld", rows_of(told.withheld)).set_list("refused", rows_of(told.refused));
  set_errors(data, faults);
  set_field_error(data, faults, "from", "from");
  set_field_error(data, faults, "to", "to");
  return page("withheld", data, 200);
}

}  // namespace ginnel
