// SPDX-License-Identifier: Apache-2.0
#include "node/cli/installed.h"

#include <cstdlib>
#include <vector>

namespace ginnel {

namespace fs = std::filesystem;

Expected<fs::path> home_dir(const std::string& given) {
  const char* from_environment = std::getenv("GINNEL_HOME");
  std::vector<std::string> places;
  if (!given.empty()) {
    places = {given};
  } else {
    if (from_environment && *from_environment) places.emplace_back(from_environment);
    places.emplace_back(GINNEL_SOURCE_DIR);
  }
  std::string looked;
  std::error_code unreadable;  // is as good as not there
  for (const std::string& place : places) {
    if (fs::is_directory(fs::path(place) / "config-examples", unreadable))
      return fs::absolute(place).lexically_normal();
    looked += (looked.empty() ? "" : ", ") + place;
  }
  return fail("not-installed", "cannot find the files that come with ginnel",
              "there is no config-examples folder in " + looked,
              "name the folder that holds it with --config-dir or GINNEL_HOME");
}

fs::path program_file() {
  std::error_code error;
  fs::path file = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path("ginnel") : file;
}

Expected<std::string> adapter_file(const std::string& name, const fs::path& dir) {
  if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    return fail("no-adapter", "cannot import with the adapter", "`" + name + "` is no name of one",
                "use cin, annex-a or ssda903");
  std::error_code unreadable;
  if (fs::path own = dir / "adapters" / (name + ".toml"); fs::exists(own, unreadable)) return own.string();
  auto home = home_dir({});
  if (!home) return tl::unexpected(home.error());
  if (fs::path shipped = *home / "config-examples/adapters" / (name + ".toml"); fs::exists(shipped, unreadable))
    return shipped.string();
  return fail("no-adapter", "cannot import with the adapter", "there is no adapter `" + name + "`",
              "use cin, annex-a or ssda903, or put its file into " + (dir / "adapters").string());
}

}  // namespace ginnel
