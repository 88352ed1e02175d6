// SPDX-License-Identifier: Apache-2.0
// United Kingdom postcodes in their one written form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ginnel {

// "BD1 1AA" from any case and spacing; nothing if it is none. ZZ99 codes (none or unknown) are nothing too.
std::optional<std::string> parse_postcode(std::string_view text);

}  // namespace ginnel
