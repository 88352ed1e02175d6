// SPDX-License-Identifier: Apache-2.0
// Entity data from anybody, with and without a schema.
#include <cstdint>
#include <string_view>

#include "policy/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel::policy;
  static const auto schema = *parse_schema(
      "entity G; entity User in [G] { e?: User, s?: Set<decimal>, r?: {d?: datetime, i?: ipaddr} } tags duration;",
      "s");
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto entities = entities_from_json(text, "fuzz", &schema)) (void)Entities::make(std::move(*entities));
  if (auto entities = entities_from_json(text, "fuzz")) (void)Entities::make(std::move(*entities));
  (void)context_from_json(text, "fuzz");
  (void)entity_uid_from_json(text, "fuzz");
  return 0;
}
