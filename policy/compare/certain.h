// SPDX-License-Identifier: Apache-2.0
// Whether the answers of a row can come together.
#pragma once

#include <cstdint>

#include "policy/compare/question.h"
#include "policy/entity.h"

namespace ginnel::policy {

enum class Meets : std::uint8_t {
  surely,   // there is such a request
  perhaps,  // the row asks something that is not finite, or lies too deep to be told
  never,    // whether values are equal contradicts what they are
};

// As far as the rules of possible() have not said that already. Whether two values are the same is followed through
// all answers about either; entities of `resident` lie where they lie.
Meets meets(const RowOfValues& row, const Questions& questions, const EntitySource* resident);

}  // namespace ginnel::policy
