// SPDX-License-Identifier: Apache-2.0
#include "node/admin/admin_client.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "node/admin/socket_address.h"

namespace ginnel {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::size_t read_bytes = 64 * 1024;

tl::unexpected<Error> not_running(const std::filesystem::path& path) {
  return fail("node-not-running", "cannot reach the node", "nobody answers behind " + path.string(),
              "start it: ginnel node run --dir " + path.parent_path().string());
}

class Socket {
 public:
  static Expected<Socket> connect(const std::filesystem::path& path) {
    auto address = SocketAddress::of(path);
    if (!address) return not_running(path);
    Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket.fd_ < 0) return fail("admin-socket", "cannot reach the node", std::strerror(errno));
    if (::connect(socket.fd_, address->get(), address->size()) != 0) {
      if (errno == EACCES || errno == EPERM)
        return fail("admin-refused", "cannot reach the node", "its admin socket belongs to another user",
                    "run this command as the user that runs the node");
      return not_running(path);
    }
    return socket;
  }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }

  bool send_line(const std::string& text) {
    std::string line = text + "\n";
    for (std::size_t at = 0; at < line.size();) {
      ssize_t sent = ::send(fd_, line.data() + at, line.size() - at, MSG_NOSIGNAL);
      if (sent < 0 && errno != EINTR) return false;
      if (sent > 0) at += std::size_t(sent);
    }
    return true;
  }

  enum class Got { line, end, timeout };
  Got read_line(std::string& line, Steady::time_point until, bool waits) {
    for (;;) {
      if (std::size_t end = buffer_.find('\n'); end != std::string::npos) {
        line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return Got::line;
      }
      auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Steady::now()).count();
      if (!waits && left <= 0) return Got::timeout;
      pollfd polled{fd_, POLLIN, 0};
      if (::poll(&polled, 1, waits ? -1 : int(left)) <= 0) continue;
      char chunk[read_bytes];
      ssize_t got = ::recv(fd_, chunk, sizeof chunk, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return Got::end;
      buffer_.append(chunk, std::size_t(got));
    }
  }

 private:
  explicit Socket(int fd) : fd_(fd) {}
  int fd_;
  std::string buffer_;
};

}  // namespace

Expected<AdminReply> ask_node(const std::filesystem::path& path, const AdminRequest& request,
                              const std::function<void(const AdminReply&)>& progress, std::int64_t timeout_ms) {
  auto socket = Socket::connect(path);
  if (!socket) return tl::unexpected(socket.error());
  auto gone = [] {
    return fail("node-gone", "the node did not finish the request", "its connection ended",
                "look at the node's log, then ask again");
  };
  if (!socket->send_line(encode_request(request))) return gone();
  Steady::time_point until = Steady::now() + std::chrono::milliseconds(timeout_ms);
  for (;;) {
    std::string line;
    Socket::Got got = socket->read_line(line, until, timeout_ms == 0);
    if (got == Socket::Got::end) return gone();
    if (got == Socket::Got::timeout)
      return fail("admin-timeout", "the node did not answer in time",
                  "nothing came for " + std::to_string(timeout_ms) + " ms", "look at the node's log");
    auto reply = decode_reply(line);
    if (!reply) return tl::unexpected(reply.error());
    if (reply->last) {
      if (const Error* error = std::get_if<Error>(&reply->body)) return tl::unexpected(*error);
      return reply;
    }
    if (progress) progress(*reply);
  }
}

bool node_is_running(const std::filesystem::path& path) { return Socket::connect(path).has_value(); }

}  // namespace ginnel
