// SPDX-License-Identifier: Apache-2.0
// An Item as answers and notices carry it. Private to federation/wire/*.cc, as codec.h is.
#pragma once

#include "federation/wire/answer.capnp.h"
#include "federation/wire/answer.h"
#include "federation/wire/codec.h"

namespace ginnel::codec {

void check_item(const Item& item, Checker& check);
void write_item(const Item& item, wire::Item::Builder to);
Item read_item(wire::Item::Reader from, Checker& check);
// No less than the item takes.
std::size_t item_bytes_at_most(const Item& item);

}  // namespace ginnel::codec
