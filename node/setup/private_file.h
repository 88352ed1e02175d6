// SPDX-License-Identifier: Apache-2.0
// Writing files whole, and secrets so that nobody else can read them at any moment.
//
// Thread: any. Failure: `unwritable`, with the system's reason. An existing file is replaced in one step; its old
// content stays when writing fails.
#pragma once

#include <filesystem>
#include <string_view>

#include "federation/base/error.h"

namespace ginnel {

Expected<void> write_private_file(const std::filesystem::path& file, std::string_view content);  // 0600
Expected<void> write_file(const std::filesystem::path& file, std::string_view content);          // 0644

}  // namespace ginnel
