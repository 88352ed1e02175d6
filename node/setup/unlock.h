// SPDX-License-Identifier: Apache-2.0
// The root key of a configured node, by the method that its configuration names (DESIGN 13).
//
// Thread: any; a passphrase takes tens of milliseconds. Failure: that of asking, of node/store/root_key.h, and of
// systemd_credential.h.
#pragma once

#include <functional>
#include <string>

#include "federation/base/clock.h"
#include "federation/base/error.h"
#include "node/config.h"
#include "node/store/root_key.h"

namespace ginnel {

// Asked only where the method needs a passphrase.
using AskPassphrase = std::function<Expected<std::string>()>;

// A credential is made by systemd-creds, outside of this program: then this only takes it.
Expected<UnlockedRoot> make_root_key(const NodeConfig& config, const AskPassphrase& ask, Random& random);
Expected<UnlockedRoot> unlock(const NodeConfig& config, const AskPassphrase& ask);

}  // namespace ginnel
