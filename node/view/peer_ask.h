// SPDX-License-Identifier: Apache-2.0
// What a peer's ask comes to, by what its claims are worth now: when it is answered, and whenever something is told to
// the same asker later.
//
// Thread: any; reads the directory. Failure: none: a process head that does not prove the purpose makes the ask a first
// contact, no more and no less.
#pragma once

#include "federation/directory/directory.h"
#include "federation/wire/ask.h"
#include "node/view/part_maker.h"

namespace ginnel {

PartAsk part_ask_of(const MemberId& from, const Ask& ask, const DirectoryBook& book, Instant now);

}  // namespace ginnel
