// SPDX-License-Identifier: Apache-2.0
// Who makes a call of the Service, and whether it may have been made before.
//
// Thread: any; values.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "federation/base/bytes.h"

namespace ginnel {

// What a program sent to be able to send again: the key that it chose, and what it asked with it. Both are hashes:
// a key and a request may hold anything.
struct OnceKey {
  Hash key{};
  Hash request{};
};

// A signed-in worker, by the token of their session; with `once`, the call's effect happens once for the same key.
struct Caller {
  std::string token;
  std::optional<OnceKey> once;

  Caller(std::string the_token, std::optional<OnceKey> the_once = std::nullopt)  // NOLINT: a token is a caller
      : token(std::move(the_token)), once(the_once) {}
  Caller(const char* the_token) : token(the_token) {}  // NOLINT
};

}  // namespace ginnel
