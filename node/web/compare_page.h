// SPDX-License-Identifier: Apache-2.0
// What stands on the page that compares an agreement with the one in force (templates/policy-compare.html).
//
// Thread: any; pure.
#pragma once

#include "node/web/pages.h"
#include "node/web/template.h"

namespace ginnel {

void add_comparison(TemplateData& data, const AgreementComparison& comparison);

}  // namespace ginnel
