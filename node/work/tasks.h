// SPDX-License-Identifier: Apache-2.0
// What somebody at this node has to do: opened by a person or by a rule, given to a role until somebody accepts it, due
// at an instant, and never forgotten when nobody does it.
//
//   tasks.open({.kind = "non_delivery", .person = child, .origin = "non-delivery:" + notice.hex(), .rule = "notices"},
//              turn);                       // the same origin again: the same task, nothing written
//   tasks.close_from("quarantine:" + system, "mended", "a later import read it to its end", turn);
//
// A task is due once. When it is due and not done it goes to its deputy too, and some hours later to its kind's
// managers too, each once and each with an entry, however often the node stops and whatever its clock does in between.
// Who had it before keeps it until one of them accepts it. The kinds, and what follows from each, are data
// (`task_kind` of the vocabulary): no C++ names one but the rule that opens it.
//
// Thread: the loop. Sans-I/O: the store is the turn given, the time is the turn's. In memory stands only when each
// active task has to go further; clear() forgets it, and the next tick reads it again.
// Failure: `unknown-word` (no such kind), `bad-field`, `bad-task` (closed, or not so to be done), `forbidden`,
//          `not-found` (no such task, and one that is not theirs, alike), and the store's.
// Limits: below.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "federation/base/clock.h"
#include "federation/base/error.h"
#include "node/gate/vocabulary.h"
#include "node/people/account.h"
#include "node/store/store.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t task_text_bytes_max = 2000;  // a note, a reason
inline constexpr std::size_t task_title_bytes_max = 200;  // with its detail
inline constexpr std::size_t task_origin_bytes_max = 200;
inline constexpr std::size_t task_entries_max = 500;  // acts on one task
inline constexpr std::size_t tasks_escalated_per_turn_max = 64;
inline constexpr std::size_t tasks_handed_over_max = 1000;  // of one worker in one turn
inline constexpr std::int64_t tasks_retry_ms = 60'000;      // when the index of tasks could not be read
}  // namespace limits

// What one wants done. Only kind is needed; what is left out follows from the kind.
struct TaskOpening {
  std::string kind;
  PersonRef person{};      // one of this node's, or
  ViewId view{};           // a case view, or neither
  std::string origin{};    // the cause, the same each time: "quarantine:liquidlogic". Empty: always a new task
  bool may_recur = false;  // a closed task of this origin does not stand in the way of a new one; an open one does
  Instant due{};
  TaskHolder owner{}, deputy{};
  std::string detail{};  // joins the title. SECURITY: free of personal data, for lists show it
  std::string note{};    // what a person wrote; shown with the task alone
  std::string rule{};    // who makes it, if no person does
};

struct TaskStep {  // one line of a task's history
  Instant at;
  UserId by;  // empty: the node
  TaskEntry entry;
};

class Tasks {
 public:
  // The vocabulary must outlive it.
  Tasks(const Vocabulary& vocabulary, Random& random) : words_(vocabulary), random_(random) {}

  Expected<TaskId> open(const TaskOpening& opening, Turn& turn, const ActorId& actor = {});
  // For rules: opens a task of the kind about somebody (or nobody) with an owner role (empty: the kind's).
  Expected<TaskId> open(const std::string& kind, const PersonRef& about, const std::string& origin, Instant due,
                        const std::string& owner_role, Turn& turn);
  // The cause is gone: its task, if one is active, is done by the rule. Whether there was one.
  Expected<bool> close_from(const std::string& origin, const std::string& outcome, const std::string& reason,
                            Turn& turn);

  // Which roles somebody has now. Where it changed, every active task that only such roles have as nobody has is given
  // to a manager's role beside its own, with an entry, as one that is opened so from then on is. Until it is told,
  // every role counts as held.
  Expected<void> set_held_roles(std::set<std::string> roles, Turn& turn);
  // How many active tasks nobody can see, because no user does work at all here. They go to the first manager who
  // comes.
  std::size_t with_nobody() const { return with_nobody_.size(); }

  // People's acts, each by somebody who may act on the task: one of its holders, or a manager of work.
  Expected<void> accept(const Session& who, const TaskId& task, Turn& turn);
  Expected<void> finish(const Session& who, const TaskId& task, const std::string& outcome, const std::string& reason,
                        Turn& turn);
  Expected<void> cancel(const Session& who, const TaskId& task, const std::string& reason, Turn& turn);  // managers
  Expected<void> hand_over(const Session& who, const TaskId& task, const TaskHolder& to, const std::string& reason,
                           Turn& turn);
  // Everything that somebody who leaves has to do. How many.
  Expected<std::size_t> hand_over_all(const Session& who, const UserId& from, const TaskHolder& to,
                                      const std::string& reason, Turn& turn);

  // Whether it is shown to them at all.
  bool may_see(const Session& who, const TaskEntry& task) const;
  bool holds_tasks(const std::string& role) const;
  bool manages_work(const std::string& role) const;

  // Reading. Lists are in the order in which the tasks are due.
  Expected<TaskEntry> find(const TaskId& task, const StoreReader& reader) const;
  Expected<std::optional<TaskEntry>> from(const std::string& origin, const StoreReader& reader) const;
  Expected<std::vector<TaskStep>> history(const TaskId& task, const StoreReader& reader) const;  // oldest first
  static Expected<std::vector<TaskEntry>> read(const std::vector<std::uint64_t>& sequences, const StoreReader& reader);

  // Reads what is active, so that a start needs no turn for it. What cannot be read is told by the first tick.
  void start(const StoreReader& reader);
  // Takes what is due further. Errors: only of a write; what cannot be read is told by problem() and tried again.
  Expected<void> tick(Turn& turn);
  std::optional<Instant> next_tick() const;                // not set and nothing pending: nothing is active
  void clear();                                            // the turn was not committed
  const std::string& problem() const { return problem_; }  // why nothing goes further now; empty: all is well

 private:
  Expected<void> load(const StoreReader& reader);
  void schedule(const TaskEntry& task);
  Expected<void> append(const TaskEntry& task, const ActorId& actor, Turn& turn);
  Expected<void> escalate(const TaskId& id, Turn& turn);
  bool is_held(const TaskHolder& holder) const;
  bool give_to_somebody(TaskEntry& task) const;
  Expected<TaskEntry> active_for(const Session& who, const TaskId& id, const Turn& turn) const;

  const Vocabulary& words_;
  Random& random_;
  bool is_loaded_ = false;
  Instant retry_at_;
  std::string problem_;
  std::set<std::pair<Instant, TaskId>> agenda_;
  std::map<TaskId, Instant> next_;  // the same, by task
  std::optional<std::set<std::string>> held_roles_;
  std::set<TaskId> with_nobody_;
};

}  // namespace ginnel
