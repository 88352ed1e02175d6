// SPDX-License-Identifier: Apache-2.0
// The past asks of a ledger, decided again by another bundle: what would have been told otherwise.
//
//   decided entries of the window -> what each went by -> the other bundle -> rows of what differs
//
// Only what the ledger recorded counts, never what a record says today. What it does not hold is counted under its
// reason, and nothing is guessed: an entry of before the facts of a decision were recorded, one that was erased with
// whom it was about, one that cannot be read. Nothing of a person is in the outcome: ids, words of the vocabulary, and
// what rules say.
//
// Thread: any one; reads by short snapshots, so a node may run beside. Failure: the store's, when a snapshot or the
// ledger's head cannot be had at all.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "node/gate/gate.h"
#include "node/store/store.h"

namespace ginnel {

namespace limits {
inline constexpr std::uint64_t replay_entries_per_snapshot = 256;  // so that old pages are not pinned for long
inline constexpr std::size_t replay_entries_told_max = 1000;       // numbers of ledger entries with one row

// Of the newest, beside what else a node does.
inline constexpr std::size_t replay_newest_decisions_max = 2'000;
inline constexpr std::uint64_t replay_newest_entries_max = 50'000;  // read for them
inline constexpr std::uint64_t replay_entries_per_turn = 250;
inline constexpr std::size_t replay_labels_per_turn = 100;  // that are decided again: less than the turn of an ask
}  // namespace limits

struct ReplayedDays {
  Instant since, until;  // from `since` and before `until`; not set: without end
};

struct ReplayedAsker {
  MemberId agency;
  std::string role, purpose, basis;
  auto operator<=>(const ReplayedAsker&) const = default;
};

// Decisions that came out in one way and would come out in another, for the same reasons.
struct ReplayRow {
  // A step's name; "refused": the ask as a whole; "decided": it would be decided, and nothing tells how. A counted
  // record that is named by another category has "exists as CATEGORY".
  std::string then, now;
  // What decided it, where the other bundle has something else in its place; the same on both sides: rules that were
  // rewritten.
  std::vector<std::string> rules_then, rules_now;
  std::string reason_then, reason_now;  // as told to who asked: why not more
  std::string ask_now;                  // whom to ring then
  std::string nearest, wants;           // where no rule permits the step any more: what came nearest, and what it wants

  std::size_t records = 0;                        // of an ask that is refused as a whole without any: 0
  std::map<ReplayedAsker, std::size_t> askers;    // with the number of decisions
  std::map<std::string, std::size_t> categories;  // with the number of records
  std::map<std::string, std::size_t> markings;    // on the record
  std::set<std::string> elsewhere;                // markings of the child, or of another agency's part
  std::vector<std::uint64_t> entries;             // of the ledger, oldest first
  std::size_t decisions = 0;
  Instant first, last;
};

struct Replayed {
  std::string bundle;         // the other one, as it stands in ledger entries
  std::size_t decisions = 0;  // that were made again
  std::size_t records = 0;    // that they were about
  std::size_t otherwise = 0;  // decisions by which something would have been told otherwise
  std::size_t records_otherwise = 0;
  std::size_t in_shadow = 0;       // decisions by which nothing was told at the time, as the node did not share yet
  std::size_t by_other_rules = 0;  // records of which the same would be told, by other rules
  std::map<std::string, std::size_t> bundles;  // by which they were decided

  // Asks that the node refused before any policy: who may be served, and what the node can do.
  std::size_t before_policy = 0;
  // What was not decided again, and why.
  std::size_t not_recorded = 0;  // of before a decision's facts were recorded
  Instant not_recorded_until;    // the newest of them
  std::size_t erased = 0;
  std::size_t unreadable = 0;
  std::string unreadable_why;  // of the first
  // Among the agency's own people. Their entries keep how far each person was shown and by which rules, and not by
  // which markings and consents, nor what the worker was to them: such an entry is sealed for all whom it lists, so
  // what it held of one would outlast their erasure. Whom somebody opened was decided anew, and that is made again.
  std::size_t searches = 0;

  std::vector<ReplayRow> rows;  // that concern most records first

  Instant oldest;             // of those made again; not set: there were none
  bool is_cut_short = false;  // NewestReplay alone: there may be older ones
};

// `progress` is told now and then how far it is.
Expected<Replayed> replay_decisions(Store& store, std::shared_ptr<const Bundle> bundle, const ReplayedDays& window,
                                    const std::function<void(std::uint64_t done, std::uint64_t all)>& progress = {});

class Replaying;

// The newest decisions of a ledger, a step in each of several turns, for whoever answers for sharing at the node.
//
// SECURITY: they are told what was told, as they are of what was withheld (node/view/withheld_tally.h). A record that
// was hidden counts nowhere; of one that was only counted the category is that under which it was.
class NewestReplay {
 public:
  NewestReplay(std::shared_ptr<const Bundle> bundle, MemberId own);
  ~NewestReplay();

  // False: it is done. Failure: the ledger cannot be read at all; an entry that cannot is counted.
  Expected<bool> step(const StoreReader& reader);
  Replayed take();

 private:
  std::unique_ptr<Replaying> replaying_;
  std::optional<std::uint64_t> next_;  // entries below it are still to read; not set: nothing was read yet
  std::uint64_t reads_ = 0;
  bool is_cut_short_ = false;
};

}  // namespace ginnel
