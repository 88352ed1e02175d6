// SPDX-License-Identifier: Apache-2.0
// A case view as text for a terminal: contact first, then the chronology, then what is withheld and what is missing.
//
// Thread: any; pure. Every string in a view may come from a peer: control characters, escape sequences, direction
// overrides and broken UTF-8 come out as a visible mark, so that nothing a peer sends can move the cursor.
#pragma once

#include <string>

#include "node/view/case_view.h"

namespace ginnel {

struct RenderOptions {
  int columns = 100;      // 60 to 240; outside of it the nearer end is used
  bool contacts = false;  // --contacts: every agency's number, and every author's
};

std::string render_case_view(const CaseView& view, const RenderOptions& options = {});

// 0, or 4 (partial) unless every agency in scope gave one of the four answers that make a view complete.
int exit_code_of(const CaseView& view);

}  // namespace ginnel
