// SPDX-License-Identifier: Apache-2.0
// A chronology as the data of its page, and as a file.
//
// Thread: any; pure. What peers wrote is passed through as text, and the templates escape it.
#pragma once

#include <vector>

#include "federation/base/error.h"
#include "node/view/attachment.h"
#include "node/view/chronology.h"
#include "node/web/choice.h"
#include "node/web/template.h"

namespace ginnel {

// Adds to `data` what templates/chronology.html needs, without its forms' values.
void add_chronology(TemplateData& data, const Chronology& chronology, const std::vector<Choice>& categories);

// To be taken away; `page` is given as `html`. The HTML needs nothing beside itself: no style sheet, script or picture
// is fetched, and it has no form.
Expected<AttachmentFile> chronology_file(const Chronology& chronology, ChronologyForm form,
                                         const std::vector<Choice>& categories);

}  // namespace ginnel
