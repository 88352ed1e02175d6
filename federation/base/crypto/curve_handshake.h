// SPDX-License-Identifier: Apache-2.0
// One CURVE handshake as a client, without sending anything afterwards: to tell why a peer cannot be reached.
//
//   greeting -> (the other end speaks ZMTP 3 with CURVE)
//   HELLO    -> WELCOME: the other end holds the secret of the key that we know it by
//   INITIATE -> READY:   it knows our key and admits us
//
// libzmq tells its user only that a connection failed; the doctor has to tell at which of these steps. ZMTP 3.0 is
// ZeroMQ RFC 23, CURVE is RFC 26.
//
// Sans-I/O: start() and receive() give what is to be sent; the caller has the connection and the time. When the other
// end closes it, step() tells how far it came.
//
// Thread: one. Failure: what is no such protocol ends in Step::not_zmq; nothing that comes may do more. Limits: below.
#pragma once

#include <cstdint>

#include "federation/base/bytes.h"
#include "federation/base/clock.h"
#include "federation/base/crypto/sign.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t handshake_command_bytes_max = 1024;  // of the other end's
}

class CurveHandshake {
 public:
  enum class Step : std::uint8_t {
    greeting,  // nothing, or not enough, has come
    welcome,   // it speaks CURVE; HELLO is out. Ends here: it has not the key that we know
    ready,     // it has that key; INITIATE is out. Ends here, or refused: it does not admit our key
    admitted,
    refused,  // with an error, in so many words
    revoked,  // the same, and the error is that of nodes for the keys of a member that was revoked
    not_zmq,
  };

  CurveHandshake(const CurveKey& own, const PublicKey& server, Random& random);

  Bytes start() const;            // the greeting
  Bytes receive(ByteView bytes);  // what came; what is to be sent now
  Step step() const { return step_; }

 private:
  Bytes hello();
  Bytes initiate(ByteView welcome);
  Bytes take_greeting();
  Bytes take_command(ByteView body);

  CurveKey own_, short_;
  PublicKey server_;
  Random& random_;
  Step step_ = Step::greeting;
  Bytes came_;
  PublicKey server_short_{};
};

}  // namespace ginnel
