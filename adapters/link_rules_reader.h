// SPDX-License-Identifier: Apache-2.0
// Reads the rules of linking from TOML; config-examples/linking/west-yorkshire.toml is carried by the program and used
// where nobody names another.
//
// Thread: any. Failure: every mistake of the file at once, each with its line and a remedy.
// Limits: limits::link_rules_*.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"
#include "federation/record/link_rules.h"

namespace ginnel {

tl::expected<LinkRules, std::vector<Error>> read_link_rules(std::string_view text, std::string path);
tl::expected<LinkRules, std::vector<Error>> load_link_rules(const std::filesystem::path& file);

// The file that the program carries.
const LinkRules& default_link_rules();
std::string_view default_link_rules_text();

}  // namespace ginnel
