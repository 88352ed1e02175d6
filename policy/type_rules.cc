// SPDX-License-Identifier: Apache-2.0
// What two types have in common, what the functions of the extension types take and give, and what a word was meant
// to be.
#include <algorithm>
#include <array>
#include <utility>

#include "policy/type_check.h"

namespace ginnel::policy {

namespace {

using Kind = Expr::Kind;
using Type = Value::Type;

struct Signature {
  std::array<Type, 2> takes;
  Type gives;
};

Signature signature_of(Function function) {
  switch (function) {
    case Function::decimal:
      return {{Type::string}, Type::decimal};
    case Function::ip:
      return {{Type::string}, Type::ip};
    case Function::datetime:
      return {{Type::string}, Type::datetime};
    case Function::duration:
      return {{Type::string}, Type::duration};
    case Function::less_than:
    case Function::less_than_or_equal:
    case Function::greater_than:
    case Function::greater_than_or_equal:
      return {{Type::decimal, Type::decimal}, Type::boolean};
    case Function::is_ipv4:
    case Function::is_ipv6:
    case Function::is_loopback:
    case Function::is_multicast:
    case Function::is_in_range:
      return {{Type::ip, Type::ip}, Type::boolean};
    case Function::offset:
      return {{Type::datetime, Type::duration}, Type::datetime};
    case Function::duration_since:
      return {{Type::datetime, Type::datetime}, Type::duration};
    case Function::to_date:
      return {{Type::datetime}, Type::datetime};
    case Function::to_time:
      return {{Type::datetime}, Type::duration};
    case Function::to_milliseconds:
    case Function::to_seconds:
    case Function::to_minutes:
    case Function::to_hours:
    case Function::to_days:
      return {{Type::duration}, Type::integer};
  }
  return {};
}

// Strict: the same attributes, each as required in both.
std::optional<SchemaType> common_record(const SchemaType& a, const SchemaType& b) {
  const auto count = [](const SchemaType& type) { return type.attributes ? type.attributes->size() : 0; };
  if (count(a) != count(b)) return std::nullopt;
  if (count(a) == 0 || a.attributes == b.attributes) return a;
  std::vector<SchemaAttribute> attributes;
  for (const auto& left : *a.attributes) {
    const auto* right = b.find(left.name);
    auto type = right && right->required == left.required ? common_type(left.type, right->type) : std::nullopt;
    if (!type) return std::nullopt;
    attributes.push_back({left.name, std::move(*type), left.required});
  }
  SchemaType type;
  type.attributes = std::make_shared<const std::vector<SchemaAttribute>>(std::move(attributes));
  return type;
}

// How many letters must be put in, left out, changed or swapped with the next; more than `most` is just more.
std::size_t distance(std::string_view a, std::string_view b, std::size_t most) {
  if (a.size() > b.size() + most || b.size() > a.size() + most) return most + 1;
  std::vector<std::size_t> two_before, before(b.size() + 1), row(b.size() + 1);
  for (std::size_t k = 0; k <= b.size(); ++k) row[k] = k;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    two_before = std::exchange(before, row);
    row[0] = i;
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const auto change = before[k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1);
      row[k] = std::min({change, before[k] + 1, row[k - 1] + 1});
      const bool swapped = i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1];
      if (swapped) row[k] = std::min(row[k], two_before[k - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

SchemaType plain_type(Type kind) {
  SchemaType type;
  type.kind = kind;
  return type;
}

SchemaType entity_of(std::string type) {
  auto out = plain_type(Type::entity);
  out.entity_type = std::move(type);
  return out;
}

SchemaType truth_type(std::optional<bool> only) {
  auto type = plain_type(Type::boolean);
  type.only = only;
  return type;
}

std::optional<SchemaType> common_type(const SchemaType& a, const SchemaType& b) {
  if (a.kind != b.kind) return std::nullopt;
  switch (a.kind) {
    case Type::boolean: {
      auto type = a;
      if (a.only != b.only) type.only.reset();
      return type;
    }
    case Type::entity:
      return a.entity_type == b.entity_type ? std::optional(a) : std::nullopt;
    case Type::set: {
      if (!a.element || !b.element) return a.element ? a : b;
      auto element = common_type(*a.element, *b.element);
      if (!element) return std::nullopt;
      auto type = a;
      type.element = std::make_shared<const SchemaType>(std::move(*element));
      return type;
    }
    case Type::record:
      return common_record(a, b);
    default:
      return a;
  }
}

std::string suggest(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t list_max = 8, word_bytes_max = 100;
  if (word.size() > word_bytes_max) return {};
  const auto most = word.size() < 2 ? 0 : std::max<std::size_t>(1, word.size() / 3);
  const std::string* nearest = nullptr;
  auto best = most + 1;
  for (const auto& one : known) {
    const auto far = distance(word, one, most);
    if (far < best) {
      best = far;
      nearest = &one;
    }
  }
  if (nearest) return "did you mean `" + *nearest + "`?";
  if (known.empty() || known.size() > list_max) return {};
  std::string out = "there is";
  for (std::size_t i = 0; i < known.size(); ++i) out += (i == 0 ? " `" : ", `") + known[i] + "`";
  return out;
}

TypeChecker::Typed TypeChecker::call(const Expr& expr, const Known& known) {
  const auto& info = info_of(expr.function);
  const auto signature = signature_of(expr.function);
  SchemaType given;
  given.kind = signature.gives;
  const std::string name(info.name);
  if (expr.operands.size() != info.arguments) {
    fault(expr.span, "`" + name + "` takes another number of arguments, " + std::to_string(info.arguments) +
                         (info.method ? " with the value before the dot" : ""));
    for (const auto& operand : expr.operands) check(operand, known);
    return {std::move(given), {}};
  }
  for (std::size_t i = 0; i < expr.operands.size(); ++i) expect(expr.operands[i], known, signature.takes[i]);
  if (info.method) return {std::move(given), {}};
  const auto& argument = expr.operands.front();
  if (argument.kind != Kind::literal || argument.value.as_set()) {
    fault(argument.span, "`" + name + "` takes a text that is written here, nothing else",
          "an attribute can be of the type itself");
  } else if (argument.value.as_string()) {
    const std::array<const Value*, 1> arguments = {&argument.value};
    const auto value = call_function(expr.function, arguments);
    if (!value) fault(argument.span, value.error());
  }
  return {std::move(given), {}};
}

}  // namespace ginnel::policy
