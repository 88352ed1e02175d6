// SPDX-License-Identifier: Apache-2.0
#include "node/transfer/transfers.h"

#include <algorithm>

#include "federation/base/crypto/hash.h"
#include "federation/wire/envelope.h"
#include "node/view/transfer_words.h"

namespace ginnel {
namespace {

constexpr const char* cannot_offer = "cannot offer the lead";
constexpr const char* cannot_say = "cannot say that of a transfer";
constexpr const char* offered_kind = "transfer_offered";
constexpr const char* goes_on_kind = "transfer_goes_on";

std::string task_origin(const TransferId& id, std::string_view step) {
  return "transfer:" + id.hex() + ":" + std::string(step);
}

std::string name_and_role(const Session& who, const Vocabulary& words) {
  const Word* role = words.find("role", who.role);
  return who.display_name + ", " + (role ? role->title : who.role);
}

std::optional<TransferAct> act_of(std::string_view word) {
  for (int at = int(TransferAct::offer); at <= int(TransferAct::note); ++at)
    if (name_of(TransferAct(at)) == word) return TransferAct(at);
  return std::nullopt;
}

// What may be said at another time.
bool may_be_later(const Error& error) { return error.code == "transfer-not-now" || error.code == "transfer-recalling"; }

}  // namespace

Transfers::Transfers(Parts parts)
    : p_(std::move(parts)),
      file_(p_.file),
      intake_(p_.journal.member, p_.processes, p_.link_rules, p_.random),
      engine_(p_.journal.member, p_.random) {}

// --- reading

Expected<TransferLog> Transfers::find(const TransferId& id, const StoreReader& reader) const {
  auto log = read_transfer_log(id, reader);
  if (!log) return log;
  if (!log->is_offered() || !log->is_party(p_.journal.member))
    return fail("not-found", "cannot show this", "there is no such transfer for you", "");
  return log;
}

Expected<std::vector<TransferLog>> Transfers::all(const StoreReader& reader) const {
  auto ids = reader.transfers();
  if (!ids) return tl::unexpected(ids.error());
  std::vector<TransferLog> out;
  for (const auto& id : *ids) {
    auto log = read_transfer_log(id, reader);
    if (!log) return tl::unexpected(log.error());
    if (log->is_offered()) out.push_back(std::move(*log));
  }
  std::stable_sort(out.begin(), out.end(), [](const TransferLog& a, const TransferLog& b) {
    return a.find(TransferAct::offer)->at > b.find(TransferAct::offer)->at;
  });
  return out;
}

Expected<std::vector<TransferLog>> Transfers::of_process(const ProcessId& process, const StoreReader& reader) const {
  auto ids = reader.transfers_of(process);
  if (!ids) return tl::unexpected(ids.error());
  std::vector<TransferLog> out;
  for (const auto& id : *ids) {
    auto log = read_transfer_log(id, reader);
    if (!log) return tl::unexpected(log.error());
    if (log->is_offered() && log->is_party(p_.journal.member)) out.push_back(std::move(*log));
  }
  std::sort(out.begin(), out.end(), [](const TransferLog& a, const TransferLog& b) {
    const auto key = [](const TransferLog& log) {
      return std::pair(log.offer().epoch, log.find(TransferAct::offer)->at);
    };
    return key(a) < key(b);
  });
  return out;
}

// --- people's acts

Expected<TransferId> Transfers::offer(const Session& who, const NewLeadOffer& wish, Turn& turn) {
  is_half_done_ = false;
  if (auto started = need_started(turn); !started) return tl::unexpected(started.error());
  const Word* move = p_.words.find("move_kind", wish.move);
  if (!move || !move->in_force)
    return fail("unknown-word", cannot_offer, "`" + wish.move + "` is no kind of move that is in force",
                "use a word of the list `move_kind`");
  const auto to = MemberId::parse(wish.to);
  if (!to)
    return fail("bad-field", cannot_offer, "`to` is none of the federation", "name it as `ginnel member list` does");
  auto kept = p_.processes.find(wish.process, turn);
  if (!kept) return tl::unexpected(kept.error());
  if (kept->process.has_ended())
    return fail("process-ended", cannot_offer, "the process has ended", "there is no lead to hand on");
  KeptTransfers journal(p_.journal, turn);
  if (auto may = engine_.may_offer(wish.process, *to, turn.now(), journal); !may) return tl::unexpected(may.error());
  TransferFileRow row;
  row.transfer = TransferId::make(p_.random);
  p_.random.fill(row.salt);
  auto child = file_.commitment(wish.process, row.salt, turn);
  if (!child) return tl::unexpected(child.error());
  NewTransfer offering;
  offering.id = row.transfer;
  offering.offer.process = wish.process;
  offering.offer.to = *to;
  offering.offer.definition = kept->process.definition().id;
  offering.offer.move = wish.move;
  offering.offer.child = *child;
  offering.who = name_and_role(who, p_.words);
  offering.why = wish.why;
  // First what can be refused: an offer that was said cannot be taken back unseen.
  auto manifest = file_.make({row.transfer, offering.offer, row.salt, turn.now()}, turn);
  if (!manifest) return tl::unexpected(manifest.error());
  made_at_[row.transfer] = turn.now();
  is_half_done_ = true;
  if (auto kept_row = put_file_row(row, turn); !kept_row) return tl::unexpected(kept_row.error());
  auto id = engine_.offer(offering, turn.now(), journal);
  if (!id) return id;
  if (auto said = say_bundle(*id, *manifest, turn); !said) return tl::unexpected(said.error());
  if (auto settled = settle_changed(turn); !settled) return tl::unexpected(settled.error());
  is_half_done_ = false;
  return id;
}

Expected<void> Transfers::say(const Session& who, const TransferSaying& saying, Turn& turn) {
  is_half_done_ = false;
  if (auto started = need_started(turn); !started) return started;
  auto log = find(saying.transfer, turn);
  if (!log) return tl::unexpected(log.error());
  const auto said = act_of(saying.said);
  const auto may = log->may_say(p_.journal.member);
  if (!said || is_automatic(*said) || *said == TransferAct::offer)
    return fail("unknown-word", cannot_say, "`" + saying.said + "` is nothing that a person says",
                "see what may be said now: ginnel transfer show");
  if (!may.contains(*said)) {
    const auto why = log->why_not(p_.journal.member, *said);
    return fail("transfer-not-now", cannot_say, why.value_or("that is not yours to say"),
                "see what may be said now: ginnel transfer show");
  }
  if (saying.text.empty() && needs_why_in_transfer(saying.said))
    return fail("bad-field", cannot_say, "it does not say why", "write a sentence; it goes to the other authority");
  if (saying.held.is_set() != (*said == TransferAct::conference))
    return fail("bad-field", cannot_say, "a conference has a day, and nothing else has", "give the day with `held`");
  if (saying.held.is_set() && saying.held > london_date(turn.now()))
    return fail("bad-field", cannot_say, "the conference lies in the future", "say it when it has been held");
  ActWish act;
  act.said = *said;
  act.who = name_and_role(who, p_.words);
  act.text = saying.text;
  if (saying.held.is_set()) act.held = When::on(saying.held);
  if (*said == TransferAct::release) {
    auto kept = p_.processes.find(log->offer().process, turn);
    if (!kept) return tl::unexpected(kept.error());
    if (kept->process.has_ended())
      return fail("process-ended", cannot_say, "the process has ended",
                  "cancel the transfer: there is no lead to hand on");
    // What the receiver gets with it is the file as it is now.
    auto manifest = make_file(*log, turn);
    if (!manifest) return tl::unexpected(manifest.error());
    act.manifest = *manifest;
  }
  if (*said == TransferAct::assume) act.manifest = log->wanted_manifest();
  KeptTransfers journal(p_.journal, turn);
  if (auto done = engine_.say(saying.transfer, act, turn.now(), journal); !done) return done;
  is_half_done_ = true;
  if (auto settled = settle_changed(turn); !settled) return settled;
  is_half_done_ = false;
  return {};
}

// --- messages

Expected<std::optional<Drop>> Transfers::receive(const Message& message, Turn& turn) {
  if (auto started = need_started(turn); !started) return tl::unexpected(started.error());
  const MemberId& from = message.header.from;
  KeptTransfers journal(p_.journal, turn);
  // SECURITY: only who can lead has anything to say here.
  const auto authorities = journal.authorities();
  if (std::find(authorities.begin(), authorities.end(), from) == authorities.end()) return Drop::unsolicited;
  std::optional<Drop> dropped;
  Expected<void> done;
  if (message.header.kind == Kind::transfer_recall) {
    if (!decode_recall(message.payload)) return Drop::bad_payload;
    done = engine_.receive_recall(from, turn.now(), journal, message.header.id);
  } else if (message.header.kind == Kind::transfer_recalled) {
    auto held = decode_recalled(message.payload);
    if (!held) return Drop::bad_payload;
    done = engine_.receive_recalled(from, *held, turn.now(), journal);
  } else {
    auto transfer = decode_transfer(message.payload);
    if (!transfer) return Drop::bad_payload;
    auto received = engine_.receive(from, *transfer, turn.now(), journal);
    if (!received) return received;
    dropped = *received;
  }
  if (done) done = settle_changed(turn);
  if (!done) return tl::unexpected(done.error());
  return dropped;
}

void Transfers::start(const StoreReader& reader) {
  const auto ids = reader.transfers();
  is_started_ = ids && ids->empty() && p_.journal.incarnation == 1;
}

Expected<void> Transfers::need_started(Turn& turn) {
  if (is_started_) return {};
  KeptTransfers journal(p_.journal, turn);
  if (auto resumed = engine_.resume(turn.now(), journal); !resumed) return resumed;
  auto ids = turn.transfers();
  if (!ids) return tl::unexpected(ids.error());
  for (const auto& id : *ids)
    if (auto settled = settle(id, turn); !settled) return settled;
  is_started_ = true;
  return {};
}

Expected<void> Transfers::tick(Turn& turn, FileEngine& files) {
  if (auto started = need_started(turn); !started) return started;
  const Instant now = turn.now();
  KeptTransfers journal(p_.journal, turn);
  if (auto ticked = engine_.tick(now, journal); !ticked) return ticked;
  if (auto settled = settle_changed(turn); !settled) return settled;
  for (auto& [id, fetching] : fetching_)
    if (!(now < fetching.again))
      if (auto asked = fetch(id, fetching, files, turn); !asked) return asked;
  const auto taking = taking_;
  for (const auto& [id, due] : taking)
    if (!(now < due))
      if (auto taken = take_in(id, turn); !taken) return taken;
  const auto dropping = drop_at_;
  for (const auto& [id, due] : dropping)
    if (!(now < due))
      if (auto dropped = settle(id, turn); !dropped) return dropped;
  return settle_changed(turn);
}

std::optional<Instant> Transfers::next_tick() const {
  if (!is_started_) return Instant();
  auto next = engine_.next_tick();
  const auto look = [&](Instant due) {
    if (!next || due < *next) next = due;
  };
  for (const auto& [id, fetching] : fetching_) look(fetching.again);
  for (const auto& [id, due] : taking_) look(due);
  for (const auto& [id, due] : drop_at_) look(due);
  return next;
}

void Transfers::clear() {
  engine_.clear();
  intake_.clear();
  is_started_ = false;
  fetching_.clear();
  for (const auto& [id, due] : std::exchange(taking_, {})) was_taking_.insert(id);
  made_at_.clear();
  drop_at_.clear();
}

// --- what follows

Expected<void> Transfers::settle_changed(Turn& turn) {
  for (auto changed = engine_.take_changed(); !changed.empty(); changed = engine_.take_changed())
    for (const auto& id : changed)
      if (auto settled = settle(id, turn); !settled) return settled;
  for (const auto& alarm : engine_.take_alarms())
    alarm_ = "a transfer with " + alarm.from.text() + " (" + alarm.transfer.hex() + "): " + alarm.error.text();
  return {};
}

Expected<void> Transfers::settle(const TransferId& id, Turn& turn) {
  auto log = read_transfer_log(id, turn);
  if (!log) return tl::unexpected(log.error());
  if (!log->is_offered() || !log->is_party(p_.journal.member)) return {};
  if (auto done = settle_file(*log, turn); !done) return done;
  if (auto done = settle_lead(*log, turn); !done) return done;
  return settle_tasks(*log, turn);
}

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
    fetching_.try_emplace(id, Fetching{{}, turn.now()});
    return {};
  }
  fetching_.erase(id);
  return has_moved || log.is_complete() ? Expected<void>() : say_complete(log, turn);
}

Expected<void> Transfers::say_complete(const TransferLog& log, Turn& turn) {
  // SECURITY: complete is said of what can be used, not of bytes.
  if (auto read = read_transfer_file(log, log.wanted_manifest(), turn); !read) {
    if (read.error().code != "transfer-file-unusable") return tl::unexpected(read.error());
    note_alarm(log, read.error());
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

void Transfers::note_alarm(const TransferLog& log, const Error& error) {
  alarm_ = "a transfer with " + log.other(p_.journal.member).text() + " (" + log.id().hex() + "): " + error.text();
}

Expected<void> Transfers::settle_lead(const TransferLog& log, Turn& turn) {
  const TransferStatement* release = log.find(TransferAct::release);
  const TransferStatement* assume = log.find(TransferAct::assume);
  if (!release) return {};
  bool has_moved = assume && log.find(TransferAct::discharged);
  if (!is_mine(log)) {
    auto row = file_row_of(log.id(), turn);
    if (!row) return tl::unexpected(row.error());
    has_moved = assume && *row && (*row)->has_process;
    if (!has_moved) return {};
  }
  const ProcessId& process = log.offer().process;
  auto done = p_.processes.move_lead(process, {"", log.offer().epoch}, release->at, turn);
  if (done && has_moved)
    done = p_.processes.move_lead(process, {log.receiver().text(), log.offer().epoch + 1}, assume->at, turn);
  if (!done && done.error().code == "bad-process") {
    note_alarm(log, done.error());
    return {};
  }
  // Erased since: the lead of nothing moves.
  if (!done && (done.error().code == "not-found" || done.error().code == "no-person")) return {};
  return done;
}

// One task for each thing that a person here may say next and that the other side waits for.
Expected<void> Transfers::settle_tasks(const TransferLog& log, Turn& turn) {
  const TransferId& id = log.id();
  const TransferState state = log.state();
  std::string now;
  if (is_mine(log)) {
    if (state == TransferState::agreed) now = "release";
  } else if (state == TransferState::offered) {
    now = "answer";
  } else if (state == TransferState::accepted) {
    now = "agree";
  } else if (state == TransferState::released && !log.is_complete()) {
    now = "assume";
  } else if (log.find(TransferAct::assume)) {
    auto row = file_row_of(id, turn);
    if (!row) return tl::unexpected(row.error());
    if (!*row || !(*row)->is_own) now = "file";  // it leads, and has not all of the file
  }
  for (const std::string_view step : {"release", "answer", "agree", "assume", "file"}) {
    if (step == now) continue;
    auto closed = p_.tasks.close_from(task_origin(id, step), "done", "the transfer went on", turn);
    if (!closed) return tl::unexpected(closed.error());
  }
  if (now.empty()) return {};
  const char* kind = now == "answer" ? offered_kind : goes_on_kind;
  const Word* word = p_.words.find("task_kind", kind);
  if (!word || !word->in_force) return {};
  TaskOpening opening;
  opening.kind = kind;
  opening.origin = task_origin(id, now);
  opening.rule = "transfers";
  opening.owner.role = p_.processes.managing_role(log.offer().definition, turn.now());
  if (is_mine(log))
    if (auto kept = p_.processes.find(log.offer().process, turn)) opening.person = kept->person;
  auto opened = p_.tasks.open(opening, turn);
  return opened ? Expected<void>() : tl::unexpected(opened.error());
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
      note_alarm(*log, refreshed.error());
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

Expected<void> Transfers::fetch(const TransferId& id, Fetching& fetching, FileEngine& files, Turn& turn) {
  fetching.again = turn.now() + limits::transfer_fetch_again_ms;
  auto log = read_transfer_log(id, turn);
  if (!log) return tl::unexpected(log.error());
  auto missing = missing_parts(*log, turn);
  if (!missing) return tl::unexpected(missing.error());
  for (const auto& part : *missing) {
    std::size_t on_way = 0;
    for (const auto& [other, one] : fetching_) on_way += one.on_way.size();
    if (on_way >= limits::transfer_parts_on_way_max) break;
    if (fetching.on_way.contains(part.sha256)) continue;
    const FileName name = transfer_part_name(id, part.sha256);
    if (auto begun = files.start(log->originator(), name, part.size_bytes, turn.now()); !begun) break;
    fetching.on_way.insert(part.sha256);
  }
  return {};
}

Expected<void> Transfers::arrived(const FileArrived& file, Turn& turn) {
  const TransferId& id = file.file.transfer;
  const auto fetching = fetching_.find(id);
  if (fetching == fetching_.end()) return {};
  fetching->second.on_way.erase(file.file.sha256);
  if (!file.content) return {};  // asked for again in its time
  fetching->second.again = turn.now();
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
    note_alarm(*log, taken.error());
    return {};
  }
  if (!taken) return tl::unexpected(taken.error());
  if (*taken == TransferIntake::Step::more) return {};
  if (*taken != TransferIntake::Step::process) taking_.erase(id);
  return *taken == TransferIntake::Step::waits ? Expected<void>() : settle(id, turn);
}

}  // namespace ginnel
