// SPDX-License-Identifier: Apache-2.0
// The forms about refusals to share. Recording: category, recipient and purpose (may be empty), test, reason,
// review-on. Reviewing one: refusal, outcome, reason, review-on (where it stands).
//
// Thread: any; pure. As node/web/consent_form.h.
#pragma once

#include <vector>

#include "node/view/refusal_view.h"
#include "node/web/consent_form.h"

namespace ginnel {

tl::expected<NewRefusal, std::vector<FormFault>> read_refusal_form(const PersonRef& person, const FormFields& form);
tl::expected<NewRefusalReview, std::vector<FormFault>> read_review_form(const RefusalId& refusal,
                                                                        const FormFields& form);
std::string refusal_control_of(std::string_view field);

}  // namespace ginnel
