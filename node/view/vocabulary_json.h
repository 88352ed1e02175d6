// SPDX-License-Identifier: Apache-2.0
// The closed lists of the bundle in force as the API's JSON (docs/api.md): what programs offer people to choose from.
//
// Thread: any; pure. Holds nothing about anybody.
#pragma once

#include <string>

#include "node/gate/vocabulary.h"

namespace ginnel {

// {"edition", "bundle", "lists": {"purpose": [{"id", "title", "source", "effectiveFrom", "status", "needsHead"?}],
// ...}}
std::string to_json(const Vocabulary& vocabulary, const std::string& bundle);

}  // namespace ginnel
