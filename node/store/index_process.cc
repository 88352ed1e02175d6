// SPDX-License-Identifier: Apache-2.0
#include "node/store/index_process.h"

#include <algorithm>

#include "node/store/codec.h"
#include "node/store/index_rows.h"

namespace ginnel {

using namespace index_rows;

namespace {

// The rows of a process that has not ended, among those of the index: no other value has this length.
constexpr std::size_t open_row_bytes = 1;

}  // namespace

Bytes process_key(const ProcessId& process) { return tagged('i', process.bytes()); }
Bytes processes_of_key(const PersonRef& person) { return tagged('p', person.bytes()); }
Bytes open_process_key(const ProcessId& process) { return tagged('o', process.bytes()); }

Expected<void> ProcessRows::put(ByteView key, ByteView suffix, ByteView value) const {
  return map_.put(kv_, map_id(Index::process), map_.mac(map_id(Index::process), key), suffix, value);
}
Expected<void> ProcessRows::erase(ByteView key, ByteView suffix) const {
  return map_.erase(kv_, map_id(Index::process), map_.mac(map_id(Index::process), key), suffix);
}

Expected<void> ProcessRows::process(const EntryHeader& header, ByteView body) const {
  auto entry = decode_process_entry(body);
  if (!entry) return tl::unexpected(entry.error());
  const ByteView id = entry->process.bytes();
  auto done = put(process_key(entry->process), sequence_bytes(header.sequence), {});
  if (done && std::holds_alternative<ProcessStarted>(entry->record.what)) {
    done = put(processes_of_key(entry->person), id, {});
    if (done) done = put(open_process_key(entry->process), id, Bytes(open_row_bytes, 1));
  }
  if (done && std::holds_alternative<ProcessEnded>(entry->record.what))
    done = erase(open_process_key(entry->process), id);
  return done;
}

// All entries of a process are sealed alike, so it goes whole or not at all.
Expected<void> ProcessRows::forget(const PersonRef& person, std::span<const KeyId> erased) const {
  auto processes = suffixes(map_, kv_, Index::process, processes_of_key(person), ProcessId::size);
  if (!processes) return tl::unexpected(processes.error());
  for (const auto& id : *processes) {
    const auto process = *ProcessId::from(id);
    auto sequences = suffixes(map_, kv_, Index::process, process_key(process));
    if (!sequences) return tl::unexpected(sequences.error());
    if (sequences->empty()) return mismatch("a process has no entry");
    EntryHeader header;
    auto body = open_body_(*read_u64(sequences->back(), 0), &header);
    if (!body) return tl::unexpected(body.error());
    if (std::find(erased.begin(), erased.end(), header.data_key) == erased.end()) continue;
    auto done = erase(open_process_key(process), id);
    if (done) done = erase(processes_of_key(person), id);
    for (const auto& sequence : *sequences)
      if (done) done = erase(process_key(process), sequence);
    if (!done) return done;
  }
  return {};
}

Expected<std::vector<ProcessId>> Indexes::processes_of(const KvRead& kv, const PersonRef& person) const {
  auto rows = map_.find(kv, map_id(Index::process), map_.mac(map_id(Index::process), processes_of_key(person)));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<ProcessId> out;
  for (const auto& row : *rows) {
    const auto process = ProcessId::from(row.suffix);
    if (!process) return mismatch("a row is not of its index");
    out.push_back(*process);
  }
  return out;
}

Expected<std::vector<ProcessId>> Indexes::open_processes(const KvRead& kv) const {
  std::vector<ProcessId> out;
  bool is_good = true;
  auto read = map_.for_each(kv, map_id(Index::process), [&](ByteView key, ByteView value) {
    if (value.size() != open_row_bytes) return true;
    const auto process = key.size() > ProcessId::size ? ProcessId::from(key.last(ProcessId::size)) : std::nullopt;
    is_good = process.has_value();
    if (is_good) out.push_back(*process);
    return is_good;
  });
  if (!read) return tl::unexpected(read.error());
  if (!is_good) return mismatch("a row is not of its index");
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace ginnel
