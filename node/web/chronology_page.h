// SPDX-License-Identifier: Apache-2.0
// A chronology as the data of its page, and as a document by itself.
//
// Thread: any; pure. What peers wrote is passed through as text, and the templates escape it.
#pragma once

#include <string>
#include <vector>

#include "federation/base/error.h"
#include "node/view/chronology.h"
#include "node/web/choice.h"
#include "node/web/template.h"

namespace ginnel {

// Adds to `data` what templates/chronology.html needs, without its forms' values.
void add_chronology(TemplateData& data, const Chronology& chronology, const std::vector<Choice>& categories);

// HTML that needs nothing beside itself: no style sheet, script or picture is fetched, and it has no form.
Expected<std::string> chronology_document(const Chronology& chronology, const std::vector<Choice>& categories);

}  // namespace ginnel
