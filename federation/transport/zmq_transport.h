// SPDX-License-Identifier: Apache-2.0
// The Transport over ZeroMQ and CURVE: one DEALER to each peer to send on, one ROUTER to receive on.
//
// SECURITY: only the CURVE keys given to set_peers() pass the handshake, and each frame bears the member whose key it
// was. libzmq admits every key when nobody answers its ZAP requests; this class sets ZMQ_ZAP_ENFORCE_DOMAIN, so that it
// admits nobody then (docs/protocol/transport.md).
//
// Thread: one thread uses an object; wake() alone may be called from any. Handshakes are answered within wait().
#pragma once

#include <memory>
#include <span>
#include <string>

#include "federation/base/crypto/sign.h"
#include "federation/base/error.h"
#include "federation/directory/directory.h"
#include "federation/transport/transport.h"
#include "federation/wire/limits.h"

namespace ginnel {

class ZmqTransport : public Transport {
 public:
  struct Options {
    MemberId me;
    std::string listen;  // "tcp://127.0.0.1:7445"; port 0 or * chooses one
    CurveKey key;
    int peer_queue_frames = limits::peer_queue_frames_max;
    // False leaves out the ZAP handler. A test shows that nobody is admitted then.
    bool answers_handshakes = true;
  };
  // `cannot-listen` if the address is taken or is none.
  static Expected<std::unique_ptr<ZmqTransport>> open(const Options& options);
  ~ZmqTransport() override;

  // Replaces the whole list. Connections to peers that stay as they were are kept; a peer that is gone is neither
  // heard nor sent to from here on.
  void set_peers(std::span<const PeerKeys> peers);
  // Keys that are refused for good, with a word of its own: those of members that were revoked.
  void set_revoked(std::span<const PublicKey> keys);

  // From here on this node is `key`, as server and as client: it listens anew and connects to everybody anew. What was
  // under way is lost, and sent again by the engines. `cannot-listen` if the address could not be taken again in
  // limits::rebind_ms_max; frames then only go out, until the next call.
  Expected<void> use_key(const CurveKey& key);

  Sent send(const MemberId& to, ByteView frame) override;
  std::vector<Frame> receive(std::size_t frames_max) override;
  TransportCounters counters() const override;
  std::vector<MemberId> says_revoked() const override;

  // Returns when a frame may be there, wake() was called, or the time is over. Answers handshakes meanwhile.
  void wait(int timeout_ms);
  // Thread-safe: the current or next wait() returns.
  void wake();

  const std::string& endpoint() const;  // what it listens on, the port resolved

 private:
  class Sockets;
  explicit ZmqTransport(std::unique_ptr<Sockets> sockets);
  std::unique_ptr<Sockets> sockets_;
};

}  // namespace ginnel
