// SPDX-License-Identifier: Apache-2.0
#include "node/people/token.h"

#include <algorithm>
#include <array>

#include "federation/base/crypto/hash.h"

namespace ginnel {

std::string make_token(Random& random) {
  std::array<std::uint8_t, token_bytes> bytes{};
  random.fill(bytes);
  auto text = to_base64(bytes);
  text.resize(token_characters);  // 32 bytes end with one padding sign
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

bool looks_like_token(std::string_view text) {
  return text.size() == token_characters && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

Hash token_hash(std::string_view token) { return sha256(view_of(token)); }

}  // namespace ginnel
