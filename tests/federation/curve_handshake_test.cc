// SPDX-License-Identifier: Apache-2.0
// The handshake by hand against libzmq's own.
#include "federation/base/crypto/curve_handshake.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "federation/transport/zmq_transport.h"

namespace ginnel {
namespace {

using Step = CurveHandshake::Step;

class CurveHandshakeTest : public testing::Test {
 protected:
  SeededRandom random{3};
  CurveKey server = CurveKey::make(random), mine = CurveKey::make(random);
  std::unique_ptr<ZmqTransport> transport =
      ZmqTransport::open({*MemberId::parse("leeds-csc"), "tcp://127.0.0.1:*", server}).value();

  void admit(const PublicKey& key) {
    const std::vector<PeerKeys> peers = {{*MemberId::parse("wy-police"), {}, PublicKey{1}, {key}}};
    transport->set_peers(peers);
  }

  // Until the handshake ends, the other end closes, or two seconds are over.
  Step connect(CurveHandshake& handshake) {
    const std::string& endpoint = transport->endpoint();
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(std::uint16_t(std::stoi(endpoint.substr(endpoint.rfind(':') + 1))));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    auto send = [fd](const Bytes& bytes) { return ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL); };
    send(handshake.start());
    for (int i = 0; i < 200; ++i) {
      transport->wait(5);
      pollfd polled{fd, POLLIN, 0};
      if (::poll(&polled, 1, 5) <= 0) continue;
      std::uint8_t byte;  // one at a time: the other end's pieces come in any cut
      const ssize_t got = ::recv(fd, &byte, 1, 0);
      if (got <= 0) break;
      std::uint8_t more[2048];
      const ssize_t rest = ::recv(fd, more, sizeof more, MSG_DONTWAIT);
      send(handshake.receive(ByteView(&byte, 1)));
      if (rest > 0) send(handshake.receive(ByteView(more, std::size_t(rest))));
      if (handshake.step() == Step::admitted || handshake.step() == Step::not_zmq) break;
    }
    ::close(fd);
    return handshake.step();
  }
};

TEST_F(CurveHandshakeTest, a_key_that_is_known_is_admitted) {
  admit(mine.public_key);
  CurveHandshake handshake(mine, server.public_key, random);
  EXPECT_EQ(connect(handshake), Step::admitted);
}

TEST_F(CurveHandshakeTest, a_key_that_is_not_known_comes_to_its_own_step_and_no_further) {
  admit(CurveKey::make(random).public_key);
  CurveHandshake handshake(mine, server.public_key, random);
  EXPECT_EQ(connect(handshake), Step::ready);
}

TEST_F(CurveHandshakeTest, a_server_with_another_key_than_expected_is_told_apart) {
  admit(mine.public_key);
  CurveHandshake handshake(mine, CurveKey::make(random).public_key, random);
  EXPECT_EQ(connect(handshake), Step::welcome);
}

TEST_F(CurveHandshakeTest, what_speaks_something_else_is_no_zmq) {
  for (std::string_view text : {"HTTP/1.1 400 Bad Request\r\n", "SSH-2.0-x\r\n", "\x16\x03\x01"}) {
    CurveHandshake handshake(mine, server.public_key, random);
    EXPECT_TRUE(handshake.receive(view_of(text)).empty());
    EXPECT_EQ(handshake.step(), Step::not_zmq) << text;
  }
  Bytes null_mechanism(64, 0);
  null_mechanism[0] = 0xff;
  null_mechanism[9] = 0x7f;
  null_mechanism[10] = 3;
  CurveHandshake handshake(mine, server.public_key, random);
  handshake.receive(null_mechanism);
  EXPECT_EQ(handshake.step(), Step::not_zmq);
}

// libzmq sends the first ten bytes, and the rest when it has seen ours: the doctor took one node in six for none.
TEST_F(CurveHandshakeTest, a_greeting_in_pieces_is_one_greeting) {
  CurveHandshake handshake(mine, server.public_key, random);
  Bytes bytes = handshake.start();
  bytes[32] = 1;
  for (std::size_t at = 0; at + 1 < bytes.size(); ++at) {
    EXPECT_TRUE(handshake.receive(ByteView(bytes).subspan(at, 1)).empty());
    ASSERT_EQ(handshake.step(), Step::greeting) << "after byte " << at;
  }
  EXPECT_FALSE(handshake.receive(ByteView(bytes).last(1)).empty());
  EXPECT_EQ(handshake.step(), Step::welcome);
}

TEST_F(CurveHandshakeTest, a_command_longer_than_any_is_not_waited_for) {
  CurveHandshake handshake(mine, server.public_key, random);
  Bytes bytes = handshake.start();
  bytes[32] = 1;
  handshake.receive(bytes);
  ASSERT_EQ(handshake.step(), Step::welcome);
  Bytes head = {0x06};
  put_u64(head, std::uint64_t{1} << 40);
  handshake.receive(head);
  EXPECT_EQ(handshake.step(), Step::not_zmq);
}

}  // namespace
}  // namespace ginnel
