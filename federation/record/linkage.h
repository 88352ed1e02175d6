// SPDX-License-Identifier: Apache-2.0
// Whether two descriptions are of one person: scored as Fellegi and Sunter do, field by field, in three bands.
//
// The score alone joins nobody. For `same`, of a number, given name and birth date at least LinkRules::agreeing must
// agree, and none of the latter two differ unless a number agrees: twins share everything but a given name, father and
// son everything but a birth date. Two different checked NHS numbers are never `same`.
//
// Thread: any; pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "federation/record/description.h"

namespace ginnel {

enum class Band : std::uint8_t { different = 0, ask = 1, same = 2 };
std::string_view name_of(Band band);

struct Comparison {
  double score = 0;  // bits: the weights' sum less log2 of the people among whom the pair was found
  Band band = Band::different;
  std::array<Level, link_field_count> levels{};
  bool is_swapped = false;  // given and family name stood the wrong way round
  bool numbers_contradict = false;

  Level level(LinkField field) const { return levels[std::size_t(field)]; }
};

Comparison compare(const Description& a, const Description& b, const LinkPlace& found, const LinkRules& rules);

// "given name exact, birth date close, ...": for a person who decides. No value of any field is in it.
std::string reasons_of(const Comparison& comparison);

}  // namespace ginnel
