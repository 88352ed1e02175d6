// SPDX-License-Identifier: Apache-2.0
#include "node/gate/consents.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace ginnel {
namespace {

constexpr std::string_view given = "given", refused = "refused", withdrawn = "withdrawn", expired = "expired",
                           unsafe_to_ask = "unsafe_to_ask", not_asked = "not_asked";
constexpr std::array by_strictness{refused, given, withdrawn, unsafe_to_ask, expired};

template <class List, class One>
bool names_or_all(const List& list, const One& one) {
  return list.empty() || std::find(list.begin(), list.end(), one) != list.end();
}

// Whether everything that `narrow` names is in `wide`; none named: all.
template <class List>
bool covers_no_more(const List& narrow, const List& wide) {
  if (wide.empty()) return true;
  return !narrow.empty() && std::all_of(narrow.begin(), narrow.end(), [&](const auto& one) {
    return std::find(wide.begin(), wide.end(), one) != wide.end();
  });
}

bool is_over(const ConsentEntry& one, Instant now) { return one.until.is_set() && one.until <= now; }

std::string_view state_of(const ConsentEntry& one, Instant now) {
  if (one.withdrawn.is_set()) return withdrawn;
  return is_over(one, now) ? expired : std::string_view(one.state);
}

// When it was said last.
Instant said_at(const ConsentEntry& one) { return std::max(one.from, one.withdrawn); }

// Of two by the same decider that both apply; `later` was recorded later.
bool replaces(const ConsentEntry& by, const ConsentEntry& one, bool was_recorded_later, Instant now) {
  if (by.decider != one.decider) return false;
  const bool is_later = said_at(by) != said_at(one) ? said_at(by) > said_at(one) : was_recorded_later;
  if (!is_later) return false;
  const auto state = state_of(one, now), state_by = state_of(by, now);
  if (state == refused && (state_by == expired || state_by == withdrawn)) return false;
  if (state == given && state_by == withdrawn) return true;
  return covers_no_more(by.purposes, one.purposes) && covers_no_more(by.recipients, one.recipients);
}

using Decisions = std::vector<const ConsentEntry*>;

Decisions applying(std::span<const ConsentEntry> all, std::string_view category, const ConsentQuestion& question) {
  Decisions out;
  for (const auto& one : all)
    if (std::find(one.categories.begin(), one.categories.end(), category) != one.categories.end() &&
        names_or_all(one.purposes, question.purpose) && names_or_all(one.recipients, question.recipient) &&
        one.from <= question.now)
      out.push_back(&one);
  return out;
}

// SECURITY: whoever was judged competent is not contradicted by who asks somebody else.
Competence judged(const Decisions& standing, Instant now) {
  Competence out = Competence::not_judged;
  for (const auto* one : standing) {
    if (one->competence == Competence::not_judged || is_over(*one, now)) continue;
    if (one->withdrawn.is_set() && one->competence != Competence::competent) continue;
    if (out != Competence::competent) out = one->competence;
  }
  return out;
}

Decisions not_replaced(const Decisions& decisions, Instant now) {
  Decisions out;
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    bool is_replaced = false;
    for (std::size_t by = 0; by < decisions.size(); ++by)
      is_replaced = is_replaced || (by != i && replaces(*decisions[by], *decisions[i], by > i, now));
    if (!is_replaced) out.push_back(decisions[i]);
  }
  return out;
}

class Counting {
 public:
  Counting(Competence competence, Instant now, const Vocabulary& words)
      : competence_(competence), now_(now), words_(words) {}

  // The person's own word, which stands while nobody judged that they cannot decide.
  bool is_their_own(const ConsentEntry& one) const {
    const Word* decider = words_.find("decider", one.decider);
    if (!decider || decider->decides_for != "self" || state_of(one, now_) == expired) return false;
    return decider->needs_judgement ? competence_ == Competence::competent : competence_ != Competence::not_competent;
  }

  bool counts(const ConsentEntry& one, bool decided_themselves) const {
    const Word* decider = words_.find("decider", one.decider);
    const bool is_for_another = decider && decider->decides_for == "another";
    if (is_for_another && decided_themselves) return false;
    if (state_of(one, now_) != given) return true;
    if (!decider || decider->decides_for == "nobody") return false;
    if (is_for_another) return competence_ == Competence::not_competent;
    return decider->needs_judgement ? competence_ == Competence::competent
                                    : decider->decides_for.empty() || competence_ != Competence::not_competent;
  }

 private:
  Competence competence_;
  Instant now_;
  const Vocabulary& words_;
};

std::size_t strictness(std::string_view state) {
  return std::size_t(std::find(by_strictness.begin(), by_strictness.end(), state) - by_strictness.begin());
}

Consenting resolve_one(const Decisions& all, Instant now, const Vocabulary& words) {
  Consenting out;
  const Decisions standing = not_replaced(all, now);
  out.competence = judged(standing, now);
  const Counting counting(out.competence, now, words);
  const bool decided_themselves = std::any_of(standing.begin(), standing.end(),
                                              [&](const ConsentEntry* one) { return counting.is_their_own(*one); });
  for (const auto* one : standing) {
    if (!counting.counts(*one, decided_themselves)) continue;
    // SECURITY: a state that is none of these is of a later version: the strictest.
    const auto said = state_of(*one, now);
    const auto state = strictness(said) < by_strictness.size() ? said : refused;
    const bool is_stricter = strictness(state) < strictness(out.state);
    const bool is_newer = state == out.state && said_at(*one) >= out.since;
    if (!is_stricter && !is_newer) continue;
    out.state = state;
    out.decider = one->decider;
    out.since = state == expired ? one->until : said_at(*one);
  }
  return out;
}

}  // namespace

Consenting Consents::of(std::string_view category) const {
  if (are_unreadable) return {std::string(refused), {}, {}, Competence::not_judged};
  const auto found = by_category.find(root_category(category));
  return found == by_category.end() ? Consenting() : found->second;
}

Consenting Consents::of(std::string_view category, ConsentTold told) const {
  Consenting out = of(category);
  if (are_unreadable) return out;
  if (tells_given(told) && (out.state == not_asked || out.state == expired))
    out = {std::string(given), {}, {}, out.competence};
  if (tells_not_competent(told) && out.competence == Competence::not_judged) out.competence = Competence::not_competent;
  return out;
}

Consents resolve_consents(std::span<const ConsentEntry> decisions, const ConsentQuestion& question,
                          const Vocabulary& words) {
  std::set<std::string, std::less<>> categories;
  for (const auto& one : decisions) categories.insert(one.categories.begin(), one.categories.end());
  Consents out;
  for (const auto& category : categories) {
    const Consenting one = resolve_one(applying(decisions, category, question), question.now, words);
    if (one != Consenting()) out.by_category.emplace(category, one);
  }
  return out;
}

ConsentTold told_of(const Consenting& consenting) {
  return consent_told(consenting.state == given, consenting.competence == Competence::not_competent);
}

std::string decision_words(const Consenting& consenting, const Vocabulary& words) {
  const Word* decider = words.find("decider", consenting.decider);
  const std::string who = decider && !decider->telling.empty() ? decider->telling : "somebody";
  const std::string on = consenting.since.is_set() ? " on " + for_people(london_date(consenting.since)) : "";
  std::string said;
  if (consenting.state == given)
    said = consenting.since.is_set() ? who + " gave consent" + on : "consent was given, as its holder tells";
  else if (consenting.state == refused)
    said = consenting.since.is_set() ? who + " refused" + on
                                     : "what was recorded of consent could not be read, and counts as refused";
  else if (consenting.state == withdrawn)
    said = who + " withdrew consent" + on;
  else if (consenting.state == unsafe_to_ask)
    said = "it was judged unsafe to ask" + on;
  else if (consenting.state == expired)
    said = "what " + who + " decided ran out" + on;
  else
    said = "nobody was asked";
  const bool says_competent = decider && decider->needs_judgement;
  if (consenting.competence == Competence::not_competent)
    said += "; the person was judged not competent to decide it";
  else if (consenting.competence == Competence::competent && !says_competent)
    said += "; the person was judged competent to decide it";
  return said;
}

std::string consent_words(std::string_view category, const Consenting& consenting, const Vocabulary& words) {
  const Word* root = words.find("category", category);
  return (root ? root->title : std::string(category)) + ": " + decision_words(consenting, words);
}

}  // namespace ginnel
