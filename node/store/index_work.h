// SPDX-License-Identifier: Apache-2.0
// What the entries about work put into the indexes: tasks, allocations, attachments. For index_apply.cc alone, but for
// the logical keys, by which readers find the rows again.
#pragma once

#include <span>

#include "node/store/index.h"
#include "node/store/work_entry.h"

namespace ginnel {

// Logical keys of task_holder: who may act on an active task, or had a closed one.
Bytes task_holder_key(const TaskHolder& holder, bool active);
// Logical keys of allocation.
Bytes allocated_person_key(const PersonRef& person);
Bytes allocated_worker_key(const UserId& worker);
Bytes allocation_key(const AllocationId& allocation);
// Logical keys of attachment.
Bytes attachment_key(const AttachmentId& attachment);
Bytes attachments_of_key(const PersonRef& person);

class WorkRows {
 public:
  WorkRows(const IndexMap& map, KvWrite& kv, const Indexes::OpenBody& open_body)
      : map_(map), kv_(kv), open_body_(open_body) {}

  Expected<void> task(const EntryHeader& header, ByteView body) const;
  Expected<void> allocation(const EntryHeader& header, ByteView body) const;
  Expected<void> attachment(const EntryHeader& header, ByteView body) const;

  // Takes out what entries about the person say that one of the erased keys sealed. They still open.
  Expected<void> forget(const PersonRef& person, std::span<const KeyId> erased) const;

 private:
  Expected<void> put(Index index, ByteView key, ByteView suffix, ByteView value) const;
  Expected<void> erase(Index index, ByteView key, ByteView suffix) const;
  Expected<void> put_holders(const TaskEntry& task, std::uint64_t sequence) const;
  Expected<void> erase_holders(const TaskEntry& task) const;
  Expected<void> forget_task(const TaskId& task, std::span<const KeyId> erased) const;
  Expected<void> forget_allocations(const PersonRef& person, std::span<const KeyId> erased) const;
  Expected<void> forget_attachments(const PersonRef& person, std::span<const KeyId> erased) const;

  const IndexMap& map_;
  KvWrite& kv_;
  const Indexes::OpenBody& open_body_;
};

}  // namespace ginnel
