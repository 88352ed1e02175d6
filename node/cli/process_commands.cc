// SPDX-License-Identifier: Apache-2.0
// ginnel process: for those who write definitions of processes.
#include <fstream>

#include "node/cli/commands.h"
#include "node/cli/output.h"
#include "node/process/engine/drawing.h"

namespace ginnel {
namespace {

// Beside the definition's own name, so that several files can be drawn at once.
std::filesystem::path picture_of(const std::filesystem::path& folder, const Definition& definition) {
  return folder /
         (definition.key.id + "-" + definition.key.authority + "-" + std::to_string(definition.key.version) + ".svg");
}

ExitCode process_check(Invocation& call) {
  bool sound = true;
  for (const std::string& file : call.arguments) {
    auto definition = Definition::check(file);
    if (!definition) {
      sound = false;
      for (const std::string& mistake : definition.error()) call.streams.err << mistake << "\n";
      continue;
    }
    if (call.has("text"))
      call.streams.out << draw_text(*definition) << "\n";
    else
      call.streams.out << "ok: " << file << ": " << definition->title << ", " << definition->key.text() << ", "
                       << definition->steps.size() << " steps, in effect from " << definition->effective_from.iso()
                       << "\n";
    if (!call.has("pictures")) continue;
    const auto path = picture_of(call.text("pictures"), *definition);
    std::ofstream out(path, std::ios::binary);
    out << draw_svg(*definition);
    out.close();
    if (!out)
      return failed_with(call.streams,
                         Error{"not-written", "cannot draw " + file, "`" + path.string() + "` cannot be written",
                               "name a folder that is there and is yours"});
    call.streams.out << "drawn: " << path.string() << "\n";
  }
  return sound ? ExitCode::done : ExitCode::failed;
}

}  // namespace

std::vector<Command> process_commands() {
  return {{
      .noun = "process",
      .verb = "check",
      .arguments = "FILE...",
      .arguments_min = 1,
      .arguments_max = 100,
      .title = "read definitions of processes, say every mistake, and draw them",
      .details = "Each mistake is a line FILE:LINE:COLUMN. Nothing is changed, and no node is needed. FILE is such as "
                 "config-examples/processes/child-protection.toml.",
      .options = {{"pictures", "DIR", "writes each as a picture (SVG) into this folder"},
                  {"text", "", "shows each in words: the same facts as the picture"}},
      .run = process_check,
  }};
}

}  // namespace ginnel
