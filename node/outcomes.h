// SPDX-License-Identifier: Apache-2.0
// What calls with an idempotency key came to, kept in the commit of their effect: whoever sends again is told the same,
// and nothing happens twice, also after a crash between the commit and the answer.
//
// Kept are ids and marks, never what an answer shows: that is read and decided again. Errors are not kept: they changed
// nothing. A key is its user's own and is kept for a day.
//
// Thread: the loop. Failure: `idempotency-key-reused` if the key came with another request, and the store's own.
#pragma once

#include <cstdint>
#include <optional>

#include "federation/base/error.h"
#include "federation/base/id.h"
#include "node/caller.h"
#include "node/notices/inbox_view.h"
#include "node/store/store.h"
#include "node/view/attachment.h"
#include "node/work/work_view.h"

namespace ginnel {

namespace limits {
inline constexpr std::int64_t outcome_kept_ms = 24 * hour_ms;
}  // namespace limits

// Nothing: the key is new.
Expected<std::optional<Bytes>> find_outcome(const StoreReader& reader, const UserId& user, const OnceKey& once);
Expected<void> keep_outcome(Turn& turn, const UserId& user, const OnceKey& once, ByteView outcome);

// An outcome as bytes. A call whose result is neither says here what of it is kept.
inline Bytes outcome_bytes(bool done) { return {std::uint8_t(done ? 1 : 0)}; }
inline Bytes outcome_bytes(std::uint64_t number) {
  Bytes out(sizeof(number));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::uint8_t(number >> (8 * i));
  return out;
}
template <class Tag>
Bytes outcome_bytes(const Id<Tag>& id) {
  return copy_of(id.bytes());
}

// Of a hand-over: how much there was. Of a file: by what it is found; the rest the sender knows.
inline Bytes outcome_bytes(const HandedOver& handed) {
  Bytes out;
  put_u64(out, handed.tasks);
  put_u64(out, handed.allocations);
  return out;
}
inline Bytes outcome_bytes(const KeptAttachment& kept) {
  Bytes out = copy_of(kept.id.bytes());
  append(out, kept.record.bytes());
  return out;
}
// Of a correction: what takes the item's place, and how many will be told.
inline Bytes outcome_bytes(const CorrectionMade& made) {
  Bytes out = copy_of(made.item.bytes());
  put_u64(out, made.told);
  return out;
}

inline std::optional<HandedOver> read_outcome(ByteView bytes, const HandedOver*) {
  const auto tasks = read_u64(bytes, 0), allocations = read_u64(bytes, 8);
  if (!tasks || !allocations || bytes.size() != 16) return std::nullopt;
  return HandedOver{std::size_t(*tasks), std::size_t(*allocations)};
}

inline std::optional<KeptAttachment> read_outcome(ByteView bytes, const KeptAttachment*) {
  if (bytes.size() != AttachmentId::size + RecordId::size) return std::nullopt;
  return KeptAttachment{
      *AttachmentId::from(bytes.first(AttachmentId::size)), *RecordId::from(bytes.last(RecordId::size)), {}};
}

inline std::optional<CorrectionMade> read_outcome(ByteView bytes, const CorrectionMade*) {
  if (bytes.size() != RecordId::size + 8) return std::nullopt;
  return CorrectionMade{*RecordId::from(bytes.first(RecordId::size)), std::size_t(*read_u64(bytes, RecordId::size))};
}

inline std::optional<bool> read_outcome(ByteView bytes, const bool*) {
  if (bytes.size() != 1 || bytes[0] > 1) return std::nullopt;
  return bytes[0] == 1;
}
inline std::optional<std::uint64_t> read_outcome(ByteView bytes, const std::uint64_t*) {
  std::uint64_t number = 0;
  if (bytes.size() != sizeof(number)) return std::nullopt;
  for (std::size_t i = 0; i < bytes.size(); ++i) number |= std::uint64_t(bytes[i]) << (8 * i);
  return number;
}
template <class Tag>
std::optional<Id<Tag>> read_outcome(ByteView bytes, const Id<Tag>*) {
  return Id<Tag>::from(bytes);
}

}  // namespace ginnel
