// SPDX-License-Identifier: Apache-2.0
// A Member within a document: a directory lists them, a request for membership holds one.
#pragma once

#include "federation/directory/directory.h"
#include "federation/wire/codec.h"
#include "federation/wire/directory.capnp.h"

namespace ginnel::codec {

void write_member(const Member& member, wire::Member::Builder to);
Member read_member(wire::Member::Reader from, Checker& check);
void check_member(const Member& member, Checker& check);

}  // namespace ginnel::codec
