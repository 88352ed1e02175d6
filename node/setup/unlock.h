// SPDX-License-Identifier: Apache-2.0
// The root key of a configured node, by the method that its configuration names (DESIGN 13).
//
// Thread: any; a passphrase takes tens of milliseconds. Failure: that of asking, and of node/store/root_key.h,
// node/store/key_shares.h and systemd_credential.h.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "federation/base/clock.h"
#include "federation/base/error.h"
#include "node/config.h"
#include "node/store/root_key.h"

namespace ginnel {

// Asked only for what the method needs.
enum class Secret : std::uint8_t { passphrase, first_share, second_share };
using AskSecret = std::function<Expected<std::string>(Secret)>;

struct MadeRoot {
  UnlockedRoot root;
  std::vector<std::string> shares;  // as text, to be handed out: only of key shares, and kept nowhere
};

// A credential is made by systemd-creds, outside of this program: then this only takes it.
Expected<MadeRoot> make_root_key(const NodeConfig& config, const AskSecret& ask, Random& random);
Expected<UnlockedRoot> unlock(const NodeConfig& config, const AskSecret& ask);

}  // namespace ginnel
