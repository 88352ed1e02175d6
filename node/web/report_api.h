// SPDX-License-Identifier: Apache-2.0
// A statutory return as JSON, and what asks for one.
//
// Thread: any; pure. Failure: `bad-json`, `bad-field`.
#pragma once

#include <string>
#include <string_view>

#include "federation/base/error.h"
#include "node/service.h"

namespace ginnel {

// {"year": 2026}: the year in which the collection ends.
Expected<int> read_return_request(std::string_view text);

std::string to_json(const CinReturn& made);

}  // namespace ginnel
