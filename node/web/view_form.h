// SPDX-License-Identifier: Apache-2.0
// The find page's form as a ViewRequest: nhs-number, family-name, given-name, birth-day, birth-month, birth-year,
// postcode, purpose, basis, reason, case-ref.
//
// Thread: any; pure. As strict as node/web/requests.h, but tells everything that is wrong at once, so that a person
// mends it once. Words of the vocabulary are checked by the gate. Texts name the field, never its value.
#pragma once

#include <string>
#include <vector>

#include "federation/base/error.h"
#include "node/view/case_view.h"
#include "node/web/http_message.h"

namespace ginnel {

struct FormFault {
  std::string field;    // the id of the control to mend; empty: the form as a whole
  std::string message;  // a sentence
  std::string remedy;   // may be empty
};

tl::expected<ViewRequest, std::vector<FormFault>> read_view_form(const FormFields& form);

}  // namespace ginnel
