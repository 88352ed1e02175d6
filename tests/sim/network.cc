// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/network.h"

#include <algorithm>

namespace ginnel::sim {

void SimNetwork::send(const MemberId& from, const MemberId& to, ByteView frame) {
  Packet packet{from, to, copy_of(frame), clock_.now()};
  if (on_send) on_send(packet);
  log.push_back(packet);
  // The dice are cast in the same order whatever comes of them, so that a seed stays the same run.
  const bool is_lost = random_.below(100) < faults_.loss_percent;
  const bool is_doubled = random_.below(100) < faults_.duplication_percent;
  if (auto lose = lose_.find({from, to}); lose != lose_.end() && lose->second > 0) {
    --lose->second;
    return;
  }
  if (is_lost || cut_.contains({from, to})) return;
  if (is_doubled) enqueue(packet);
  enqueue(std::move(packet));
}

void SimNetwork::inject(const MemberId& from, const MemberId& to, Bytes frame) {
  on_the_way_.emplace(clock_.now(), Packet{from, to, std::move(frame), clock_.now()});
}

void SimNetwork::enqueue(Packet packet) {
  const auto spread = std::uint64_t(faults_.delay_ms_max - faults_.delay_ms_min + 1);
  const Instant arrives = clock_.now() + faults_.delay_ms_min + std::int64_t(random_.below(spread));
  on_the_way_.emplace(arrives, std::move(packet));
}

bool SimNetwork::deliver() {
  bool any = false;
  while (!on_the_way_.empty() && on_the_way_.begin()->first <= clock_.now()) {
    Packet packet = std::move(on_the_way_.begin()->second);
    on_the_way_.erase(on_the_way_.begin());
    any = true;
    if (down_.contains(packet.to)) continue;
    auto& inbox = inboxes_[packet.to];
    const auto waiting =
        std::count_if(inbox.begin(), inbox.end(), [&](const Frame& f) { return f.from == packet.from; });
    if (waiting < limits::receive_queue_frames_max) inbox.push_back({packet.from, std::move(packet.frame)});
  }
  return any;
}

std::optional<Instant> SimNetwork::next_arrival() const {
  return on_the_way_.empty() ? std::nullopt : std::optional<Instant>(on_the_way_.begin()->first);
}

std::vector<Frame> SimNetwork::take(const MemberId& to, std::size_t frames_max) {
  auto& inbox = inboxes_[to];
  std::vector<Frame> out;
  while (!inbox.empty() && out.size() < frames_max) {
    out.push_back(std::move(inbox.front()));
    inbox.pop_front();
    if (on_take) on_take(to, out.back());
  }
  return out;
}

bool SimNetwork::has_frames_for(const MemberId& to) const { return waiting_for(to) > 0; }

std::size_t SimNetwork::waiting_for(const MemberId& to) const {
  auto inbox = inboxes_.find(to);
  return inbox == inboxes_.end() ? 0 : inbox->second.size();
}

void SimNetwork::set_down(const MemberId& member, bool is_down) {
  if (is_down)
    down_.insert(member), inboxes_.erase(member);
  else
    down_.erase(member);
}

Sent SimTransport::send(const MemberId& to, ByteView frame) {
  if (frame.size() > limits::frame_bytes_max) {
    ++counters_.oversize;
    return Sent::oversize;
  }
  network_.send(me_, to, frame);
  ++counters_.sent;
  return Sent::queued;
}

std::vector<Frame> SimTransport::receive(std::size_t frames_max) {
  auto frames = network_.take(me_, frames_max);
  counters_.received += frames.size();
  return frames;
}

}  // namespace ginnel::sim
