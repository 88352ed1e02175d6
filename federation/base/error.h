// SPDX-License-Identifier: Apache-2.0
// An operating error as a value: what happened, why, and what a person can do.
//
// Bugs are not errors: see check.h. Text is lower case without a full stop, with user input in backticks,
// and never holds a name, a birth date, an NHS number, a key or a token (DESIGN 13).
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace ginnel {

struct Error {
  std::string code;    // stable, kebab-case: `unknown-member`, `bad-signature`
  std::string what;    // what could not be done
  std::string why;     // the cause, as far as it is known
  std::string remedy;  // what a person can do now

  // "what: why (remedy)", for logs and test output.
  std::string text() const;
};

template <class T>
using Expected = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(std::string code, std::string what, std::string why = {}, std::string remedy = {}) {
  return tl::unexpected<Error>(Error{std::move(code), std::move(what), std::move(why), std::move(remedy)});
}

}  // namespace ginnel
