// SPDX-License-Identifier: Apache-2.0
// A case view as the API's JSON (docs/api.md), and back for the command line.
//
// Thread: any; pure. Reading is for our own node's answers: a missing or wrongly typed field is `bad-answer`, an
// unknown one is ignored, so that an older command line reads a newer node.
#pragma once

#include <string>
#include <string_view>

#include "federation/base/error.h"
#include "node/view/case_view.h"

namespace ginnel {

std::string to_json(const CaseView& view);
Expected<CaseView> view_from_json(std::string_view json);

}  // namespace ginnel
