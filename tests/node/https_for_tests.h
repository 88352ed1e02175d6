// SPDX-License-Identifier: Apache-2.0
// A client that sends whatever bytes a test wants, over TLS, and reads one answer at a time.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "node/web/tls.h"

struct ssl_ctx_st;
struct ssl_st;

namespace ginnel {

// Made once for a test program: keys take a while.
struct TlsForTests {
  TlsIdentity authority, server;
  static const TlsForTests& get();
};

struct RawAnswer {
  unsigned status = 0;  // 0: the connection ended without an answer
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  std::string header(const std::string& name) const;
  std::vector<std::string> all(const std::string& name) const;
};

// A TCP connection, with TLS once start_tls() was called.
class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port, int tls_version_max = 0);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  bool start_tls();
  std::string tls_version() const;

  bool send(const std::string& bytes);

  RawAnswer read(bool is_head = false);

  // True once the other end has closed; false if it sent something or nothing for 20 s.
  bool is_closed_by_peer();

 private:
  bool more();

  int tls_version_max_;
  int socket_ = -1;
  bool is_open_ = false;
  ssl_ctx_st* context_ = nullptr;
  ssl_st* ssl_ = nullptr;
  std::string buffer_;
};

// One request on a connection of its own.
RawAnswer exchange(std::uint16_t port, const std::string& request);

}  // namespace ginnel
