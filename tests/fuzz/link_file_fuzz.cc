// SPDX-License-Identifier: Apache-2.0
// Files of people from anybody: what is read can be compared, both ways alike, and found by itself.
#include <sstream>

#include "adapters/link_file.h"
#include "adapters/link_rules_reader.h"
#include "federation/base/check.h"
#include "federation/record/pairing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 4096)));
  auto file = read_link_file(in, "fuzz", {}, default_link_rules());
  if (!file) return 0;
  CHECK(file->ids.size() == file->people.size());
  for (const auto& pair : pair_up(file->people, file->people, 1, default_link_rules()).pairs)
    CHECK(pair.a < file->ids.size() && pair.b < file->ids.size() && pair.band != Band::different);
  return 0;
}
