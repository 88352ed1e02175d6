// SPDX-License-Identifier: Apache-2.0
// Whether a case view of a planted child says what the story expects of each agency.
//
// Thread: any; pure.
#pragma once

#include <string>
#include <vector>

#include "adapters/synth/synth.h"
#include "node/view/case_view.h"

namespace ginnel {

// Empty: the view is as expected. Else a line for each agency that differs: "wy-police: answered police.domestic,
// expected withheld". An agency that the story does not name must not be in the view.
std::vector<std::string> differences(const PlantedChild& child, const CaseView& view);

}  // namespace ginnel
