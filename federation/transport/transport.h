// SPDX-License-Identifier: Apache-2.0
// Transport: the seam between a node and the wires. Frames go out to members and come in from authenticated ones.
//
// Thread: one, the loop's. Nothing blocks. Delivery is not promised: engines send again until they are answered.
// Queues are bounded per peer (limits::peer_queue_frames_max); what does not fit is dropped and counted.
#pragma once

#include <cstdint>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/id.h"

namespace ginnel {

struct Frame {
  MemberId from;  // who the transport authenticated, never what the frame says
  Bytes bytes;
};

enum class Sent : std::uint8_t {
  queued,
  not_taken,  // the peer is not connected or its queue is full; counted, and the transport goes on trying to reach it
  unknown_peer,  // not among the peers that the transport was given; counted
  oversize,      // longer than limits::frame_bytes_max; counted
};

struct TransportCounters {
  std::uint64_t sent = 0, received = 0;
  std::uint64_t rejected_handshakes = 0;          // keys that the directory does not hold
  std::uint64_t oversize = 0;                     // frames past limits::frame_bytes_max, either way
  std::uint64_t not_taken = 0, unknown_peer = 0;  // frames that send() dropped
  std::uint64_t not_admitted = 0;                 // frames on connections of peers that are none any more
  std::uint64_t malformed = 0;                    // messages that are not one frame
};

class Transport {
 public:
  virtual ~Transport() = default;
  virtual Sent send(const MemberId& to, ByteView frame) = 0;
  // At most `frames_max`, in the order of arrival per peer, fairly among peers.
  virtual std::vector<Frame> receive(std::size_t frames_max) = 0;
  virtual TransportCounters counters() const = 0;
  // Peers whose nodes said, instead of admitting this one, that its member is revoked. Their word alone.
  virtual std::vector<MemberId> says_revoked() const { return {}; }
};

}  // namespace ginnel
