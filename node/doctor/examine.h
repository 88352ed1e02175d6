// SPDX-License-Identifier: Apache-2.0
// Gathers the doctor's facts: from what a node holds, and by trying to reach each peer with its keys.
//
// Thread: gather() that of the reader given; examine() any, and it blocks (node/doctor/probe.h).
#pragma once

#include "federation/base/clock.h"
#include "node/config.h"
#include "node/doctor/diagnosis.h"
#include "node/membership/membership.h"
#include "node/setup/own_keys.h"
#include "node/store/store.h"

namespace ginnel {

// `news` gives what a peer's messages told; empty for a node that does not run.
Expected<NodeFacts> gather(const NodeConfig& config, const StoreReader& reader, const DirectoryBook& book,
                           const OwnKeys& keys, const std::function<const PeerNews*(const MemberId&)>& news,
                           Instant now);

// Tries every peer that may be reached, then diagnoses.
std::vector<Finding> examine(NodeFacts facts, const CurveKey& own, Random& random);

}  // namespace ginnel
