// SPDX-License-Identifier: Apache-2.0
// Schemas from anybody.
#include <cstdint>
#include <string_view>

#include "policy/schema.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel::policy;
  const auto schema = parse_schema({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!schema) return 0;
  for (const auto& entity : schema->action_entities()) schema->problems(entity);
  for (const auto& type : schema->entity_types()) schema->problems(Entity{{type.name, "a"}, {}, {}, {}});
  return 0;
}
