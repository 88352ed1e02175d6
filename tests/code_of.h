// SPDX-License-Identifier: Apache-2.0
// What was refused, as tests ask for it: asking a success for its error is undefined.
#pragma once

#include <string>

#include "federation/base/error.h"

namespace ginnel {

// Empty: it was not refused.
template <class T>
std::string code_of(const Expected<T>& done) {
  return done ? std::string() : done.error().code;
}

}  // namespace ginnel
