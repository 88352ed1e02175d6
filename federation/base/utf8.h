// SPDX-License-Identifier: Apache-2.0
// Whether bytes are text.
#pragma once

#include <string_view>

namespace ginnel {

// Well-formed UTF-8 (RFC 3629): no surrogates, no overlong forms. A zero byte is text.
bool is_utf8(std::string_view text);

}  // namespace ginnel
