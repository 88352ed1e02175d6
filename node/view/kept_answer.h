// SPDX-License-Identifier: Apache-2.0
// A part as it was received, in the pages that can be read back: u32 length, page, ...
#pragma once

#include <optional>
#include <set>
#include <string>

#include "federation/wire/answer.h"

namespace ginnel {

Bytes keep_pages(const Answer& answer);
std::optional<Answer> kept_answer(ByteView bytes);

// On the part as a whole, and on each of its items.
std::set<std::string> markings_carried(const Answer& answer);

}  // namespace ginnel
