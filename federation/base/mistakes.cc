// SPDX-License-Identifier: Apache-2.0
#include "federation/base/mistakes.h"

#include "federation/base/text.h"

namespace ginnel {

tl::unexpected<Error> fail_with_all(const char* code, const char* what, const std::vector<std::string>& mistakes) {
  return fail(code, what, joined(mistakes, "\n"), mistakes.size() == 1 ? "mend it" : "mend each");
}

}  // namespace ginnel
