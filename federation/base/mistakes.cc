// SPDX-License-Identifier: Apache-2.0
#include "federation/base/mistakes.h"

namespace ginnel {

tl::unexpected<Error> fail_with_all(const char* code, const char* what, const std::vector<std::string>& mistakes) {
  std::string lines;
  for (const auto& mistake : mistakes) lines += (lines.empty() ? "" : "\n") + mistake;
  return fail(code, what, lines, mistakes.size() == 1 ? "mend it" : "mend each");
}

}  // namespace ginnel
