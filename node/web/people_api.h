// SPDX-License-Identifier: Apache-2.0
// The API's JSON about people who are, or may be, one. Reading is as strict as node/web/requests.h has it.
//
// Thread: any; pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"
#include "node/service.h"

namespace ginnel {

// {"other": ID, "reason": TEXT}; `one` is the path's. Errors: `bad-json`, `bad-field`.
Expected<JoinRequest> read_join_request(const PersonRef& one, std::string_view json);

// {"matches":[{"one":{"id","sources":[{"system","key"}]},"other":{...},"since","score","reason"}]}
std::string to_json(const std::vector<MatchToDecide>& matches);

}  // namespace ginnel
