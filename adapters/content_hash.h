// SPDX-License-Identifier: Apache-2.0
// One hash for everything that a source says of a person or in a record: the same content, the same hash.
//
// Left out: where it stood in the file, what was flagged, and what the node adds (ids, versions, times of receipt).
#pragma once

#include "adapters/adapter.h"

namespace ginnel {

Hash content_hash_of(const SourcePerson& person);
Hash content_hash_of(const SourceRecord& record);

}  // namespace ginnel
