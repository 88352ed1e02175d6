// SPDX-License-Identifier: Apache-2.0
// What the engines give to be sent: a message without its envelope, whom it is for and until when it is worth sending.
#pragma once

#include <utility>

#include "federation/base/clock.h"
#include "federation/wire/envelope.h"

namespace ginnel {

// A message to be sealed and sent once the turn is durable.
struct Outgoing {
  MemberId to;
  Kind kind = Kind::none;
  MessageId id;
  MessageId correlation;
  Instant expires;
  Instant not_before;  // not set: it leaves as soon as it may
  Bytes payload;
};

// With an id of its own, worth sending for so long.
inline Outgoing outgoing_to(const MemberId& to, Kind kind, Bytes payload, Instant expires, Random& random) {
  return {to, kind, MessageId::make(random), {}, expires, {}, std::move(payload)};
}

}  // namespace ginnel
