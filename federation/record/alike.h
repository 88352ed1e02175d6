// SPDX-License-Identifier: Apache-2.0
// How alike two short texts in normal form are.
//
// Thread: any; pure. Limits: of longer texts only the first alike_bytes_max bytes are compared.
#pragma once

#include <cstddef>
#include <string_view>

namespace ginnel {

inline constexpr std::size_t alike_bytes_max = 64;

// Jaro's similarity with Winkler's bonus for a common start: 0 nothing in common, 1 equal (Winkler 1990).
double jaro_winkler(std::string_view a, std::string_view b);

// One character more, fewer or other, or two neighbours the wrong way round. Equal texts are not.
bool is_one_edit(std::string_view a, std::string_view b);

}  // namespace ginnel
