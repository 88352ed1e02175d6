// SPDX-License-Identifier: Apache-2.0
// Free TCP ports of the loopback.
//
// Thread: any. A port that was free may be taken a moment later: whoever listens still has to look at its own error.
#pragma once

#include <cstdint>
#include <set>

#include "federation/base/error.h"

namespace ginnel {

bool is_free_port(std::uint16_t port);

// The first free one from `from` upwards that is not in `taken`, and puts it there. `no-port` if there is none.
Expected<std::uint16_t> take_port(std::uint16_t from, std::set<std::uint16_t>& taken);

}  // namespace ginnel
