// SPDX-License-Identifier: Apache-2.0
#include "node/notices/stored_outbox.h"

#include <algorithm>
#include <utility>

#include "node/store/codec.h"
#include "node/store/row_text.h"

namespace ginnel {
namespace {

constexpr std::uint8_t layout = 1;
constexpr std::string_view peers_row = "peers";

NumberedRows rows_to(const MemberId& peer) { return {SideTable::outbox, "to/" + peer.text()}; }

Bytes id_key(const MemberId& peer, const NoticeId& id) {
  Bytes key = copy_of(view_of("id/" + peer.text() + "/"));
  append(key, id.bytes());
  return key;
}

}  // namespace

Expected<void> StoredOutbox::queue(const MemberId& peer, OutboxRow row) {
  const NumberedRows rows = rows_to(peer);
  auto range = rows.range(*turn_);
  if (!range) return tl::unexpected(range.error());
  row.number = range->end;
  auto known = peers(*turn_);
  if (!known) return tl::unexpected(known.error());
  if (std::find(known->begin(), known->end(), peer) == known->end()) {
    known->push_back(peer);
    RowWriter list(layout);
    list.number(known->size());
    for (const auto& one : *known) list.text(one.text());
    if (auto put = turn_->put_side(SideTable::outbox, view_of(peers_row), list.take()); !put) return put;
  }
  const Bytes number = RowWriter(layout).number(row.number).take();
  if (auto put = turn_->put_side(SideTable::outbox, id_key(peer, row.id), number); !put) return put;
  auto appended = rows.append(*turn_, encode(row));
  return appended ? Expected<void>() : tl::unexpected(appended.error());
}

Expected<std::vector<MemberId>> StoredOutbox::peers(const StoreReader& reader) const {
  auto bytes = reader.side(SideTable::outbox, view_of(peers_row));
  if (!bytes) return tl::unexpected(bytes.error());
  std::vector<MemberId> out;
  if (!*bytes) return out;
  RowReader row(**bytes, layout);
  for (std::uint64_t left = row.number(); left > 0 && row.good(); --left)
    if (auto peer = MemberId::parse(row.text())) out.push_back(std::move(*peer));
  if (!row.at_end()) return fail("index-mismatch", "cannot read who is to be told", "the row has another layout", "");
  return out;
}

Expected<std::vector<OutboxRow>> StoredOutbox::rows(const MemberId& peer, const StoreReader& reader) const {
  const NumberedRows rows = rows_to(peer);
  auto range = rows.range(reader);
  if (!range) return tl::unexpected(range.error());
  std::vector<OutboxRow> out;
  for (std::uint64_t number = 1; number < range->end; ++number) {
    auto bytes = rows.at(reader, number);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes) continue;
    auto row = decode_outbox_row(**bytes);
    if (!row) return tl::unexpected(row.error());
    out.push_back(std::move(*row));
  }
  return out;
}

Expected<Outbox::Range> StoredOutbox::range(const MemberId& peer) {
  auto range = rows_to(peer).range(*turn_);
  if (!range) return tl::unexpected(range.error());
  return Range{range->first, range->end};
}

Expected<std::optional<OutboxRow>> StoredOutbox::row_at(const MemberId& peer, std::uint64_t number) const {
  auto bytes = rows_to(peer).at(*turn_, number);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::optional<OutboxRow>();
  auto row = decode_outbox_row(**bytes);
  if (!row) return tl::unexpected(row.error());
  return std::optional(std::move(*row));
}

Expected<std::optional<Queued>> StoredOutbox::at(const MemberId& peer, std::uint64_t number) {
  auto row = row_at(peer, number);
  if (!row) return tl::unexpected(row.error());
  if (!*row || (*row)->state != Sending::waiting) return std::optional<Queued>();
  return std::optional((*row)->queued());
}

Expected<std::optional<Queued>> StoredOutbox::find(const MemberId& peer, const NoticeId& id) {
  auto bytes = turn_->side(SideTable::outbox, id_key(peer, id));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::optional<Queued>();
  RowReader number(**bytes, layout);
  auto queued = at(peer, number.number());
  if (queued && *queued && (*queued)->id != id)
    return fail("index-mismatch", "cannot find a notice", "its row is another's", "restore it from a backup");
  return queued;
}

Reach StoredOutbox::reach(const MemberId& peer, Instant now) {
  const Standing standing = book_.standing(peer, now);
  if (standing == Standing::revoked || standing == Standing::unknown_member) return Reach::never;
  return is_good(standing) ? Reach::open : Reach::wait;
}

Expected<std::optional<Notice>> StoredOutbox::release(const MemberId& peer, const Queued& queued) {
  auto row = row_at(peer, queued.number);
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<Notice>();
  const Hash told_before = (*row)->told;
  auto notice = release_.make(peer, **row, *turn_);
  if (!notice) return notice;
  if (!*notice) {
    auto ended = end(peer, std::move(**row), Sending::withdrawn);
    return ended ? Expected<std::optional<Notice>>(std::nullopt) : tl::unexpected(ended.error());
  }
  if ((*row)->told != told_before)
    if (auto put = rows_to(peer).put(*turn_, queued.number, encode(**row)); !put) return tl::unexpected(put.error());
  return notice;
}

Expected<void> StoredOutbox::settle(const MemberId& peer, const std::vector<Settled>& settled,
                                    ByteView signed_receipt) {
  // One entry for the receipt, which names ids and no child: what they were about stands in the disclosures.
  Access kept;
  kept.peer = peer;
  kept.attached = copy_of(signed_receipt);
  for (const auto& one : settled) {
    kept.items.push_back(
        {*RecordId::from(one.queued.id.bytes()), Step::none, {}, {}, std::string(name_of(one.outcome)), {}});
    auto row = row_at(peer, one.queued.number);
    if (!row) return tl::unexpected(row.error());
    if (!*row) continue;
    const Sending state = one.outcome == Outcome::taken ? Sending::delivered : Sending::refused;
    if (state == Sending::refused) undelivered_.push_back({peer, **row});
    if (auto ended = end(peer, std::move(**row), state); !ended) return ended;
  }
  auto sequence = turn_->append(EntryKind::receipt, ActorId(), turn_->node_key(), encode(kept));
  return sequence ? Expected<void>() : tl::unexpected(sequence.error());
}

Expected<void> StoredOutbox::give_up(const MemberId& peer, const Queued& queued) {
  auto row = row_at(peer, queued.number);
  if (!row) return tl::unexpected(row.error());
  if (!*row) return {};
  undelivered_.push_back({peer, **row});
  return end(peer, std::move(**row), Sending::given_up);
}

Expected<void> StoredOutbox::end(const MemberId& peer, OutboxRow row, Sending state) {
  const NumberedRows rows = rows_to(peer);
  row.state = state;
  row.settled = turn_->now();
  if (auto put = rows.put(*turn_, row.number, encode(row), turn_->now() + limits::outbox_kept_ms); !put) return put;
  if (auto erased = turn_->erase_side(SideTable::outbox, id_key(peer, row.id)); !erased) return erased;
  auto range = rows.range(*turn_);
  if (!range) return tl::unexpected(range.error());
  // INVARIANT: every row that waits is in the range.
  std::uint64_t first = range->first;
  while (first < range->end) {
    auto next = at(peer, first);
    if (!next) return tl::unexpected(next.error());
    if (*next) break;
    ++first;
  }
  return rows.set_first(*turn_, first);
}

}  // namespace ginnel
