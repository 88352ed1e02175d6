// SPDX-License-Identifier: Apache-2.0
// Transfers' side of the file: given by the originator, fetched and taken in by the receiver.
#include <algorithm>

#include "node/transfer/transfers.h"

namespace ginnel {
namespace {

// What may be said at another time.
bool may_be_later(const Error& error) { return error.code == "transfer-not-now" || error.code == "transfer-recalling"; }

}  // namespace

Expected<void> Transfers::settle_file(const TransferLog& log, Turn& turn) {
  const TransferId& id = log.id();
  const TransferState state = log.state();
  const bool has_moved = log.find(TransferAct::assume) != nullptr;
  if (is_mine(log)) {
    drop_at_.erase(id);
    if (!has_ended(state)) return {};
    // A receiver that was restored from a backup may have to fetch it again.
    const Instant until = has_moved ? log.find(TransferAct::assume)->at + limits::transfer_kept_ms : turn.now();
    if (!(turn.now() < until)) return drop_file(log, turn);
    drop_at_[id] = until;
    return {};
  }
  auto row = file_row_of(id, turn);
  if (!row) return tl::unexpected(row.error());
  if (*row && (*row)->is_own) return {};
  if (state == TransferState::declined || state == TransferState::cancelled) {
    fetching_.erase(id);
    return drop_file(log, turn);
  }
  if (!*row) {
    auto key = turn.new_key();
    if (!key) return tl::unexpected(key.error());
    TransferFileRow fresh;
    fresh.transfer = id;
    fresh.key = *key;
    if (auto kept = put_file_row(fresh, turn); !kept) return kept;
  }
  if (log.wanted_manifest() == Hash{}) return {};
  auto missing = missing_parts(log, turn);
  if (!missing) return tl::unexpected(missing.error());
  const bool is_readable = std::all_of(missing->begin(), missing->end(), [](const TransferPart& part) {
    return part.kind == TransferPartKind::attachment;
  });
  if (has_moved && is_readable) {
    const bool was_lost = was_taking_.erase(id) > 0;
    taking_.try_emplace(id, was_lost ? turn.now() + limits::transfer_take_again_ms : turn.now());
  }
  if (!missing->empty()) {
    fetching_.try_emplace(id, turn.now());
    return {};
  }
  fetching_.erase(id);
  return has_moved || log.is_complete() ? Expected<void>() : say_complete(log, turn);
}

Expected<void> Transfers::say_complete(const TransferLog& log, Turn& turn) {
  // SECURITY: complete is said of what can be used, not of bytes.
  if (auto read = read_transfer_file(log, log.wanted_manifest(), turn); !read) {
    if (read.error().code != "transfer-file-unusable") return tl::unexpected(read.error());
    note_alarm(log.other(p_.journal.member), log.id(), read.error());
    return {};
  }
  ActWish complete;
  complete.said = TransferAct::complete;
  complete.manifest = log.wanted_manifest();
  KeptTransfers journal(p_.journal, turn);
  auto said = engine_.say(log.id(), complete, turn.now(), journal);
  // Whatever changes that it may not be said now is looked at here again.
  return !said && may_be_later(said.error()) ? Expected<void>() : said;
}

// What nobody here needs any more: at a receiver that does not take the lead, nothing that came of the child stays.
Expected<void> Transfers::drop_file(const TransferLog& log, Turn& turn) {
  for (const auto& said : log.by_originator()) {
    const Hash& hash = said.statement.manifest;
    if (hash == Hash{}) continue;
    auto bytes = find_part(log.id(), hash, turn);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes) continue;
    if (auto manifest = decode_manifest(**bytes))
      for (const auto& part : manifest->parts)
        if (auto dropped = drop_part(log.id(), part.sha256, turn); !dropped) return dropped;
    // The manifest of what moved stays, to prove by.
    if (log.find(TransferAct::assume) && hash == log.wanted_manifest()) continue;
    if (auto dropped = drop_part(log.id(), hash, turn); !dropped) return dropped;
  }
  return {};
}

// --- the file, at its originator

Expected<Hash> Transfers::make_file(const TransferLog& log, Turn& turn) {
  auto row = file_row_of(log.id(), turn);
  if (!row) return tl::unexpected(row.error());
  if (!*row) return fail("transfer-not-given", "cannot give the child's file", "its row is not there", "offer it anew");
  return file_.make({log.id(), log.offer(), (*row)->salt, log.find(TransferAct::offer)->at}, turn);
}

Expected<void> Transfers::refresh_file(const TransferLog& log, Turn& turn) {
  made_at_.erase(log.id());
  auto manifest = make_file(log, turn);
  if (!manifest) return tl::unexpected(manifest.error());
  if (*manifest != log.wanted_manifest())
    if (auto said = say_bundle(log.id(), *manifest, turn); !said) return said;
  made_at_[log.id()] = turn.now();
  return {};
}

Expected<void> Transfers::say_bundle(const TransferId& id, const Hash& manifest, Turn& turn) {
  ActWish bundle;
  bundle.said = TransferAct::bundle;
  bundle.manifest = manifest;
  KeptTransfers journal(p_.journal, turn);
  return engine_.say(id, bundle, turn.now(), journal);
}

Expected<std::optional<Bytes>> Transfers::give(const MemberId& from, const FileName& file, Turn& turn) {
  const auto nothing = [] { return std::optional<Bytes>(); };
  if (auto started = need_started(turn); !started) return tl::unexpected(started.error());
  auto log = read_transfer_log(file.transfer, turn);
  if (!log) return tl::unexpected(log.error());
  if (!is_mine(*log) || log->receiver() != from) return nothing();
  const TransferState state = log->state();
  if (state == TransferState::declined || state == TransferState::cancelled || state == TransferState::cancelling)
    return nothing();
  // SECURITY: what policy, a marking or a correction has closed since is not given: the file is decided anew, until it
  // is released as it is.
  const auto made = made_at_.find(file.transfer);
  const bool is_fresh =
      made != made_at_.end() && turn.now() < made->second + limits::transfer_made_anew_ms && made->second <= turn.now();
  if (!is_fresh && !log->find(TransferAct::release)) {
    auto refreshed = refresh_file(*log, turn);
    // SECURITY: whatever it is, nothing is given, and no peer can make this node's turns fail by asking for it.
    if (!refreshed) {
      note_alarm(from, file.transfer, refreshed.error());
      return nothing();
    }
    if (auto settled = settle_changed(turn); !settled) return tl::unexpected(settled.error());
    log = read_transfer_log(file.transfer, turn);
    if (!log) return tl::unexpected(log.error());
  }
  const Hash wanted = log->wanted_manifest();
  if (file.sha256 != wanted) {
    auto bytes = find_part(file.transfer, wanted, turn);
    if (!bytes) return bytes;
    auto manifest = *bytes ? decode_manifest(**bytes) : Expected<TransferManifest>(TransferManifest{});
    if (!manifest) return nothing();
    const auto& parts = manifest->parts;
    if (std::none_of(parts.begin(), parts.end(), [&](const TransferPart& one) { return one.sha256 == file.sha256; }))
      return nothing();
  }
  return find_part(file.transfer, file.sha256, turn);
}

// --- the file, at its receiver

Expected<std::vector<TransferPart>> Transfers::missing_parts(const TransferLog& log, const Turn& turn) const {
  std::vector<TransferPart> out;
  const Hash wanted = log.wanted_manifest();
  auto has_manifest = has_part(log.id(), wanted, turn);
  if (!has_manifest) return tl::unexpected(has_manifest.error());
  if (!*has_manifest) {
    out.push_back({TransferPartKind::none, wanted, file_size_unknown, {}});
    return out;
  }
  auto manifest = read_file_manifest(log, wanted, turn);
  if (!manifest && manifest.error().code == "transfer-file-unusable") return out;  // told as it is read
  if (!manifest) return tl::unexpected(manifest.error());
  for (const auto& part : manifest->parts) {
    auto has = has_part(log.id(), part.sha256, turn);
    if (!has) return tl::unexpected(has.error());
    if (!*has) out.push_back(part);
  }
  return out;
}

Expected<void> Transfers::fetch(const TransferId& id, FileEngine& files, Turn& turn) {
  fetching_[id] = turn.now() + limits::transfer_fetch_again_ms;
  auto log = read_transfer_log(id, turn);
  if (!log) return tl::unexpected(log.error());
  auto missing = missing_parts(*log, turn);
  if (!missing) return tl::unexpected(missing.error());
  for (const auto& part : *missing) {
    if (files.transfer_parts() >= limits::transfer_parts_on_way_max) break;
    const FileName name = transfer_part_name(id, part.sha256);
    if (auto begun = files.start(log->originator(), name, part.size_bytes, turn.now()); !begun) break;
  }
  return {};
}

Expected<void> Transfers::arrived(const FileArrived& file, Turn& turn) {
  const TransferId& id = file.file.transfer;
  const auto fetching = fetching_.find(id);
  if (fetching == fetching_.end() || !file.content) return {};  // what did not come is asked for again in its time
  fetching->second = turn.now();
  auto log = read_transfer_log(id, turn);
  auto row = file_row_of(id, turn);
  if (!log) return tl::unexpected(log.error());
  if (!row) return tl::unexpected(row.error());
  if (!*row || !log->is_offered() || log->originator() != file.from) return {};
  if (auto kept = put_part(id, file.file.sha256, *file.content, (*row)->key, turn); !kept) return kept;
  return settle(id, turn);
}

Expected<void> Transfers::take_in(const TransferId& id, Turn& turn) {
  auto log = read_transfer_log(id, turn);
  auto row = file_row_of(id, turn);
  if (!log) return tl::unexpected(log.error());
  if (!row) return tl::unexpected(row.error());
  if (!*row || (*row)->is_own) {
    taking_.erase(id);
    return {};
  }
  taking_[id] = turn.now();  // again in the next turn
  auto taken = intake_.step(*log, **row, turn);
  if (!taken && taken.error().code == "transfer-file-unusable") {
    taking_.erase(id);
    note_alarm(log->other(p_.journal.member), id, taken.error());
    return {};
  }
  if (!taken) return tl::unexpected(taken.error());
  if (*taken == TransferIntake::Step::more) return {};
  if (*taken != TransferIntake::Step::process) taking_.erase(id);
  return *taken == TransferIntake::Step::waits ? Expected<void>() : settle(id, turn);
}

}  // namespace ginnel
