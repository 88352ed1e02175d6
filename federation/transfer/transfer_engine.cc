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

// What time or another message may still bring is no fault of the sender's.
bool is_alarm(const Error& error) { return error.code != "transfer-gap" && error.code != "transfer-key-unknown"; }

tl::unexpected<Error> recalling(const char* cannot, const MemberId& peer) {
  return fail("transfer-recalling", cannot,
              "this node was restored from a backup, and `" + peer.text() + "` has not said yet what was agreed since",
              "wait until it has answered, or ring its duty contact");
}

constexpr const char* cannot_offer = "cannot offer the lead";
constexpr const char* cannot_say = "cannot say that of a transfer";

}  // namespace

Expected<void> TransferEngine::resume(Instant now, TransferJournal& journal) {
  auto unsettled = journal.unsettled();
  if (!unsettled) return tl::unexpected(unsettled.error());
  for (const auto& id : *unsettled) {
    auto log = journal.find(id);
    if (!log) return tl::unexpected(log.error());
    if (*log && (*log)->is_offered() && (*log)->is_party(me_))
      sending_.try_emplace(id, Sending{(*log)->other(me_), now, limits::transfer_resend_ms_first});
  }
  auto waiting = not_recalled(now, journal);
  if (!waiting) return tl::unexpected(waiting.error());
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
    if (!*log || !(*log)->is_offered()) continue;
    const std::uint64_t epoch = (*log)->offer().epoch;
    if ((*log)->receiver() == me_) {
      if ((*log)->find(TransferAct::assume)) assumed = std::max(assumed, epoch + 1);
      continue;
    }
    if (!has_ended((*log)->state()))
      return fail("transfer-open", cannot_offer, "it is offered to `" + (*log)->receiver().text() + "`",
                  "cancel that first, and wait until they have acknowledged it");
    if ((*log)->find(TransferAct::release)) released = std::max(released, epoch);
  }
  if (assumed > released) return assumed;
  auto began = journal.began(process);
  if (!began) return tl::unexpected(began.error());
  if (*began && released == 0) return 1;
  return fail("transfer-not-the-lead", cannot_offer, "this node does not lead that process",
              "ask the authority that leads it");
}

Expected<TransferId> TransferEngine::offer(const NewTransfer& wish, Instant now, TransferJournal& journal) {
  auto waiting = not_recalled(now, journal);
  if (!waiting) return tl::unexpected(waiting.error());
  if (!waiting->empty()) return recalling(cannot_offer, waiting->front());
  const auto authorities = journal.authorities();
  if (std::find(authorities.begin(), authorities.end(), wish.offer.to) == authorities.end())
    return fail("transfer-not-the-lead", cannot_offer, "`" + wish.offer.to.text() + "` cannot lead",
                "choose one of the authorities");
  auto epoch = epoch_led(wish.offer.process, journal);
  if (!epoch) return tl::unexpected(epoch.error());
  TransferLog log;
  TransferStatement first = log.next(me_, TransferAct::offer, now);
  first.transfer = TransferId::make(random_);
  first.offer = wish.offer;
  first.offer.epoch = *epoch;
  first.who = wish.who;
  first.text = wish.why;
  if (auto kept = append(log, std::move(first), journal); !kept) return tl::unexpected(kept.error());
  sending_[log.id()] = {wish.offer.to, now + limits::transfer_resend_ms_first, limits::transfer_resend_ms_first};
  send(log, true, now);
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
  if (!*log || !(*log)->is_offered() || !(*log)->is_party(me_))
    return fail("no-transfer", cannot_say, "there is none with that id");
  auto may = may_speak((*log)->other(me_), now, journal);
  if (!may) return tl::unexpected(may.error());
  if (!*may) return recalling(cannot_say, (*log)->other(me_));
  if (saying.said == TransferAct::release) {
    auto waiting = not_recalled(now, journal);
    if (!waiting) return tl::unexpected(waiting.error());
    if (!waiting->empty()) return recalling(cannot_say, waiting->front());
  }
  if (const auto why = (*log)->why_not(me_, saying.said)) return fail("transfer-not-now", cannot_say, *why);
  TransferStatement next = (*log)->next(me_, saying.said, now);
  next.who = saying.who;
  next.text = saying.text;
  next.manifest = saying.manifest;
  next.held = saying.held;
  if (auto kept = append(**log, std::move(next), journal); !kept) return kept;
  if (auto more = advance(**log, now, journal); !more) return more;
  sending_[id] = {(*log)->other(me_), now + limits::transfer_resend_ms_first, limits::transfer_resend_ms_first};
  send(**log, true, now);
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
      const Hash wanted = log.wanted_manifest();
      const auto& own = log.said_by(me_);
      const bool is_complete = std::any_of(own.begin(), own.end(), [&](const SignedAct& one) {
        return one.statement.said == TransferAct::complete && one.statement.manifest == wanted;
      });
      if (!is_complete) continue;  // a person may, who says why
      next.manifest = wanted;
    }
    if (auto kept = append(log, std::move(next), journal); !kept) return kept;
  }
  return {};
}

Expected<bool> TransferEngine::merge(TransferLog& log, const MemberId& from, const TransferMessage& message,
                                     Instant now, TransferJournal& journal) {
  bool is_new = false;
  // What one list has seen stands in the other: by turns, until neither goes on.
  std::size_t next[2] = {0, 0};
  const std::vector<Bytes>* lists[2] = {&message.originator, &message.receiver};
  for (bool goes_on = true; goes_on;) {
    goes_on = false;
    for (const int side : {0, 1}) {
      while (next[side] < lists[side]->size()) {
        const Bytes& bytes = (*lists[side])[next[side]];
        if (log.is_offered()) {
          const auto& held = log.said_by(side == 0 ? log.originator() : log.receiver());
          if (next[side] < held.size() && held[next[side]].encoded == bytes) {
            ++next[side];
            goes_on = true;
            continue;
          }
        }
        auto said = journal.verify(bytes, now);
        Expected<void> added;
        if (!said) {
          added = tl::unexpected(said.error());
        } else if (said->statement.at - now > limits::message_ahead_ms_max) {
          break;  // its clock is ahead: when ours is there too
        } else if (said->statement.transfer != message.transfer) {
          added = fail("transfer-not-yours", "cannot take a statement of a transfer", "it is of another transfer");
        } else if (!log.is_offered() && !(said->statement.by == from && said->statement.offer.to == me_) &&
                   !(said->statement.by == me_ && said->statement.offer.to == from)) {
          added = fail("transfer-not-yours", "cannot take a statement of a transfer", "it is between others");
        } else {
          added = log.add(*said);
        }
        if (!added) {
          if (is_alarm(added.error())) alarms_.push_back({from, message.transfer, added.error(), bytes});
          break;
        }
        ++next[side];
        is_new = goes_on = true;
        changed_.insert(message.transfer);
        if (auto kept = journal.append(message.transfer, *said); !kept) return tl::unexpected(kept.error());
      }
    }
  }
  return is_new;
}

Expected<std::optional<Drop>> TransferEngine::receive(const MemberId& from, const TransferMessage& message, Instant now,
                                                      TransferJournal& journal) {
  auto found = journal.find(message.transfer);
  if (!found) return tl::unexpected(found.error());
  TransferLog log = found->value_or(TransferLog());
  if (log.is_offered() && log.other(me_) != from) return Drop::unsolicited;
  if (!log.is_offered()) {
    if (message.originator.empty()) return Drop::unsolicited;
    auto with = journal.with(from);
    if (!with) return tl::unexpected(with.error());
    if (with->size() >= limits::transfers_recalled_max) return Drop::unsolicited;
  }
  auto is_new = merge(log, from, message, now, journal);
  if (!is_new) return tl::unexpected(is_new.error());
  if (!log.is_offered()) return Drop::bad_payload;
  const std::size_t before = log.said_by(me_).size();
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
  if (*is_new || own.size() > before || message.wants_reply) send(log, false, now);
  if (const auto recall = recalls_.find(from); recall != recalls_.end()) {
    const auto missing = recall->second.missing.find(log.id());
    if (missing != recall->second.missing.end() && log.said_by(log.originator()).size() >= missing->second.originator &&
        log.said_by(log.receiver()).size() >= missing->second.receiver) {
      recall->second.missing.erase(missing);
      if (recall->second.missing.empty())
        if (auto done = recall_done(from, now, journal); !done) return tl::unexpected(done.error());
    }
  }
  return std::nullopt;
}

Expected<void> TransferEngine::receive_recall(const MemberId& from, Instant now, TransferJournal& journal) {
  auto with = journal.with(from);
  if (!with) return tl::unexpected(with.error());
  std::vector<TransferHeld> held;
  for (const auto& id : *with) {
    auto log = journal.find(id);
    if (!log) return tl::unexpected(log.error());
    if (!*log || !(*log)->is_offered()) continue;
    held.push_back({id, std::uint32_t((*log)->said_by((*log)->originator()).size()),
                    std::uint32_t((*log)->said_by((*log)->receiver()).size())});
  }
  post(from, Kind::transfer_recalled, encode_recalled(held), now);
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
    const bool is_here = *log && (*log)->is_offered();
    if (is_here && (*log)->said_by((*log)->originator()).size() >= one.originator &&
        (*log)->said_by((*log)->receiver()).size() >= one.receiver)
      continue;
    recall->second.missing.emplace(one.transfer, one);
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
    if (*log && (*log)->is_offered())
      send(**log, true, now);
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
    if (!*log || !(*log)->is_offered()) continue;
    const std::size_t before = (*log)->said_by(me_).size();
    if (auto more = advance(**log, now, journal); !more) return more;
    if ((*log)->said_by(me_).size() == before) continue;
    sending_[id] = {peer, now + limits::transfer_resend_ms_first, limits::transfer_resend_ms_first};
    send(**log, true, now);
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
    if (!*log || !(*log)->is_offered()) {
      it = sending_.erase(it);
      continue;
    }
    send(**log, true, now);
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
    if (sending.to != peer || sending.wait_ms <= limits::transfer_resend_ms_first * 2) return;
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

void TransferEngine::send(const TransferLog& log, bool wants_reply, Instant now) {
  post(log.other(me_), Kind::transfer,
       encode_transfer(
           {log.id(), encoded(log.said_by(log.originator())), encoded(log.said_by(log.receiver())), wants_reply}),
       now);
}

void TransferEngine::post(const MemberId& to, Kind kind, Bytes payload, Instant now) {
  Outgoing message;
  message.to = to;
  message.kind = kind;
  message.id = MessageId::make(random_);
  message.expires = now + limits::transfer_message_life_ms;
  message.payload = std::move(payload);
  outgoing_.push_back(std::move(message));
}

void TransferEngine::send_again(Sending& sending, Instant now) {
  sending.due = now + sending.wait_ms;
  sending.wait_ms = std::min(sending.wait_ms * 2, limits::transfer_resend_ms_max);
}

}  // namespace ginnel
