// SPDX-License-Identifier: Apache-2.0
// Opens an agency's exported files under its mapping, whose words are checked against the policy bundle's vocabulary.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "adapters/adapter.h"
#include "federation/base/error.h"
#include "node/gate/vocabulary.h"

namespace ginnel {

struct SourceFiles {
  std::vector<std::filesystem::path> files;
  std::filesystem::path mapping;
  MemberId importing;  // whose node reads
  Date today;          // the day on which it is read
};

// An error means that nothing was read; all mistakes of the mapping at once.
tl::expected<std::unique_ptr<Adapter>, std::vector<Error>> open_source(const SourceFiles& source,
                                                                       const Vocabulary& vocabulary);

}  // namespace ginnel
