// SPDX-License-Identifier: Apache-2.0
// The address of a Unix socket at a path of any length.
//
// A socket's address holds 107 bytes, and a node's folder may lie deeper: then the folder is opened and named through
// /proc. Keep the object until bind() or connect() returned. Failure: `admin-socket` when the folder is not there.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <filesystem>

#include "federation/base/error.h"

namespace ginnel {

class SocketAddress {
 public:
  static Expected<SocketAddress> of(const std::filesystem::path& path);
  SocketAddress(SocketAddress&& other) noexcept;
  SocketAddress& operator=(SocketAddress&&) = delete;
  ~SocketAddress();

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  socklen_t size() const { return sizeof address_; }

 private:
  SocketAddress() = default;
  sockaddr_un address_{};
  int folder_ = -1;
};

}  // namespace ginnel
