// SPDX-License-Identifier: Apache-2.0
#include "node/admin/admin_server.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "node/admin/socket_address.h"

namespace ginnel {
namespace {

using Millis = std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr Millis flush_at_stop{1000};  // for readers of the last replies
constexpr std::size_t read_bytes_max = 64 * 1024;

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Where replies wait for the socket thread. Outlives the server as long as a reply is still held somewhere.
struct Mailbox {
  std::mutex mutex;
  std::vector<std::pair<std::uint64_t, AdminReply>> replies;
  bool open = true;
  Fd wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};

  void post(std::uint64_t connection, AdminReply reply) {
    {
      std::lock_guard lock(mutex);
      if (!open) return;
      replies.emplace_back(connection, std::move(reply));
    }
    ring();
  }
  void ring() {
    std::uint64_t one = 1;
    [[maybe_unused]] auto written = ::write(wake.get(), &one, sizeof one);  // a full counter has rung already
  }
  std::vector<std::pair<std::uint64_t, AdminReply>> take() {
    std::uint64_t count;
    [[maybe_unused]] auto got = ::read(wake.get(), &count, sizeof count);
    std::lock_guard lock(mutex);
    return std::exchange(replies, {});
  }
};

struct Connection {
  Fd socket;
  std::string in, out;
  std::size_t lines_waiting = 0;
  Steady::time_point deadline;
  bool asked = false;    // the request was handed on
  bool closing = false;  // nothing more comes; close when `out` is written
};

// SECURITY: the socket's mode keeps others out; this holds even where a copied directory lost it.
bool is_own_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == 0 || peer.uid == ::geteuid();
}

Error refusal(std::string why, std::string remedy) {
  return {"admin-refused", "the node did not take the request", std::move(why), std::move(remedy)};
}

Expected<Fd> listen_on(const std::filesystem::path& path) {
  auto failed = [&](const std::string& why) {
    return fail("admin-socket", "cannot open the admin socket " + path.string(), why,
                "check the permissions of the node's folder");
  };
  auto address = SocketAddress::of(path);
  if (!address) return tl::unexpected(address.error());
  ::unlink(path.c_str());
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.get() < 0) return failed(std::strerror(errno));
  // Nobody connects before listen(), so the mode is right before anybody can.
  if (::bind(socket.get(), address->get(), address->size()) != 0 || ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 ||
      ::listen(socket.get(), int(limits::admin_connections_max)) != 0)
    return failed(std::strerror(errno));
  return socket;
}

}  // namespace

class AdminServer::Loop {
 public:
  Loop(std::filesystem::path path, Fd listener, Handler handler)
      : path_(std::move(path)), listener_(std::move(listener)), handler_(std::move(handler)) {
    thread_ = std::thread([this] { run(); });
  }
  ~Loop() {
    {
      std::lock_guard lock(mailbox_->mutex);
      stopping_ = true;
    }
    mailbox_->ring();
    thread_.join();
    ::unlink(path_.c_str());
  }

 private:
  bool is_stopping() {
    std::lock_guard lock(mailbox_->mutex);
    return stopping_;
  }

  void run() {
    while (!is_stopping()) {
      turn(/*accepting=*/connections_.size() < limits::admin_connections_max, Millis(1000));
      cut_off_slow();
    }
    finish();
  }

  void finish() {
    deliver(mailbox_->take());
    {
      std::lock_guard lock(mailbox_->mutex);
      mailbox_->open = false;
    }
    for (auto& [id, connection] : connections_)
      if (!connection.closing)
        put_reply(connection, {Error{"node-stopping", "the node stopped before it had finished", "it was told to stop",
                                     "ask again when it runs"},
                               true});
    Steady::time_point until = Steady::now() + flush_at_stop;
    while (!connections_.empty() && Steady::now() < until) turn(/*accepting=*/false, Millis(50));
  }

  // One wait, and whatever came of it.
  void turn(bool accepting, Millis wait_at_most) {
    std::vector<pollfd> polled = {{mailbox_->wake.get(), POLLIN, 0}, {accepting ? listener_.get() : -1, POLLIN, 0}};
    std::vector<std::uint64_t> ids;
    for (auto& [id, connection] : connections_) {
      short events = short((connection.asked ? 0 : POLLIN) | (connection.out.empty() ? 0 : POLLOUT));
      polled.push_back({connection.socket.get(), events, 0});
      ids.push_back(id);
    }
    if (::poll(polled.data(), polled.size(), int(wait_at_most.count())) < 0)
      return;  // EINTR: the next turn looks again
    if (polled[0].revents) deliver(mailbox_->take());
    for (std::size_t i = 0; i < ids.size(); ++i) serve(ids[i], polled[i + 2].revents);
    if (polled[1].revents) accept_one();
  }

  void accept_one() {
    Fd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (socket.get() < 0 || !is_own_user(socket.get())) return;
    Connection connection;
    connection.socket = std::move(socket);
    connection.deadline = Steady::now() + Millis(limits::admin_request_ms_max);
    connections_.emplace(next_id_++, std::move(connection));
  }

  void serve(std::uint64_t id, short events) {
    auto found = connections_.find(id);
    if (found == connections_.end() || events == 0) return;
    Connection& connection = found->second;
    bool alive = !(events & (POLLERR | POLLNVAL)) && !((events & POLLHUP) && connection.out.empty());
    if (alive && (events & POLLIN)) alive = read_some(id, connection);
    if (alive && !connection.out.empty()) alive = write_some(connection);
    if (!alive || (connection.closing && connection.out.empty())) connections_.erase(found);
  }

  bool read_some(std::uint64_t id, Connection& connection) {
    char buffer[read_bytes_max];
    ssize_t got = ::recv(connection.socket.get(), buffer, sizeof buffer, 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return false;
    const std::size_t searched = connection.in.size();
    connection.in.append(buffer, std::size_t(got));
    std::size_t end = connection.in.find('\n', searched);
    if (end == std::string::npos && connection.in.size() <= limits::admin_line_bytes_max) return true;
    connection.asked = true;
    if (end == std::string::npos || end > limits::admin_line_bytes_max) {
      put_reply(connection, {refusal("the request is too long", "name fewer files at a time"), true});
      return true;
    }
    auto request = decode_request(std::string_view(connection.in).substr(0, end));
    connection.in.clear();
    if (!request)
      put_reply(connection, {request.error(), true});
    else
      handler_(std::move(*request),
               [mailbox = mailbox_, id](AdminReply reply) { mailbox->post(id, std::move(reply)); });
    return true;
  }

  bool write_some(Connection& connection) {
    ssize_t sent = ::send(connection.socket.get(), connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN || errno == EINTR;
    connection.out.erase(0, std::size_t(sent));
    if (connection.out.empty()) connection.lines_waiting = 0;
    return true;
  }

  void deliver(std::vector<std::pair<std::uint64_t, AdminReply>> replies) {
    for (auto& [id, reply] : replies) {
      auto found = connections_.find(id);
      if (found == connections_.end() || found->second.closing) continue;
      put_reply(found->second, reply);
      if (found->second.lines_waiting > limits::admin_reply_lines_max) connections_.erase(found);
    }
  }

  void put_reply(Connection& connection, const AdminReply& reply) {
    connection.out += encode_reply(reply) + "\n";
    ++connection.lines_waiting;
    connection.closing = reply.last;
    connection.asked = true;
  }

  void cut_off_slow() {
    Steady::time_point now = Steady::now();
    std::erase_if(connections_, [&](const auto& entry) { return !entry.second.asked && entry.second.deadline < now; });
  }

  std::filesystem::path path_;
  Fd listener_;
  Handler handler_;
  std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  bool stopping_ = false;  // under the mailbox's mutex
  std::uint64_t next_id_ = 1;
  std::map<std::uint64_t, Connection> connections_;  // the thread's own
  std::thread thread_;
};

AdminServer::AdminServer(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
AdminServer::~AdminServer() = default;

Expected<std::unique_ptr<AdminServer>> AdminServer::start(const std::filesystem::path& socket, Handler handler) {
  auto listener = listen_on(socket);
  if (!listener) return tl::unexpected(listener.error());
  auto loop = std::make_unique<Loop>(socket, std::move(*listener), std::move(handler));
  return std::unique_ptr<AdminServer>(new AdminServer(std::move(loop)));
}

}  // namespace ginnel
