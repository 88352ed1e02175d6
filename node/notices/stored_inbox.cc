// SPDX-License-Identifier: Apache-2.0
#include "node/notices/stored_inbox.h"

#include <algorithm>
#include <utility>

#include "federation/base/crypto/hash.h"
#include "node/process/invitation.h"
#include "node/store/codec.h"
#include "node/store/news.h"
#include "node/store/numbered_rows.h"
#include "node/store/row_text.h"
#include "node/view/part_maker.h"
#include "node/view/withdrawn.h"

namespace ginnel {
namespace {

constexpr std::uint8_t inbox_layout = 1;
constexpr std::string_view acknowledge_prefix = "correction:", invitation_prefix = "invitation:";

Bytes with_id(std::string_view name, ByteView id) {
  Bytes key = copy_of(view_of(name));
  append(key, id);
  return key;
}

Bytes encode_row(const InboxRow& row) {
  return RowWriter(inbox_layout).id(row.id).number(row.entry).id(row.user).take();
}

}  // namespace

NoticeId inbox_id(const MemberId& from, const NoticeId& notice) {
  const Hash hash = sha256({view_of("ginnel inbox id v1"), view_of(from.text()), notice.bytes()});
  return *NoticeId::from(ByteView(hash).first(NoticeId::size));
}

bool takes_back(const Notice& notice) {
  if (notice.kind == progress_news) return false;
  return !notice.replaces.empty() || notice.kind == "correction" || notice.kind == "retraction" ||
         notice.kind == "wrong-child";
}

std::string acknowledge_origin(const NoticeId& item) { return std::string(acknowledge_prefix) + item.hex(); }
bool is_acknowledge_origin(std::string_view origin) { return origin.starts_with(acknowledge_prefix); }

std::string invitation_origin(const NoticeId& first) { return std::string(invitation_prefix) + first.hex(); }

std::optional<NoticeId> invited_by(std::string_view origin) {
  return origin.starts_with(invitation_prefix) ? NoticeId::parse(origin.substr(invitation_prefix.size()))
                                               : std::nullopt;
}

Expected<NoticeId> first_told(Turn& turn, const MemberId& from, const RecordId& record, const NoticeId& item) {
  const Bytes key =
      with_id("first/", sha256({view_of("ginnel inbox record v1"), view_of(from.text()), record.bytes()}));
  auto before = turn.side(SideTable::inbox, key);
  if (!before) return tl::unexpected(before.error());
  if (*before) {
    if (const auto first = NoticeId::from(**before)) return *first;
    return fail("index-mismatch", "cannot read the inbox", "a row has another layout", "");
  }
  if (auto put = turn.put_side(SideTable::inbox, key, item.bytes()); !put) return tl::unexpected(put.error());
  return item;
}

NumberedRows inbox_list(const UserId& user) {
  return {SideTable::inbox, user.empty() ? std::string("all") : "user/" + user.hex()};
}

Expected<InboxRow> decode_inbox_row(ByteView bytes) {
  RowReader row(bytes, inbox_layout);
  InboxRow out{row.id<NoticeId>(), row.number(), row.id<UserId>()};
  if (!row.at_end()) return fail("index-mismatch", "cannot read the inbox", "a row has another layout", "");
  return out;
}

Expected<std::optional<InboxRow>> find_inbox_row(const NoticeId& id, const StoreReader& reader) {
  auto bytes = reader.side(SideTable::inbox, with_id("item/", id.bytes()));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::optional<InboxRow>();
  auto row = decode_inbox_row(**bytes);
  if (!row) return tl::unexpected(row.error());
  return std::optional(*row);
}

Expected<std::optional<Acknowledged>> acknowledged(const NoticeId& id, const StoreReader& reader) {
  auto bytes = reader.side(SideTable::inbox, with_id("ack/", id.bytes()));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::optional<Acknowledged>();
  RowReader row(**bytes, inbox_layout);
  Acknowledged out{row.id<UserId>(), row.text(), row.instant(), row.text()};
  if (!row.at_end()) return fail("index-mismatch", "cannot read the inbox", "a row has another layout", "");
  return std::optional(std::move(out));
}

Expected<void> put_acknowledged(Turn& turn, const NoticeId& id, const Acknowledged& by) {
  return turn.put_side(SideTable::inbox, with_id("ack/", id.bytes()),
                       RowWriter(inbox_layout).id(by.user).text(by.name).instant(by.at).text(by.note).take());
}

// A receipt stands once, however many notices it names.
Expected<std::optional<Bytes>> StoredInbox::stored_receipt(const MemberId& from, const NoticeId& id) {
  auto which = turn_->side(SideTable::inbox, with_id("receipt-of/", inbox_id(from, id).bytes()));
  if (!which) return tl::unexpected(which.error());
  if (!*which) return std::optional<Bytes>();
  auto receipt = turn_->side(SideTable::inbox, with_id("receipt/", **which));
  if (receipt && !*receipt)
    return fail("index-mismatch", "cannot find a receipt", "its row is not there", "restore it from a backup");
  return receipt;
}

Expected<void> StoredInbox::keep(const MemberId& from, const Receipt& receipt, ByteView signed_receipt) {
  const Hash hash = sha256(signed_receipt);
  if (auto put = turn_->put_side(SideTable::inbox, with_id("receipt/", hash), signed_receipt); !put) return put;
  for (const auto& line : receipt.lines) {
    const NoticeId id = inbox_id(from, line.notice);
    if (auto put = turn_->put_side(SideTable::inbox, with_id("receipt-of/", id.bytes()), hash); !put) return put;
  }
  return {};
}

Expected<std::optional<StoredInbox::Exchanged>> StoredInbox::ask_of(const MemberId& from, const Notice& notice) const {
  auto sequences = turn_->entries_of(notice.ask);
  if (!sequences) return tl::unexpected(sequences.error());
  for (auto sequence : *sequences) {
    auto entry = turn_->entry(sequence);
    if (!entry) return tl::unexpected(entry.error());
    const EntryKind wanted = notice.asked_by_sender ? EntryKind::disclosed : EntryKind::asked;
    if (entry->erased || entry->header.kind != wanted) continue;
    auto access = decode_access(entry->body);
    if (!access) return tl::unexpected(access.error());
    // SECURITY: the ask must have been exchanged with the sender itself. Any other member may know its id.
    const bool was_with_sender = notice.asked_by_sender ? access->peer == from && access->notice.empty()
                                                        : ask_id_of(access->view, from) == notice.ask;
    if (!was_with_sender) continue;
    const UserId user = notice.asked_by_sender ? UserId() : *UserId::from(entry->header.actor.bytes());
    return std::optional(Exchanged{std::move(*access), entry->header.data_key, user});
  }
  return std::optional<Exchanged>();
}

Expected<Outcome> StoredInbox::take(const MemberId& from, const Notice& notice) {
  // SECURITY: before anything is looked up, so that what it would have come to shows nowhere.
  if (!budget_.spend(from, takes_back(notice), turn_->now())) {
    ++held_back_;
    return Outcome::later;
  }
  auto exchanged = ask_of(from, notice);
  if (!exchanged) return tl::unexpected(exchanged.error());
  if (!*exchanged || !words_.knows("notice_kind", notice.kind)) return Outcome::refused;
  // Overtaken: what replaces it was taken, because its sender had taken this one out of the queue and a message with it
  // was still on its way. Nothing waits for it, and it is not to come after what replaces it.
  if (!notice.record.empty()) {
    auto replaced = WithdrawnReader(*turn_).find(from, notice.record);
    if (!replaced) return tl::unexpected(replaced.error());
    if (*replaced) return Outcome::refused;
  }
  auto attached = encode_notices({notice});
  if (!attached) return Outcome::refused;
  const Access& ask = (*exchanged)->access;
  Access taken;
  taken.view = notice.asked_by_sender ? ViewId() : ask.view;
  taken.ask = notice.ask;
  taken.notice = notice.id;
  taken.peer = from;
  taken.person = ask.person;
  taken.identity = ask.identity;
  taken.role = ask.role;
  taken.purpose = ask.purpose;
  taken.basis = ask.basis;
  taken.outcome = notice.kind;
  if (notice.step > Step::none)
    taken.items.push_back({notice.record,
                           notice.step,
                           notice.category,
                           {},
                           notice.reason,
                           notice.item ? item_hash(*notice.item) : Hash{}});
  taken.attached = std::move(*attached);
  ToDo item{inbox_id(from, notice.id), from, taken.person, taken.view, (*exchanged)->user, {}, {}};
  if (notice.item) {
    auto seen = see_(from, taken.person, *notice.item, *turn_);
    if (!seen) return tl::unexpected(seen.error());
    if (!*seen) return Outcome::later;
  }
  auto sequence = turn_->append(EntryKind::notice, ActorId(), (*exchanged)->key, std::move(taken));
  if (!sequence) return tl::unexpected(sequence.error());
  if (!notice.replaces.empty())
    if (auto put = put_withdrawn(*turn_, from, notice.replaces, {turn_->now(), notice.kind, notice.reason}); !put)
      return tl::unexpected(put.error());
  if (auto listed = list({item.item, *sequence, item.user}); !listed) return tl::unexpected(listed.error());
  if (!takes_back(notice) && notice.item && notice.item->kind == invitation_kind) {
    item.invitation = notice.item->record;
    const auto says = invitation_of(notice.item->kind, notice.item->headline, notice.item->fields);
    if (says) item.due = says->due;
  }
  if (takes_back(notice) || !item.invitation.empty()) to_do_.push_back(std::move(item));
  return Outcome::taken;
}

Expected<void> StoredInbox::note_undelivered(const MemberId& peer, const NoticeId& notice, Access access) {
  auto key = turn_->person_key(access.person);
  // Erased since: nobody is left to be told of, and who was not told stands in the outbox.
  if (!key && key.error().code == "no-person") return {};
  if (!key) return tl::unexpected(key.error());
  auto sequence = turn_->append(EntryKind::notice, ActorId(), *key, std::move(access));
  if (!sequence) return tl::unexpected(sequence.error());
  return list({inbox_id(peer, notice), *sequence, UserId()});
}

Expected<void> StoredInbox::list(const InboxRow& row) {
  const Bytes bytes = encode_row(row);
  if (auto put = turn_->put_side(SideTable::inbox, with_id("item/", row.id.bytes()), bytes); !put) return put;
  for (const UserId& user : std::set<UserId>{UserId(), row.user}) {
    auto appended = inbox_list(user).append(*turn_, bytes);
    if (!appended) return tl::unexpected(appended.error());
    changed_.insert(user);
  }
  return {};
}

}  // namespace ginnel
