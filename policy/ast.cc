// SPDX-License-Identifier: Apache-2.0
#include "policy/ast.h"

#include <algorithm>
#include <array>

namespace ginnel::policy {

namespace {

// In the order of the enumeration.
constexpr std::array<FunctionInfo, 22> functions = {{
    {Function::decimal, "decimal", false, 1},
    {Function::ip, "ip", false, 1},
    {Function::datetime, "datetime", false, 1},
    {Function::duration, "duration", false, 1},
    {Function::less_than, "lessThan", true, 2},
    {Function::less_than_or_equal, "lessThanOrEqual", true, 2},
    {Function::greater_than, "greaterThan", true, 2},
    {Function::greater_than_or_equal, "greaterThanOrEqual", true, 2},
    {Function::is_ipv4, "isIpv4", true, 1},
    {Function::is_ipv6, "isIpv6", true, 1},
    {Function::is_loopback, "isLoopback", true, 1},
    {Function::is_multicast, "isMulticast", true, 1},
    {Function::is_in_range, "isInRange", true, 2},
    {Function::offset, "offset", true, 2},
    {Function::duration_since, "durationSince", true, 2},
    {Function::to_date, "toDate", true, 1},
    {Function::to_time, "toTime", true, 1},
    {Function::to_milliseconds, "toMilliseconds", true, 1},
    {Function::to_seconds, "toSeconds", true, 1},
    {Function::to_minutes, "toMinutes", true, 1},
    {Function::to_hours, "toHours", true, 1},
    {Function::to_days, "toDays", true, 1},
}};

}  // namespace

const FunctionInfo* find_function(std::string_view name) {
  for (const auto& info : functions) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

const FunctionInfo& info_of(Function function) { return functions[static_cast<std::size_t>(function)]; }

bool same_expression(const Expr& a, const Expr& b) {
  if (a.kind != b.kind || a.variable != b.variable || a.function != b.function || a.name != b.name ||
      a.names != b.names || a.value != b.value || !a.pattern != !b.pattern || a.operands.size() != b.operands.size()) {
    return false;
  }
  if (a.pattern && *a.pattern != *b.pattern) return false;
  return std::equal(a.operands.begin(), a.operands.end(), b.operands.begin(), same_expression);
}

}  // namespace ginnel::policy
