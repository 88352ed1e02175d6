// SPDX-License-Identifier: Apache-2.0
// Puts the parts of a view together as one agency's worker may see them.
//
// The holder has decided what it gives; here the asker's own gate decides once more, with the markings of all parts
// together, and the lower step wins: otherwise the school's part would give away the refuge child's school (DESIGN 7).
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "federation/directory/directory.h"
#include "federation/wire/answer.h"
#include "node/gate/gate.h"
#include "node/view/case_view.h"

namespace ginnel {

struct Assembly {
  std::vector<ViewPart> parts;
  std::vector<ViewItem> items;  // newest first
  std::vector<ViewWithheld> withheld;
  std::vector<AccessItem> shown;  // for the audit entry
};

struct ToAssemble {
  const std::vector<MemberId>& scope;
  const std::map<MemberId, Answer>& answers;
  const std::map<MemberId, std::string>& not_asked;
  const DirectoryBook& book;
  std::function<std::string(const MemberId&)> why_silent;
};

// A peer's item as the gate is to see it, and as it is shown up to a step.
RecordLabel label_of(const MemberId& from, const Item& item);
ViewItem view_item(const MemberId& from, const Item& item, const std::string& agency_kind, Step step);

// An error means that the decision could not be recorded: nothing may be shown.
Expected<Assembly> assemble(const ToAssemble& what, const Asking& asking, const DecisionFor& recorded, const Gate& gate,
                            Turn& turn);

}  // namespace ginnel
