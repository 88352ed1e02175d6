// SPDX-License-Identifier: Apache-2.0
// The first byte of a row of the side table `peers` says what it is, because the table is read as a whole. Numbers are
// part of the stored format.
#pragma once

#include <cstdint>

namespace ginnel {

enum class PeerRow : std::uint8_t { directory = 1, statement = 2, evidence = 4, suspension = 5 };

}  // namespace ginnel
