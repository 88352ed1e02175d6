// SPDX-License-Identifier: Apache-2.0
// The bodies of the entries about work: tasks, and who is allocated to whom. Each task entry holds the whole task as it
// stands after one act, so that the newest entry is the task and all of them together are its history.
//
// Numbers are part of the stored format. An entry about a person is sealed under that person's key, so that erasing
// the person takes the work about them with it; the others under the node's.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/id.h"
#include "federation/base/time.h"

namespace ginnel {

enum class TaskState : std::uint8_t {
  open = 0,      // with a role, or with somebody who has not said that they will do it
  accepted = 1,  // somebody has it
  done = 2,
  cancelled = 3,
};
inline bool is_active(TaskState state) { return state == TaskState::open || state == TaskState::accepted; }

enum class TaskAct : std::uint8_t {
  opened = 0,
  accepted = 1,
  handed_over = 2,
  to_deputy = 3,   // due and not done: the deputy has it too
  to_manager = 4,  // still not done: the managers have it too
  done = 5,
  cancelled = 6,
};

// Exactly one of the two, or neither: nobody.
struct TaskHolder {
  UserId user;
  std::string role;  // of the node's users, as long as nobody has accepted
  bool empty() const { return user.empty() && role.empty(); }
  auto operator<=>(const TaskHolder&) const = default;
};

struct TaskEntry {
  TaskId task;
  TaskAct act = TaskAct::opened;
  TaskState state = TaskState::open;
  std::string kind;                 // a word of the vocabulary's list `task_kind`
  std::string origin;               // what it came from, in the words of the rule that made it; empty: a person made it
  std::string title;                // free of personal data
  std::string note;                 // what a person wrote who made it; may name somebody
  PersonRef person;                 // whom it is about; empty: nobody of this node
  ViewId view;                      // or which case view; empty: none
  std::vector<TaskHolder> holders;  // who may act on it: the owner first, then those to whom it went when it was due
  TaskHolder deputy;
  std::string manager_role;
  Instant opened, warn_from, due, manager_at;
  std::uint8_t escalated = 0;   // 0 not yet, 1 to the deputy, 2 to the managers; never goes back
  std::string rule;             // which rule made it; empty: the actor of the first entry did
  std::string outcome, reason;  // of this act
  bool operator==(const TaskEntry&) const = default;
};

// What a worker is to a person. A closed set: numbers are part of the stored format.
enum class WorkerRelation : std::uint8_t {
  responsible = 0,
  conflict = 1,  // of interest: their own family, a neighbour, a colleague's child
};

// What a worker is to a person from one moment to another. A later entry with the same id changes the earlier.
struct AllocationEntry {
  AllocationId allocation;
  PersonRef person;
  UserId worker;
  std::string team;  // the worker's, at the time
  Instant from;
  Instant to;  // not set: until further notice
  std::string reason;
  WorkerRelation relation = WorkerRelation::responsible;
  bool operator==(const AllocationEntry&) const = default;
};

// A file was kept for a record: the record itself names it by {name, media type, size, sha256}.
struct AttachmentKept {
  AttachmentId attachment;
  RecordId record;
  std::vector<PersonRef> people;  // whom the record is about: while one of them is held, so is the file
  std::string name, media_type;
  std::uint64_t size_bytes = 0;
  Hash sha256{};  // of the plaintext
  Bytes
      content_key{};  // with which the file's row is sealed; empty: with the record's own (written by earlier versions)
  bool operator==(const AttachmentKept&) const = default;
};

}  // namespace ginnel
