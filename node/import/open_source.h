// SPDX-License-Identifier: Apache-2.0
// Opens an agency's exported files under its mapping, whose words are checked against the policy bundle's vocabulary.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/mapping.h"
#include "adapters/source_identity.h"
#include "federation/base/error.h"
#include "node/gate/vocabulary.h"

namespace ginnel {

struct SourceFiles {
  std::vector<std::filesystem::path> files;
  std::filesystem::path mapping;
  MemberId importing;  // whose node reads
  Date today;          // the day on which it is read
};

// What an adapter's words are checked against.
MappingWords words_of(const Vocabulary& vocabulary);

// True where the files are to blame, and so whoever delivers them; false for a wrong mapping, or the wrong file.
bool is_of_the_source(const Error& error);

// An error means that nothing was read; all mistakes of the mapping at once.
tl::expected<std::unique_ptr<Adapter>, std::vector<Error>> open_source(const SourceFiles& source,
                                                                       const Vocabulary& vocabulary);

}  // namespace ginnel
