// SPDX-License-Identifier: Apache-2.0
// Counts what the ledger's decisions say was not told to other members: from their entries alone, and no record.
//
// SECURITY: only what the asker was told is withheld, in the words in which they were told it. A record that is hidden
// counts nowhere: whoever reads the counts would learn that there is one. A word that is in no list is a peer's text
// and may name somebody.
//
// Thread: the loop, a step in each of several turns.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <tuple>

#include "node/gate/vocabulary.h"
#include "node/store/store.h"
#include "node/view/sharing.h"

namespace ginnel {

class WithheldTally {
 public:
  // Of days in London, both counted. `words` outlives it.
  WithheldTally(Date from, Date to, const Vocabulary& words);

  // Reads the next limits::withheld_entries_per_turn entries, newest first. False: there is nothing more to read.
  // Failure: the ledger cannot be read at all; an entry that cannot is counted.
  Expected<bool> step(const StoreReader& reader);
  WithheldAccount take(const std::function<std::string(const MemberId&)>& name_of);

 private:
  using Key = std::tuple<MemberId, std::string, std::string>;  // who asked, category, reason

  // False: it is of before the period, and so is whatever is before it.
  Expected<bool> take_entry(std::uint64_t sequence, const StoreReader& reader);
  void count(const Access& decided);

  const Vocabulary& words_;
  Instant since_, until_;
  WithheldAccount out_;
  std::map<Key, std::uint64_t> withheld_, refused_;
  std::optional<std::uint64_t> next_;  // entries below it are still to read; not set: nothing was read yet
  std::uint64_t reads_ = 0;
  Instant oldest_;  // that was read
};

}  // namespace ginnel
