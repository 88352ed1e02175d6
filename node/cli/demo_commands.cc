// SPDX-License-Identifier: Apache-2.0
// ginnel demo: a federation of invented people on this machine.
#include "adapters/limits.h"
#include "node/cli/commands.h"
#include "node/cli/installed.h"
#include "node/cli/output.h"
#include "node/demo/demo.h"

namespace ginnel {
namespace {

ExitCode demo(Invocation& call) {
  DemoOptions options;
  options.dir = call.text("dir");
  options.once = call.has("once");
  options.program = program_file();
  if (call.has("children")) {
    auto children = call.number("children", 1, std::int64_t(limits::synth_children_max));
    if (!children) return ExitCode::usage;
    options.children = std::uint32_t(*children);
  }
  if (call.has("seed")) {
    auto seed = call.number("seed", 0, INT64_MAX);
    if (!seed) return ExitCode::usage;
    options.seed = std::uint64_t(*seed);
  }
  auto home = home_dir(call.text("config-dir"));
  if (!home) return failed_with(call.streams, home.error());
  options.home = *home;
  return run_demo(options, call.streams);
}

ExitCode demo_start(Invocation& call) { return start_demo_node(call.text("dir"), call.arguments[0], call.streams); }
ExitCode demo_stop(Invocation& call) { return stop_demo_node(call.text("dir"), call.arguments[0], call.streams); }
ExitCode demo_clock(Invocation& call) {
  return set_demo_clock(call.text("dir"), call.arguments.empty() ? "" : call.arguments[0], call.streams);
}

OptionSpec dir_option() { return {"dir", "DIR", "the demonstration's folder", false, "./demo-data"}; }

}  // namespace

std::vector<Command> demo_commands() {
  std::vector<Command> commands;
  commands.push_back({.noun = "demo",
                      .title = "ten agencies and their invented people on this machine; shows one case view",
                      .details =
                          "Stays up until Ctrl-C. A second start in the same folder goes on with what is there.\n"
                          "DIR/demo.json tells scripts everything.",
                      .options = {dir_option(),
                                  {"children", "N", "how many invented children (200)"},
                                  {"seed", "S", "the same seed gives the same people (1)"},
                                  {"once", "", "check every story's case view, then stop; 4 when one differs"},
                                  {"config-dir", "FOLDER", "where config-examples is"}},
                      .run = demo});
  commands.push_back({.noun = "demo",
                      .verb = "start",
                      .arguments = "NODE",
                      .arguments_min = 1,
                      .arguments_max = 1,
                      .title = "start a node of a running demonstration again",
                      .options = {dir_option()},
                      .run = demo_start});
  commands.push_back({.noun = "demo",
                      .verb = "stop",
                      .arguments = "NODE",
                      .arguments_min = 1,
                      .arguments_max = 1,
                      .title = "stop one node of a running demonstration",
                      .options = {dir_option()},
                      .run = demo_stop});
  commands.push_back({.noun = "demo",
                      .verb = "clock",
                      .arguments = "[WHEN]",
                      .arguments_max = 1,
                      .title = "what time it is in a demonstration, or go on to a later time",
                      .details = "WHEN is `+90m`, `+4h`, `+3d`, `+2w`, or a time in London: `2026-12-24 16:00`.\n"
                                 "Its nodes see it at once. A demonstration's time never goes back.",
                      .options = {dir_option()},
                      .run = demo_clock});
  return commands;
}

}  // namespace ginnel
