// SPDX-License-Identifier: Apache-2.0
// What the entries about refusals to share put into their index. For index_apply.cc alone, but for the logical keys, by
// which readers find the rows again.
#pragma once

#include <span>

#include "node/store/index.h"
#include "node/store/refusal_entry.h"

namespace ginnel {

// Logical keys of refusal: the entries of one decision; those about a person.
Bytes refusal_key(const RefusalId& refusal);
Bytes refusals_of_key(const PersonRef& person);

class RefusalRows {
 public:
  RefusalRows(const IndexMap& map, KvWrite& kv, const Indexes::OpenBody& open_body)
      : map_(map), kv_(kv), open_body_(open_body) {}

  Expected<void> refusal(const EntryHeader& header, ByteView body) const;

  // Takes out the decisions about the person that one of the erased keys sealed. Their entries still open.
  Expected<void> forget(const PersonRef& person, std::span<const KeyId> erased) const;

 private:
  Expected<void> put(ByteView key, ByteView suffix) const;
  Expected<void> erase(ByteView key, ByteView suffix) const;

  const IndexMap& map_;
  KvWrite& kv_;
  const Indexes::OpenBody& open_body_;
};

}  // namespace ginnel
