// SPDX-License-Identifier: Apache-2.0
#include "node/outcomes.h"

namespace ginnel {
namespace {

Bytes row_key(const UserId& user, const OnceKey& once) {
  Bytes key = copy_of(user.bytes());
  append(key, once.key);
  return key;
}

}  // namespace

Expected<std::optional<Bytes>> find_outcome(const StoreReader& reader, const UserId& user, const OnceKey& once) {
  auto row = reader.side(SideTable::idempotency, row_key(user, once));
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  const ByteView bytes = **row;
  if (bytes.size() < once.request.size())
    return fail("bad-outcome", "cannot tell what the first call came to", "its row in the store is cut short", "");
  if (!std::equal(once.request.begin(), once.request.end(), bytes.begin()))
    return fail("idempotency-key-reused", "cannot do this under that idempotency key",
                "the key was sent with another request before", "use a new key for each new request");
  return copy_of(bytes.subspan(once.request.size()));
}

Expected<void> keep_outcome(Turn& turn, const UserId& user, const OnceKey& once, ByteView outcome) {
  Bytes row(once.request.begin(), once.request.end());
  append(row, outcome);
  return turn.put_side(SideTable::idempotency, row_key(user, once), row, turn.now() + limits::outcome_kept_ms);
}

}  // namespace ginnel
