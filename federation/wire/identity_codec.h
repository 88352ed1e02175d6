// SPDX-License-Identifier: Apache-2.0
// An Identity as asks by name and the file of a transfer carry it. Private to federation/wire/*.cc, as codec.h is.
#pragma once

#include "federation/record/identity.h"
#include "federation/wire/ask.capnp.h"
#include "federation/wire/codec.h"

namespace ginnel::codec {

void check_identity(const Identity& identity, Checker& check);
void write_identity(const Identity& identity, wire::Identity::Builder to);
Identity read_identity_of(wire::Identity::Reader from, Checker& check);

}  // namespace ginnel::codec
