// SPDX-License-Identifier: Apache-2.0
// Reads comma-separated files under a declared mapping.
//
// Everything that can be known without reading the rows is checked first: that each file is one the mapping reads and
// that it has every column the mapping uses. So an error here means that nothing was imported.
//
// Thread: any, one at a time. Files are read as next() is called; files of relations are read at the start.
// Failure: `unknown-file`, `missing-column`, `double-column`, `empty-file`, `unreadable`, `wrong-encoding`,
//          `wrong-owner`, `too-much`.
// Order: files with people come before files with none, else as given; within a row the person before the record.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/mapping.h"

namespace ginnel {

// `importing` is the member whose node reads; it owns the records unless the mapping names the same owner. A mapping
// that names another owner is refused: police files do not belong in a school's node.
// `today`: a date of birth after it is left out; not set: none is.
Expected<std::unique_ptr<Adapter>> open_mapped(Mapping mapping, const std::vector<std::filesystem::path>& files,
                                               const MemberId& importing, Date today = {});

}  // namespace ginnel
