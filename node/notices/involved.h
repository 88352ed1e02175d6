// SPDX-License-Identifier: Apache-2.0
// Who, as far as this node knows, works with a child: who asked about them for a case purpose and was told something,
// and whom this node asked and who knew them. And who was given a record.
//
// SECURITY: both come from the ledger's disclosures and answers alone. Whoever was answered `not-known` is in neither,
// so nobody can be told of a child of whom they were told nothing (promises 4 and 5).
//
// Thread: any one; reads the turn. Failure: the store's.
#pragma once

#include <vector>

#include "node/gate/vocabulary.h"
#include "node/store/store.h"

namespace ginnel {

// One worker of a member, found by an ask that both members know.
struct Involved {
  MemberId peer;
  AskId ask;
  bool asked_by_us = false;  // otherwise the peer asked
  std::string worker;        // the peer's pseudonym of who asked; empty: we asked
  Instant since;
  bool was_only_counted = false;  // of given_to(): told that there is something, and not what
  std::string counted_as{};       // its category, as it was named to them
};

// Within the interest period of the purpose that was asked for; for each worker their latest ask.
Expected<std::vector<Involved>> involved_with(const PersonRef& person, const Vocabulary& words, const Turn& turn);

// Whom the record was given, or who was told no more than that it exists, at whatever time; for each worker the latest
// ask, and the one by which it was given before any by which it was only counted.
Expected<std::vector<Involved>> given_to(const PersonRef& person, const RecordId& record, const Turn& turn);

// The interest period that the purpose belongs to; null: it is no case purpose.
const Word* interest_of(const Vocabulary& words, const std::string& purpose);

}  // namespace ginnel
