// SPDX-License-Identifier: Apache-2.0
// What is marked in a chronology, as JSON and as a form.
//
// Thread: any; pure. Failure: of JSON `bad-json` or `bad-field`; of a form, and of what JSON says, the mistakes stand
// in the value, for the node to tell all of them at once.
#pragma once

#include <string_view>

#include "federation/base/error.h"
#include "node/view/significance.h"
#include "node/web/http_message.h"

namespace ginnel {

// {"entry": "AGENCY/RECORD", "reason": "..."}
Expected<NewSignificance> read_significance(std::string_view json);
NewSignificance read_significance_form(const FormFields& form);

}  // namespace ginnel
