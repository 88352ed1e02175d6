// SPDX-License-Identifier: Apache-2.0
// How work is told to one worker: colleagues by name, tasks as they see them, and people by what their source calls
// them. For the Service's calls about work; one is made for each call.
//
// Thread: the loop. Failure: what it is made from (a session, the accounts).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/node.h"
#include "node/setup/accounts.h"

namespace ginnel {

// Whatever it is that is not there, or not theirs.
tl::unexpected<Error> no_such_work();
// Nobody whom work may be given to has that name.
tl::unexpected<Error> no_colleague();

// What needs the accounts, the vocabulary and the clock to be told to a person.
class Telling {
 public:
  Telling(const Tasks& tasks, const Vocabulary& words, Session session, std::vector<Account> accounts, Instant now)
      : tasks_(tasks), words_(words), who_(std::move(session)), accounts_(std::move(accounts)), now_(now) {}

  const Session& who() const { return who_; }
  ActorId actor() const { return *ActorId::from(who_.user.bytes()); }
  bool manages() const { return tasks_.manages_work(who_.role); }

  const Account* account(const std::string& username) const;  // null: none
  Expected<TaskHolder> holder(const std::string& to) const;   // "a.user" or "role:manager"; errors of no_colleague()
  WorkerName name(const UserId& user) const;
  WorkerName name(const TaskHolder& holder) const;
  std::vector<WorkerName> names(const std::vector<TaskHolder>& holders) const;
  // Whom a task may be handed to: everybody who does work, then the roles.
  std::vector<WorkerName> colleagues(bool with_roles) const;

  bool is_mine(const TaskEntry& task) const;
  bool is_review(const TaskEntry& task) const;
  bool is_late(const TaskEntry& task) const { return is_active(task.state) && task.due <= now_; }
  static bool is_unowned(const TaskEntry& task) { return task.state == TaskState::open; }
  TaskSummary summary(const TaskEntry& task) const;
  // As they are due, late ones first; closed ones the newest first.
  TaskList list(const std::vector<TaskEntry>& tasks) const;

 private:
  std::string title_of(std::string_view list, const std::string& id) const;

  const Tasks& tasks_;
  const Vocabulary& words_;
  Session who_;
  std::vector<Account> accounts_;
  Instant now_;
};

Expected<Telling> telling_for(Expected<Session> session, const Tasks& tasks, const Vocabulary& words, const Work& work);

// By system and key, and recorded as shown.
Expected<PersonLabel> label_of(const PersonRef& person, const Session& who, const char* reason, Turn& turn);

// What workers are to people in one relation: all of the query's person, or of its worker, or of who asks, then with
// what has ended unless `current_only`. Each person is recorded as shown; limits::work_rows_shown_max at most. That who
// asks may ask so, and may know of the person, is the caller's to look at.
Expected<std::vector<AllocationRow>> related(WorkerRelation relation, const AllocationQuery& query, bool current_only,
                                             const char* reason, const Telling& tell, Work& work);

}  // namespace ginnel
