// SPDX-License-Identifier: Apache-2.0
#include "node/view/offered_agreement.h"

#include <algorithm>
#include <map>
#include <set>

#include "federation/wire/bundle_codec.h"
#include "node/gate/bundle_seal.h"
#include "node/view/view_words.h"

namespace ginnel {
namespace {

std::string obstacle(const std::string& what, const Error& error) {
  return what + ": " + error.why + (error.remedy.empty() ? "" : ". What to do: " + error.remedy);
}

std::string title_of(const Vocabulary& words, const char* list, const std::string& id) {
  const Word* word = words.find(list, id);
  return word ? word->title : id;
}

// "exists as health", as ReplayRow has it, for people.
std::string step_in_words(const std::string& told, const Vocabulary& words) {
  static const std::map<std::string, const char*, std::less<>> steps{{"none", "nothing"},
                                                                     {"exists", "that there is something"},
                                                                     {"headline", "one line of it"},
                                                                     {"content", "all of it"},
                                                                     {"copy_out", "a copy of it"},
                                                                     {"refused", "refused as a whole"},
                                                                     {"decided", "decided, and no longer refused"}};
  const auto as = told.find(" as ");
  const auto space = told.find(' ');
  const auto step = steps.find(told.substr(0, space));
  std::string out = step == steps.end() ? told : step->second;
  if (step == steps.end()) return out;
  if (as != std::string::npos) return out + ", as " + title_of(words, "category", told.substr(as + 4));
  return space == std::string::npos ? out : out + told.substr(space);
}

std::string rule_in_words(const std::string& id, const Bundle& first, const Bundle& second) {
  const std::string out = rule_with_title(id, first, second);
  return out == id ? without_hyphens(id) : out;
}

std::string why(const std::vector<std::string>& rules, const std::string& reason, const Bundle& first,
                const Bundle& second) {
  std::string out;
  for (const auto& id : rules) out += (out.empty() ? "" : "; ") + rule_in_words(id, first, second);
  if (reason.empty() || out.find(reason) != std::string::npos) return out;
  return out.empty() ? reason : out + ": " + reason;
}

template <class Counts, class Words>
std::vector<std::string> counted(const Counts& counts, const Words& words) {
  std::vector<std::string> out;
  for (const auto& [key, count] : counts) {
    if (out.size() == limits::replay_askers_shown_max) {
      out.push_back("and " + std::to_string(counts.size() - out.size()) + " more");
      break;
    }
    out.push_back(words(key) + " (" + std::to_string(count) + ")");
  }
  return out;
}

ReplayedInWords row_in_words(const ReplayRow& row, const Bundle& in_force, const Bundle& offered,
                             const std::function<std::string(const MemberId&)>& name_of) {
  const Vocabulary& words = offered.vocabulary;
  ReplayedInWords out;
  out.then = step_in_words(row.then, words);
  out.now = step_in_words(row.now, words);
  out.why_then = why(row.rules_then, row.reason_then, in_force, offered);
  out.why_now = why(row.rules_now, row.reason_now, offered, in_force);
  out.tells_less = row.now == "none" || row.now == "refused" || !row.reason_now.empty();
  out.ring = row.ask_now;
  if (!row.nearest.empty()) out.nearest = rule_in_words(row.nearest, offered, in_force) + "; it wants: " + row.wants;
  out.asked_by = counted(row.askers, [&](const ReplayedAsker& asker) {
    return name_of(asker.agency) + ", " + title_of(words, "role", asker.role) + ", for " +
           title_of(words, "purpose", asker.purpose);
  });
  out.about = counted(row.categories, [&](const std::string& id) { return title_of(words, "category", id); });
  out.records = row.records;
  out.decisions = row.decisions;
  out.first = row.first;
  out.last = row.last;
  const auto shown = std::min(row.entries.size(), limits::replay_entries_shown_max);
  out.entries.assign(row.entries.end() - std::ptrdiff_t(shown), row.entries.end());
  return out;
}

}  // namespace

Expected<OfferedAgreement> read_offered(ByteView sealed, const std::shared_ptr<const Bundle>& in_force) {
  auto seal = decode_sealed_bundle(sealed);
  if (!seal) return tl::unexpected(seal.error());
  auto bundle = read_bundle(*seal);
  if (!bundle) return tl::unexpected(bundle.error());
  OfferedAgreement out{*bundle, {}};
  if (!in_force->agreement) return out;
  auto own = own_policies_over(*in_force, *bundle);
  if (own)
    out.bundle = *own;
  else
    out.obstacles.push_back(
        obstacle("This agency's own policies do not fit over it, and are left out below", own.error()));
  return out;
}

ComparedAgreement compare_offered(const Bundle& in_force, OfferedAgreement& offered,
                                  const std::function<bool()>& give_up) {
  ComparedAgreement out{in_words(offered.bundle), compare_bundles(in_force, *offered.bundle, give_up)};
  for (const auto& fault : out.words.unreadable_cases)
    offered.obstacles.push_back("Its cases cannot be read: " + fault);
  const std::size_t failed = out.words.cases.size() - out.words.passed;
  if (failed > 0)
    offered.obstacles.push_back(std::to_string(failed) + " of its " + std::to_string(out.words.cases.size()) +
                                " cases do not come out as they say");
  return out;
}

void tell_replay(Replayed replayed, const Bundle& in_force, const Bundle& offered,
                 const std::function<std::string(const MemberId&)>& name_of, TriedAgreement& out) {
  const auto rows = std::exchange(replayed.rows, {});
  const auto shown = std::min(rows.size(), limits::replay_rows_shown_max);
  for (std::size_t i = 0; i < shown; ++i) out.rows.push_back(row_in_words(rows[i], in_force, offered, name_of));
  out.rows_left_out = rows.size() - shown;
  out.replayed = std::move(replayed);
}

}  // namespace ginnel
