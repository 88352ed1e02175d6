// SPDX-License-Identifier: Apache-2.0
// Peers that this node does not hear, by its own operator's word: kept over restarts, told to nobody.
//
// Side table `peers`, "suspension/<member>". Thread: that of the reader or turn given. Failure: the store's own.
#pragma once

#include <map>
#include <string>

#include "federation/base/error.h"
#include "federation/base/id.h"
#include "federation/base/time.h"
#include "node/store/store.h"

namespace ginnel {

struct Suspension {
  MemberId member;
  Instant since;
  std::string reason;
  bool operator==(const Suspension&) const = default;
};

Expected<void> put_suspension(Turn& turn, const Suspension& suspension);
Expected<void> erase_suspension(Turn& turn, const MemberId& member);
Expected<std::map<MemberId, Suspension>> load_suspensions(const StoreReader& reader);

}  // namespace ginnel
