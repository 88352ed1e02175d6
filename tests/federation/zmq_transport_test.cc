// SPDX-License-Identifier: Apache-2.0
#include "federation/transport/zmq_transport.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <thread>

#include "tests/federation/wire_samples.h"

namespace ginnel {
namespace {

using samples::member;
using Clock = std::chrono::steady_clock;

class ZmqTransportTest : public testing::Test {
 protected:
  struct Node {
    CurveKey key;
    std::unique_ptr<ZmqTransport> transport;
  };
  Node& start(const std::string& name, bool answers_handshakes = true) {
    Node& node = nodes[name];
    node.key = CurveKey::make(random);
    ZmqTransport::Options options{member(name), "tcp://127.0.0.1:*", node.key};
    options.answers_handshakes = answers_handshakes;
    options.peer_queue_frames = 4;
    node.transport = ZmqTransport::open(options).value();
    return node;
  }
  PeerKeys peer(const std::string& name) {
    const Node& node = nodes.at(name);
    return {member(name), {node.transport->endpoint()}, node.key.public_key, {node.key.public_key}};
  }
  // Turns all nodes' loops until `done`, two seconds at most.
  bool run_until(const std::function<bool()>& done, int ms_max = 2000) {
    const auto until = Clock::now() + std::chrono::milliseconds(ms_max);
    while (Clock::now() < until) {
      for (auto& [name, node] : nodes) {
        node.transport->wait(1);
        for (auto& frame : node.transport->receive(16)) received[name].push_back(std::move(frame));
      }
      if (done()) return true;
    }
    return done();
  }
  // Sends until it is taken: the connection may not be there yet.
  bool send(const std::string& from, const std::string& to, const Bytes& frame, int ms_max = 2000) {
    return run_until([&] { return nodes.at(from).transport->send(member(to), frame) == Sent::queued; }, ms_max);
  }

  SeededRandom random{42};
  std::map<std::string, Node> nodes;
  std::map<std::string, std::vector<Frame>> received;
};

TEST_F(ZmqTransportTest, a_node_that_changes_its_key_is_heard_and_reached_under_the_new_one_on_the_same_address) {
  auto& leeds = start("leeds-csc");
  auto& police = start("wy-police");
  leeds.transport->set_peers(std::vector{peer("wy-police")});
  police.transport->set_peers(std::vector{peer("leeds-csc")});
  ASSERT_TRUE(send("leeds-csc", "wy-police", Bytes(64, 1)));
  ASSERT_TRUE(run_until([&] { return received["wy-police"].size() == 1; }));

  const std::string address = police.transport->endpoint();
  const PublicKey old = police.key.public_key;
  police.key = CurveKey::make(random);
  ASSERT_TRUE(police.transport->use_key(police.key));
  EXPECT_EQ(police.transport->endpoint(), address);
  PeerKeys both = peer("wy-police");
  both.client_keys.push_back(old);  // the overlap
  leeds.transport->set_peers(std::vector{both});
  ASSERT_TRUE(send("leeds-csc", "wy-police", Bytes(64, 2), 8000));
  ASSERT_TRUE(run_until([&] { return received["wy-police"].size() >= 2; }, 8000));
  ASSERT_TRUE(send("wy-police", "leeds-csc", Bytes(64, 3), 8000));
  ASSERT_TRUE(run_until([&] { return received["leeds-csc"].size() == 1; }, 8000));
  EXPECT_EQ(received["leeds-csc"][0].from, member("wy-police"));
}

TEST_F(ZmqTransportTest, a_frame_arrives_whole_under_its_senders_name) {
  auto& leeds = start("leeds-csc");
  auto& police = start("wy-police");
  leeds.transport->set_peers(std::vector{peer("wy-police")});
  police.transport->set_peers(std::vector{peer("leeds-csc")});
  const Bytes frame(limits::frame_bytes_max, 0x5a);
  ASSERT_TRUE(send("leeds-csc", "wy-police", frame));
  ASSERT_TRUE(run_until([&] { return !received["wy-police"].empty(); }));
  EXPECT_EQ(received["wy-police"][0].from, member("leeds-csc"));
  EXPECT_EQ(received["wy-police"][0].bytes, frame);
  EXPECT_EQ(police.transport->counters().received, 1u);
}

TEST_F(ZmqTransportTest, a_key_that_the_directory_does_not_hold_is_refused_and_counted) {
  auto& stranger = start("leeds-csc");
  auto& police = start("wy-police");
  stranger.transport->set_peers(std::vector{peer("wy-police")});
  EXPECT_FALSE(send("leeds-csc", "wy-police", Bytes(1024), 500));
  EXPECT_TRUE(received["wy-police"].empty());
  EXPECT_GT(police.transport->counters().rejected_handshakes, 0u);
}

// libzmq 4.3.4 admits every key when a ZAP domain is set and nobody answers ZAP requests.
TEST_F(ZmqTransportTest, without_a_handler_nobody_is_admitted) {
  auto& leeds = start("leeds-csc");
  auto& police = start("wy-police", false);
  leeds.transport->set_peers(std::vector{peer("wy-police")});
  police.transport->set_peers(std::vector{peer("leeds-csc")});
  EXPECT_FALSE(send("leeds-csc", "wy-police", Bytes(1024), 500));
  EXPECT_TRUE(received["wy-police"].empty());
  EXPECT_EQ(police.transport->counters().received + police.transport->counters().not_admitted, 0u);
}

TEST_F(ZmqTransportTest, a_member_that_was_refused_gets_in_once_its_key_is_known) {
  auto& leeds = start("leeds-csc");
  auto& police = start("wy-police");
  leeds.transport->set_peers(std::vector{peer("wy-police")});
  ASSERT_TRUE(run_until([&] { return police.transport->counters().rejected_handshakes > 0; }));
  police.transport->set_peers(std::vector{peer("leeds-csc")});
  ASSERT_TRUE(send("leeds-csc", "wy-police", Bytes(1024), 8000));
  EXPECT_TRUE(run_until([&] { return !received["wy-police"].empty(); }));
}

TEST_F(ZmqTransportTest, a_revoked_member_is_not_heard_on_a_connection_that_stands) {
  auto& leeds = start("leeds-csc");
  auto& police = start("wy-police");
  leeds.transport->set_peers(std::vector{peer("wy-police")});
  police.transport->set_peers(std::vector{peer("leeds-csc")});
  ASSERT_TRUE(send("leeds-csc", "wy-police", Bytes(1024)));
  ASSERT_TRUE(run_until([&] { return received["wy-police"].size() == 1; }));
  police.transport->set_peers({});
  ASSERT_TRUE(send("leeds-csc", "wy-police", Bytes(1024)));
  ASSERT_TRUE(run_until([&] { return police.transport->counters().not_admitted == 1; }));
  EXPECT_EQ(received["wy-police"].size(), 1u);
}

TEST_F(ZmqTransportTest, a_revoked_member_that_comes_again_is_told_so_and_a_stranger_is_not) {
  start("leeds-csc");
  auto& police = start("wy-police");
  start("wy-probation");
  for (const char* name : {"leeds-csc", "wy-probation"})
    nodes.at(name).transport->set_peers(std::vector{peer("wy-police")});
  police.transport->set_revoked(std::vector{nodes.at("leeds-csc").key.public_key});
  const auto told = [&](const char* name) { return nodes.at(name).transport->says_revoked(); };
  EXPECT_TRUE(run_until([&] { return !told("leeds-csc").empty(); }, 5000));
  EXPECT_EQ(told("leeds-csc"), std::vector{member("wy-police")});
  EXPECT_TRUE(told("wy-probation").empty());
  EXPECT_TRUE(received["wy-police"].empty());
}

TEST_F(ZmqTransportTest, a_retired_key_is_not_heard_though_its_member_is) {
  auto& leeds = start("leeds-csc");
  auto& police = start("wy-police");
  leeds.transport->set_peers(std::vector{peer("wy-police")});
  police.transport->set_peers(std::vector{peer("leeds-csc")});
  ASSERT_TRUE(send("leeds-csc", "wy-police", Bytes(1024)));
  ASSERT_TRUE(run_until([&] { return received["wy-police"].size() == 1; }));
  PeerKeys rotated = peer("leeds-csc");
  rotated.client_keys = {CurveKey::make(random).public_key};
  police.transport->set_peers(std::vector{rotated});
  ASSERT_TRUE(send("leeds-csc", "wy-police", Bytes(1024)));
  ASSERT_TRUE(run_until([&] { return police.transport->counters().not_admitted == 1; }));
}

TEST_F(ZmqTransportTest, a_peer_that_is_not_there_blocks_nobody) {
  auto& leeds = start("leeds-csc");
  auto& police = start("wy-police");
  police.transport->set_peers(std::vector{peer("leeds-csc")});
  PeerKeys dead{member("bfd-hospital"), {"tcp://127.0.0.1:1"}, CurveKey::make(random).public_key, {}};
  leeds.transport->set_peers(std::vector{dead, peer("wy-police")});
  const auto before = Clock::now();
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(leeds.transport->send(member("bfd-hospital"), Bytes(1024)), Sent::not_taken);
  EXPECT_LT(Clock::now() - before, std::chrono::seconds(1));
  EXPECT_EQ(leeds.transport->counters().not_taken, 1000u);
  EXPECT_TRUE(send("leeds-csc", "wy-police", Bytes(1024)));
  EXPECT_TRUE(run_until([&] { return !received["wy-police"].empty(); }));
}

TEST_F(ZmqTransportTest, a_peer_that_reads_nothing_fills_a_bounded_queue_and_no_more) {
  auto& leeds = start("leeds-csc");
  auto& police = start("wy-police");
  leeds.transport->set_peers(std::vector{peer("wy-police")});
  police.transport->set_peers(std::vector{peer("leeds-csc")});
  const Bytes frame(limits::frame_bytes_max);
  ASSERT_TRUE(send("leeds-csc", "wy-police", frame));
  int queued = 0;
  // What is in flight: both queues and the operating system's buffers, far from 2000 frames of 256 KiB.
  for (int i = 0; i < 2000; ++i) queued += leeds.transport->send(member("wy-police"), frame) == Sent::queued;
  EXPECT_LT(queued, 300);
  EXPECT_GT(leeds.transport->counters().not_taken, 0u);
}

TEST_F(ZmqTransportTest, an_oversize_frame_is_dropped_and_the_next_arrives) {
  auto& leeds = start("leeds-csc");
  auto& police = start("wy-police");
  leeds.transport->set_peers(std::vector{peer("wy-police")});
  police.transport->set_peers(std::vector{peer("leeds-csc")});
  EXPECT_EQ(leeds.transport->send(member("wy-police"), Bytes(limits::frame_bytes_max + 1)), Sent::oversize);
  EXPECT_EQ(leeds.transport->send(member("bfd-hospital"), Bytes(1024)), Sent::unknown_peer);
  EXPECT_TRUE(send("leeds-csc", "wy-police", Bytes(1024)));
  EXPECT_TRUE(run_until([&] { return received["wy-police"].size() == 1; }));
}

TEST_F(ZmqTransportTest, an_endpoint_that_is_none_harms_nobody) {
  auto& leeds = start("leeds-csc");
  for (const auto* endpoint : {"tcp://", "tcp://nowhere", "gibberish", "inproc://zeromq.zap.01"})
    leeds.transport->set_peers(
        std::vector{PeerKeys{member("wy-police"), {endpoint}, CurveKey::make(random).public_key, {}}});
  EXPECT_EQ(leeds.transport->send(member("wy-police"), Bytes(1024)), Sent::not_taken);
}

TEST_F(ZmqTransportTest, a_restarted_peer_is_found_again) {
  auto& leeds = start("leeds-csc");
  auto& police = start("wy-police");
  leeds.transport->set_peers(std::vector{peer("wy-police")});
  police.transport->set_peers(std::vector{peer("leeds-csc")});
  ASSERT_TRUE(send("leeds-csc", "wy-police", Bytes(1024)));
  const std::string endpoint = police.transport->endpoint();
  police.transport.reset();
  police.transport = ZmqTransport::open({member("wy-police"), endpoint, police.key}).value();
  police.transport->set_peers(std::vector{peer("leeds-csc")});
  ASSERT_TRUE(run_until(
      [&] {
        leeds.transport->send(member("wy-police"), Bytes(1024, 7));
        return !received["wy-police"].empty() && received["wy-police"].back().bytes[0] == 7;
      },
      8000));
}

TEST_F(ZmqTransportTest, another_thread_wakes_the_loop) {
  auto& leeds = start("leeds-csc");
  const auto before = Clock::now();
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    leeds.transport->wake();
  });
  leeds.transport->wait(5000);
  other.join();
  EXPECT_LT(Clock::now() - before, std::chrono::seconds(2));
  leeds.transport->wake();  // before the wait: it returns at once
  leeds.transport->wait(5000);
  EXPECT_LT(Clock::now() - before, std::chrono::seconds(2));
}

TEST_F(ZmqTransportTest, an_address_that_is_taken_is_an_error_that_says_so) {
  const auto& leeds = start("leeds-csc");
  auto second = ZmqTransport::open({member("wy-police"), leeds.transport->endpoint(), CurveKey::make(random)});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "cannot-listen");
}

// Bytes that are not ZeroMQ at all, from somebody without a key.
TEST_F(ZmqTransportTest, rubbish_on_the_port_harms_nobody) {
  auto& leeds = start("leeds-csc");
  auto& police = start("wy-police");
  leeds.transport->set_peers(std::vector{peer("wy-police")});
  police.transport->set_peers(std::vector{peer("leeds-csc")});
  const std::string endpoint = police.transport->endpoint();
  const int port = std::stoi(endpoint.substr(endpoint.rfind(':') + 1));
  for (int i = 0; i < 20; ++i) {
    const int raw = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(std::uint16_t(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::connect(raw, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    Bytes rubbish(1000);
    random.fill(rubbish);
    [[maybe_unused]] auto written = ::send(raw, rubbish.data(), rubbish.size(), MSG_NOSIGNAL);
    ::close(raw);
  }
  EXPECT_TRUE(send("leeds-csc", "wy-police", Bytes(1024)));
  EXPECT_TRUE(run_until([&] { return received["wy-police"].size() == 1; }));
}

}  // namespace
}  // namespace ginnel
