// SPDX-License-Identifier: Apache-2.0
// The rows of an index whose entries each are about one person and bear the id of what was said: decisions about
// consent, refusals to share, holds and decisions on keeping. For index_apply.cc alone, but for the logical keys, by
// which readers find the rows again.
#pragma once

#include <span>

#include "node/store/index.h"

namespace ginnel {

// Logical keys of such an index: the entries with one id; those about a person.
Bytes statement_key(ByteView id);
Bytes statements_of_key(const PersonRef& person);

class StatementRows {
 public:
  // Of Index::consent, Index::refusal or Index::retention.
  StatementRows(Index index, const IndexMap& map, KvWrite& kv, const Indexes::OpenBody& open_body)
      : index_(index), map_(map), kv_(kv), open_body_(open_body) {}

  Expected<void> add(const EntryHeader& header, ByteView body) const;

  // Takes out those about the person that one of the erased keys sealed. Their entries still open.
  Expected<void> forget(const PersonRef& person, std::span<const KeyId> erased) const;

 private:
  Expected<void> put(ByteView key, ByteView suffix) const;
  Expected<void> erase(ByteView key, ByteView suffix) const;

  Index index_;
  const IndexMap& map_;
  KvWrite& kv_;
  const Indexes::OpenBody& open_body_;
};

}  // namespace ginnel
