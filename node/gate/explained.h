// SPDX-License-Identifier: Apache-2.0
// Why a record is shown as far as it is, step by step: which rules decided, and where none permits, which came nearest
// and what it wants.
//
// Thread: any; values. Nothing is read or recorded: this is what the gate would decide of a label.
#pragma once

#include <string>
#include <vector>

#include "node/gate/gate.h"

namespace ginnel {

struct RuleSaid {
  std::string id, title;
  bool permits = false;
  bool could_not_be_decided = false;
};

struct StepExplained {
  Step step = Step::none;
  bool is_given = false;
  std::vector<RuleSaid> rules;  // that decided it; none: nothing permits it
  std::string nearest;          // then: the id of the permit that came nearest; empty: there is none
  std::string nearest_title;
  std::string wants;  // what it wants and is not so, in plain words
};

// Up to the first step that is not given.
std::vector<StepExplained> explain(const Bundle& bundle, const Asking& asking, const std::string& effective_purpose,
                                   const AboutPerson& about, const RecordLabel& record,
                                   const std::set<std::string>& markings);

}  // namespace ginnel
