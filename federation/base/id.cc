// SPDX-License-Identifier: Apache-2.0
#include "federation/base/id.h"

namespace ginnel {

std::optional<MemberId> MemberId::parse(std::string_view text) {
  if (text.size() < 2 || text.size() > 40) return std::nullopt;
  if (text[0] < 'a' || text[0] > 'z') return std::nullopt;
  for (char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return std::nullopt;
  MemberId id;
  id.text_ = text;
  return id;
}

}  // namespace ginnel
