// SPDX-License-Identifier: Apache-2.0
// What goes between members, measured between production nodes over CURVE and loopback, each with its store on a disk.
#pragma once

#include <cstddef>

namespace ginnel::bench {

// Each prints its measures as lines of JSON (tests/bench/bench.cc says which).
void notices(std::size_t count, std::size_t window);
void drain(std::size_t count);
void asks(std::size_t count);
void concealed(std::size_t count);
void rounds(std::size_t count);

}  // namespace ginnel::bench
