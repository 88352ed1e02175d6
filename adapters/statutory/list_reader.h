// SPDX-License-Identifier: Apache-2.0
// Reads statutory lists that come as comma-separated files: Annex A's eleven, SSDA903's header, episodes and others.
//
// A file is told by its columns, and by its name where the columns fit several lists. Column names are compared by
// their letters and digits alone; lines above the column names (a title) are passed over. UTF-8 or Windows-1252.
//
// Thread: any, one at a time.
// Failure of opening: `missing-column` (no list is of these columns), `empty-file`, `unreadable`, `wrong-encoding`,
// `too-much`. Absence is never "gone": complete() is false.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/statutory/format.h"

namespace ginnel {

Expected<std::unique_ptr<Adapter>> open_lists(statutory::Format format, const std::vector<std::filesystem::path>& files,
                                              const MemberId& importing);

}  // namespace ginnel
