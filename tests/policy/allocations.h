// SPDX-License-Identifier: Apache-2.0
// How often this thread of the test program has asked for memory with `new`.
#pragma once

#include <cstddef>

namespace ginnel::policy::test {

std::size_t allocations();

}  // namespace ginnel::policy::test
