// SPDX-License-Identifier: Apache-2.0
// What was decided not to be shared: recorded with its test and the day of its review, and looked at again on that day.
// The review is a task from the beginning, due then (`refusal_review` of the vocabulary); it ends with the review.
//
// Thread: the loop; no state. Failure: `bad-refusal` names every mistake; `not-found`, and the store's.
// Limits: limits::refusal_entries_of_one_max.
#pragma once

#include <string>
#include <vector>

#include "federation/base/clock.h"
#include "node/store/refusal_entry.h"
#include "node/work/tasks.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t refusal_entries_of_one_max = 1024;  // about one person; over it nothing more is recorded
inline constexpr std::size_t refusal_entries_read_max = 16 * refusal_entries_of_one_max;  // of people who were joined
inline constexpr std::size_t refusal_text_bytes_max = 2000;
inline constexpr std::int64_t refusal_review_ms_max = 366 * day_ms;  // until its first and each further review
}  // namespace limits

struct KeptRefusal {
  RefusalEntry entry;  // as it stands now
  Instant said_at;     // when it was recorded first, and by whom
  UserId said_by;
  Instant reviewed_at;  // not set: it was not
  UserId reviewed_by;
};

struct RefusalReview {
  RefusalId refusal;
  std::string outcome;  // "stands" or "to_be_shared"
  std::string reason;
  Instant next;  // when it is looked at again, if it stands
};

// Whether a task is the review of a refusal: it ends with the review, and not by itself.
bool is_refusal_origin(const std::string& origin);

class Refusals {
 public:
  // All outlive it.
  Refusals(const Vocabulary& words, Tasks& tasks, Random& random) : words_(words), tasks_(tasks), random_(random) {}

  // `refusal` and `decided` are empty in it. `mistakes` are those found before; told with those found here.
  Expected<RefusalId> record(RefusalEntry entry, std::vector<std::string> mistakes, const ActorId& actor,
                             Turn& turn) const;
  Expected<void> review(const RefusalReview& review, const ActorId& actor, Turn& turn) const;

  // Those about a person and all whom they are merged with, in the order in which they were recorded first.
  static Expected<std::vector<KeptRefusal>> of_person(const PersonRef& person, const StoreReader& reader);
  static Expected<KeptRefusal> find(const RefusalId& refusal, const StoreReader& reader);

 private:
  Expected<void> open_task(const RefusalEntry& entry, Turn& turn) const;

  const Vocabulary& words_;
  Tasks& tasks_;
  Random& random_;
};

}  // namespace ginnel
