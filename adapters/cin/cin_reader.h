// SPDX-License-Identifier: Apache-2.0
// Reads CIN census files (DfE, children in need): each child a person, each dated event a record.
//
// Forms of 2021 to 2026, with namespaces or without, elements in any order; what the adapter's file does not know is
// flagged and left out (docs/formats/cin-census.md). Several files are read newest first, and what a newer one said of
// a child or an event an older one does not say again.
//
// Thread: any, one at a time.
// Failure of opening: `unknown-file` (another XML file), and all of xml_stream.h. next(): those of xml_stream.h.
// Absence from a census is never "gone": complete() is false.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/statutory/format.h"

namespace ginnel {

Expected<std::unique_ptr<Adapter>> open_cin(statutory::Format format, const std::vector<std::filesystem::path>& files,
                                            const MemberId& importing);

}  // namespace ginnel
