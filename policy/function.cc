// SPDX-License-Identifier: Apache-2.0
// The functions and methods of the extension types.
#include "policy/evaluate.h"

namespace ginnel::policy {

namespace {

using Failure = tl::unexpected<std::string>;
using Result = tl::expected<Value, std::string>;
using Arguments = std::span<const Value* const>;

Failure wrong_type(std::string_view wanted, const Value& found) {
  std::string message = "expected " + std::string(wanted) + ", found " + std::string(found.type_name());
  if (found.as_string()) {
    message += "; a string becomes one by `" + std::string(wanted == "ipaddr" ? "ip" : wanted) + "(...)`";
  }
  return Failure(std::move(message));
}

template <class T>
Result parsed(const Value& text) {
  if (!text.as_string()) return Failure("expected string, found " + std::string(text.type_name()));
  auto value = T::parse(*text.as_string());
  if (!value) return Failure(std::move(value.error()));
  return Value(*value);
}

template <class T>
Result lifted(tl::expected<T, std::string> value) {
  if (!value) return Failure(std::move(value.error()));
  return Value(*value);
}

Result on_decimals(Function function, Arguments arguments) {
  const auto *left = arguments[0]->as_decimal(), *right = arguments[1]->as_decimal();
  if (!left) return wrong_type("decimal", *arguments[0]);
  if (!right) return wrong_type("decimal", *arguments[1]);
  switch (function) {
    case Function::less_than:
      return Value(*left < *right);
    case Function::less_than_or_equal:
      return Value(*left <= *right);
    case Function::greater_than:
      return Value(*left > *right);
    default:
      return Value(*left >= *right);
  }
}

Result on_ip(Function function, Arguments arguments) {
  const auto* ip = arguments[0]->as_ip();
  if (!ip) return wrong_type("ipaddr", *arguments[0]);
  switch (function) {
    case Function::is_ipv4:
      return Value(!ip->v6);
    case Function::is_ipv6:
      return Value(ip->v6);
    case Function::is_loopback:
      return Value(ip->is_loopback());
    case Function::is_multicast:
      return Value(ip->is_multicast());
    default:
      break;
  }
  const auto* range = arguments[1]->as_ip();
  if (!range) return wrong_type("ipaddr", *arguments[1]);
  return Value(ip->is_in_range(*range));
}

Result on_datetime(Function function, Arguments arguments) {
  const auto* datetime = arguments[0]->as_datetime();
  if (!datetime) return wrong_type("datetime", *arguments[0]);
  switch (function) {
    case Function::to_date:
      return lifted(datetime->to_date());
    case Function::to_time:
      return Value(datetime->to_time());
    case Function::offset: {
      const auto* by = arguments[1]->as_duration();
      return by ? lifted(datetime->offset(*by)) : wrong_type("duration", *arguments[1]);
    }
    default:
      break;
  }
  const auto* earlier = arguments[1]->as_datetime();
  return earlier ? lifted(datetime->duration_since(*earlier)) : wrong_type("datetime", *arguments[1]);
}

// Rounds towards zero.
Result on_duration(Function function, Arguments arguments) {
  const auto* duration = arguments[0]->as_duration();
  if (!duration) return wrong_type("duration", *arguments[0]);
  switch (function) {
    case Function::to_milliseconds:
      return Value(duration->ms);
    case Function::to_seconds:
      return Value(duration->ms / 1'000);
    case Function::to_minutes:
      return Value(duration->ms / 60'000);
    case Function::to_hours:
      return Value(duration->ms / 3'600'000);
    default:
      return Value(duration->ms / 86'400'000);
  }
}

}  // namespace

tl::expected<Value, std::string> call_function(Function function, std::span<const Value* const> arguments) {
  const auto& info = info_of(function);
  if (arguments.size() != info.arguments) {
    const std::size_t self = info.method ? 1 : 0;
    return Failure("`" + std::string(info.name) + "` takes " + std::to_string(info.arguments - self) +
                   " arguments, not " + std::to_string(arguments.size() - std::min(self, arguments.size())));
  }
  switch (function) {
    case Function::decimal:
      return parsed<Decimal>(*arguments[0]);
    case Function::ip:
      return parsed<IpAddress>(*arguments[0]);
    case Function::datetime:
      return parsed<Datetime>(*arguments[0]);
    case Function::duration:
      return parsed<Duration>(*arguments[0]);
    case Function::less_than:
    case Function::less_than_or_equal:
    case Function::greater_than:
    case Function::greater_than_or_equal:
      return on_decimals(function, arguments);
    case Function::is_ipv4:
    case Function::is_ipv6:
    case Function::is_loopback:
    case Function::is_multicast:
    case Function::is_in_range:
      return on_ip(function, arguments);
    case Function::offset:
    case Function::duration_since:
    case Function::to_date:
    case Function::to_time:
      return on_datetime(function, arguments);
    case Function::to_milliseconds:
    case Function::to_seconds:
    case Function::to_minutes:
    case Function::to_hours:
    case Function::to_days:
      return on_duration(function, arguments);
  }
  return Failure("unknown function");
}

}  // namespace ginnel::policy
