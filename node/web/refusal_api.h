// SPDX-License-Identifier: Apache-2.0
// The API's JSON about refusals to share. Reading is as strict as node/web/requests.h has it, and tells every mistake.
//
// Thread: any; pure. Errors: `bad-json`, `bad-field`.
#pragma once

#include <string>
#include <string_view>

#include "federation/base/error.h"
#include "node/view/refusal_view.h"

namespace ginnel {

// {person, record?, category, recipient?, purpose?, test, reason, reviewOn}
Expected<NewRefusal> read_new_refusal(std::string_view json);
// {outcome, reason, reviewOn?}
Expected<NewRefusalReview> read_refusal_review(const RefusalId& refusal, std::string_view json);

std::string to_json(const RefusalList& list);

}  // namespace ginnel
