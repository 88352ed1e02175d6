// SPDX-License-Identifier: Apache-2.0
#include "node/store/index_work.h"

#include <algorithm>

#include "node/store/codec.h"
#include "node/store/index_rows.h"

namespace ginnel {

using namespace index_rows;

namespace {

bool is_among(std::span<const KeyId> keys, const KeyId& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace

Bytes task_holder_key(const TaskHolder& holder, bool active) {
  const bool is_user = !holder.user.empty();
  return tagged(active ? 'a' : 'c', tagged(is_user ? 'u' : 'r', is_user ? holder.user.bytes() : view_of(holder.role)));
}
Bytes allocated_person_key(const PersonRef& person) { return tagged('p', person.bytes()); }
Bytes allocated_worker_key(const UserId& worker) { return tagged('w', worker.bytes()); }
Bytes allocation_key(const AllocationId& allocation) { return tagged('i', allocation.bytes()); }
Bytes attachment_key(const AttachmentId& attachment) { return tagged('a', attachment.bytes()); }
Bytes attachments_of_key(const PersonRef& person) { return tagged('p', person.bytes()); }

Expected<void> WorkRows::put(Index index, ByteView key, ByteView suffix, ByteView value) const {
  return map_.put(kv_, map_id(index), map_.mac(map_id(index), key), suffix, value);
}
Expected<void> WorkRows::erase(Index index, ByteView key, ByteView suffix) const {
  return map_.erase(kv_, map_id(index), map_.mac(map_id(index), key), suffix);
}

Expected<void> WorkRows::put_holders(const TaskEntry& task, std::uint64_t sequence) const {
  for (const auto& holder : task.holders)
    if (auto done = put(Index::task_holder, task_holder_key(holder, is_active(task.state)), task.task.bytes(),
                        sequence_bytes(sequence));
        !done)
      return done;
  return {};
}

Expected<void> WorkRows::erase_holders(const TaskEntry& task) const {
  for (const auto& holder : task.holders)
    if (auto done = erase(Index::task_holder, task_holder_key(holder, is_active(task.state)), task.task.bytes()); !done)
      return done;
  return {};
}

Expected<void> WorkRows::task(const EntryHeader& header, ByteView body) const {
  auto task = decode_task(body);
  if (!task) return tl::unexpected(task.error());
  const ByteView id = task->task.bytes();
  const Bytes sequence = sequence_bytes(header.sequence);
  auto before = map_.peek(kv_, map_id(Index::task_active), map_.mac(map_id(Index::task_active), id), id);
  if (!before) return tl::unexpected(before.error());
  if (*before) {
    const auto at = read_u64(**before, 0);
    if (!at) return mismatch("a task's row is damaged");
    auto earlier_body = open_body_(*at, nullptr);
    if (!earlier_body) return tl::unexpected(earlier_body.error());
    auto earlier = decode_task(*earlier_body);
    if (!earlier) return tl::unexpected(earlier.error());
    if (auto done = erase_holders(*earlier); !done) return done;
  } else if (!task->origin.empty()) {
    if (auto done = put(Index::task_origin, view_of(task->origin), id, sequence); !done) return done;
  }
  auto done = put(Index::task, id, sequence, {});
  if (done) done = put_holders(*task, header.sequence);
  if (done && !task->person.empty()) done = put(Index::task_person, task->person.bytes(), id, sequence);
  if (done)
    done = is_active(task->state) ? put(Index::task_active, id, id, sequence) : erase(Index::task_active, id, id);
  return done;
}

Expected<void> WorkRows::allocation(const EntryHeader& header, ByteView body) const {
  auto allocation = decode_allocation(body);
  if (!allocation) return tl::unexpected(allocation.error());
  const Bytes sequence = sequence_bytes(header.sequence);
  const ByteView id = allocation->allocation.bytes();
  if (auto done = put(Index::allocation, allocated_person_key(allocation->person), sequence, id); !done) return done;
  if (auto done = put(Index::allocation, allocation_key(allocation->allocation), sequence, id); !done) return done;
  return put(Index::allocation, allocated_worker_key(allocation->worker), sequence, id);
}

Expected<void> WorkRows::attachment(const EntryHeader& header, ByteView body) const {
  auto kept = decode_attachment_kept(body);
  if (!kept) return tl::unexpected(kept.error());
  const Bytes sequence = sequence_bytes(header.sequence);
  if (auto done = put(Index::attachment, attachment_key(kept->attachment), sequence, {}); !done) return done;
  for (const auto& person : kept->people)
    if (auto done = put(Index::attachment, attachments_of_key(person), sequence, {}); !done) return done;
  return {};
}

Expected<void> WorkRows::forget(const PersonRef& person, std::span<const KeyId> erased) const {
  auto tasks = suffixes(map_, kv_, Index::task_person, person.bytes(), TaskId::size);
  if (!tasks) return tl::unexpected(tasks.error());
  for (const auto& id : *tasks)
    if (auto done = forget_task(*TaskId::from(id), erased); !done) return done;
  if (auto done = forget_allocations(person, erased); !done) return done;
  return forget_attachments(person, erased);
}

// All entries of a task are sealed alike, so it goes whole or not at all.
Expected<void> WorkRows::forget_task(const TaskId& id, std::span<const KeyId> erased) const {
  auto sequences = suffixes(map_, kv_, Index::task, id.bytes());
  if (!sequences) return tl::unexpected(sequences.error());
  if (sequences->empty()) return mismatch("a task has no entry");
  EntryHeader header;
  auto body = open_body_(*read_u64(sequences->back(), 0), &header);
  if (!body) return tl::unexpected(body.error());
  if (!is_among(erased, header.data_key)) return {};
  auto task = decode_task(*body);
  if (!task) return tl::unexpected(task.error());
  auto done = erase_holders(*task);
  if (done) done = erase(Index::task_active, id.bytes(), id.bytes());
  if (done) done = erase(Index::task_person, task->person.bytes(), id.bytes());
  if (done && !task->origin.empty()) done = erase(Index::task_origin, view_of(task->origin), id.bytes());
  for (const auto& sequence : *sequences)
    if (done) done = erase(Index::task, id.bytes(), sequence);
  return done;
}

Expected<void> WorkRows::forget_allocations(const PersonRef& person, std::span<const KeyId> erased) const {
  auto sequences = suffixes(map_, kv_, Index::allocation, allocated_person_key(person));
  if (!sequences) return tl::unexpected(sequences.error());
  for (const auto& sequence : *sequences) {
    EntryHeader header;
    auto body = open_body_(*read_u64(sequence, 0), &header);
    if (!body) return tl::unexpected(body.error());
    if (!is_among(erased, header.data_key)) continue;
    auto allocation = decode_allocation(*body);
    if (!allocation) return tl::unexpected(allocation.error());
    auto done = erase(Index::allocation, allocated_person_key(person), sequence);
    if (done) done = erase(Index::allocation, allocated_worker_key(allocation->worker), sequence);
    if (done) done = erase(Index::allocation, allocation_key(allocation->allocation), sequence);
    if (!done) return done;
  }
  return {};
}

Expected<void> WorkRows::forget_attachments(const PersonRef& person, std::span<const KeyId> erased) const {
  auto sequences = suffixes(map_, kv_, Index::attachment, attachments_of_key(person));
  if (!sequences) return tl::unexpected(sequences.error());
  for (const auto& sequence : *sequences) {
    EntryHeader header;
    auto body = open_body_(*read_u64(sequence, 0), &header);
    if (!body) return tl::unexpected(body.error());
    if (!is_among(erased, header.data_key)) continue;
    auto kept = decode_attachment_kept(*body);
    if (!kept) return tl::unexpected(kept.error());
    auto done = erase(Index::attachment, attachment_key(kept->attachment), sequence);
    for (const auto& other : kept->people)
      if (done) done = erase(Index::attachment, attachments_of_key(other), sequence);
    if (!done) return done;
  }
  return {};
}

namespace {

Expected<TaskRow> task_row(ByteView suffix, ByteView value) {
  const auto task = TaskId::from(suffix);
  const auto sequence = read_u64(value, 0);
  if (!task || !sequence || value.size() != 8) return mismatch("a row is not of its index");
  return TaskRow{*task, *sequence};
}

}  // namespace

Expected<std::vector<TaskRow>> Indexes::tasks(const KvRead& kv, Index index, ByteView key) const {
  auto rows = map_.find(kv, map_id(index), map_.mac(map_id(index), key));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<TaskRow> out;
  for (const auto& row : *rows) {
    auto task = task_row(row.suffix, row.value);
    if (!task) return tl::unexpected(task.error());
    out.push_back(*task);
  }
  return out;
}

Expected<std::vector<TaskRow>> Indexes::active_tasks(const KvRead& kv) const {
  std::vector<TaskRow> out;
  Expected<TaskRow> row = TaskRow();
  auto read = map_.for_each(kv, map_id(Index::task_active), [&](ByteView key, ByteView value) {
    row = key.size() > TaskId::size ? task_row(key.last(TaskId::size), value) : mismatch("a row is not of its index");
    if (row) out.push_back(*row);
    return row.has_value();
  });
  if (!read) return tl::unexpected(read.error());
  if (!row) return tl::unexpected(row.error());
  return out;
}

}  // namespace ginnel
