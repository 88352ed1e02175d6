// SPDX-License-Identifier: Apache-2.0
// The demonstration: a federation of ten agencies on this machine, with invented people, and one case view.
//
// Thread: the main thread; blocks until it is stopped, or, with `once`, until every story was checked.
// Success: ExitCode::done. With `once`, ExitCode::partial when a view differs from what its story expects.
// Failure: told on streams.err. Whatever ends it ends the nodes too.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "node/cli/command.h"

namespace ginnel {

struct DemoOptions {
  std::filesystem::path dir;
  std::optional<std::uint32_t> children;  // not set: those of the folder, else 200
  std::optional<std::uint64_t> seed;      // not set: that of the folder, else 1
  bool once = false;
  std::filesystem::path home;     // where config-examples is
  std::filesystem::path program;  // this program's file
};

ExitCode run_demo(const DemoOptions& options, Streams& streams);

// Tells the demonstration that runs in `dir`.
ExitCode start_demo_node(const std::filesystem::path& dir, const std::string& node, Streams& streams);
ExitCode stop_demo_node(const std::filesystem::path& dir, const std::string& node, Streams& streams);

// What time it is in the demonstration of `dir`, whether it runs or not; with `when`, it becomes that. Only later
// times.
ExitCode set_demo_clock(const std::filesystem::path& dir, const std::string& when, Streams& streams);

}  // namespace ginnel
