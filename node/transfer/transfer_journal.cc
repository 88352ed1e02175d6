// SPDX-License-Identifier: Apache-2.0
#include "node/transfer/transfer_journal.h"

#include <algorithm>

#include "node/store/codec.h"
#include "node/transfer/transfer_rows.h"

namespace ginnel {
namespace {

Bytes recall_key(const MemberId& peer, std::uint64_t incarnation) {
  Bytes key;
  put_u64(key, incarnation);
  append(key, view_of(peer.text()));
  return key;
}

tl::unexpected<Error> not_a_statement(const char* why) {
  return fail("index-mismatch", "cannot read a transfer", why, "stop the node and run `ginnel store rebuild`");
}

}  // namespace

Expected<TransferLog> read_transfer_log(const TransferId& transfer, const StoreReader& reader) {
  auto sequences = reader.transfer_entries(transfer);
  if (!sequences) return tl::unexpected(sequences.error());
  TransferLog log;
  for (const auto sequence : *sequences) {
    auto entry = reader.entry(sequence);
    if (!entry) return tl::unexpected(entry.error());
    if (entry->erased || entry->header.kind != EntryKind::transfer)
      return not_a_statement("its index row names another's entry");
    auto kept = decode_transfer_entry(entry->body);
    if (!kept) return tl::unexpected(kept.error());
    auto said = read_kept_statement(kept->statement);
    if (!said) return tl::unexpected(said.error());
    if (said->statement.transfer != transfer) return not_a_statement("an entry is of another transfer");
    if (auto added = log.add(*said); !added) return tl::unexpected(added.error());
  }
  return log;
}

Expected<void> KeptTransfers::append(const TransferId& id, const SignedAct& said) {
  TransferEntry entry{id, said.statement.offer.process, said.statement.by, said.statement.offer.to, said.encoded};
  std::uint32_t shown = 0;
  if (said.statement.said != TransferAct::offer) {
    auto log = find(id);
    if (!log) return tl::unexpected(log.error());
    entry.process = log->offer().process;
    entry.originator = log->originator();
    entry.receiver = log->receiver();
    shown = std::uint32_t(log->said_by(p_.member).size());
  }
  auto sequence = turn_.append(EntryKind::transfer, ActorId(), turn_.node_key(), encode(entry));
  if (!sequence) return tl::unexpected(sequence.error());
  if (said.statement.by != p_.member) return {};
  // What the other side holds of ours did not become less.
  auto before = unshown_of(id, turn_);
  if (!before) return tl::unexpected(before.error());
  return *before ? Expected<void>() : put_unshown(id, shown, turn_);
}

Expected<bool> KeptTransfers::began(const ProcessId& process) {
  auto records = p_.processes.kept_records(process, turn_);
  if (!records && records.error().code == "not-found") return false;
  if (!records) return tl::unexpected(records.error());
  const auto* started = std::get_if<ProcessStarted>(&records->front().what);
  return started && started->lead_member == p_.member.text();
}

Expected<std::vector<TransferId>> KeptTransfers::with(const MemberId& peer) {
  auto ids = turn_.transfers_with(peer);
  if (!ids) return ids;
  std::vector<std::pair<std::uint64_t, TransferId>> in_order;
  for (const auto& id : *ids) {
    auto sequences = turn_.transfer_entries(id);
    if (!sequences) return tl::unexpected(sequences.error());
    if (!sequences->empty()) in_order.emplace_back(sequences->front(), id);
  }
  std::sort(in_order.rbegin(), in_order.rend());
  if (in_order.size() > limits::transfers_recalled_max) in_order.resize(limits::transfers_recalled_max);
  std::vector<TransferId> out;
  for (const auto& [sequence, id] : in_order) out.push_back(id);
  return out;
}

Expected<void> KeptTransfers::shown(const TransferId& id, std::size_t count) {
  auto log = find(id);
  if (!log) return tl::unexpected(log.error());
  if (count >= log->said_by(p_.member).size()) return drop_unshown(id, turn_);
  return put_unshown(id, std::uint32_t(count), turn_);
}

Expected<std::vector<TransferId>> KeptTransfers::unsettled() { return all_unshown(turn_); }

// Of the same kind of agency as this one: an authority hands on to an authority.
std::vector<MemberId> KeptTransfers::authorities() {
  std::vector<MemberId> out;
  const Directory* directory = p_.book.directory();
  const Member* me = p_.book.find(p_.member);
  if (!directory || !me) return out;
  for (const Member& member : directory->members)
    if (member.id != p_.member && member.kind == me->kind && is_good(p_.book.standing(member.id, turn_.now())))
      out.push_back(member.id);
  return out;
}

Expected<bool> KeptTransfers::has_recalled(const MemberId& peer) {
  if (p_.incarnation == 1) return true;
  auto row = turn_.side(SideTable::recalls, recall_key(peer, p_.incarnation));
  if (!row) return tl::unexpected(row.error());
  return row->has_value();
}

Expected<void> KeptTransfers::recalled(const MemberId& peer) {
  return turn_.put_side(SideTable::recalls, recall_key(peer, p_.incarnation), Bytes{1});
}

Expected<SignedAct> KeptTransfers::sign(const TransferStatement& statement) {
  const SealKey key = p_.key();
  return sign_statement(statement, key.key, key.number);
}

Expected<SignedAct> KeptTransfers::verify(ByteView encoded, Instant now) {
  return verify_statement(encoded, p_.book, now);
}

}  // namespace ginnel
