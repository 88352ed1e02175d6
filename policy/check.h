// SPDX-License-Identifier: Apache-2.0
// All that is wrong with a file of policies, found in one run: what cannot be read, and what does not fit the schema.
#pragma once

#include <string_view>

#include "policy/diagnostic.h"
#include "policy/policy_set.h"
#include "policy/schema.h"

namespace ginnel::policy {

struct PolicyCheck {
  Diagnostics errors;    // in order of place, limits::diagnostics_max at most
  Diagnostics warnings;  // policies that can never apply

  bool passed() const { return errors.empty(); }
};

// A policy with a mistake of reading is not held against the schema: what it would say is not known.
PolicyCheck check_policies(std::string_view text, std::string_view file_name, const Schema& schema,
                           const ParseOptions& options = {});

}  // namespace ginnel::policy
