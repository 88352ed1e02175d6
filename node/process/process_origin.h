// SPDX-License-Identifier: Apache-2.0
// What the tasks of a process are called, so that each cause has one: "process:ID:step/7", "process:ID:reason/7/clock",
// "process:ID:alert/KEY/ROLE".
//
// Thread: any; pure.
#pragma once

#include <string>
#include <string_view>

#include "federation/base/crypto/hash.h"
#include "federation/base/id.h"
#include "node/work/tasks.h"

namespace ginnel {

inline constexpr std::string_view process_origin_prefix = "process:";

// Such a task ends with what it is about, in the process, and not by itself.
inline bool is_process_origin(std::string_view origin) { return origin.starts_with(process_origin_prefix); }

// What is too long for an origin stands as its hash.
inline std::string process_origin(const ProcessId& process, const std::string& cause) {
  std::string out = std::string(process_origin_prefix) + process.hex() + ":";
  const bool fits = out.size() + cause.size() <= limits::task_origin_bytes_max;
  return out + (fits ? cause : to_hex(sha256(view_of(cause))));
}

}  // namespace ginnel
