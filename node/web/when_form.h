// SPDX-License-Identifier: Apache-2.0
// The fields `day` and `time` of a form, as templates/when.html has them.
//
// Thread: any; pure.
#pragma once

#include <string>

#include "federation/base/time.h"
#include "node/web/template.h"
#include "node/web/view_form.h"

namespace ginnel {

// A day, and where it is given the minute, as they are in London; not set if neither is given. `which`: of several
// forms of a page, "-7"; it ends the ids of the controls.
tl::expected<When, FormFault> read_when(const FormFields& form, const std::string& which);

// `filled`: as they were typed. The hints say when one of them is needed; they may be empty.
void add_when(TemplateData& data, const std::string& which, const FormFields& filled, const std::string& day_hint,
              const std::string& time_hint);

}  // namespace ginnel
