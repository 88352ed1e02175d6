// SPDX-License-Identifier: Apache-2.0
// Real sockets on loopback.
#include "node/doctor/probe.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "federation/transport/zmq_transport.h"

namespace ginnel {
namespace {

// A port on which somebody listens who never accepts; its queue takes connections.
class Listener {
 public:
  Listener() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    endpoint_ = "tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  ~Listener() { ::close(fd_); }
  void listen() { ::listen(fd_, 8); }
  const std::string& endpoint() const { return endpoint_; }

 private:
  int fd_;
  std::string endpoint_;
};

TEST(Probe, tells_at_which_hop_each_of_many_peers_is_lost) {
  SeededRandom random(5);
  const CurveKey server = CurveKey::make(random), mine = CurveKey::make(random), other = CurveKey::make(random);
  const CurveKey closed_out = CurveKey::make(random);
  auto transport = ZmqTransport::open({*MemberId::parse("leeds-csc"), "tcp://127.0.0.1:*", server}).value();
  const std::vector<PeerKeys> peers = {{*MemberId::parse("wy-police"), {}, PublicKey{1}, {mine.public_key}}};
  transport->set_peers(peers);
  transport->set_revoked(std::vector{closed_out.public_key});
  std::atomic<bool> is_over = false;
  std::thread loop([&] {
    while (!is_over) transport->wait(20);
  });
  Listener closed, silent;
  silent.listen();

  const auto target = [](const char* name, std::string endpoint, const PublicKey& key) {
    return ProbeTarget{*MemberId::parse(name), std::move(endpoint), key};
  };
  const std::string at = transport->endpoint();
  const auto found = probe_peers(
      {target("aa", at, server.public_key), target("bb", at, other.public_key),
       target("cc", closed.endpoint(), server.public_key), target("dd", silent.endpoint(), server.public_key),
       target("ee", "tcp://no-such-name.invalid:1", server.public_key), target("ff", "", server.public_key)},
      mine, random);
  const auto revoked = probe_peers({target("aa", at, server.public_key)}, closed_out, random);
  const auto strangers = probe_peers({target("aa", at, server.public_key)}, other, random);
  is_over = true;
  loop.join();
  ASSERT_EQ(found.size(), 6u);
  ASSERT_EQ(revoked.size(), 1u);
  EXPECT_EQ(revoked[0].reach, ProbeReach::revoked);
  EXPECT_EQ(found[0].reach, ProbeReach::admitted);
  EXPECT_EQ(found[1].reach, ProbeReach::other_key);
  EXPECT_EQ(found[2].reach, ProbeReach::refused);
  EXPECT_EQ(found[3].reach, ProbeReach::no_greeting);
  EXPECT_EQ(found[4].reach, ProbeReach::unresolved);
  EXPECT_EQ(found[5].reach, ProbeReach::no_endpoint);
  EXPECT_EQ(strangers.at(0).reach, ProbeReach::not_admitted);
}

}  // namespace
}  // namespace ginnel
