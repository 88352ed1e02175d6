// SPDX-License-Identifier: Apache-2.0
#include "tests/policy/allocations.h"

#include <cstdlib>
#include <new>

namespace {
thread_local std::size_t count = 0;
}  // namespace

// In a file of their own, so that the compiler does not take them apart at their callers.
void* operator new(std::size_t bytes) {
  ++count;
  if (void* out = std::malloc(bytes)) return out;
  throw std::bad_alloc();
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  ++count;
  return std::malloc(bytes);
}
void operator delete(void* where) noexcept { std::free(where); }
void operator delete(void* where, std::size_t) noexcept { std::free(where); }

namespace ginnel::policy::test {

std::size_t allocations() { return count; }

}  // namespace ginnel::policy::test
