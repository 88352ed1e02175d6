// SPDX-License-Identifier: Apache-2.0
#include "node/doctor/probe.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>

#include "federation/base/crypto/curve_handshake.h"

namespace ginnel {
namespace {

using Steady = std::chrono::steady_clock;

std::int64_t ms_since(Steady::time_point then) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - then).count();
}

// One connection on its way.
class Attempt {
 public:
  Attempt(const ProbeTarget& target, const CurveKey& own, Random& random) : handshake_(own, target.server_key, random) {
    probe_.member = target.member;
    resolve(target.endpoint);
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
  ~Attempt() { close(); }

  bool is_over() const { return is_over_; }
  int fd() const { return fd_; }
  short events() const { return is_connected_ ? POLLIN : POLLOUT; }
  const Probe& probe() const { return probe_; }

  void serve(short revents) {
    if (is_over_ || revents == 0) return;
    if (!is_connected_) {
      int error = 0;
      socklen_t size = sizeof error;
      ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
      if (error != 0) return fail_with(error);
      connected();
    } else {
      read_some();
    }
  }

  // Apart from the look-up of names, which may take long: a connection that is left alone meanwhile is closed.
  void begin() {
    if (is_over_) return;
    begun_ = Steady::now();
    fd_ = ::socket(addresses_->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ < 0) return fail_with(errno);
    if (::connect(fd_, addresses_->ai_addr, addresses_->ai_addrlen) == 0) return connected();
    if (errno != EINPROGRESS) fail_with(errno);
  }

  // The time is over.
  void give_up() {
    if (is_over_) return;
    end(!is_connected_ ? ProbeReach::timed_out : how_it_ended(/*closed=*/false));
  }

 private:
  void resolve(const std::string& endpoint) {
    constexpr std::string_view scheme = "tcp://";
    const auto colon = endpoint.rfind(':');
    if (!endpoint.starts_with(scheme) || colon == std::string::npos || colon <= scheme.size())
      return end(ProbeReach::no_endpoint);
    std::string host = endpoint.substr(scheme.size(), colon - scheme.size());
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(host.c_str(), endpoint.substr(colon + 1).c_str(), &hints, &found);
    addresses_.reset(found);
    if (failed == 0) return;
    probe_.detail = ::gai_strerror(failed);
    end(ProbeReach::unresolved);
  }

  void connected() {
    is_connected_ = true;
    probe_.tcp_ms = ms_since(begun_);
    begun_ = Steady::now();
    send(handshake_.start());
  }

  void read_some() {
    std::uint8_t buffer[4096];
    const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return end(how_it_ended(/*closed=*/true));
    send(handshake_.receive(ByteView(buffer, std::size_t(got))));
    using Step = CurveHandshake::Step;
    const Step step = handshake_.step();
    if (step == Step::admitted || step == Step::refused || step == Step::revoked || step == Step::not_zmq)
      end(how_it_ended(/*closed=*/true));
  }

  ProbeReach how_it_ended(bool closed) const {
    switch (handshake_.step()) {
      case CurveHandshake::Step::greeting:
        return closed ? ProbeReach::not_zmq : ProbeReach::no_greeting;
      case CurveHandshake::Step::welcome:
        return closed ? ProbeReach::other_key : ProbeReach::no_greeting;
      case CurveHandshake::Step::ready:
      case CurveHandshake::Step::refused:
        return ProbeReach::not_admitted;
      case CurveHandshake::Step::revoked:
        return ProbeReach::revoked;
      case CurveHandshake::Step::admitted:
        return ProbeReach::admitted;
      case CurveHandshake::Step::not_zmq:
        break;
    }
    return ProbeReach::not_zmq;
  }

  // The few hundred bytes of a handshake fit every socket's buffer.
  void send(const Bytes& bytes) {
    if (!bytes.empty() && ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != ssize_t(bytes.size()))
      end(how_it_ended(/*closed=*/true));
  }

  void fail_with(int error) {
    probe_.detail = std::strerror(error);
    end(error == ECONNREFUSED ? ProbeReach::refused
        : error == ETIMEDOUT  ? ProbeReach::timed_out
                              : ProbeReach::unreachable);
  }

  void end(ProbeReach reach) {
    probe_.reach = reach;
    if (is_connected_) probe_.handshake_ms = ms_since(begun_);
    is_over_ = true;
    close();
  }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

  CurveHandshake handshake_;
  Probe probe_;
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses_{nullptr, &::freeaddrinfo};
  int fd_ = -1;
  bool is_connected_ = false, is_over_ = false;
  Steady::time_point begun_ = Steady::now();
};

}  // namespace

std::vector<Probe> probe_peers(const std::vector<ProbeTarget>& targets, const CurveKey& own, Random& random) {
  std::vector<std::unique_ptr<Attempt>> attempts;
  for (const ProbeTarget& target : targets) attempts.push_back(std::make_unique<Attempt>(target, own, random));
  for (auto& attempt : attempts) attempt->begin();
  const auto begun = Steady::now();
  for (;;) {
    std::vector<pollfd> polled;
    std::vector<Attempt*> of;
    for (auto& attempt : attempts) {
      if (attempt->is_over()) continue;
      polled.push_back({attempt->fd(), attempt->events(), 0});
      of.push_back(attempt.get());
    }
    const std::int64_t left = limits::probe_ms_max - ms_since(begun);
    if (polled.empty() || left <= 0) break;
    if (::poll(polled.data(), polled.size(), int(left)) <= 0) continue;
    for (std::size_t i = 0; i < polled.size(); ++i) of[i]->serve(polled[i].revents);
  }
  std::vector<Probe> out;
  for (auto& attempt : attempts) {
    attempt->give_up();
    out.push_back(attempt->probe());
  }
  return out;
}

}  // namespace ginnel
