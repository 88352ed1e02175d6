// SPDX-License-Identifier: Apache-2.0
// StoreReader's side of processes: which there are, and which entries tell of one.
#include <algorithm>

#include "node/store/index_process.h"
#include "node/store/store_parts.h"

namespace ginnel {

Expected<std::vector<ProcessId>> StoreReader::open_processes() const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.open_processes(parts_->kv);
}

Expected<std::vector<ProcessId>> StoreReader::processes_of(const PersonRef& person) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto group = parts_->merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::vector<ProcessId> out;
  for (const auto& one : *group) {
    auto found = parts_->store.indexes.processes_of(parts_->kv, one);
    if (!found) return found;
    out.insert(out.end(), found->begin(), found->end());
  }
  std::sort(out.begin(), out.end());
  return out;
}

Expected<std::vector<std::uint64_t>> StoreReader::process_entries(const ProcessId& process) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.sequences(parts_->kv, Index::process, process_key(process));
}

}  // namespace ginnel
