// SPDX-License-Identifier: Apache-2.0
// Where this program finds the files that come with it.
//
// Thread: any. Failure: `not-installed`, naming the places that were looked in.
#pragma once

#include <filesystem>
#include <string>

#include "federation/base/error.h"

namespace ginnel {

// The folder with config-examples/: `given` if it is not empty, else $GINNEL_HOME, else the source tree that the
// program was built from.
Expected<std::filesystem::path> home_dir(const std::string& given);

// This program's own file, to start it again.
std::filesystem::path program_file();

// The agency's own file of the adapter, DIR/adapters/NAME.toml, else the one that comes with the program: `no-adapter`.
Expected<std::string> adapter_file(const std::string& name, const std::filesystem::path& dir);

}  // namespace ginnel
