// SPDX-License-Identifier: Apache-2.0
// One person from two descriptions of them.
//
// Thread: any; pure.
#pragma once

#include "federation/record/person.h"

namespace ginnel {

// Every name, address, identifier, relationship and marking of both, those of `to` first; where only one can be true,
// `to` wins if it knows, and the more precise birth date does.
void unite(Person& to, const Person& more);

}  // namespace ginnel
