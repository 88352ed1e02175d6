// SPDX-License-Identifier: Apache-2.0
// The API's JSON about consent. Reading is as strict as node/web/requests.h has it, and tells every mistake: what
// cannot be read at all as an error, what is no decision as NewConsent::mistakes.
//
// Thread: any; pure. Errors: `bad-json`, `bad-field`.
#pragma once

#include <string>
#include <string_view>

#include "federation/base/error.h"
#include "node/view/consent_view.h"
#include "node/web/http_message.h"

namespace ginnel {

// {person, state, decider, categories, purposes?, recipients?, from?, until?, competence?, judgedBy?, note}
Expected<NewConsent> read_new_consent(std::string_view json);
// {reason}
Expected<ConsentWithdrawal> read_consent_withdrawal(const ConsentId& consent, std::string_view json);

std::string to_json(const ConsentList& list);

}  // namespace ginnel
