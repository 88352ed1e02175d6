// SPDX-License-Identifier: Apache-2.0
// The door for operators: a Unix socket in the node's directory, mode 0600, of a running node.
//
// One request per connection. Its other end must be the same user or root (SO_PEERCRED); a request over
// limits::admin_line_bytes_max, or slower than limits::admin_request_ms_max, is cut off.
//
// Thread: a thread of its own accepts, reads and writes. `handler` runs on it and must only hand the request on;
// `reply` may be called from any thread, also after the server is gone (then it does nothing), and never blocks. Order:
// a connection stays open until a reply with `last`; the destructor ends those that wait with `node-stopping`. Failure:
// start() gives `admin-socket` when the path cannot be bound; a socket left behind by a killed node is replaced,
// because the store's own lock has already told that no other node runs here.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "federation/base/error.h"
#include "node/admin/admin_message.h"

namespace ginnel {

class AdminServer {
 public:
  using Reply = std::function<void(AdminReply)>;
  using Handler = std::function<void(AdminRequest, Reply)>;

  static Expected<std::unique_ptr<AdminServer>> start(const std::filesystem::path& socket, Handler handler);
  ~AdminServer();  // removes the socket

 private:
  class Loop;
  explicit AdminServer(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace ginnel
