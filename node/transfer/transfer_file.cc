// SPDX-License-Identifier: Apache-2.0
#include "node/transfer/transfer_file.h"

#include <algorithm>
#include <set>

#include "federation/base/crypto/hash.h"
#include "node/gate/recorded.h"
#include "node/process/invitation.h"
#include "node/process/overview.h"
#include "node/store/codec.h"
#include "node/view/peer_ask.h"

namespace ginnel {
namespace {

constexpr const char* cannot = "cannot give the child's file";
constexpr const char* only_to_see = "may be seen in a case view, and not be kept";

tl::unexpected<Error> file_not_given(std::string why) {
  return fail("transfer-not-given", cannot, std::move(why), "ask your information-governance lead");
}

// What stands for somebody in every agency's systems; a source's own key does not leave.
bool may_leave(const Identifier& one) { return one.scheme == "nhs" || one.scheme == "upn"; }

}  // namespace

class TransferFile::Making {
 public:
  explicit Making(const TransferId& transfer) { manifest_.transfer = transfer; }

  // What is there already is named once.
  Expected<void> add(TransferPartKind kind, Bytes content, const RecordId& record = {}) {
    if (content.size() > limits::file_bytes_max) return too_large();
    const TransferPart part{kind, sha256(content), content.size(), record};
    for (const auto& before : manifest_.parts)
      if (before.sha256 == part.sha256) return {};
    bytes_ += content.size();
    if (bytes_ > limits::transfer_file_bytes_max || manifest_.parts.size() >= limits::transfer_parts_max)
      return too_large();
    manifest_.parts.push_back(part);
    contents_.push_back(std::move(content));
    return {};
  }
  bool has_room_for(std::uint64_t bytes) const {
    return bytes <= limits::file_bytes_max && bytes_ + bytes <= limits::transfer_file_bytes_max / 2 &&
           manifest_.parts.size() < limits::transfer_parts_max / 2;
  }

  // `account` gets a line for each part that is new and is no record: those stand in the account of the answer.
  Expected<Hash> keep(const KeyId& key, std::vector<AccessItem>& account, Turn& turn) const {
    const Bytes encoded = encode_manifest(manifest_);
    const Hash hash = sha256(encoded);
    const TransferId& transfer = manifest_.transfer;
    for (std::size_t i = 0; i < contents_.size(); ++i) {
      const TransferPart& part = manifest_.parts[i];
      auto is_new = keep_one(transfer, part.sha256, contents_[i], key, turn);
      if (!is_new) return tl::unexpected(is_new.error());
      if (*is_new && part.kind != TransferPartKind::records)
        account.push_back({part.record, Step::copy_out, {}, {}, what_is(part.kind), part.sha256});
    }
    if (auto kept = keep_one(transfer, hash, encoded, key, turn); !kept) return tl::unexpected(kept.error());
    return hash;
  }

 private:
  static tl::unexpected<Error> too_large() {
    return fail("file-too-large", cannot, "it is larger than one transfer carries",
                "agree with the other authority how the rest is handed over");
  }
  static std::string what_is(TransferPartKind kind) {
    if (kind == TransferPartKind::child) return "who the child is";
    return kind == TransferPartKind::process ? "the process, as it went" : "a file";
  }
  // Whether it was not there before.
  static Expected<bool> keep_one(const TransferId& transfer, const Hash& hash, const Bytes& content, const KeyId& key,
                                 Turn& turn) {
    auto has = has_part(transfer, hash, turn);
    if (!has) return tl::unexpected(has.error());
    if (*has) return false;
    if (auto put = put_part(transfer, hash, content, key, turn); !put) return tl::unexpected(put.error());
    return true;
  }

  TransferManifest manifest_;
  std::vector<Bytes> contents_;
  std::size_t bytes_ = 0;
};

Expected<Identity> TransferFile::identity_of(const PersonRef& person, const StoreReader& reader) const {
  return p_.finder.complete(Identity(), person, reader);
}

Expected<Hash> TransferFile::commitment(const ProcessId& process, const Salt& salt, const StoreReader& reader) const {
  auto kept = p_.processes.find(process, reader);
  if (!kept) return tl::unexpected(kept.error());
  auto identity = identity_of(kept->person, reader);
  if (!identity) return tl::unexpected(identity.error());
  return commit_to(*identity, salt);
}

Expected<Ask> TransferFile::ask_of(const For& wanted, const PersonRef& person, const Identity& child,
                                   Turn& turn) const {
  const Word* move = p_.gate.bundle().vocabulary.find("move_kind", wanted.offer.move);
  if (!move || !move->in_force)
    return fail("unknown-word", cannot, "`" + wanted.offer.move + "` is no kind of move that is in force",
                "use a word of the list `move_kind`");
  Ask ask;
  ask.id = *AskId::from(wanted.transfer.bytes());
  ask.about = child;
  ask.claims.role = move->told_role;
  ask.claims.purpose = move->told_purpose;
  ask.claims.basis = move->told_basis;
  ask.highest = Step::copy_out;
  ask.deadline = turn.now() + hour_ms;
  ask.bundle = p_.gate.bundle().ref();
  auto head = p_.heads.issue(person, child, turn);
  if (!head) return tl::unexpected(head.error());
  if (*head) {
    ask.process_head = std::move((*head)->signed_head);
    ask.process_head_salt = (*head)->salt;
  }
  return ask;
}

// SECURITY: a name is told with the process that it leads; where they live is asked of the gate, and what is protected
// never leaves. Markings that others decide by stand in the answer.
Expected<Person> TransferFile::as_told(const PartAsk& ask, const PersonRef& person, Turn& turn) const {
  auto whole = turn.whole_person(person, LinkToken());
  auto markings = turn.markings(person);
  if (!whole) return tl::unexpected(whole.error());
  if (!markings) return tl::unexpected(markings.error());
  Person told;
  for (const auto& one : whole->identifiers)
    if (may_leave(one)) told.identifiers.push_back(one);
  // What they are called now: what they were called before may be what is kept apart.
  for (const auto& name : whole->names)
    if (name.use == "usual") told.names.push_back(name);
  told.birth = whole->birth;
  told.death = whole->death;
  told.sex = whole->sex;
  if (p_.gate.shows_addresses(ask.asking, PersonAsked{person, *markings, {}}, turn, turn.now()))
    for (const auto& address : whole->addresses)
      if (!address.is_protected) told.addresses.push_back(address);
  return told;
}

Expected<void> TransferFile::add_process(const For& wanted, Making& making, const StoreReader& reader) const {
  auto records = p_.processes.kept_records(wanted.offer.process, reader);
  if (!records) return tl::unexpected(records.error());
  TransferProcessPart part;
  std::size_t bytes = 0;
  const auto flush = [&]() -> Expected<void> {
    bytes = 0;
    if (part.records.empty()) return {};
    return making.add(TransferPartKind::process, encode_process_part(std::exchange(part, {})));
  };
  for (const auto& record : *records) {
    // Whom it is about the receiver knows by its own id.
    part.records.push_back(encode(ProcessEntry{wanted.offer.process, PersonRef(), record}));
    bytes += part.records.back().size();
    if (part.records.size() < limits::transfer_process_records_max && bytes < limits::file_bytes_max / 4) continue;
    if (auto added = flush(); !added) return added;
  }
  return flush();
}

Expected<void> TransferFile::add_attachments(const PartAsk& ask, const PersonRef& person, std::vector<Item>& items,
                                             Making& making, WithheldCounts& withheld, Turn& turn) const {
  for (Item& item : items) {
    if (item.attachments.empty()) continue;
    // Decided by itself, for its permit.
    auto told = p_.parts.tell(ask, person, item.record, turn);
    if (!told) return file_not_given(told.error().why);
    if (!*told || !(*told)->permit) {
      item.attachments.clear();
      continue;
    }
    std::vector<Attachment> given;
    for (const auto& file : item.attachments) {
      auto id = turn.attachment_of(item.record, file.sha256);
      if (!id) return tl::unexpected(id.error());
      const bool is_kept_here = id->has_value();
      if (!is_kept_here || !making.has_room_for(file.size_bytes)) {
        const char* why = is_kept_here ? "a file that is too large to travel" : "a file that the source did not give";
        withheld.add(Withheld{item.category(), 1, why, p_.own().duty.phone, why});
        continue;
      }
      auto content = turn.read_attachment(*(*told)->permit, **id);
      if (!content) return tl::unexpected(content.error());
      if (auto added = making.add(TransferPartKind::attachment, std::move(content->content), item.record); !added)
        return added;
      given.push_back(file);
    }
    item.attachments = std::move(given);
  }
  return {};
}

Expected<void> TransferFile::add_records(const PartAsk& ask, const PersonRef& person, Instant as_of, Making& making,
                                         Turn& turn) const {
  auto made = p_.parts.make(ask, p_.own(), turn);
  if (!made) return tl::unexpected(made.error());
  Answer& answer = made->answer;
  if (answer.status == PartStatus::refused || answer.status == PartStatus::unknown)
    return file_not_given(answer.reason.sentence);
  if (answer.items.empty() && answer.withheld.empty())
    return file_not_given("policy lets nothing be told of this child to them");
  WithheldCounts withheld;
  for (const auto& counted : answer.withheld) withheld.add(counted);
  // How this agency works with the child, and whom it invites to what, is not so at the receiver.
  const std::string& involvement = p_.gate.bundle().vocabulary.people().kind;
  std::erase_if(answer.items, [&](const Item& item) {
    return item.kind == involvement || item.kind == invitation_kind || item.kind == overview_kind;
  });
  for (const auto& item : answer.items)
    if (item.step < Step::copy_out)
      withheld.add(Withheld{item.category(), 1, only_to_see, p_.own().duty.phone, only_to_see});
  std::erase_if(answer.items, [](const Item& item) { return item.step < Step::copy_out; });
  if (auto added = add_attachments(ask, person, answer.items, making, withheld, turn); !added) return added;
  answer.withheld = withheld.take();
  // The same things are the same bytes: nothing in it is of the moment in which it was made.
  answer.status = status_of(answer.items.size(), answer.withheld.size());
  answer.reason = {};
  answer.answered_at = as_of;
  answer.data_to = {};
  if (answer.status == PartStatus::not_known) return {};
  for (const Answer& page : paginate(std::move(answer))) {
    auto bytes = encode_answer(page);
    if (!bytes) return tl::unexpected(bytes.error());
    if (auto added = making.add(TransferPartKind::records, std::move(*bytes)); !added) return added;
  }
  return {};
}

Expected<Hash> TransferFile::make(const For& wanted, Turn& turn) const {
  auto kept = p_.processes.find(wanted.offer.process, turn);
  if (!kept) return tl::unexpected(kept.error());
  const PersonRef& person = kept->person;
  auto child = identity_of(person, turn);
  if (!child) return tl::unexpected(child.error());
  if (commit_to(*child, wanted.salt) != wanted.offer.child)
    return file_not_given(
        "the child's name, birth date or NHS number is another than when it was offered: offer it anew");
  auto ask = ask_of(wanted, person, *child, turn);
  if (!ask) return tl::unexpected(ask.error());
  PartAsk part = part_ask_of(wanted.offer.to, *ask, p_.book, turn.now());
  part.access.case_ref = wanted.offer.process.hex();
  part.access.reason = "the lead moves: transfer " + wanted.transfer.hex();

  // Without the proof nothing is handed over: with it the policy on this purpose decides of each record.
  if (p_.gate.effective_purpose(part.asking) != part.asking.purpose)
    return file_not_given("the process is in no state that proves the purpose `" + part.asking.purpose + "`");

  auto told = as_told(part, person, turn);
  if (!told) return tl::unexpected(told.error());
  told->ref = *PersonRef::from(wanted.transfer.bytes());  // by which nobody is found at either end
  auto child_part = encode_child_part({wanted.salt, *child, std::move(*told)});
  if (!child_part) return tl::unexpected(child_part.error());
  Making making(wanted.transfer);
  if (auto added = making.add(TransferPartKind::child, std::move(*child_part)); !added)
    return tl::unexpected(added.error());
  if (auto added = add_process(wanted, making, turn); !added) return tl::unexpected(added.error());
  if (auto added = add_records(part, person, wanted.offered, making, turn); !added)
    return tl::unexpected(added.error());
  auto key = turn.person_key(person);
  if (!key) return tl::unexpected(key.error());
  Access given = part.access;
  given.person = person;
  record_asking(part.asking, given);
  given.bundle = p_.gate.bundle().ref_text();
  given.outcome = name_of(PartStatus::answered);
  auto manifest = making.keep(*key, given.items, turn);
  if (!manifest || given.items.empty()) return manifest;
  auto noted = turn.append(EntryKind::disclosed, ActorId(), *key, given);
  return noted ? manifest : tl::unexpected(noted.error());
}

}  // namespace ginnel
