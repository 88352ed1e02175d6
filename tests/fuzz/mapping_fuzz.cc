// SPDX-License-Identifier: Apache-2.0
// Mappings from anybody: what is refused says why, and what is taken names its columns.
#include "adapters/mapping.h"
#include "federation/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  auto mapping = read_mapping({reinterpret_cast<const char*>(data), size}, "fuzz", {{"visit"}, {}, {}, {}});
  if (!mapping) {
    CHECK(!mapping.error().empty());
    for (const Error& error : mapping.error()) CHECK(!error.why.empty() && !error.remedy.empty());
    return 0;
  }
  for (const auto& table : mapping->records) CHECK(!table.columns.empty() && !table.key.columns.empty());
  for (const auto& table : mapping->people) CHECK(!table.names.empty() && !table.key.columns.empty());
  return 0;
}
