// SPDX-License-Identifier: Apache-2.0
// Policies from anybody: parsed, decided and explained without a crash.
#include <cstdint>
#include <string_view>

#include "policy/explain.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel::policy;
  const auto set = parse_policies({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!set) return 0;
  const auto entities = Entities::make({{{"User", "a"}, Record{{"n", 1}}, {{"Team", "t"}}, {}}});
  const Request request{{"User", "a"}, {"Action", "view"}, {"File", "f"}, Record{{"s", Set({1, "a"})}}};
  authorize(*set, request, *entities);
  for (const auto& policy : set->policies()) first_obstacle(policy, request, *entities);
  return 0;
}
