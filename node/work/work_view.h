// SPDX-License-Identifier: Apache-2.0
// Work as people see and change it: what Service gives to pages, API and command line, and takes from them.
//
// Who somebody is stands as user name and display name; a person of the node as an opaque id with the systems and keys
// that they came from, by which whoever may look them up there does. No name, number or birth date of a case.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "federation/base/id.h"
#include "federation/base/time.h"
#include "node/store/work_entry.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t work_rows_shown_max = 200;  // of one list; `more` says that there are others
inline constexpr std::size_t reviews_shown_max = 50;     // each showing of a person is an entry
}  // namespace limits

struct WorkerName {
  std::string username, name;  // both empty: a role, or the node itself
  std::string role;            // of a role's task: the role's id; of a worker: empty
  std::string title;           // what to show: "A. Practitioner", "Manager", "this node"
};

struct PersonLabel {
  PersonRef person;                                          // empty: nobody
  std::vector<std::pair<std::string, std::string>> sources;  // system, key
};

struct TaskSummary {
  TaskId id;
  std::string kind, title;
  TaskState state = TaskState::open;
  std::vector<WorkerName> holders;
  bool is_mine = false;  // held by whoever looks, or by their role
  PersonRef person;      // empty: about nobody of the node
  ViewId view;
  Instant opened, due;
  bool is_late = false, is_due_soon = false, is_review = false;
  std::uint8_t escalated = 0;
  std::string made_by;          // a rule's name, or who it was
  std::string outcome, reason;  // the reason may name somebody: in TaskDetail alone
};

struct TaskList {
  std::vector<TaskSummary> tasks;  // late first, then by when they are due
  bool more = false;
};

struct TaskHistoryLine {
  Instant at;
  TaskAct act = TaskAct::opened;
  std::string by;              // "A. Practitioner", "this node"
  std::vector<WorkerName> to;  // who had it afterwards
  std::string outcome, reason;
};

struct TaskDetail {
  TaskSummary task;
  std::string note;
  PersonLabel about;
  std::vector<std::pair<std::string, std::string>> outcomes;  // id, in words: how it may end
  std::vector<TaskHistoryLine> history;                       // oldest first
  std::vector<WorkerName> colleagues;                         // to whom it may be handed: workers, then roles
  bool may_act = false, may_cancel = false;
  std::string invitation;  // id of the notice that it asks to answer; empty: none
};

struct TaskQuery {
  enum class Which : std::uint8_t {
    mine,     // theirs, and their role's
    managed,  // everybody's: managers of work only
    unowned,  // of those, what is nobody's yet or late
    reviews,  // theirs, and their role's, of kinds that are reviews; everybody's for managers of work
  };
  Which which = Which::mine;
  bool closed = false;
};

struct NewTask {
  std::string kind;
  PersonRef person;
  ViewId view;
  Instant due;  // not set: as the kind has it
  std::string note;
  std::string to;  // a user name, or "role:manager"; empty: as the kind has it
};

struct TaskChange {
  enum class What : std::uint8_t { accept, done, hand_over, cancel };
  TaskId task;
  What what = What::accept;
  std::string outcome, reason;
  std::string to;  // of a hand-over, as above
};

struct HandOverAll {
  std::string from, to;  // user names
  std::string reason;
};
struct HandedOver {
  std::size_t tasks = 0, allocations = 0;
};

struct AllocationRow {
  AllocationId id;
  PersonLabel person;
  WorkerName worker;
  std::string team;
  Instant from, to;  // `to` not set: until further notice
  bool is_current = false;
  WorkerName said_by;
  std::string reason;
};

struct AllocationQuery {
  PersonRef person;    // everybody who was allocated to this person: managers only; or
  std::string worker;  // whom this user name is allocated to now: managers only; both empty: who asks themselves
};

struct NewAllocation {
  PersonRef person;         // or
  std::string system, key;  // what their source calls them
  std::string worker;       // a user name
  Instant from, to;
  std::string reason;
};

struct EndAllocation {
  AllocationId allocation;
  std::string reason;
};

// Somebody declares that they, or says that a colleague, must not work a person's case.
struct NewConflict {
  PersonRef person;
  std::string worker;  // a user name; empty: who says it
  std::string reason;
};

// A review as the page of reviews shows it: with why, and about whom.
struct ReviewRow {
  TaskSummary task;
  std::string note;  // the reason that was given; may name somebody
  PersonLabel about;
};

struct ReviewDesk {
  std::vector<ReviewRow> waiting;  // late first, then by when they are due; at most limits::reviews_shown_max
  bool more = false;
  std::vector<TaskSummary> done;  // that they or their role held, the newest first
};

// What the page "My work" needs, read in one turn.
struct WorkOverview {
  TaskList mine;
  std::vector<AllocationRow> allocated;  // current ones
  bool manages = false;
  TaskList to_manage;                                      // unowned or late, of managers
  std::vector<WorkerName> workers;                         // for a manager's forms
  std::vector<std::pair<std::string, std::string>> kinds;  // that people may make by hand: id, title
};

}  // namespace ginnel
