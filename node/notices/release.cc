// SPDX-License-Identifier: Apache-2.0
#include "node/notices/release.h"

#include <algorithm>

#include "federation/base/crypto/hash.h"
#include "node/notices/involved.h"
#include "node/store/codec.h"
#include "node/view/peer_ask.h"

namespace ginnel {
namespace {

// To whom never knew more than that there was something. Why it was taken back may say what it was.
constexpr const char* counted_reason =
    "what you were told exists, and no more than that, holds no longer; ask again for what there is now";

constexpr const char* too_long_reason = "its text is too long for a notice: open a case view, or ring them";

// What is disclosed, so that a notice that leaves again unchanged is disclosed once.
Hash told_hash(const Notice& notice, const Hash& item) {
  Bytes bytes = copy_of(item);
  bytes.push_back(1 + std::uint8_t(notice.step));
  append(bytes, notice.replaces.bytes());
  append(bytes, view_of(notice.category));
  return sha256(bytes);
}

// A notice that fits no message could never leave, and would hold up all later ones about its child. It tells the one
// line of what happened, and that there is more.
void shorten(Notice& notice) {
  if (!notice.item || notice_bytes_at_most(notice) <= limits::notice_message_bytes_max) return;
  notice.step = notice.item->step = std::min(notice.step, Step::headline);
  notice.item->narrative.clear();
  notice.item->fields.clear();
  notice.item->attachments.clear();
  notice.reason = too_long_reason;
}

}  // namespace

// Nothing: the ask is gone, erased with whom it was about.
Expected<std::optional<PartAsk>> Release::claims_of(const MemberId& peer, const OutboxRow& row,
                                                    const Turn& turn) const {
  auto sequences = turn.entries_of(row.ask);
  if (!sequences) return tl::unexpected(sequences.error());
  for (auto sequence : *sequences) {
    auto entry = turn.entry(sequence);
    if (!entry) return tl::unexpected(entry.error());
    const EntryKind wanted = row.asked_by_us ? EntryKind::asked : EntryKind::disclosed;
    if (entry->erased || entry->header.kind != wanted) continue;
    auto access = decode_access(entry->body);
    if (!access) return tl::unexpected(access.error());
    const bool is_the_ask = row.asked_by_us || (access->peer == peer && access->notice.empty());
    if (!is_the_ask) continue;
    auto ask = decode_ask(access->attached);
    if (!ask) continue;
    if (!row.asked_by_us) return std::optional(part_ask_of(peer, *ask, book_, turn.now()));
    // SECURITY: who was asked claimed nothing. They are told what a first, unproven ask of theirs would be: the words
    // are those of the interest period, and nothing of our own ask's claims counts for them.
    const Word* interest = interest_of(gate_.bundle().vocabulary, access->purpose);
    if (interest == nullptr) return std::optional<PartAsk>();
    Ask theirs;
    theirs.id = row.ask;
    theirs.about = ask->about;
    theirs.claims.role = interest->told_role;
    theirs.claims.purpose = interest->told_purpose;
    theirs.claims.basis = interest->told_basis;
    PartAsk part = part_ask_of(peer, theirs, book_, turn.now());
    part.access.view = access->view;
    part.access.worker.clear();
    return std::optional(std::move(part));
  }
  return std::optional<PartAsk>();
}

Expected<std::optional<Notice>> Release::make(const MemberId& peer, OutboxRow& row, Turn& turn) const {
  auto claims = claims_of(peer, row, turn);
  if (!claims) return tl::unexpected(claims.error());
  if (!*claims) return std::optional<Notice>();
  PartAsk& ask = **claims;
  ask.access.notice = row.id;
  if (!is_good(book_.standing(peer, ask.asking.purpose, turn.now())))
    return fail("not-in-standing", "cannot tell the member now", "it may not be served for this purpose now", "");

  Notice notice;
  notice.id = row.id;
  notice.number = row.number;
  notice.ask = row.ask;
  notice.asked_by_sender = row.asked_by_us;
  notice.kind = row.kind;
  notice.at = row.since;
  if (!row.was_only_counted) notice.replaces = row.replaces;
  notice.contact = duty_;
  Hash item{};
  if (!row.record.empty()) {
    auto told = parts_.tell(ask, row.person, row.record, turn);
    if (!told) return tl::unexpected(told.error());
    if (*told && (*told)->step > Step::none) {
      notice.step = (*told)->step;
      notice.category = (*told)->category;
      notice.reason = (*told)->reason;
      notice.markings = std::move((*told)->markings);
      notice.item = std::move((*told)->item);
      if (notice.item) notice.record = row.record;
      shorten(notice);
      if (notice.item) item = item_hash(*notice.item);
    }
  }
  if (notice.step == Step::none && row.replaces.empty()) return std::optional<Notice>();
  if (notice.step == Step::none && row.was_only_counted) {
    notice.category = row.counted_as;
    notice.reason = counted_reason;
  }
  // What was told before is known to hold no longer, whatever may be told of what takes its place.
  if (notice.step < Step::headline && !notice.replaces.empty() && notice.reason.empty()) notice.reason = row.reason;

  const Hash told = told_hash(notice, item);
  if (told == row.told) return std::optional(std::move(notice));
  Access disclosed = ask.access;
  disclosed.person = row.person;
  disclosed.role = ask.asking.role;
  disclosed.purpose = ask.asking.purpose;
  disclosed.basis = ask.asking.basis;
  disclosed.bundle = gate_.bundle().ref_text();
  disclosed.outcome = row.kind;
  if (notice.step > Step::none)
    disclosed.items.push_back({notice.record, notice.step, notice.category, {}, notice.reason, item});
  if (!row.replaces.empty()) {
    const std::string why = row.was_only_counted ? std::string(counted_reason) : row.reason;
    disclosed.items.push_back({row.replaces, Step::none, row.counted_as, {}, why, {}});
  }
  auto key = turn.person_key(row.person);
  if (!key && key.error().code == "no-person") return std::optional<Notice>();
  if (!key) return tl::unexpected(key.error());
  auto sequence = turn.append(EntryKind::disclosed, ActorId(), *key, std::move(disclosed));
  if (!sequence) return tl::unexpected(sequence.error());
  row.told = told;
  return std::optional(std::move(notice));
}

}  // namespace ginnel
