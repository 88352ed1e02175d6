// SPDX-License-Identifier: Apache-2.0
// Policies at random, from a seed: every form of the language, mostly of no sense, always of right syntax.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

namespace ginnel::policy::test {

class RandomPolicy {
 public:
  explicit RandomPolicy(unsigned seed) : state_(seed * 2654435761u + 1) {}

  std::string policy() {
    std::string out = pick({"", "@note(\"a\\n\\\"b\") ", "@mark @id(\"x\") "});
    out += pick({"permit", "forbid"});
    out += "(principal" + pick({"", " == A::\"a\"", " in B::C::\"\\0*\"", " is A", " is A in B::\"b\""});
    out += ", action" +
           pick({"", " == Action::\"v\"", " in Action::\"v\"", " in [Action::\"v\", N::Action::\"w\"]", " in []"});
    out += ", resource" + pick({"", " == A::\"a\"", " in A::\"a\"", " is B::C"}) + ")";
    for (auto n = below(3); n > 0; --n) out += pick({" when { ", " unless { "}) + expression(5) + " }";
    return out + ";";
  }

  // An expression whose tree is at most that deep.
  std::string expression(int depth) {
    if (depth <= 0) return leaf();
    const auto next = [&] { return "(" + expression(depth - 1) + ")"; };
    const auto bare = [&] { return below(2) ? expression(depth - 1) : next(); };
    switch (below(18)) {
      case 0:
        return "(" + bare() + ") " + pick({"&&", "||"}) + " " + next() + pick({"", " && true", " || false"});
      case 1:
        return "!" + next();
      case 2:
        return "-" + next();
      case 3:
        return "if " + bare() + " then " + bare() + " else " + bare();
      case 4:
        return next() + " " + pick({"==", "!=", "<", "<=", ">", ">=", "in"}) + " " + next();
      case 5:
        return next() + " " + pick({"+", "-", "*"}) + " " + next() + " " + pick({"+", "-", "*"}) + " " + next();
      case 6:
        return next() + " has " + pick({"a", "\"a b\"", "\"if\"", "a.b.c"});
      case 7:
        return next() + " like " + pick({"\"*\"", "\"a\\*b*\"", "\"\"", "\"\\u{e9}**\\\\\""});
      case 8:
        return next() + " is " + pick({"A", "B::C"}) + (below(2) ? " in " + next() : "");
      case 9:
        return next() + pick({".a", "[\"a\"]", "[\"a b\"]", "[\"in\"]"});
      case 10:
        return next() + "." + pick({"contains", "containsAll", "containsAny", "hasTag", "getTag"}) + "(" + bare() + ")";
      case 11:
        return next() + ".isEmpty()";
      case 12:
        return "[" + bare() + ", " + bare() + "]";
      case 13:
        return "{a: " + bare() + ", \"b c\": " + bare() + ", \"like\": 1}";
      case 14:
        return next() + "." + pick({"isInRange", "lessThan", "offset", "durationSince"}) + "(" + bare() + ")";
      case 15:
        return pick({"ip", "decimal", "datetime", "duration"}) + "(" + bare() + ")";
      case 16:
        return next() + "." + pick({"toDate", "isIpv4", "toDays"}) + "()";
      default:
        return "[" + leaf() + ", " + leaf() + ", " + leaf() + "]";
    }
  }

 private:
  std::string leaf() {
    return pick({"true",
                 "false",
                 "0",
                 "5",
                 "-5",
                 "9223372036854775807",
                 "-9223372036854775808",
                 "\"\"",
                 "\"a\\\"\\u{1F600}\\x07\"",
                 "principal",
                 "action",
                 "resource",
                 "context",
                 "A::\"a\"",
                 "B::C::\"\\n\"",
                 "[]",
                 "[1, -2, 1]",
                 "{}",
                 "ip(\"::1/64\")",
                 "ip(\"10.0.0.1\")",
                 "ip(\"bad\")",
                 "decimal(\"-1.50\")",
                 "datetime(\"2024-02-29\")",
                 "datetime(\"0000-01-01T00:00:00+2359\")",
                 "datetime(\"9999-12-31T23:59:59.999-0001\")",
                 "duration(\"-1d2h\")",
                 "context.a"});
  }

  std::uint32_t below(std::uint32_t n) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>(state_ >> 33) % n;
  }
  std::string pick(std::initializer_list<const char*> list) { return list.begin()[below(std::uint32_t(list.size()))]; }

  std::uint64_t state_;
};

}  // namespace ginnel::policy::test
