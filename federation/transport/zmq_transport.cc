// SPDX-License-Identifier: Apache-2.0
#include "federation/transport/zmq_transport.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <map>
#include <set>
#include <thread>
#include <zmq.hpp>

#include "federation/base/check.h"

namespace ginnel {
namespace {

// libzmq 4.3.4 has the option but names it among its drafts only.
constexpr int zap_enforce_domain_option = 93;
constexpr const char* zap_domain = "ginnel";
constexpr std::uint32_t zap_revoked_status = 400;
constexpr const char* zap_endpoint = "inproc://zeromq.zap.01";  // RFC 27/ZAP

std::string as_text(const PublicKey& key) { return {reinterpret_cast<const char*>(key.data()), key.size()}; }
std::string as_text(const SecretKey& key) { return std::string(text_of(key.bytes())); }

// Without these a process that is told to stop waits for peers that never come.
void set_common(zmq::socket_t& socket) {
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::handshake_ivl, limits::handshake_ms_max);
  socket.set(zmq::sockopt::heartbeat_ivl, limits::heartbeat_ms);
  socket.set(zmq::sockopt::heartbeat_timeout, limits::heartbeat_timeout_ms);
}

// The rest of a message whose parts are not wanted.
void skip_rest(zmq::socket_t& socket, zmq::message_t& part) {
  while (part.more())
    if (!socket.recv(part, zmq::recv_flags::dontwait)) return;
}

}  // namespace

class ZmqTransport::Sockets {
 public:
  explicit Sockets(const Options& options) : options_(options), wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    CHECK(wake_ >= 0);
    context_.set(zmq::ctxopt::max_sockets, int(limits::peers_max) + 64);
  }
  ~Sockets() {
    peers_.clear();
    router_.close();
    zap_.close();
    ::close(wake_);
  }
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  // Throws zmq::error_t.
  void listen() {
    if (options_.answers_handshakes) {
      zap_ = zmq::socket_t(context_, zmq::socket_type::rep);
      zap_.set(zmq::sockopt::linger, 0);
      zap_.bind(zap_endpoint);
    }
    open_router(options_.listen);
  }

  // Throws zmq::error_t.
  void open_router(const std::string& address) {
    router_ = zmq::socket_t(context_, zmq::socket_type::router);
    set_common(router_);
    router_.set(zmq::sockopt::rcvhwm, limits::receive_queue_frames_max);
    router_.set(zmq::sockopt::sndhwm, 1);  // it never sends
    router_.set(zmq::sockopt::maxmsgsize, limits::transport_message_bytes_max);
    router_.set(zmq::sockopt::curve_server, true);
    router_.set(zmq::sockopt::curve_secretkey, as_text(options_.key.secret));
    router_.set(zmq::sockopt::zap_domain, zap_domain);
    // SECURITY: with a domain but without a handler libzmq 4.3.4 admits every key, unless this is set.
    const int enforce = 1;
    if (zmq_setsockopt(router_.handle(), zap_enforce_domain_option, &enforce, sizeof enforce) != 0)
      throw zmq::error_t();
    router_.bind(address);
    endpoint_ = router_.get(zmq::sockopt::last_endpoint);
  }

  Expected<void> use_key(const CurveKey& key) {
    options_.key = key;
    for (auto& [id, peer] : peers_) {
      peer.dealer = connect(peer.keys, peer.monitor);
      peer.says_revoked = false;
    }
    router_.close();
    for (int waited_ms = 0;; waited_ms += limits::rebind_again_ms) {
      try {
        open_router(endpoint_);
        return {};
      } catch (const zmq::error_t& error) {
        if (waited_ms >= limits::rebind_ms_max)
          return fail("cannot-listen", "cannot listen on `" + endpoint_ + "` with the new key", error.what(),
                      "start the node again");
        std::this_thread::sleep_for(std::chrono::milliseconds(limits::rebind_again_ms));
      }
    }
  }

  void set_peers(std::span<const PeerKeys> peers) {
    std::map<MemberId, Peer> kept;
    user_of_key_.clear();
    member_of_user_.clear();
    for (const auto& keys : peers.first(std::min(peers.size(), limits::peers_max))) {
      for (const auto& key : keys.client_keys) admit(key, keys.id);
      auto at = peers_.find(keys.id);
      const bool is_same = at != peers_.end() && at->second.keys.endpoints == keys.endpoints &&
                           at->second.keys.server_key == keys.server_key;
      if (is_same) {
        at->second.keys = keys;
        kept.insert(peers_.extract(at));
      } else {
        Peer peer{keys, {}};
        peer.dealer = connect(keys, peer.monitor);
        kept.emplace(keys.id, std::move(peer));
      }
    }
    peers_ = std::move(kept);
  }

  Sent send(const MemberId& to, ByteView frame) {
    if (frame.size() > limits::frame_bytes_max) return ++counters_.oversize, Sent::oversize;
    auto peer = peers_.find(to);
    if (peer == peers_.end()) return ++counters_.unknown_peer, Sent::unknown_peer;
    try {
      zmq::message_t message(frame.data(), frame.size());
      if (peer->second.dealer && peer->second.dealer.send(message, zmq::send_flags::dontwait))
        return ++counters_.sent, Sent::queued;
    } catch (const zmq::error_t&) {
      // As any other failure to take it.
    }
    return ++counters_.not_taken, Sent::not_taken;
  }

  void set_revoked(std::span<const PublicKey> keys) { revoked_ = {keys.begin(), keys.end()}; }

  std::vector<MemberId> says_revoked() const {
    std::vector<MemberId> out;
    for (const auto& [id, peer] : peers_)
      if (peer.says_revoked) out.push_back(id);
    return out;
  }

  std::vector<Frame> receive(std::size_t frames_max) {
    std::vector<Frame> frames;
    try {
      answer_handshakes();
      hear_refusals();
      // Refused messages count too: a peer that sends nonsense cannot keep the loop here.
      for (std::size_t i = 0; i < frames_max; ++i)
        if (!receive_one(frames)) break;
    } catch (const zmq::error_t&) {
      // Interrupted: what was read is good, the rest comes with the next call.
    }
    return frames;
  }

  void wait(int timeout_ms) {
    using Clock = std::chrono::steady_clock;
    const auto until = Clock::now() + std::chrono::milliseconds(timeout_ms);
    try {
      for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        std::array<zmq::pollitem_t, 3> items = {
            {{nullptr, wake_, ZMQ_POLLIN, 0}, {router_.handle(), 0, ZMQ_POLLIN, 0}, {zap_.handle(), 0, ZMQ_POLLIN, 0}}};
        const std::size_t count = zap_ ? 3 : 2;
        zmq::poll(items.data(), count, std::max(left, std::chrono::milliseconds(0)));
        if (items[2].revents != 0) answer_handshakes();
        if (items[0].revents != 0) {
          std::uint64_t ignored = 0;
          [[maybe_unused]] auto got = ::read(wake_, &ignored, sizeof ignored);
          return;
        }
        if (items[1].revents != 0 || Clock::now() >= until) return;
      }
    } catch (const zmq::error_t&) {
      // Interrupted by a signal: the caller looks at what it asked to be woken for.
    }
  }

  void wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] auto written = ::write(wake_, &one, sizeof one);  // full means that a wake is pending
  }

  const TransportCounters& counters() const { return counters_; }
  const std::string& endpoint() const { return endpoint_; }

 private:
  struct Peer {
    PeerKeys keys;
    zmq::socket_t dealer;     // none when the peer has no endpoint that can be connected to
    zmq::socket_t monitor{};  // tells of the dealer's refused handshakes; none past limits::watched_peers_max
    bool says_revoked = false;
  };

  // ZAP's user id is what a connection is known by from its handshake on: the member and the key.
  void admit(const PublicKey& key, const MemberId& member) {
    const std::string user = member.text() + " " + to_hex(key);
    if (user_of_key_.emplace(key, user).second) member_of_user_.emplace(user, member);
  }

  // The endpoint is the peer's word, so failing is an operating matter.
  zmq::socket_t connect(const PeerKeys& keys, zmq::socket_t& monitor) {
    monitor = {};
    // SECURITY: only TCP. `inproc:` would reach this node's own sockets, `ipc:` its machine's.
    if (keys.endpoints.empty() || !keys.endpoints.front().starts_with("tcp://")) return {};
    try {
      zmq::socket_t dealer(context_, zmq::socket_type::dealer);
      set_common(dealer);
      dealer.set(zmq::sockopt::immediate, true);  // else it queues for a peer that may never come
      dealer.set(zmq::sockopt::sndhwm, options_.peer_queue_frames);
      dealer.set(zmq::sockopt::rcvhwm, 1);  // nothing is read from it
      dealer.set(zmq::sockopt::maxmsgsize, limits::unwanted_message_bytes_max);
      dealer.set(zmq::sockopt::reconnect_ivl, limits::reconnect_ms_min);
      dealer.set(zmq::sockopt::reconnect_ivl_max, limits::reconnect_ms_max);
      dealer.set(zmq::sockopt::curve_serverkey, as_text(keys.server_key));
      dealer.set(zmq::sockopt::curve_publickey, as_text(options_.key.public_key));
      dealer.set(zmq::sockopt::curve_secretkey, as_text(options_.key.secret));
      if (peers_.size() < limits::watched_peers_max) {
        const std::string events = "inproc://handshakes-" + std::to_string(++monitors_);
        if (zmq_socket_monitor(dealer.handle(), events.c_str(), ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) == 0) {
          monitor = zmq::socket_t(context_, zmq::socket_type::pair);
          monitor.set(zmq::sockopt::linger, 0);
          monitor.connect(events);
        }
      }
      dealer.connect(keys.endpoints.front());
      return dealer;
    } catch (const zmq::error_t&) {
      return {};
    }
  }

  bool receive_one(std::vector<Frame>& frames) {
    zmq::message_t part;
    if (!router_.recv(part, zmq::recv_flags::dontwait)) return false;
    // The first part is the connection's routing id, which the peer chose: it says nothing.
    if (!part.more() || !router_.recv(part, zmq::recv_flags::dontwait)) return ++counters_.malformed, true;
    if (part.more()) {
      skip_rest(router_, part);
      return ++counters_.malformed, true;
    }
    const char* user = zmq_msg_gets(part.handle(), "User-Id");
    const auto from = member_of_user_.find(user == nullptr ? "" : user);
    // SECURITY: a connection outlives a revocation, of a member or of a key, so each frame is held against the list in
    // force.
    if (from == member_of_user_.end()) return ++counters_.not_admitted, true;
    if (part.size() > limits::frame_bytes_max) return ++counters_.oversize, true;
    const auto* bytes = part.data<std::uint8_t>();
    frames.push_back({from->second, Bytes(bytes, bytes + part.size())});
    ++counters_.received;
    return true;
  }

  // An event is its number and value, then the endpoint. The value of a refusal is ZAP's status.
  void hear_refusals() {
    const auto now = std::chrono::steady_clock::now();
    if (now < hear_refusals_at_) return;
    hear_refusals_at_ = now + std::chrono::milliseconds(limits::refusals_heard_every_ms);
    for (auto& [id, peer] : peers_) {
      zmq::message_t event;
      while (peer.monitor && peer.monitor.recv(event, zmq::recv_flags::dontwait)) {
        std::uint32_t status = 0;
        if (event.size() >= 6) std::memcpy(&status, static_cast<const char*>(event.data()) + 2, sizeof status);
        peer.says_revoked = peer.says_revoked || status == zap_revoked_status;
        skip_rest(peer.monitor, event);
      }
    }
  }

  void answer_handshakes() {
    if (!zap_) return;
    for (int i = 0; i < limits::handshakes_per_turn_max; ++i) {
      std::vector<std::string> request;
      zmq::message_t part;
      if (!zap_.recv(part, zmq::recv_flags::dontwait)) return;
      request.push_back(part.to_string());
      while (part.more() && zap_.recv(part, zmq::recv_flags::none)) request.push_back(part.to_string());
      answer(request);
    }
  }

  // A request is version, request id, domain, address, identity, mechanism, key; a reply version, request id, status,
  // text, user id, metadata (RFC 27/ZAP).
  void answer(const std::vector<std::string>& request) {
    const std::string* user = nullptr;
    bool is_revoked = false;
    if (request.size() == 7 && request[2] == zap_domain && request[5] == "CURVE") {
      PublicKey key{};
      if (request[6].size() == key.size()) {
        std::copy(request[6].begin(), request[6].end(), key.begin());
        if (auto at = user_of_key_.find(key); at != user_of_key_.end()) user = &at->second;
        is_revoked = user == nullptr && revoked_.contains(key);
      }
    }
    if (user == nullptr) ++counters_.rejected_handshakes;
    // 300 and not 400: after a 400 a libzmq client never connects again, and a member whose newest key statement has
    // not come yet would be cut off for good. A revoked one is, and this is how it learns that it is.
    const std::array<std::string, 6> reply = {"1.0",
                                              request.size() > 1 ? request[1] : "",
                                              user != nullptr ? "200"
                                              : is_revoked    ? "400"
                                                              : "300",
                                              user != nullptr ? "OK"
                                              : is_revoked    ? "revoked"
                                                              : "not a member",
                                              user != nullptr ? *user : "",
                                              ""};
    for (std::size_t i = 0; i < reply.size(); ++i)
      zap_.send(zmq::buffer(reply[i]), i + 1 < reply.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
  }

  Options options_;
  zmq::context_t context_;
  zmq::socket_t zap_, router_;
  int wake_;
  std::map<MemberId, Peer> peers_;
  std::set<PublicKey> revoked_;
  std::uint64_t monitors_ = 0;
  std::chrono::steady_clock::time_point hear_refusals_at_;
  std::map<PublicKey, std::string> user_of_key_;
  std::map<std::string, MemberId, std::less<>> member_of_user_;
  TransportCounters counters_;
  std::string endpoint_;
};

Expected<std::unique_ptr<ZmqTransport>> ZmqTransport::open(const Options& options) {
  try {
    auto sockets = std::make_unique<Sockets>(options);
    sockets->listen();
    return std::unique_ptr<ZmqTransport>(new ZmqTransport(std::move(sockets)));
  } catch (const zmq::error_t& error) {
    return fail("cannot-listen", "cannot listen on `" + options.listen + "`", error.what(),
                "choose a free address of this machine in the configuration");
  }
}

ZmqTransport::ZmqTransport(std::unique_ptr<Sockets> sockets) : sockets_(std::move(sockets)) {}
ZmqTransport::~ZmqTransport() = default;
Expected<void> ZmqTransport::use_key(const CurveKey& key) { return sockets_->use_key(key); }
void ZmqTransport::set_peers(std::span<const PeerKeys> peers) { sockets_->set_peers(peers); }
Sent ZmqTransport::send(const MemberId& to, ByteView frame) { return sockets_->send(to, frame); }
std::vector<Frame> ZmqTransport::receive(std::size_t frames_max) { return sockets_->receive(frames_max); }
void ZmqTransport::set_revoked(std::span<const PublicKey> keys) { sockets_->set_revoked(keys); }
std::vector<MemberId> ZmqTransport::says_revoked() const { return sockets_->says_revoked(); }
TransportCounters ZmqTransport::counters() const { return sockets_->counters(); }
void ZmqTransport::wait(int timeout_ms) { sockets_->wait(timeout_ms); }
void ZmqTransport::wake() { sockets_->wake(); }
const std::string& ZmqTransport::endpoint() const { return sockets_->endpoint(); }

}  // namespace ginnel
