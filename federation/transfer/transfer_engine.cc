// SPDX-License-Identifier: Apache-2.0
#include "federation/transfer/transfer_engine.h"

#include <algorithm>

namespace ginnel {
namespace {

std::vector<Bytes> encoded(const std::vector<SignedAct>& said) {
  std::vector<Bytes> out;
  for (const auto& one : said) out.push_back(one.encoded);
  return out;
}

// How many of `held` the other side shows, from the first on.
std::size_t shown_of(const std::vector<SignedAct>& held, const std::vector<Bytes>& shown) {
  std::size_t count = 0;
  while (count < held.size() && count < shown.size() && held[count].encoded == shown[count]) ++count;
  return count;
}

// As much as a peer says that it holds.
bool holds(const TransferLog& log, const TransferHeld& held) {
  return log.by_originator().size() >= held.originator && log.by_receiver().size() >= held.receiver;
}

// What time or another message may still bring is no fault of the sender's.
bool is_alarm(const Error& error) { return error.code != "transfer-gap" && error.code != "transfer-key-unknown"; }

tl::unexpected<Error> recalling(const char* cannot, const MemberId& peer) {
  return fail("transfer-recalling", cannot,
              "this node was restored from a backup, and `" + peer.text() + "` has not said yet what was agreed since",
              "wait until it has answered, or ring its duty contact");
}

constexpr const char* cannot_offer = "cannot offer the lead";
constexpr const char* cannot_take = "cannot take a statement of a transfer";
constexpr const char* cannot_say = "cannot say that of a transfer";

}  // namespace

Expected<void> TransferEngine::resume(Instant now, TransferJournal& journal) {
  auto unsettled = journal.unsettled();
  if (!unsettled) return tl::unexpected(unsettled.error());
  for (const auto& id : *unsettled) {
    auto log = journal.find(id);
    if (!log) return tl::unexpected(log.error());
    if (log->is_offered() && log->is_party(me_))
      sending_.try_emplace(id, Sending{log->other(me_), now, limits::transfer_resend_ms_first});
  }
  if (auto waiting = not_recalled(now, journal); !waiting) return tl::unexpected(waiting.error());
  return {};
}

Expected<std::vector<MemberId>> TransferEngine::not_recalled(Instant now, TransferJournal& journal) {
  std::vector<MemberId> out;
  for (const auto& peer : journal.authorities()) {
    auto may = may_speak(peer, now, journal);
    if (!may) return tl::unexpected(may.error());
    if (!*may) out.push_back(peer);
  }
  return out;
}

// Whoever assumed it last leads; where nobody has, whoever it began with.
Expected<std::uint64_t> TransferEngine::epoch_led(const ProcessId& process, TransferJournal& journal) {
  auto before = journal.of_process(process);
  if (!before) return tl::unexpected(before.error());
  std::uint64_t released = 0, assumed = 0;
  for (const auto& id : *before) {
    auto log = journal.find(id);
    if (!log) return tl::unexpected(log.error());
    if (!log->is_offered()) continue;
    const std::uint64_t epoch = log->offer().epoch;
    if (log->receiver() == me_) {
      if (log->find(TransferAct::assume)) assumed = std::max(assumed, epoch + 1);
      continue;
    }
    if (!has_ended(log->state()))
      return fail("transfer-open", cannot_offer, "it is offered to `" + log->receiver().text() + "`",
                  "cancel that first, and wait until they have acknowledged it");
    if (log->find(TransferAct::release)) released = std::max(released, epoch);
  }
  if (assumed > released) return assumed;
  auto began = journal.began(process);
  if (!began) return tl::unexpected(began.error());
  if (*began && released == 0) return 1;
  return fail("transfer-not-the-lead", cannot_offer, "this node does not lead that process",
              "ask the authority that leads it");
}

Expected<std::uint64_t> TransferEngine::may_offer(const ProcessId& process, const MemberId& to, Instant now,
                                                  TransferJournal& journal) {
  auto waiting = not_recalled(now, journal);
  if (!waiting) return tl::unexpected(waiting.error());
  if (!waiting->empty()) return recalling(cannot_offer, waiting->front());
  const auto authorities = journal.authorities();
  if (std::find(authorities.begin(), authorities.end(), to) == authorities.end())
    return fail("transfer-not-the-lead", cannot_offer, "`" + to.text() + "` cannot lead",
                "choose one of the authorities");
  return epoch_led(process, journal);
}

Expected<TransferId> TransferEngine::offer(const NewTransfer& wish, Instant now, TransferJournal& journal) {
  auto epoch = may_offer(wish.offer.process, wish.offer.to, now, journal);
  if (!epoch) return tl::unexpected(epoch.error());
  TransferLog log;
  TransferStatement first = log.next(me_, TransferAct::offer, now);
  first.transfer = wish.id.empty() ? TransferId::make(random_) : wish.id;
  first.offer = wish.offer;
  first.offer.epoch = *epoch;
  first.who = wish.who;
  first.text = wish.why;
  if (auto kept = append(log, std::move(first), journal); !kept) return tl::unexpected(kept.error());
  send_new(log, now);
  return log.id();
}

// Whoever was not heard since a restore is asked, also one that can lead no more.
Expected<bool> TransferEngine::may_speak(const MemberId& peer, Instant now, TransferJournal& journal) {
  auto has = journal.has_recalled(peer);
  if (has && !*has) recalls_.try_emplace(peer, Recall{{peer, now, limits::transfer_resend_ms_first}, {}});
  return has;
}

Expected<void> TransferEngine::say(const TransferId& id, const ActWish& saying, Instant now, TransferJournal& journal) {
  auto log = journal.find(id);
  if (!log) return tl::unexpected(log.error());
  if (!log->is_offered() || !log->is_party(me_)) return fail("no-transfer", cannot_say, "there is none with that id");
  auto may = may_speak(log->other(me_), now, journal);
  if (!may) return tl::unexpected(may.error());
  if (!*may) return recalling(cannot_say, log->other(me_));
  if (saying.said == TransferAct::release) {
    auto waiting = not_recalled(now, journal);
    if (!waiting) return tl::unexpected(waiting.error());
    if (!waiting->empty()) return recalling(cannot_say, waiting->front());
  }
  if (const auto why = log->why_not(me_, saying.said)) return fail("transfer-not-now", cannot_say, *why);
  TransferStatement next = log->next(me_, saying.said, now);
  next.who = saying.who;
  next.text = saying.text;
  next.manifest = saying.manifest;
  next.held = saying.held;
  if (auto kept = append(*log, std::move(next), journal); !kept) return kept;
  if (auto more = advance(*log, now, journal); !more) return more;
  send_new(*log, now);
  return {};
}

Expected<void> TransferEngine::append(TransferLog& log, TransferStatement next, TransferJournal& journal) {
  auto said = journal.sign(next);
  if (!said) return tl::unexpected(said.error());
  if (auto added = log.add(*said); !added) return added;
  changed_.insert(said->statement.transfer);
  return journal.append(said->statement.transfer, *said);
}

Expected<void> TransferEngine::advance(TransferLog& log, Instant now, TransferJournal& journal) {
  auto may = may_speak(log.other(me_), now, journal);
  if (!may) return tl::unexpected(may.error());
  if (!*may) return {};
  for (const TransferAct said :
       {TransferAct::received, TransferAct::cancelled, TransferAct::assume, TransferAct::discharged}) {
    if (log.why_not(me_, said)) continue;
    TransferStatement next = log.next(me_, said, now);
    if (said == TransferAct::assume) {
      if (!log.is_complete()) continue;  // a person may, who says why
      next.manifest = log.wanted_manifest();
    }
    if (auto kept = append(log, std::move(next), journal); !kept) return kept;
  }
  return {};
}

Expected<void> TransferEngine::merge(TransferLog& log, const MemberId& from, const TransferMessage& message,
                                     Instant now, TransferJournal& journal) {
  const auto take_on = [&](const std::vector<Bytes>& list, std::size_t& next,
                           const TransferLog::Side& held) -> Expected<bool> {
    const std::size_t before = next;
    for (; next < list.size(); ++next) {
      auto taken = take(log, from, message.transfer, next, held, list[next], now, journal);
      if (!taken) return taken;
      if (!*taken) break;
    }
    return next > before;
  };
  // What one list has seen stands in the other: by turns, until neither goes on.
  std::size_t originators = 0, receivers = 0;
  for (bool goes_on = true; goes_on;) {
    auto one = take_on(message.originator, originators, log.by_originator());
    if (!one) return tl::unexpected(one.error());
    auto other = take_on(message.receiver, receivers, log.by_receiver());
    if (!other) return tl::unexpected(other.error());
    goes_on = *one || *other;
  }
  return {};
}

Expected<bool> TransferEngine::take(TransferLog& log, const MemberId& from, const TransferId& id, std::size_t place,
                                    const TransferLog::Side& held, const Bytes& bytes, Instant now,
                                    TransferJournal& journal) {
  if (place < held.size() && held[place].encoded == bytes) return true;
  const auto refuse = [&](const Error& error) {
    if (is_alarm(error)) alarms_.push_back({from, id, error, bytes});
    return false;
  };
  auto said = journal.verify(bytes, now);
  if (!said) return refuse(said.error());
  const TransferStatement& statement = said->statement;
  if (statement.at - now > limits::message_ahead_ms_max) return false;  // its clock is ahead: when ours is there too
  if (statement.transfer != id) return refuse({"transfer-not-yours", cannot_take, "it is of another transfer", ""});
  const bool is_between_both =
      (statement.by == from && statement.offer.to == me_) || (statement.by == me_ && statement.offer.to == from);
  if (!log.is_offered() && !is_between_both)
    return refuse({"transfer-not-yours", cannot_take, "it is between others", ""});
  if (auto added = log.add(*said); !added) return refuse(added.error());
  changed_.insert(id);
  if (auto kept = journal.append(id, *said); !kept) return tl::unexpected(kept.error());
  return true;
}

Expected<std::optional<Drop>> TransferEngine::receive(const MemberId& from, const TransferMessage& message, Instant now,
                                                      TransferJournal& journal) {
  auto found = journal.find(message.transfer);
  if (!found) return tl::unexpected(found.error());
  TransferLog& log = *found;
  if (log.is_offered() && log.other(me_) != from) return Drop::unsolicited;
  if (!log.is_offered()) {
    if (message.originator.empty()) return Drop::unsolicited;
    auto with = journal.with(from);
    if (!with) return tl::unexpected(with.error());
    if (with->size() >= limits::transfers_recalled_max) return Drop::unsolicited;
  }
  const std::size_t before = log.size();
  if (auto merged = merge(log, from, message, now, journal); !merged) return tl::unexpected(merged.error());
  if (!log.is_offered()) return Drop::bad_payload;
  if (auto more = advance(log, now, journal); !more) return tl::unexpected(more.error());
  const auto& own = log.said_by(me_);
  const std::size_t shown = shown_of(own, me_ == log.originator() ? message.originator : message.receiver);
  if (auto noted = journal.shown(log.id(), shown); !noted) return tl::unexpected(noted.error());
  if (shown == own.size())
    sending_.erase(log.id());
  else
    sending_.try_emplace(log.id(),
                         Sending{from, now + limits::transfer_resend_ms_first, limits::transfer_resend_ms_first});
  // A reply asks for none, so that two who do not agree stay calm.
  if (log.size() > before || message.wants_reply) send(log, false, now);
  if (auto looked = look_at_recall(from, log, now, journal); !looked) return tl::unexpected(looked.error());
  return std::nullopt;
}

Expected<void> TransferEngine::look_at_recall(const MemberId& peer, const TransferLog& log, Instant now,
                                              TransferJournal& journal) {
  const auto recall = recalls_.find(peer);
  if (recall == recalls_.end()) return {};
  auto& missing = recall->second.missing;
  const auto found = missing.find(log.id());
  if (found == missing.end() || !holds(log, found->second)) return {};
  missing.erase(found);
  return missing.empty() ? recall_done(peer, now, journal) : Expected<void>();
}

Expected<void> TransferEngine::receive_recall(const MemberId& from, Instant now, TransferJournal& journal,
                                              const MessageId& asked) {
  auto with = journal.with(from);
  if (!with) return tl::unexpected(with.error());
  std::vector<TransferHeld> held;
  for (const auto& id : *with) {
    auto log = journal.find(id);
    if (!log) return tl::unexpected(log.error());
    if (!log->is_offered()) continue;
    held.push_back({id, std::uint32_t(log->by_originator().size()), std::uint32_t(log->by_receiver().size())});
  }
  post(from, Kind::transfer_recalled, encode_recalled(held), now);
  outgoing_.back().correlation = asked;
  return {};
}

Expected<void> TransferEngine::receive_recalled(const MemberId& from, const std::vector<TransferHeld>& held,
                                                Instant now, TransferJournal& journal) {
  const auto recall = recalls_.find(from);
  if (recall == recalls_.end()) return {};
  recall->second.missing.clear();
  for (const auto& one : held) {
    auto log = journal.find(one.transfer);
    if (!log) return tl::unexpected(log.error());
    if (!holds(*log, one)) recall->second.missing.emplace(one.transfer, one);
  }
  if (recall->second.missing.empty()) return recall_done(from, now, journal);
  return ask_for_missing(from, recall->second, now, journal);
}

Expected<void> TransferEngine::ask_for_missing(const MemberId& peer, Recall& recall, Instant now,
                                               TransferJournal& journal) {
  std::size_t asked = 0;
  for (const auto& [id, held] : recall.missing) {
    if (++asked > limits::transfers_asked_for_max) break;
    auto log = journal.find(id);
    if (!log) return tl::unexpected(log.error());
    if (log->is_offered())
      send(*log, true, now);
    else
      post(peer, Kind::transfer, encode_transfer({id, {}, {}, true}), now);
  }
  return {};
}

// Both hold the same: what this node says by itself may be due.
Expected<void> TransferEngine::recall_done(const MemberId& peer, Instant now, TransferJournal& journal) {
  recalls_.erase(peer);
  if (auto kept = journal.recalled(peer); !kept) return kept;
  auto with = journal.with(peer);
  if (!with) return tl::unexpected(with.error());
  for (const auto& id : *with) {
    auto log = journal.find(id);
    if (!log) return tl::unexpected(log.error());
    if (!log->is_offered()) continue;
    const std::size_t before = log->size();
    if (auto more = advance(*log, now, journal); !more) return more;
    if (log->size() == before) continue;
    send_new(*log, now);
  }
  return {};
}

Expected<void> TransferEngine::tick(Instant now, TransferJournal& journal) {
  for (auto it = sending_.begin(); it != sending_.end();) {
    auto& [id, sending] = *it;
    if (now < sending.due) {
      ++it;
      continue;
    }
    auto log = journal.find(id);
    if (!log) return tl::unexpected(log.error());
    if (!log->is_offered()) {
      it = sending_.erase(it);
      continue;
    }
    send(*log, true, now);
    send_again(sending, now);
    ++it;
  }
  for (auto& [peer, recall] : recalls_) {
    if (now < recall.sending.due) continue;
    send_again(recall.sending, now);
    if (recall.missing.empty()) {
      post(peer, Kind::transfer_recall, encode_recall(), now);
    } else if (auto asked = ask_for_missing(peer, recall, now, journal); !asked) {
      return asked;
    }
  }
  return {};
}

void TransferEngine::heard(const MemberId& peer, Instant now) {
  const auto sooner = [&](Sending& sending) {
    const bool was_tried_lately = sending.wait_ms <= limits::transfer_resend_ms_first * 2;
    if (sending.to != peer || was_tried_lately) return;
    sending.due = std::min(sending.due, now);
    sending.wait_ms = limits::transfer_resend_ms_first;
  };
  for (auto& [id, sending] : sending_) sooner(sending);
  for (auto& [member, recall] : recalls_) sooner(recall.sending);
}

std::optional<Instant> TransferEngine::next_tick() const {
  std::optional<Instant> next;
  const auto look = [&](const Sending& sending) {
    if (!next || sending.due < *next) next = sending.due;
  };
  for (const auto& [id, sending] : sending_) look(sending);
  for (const auto& [peer, recall] : recalls_) look(recall.sending);
  return next;
}

void TransferEngine::clear() {
  sending_.clear();
  recalls_.clear();
  changed_.clear();
  outgoing_.clear();
  alarms_.clear();
}

void TransferEngine::send_new(const TransferLog& log, Instant now) {
  sending_[log.id()] = {log.other(me_), now + limits::transfer_resend_ms_first, limits::transfer_resend_ms_first};
  send(log, true, now);
}

void TransferEngine::send(const TransferLog& log, bool wants_reply, Instant now) {
  post(log.other(me_), Kind::transfer,
       encode_transfer({log.id(), encoded(log.by_originator()), encoded(log.by_receiver()), wants_reply}), now);
}

void TransferEngine::post(const MemberId& to, Kind kind, Bytes payload, Instant now) {
  outgoing_.push_back(outgoing_to(to, kind, std::move(payload), now + limits::transfer_message_life_ms, random_));
}

void TransferEngine::send_again(Sending& sending, Instant now) {
  sending.due = now + sending.wait_ms;
  sending.wait_ms = std::min(sending.wait_ms * 2, limits::transfer_resend_ms_max);
}

}  // namespace ginnel
