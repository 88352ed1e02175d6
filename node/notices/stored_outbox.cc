// SPDX-License-Identifier: Apache-2.0
#include "node/notices/stored_outbox.h"

#include <algorithm>
#include <utility>

#include "node/store/codec.h"
#include "node/store/row_text.h"

namespace ginnel {
namespace {

constexpr std::uint8_t outbox_layout = 1;
constexpr std::string_view peers_row = "peers";

Bytes id_key(const MemberId& peer, const NoticeId& id) {
  Bytes key = copy_of(view_of("id/" + peer.text() + "/"));
  append(key, id.bytes());
  return key;
}

}  // namespace

NumberedRows outbox_list(const MemberId& peer) { return {SideTable::outbox, "to/" + peer.text()}; }
NumberedRows outbox_list_by(const UserId& user) { return {SideTable::outbox, "by/" + user.hex()}; }

Expected<OutboxPlace> outbox_place(ByteView bytes) {
  RowReader row(bytes, outbox_layout);
  auto peer = MemberId::parse(row.text());
  const std::uint64_t number = row.number();
  if (!row.at_end() || !peer)
    return fail("index-mismatch", "cannot read what somebody told", "the row has another layout", "");
  return OutboxPlace{std::move(*peer), number};
}

Expected<std::optional<OutboxRow>> outbox_row(const OutboxPlace& place, const StoreReader& reader) {
  auto bytes = outbox_list(place.peer).at(reader, place.number);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::optional<OutboxRow>();
  auto row = decode_outbox_row(**bytes);
  if (!row) return tl::unexpected(row.error());
  return std::optional(std::move(*row));
}

Expected<std::optional<OutboxPlace>> find_outbox_place(const MemberId& peer, const NoticeId& id,
                                                       const StoreReader& reader) {
  auto bytes = reader.side(SideTable::outbox, id_key(peer, id));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::optional<OutboxPlace>();
  RowReader row(**bytes, outbox_layout);
  const OutboxPlace place{peer, row.number()};
  if (!row.at_end()) return fail("index-mismatch", "cannot find a notice", "its row has another layout", "");
  return std::optional(place);
}

Expected<void> StoredOutbox::queue(const MemberId& peer, OutboxRow row) {
  const NumberedRows rows = outbox_list(peer);
  auto range = rows.range(*turn_);
  if (!range) return tl::unexpected(range.error());
  row.number = range->end;
  auto known = outbox_peers(*turn_);
  if (!known) return tl::unexpected(known.error());
  if (std::find(known->begin(), known->end(), peer) == known->end()) {
    known->push_back(peer);
    RowWriter list(outbox_layout);
    list.number(known->size());
    for (const auto& one : *known) list.text(one.text());
    if (auto put = turn_->put_side(SideTable::outbox, view_of(peers_row), list.take()); !put) return put;
  }
  const Bytes number = RowWriter(outbox_layout).number(row.number).take();
  if (auto put = turn_->put_side(SideTable::outbox, id_key(peer, row.id), number); !put) return put;
  auto appended = rows.append(*turn_, encode(row));
  if (!appended) return tl::unexpected(appended.error());
  if (row.by.empty()) return {};
  auto listed =
      outbox_list_by(row.by).append(*turn_, RowWriter(outbox_layout).text(peer.text()).number(row.number).take());
  return listed ? Expected<void>() : tl::unexpected(listed.error());
}

Expected<std::vector<MemberId>> outbox_peers(const StoreReader& reader) {
  auto bytes = reader.side(SideTable::outbox, view_of(peers_row));
  if (!bytes) return tl::unexpected(bytes.error());
  std::vector<MemberId> out;
  if (!*bytes) return out;
  RowReader row(**bytes, outbox_layout);
  for (std::uint64_t left = row.number(); left > 0 && row.good(); --left)
    if (auto peer = MemberId::parse(row.text())) out.push_back(std::move(*peer));
  if (!row.at_end()) return fail("index-mismatch", "cannot read who is to be told", "the row has another layout", "");
  return out;
}

Expected<Outbox::Range> StoredOutbox::range(const MemberId& peer) {
  auto range = outbox_list(peer).range(*turn_);
  if (!range) return tl::unexpected(range.error());
  return Range{range->first, range->end};
}

Expected<std::optional<Queued>> StoredOutbox::at(const MemberId& peer, std::uint64_t number) {
  auto row = row_at(peer, number);
  if (!row) return tl::unexpected(row.error());
  if (!*row || (*row)->state != Sending::waiting) return std::optional<Queued>();
  Queued queued = (*row)->queued();
  // Whoever was joined with another since is one child with them: what is told of both keeps its order.
  auto together = turn_->merged_with((*row)->person);
  if (!together && together.error().code != "no-person") return tl::unexpected(together.error());
  if (together) queued.child = child_mark(together->front());
  return std::optional(queued);
}

Expected<std::optional<Queued>> StoredOutbox::find(const MemberId& peer, const NoticeId& id) {
  auto place = find_outbox_place(peer, id, *turn_);
  if (!place) return tl::unexpected(place.error());
  if (!*place) return std::optional<Queued>();
  auto queued = at(peer, (*place)->number);
  if (queued && *queued && (*queued)->id != id)
    return fail("index-mismatch", "cannot find a notice", "its row is another's", "restore it from a backup");
  return queued;
}

Reach StoredOutbox::reach(const MemberId& peer, Instant now) {
  const Standing standing = book_.standing(peer, now);
  if (standing == Standing::revoked || standing == Standing::unknown_member) return Reach::never;
  return is_good(standing) && !in_shadow_ ? Reach::open : Reach::wait;
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
    if (auto put = outbox_list(peer).put(*turn_, queued.number, encode(**row)); !put)
      return tl::unexpected(put.error());
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
  const NumberedRows rows = outbox_list(peer);
  row.state = state;
  row.settled = turn_->now();
  const Instant kept_until = turn_->now() + limits::outbox_kept_ms;
  if (auto put = rows.put(*turn_, row.number, encode(row), kept_until); !put) return put;
  const Bytes number = RowWriter(outbox_layout).number(row.number).take();
  if (auto put = turn_->put_side(SideTable::outbox, id_key(peer, row.id), number, kept_until); !put) return put;
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
