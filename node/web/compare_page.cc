// SPDX-License-Identifier: Apache-2.0
#include "node/web/compare_page.h"

#include <algorithm>

#include "federation/base/text.h"
#include "node/web/limits.h"
#include "node/web/page_parts.h"

namespace ginnel {
namespace {

using List = TemplateData::List;

// "who asks is police; and the role of who asks is Practitioner".
std::string all_of(const std::vector<std::string>& conditions) { return sentence(joined(conditions, "; and ")); }

List texts(const char* name, const std::vector<std::string>& values) {
  List out;
  for (const auto& value : values) out.push_back(TemplateData().set(name, value));
  return out;
}

TemplateData difference_row(const DifferenceInWords& one) {
  TemplateData row;
  row.set("before", one.tells_more ? "Not told" : "Told").set("after", one.tells_more ? "told" : "not told");
  row.set("is_certain", one.is_certain);
  row.set("who", one.who.empty() ? "Whoever asks" : all_of(one.who));
  row.set("step", one.step.empty() ? "Any step" : all_of(one.step));
  row.set("record", one.record.empty() ? "Any record" : all_of(one.record));
  row.set("how", one.how.empty() ? "However it is asked for" : all_of(one.how));
  std::vector<std::string> but;
  if (one.where_permitted) but.emplace_back("only where another rule permits it");
  if (one.unless_permitted) but.emplace_back("unless another rule permits it anyway");
  if (one.unless_forbidden) but.emplace_back("unless another rule forbids it");
  row.set_text("but", all_of(but));
  row.set_list("rules", texts("rule", one.rules));
  return row;
}

// Rows of one direction, and how many of them there are.
void add_differences(TemplateData& data, const std::vector<DifferenceInWords>& all) {
  struct Direction {
    bool tells_more;
    const char *id, *title, *none;
  };
  constexpr Direction directions[] = {
      {true, "more", "What would be told, and is not today", "Nothing more would be told."},
      {false, "less", "What is told today, and would not be", "Nothing that is told today would be kept back."}};
  List groups;
  for (const auto& direction : directions) {
    List rows;
    std::size_t count = 0;
    for (const auto& one : all) {
      if (one.tells_more != direction.tells_more) continue;
      if (++count <= limits::agreement_differences_shown_max) rows.push_back(difference_row(one));
    }
    const std::size_t left_out = count - rows.size();
    TemplateData group;
    group.set("group_id", direction.id).set("group_title", direction.title).set("group_none", direction.none);
    group.set("count", std::to_string(count));
    group.set_text("left_out", left_out == 0 ? std::string() : std::to_string(left_out));
    group.set_list("differences", std::move(rows));
    groups.push_back(std::move(group));
  }
  data.set_list("groups", std::move(groups));
}

List rule_rows(const std::vector<RuleChange>& rules) {
  using Is = RuleChange::Is;
  List out;
  for (const auto& rule : rules) {
    TemplateData row;
    row.set("rule_id", rule.id).set("rule_title", rule.title);
    row.set("change", rule.is == Is::added               ? "New"
                      : rule.is == Is::gone              ? "Gone"
                      : rule.is == Is::decides_otherwise ? "Decides otherwise"
                                                         : "Says otherwise");
    row.set_list("says", texts("said", rule.says));
    out.push_back(std::move(row));
  }
  return out;
}

TemplateData replay_row(const ReplayedInWords& one) {
  TemplateData row;
  row.set("then", sentence(one.then)).set("now", one.now);
  std::string days = for_people(one.first);
  if (days != for_people(one.last)) days += " to " + for_people(one.last);
  const std::string decisions = counted(one.decisions, "decision", "decisions");
  row.set("count", one.records == 0 ? decisions : counted(one.records, "record", "records") + " in " + decisions);
  row.set("days", days);
  row.set_list("askers", texts("asker", one.asked_by));
  row.set_text("about", comma_list(one.about));
  row.set_text("why_then", one.why_then).set_text("why_now", one.why_now).set_text("nearest", one.nearest);
  row.set_text("ring", !one.tells_less    ? std::string()
                       : one.ring.empty() ? std::string("the agency's duty contact")
                                          : one.ring);
  std::string entries;
  for (const auto entry : one.entries) entries += (entries.empty() ? "" : ", ") + std::to_string(entry);
  if (one.decisions > one.entries.size())
    entries += ", and " + std::to_string(one.decisions - one.entries.size()) + " older";
  row.set("entries", entries);
  return row;
}

void add_replay(TemplateData& data, const TriedAgreement& tried) {
  const Replayed& all = tried.replayed;
  data.set("has_decisions", all.decisions > 0);
  data.set("replay_words", all.decisions == 0
                               ? std::string("No decision of this node could be made again.")
                               : counted(all.decisions, "decision", "decisions") + " about " +
                                     counted(all.records, "record", "records") + ", back to " + for_people(all.oldest) +
                                     ": " + std::to_string(all.otherwise) + " would tell otherwise, of " +
                                     counted(all.records_otherwise, "record", "records") + ".");
  std::vector<std::string> notes;
  if (all.is_cut_short)
    notes.push_back("Only the newest were made again: at most " + std::to_string(limits::replay_newest_decisions_max) +
                    " decisions, among the newest " + std::to_string(limits::replay_newest_entries_max) +
                    " entries of the ledger. Your operator has ginnel policy replay for all of them.");
  if (all.by_other_rules > 0)
    notes.push_back("Of " + counted(all.by_other_rules, "record", "records") +
                    " the same would be told, by other rules.");
  if (all.in_shadow > 0)
    notes.push_back("Of " + std::to_string(all.in_shadow) + " nothing was told then: this node did not share yet.");
  if (all.before_policy > 0)
    notes.push_back(counted(all.before_policy, "ask was", "asks were") +
                    " refused before any rule was looked at, and would be again.");
  if (all.not_recorded > 0)
    notes.push_back(counted(all.not_recorded, "decision is", "decisions are") +
                    " too old to be made again: the ledger did not keep what they went by.");
  if (all.erased > 0)
    notes.push_back(counted(all.erased, "decision was", "decisions were") + " erased with whom it was about.");
  if (all.searches > 0)
    notes.push_back(counted(all.searches, "search", "searches") +
                    " among this agency's own people cannot be made again: the ledger keeps what came of each, and not "
                    "what it went by. What was opened afterwards is among the decisions.");
  if (all.unreadable > 0)
    notes.push_back(counted(all.unreadable, "entry", "entries") +
                    " could not be read. Tell the operator of this node: `ginnel node doctor` says more.");
  data.set_list("replay_notes", texts("sentence", notes));
  List rows;
  for (const auto& row : tried.rows) rows.push_back(replay_row(row));
  data.set_list("replayed", std::move(rows));
  data.set_text("replay_left_out", tried.rows_left_out == 0 ? std::string() : std::to_string(tried.rows_left_out));
  data.set("replay_count", std::to_string(tried.replayed.otherwise));
}

}  // namespace

void add_comparison(TemplateData& data, const AgreementComparison& comparison) {
  const auto& [offered, compared, tried] = comparison;
  const PolicyInWords& words = compared.words;
  data.set("policy_name", words.name).set("version", std::to_string(words.version));
  data.set("fingerprint", words.fingerprint).set("edition", words.edition);
  data.set_text("own_words", words.own_words).set("is_in_force", tried.is_in_force);
  List signers;
  for (const auto& group : tried.signers)
    signers.push_back(TemplateData()
                          .set("group", sentence(group.group))
                          .set("names", group.have.empty() ? std::string("nobody yet") : comma_list(group.have))
                          .set("needed", std::to_string(group.needed)));
  data.set_list("signers", std::move(signers));
  data.set("cases_words", words.cases.empty()
                              ? std::string("there are none")
                              : std::to_string(words.passed) + " of " + counted(words.cases.size(), "case", "cases") +
                                    " come out as they say");
  List failed;
  for (const auto& one : words.cases) {
    if (one.differences.empty() || failed.size() == limits::agreement_faults_shown_max) continue;
    failed.push_back(TemplateData().set("case_name", one.name).set("difference", one.differences.front()));
  }
  data.set_list("failed", std::move(failed));
  std::vector<std::string> obstacles = offered.obstacles;
  obstacles.insert(obstacles.end(), tried.obstacles.begin(), tried.obstacles.end());
  data.set_list("obstacles", texts("obstacle", obstacles));
  const BundlesCompared& all = compared.with_the_one_in_force;
  data.set_text("cannot", all.cannot).set("rules_count", std::to_string(all.rules.size()));
  data.set_list("rule_changes", rule_rows(all.rules));
  add_differences(data, all.differences);
  add_replay(data, tried);
}

}  // namespace ginnel
