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
  for (const std::string& place : places) {
    if (fs::is_directory(fs::path(place) / "config-examples")) return fs::absolute(place).lexically_normal();
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

Expected<std::string> adapter_file(const std::string& name, const std::filesystem::path& dir) {
  if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    return fail("no-adapter", "cannot import with the adapter", "`" + name + "` is no name of one",
                "use cin, annex-a or ssda903");
  if (std::filesystem::path own = dir / "adapters" / (name + ".toml"); std::filesystem::exists(own))
    return own.string();
  auto home = home_dir({});
  if (!home) return tl::unexpected(home.error());
  if (std::filesystem::path shipped = *home / "config-examples/adapters" / (name + ".toml");
      std::filesystem::exists(shipped))
    return shipped.string();
  return fail("no-adapter", "cannot import with the adapter", "there is no adapter `" + name + "`",
              "use cin, annex-a or ssda903, or put its file into " + (dir / "adapters").string());
}

}  // namespace ginnel
