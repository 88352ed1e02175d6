// SPDX-License-Identifier: Apache-2.0
// StoreReader's side of work: which entries tell of a task, an allocation or an attachment.
#include <algorithm>
#include <set>

#include "node/store/index_work.h"
#include "node/store/store_parts.h"

namespace ginnel {
namespace {

Expected<std::vector<std::uint64_t>> newest_of(Expected<std::vector<TaskRow>> rows) {
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::uint64_t> out;
  for (const auto& row : *rows) out.push_back(row.sequence);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Expected<std::vector<std::uint64_t>> StoreReader::active_tasks() const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return newest_of(parts_->store.indexes.active_tasks(parts_->kv));
}

Expected<std::vector<std::uint64_t>> StoreReader::tasks_of(const TaskHolder& holder, bool active) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return newest_of(parts_->store.indexes.tasks(parts_->kv, Index::task_holder, task_holder_key(holder, active)));
}

Expected<std::vector<std::uint64_t>> StoreReader::tasks_about(const PersonRef& person) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto group = parts_->merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::vector<std::uint64_t> out;
  for (const auto& one : *group) {
    auto found = newest_of(parts_->store.indexes.tasks(parts_->kv, Index::task_person, one.bytes()));
    if (!found) return found;
    out.insert(out.end(), found->begin(), found->end());
  }
  std::sort(out.begin(), out.end());
  return out;
}

Expected<std::optional<std::uint64_t>> StoreReader::task_from(std::string_view origin) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto rows = parts_->store.indexes.tasks(parts_->kv, Index::task_origin, view_of(origin));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::optional<std::uint64_t>();
  auto last = std::max_element(rows->begin(), rows->end(),
                               [](const TaskRow& a, const TaskRow& b) { return a.sequence < b.sequence; });
  auto history = task_history(last->task);
  if (!history) return tl::unexpected(history.error());
  if (history->empty())
    return fail("index-mismatch", "cannot find a task", "its origin names one that is not there",
                "run `ginnel store rebuild`");
  return std::optional(history->back());
}

Expected<std::vector<std::uint64_t>> StoreReader::task_history(const TaskId& task) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.sequences(parts_->kv, Index::task, task.bytes());
}

Expected<std::vector<std::uint64_t>> StoreReader::allocations_of(const PersonRef& person) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto group = parts_->merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::set<std::uint64_t> all;
  for (const auto& one : *group) {
    auto found = parts_->store.indexes.sequences(parts_->kv, Index::allocation, allocated_person_key(one));
    if (!found) return found;
    all.insert(found->begin(), found->end());
  }
  return std::vector<std::uint64_t>(all.begin(), all.end());
}

Expected<std::vector<std::uint64_t>> StoreReader::allocations_to(const UserId& worker) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.sequences(parts_->kv, Index::allocation, allocated_worker_key(worker));
}

Expected<std::vector<std::uint64_t>> StoreReader::allocation_history(const AllocationId& allocation) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.sequences(parts_->kv, Index::allocation, allocation_key(allocation));
}

Expected<std::vector<std::uint64_t>> StoreReader::attachments(const AttachmentId& attachment) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.sequences(parts_->kv, Index::attachment, attachment_key(attachment));
}

}  // namespace ginnel
