// SPDX-License-Identifier: Apache-2.0
#include "node/gate/policy_replay.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "node/gate/explained.h"
#include "node/gate/past_decision.h"
#include "node/store/codec.h"
#include "node/store/ledger.h"

namespace ginnel {
namespace {

constexpr const char* was_refused = "refused";
constexpr const char* decided = "decided";

std::string told(Step step, const std::string& shown_as) {
  return std::string(name_of(step)) + (step == Step::exists ? " as " + shown_as : "");
}

// SECURITY: a word that no list has is somebody's text, a peer's perhaps, and may name a person.
constexpr const char* unknown = "(not in the vocabulary)";

std::string reason_of(const std::vector<std::string>& rules, const std::string& reason) {
  return rules == std::vector<std::string>{"unknown-word"} ? "a word of it is not in the vocabulary" : reason;
}

// Of two names of what is told, without the category that both have.
void say_once(std::string& then, std::string& now) {
  const auto as = [](const std::string& told) { return told.find(" as "); };
  if (as(then) != std::string::npos && as(now) != std::string::npos) return;
  for (std::string* one : {&then, &now})
    if (const auto at = as(*one); at != std::string::npos) one->resize(at);
}

std::vector<std::string> without(const std::vector<std::string>& rules, const std::vector<std::string>& others) {
  std::vector<std::string> out;
  std::set_difference(rules.begin(), rules.end(), others.begin(), others.end(), std::back_inserter(out));
  return out;
}

// Asks of members and views of cases are put to check_words(); what the agency does with its own data was not.
bool is_of_a_case(const Access& entry) {
  return !entry.peer.empty() || !entry.view.empty() || !entry.ask.empty() || !entry.notice.empty();
}

}  // namespace

class Replaying {
 public:
  enum class Tells : std::uint8_t { all_that_was_decided, what_was_told };

  Replaying(std::shared_ptr<const Bundle> bundle, MemberId own, Tells tells)
      : gate_(std::move(bundle)), own_(std::move(own)), tells_(tells) {
    out_.bundle = gate_.bundle().ref_text();
  }

  void take(const EntryHeader& header, const Access& entry) {
    const bool was_refused = !entry.outcome.empty();
    if (was_refused && (entry.items.empty() || entry.items.front().policies.empty() ||
                        !Gate::refuses_with(entry.items.front().policies.front()))) {
      ++out_.before_policy;
      return;
    }
    const auto past = past_decision_of(header, entry, own_);
    if (!past) return not_recorded(header.time);

    const Asking& asking = past->asking;
    at_ = {header.sequence,
           header.time,
           {asking.agency, word("role", asking.role), word("purpose", asking.purpose), word("basis", asking.basis)},
           &entry.markings};
    ++out_.decisions;
    if (!out_.oldest.is_set() || header.time < out_.oldest) out_.oldest = header.time;
    out_.in_shadow += entry.in_shadow ? 1 : 0;
    ++out_.bundles[entry.bundle];
    is_otherwise_ = false;
    const auto words = is_of_a_case(entry) ? gate_.check_words(asking) : gate_.check_return(asking);
    if (was_refused) {
      if (words) refused_before(entry.items.front());
    } else if (!words) {
      refused_now(entry, past->labels, words.error());
    } else {
      again_.clear();
      for (std::size_t i = 0; i < past->labels.size(); ++i) decide_again(*past, i);
    }
    if (!was_refused)
      out_.records += std::size_t(std::count_if(entry.items.begin(), entry.items.end(),
                                                [this](const AccessItem& item) { return counts(item); }));
    if (is_otherwise_) ++out_.otherwise;
  }

  void erased() { ++out_.erased; }
  void search() { ++out_.searches; }
  void unreadable(std::uint64_t sequence, const Error& error) {
    if (out_.unreadable++ == 0) out_.unreadable_why = "entry " + std::to_string(sequence) + ": " + error.text();
  }

  std::size_t decisions() const { return out_.decisions; }
  std::size_t labels() const { return labels_; }

  Replayed take_outcome() {
    for (auto& [key, row] : rows_) {
      std::sort(row.entries.begin(), row.entries.end());
      out_.rows.push_back(std::move(row));
    }
    std::stable_sort(out_.rows.begin(), out_.rows.end(), [](const ReplayRow& a, const ReplayRow& b) {
      return std::tie(a.records, a.decisions) > std::tie(b.records, b.decisions);
    });
    return std::move(out_);
  }

 private:
  struct Again {
    Verdict verdict;
    std::optional<std::pair<std::string, std::string>>
        no_rule;  // permits the step any more: the nearest, what it wants
  };
  struct Place {
    std::uint64_t sequence = 0;
    Instant time;
    ReplayedAsker asker;
    const std::vector<std::string>* markings = nullptr;
  };

  void not_recorded(Instant time) {
    ++out_.not_recorded;
    out_.not_recorded_until = std::max(out_.not_recorded_until, time);
  }

  // SECURITY: whether whoever reads it may learn that there is such a record.
  bool counts(const AccessItem& item) const { return tells_ == Tells::all_that_was_decided || item.step != Step::none; }

  // What the other bundle says of an item's label. A decision's records have a handful, and each is decided once.
  const Again& again(const PastDecision& past, std::size_t item) {
    const AccessItem& then = past.entry.items[item];
    const auto known = again_.find(then.label);
    if (known != again_.end() && !gate_.bundle().names_records) return known->second;
    ++labels_;
    const std::set<std::string> markings(past.entry.markings.begin(), past.entry.markings.end());
    const RecordLabel& label = past.labels[item];
    Again out{gate_.would_decide(past.asking, past.about, label, markings), {}};
    // What permitted less than this is no answer to why it is not more any longer.
    if (out.verdict.step < then.step) {
      const auto steps =
          explain(gate_.bundle(), past.asking, gate_.effective_purpose(past.asking), past.about, label, markings);
      if (!steps.empty() && !steps.back().is_given && steps.back().rules.empty())
        out.no_rule.emplace(steps.back().nearest, steps.back().wants);
    }
    return again_.insert_or_assign(then.label, std::move(out)).first->second;
  }

  // One item of it, with what was known then.
  void decide_again(const PastDecision& past, std::size_t item) {
    const AccessItem& then = past.entry.items[item];
    if (!counts(then)) return;
    const Again& again = this->again(past, item);
    const Verdict& now = again.verdict;
    ReplayRow row;
    row.then = told(then.step, word("category", then.category));
    row.now = told(now.step, word("category", now.shown_as));
    if (row.then == row.now) {
      out_.by_other_rules += then.policies != now.policies ? 1 : 0;
      return;
    }
    say_once(row.then, row.now);
    // SECURITY: the name under which it was not counted may say what it is.
    if (tells_ == Tells::what_was_told && now.step == Step::exists && then.step == Step::exists)
      row.now = "exists under another category";
    row.rules_then = without(then.policies, now.policies);
    row.rules_now = without(now.policies, then.policies);
    if (row.rules_then.empty() && row.rules_now.empty()) row.rules_then = row.rules_now = now.policies;
    // Those that permitted less before permit more now, where what shut it is gone.
    if (now.step > then.step && row.rules_now.empty()) row.rules_now = now.policies;
    row.reason_then = reason_of(then.policies, then.reason);
    row.reason_now = reason_of(now.policies, now.reason);
    row.ask_now = now.ask;
    if (again.no_rule && now.step < then.step) {
      row.reason_now = "no rule permits it";
      std::tie(row.nearest, row.wants) = *again.no_rule;
    }
    add(std::move(row), &past.labels[item], &then);
  }

  void refused_before(const AccessItem& then) {
    ReplayRow row;
    row.then = was_refused;
    row.now = decided;
    row.rules_then = then.policies;
    row.reason_then = reason_of(then.policies, then.reason);
    add(std::move(row), nullptr);
  }

  void refused_now(const Access& entry, const std::vector<RecordLabel>& labels, const Error& why) {
    ReplayRow row;
    row.now = was_refused;
    row.rules_now = {why.code};
    row.reason_now = reason_of(row.rules_now, why.why);
    row.then = decided;
    if (labels.empty()) add(row, nullptr);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (!counts(entry.items[i])) continue;
      row.then = std::string(name_of(entry.items[i].step));
      row.rules_then = entry.items[i].policies;
      add(row, &labels[i], &entry.items[i]);
    }
  }

  void add(ReplayRow row, const RecordLabel* record, const AccessItem* then = nullptr) {
    is_otherwise_ = true;
    ReplayRow& into = rows_
                          .try_emplace({row.then, row.now, row.rules_then, row.rules_now, row.reason_now, row.ask_now},
                                       std::move(row))
                          .first->second;
    if (!into.first.is_set() || at_.time < into.first) into.first = at_.time;
    into.last = std::max(into.last, at_.time);
    if (last_[&into] != at_.sequence) {
      last_[&into] = at_.sequence;
      ++into.decisions;
      ++into.askers[at_.asker];
      if (into.entries.size() < limits::replay_entries_told_max) into.entries.push_back(at_.sequence);
    }
    if (record == nullptr) return;
    ++into.records;
    ++out_.records_otherwise;
    const bool was_counted = tells_ == Tells::what_was_told && then && then->step == Step::exists;
    ++into.categories[word("category", was_counted ? then->category : record->label.category)];
    if (tells_ == Tells::what_was_told) return;
    for (const std::string& marking : record->label.markings) ++into.markings[word("marking", marking)];
    for (const std::string& marking : *at_.markings)
      if (!record->label.markings.contains(marking)) into.elsewhere.insert(word("marking", marking));
  }

  std::string word(const char* list, const std::string& said) const {
    return gate_.bundle().vocabulary.knows(list, said) ? said : unknown;
  }

  using Key = std::tuple<std::string, std::string, std::vector<std::string>, std::vector<std::string>, std::string,
                         std::string>;

  const Gate gate_;
  const MemberId own_;
  const Tells tells_;
  Replayed out_;
  std::map<std::uint16_t, Again> again_;  // of the decision that is made again, by the places of its labels
  std::size_t labels_ = 0;                // decided again
  std::map<Key, ReplayRow> rows_;
  std::map<const ReplayRow*, std::uint64_t> last_;  // the entry that was counted with the row last; 0 is the genesis
  Place at_;
  bool is_otherwise_ = false;
};

namespace {

// An entry of the ledger, if it is one of the window that matters here.
void take_entry(std::uint64_t sequence, const StoreReader& reader, const ReplayedDays& window, Replaying& into) {
  auto sealed = reader.sealed_entry(sequence);
  auto header = sealed ? decode_header(*sealed) : tl::unexpected(sealed.error());
  if (!header) return into.unreadable(sequence, header.error());
  if (header->kind != EntryKind::decided && header->kind != EntryKind::people_searched) return;
  if (window.since.is_set() && header->time < window.since) return;
  if (window.until.is_set() && header->time >= window.until) return;
  if (header->kind == EntryKind::people_searched) return into.search();
  auto entry = reader.entry(sequence);
  if (!entry) return into.unreadable(sequence, entry.error());
  if (entry->erased) return into.erased();
  auto access = decode_access(entry->body);
  if (!access) return into.unreadable(sequence, access.error());
  into.take(entry->header, *access);
}

}  // namespace

Expected<Replayed> replay_decisions(Store& store, std::shared_ptr<const Bundle> bundle, const ReplayedDays& window,
                                    const std::function<void(std::uint64_t done, std::uint64_t all)>& progress) {
  Replaying replaying(std::move(bundle), store.member(), Replaying::Tells::all_that_was_decided);
  const std::uint64_t all = store.tree_head().size;
  for (std::uint64_t at = 0; at < all;) {
    auto snapshot = store.snapshot();
    if (!snapshot) return tl::unexpected(snapshot.error());
    const std::uint64_t until = std::min(all, at + limits::replay_entries_per_snapshot);
    for (; at < until; ++at) take_entry(at, **snapshot, window, replaying);
    if (progress) progress(at, all);
  }
  return replaying.take_outcome();
}

NewestReplay::NewestReplay(std::shared_ptr<const Bundle> bundle, MemberId own)
    : replaying_(std::make_unique<Replaying>(std::move(bundle), std::move(own), Replaying::Tells::what_was_told)) {}
NewestReplay::~NewestReplay() = default;

Expected<bool> NewestReplay::step(const StoreReader& reader) {
  if (!next_) next_ = reader.tree_head().size;
  const std::size_t labels_before = replaying_->labels();
  for (std::uint64_t n = 0; n < limits::replay_entries_per_turn; ++n) {
    if (*next_ == 0) return false;
    if (replaying_->decisions() >= limits::replay_newest_decisions_max || reads_ == limits::replay_newest_entries_max) {
      is_cut_short_ = true;
      return false;
    }
    ++reads_;
    take_entry(--*next_, reader, {}, *replaying_);
    if (replaying_->labels() - labels_before >= limits::replay_labels_per_turn) return true;
  }
  return true;
}

Replayed NewestReplay::take() {
  Replayed out = replaying_->take_outcome();
  out.is_cut_short = is_cut_short_;
  return out;
}

}  // namespace ginnel
