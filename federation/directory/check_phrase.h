// SPDX-License-Identifier: Apache-2.0
// The spoken check phrase of a file: what two people compare by telephone to know that they hold the same one.
//
// Ten words of a list of 256: 80 bits of the file's SHA-256. Whoever wants another file to have the phrase of a given
// one tries 2^80 files. (Two files of one phrase are cheaper to find, for somebody who makes both: then both are his
// own.)
//
// Thread: any; pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "federation/base/bytes.h"

namespace ginnel {

inline constexpr std::size_t check_phrase_length = 10;  // words

std::string check_phrase(ByteView file);

// As somebody typed it: capitals, commas, hyphens and line ends do not matter, each word and their order do.
bool is_check_phrase(std::string_view typed, ByteView file);

std::span<const std::string_view> check_phrase_words();  // 256

}  // namespace ginnel
