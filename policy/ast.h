// SPDX-License-Identifier: Apache-2.0
// A parsed policy: its scope and its conditions as trees. Made by the parser, read by everything else.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/diagnostic.h"
#include "policy/string_literal.h"
#include "policy/value.h"

namespace ginnel::policy {

enum class Variable : std::uint8_t { principal, action, resource, context };

// Functions and methods of the extension types. A method's receiver is its first argument.
enum class Function : std::uint8_t {
  // Constructors, of one string.
  decimal,
  ip,
  datetime,
  duration,
  // Of a decimal.
  less_than,
  less_than_or_equal,
  greater_than,
  greater_than_or_equal,
  // Of an ip address.
  is_ipv4,
  is_ipv6,
  is_loopback,
  is_multicast,
  is_in_range,
  // Of a datetime.
  offset,
  duration_since,
  to_date,
  to_time,
  // Of a duration.
  to_milliseconds,
  to_seconds,
  to_minutes,
  to_hours,
  to_days,
};

struct FunctionInfo {
  Function function;
  std::string_view name;
  bool method;
  std::uint8_t arguments;  // with the receiver
};

// Null when the language has no such function.
const FunctionInfo* find_function(std::string_view name);
const FunctionInfo& info_of(Function function);

struct Expr {
  enum class Kind : std::uint8_t {
    literal,    // value
    variable,   // variable
    negation,   // ! a
    minus,      // - a
    all_of,     // a && b && ...
    any_of,     // a || b || ...
    condition,  // if a then b else c
    equal,
    not_equal,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
    sum,
    difference,
    product,
    in,         // a in b
    is,         // a is name; with a second operand: a is name in b
    like,       // a like pattern
    has,        // a has path
    attribute,  // a.name, a["name"]
    contains,
    contains_all,
    contains_any,
    is_empty,
    has_tag,
    get_tag,
    set,     // [a, b, ...]
    record,  // {names[0]: a, ...}
    call,    // function(a, ...)
  };

  Kind kind = Kind::literal;
  Variable variable = Variable::principal;
  Function function = Function::decimal;
  std::uint16_t depth = 1;         // of the tree from here down
  std::uint32_t shared = 0;        // its number among what is asked more than once (compiled.h); 0: not one of them
  Span span;                       // in the source of the policy
  std::string name;                // attribute, entity type
  std::vector<std::string> names;  // has: the path; record: the fields
  Value value;
  std::shared_ptr<const Pattern> pattern;
  std::vector<Expr> operands;
};

// The same but for where it stands.
bool same_expression(const Expr& a, const Expr& b);

// What the scope asks of principal, action or resource.
struct ScopeConstraint {
  enum class Kind : std::uint8_t { any, equal, in, in_any_of, is, is_in };
  Kind kind = Kind::any;
  bool slot = false;                // a template's open place instead of an entity
  std::string type;                 // is, is_in
  std::vector<EntityUid> entities;  // one, or for in_any_of any number
  Span span;
};

// `when` or `unless`.
struct Clause {
  bool when = true;
  Expr condition;
  Span span;
};

}  // namespace ginnel::policy
