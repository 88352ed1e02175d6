// SPDX-License-Identifier: Apache-2.0
// The other end of the admin socket, for commands and the demo.
//
// Thread: any; blocks. Failure: `node-not-running` (no socket, or nobody behind it), `admin-refused`, `node-gone` (the
// connection ended before the last reply), `admin-timeout`, and any Error that the node itself replied with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "federation/base/error.h"
#include "node/admin/admin_message.h"

namespace ginnel {

// For an answer from a node that runs on this machine and has nothing to wait for.
inline constexpr std::int64_t reply_ms_max = 30'000;

// Gives every reply before the last to `progress`, and the last as the result.
Expected<AdminReply> ask_node(const std::filesystem::path& socket, const AdminRequest& request,
                              const std::function<void(const AdminReply&)>& progress = {},
                              std::int64_t timeout_ms = 0 /* 0: waits */);

// Whether a node answers behind the socket.
bool node_is_running(const std::filesystem::path& socket);

}  // namespace ginnel
