// SPDX-License-Identifier: Apache-2.0
// Whom of the people this node holds a source's new person may be, and what is done about it (DESIGN 5).
//
//   by NHS number        the source joins the person who has it, unless names and birth say that it is somebody else's
//   band same            a person of their own and a merge, which can be undone; a source's later rows stay with them
//   band ask             a person of their own and a possible match, for somebody to decide; nothing is joined
//   band different       a person of their own
//
// Candidates are found by block keys, which stand with the person in the store: no scan, and no key under which more
// than limits::block_people_max people would stand.
//
// SECURITY: reads identities under a LinkToken; nothing it reads leaves it but reasons, which name fields and no
// values, and the systems and keys of sources, by which somebody who decides looks them up there. Who has a marking
// that the rules keep apart (the identities of an adopted child) is never joined by score, merged or proposed. A search
// gives ids and how far each field agrees, for the gate to decide on.
//
// Thread: the loop. Failure: the store's; then nothing is known, and nothing may be joined.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "federation/record/linkage.h"
#include "node/store/store.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t block_people_max = 32;        // under one block key of the store
inline constexpr std::size_t candidates_max = 48;          // compared with one new person, the best keys' first
inline constexpr std::size_t proposed_per_person_max = 3;  // possible matches of one new person, the best ones
inline constexpr std::size_t searched_people_max = 64;     // compared for one search
inline constexpr int search_years_back = 110;              // where names are given and no birth date
}  // namespace limits

struct Candidate {
  PersonRef person;
  double score = 0;
  std::string reason;
};

// Somebody whom a worker may mean, as they are to be decided: nobody is shown by this alone.
struct Likeness {
  PersonRef person;                // stands for all whom they are merged with
  std::set<std::string> markings;  // on any of them
  Comparison compared;             // with what was typed
};

struct LikePeople {
  std::vector<Likeness> people;  // the likeliest first, bands ask and same
  bool is_cut = false;           // more may be like it than could be looked at
};

struct Match {
  std::optional<PersonRef> by_number;  // the source joins this person
  std::optional<Candidate> same;       // merged with
  std::vector<Candidate> ask;          // possible matches
};

class Matching {
 public:
  explicit Matching(const LinkRules& rules) : rules_(rules) {}  // must outlive it

  Expected<Match> find(const StoreReader& store, const Person& said) const;

  // Who of the node's people is like what a worker typed, however little; by spelling mistakes too. `sketch` needs a
  // number, or two of: a given and a family name, a birth date, a postcode (`say-more`). `shows_addresses` says of
  // somebody whether their addresses may be told; those that may not, and protected ones, are not compared, or a search
  // would tell them.
  Expected<LikePeople> search(
      const StoreReader& store, const Person& sketch, Date today,
      const std::function<bool(const PersonRef&, const std::set<std::string>&)>& shows_addresses) const;

  // What a version is found by: the keys of those who ask (find_keys) and the block keys that few others have.
  Expected<std::vector<std::string>> keys_for(const StoreReader& store, const PersonVersion& before,
                                              const Person& after) const;

  // Whether people may join these two at all. Errors: `cannot-join`, which does not say why: the reason may be that one
  // of them is concealed.
  Expected<void> check_joinable(const StoreReader& store, const PersonRef& one, const PersonRef& other) const;

  // System and key of each source of this id alone.
  Expected<std::vector<std::pair<std::string, std::string>>> sources_of(const StoreReader& store,
                                                                        const PersonRef& person) const;

  // Joins or proposes what was found, once the new person is in the store.
  Expected<void> note(Turn& turn, const PersonRef& person, const Match& match) const;

 private:
  bool is_kept_apart(const std::set<std::string>& markings) const;
  Expected<bool> is_same_as_all(const StoreReader& store, const Description& about, const PersonRef& person) const;
  Expected<std::vector<PersonRef>> candidates(const StoreReader& store, const std::vector<std::string>& keys) const;

  const LinkRules& rules_;
};

}  // namespace ginnel
