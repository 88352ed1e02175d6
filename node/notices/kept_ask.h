// SPDX-License-Identifier: Apache-2.0
// The ask by which both members know the child of a notice, as the ledger kept it, and what that lets a reader of this
// agency know of the child.
//
// Thread: the loop. Failure: the store's, and `undecided`: it cannot be said now.
#pragma once

#include <optional>

#include "federation/wire/ask.h"
#include "node/gate/vocabulary.h"
#include "node/people/account.h"
#include "node/view/part_maker.h"

namespace ginnel {

struct KeptAsk {
  EntryHeader header;  // of its entry: `asked` (by this node) or `disclosed` (to the peer)
  Access access;
  Ask ask;
  Identity about;  // as it named the child
};

// Nothing: erased with whom it was about, or it named nobody.
Expected<std::optional<KeptAsk>> kept_ask(const AskId& id, const StoreReader& reader);

// As whom a worker of this agency reads of a child of its own about whom nobody here asked: as at a first contact. The
// words are those of the interest period that the purpose belongs to; else of the first in force. Empty words: none is.
Asking first_contact(const Vocabulary& words, const std::string& purpose, const Session& worker, const OwnPart& own);

// Whether whoever asks so may know that this agency holds the child: by any record of its own.
Expected<bool> may_know_child(const PartMaker& parts, const PartAsk& ask, const PersonRef& person, Turn& turn);

}  // namespace ginnel
