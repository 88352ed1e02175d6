// SPDX-License-Identifier: Apache-2.0
#include "federation/ask/answer_engine.h"

#include <algorithm>

namespace ginnel {

const AnswerEngine::Given* AnswerEngine::find(const MemberId& from, const AskId& ask) const {
  auto peer = peers_.find(from);
  if (peer == peers_.end()) return nullptr;
  auto kept = std::find_if(peer->second.answers.begin(), peer->second.answers.end(),
                           [&](const Kept& one) { return one.ask == ask; });
  return kept == peer->second.answers.end() ? nullptr : &kept->given;
}

void AnswerEngine::keep(const MemberId& from, const AskId& ask, Given given, Instant now) {
  if (find(from, ask)) return;
  Peer& peer = peers_[from];
  Kept kept{ask, std::move(given), 0, now};
  for (const auto& page : kept.given.pages) kept.bytes += page.size();
  peer.bytes += kept.bytes;
  peer.answers.push_back(std::move(kept));
  // The newest stays whatever its size: somebody is about to ask for its pages.
  while (peer.answers.size() > 1 && (peer.answers.size() > limits::answers_kept_per_peer_max ||
                                     peer.bytes > limits::answers_kept_bytes_per_peer_max))
    drop_oldest(peer);
}

void AnswerEngine::forget(const MemberId& from, const AskId& ask) {
  auto peer = peers_.find(from);
  if (peer == peers_.end()) return;
  auto kept = std::find_if(peer->second.answers.begin(), peer->second.answers.end(),
                           [&](const Kept& one) { return one.ask == ask; });
  if (kept == peer->second.answers.end()) return;
  peer->second.bytes -= kept->bytes;
  peer->second.answers.erase(kept);
}

void AnswerEngine::tick(Instant now) {
  for (auto& [member, peer] : peers_)
    while (!peer.answers.empty() && now - peer.answers.front().since > limits::answers_kept_ms) drop_oldest(peer);
}

void AnswerEngine::drop_oldest(Peer& peer) {
  peer.bytes -= peer.answers.front().bytes;
  peer.answers.pop_front();
}

}  // namespace ginnel
