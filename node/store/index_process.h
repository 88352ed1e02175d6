// SPDX-License-Identifier: Apache-2.0
// What the entries about processes put into their index. For index_apply.cc alone, but for the logical keys, by which
// readers find the rows again.
#pragma once

#include <span>

#include "node/store/index.h"

namespace ginnel {

// Logical keys of process: its entries; those about a person; that it has not ended.
Bytes process_key(const ProcessId& process);
Bytes processes_of_key(const PersonRef& person);
Bytes open_process_key(const ProcessId& process);

class ProcessRows {
 public:
  ProcessRows(const IndexMap& map, KvWrite& kv, const Indexes::OpenBody& open_body)
      : map_(map), kv_(kv), open_body_(open_body) {}

  Expected<void> process(const EntryHeader& header, ByteView body) const;

  // Takes out the processes about the person that one of the erased keys sealed. Their entries still open.
  Expected<void> forget(const PersonRef& person, std::span<const KeyId> erased) const;

 private:
  Expected<void> put(ByteView key, ByteView suffix, ByteView value) const;
  Expected<void> erase(ByteView key, ByteView suffix) const;

  const IndexMap& map_;
  KvWrite& kv_;
  const Indexes::OpenBody& open_body_;
};

}  // namespace ginnel
