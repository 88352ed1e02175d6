// SPDX-License-Identifier: Apache-2.0
// What the holder of an item tells of the decision about sharing that it went by. Whoever was asked for consent was
// asked at the holder's: the asker's own gate, which decides once more, could not know of it otherwise.
//
// SECURITY: only what opens is told. That somebody refused, or who it was that decided, stays with the holder.
#pragma once

#include <cstdint>

namespace ginnel {

// A closed set: changing it changes the wire format.
enum class ConsentTold : std::uint8_t {
  nothing = 0,            // nobody was asked, it was not given, or it is not told
  given = 1,              // for this recipient, purpose and category, now
  not_competent = 2,      // the person was judged not competent to decide of this category
  given_for_another = 3,  // both
};

constexpr bool tells_given(ConsentTold told) {
  return told == ConsentTold::given || told == ConsentTold::given_for_another;
}
constexpr bool tells_not_competent(ConsentTold told) {
  return told == ConsentTold::not_competent || told == ConsentTold::given_for_another;
}
constexpr ConsentTold consent_told(bool is_given, bool is_not_competent) {
  return ConsentTold((is_given ? 1 : 0) | (is_not_competent ? 2 : 0));
}

}  // namespace ginnel
