// SPDX-License-Identifier: Apache-2.0
// The request of this node's organisation to be a member: made by the stopped node's command and by the running node
// alike.
//
// Thread: whoever holds the reader. Errors: every mistake of the plan; `usage` (the plan has no such member),
// `no-own-keys`, and those of a request that a trustee's node would refuse.
#pragma once

#include <filesystem>
#include <vector>

#include "node/config.h"
#include "node/gate/vocabulary.h"
#include "node/store/store.h"

namespace ginnel {

// The signed file. Kind and name come from the plan.
tl::expected<Bytes, std::vector<Error>> make_member_request(const NodeConfig& config, const std::filesystem::path& plan,
                                                            const Vocabulary& words, const StoreReader& reader,
                                                            Instant now);

}  // namespace ginnel
