// SPDX-License-Identifier: Apache-2.0
#include "federation/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace ginnel {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "ginnel: bug: `%s` does not hold at %s:%d\n", condition, file, line);
  std::abort();
}

}  // namespace ginnel
