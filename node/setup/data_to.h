// SPDX-License-Identifier: Apache-2.0
// Up to when the agency's own sources are known to this node: told in every answer, so that old data says that it is.
//
// Thread: that of the reader or turn given. Failure: the store's.
#pragma once

#include "federation/base/error.h"
#include "federation/base/time.h"
#include "node/store/store.h"

namespace ginnel {

// Side table `settings`, key "data-to".
Expected<void> put_data_to(Turn& turn, Instant data_to);
Expected<Instant> load_data_to(const StoreReader& reader);  // not set: nothing was imported yet

}  // namespace ginnel
