// SPDX-License-Identifier: Apache-2.0
// What retention.html is filled with, and its form. Of a review: task, outcome (`keep`, `erase`, or `hold` with the
// person), reason, review-on. Of a hold: hold, reason.
//
// Thread: any; pure. Everything that is wrong is told at once, each beside its control; the node checks it again.
#pragma once

#include <optional>
#include <vector>

#include "node/view/retention_view.h"
#include "node/web/http_message.h"
#include "node/web/template.h"
#include "node/web/view_form.h"

namespace ginnel {

struct RetentionWish {  // exactly one; none: the form is none that the page has
  std::optional<NewRetentionDecision> decision;
  std::optional<NewHold> hold;
  std::optional<HoldRelease> release;
};

tl::expected<RetentionWish, std::vector<FormFault>> read_retention_form(const FormFields& form);
// Beside the controls of the form that it is about.
std::vector<FormFault> retention_faults_of(const Error& error, const FormFields& form);

void add_retention(TemplateData& data, const RetentionDesk& desk, const FormFields& filled,
                   const std::vector<FormFault>& faults);

}  // namespace ginnel
