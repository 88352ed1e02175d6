// SPDX-License-Identifier: Apache-2.0
#include "tests/node/https_for_tests.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "federation/base/clock.h"

namespace ginnel {

const TlsForTests& TlsForTests::get() {
  static const TlsForTests made = [] {
    auto now = system_clock()->now();
    auto authority = make_demo_authority("Ginnel test authority", now, 1).value();
    auto server = make_server_certificate(authority, {"127.0.0.1", "localhost"}, now, 1).value();
    return TlsForTests{authority, server};
  }();
  return made;
}

std::string RawAnswer::header(const std::string& name) const {
  for (const auto& [key, value] : headers)
    if (strcasecmp(key.c_str(), name.c_str()) == 0) return value;
  return {};
}

std::vector<std::string> RawAnswer::all(const std::string& name) const {
  std::vector<std::string> found;
  for (const auto& [key, value] : headers)
    if (strcasecmp(key.c_str(), name.c_str()) == 0) found.push_back(value);
  return found;
}

RawConnection::RawConnection(std::uint16_t port, int tls_version_max) : tls_version_max_(tls_version_max) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL; the other end may be gone by design
  socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  timeval patience{20, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  is_open_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

RawConnection::~RawConnection() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
  ::close(socket_);
}

bool RawConnection::start_tls() {
  context_ = SSL_CTX_new(TLS_client_method());
  if (tls_version_max_ != 0) {
    SSL_CTX_set_security_level(context_, 0);  // else the client itself would refuse the old versions
    SSL_CTX_set_min_proto_version(context_, 0);
    SSL_CTX_set_max_proto_version(context_, tls_version_max_);
  }
  const auto& pem = TlsForTests::get().authority.certificate_chain_pem;
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* authority = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), authority);
  X509_free(authority);
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
  ssl_ = SSL_new(context_);
  SSL_set_fd(ssl_, socket_);
  return is_open_ && SSL_connect(ssl_) == 1;
}

std::string RawConnection::tls_version() const { return SSL_get_version(ssl_); }

bool RawConnection::send(const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    int now = SSL_write(ssl_, bytes.data() + sent, static_cast<int>(std::min<std::size_t>(bytes.size() - sent, 8192)));
    if (now <= 0) return false;
    sent += static_cast<std::size_t>(now);
  }
  return true;
}

RawAnswer RawConnection::read(bool is_head) {
  while (buffer_.find("\r\n\r\n") == std::string::npos)
    if (!more()) return {};
  auto end = buffer_.find("\r\n\r\n");
  RawAnswer answer;
  std::string head = buffer_.substr(0, end);
  buffer_.erase(0, end + 4);
  answer.status = static_cast<unsigned>(std::stoi(head.substr(head.find(' ') + 1)));
  for (auto at = head.find("\r\n"); at != std::string::npos;) {
    auto next = head.find("\r\n", at + 2);
    auto line = head.substr(at + 2, next == std::string::npos ? next : next - at - 2);
    answer.headers.emplace_back(line.substr(0, line.find(':')), line.substr(line.find(':') + 2));
    at = next;
  }
  auto length = answer.header("content-length");
  std::size_t bytes = is_head || length.empty() ? 0 : std::stoul(length);
  while (buffer_.size() < bytes)
    if (!more()) return {};
  if (answer.header("content-type") == "text/event-stream") {  // ends with the connection
    while (more()) continue;
    bytes = buffer_.size();
  }
  answer.body = buffer_.substr(0, bytes);
  buffer_.erase(0, bytes);
  return answer;
}

bool RawConnection::is_closed_by_peer() {
  char byte;
  if (ssl_) return buffer_.empty() && SSL_read(ssl_, &byte, 1) <= 0 && SSL_get_error(ssl_, 0) != SSL_ERROR_WANT_READ;
  return ::recv(socket_, &byte, 1, 0) == 0;
}

bool RawConnection::more() {
  char bytes[8192];
  int count = SSL_read(ssl_, bytes, sizeof bytes);
  if (count <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(count));
  return true;
}

RawAnswer exchange(std::uint16_t port, const std::string& request) {
  RawConnection connection(port);
  if (!connection.start_tls() || !connection.send(request)) return {};
  return connection.read(request.starts_with("HEAD"));
}

}  // namespace ginnel
