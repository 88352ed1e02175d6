// SPDX-License-Identifier: Apache-2.0
// Policies from anybody: checked, parsed, compared, decided and explained without a crash.
#include <cstdint>
#include <string_view>

#include "policy/check.h"
#include "policy/compare.h"
#include "policy/explain.h"
#include "policy/validate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel::policy;
  static const auto schema = *parse_schema(
      "entity Team; entity User in [Team] { n: Long, o?: User }; entity File { s: Set<Long> };"
      "action view appliesTo { principal: User, resource: [File, Team], context: { s: Set<Long> } };",
      "s");
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool clean = check_policies(text, "fuzz", schema).passed();
  const auto read = read_policies(text, "fuzz");
  (void)validate(read.whole, schema);
  const auto set = parse_policies(text, "fuzz");
  if (clean && !set) __builtin_trap();
  if (clean) {
    const auto none = compare_policies(*set, *set, schema), all = compare_policies({}, *set, schema);
    if (none && !none->empty()) __builtin_trap();
    (void)all;
  }
  if (!set) return 0;
  const auto entities = Entities::make({{{"User", "a"}, Record{{"n", 1}}, {{"Team", "t"}}, {}}});
  const Request request{{"User", "a"}, {"Action", "view"}, {"File", "f"}, Record{{"s", Set({1, "a"})}}};
  authorize(*set, request, *entities);
  for (const auto& policy : set->policies()) first_obstacle(policy, request, *entities);
  return 0;
}
