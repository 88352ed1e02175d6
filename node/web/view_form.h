// SPDX-License-Identifier: Apache-2.0
// The find page's form as a ViewRequest: nhs-number, family-name, given-name, birth-day, birth-month, birth-year,
// postcode, purpose, basis, reason, case-ref; and person, who was chosen from the list of those found.
//
// Thread: any; pure. As strict as node/web/requests.h, but tells everything that is wrong at once, so that a person
// mends it once. Words of the vocabulary are checked by the gate. Texts name the field, never its value.
#pragma once

#include <string>
#include <vector>

#include "federation/base/error.h"
#include "node/view/case_view.h"
#include "node/view/own_people.h"
#include "node/web/http_message.h"

namespace ginnel {

struct FormFault {
  std::string field;    // the id of the control to mend; empty: the form as a whole
  std::string message;  // a sentence
  std::string remedy;   // may be empty
};

// With `person` set, whom it is about was chosen from a list, and `child` stays empty.
tl::expected<ViewRequest, std::vector<FormFault>> read_view_form(const FormFields& form);

// The same form's upper half, as a search among the agency's own people.
tl::expected<PeopleSearch, std::vector<FormFault>> read_search_form(const FormFields& form);

}  // namespace ginnel
