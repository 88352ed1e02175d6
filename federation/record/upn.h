// SPDX-License-Identifier: Apache-2.0
// Unique Pupil Numbers: a check letter and twelve digits, the last a letter when temporary (DfE UPN guide; DOMAIN 7).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ginnel {

// Upper case, without spaces; nothing if the form or the check letter is wrong.
std::optional<std::string> parse_upn(std::string_view text);

// The first letter for the following twelve characters; nothing if they are not of the form.
std::optional<char> upn_check_letter(std::string_view twelve);

}  // namespace ginnel
