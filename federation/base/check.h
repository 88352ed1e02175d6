// SPDX-License-Identifier: Apache-2.0
// CHECK: an invariant of our own code, always on. What a peer, a file or a user can trigger is never a CHECK.
#pragma once

namespace ginnel {

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace ginnel

#define CHECK(condition) ((condition) ? (void)0 : ::ginnel::check_failed(#condition, __FILE__, __LINE__))
