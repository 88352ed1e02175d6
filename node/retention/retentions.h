// SPDX-License-Identifier: Apache-2.0
// Records whose time to keep is over: found, shown to a person, and erased or kept as that person decides. Nothing is
// erased by itself.
//
//   tick:    walks over everybody held, a few people a tick, a round a day; whose records are due becomes one task
//            `retention_review`, with what is due and by which rule
//   decide:  the task ends with `keep`, a reason and the day of the next review, or with `erase`
//   hold:    nothing of a person is erased, by any path, until the hold is released
//
// A person is kept as a whole: all that is held on them goes when the last of it is due, because one key opens it. What
// was written with a time of its own (Label::retention) has a key of its own and can go before. What stands in the way
// of erasing (a process that is open, somebody who works with them, a plan without an end, a hold) is written down with
// why, and looked at again later. Of a person who is concealed, or of whom a record is, nothing is found here and
// nothing is told: whoever conceals them looks after their time.
//
// Thread: the loop. Sans-I/O: the store is the turn given, the time is the turn's. In memory stands how far the round
// is; it is a side row too, so that a restart goes on where it was.
// Failure: `bad-retention-decision` names every mistake; `held`, `not-to-be-erased` (something stands in the way),
//          `not-due`, `not-found`, and the store's.
// Limits: below. A round over a million people takes 17 hours at them, and reads each once.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/gate/vocabulary.h"
#include "node/people/account.h"
#include "node/process/process_book.h"
#include "node/retention/schedule.h"
#include "node/store/erasures.h"
#include "node/store/said_entries.h"
#include "node/store/store.h"
#include "node/work/tasks.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t retention_people_per_tick_max = 16;
inline constexpr std::int64_t retention_tick_ms = second_ms;  // between two ticks of a round
inline constexpr int retention_round_minute = 60;             // of the day, in London: when a round begins
inline constexpr std::size_t retention_entries_of_one_max = 4096;
inline constexpr std::size_t retention_text_bytes_max = 2000;
inline constexpr int retention_hold_years_max = 10;  // until a hold is looked at again by its author
}  // namespace limits

// What is held on a person, as its time stands today.
struct RetentionReview {
  PersonRef person;                // stands for all whom they are merged with
  std::vector<RecordId> offered;   // due, and can be erased now
  std::vector<std::string> rules;  // by which; ids, each once. Empty text: a review date of its own
  std::string says;                // what is due, by which rule, in words for whoever decides
  bool whole = false;              // all that is held is due: the person is erased
  std::string obstacle;            // why nothing may be erased now; empty: nothing stands in the way
  std::string obstacle_code;       // `held` or `not-to-be-erased`
  std::string stays;               // due, but kept with the rest of the file: why; may be set beside `offered`
  Date stays_until;                // as far as it is known
};

// A hold or a decision about a person, as it stands.
using KeptRetention = Said<RetentionEntry>;

struct RetentionDecision {
  TaskId task;
  std::string outcome;  // "keep" or "erase"
  std::string reason;   // outlasts what is erased: names nobody
  Date review_on;       // of "keep"
};

class Retentions {
 public:
  struct Parts {                                        // all outlive it
    std::shared_ptr<const RetentionSchedule> schedule;  // null: this node looks at no review dates
    const Vocabulary& words;
    Tasks& tasks;
    const ProcessBook& processes;
    Erasures& erasures;
    Random& random;
  };
  explicit Retentions(Parts parts) : p_(std::move(parts)) {}

  bool is_on() const { return p_.schedule != nullptr; }
  const RetentionSchedule& schedule() const { return *p_.schedule; }

  // Whether a task is such a review of somebody, made by the node or by hand: it ends with its decision alone.
  bool is_review(const TaskEntry& task) const;

  // Nothing: nobody is held, or they are concealed, or a record of theirs is.
  Expected<std::optional<RetentionReview>> look(const PersonRef& person, const Turn& turn) const;

  Expected<RetentionId> hold(const Session& who, const PersonRef& person, const std::string& reason, Date review_on,
                             Turn& turn) const;
  Expected<void> release(const Session& who, const RetentionId& hold, const std::string& reason, Turn& turn) const;
  // That they may act on the task is the caller's and the task's to look at.
  Expected<void> decide(const Session& who, const RetentionDecision& decision, Turn& turn);

  static Expected<std::vector<KeptRetention>> of_person(const PersonRef& person, const StoreReader& reader);
  static Expected<KeptRetention> find(const RetentionId& id, const StoreReader& reader);

  // Errors: only of a write; what cannot be read is told by problem(), and the round goes on.
  Expected<void> tick(Turn& turn);
  std::optional<Instant> next_tick() const;  // not set: it is off
  void clear();                              // the turn was not committed, or the clock went back
  const std::string& problem() const { return problem_; }

 private:
  Expected<void> load(const Turn& turn);
  Expected<void> keep_round(Turn& turn) const;
  Expected<void> look_at(const PersonRef& person, Turn& turn);
  Expected<bool> is_settled(const PersonRef& person, Date today, std::optional<RetentionId>& waits,
                            const Turn& turn) const;
  Expected<void> find_obstacle(const PersonFile& file, RetentionReview& review, const Turn& turn) const;
  Expected<void> append(const RetentionEntry& entry, const ActorId& actor, Turn& turn) const;
  std::string says_of(const std::vector<KeptUntil>& due, Date today) const;

  Parts p_;
  bool is_loaded_ = false;
  bool is_walking_ = false;
  Date round_;    // the day of the round that runs, or of the last one
  Bytes cursor_;  // where it goes on
  Instant next_{1};
  std::string problem_;
};

}  // namespace ginnel
