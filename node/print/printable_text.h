// SPDX-License-Identifier: Apache-2.0
// Foreign text on paper: what it says is printed, and nothing in it acts.
//
// Thread: any; pure. SECURITY: a peer's text can hold direction marks that make a line read otherwise than it stands,
// and invisible characters that make two names look alike. None of them gets through.
#pragma once

#include <string>
#include <string_view>

namespace ginnel {

// Well-formed UTF-8 of any text, without a zero byte, at most three times as long. Each broken byte, control character,
// direction mark or invisible format character is U+FFFD, as harmless() has it for a terminal; but line ends stay, at
// most two in a row, and so do U+200B to U+200D, which Khmer, Persian and Indian scripts are written with and which
// have no direction. Other white space in a row is one space; there is none at an end.
std::string printable(std::string_view text);

}  // namespace ginnel
