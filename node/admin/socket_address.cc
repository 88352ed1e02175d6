// SPDX-License-Identifier: Apache-2.0
#include "node/admin/socket_address.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace ginnel {

Expected<SocketAddress> SocketAddress::of(const std::filesystem::path& path) {
  SocketAddress out;
  out.address_.sun_family = AF_UNIX;
  std::string text = path.string();
  if (text.size() >= sizeof out.address_.sun_path) {
    out.folder_ = ::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    text = "/proc/self/fd/" + std::to_string(out.folder_) + "/" + path.filename().string();
    if (out.folder_ < 0 || text.size() >= sizeof out.address_.sun_path)
      return fail("admin-socket", "cannot use the admin socket " + path.string(), std::strerror(errno),
                  "check the node's folder");
  }
  std::memcpy(out.address_.sun_path, text.c_str(), text.size() + 1);
  return out;
}

SocketAddress::SocketAddress(SocketAddress&& other) noexcept
    : address_(other.address_), folder_(std::exchange(other.folder_, -1)) {}

SocketAddress::~SocketAddress() {
  if (folder_ >= 0) ::close(folder_);
}

}  // namespace ginnel
