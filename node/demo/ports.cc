// SPDX-License-Identifier: Apache-2.0
#include "node/demo/ports.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ginnel {
namespace {

constexpr int ports_tried_max = 2000;

}  // namespace

bool is_free_port(std::uint16_t port) {
  int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  int on = 1;  // as servers do: what lingers of a server that has gone does not count
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  bool is_free = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return is_free;
}

Expected<std::uint16_t> take_port(std::uint16_t from, std::set<std::uint16_t>& taken) {
  for (int port = from; port < from + ports_tried_max && port <= 65535; ++port)
    if (!taken.contains(std::uint16_t(port)) && is_free_port(std::uint16_t(port))) {
      taken.insert(std::uint16_t(port));
      return std::uint16_t(port);
    }
  return fail("no-port", "cannot find a free port", "none from " + std::to_string(from) + " upwards is free",
              "stop other demonstrations first");
}

}  // namespace ginnel
