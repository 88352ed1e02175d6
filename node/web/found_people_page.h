// SPDX-License-Identifier: Apache-2.0
// The list of the agency's own people on the find page, to choose from.
//
// Thread: any; pure.
#pragma once

#include "node/view/own_people.h"
#include "node/web/template.h"

namespace ginnel {

// Null: nobody was looked for. Sets `searched` and, if so, the rows of templates/find.html.
void add_found(TemplateData& data, const FoundPeople* found);

}  // namespace ginnel
