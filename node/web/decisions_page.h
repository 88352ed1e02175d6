// SPDX-License-Identifier: Apache-2.0
// Decisions about sharing as the data of their pages: those of one person with the forms, and the registers.
//
// Thread: any; pure. What people wrote is passed through as text, and the templates escape it.
#pragma once

#include <vector>

#include "node/view/consent_view.h"
#include "node/view/refusal_view.h"
#include "node/web/choice.h"
#include "node/web/http_message.h"
#include "node/web/template.h"
#include "node/web/view_form.h"

namespace ginnel {

// Add what templates/consent.html and refusals.html need. `filled`: what was typed the last time.
void add_consents(TemplateData& data, const ConsentList& list, const DecisionWords& words, const FormFields& filled,
                  const std::vector<FormFault>& faults);
void add_refusals(TemplateData& data, const RefusalList& list, const DecisionWords& words, const FormFields& filled,
                  const std::vector<FormFault>& faults);

// And consent-register.html and refusal-register.html.
void add_register(TemplateData& data, const ConsentRegister& page, const DecisionWords& words);
void add_register(TemplateData& data, const RefusalRegister& page, const DecisionWords& words);

}  // namespace ginnel
