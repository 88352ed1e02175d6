// SPDX-License-Identifier: Apache-2.0
// What a worker is told of something that is not there, and of something that is there but not theirs to see: the same
// words, so that nobody learns which of the two it is.
#pragma once

#include "federation/base/error.h"

namespace ginnel {

inline tl::unexpected<Error> nothing_here() {
  return fail("not-found", "cannot show this", "there is nothing of that kind for you", "");
}

inline tl::unexpected<Error> no_such_notice() {
  return fail("not-found", "there is no such notice", "it never was, or it is not yours", "look at the list again");
}

}  // namespace ginnel
