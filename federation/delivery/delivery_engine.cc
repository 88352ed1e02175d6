// SPDX-License-Identifier: Apache-2.0
#include "federation/delivery/delivery_engine.h"

#include <algorithm>

namespace ginnel {

void DeliveryEngine::wake(const MemberId& peer, Instant now) {
  Peer& one = peers_[peer];
  // The first is told at once. What comes until its receipt is there goes together.
  if (!one.due) one.due = one.flights.empty() ? now : now + settings_.batching_ms;
}

void DeliveryEngine::heard(const MemberId& peer) {
  auto found = peers_.find(peer);
  if (found == peers_.end() || !found->second.is_silent) return;
  Peer& one = found->second;
  one.wait_ms = limits::delivery_retry_ms_first;
  // Not sooner than a first retry, or whoever asks much and takes nothing would be sent the same without end.
  for (auto& flight : one.flights) flight.overdue = std::min(flight.overdue, flight.sent_at + one.wait_ms);
}

Expected<void> DeliveryEngine::receive(const MemberId& from, const Receipt& receipt, ByteView signed_receipt,
                                       Instant now, Outbox& outbox) {
  Peer& peer = peers_[from];
  std::vector<Settled> settled;
  for (const auto& line : receipt.lines) {
    auto queued = outbox.find(from, line.notice);
    if (!queued) return tl::unexpected(queued.error());
    if (!*queued) continue;
    if (line.outcome == Outcome::later) {
      stick(peer, **queued, now);
      continue;
    }
    settled.push_back({**queued, line.outcome});
    peer.stuck.erase((*queued)->child);
  }
  if (!settled.empty())
    if (auto done = outbox.settle(from, settled, signed_receipt); !done) return done;
  // A flight is over when each of its notices is settled or held back by itself.
  const auto names = [&](const NoticeId& id) {
    return std::any_of(receipt.lines.begin(), receipt.lines.end(), [&](const auto& line) { return line.notice == id; });
  };
  for (std::size_t at = peer.flights.size(); at-- > 0;) {
    auto& notices = peer.flights[at].notices;
    std::map<ChildMark, bool> still;
    for (const auto& one : notices) still[one.child] |= !names(one.id);
    std::vector<Queued> left;
    for (const auto& one : notices)
      if (still[one.child]) left.push_back(one);
    if (left.size() == notices.size()) continue;
    for (const auto& [child, is_under_way] : still)
      if (auto waits = peer.behind.find(child); !is_under_way && waits != peer.behind.end()) {
        peer.cursor = std::min(peer.cursor, waits->second);
        peer.behind.erase(waits);
      }
    notices = std::move(left);
    if (notices.empty()) peer.flights.erase(peer.flights.begin() + std::ptrdiff_t(at));
  }
  peer.is_silent = false;
  peer.wait_ms = limits::delivery_retry_ms_first;
  peer.due = now;
  return {};
}

Expected<void> DeliveryEngine::tick(Instant now, Outbox& outbox) {
  for (auto at = peers_.begin(); at != peers_.end();) {
    Peer& peer = at->second;
    expire(peer, now);
    for (auto& [child, stuck] : peer.stuck) {
      if (stuck.is_tried || now < stuck.until) continue;
      stuck.is_tried = true;
      peer.cursor = std::min(peer.cursor, stuck.first);
      peer.due = now;
    }
    if (peer.due && *peer.due <= now) {
      peer.due.reset();
      if (auto pumped = pump(at->first, peer, now, outbox); !pumped) return pumped;
    }
    const bool is_any_stuck =
        std::any_of(peer.stuck.begin(), peer.stuck.end(), [](const auto& one) { return !one.second.is_tried; });
    const bool is_idle = peer.flights.empty() && !is_any_stuck && !peer.due;
    at = is_idle ? peers_.erase(at) : std::next(at);
  }
  return {};
}

std::optional<Instant> DeliveryEngine::next_tick() const {
  std::optional<Instant> next;
  const auto sooner = [&](Instant then) {
    if (!next || then < *next) next = then;
  };
  for (const auto& [id, peer] : peers_) {
    if (peer.due) sooner(*peer.due);
    for (const auto& flight : peer.flights) sooner(flight.overdue);
    for (const auto& [child, stuck] : peer.stuck)
      if (!stuck.is_tried) sooner(stuck.until);
  }
  return next;
}

void DeliveryEngine::clear() {
  peers_.clear();
  outgoing_.clear();
}

std::size_t DeliveryEngine::under_way(const MemberId& peer) const {
  auto found = peers_.find(peer);
  std::size_t count = 0;
  if (found != peers_.end())
    for (const auto& flight : found->second.flights) count += flight.notices.size();
  return count;
}

Expected<void> DeliveryEngine::pump(const MemberId& id, Peer& peer, Instant now, Outbox& outbox) {
  const Reach reach = outbox.reach(id, now);
  std::size_t looked_at = 0;
  const std::size_t flights_max = peer.is_silent ? 1 : limits::delivery_messages_per_peer_max;
  while (peer.flights.size() < flights_max) {
    auto more = fill(id, peer, reach, looked_at, now, outbox);
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
  }
  return {};
}

Expected<bool> DeliveryEngine::fill(const MemberId& id, Peer& peer, Reach reach, std::size_t& looked_at, Instant now,
                                    Outbox& outbox) {
  auto range = outbox.range(id);
  if (!range) return tl::unexpected(range.error());
  peer.cursor = std::max(peer.cursor, range->first);
  const auto waiting =
      std::count_if(peer.stuck.begin(), peer.stuck.end(), [](const auto& one) { return !one.second.is_tried; });
  if (std::size_t(waiting) >= limits::delivery_stuck_children_max) {  // as a recipient whose bound is spent makes it
    peer.due = now + jittered(limits::delivery_retry_ms_max);
    return false;
  }
  const std::size_t notices_max = peer.is_silent ? 1 : limits::notices_per_message_max;
  std::vector<Notice> notices;
  std::vector<Queued> sent;
  std::set<ChildMark> in_message;
  std::size_t bytes = 64;
  for (; peer.cursor < range->end && notices.size() < notices_max; ++peer.cursor) {
    if (++looked_at > limits::delivery_looked_at_max) {
      peer.due = now;  // the next turn goes on from here
      break;
    }
    auto queued = outbox.at(id, peer.cursor);
    if (!queued) return tl::unexpected(queued.error());
    if (!*queued) continue;
    if (reach == Reach::never || now - (*queued)->since >= settings_.give_up_ms) {
      if (auto given_up = outbox.give_up(id, **queued); !given_up) return tl::unexpected(given_up.error());
      continue;
    }
    if (reach == Reach::wait) {
      peer.due = now + jittered(limits::delivery_reach_again_ms);
      break;
    }
    if (is_held(peer, **queued, in_message, now)) continue;
    auto notice = outbox.release(id, **queued);
    if (!notice) {
      stick(peer, **queued, now);
      if (peer.stuck.size() >= limits::delivery_stuck_children_max) {
        peer.due = now + jittered(limits::delivery_retry_ms_max);
        break;
      }
      continue;
    }
    if (!*notice) continue;
    const std::size_t more_bytes = notice_bytes_at_most(**notice);
    if (!notices.empty() && bytes + more_bytes > limits::notice_message_bytes_max) break;  // it opens the next message
    bytes += more_bytes;
    in_message.insert((*queued)->child);
    notices.push_back(std::move(**notice));
    sent.push_back(**queued);
  }
  if (notices.empty()) return false;
  send(id, peer, std::move(notices), std::move(sent), now);
  return !peer.due;
}

// INVARIANT: a child is in one flight at most.
bool DeliveryEngine::is_held(Peer& peer, const Queued& queued, const std::set<ChildMark>& in_message,
                             Instant now) const {
  if (auto stuck = peer.stuck.find(queued.child); stuck != peer.stuck.end()) {
    const bool is_waiting = !stuck->second.is_tried && now < stuck->second.until;
    if (is_waiting) stuck->second.first = std::min(stuck->second.first, queued.number);
    if (is_waiting) return true;
  }
  if (in_message.contains(queued.child)) return false;
  const bool is_under_way = std::any_of(peer.flights.begin(), peer.flights.end(), [&](const Flight& flight) {
    return std::any_of(flight.notices.begin(), flight.notices.end(),
                       [&](const Queued& one) { return one.child == queued.child; });
  });
  if (!is_under_way) return false;
  auto [waits, is_first] = peer.behind.emplace(queued.child, queued.number);
  if (!is_first) waits->second = std::min(waits->second, queued.number);
  return true;
}

void DeliveryEngine::stick(Peer& peer, const Queued& queued, Instant now) {
  auto [at, is_new] = peer.stuck.try_emplace(queued.child);
  Stuck& stuck = at->second;
  if (!is_new && !stuck.is_tried) {
    stuck.first = std::min(stuck.first, queued.number);
    return;
  }
  if (!is_new) stuck.wait_ms = std::min(stuck.wait_ms * 2, limits::delivery_retry_ms_max);
  stuck.first = queued.number;
  stuck.until = now + jittered(stuck.wait_ms);
  stuck.is_tried = false;
}

void DeliveryEngine::send(const MemberId& id, Peer& peer, std::vector<Notice> notices, std::vector<Queued> queued,
                          Instant now) {
  auto payload = encode_notices(notices);
  if (!payload) {
    // One that cannot be written must not take the others with it: alone it is stuck, the others are tried one by one.
    if (queued.size() == 1) return stick(peer, queued.front(), now);
    for (std::size_t i = 0; i < notices.size(); ++i) {
      if (encode_notices({notices[i]}))
        peer.cursor = std::min(peer.cursor, queued[i].number);
      else
        stick(peer, queued[i], now);
    }
    peer.due = now;
    return;
  }
  outgoing_.push_back(
      outgoing_to(id, Kind::notice, std::move(*payload), now + limits::delivery_message_life_ms, random_));
  peer.flights.push_back({std::move(queued), now, now + jittered(peer.wait_ms)});
}

void DeliveryEngine::end_flight(Peer& peer, std::size_t at) {
  for (const auto& one : peer.flights[at].notices) {
    peer.cursor = std::min(peer.cursor, one.number);
    if (auto waits = peer.behind.find(one.child); waits != peer.behind.end()) {
      peer.cursor = std::min(peer.cursor, waits->second);
      peer.behind.erase(waits);
    }
  }
  peer.flights.erase(peer.flights.begin() + std::ptrdiff_t(at));
}

void DeliveryEngine::expire(Peer& peer, Instant now) {
  const bool any = std::any_of(peer.flights.begin(), peer.flights.end(),
                               [&](const Flight& flight) { return now >= flight.overdue; });
  if (!any) return;
  // What else is under way is as likely lost: a silent peer is tried with one notice.
  while (!peer.flights.empty()) end_flight(peer, peer.flights.size() - 1);
  peer.is_silent = true;
  peer.wait_ms = std::min(peer.wait_ms * 2, limits::delivery_retry_ms_max);
  peer.due = now;
}

// Between three quarters and five quarters of it: peers that fell silent together do not come back together.
std::int64_t DeliveryEngine::jittered(std::int64_t wait_ms) {
  return wait_ms * 3 / 4 + std::int64_t(random_.below(std::uint64_t(wait_ms / 2 + 1)));
}

}  // namespace ginnel
