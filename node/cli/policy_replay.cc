// SPDX-License-Identifier: Apache-2.0
#include "node/cli/policy_replay.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "federation/base/text.h"
#include "node/cli/output.h"
#include "node/cli/terminal_text.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr std::size_t entries_shown_max = 8;
constexpr std::size_t line_columns = 96;

std::string counted_with_commas(std::size_t number, const std::string& one, const std::string& many) {
  return with_commas(number) + " " + (number == 1 ? one : many);
}

void print_field(std::ostream& out, const char* name, const std::string& text) {
  std::string label(name);
  label.resize(10, ' ');
  for (const std::string& line : wrapped(harmless(text), line_columns)) {
    out << "  " << label << line << "\n";
    label.assign(10, ' ');
  }
}

// A rule by its id and, where one of the bundles has it, its title.
std::string rules_of(const std::vector<std::string>& ids, const Bundle& bundle, const Bundle* otherwise = nullptr) {
  std::vector<std::string> out;
  for (const std::string& id : ids) {
    std::string& rule = out.emplace_back(id);
    for (const Bundle* each : {&bundle, otherwise}) {
      if (!each || rule != id) continue;
      for (const auto& policy : each->policies.policies())
        if (const auto* title = policy.annotation("title"); policy.id == id && title) rule += " " + *title;
    }
  }
  return joined(out, "; ");
}

std::string with_reason(const std::string& rules, const std::string& reason) {
  if (rules.empty() || reason.empty() || rules.find(reason) != std::string::npos) return rules.empty() ? reason : rules;
  return rules + ": " + reason;
}

template <class Counts>
std::string words_of(const Counts& counts) {
  std::vector<std::string> words;
  for (const auto& [word, count] : counts)
    words.push_back(counts.size() == 1 ? word : word + " (" + with_commas(count) + ")");
  return joined(words, ", ");
}

std::string for_reader(const std::string& told) { return told == "none" ? "nothing" : told; }

void print_replay_row(std::ostream& out, const ReplayRow& row, const Bundle& bundle, const Bundle* in_force) {
  out << "\n" << for_reader(row.then) << " -> " << for_reader(row.now) << "    ";
  if (row.records > 0) out << counted_with_commas(row.records, "record", "records") << " in ";
  out << counted_with_commas(row.decisions, "decision", "decisions") << ", " << for_people(row.first);
  if (for_people(row.first) != for_people(row.last)) out << " to " << for_people(row.last);
  out << "\n";
  for (const auto& [asker, decisions] : row.askers)
    print_field(out, &asker == &row.askers.begin()->first ? "asked by" : "",
                asker.agency.text() + ", " + asker.role + ", for " + asker.purpose + " by " + asker.basis +
                    (row.askers.size() == 1 ? "" : " (" + with_commas(decisions) + ")"));
  if (!row.categories.empty()) print_field(out, "about", words_of(row.categories));
  if (!row.markings.empty()) print_field(out, "marked", words_of(row.markings));
  if (!row.elsewhere.empty())
    print_field(out, "child", "marked " + joined({row.elsewhere.begin(), row.elsewhere.end()}, ", "));
  const std::string then =
      with_reason(rules_of(row.rules_then, in_force ? *in_force : bundle, &bundle), row.reason_then);
  const std::string now = with_reason(rules_of(row.rules_now, bundle), row.reason_now);
  if (!then.empty()) print_field(out, "then", then);
  if (!now.empty()) print_field(out, "now", now);
  if (!row.nearest.empty()) print_field(out, "nearest", rules_of({row.nearest}, bundle) + "; it wants: " + row.wants);
  const bool tells_less = row.now == "none" || row.now == "refused" || !row.reason_now.empty();
  if (tells_less) print_field(out, "ring", row.ask_now.empty() ? "the agency's duty contact" : row.ask_now);
  std::vector<std::string> entries;
  for (std::size_t i = 0; i < std::min(row.entries.size(), entries_shown_max); ++i)
    entries.push_back(std::to_string(row.entries[i]));
  if (row.decisions > entries.size()) entries.push_back("and " + with_commas(row.decisions - entries.size()) + " more");
  print_field(out, "entries", joined(entries, ", "));
}

void print_left_out(std::ostream& out, const Replayed& replayed) {
  if (replayed.not_recorded > 0)
    out << counted_with_commas(replayed.not_recorded, "decision is", "decisions are")
        << " too old to be made again: until " << for_people(replayed.not_recorded_until)
        << " the ledger did not keep what they went by\n";
  if (replayed.erased > 0)
    out << counted_with_commas(replayed.erased, "decision was", "decisions were") << " erased with whom it was about\n";
  if (replayed.unreadable > 0)
    out << counted_with_commas(replayed.unreadable, "entry", "entries")
        << " of the ledger cannot be read: " << replayed.unreadable_why << "\n";
  if (replayed.before_policy > 0)
    out << counted_with_commas(replayed.before_policy, "ask was", "asks were")
        << " refused before any policy was looked at, and would be again\n";
  if (replayed.searches > 0)
    out << counted_with_commas(replayed.searches, "search", "searches")
        << " among the agency's own people not made again: what was opened afterwards was\n";
}

}  // namespace

void print_replay(std::ostream& out, const Replayed& replayed, const Bundle& bundle, const Bundle* in_force) {
  out << counted_with_commas(replayed.decisions, "past decision", "past decisions") << " about "
      << counted_with_commas(replayed.records, "record", "records") << ", made again by " << bundle.name << ", version "
      << replayed.bundle << "\n";
  for (const auto& [by, decisions] : replayed.bundles)
    out << "  " << with_commas(decisions) << " were made by " << by << (by == replayed.bundle ? ", the same" : "")
        << "\n";
  if (replayed.in_shadow > 0)
    out << "  of " << with_commas(replayed.in_shadow) << " nothing was told then: the node was in shadow\n";
  out << with_commas(replayed.decisions - replayed.otherwise) << " tell the same, " << with_commas(replayed.otherwise)
      << " would tell otherwise of " << counted_with_commas(replayed.records_otherwise, "record", "records") << "\n";
  if (replayed.by_other_rules > 0)
    out << "of " << counted_with_commas(replayed.by_other_rules, "record", "records")
        << " the same would be told, by other rules\n";
  print_left_out(out, replayed);
  for (const ReplayRow& row : replayed.rows) print_replay_row(out, row, bundle, in_force);
}

std::string replay_json(const Replayed& replayed) {
  const auto instant = [](Instant at) { return at.is_set() ? Json(to_iso_utc(at)) : Json(nullptr); };
  Json rows = Json::array();
  for (const ReplayRow& row : replayed.rows) {
    Json askers = Json::array();
    for (const auto& [asker, decisions] : row.askers)
      askers.push_back({{"agency", asker.agency.text()},
                        {"role", asker.role},
                        {"purpose", asker.purpose},
                        {"basis", asker.basis},
                        {"decisions", decisions}});
    rows.push_back({{"then", row.then},
                    {"now", row.now},
                    {"rulesThen", row.rules_then},
                    {"rulesNow", row.rules_now},
                    {"reasonThen", row.reason_then},
                    {"reasonNow", row.reason_now},
                    {"ask", row.ask_now},
                    {"nearest", row.nearest},
                    {"wants", row.wants},
                    {"records", row.records},
                    {"decisions", row.decisions},
                    {"first", instant(row.first)},
                    {"last", instant(row.last)},
                    {"askers", std::move(askers)},
                    {"categories", row.categories},
                    {"markings", row.markings},
                    {"elsewhere", row.elsewhere},
                    {"entries", row.entries}});
  }
  const Json left_out = {{"beforePolicy", replayed.before_policy},
                         {"notRecorded", replayed.not_recorded},
                         {"notRecordedUntil", instant(replayed.not_recorded_until)},
                         {"erased", replayed.erased},
                         {"unreadable", replayed.unreadable},
                         {"unreadableWhy", replayed.unreadable_why},
                         {"searches", replayed.searches}};
  return Json({{"bundle", replayed.bundle},
               {"decisions", replayed.decisions},
               {"records", replayed.records},
               {"otherwise", replayed.otherwise},
               {"recordsOtherwise", replayed.records_otherwise},
               {"inShadow", replayed.in_shadow},
               {"byOtherRules", replayed.by_other_rules},
               {"decidedBy", replayed.bundles},
               {"notDecidedAgain", left_out},
               {"differences", std::move(rows)}})
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ginnel
