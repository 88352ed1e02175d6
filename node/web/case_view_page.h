// SPDX-License-Identifier: Apache-2.0
// A case view as the data of its page: who to ring first, then what happened, what is withheld, and what is missing.
//
// Thread: any; pure. What peers wrote is passed through as text, and the template escapes it.
#pragma once

#include <vector>

#include "node/view/case_view.h"
#include "node/web/choice.h"
#include "node/web/template.h"

namespace ginnel {

// Adds to `data` what templates/case-view.html needs.
// `categories` have titles for what is withheld: a word that is none of them is told as it is.
void add_case_view(TemplateData& data, const CaseView& view, const std::vector<Choice>& categories);

// What the page of a view and that of its chronology have around their entries (view-head.html, view-answers.html).
void add_view_frame(TemplateData& data, const CaseView& view, const std::vector<Choice>& categories);
// One entry as templates/entry.html has it; without links, nothing in it leads to the node.
TemplateData entry_row(const CaseView& view, const ViewItem& item, bool with_links = true);

// The own part comes first. Who is withheld or not known here is given no form either.
bool is_held_here(const CaseView& view);
// Whether the page offers to put the entry right: the own agency's, shown in full. The node decides for itself.
bool may_correct(const CaseView& view, const ViewItem& item);

}  // namespace ginnel
