// SPDX-License-Identifier: Apache-2.0
#include "federation/base/error.h"

namespace ginnel {

std::string Error::text() const {
  std::string out = what;
  if (!why.empty()) out += ": " + why;
  if (!remedy.empty()) out += " (" + remedy + ")";
  return out;
}

}  // namespace ginnel
