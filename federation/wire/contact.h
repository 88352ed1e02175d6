// SPDX-License-Identifier: Apache-2.0
// Whom to ring, and how one node tells another that something went wrong.
#pragma once

#include <string>

#include "federation/base/bytes.h"
#include "federation/base/error.h"

namespace ginnel {

struct Contact {
  std::string name, role, team;
  std::string phone;
  std::string hours;  // "always", "Mon-Fri 9-17, then 01632 960001"; empty: not said
  auto operator<=>(const Contact&) const = default;
};

// A refusal or failure as it travels: code, sentence, remedy, and the id that stands in both nodes' logs. Also the
// whole payload of kind `error`, whose header's correlation names the message that it is about.
struct Problem {
  std::string code;  // stable, kebab-case
  std::string sentence;
  std::string remedy;
  std::string id;  // empty only when there is no problem at all
  auto operator<=>(const Problem&) const = default;
  bool empty() const { return code.empty(); }
};

inline constexpr std::string_view unsupported_kind_code = "unsupported-kind";

// An Error loses nothing but gains the id.
Problem problem_from(const Error& error, std::string id);

Bytes encode_problem(const Problem& problem);
Expected<Problem> decode_problem(ByteView payload);

}  // namespace ginnel
