// SPDX-License-Identifier: Apache-2.0
// Tries to reach peers, all at once and hop by hop: name, TCP, greeting, their key, ours.
//
// Thread: any; blocks for at most limits::probe_ms_max, and as long as the system takes to look names up. Nothing is
// sent beyond the handshake. Failure: is the result.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "federation/base/clock.h"
#include "federation/base/crypto/sign.h"
#include "federation/base/id.h"

namespace ginnel {

namespace limits {
inline constexpr std::int64_t probe_ms_max = 3000;
}

enum class ProbeReach : std::uint8_t {
  no_endpoint,   // its key statement names none that can be tried
  unresolved,    // the name has no address
  refused,       // nobody listens on that port
  unreachable,   // no route, or the network says no
  timed_out,     // no answer to the connection: a firewall, or the machine is off
  no_greeting,   // TCP stands, and the process says nothing
  not_zmq,       // something else listens there
  other_key,     // a node, but not with the key that we know
  not_admitted,  // that node, and it does not admit our key
  revoked,       // the same, and it says that our member is revoked
  admitted,
};

struct ProbeTarget {
  MemberId member;
  std::string endpoint;
  PublicKey server_key{};
};
struct Probe {
  MemberId member;
  ProbeReach reach = ProbeReach::no_endpoint;
  std::int64_t tcp_ms = 0, handshake_ms = 0;  // as far as it came
  std::string detail;                         // the system's word
};

std::vector<Probe> probe_peers(const std::vector<ProbeTarget>& targets, const CurveKey& own, Random& random);

}  // namespace ginnel
