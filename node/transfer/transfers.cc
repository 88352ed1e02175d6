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
  auto done = put_file_row(row, turn);
  if (done)
    if (auto id = engine_.offer(offering, turn.now(), journal); !id) done = tl::unexpected(id.error());
  if (done) done = say_bundle(row.transfer, *manifest, turn);
  if (done) done = settle_changed(turn);
  if (done) return row.transfer;
  failure_ = done.error();
  return tl::unexpected(done.error());
}

Expected<void> Transfers::say(const Session& who, const TransferSaying& saying, Turn& turn) {
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
  auto settled = settle_changed(turn);
  if (!settled) failure_ = settled.error();
  return settled;
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
  const auto fetching = fetching_;
  for (const auto& [id, due] : fetching)
    if (!(now < due))
      if (auto asked = fetch(id, files, turn); !asked) return asked;
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
  for (const auto& [id, due] : fetching_) look(due);
  for (const auto& [id, due] : taking_) look(due);
  for (const auto& [id, due] : drop_at_) look(due);
  return next;
}

void Transfers::clear() {
  engine_.clear();
  intake_.clear();
  failure_.reset();
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
  for (const auto& alarm : engine_.take_alarms()) note_alarm(alarm.from, alarm.transfer, alarm.error);
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

void Transfers::note_alarm(const MemberId& peer, const TransferId& id, const Error& error) {
  alarm_ = "a transfer with " + peer.text() + " (" + id.hex() + "): " + error.text();
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
    note_alarm(log.other(p_.journal.member), log.id(), done.error());
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

}  // namespace ginnel
