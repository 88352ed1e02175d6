// SPDX-License-Identifier: Apache-2.0
// Entries that each say the whole of one thing as it stands after an act: a decision about consent, a refusal to share,
// what a worker is to a person, a hold. The newest of each counts; what is said of a person is sealed under their key.
//
//   constexpr SaidAs<ConsentEntry, ConsentId> as{EntryKind::consent, decode_consent, &ConsentEntry::consent,
//                                                "cannot read what was decided about sharing", most};
//   auto all = newest_of_each(reader.consents_of(person), reader, as);
//
// Thread: any; of the reader given.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "node/store/codec.h"
#include "node/store/store.h"

namespace ginnel {

// Where such things stand, and how they are read.
template <class Body, class IdOfOne>
struct SaidAs {
  EntryKind kind;
  Expected<Body> (*decode)(ByteView);
  IdOfOne Body::*id;
  const char* cannot;    // what a failure says of it
  std::size_t most = 0;  // entries that are read
};

template <class Body>
struct Said {
  Body entry;                // as it stands now
  Instant first_at, at;      // when it was said first, and last
  UserId first_by, by;       // empty: the node
  bool was_changed = false;  // there are several entries of it
};

// In the order of the first entry of each. Errors: `too-many`, `index-mismatch`, and the store's.
template <class Body, class IdOfOne>
Expected<std::vector<Said<Body>>> newest_of_each(const Expected<std::vector<std::uint64_t>>& sequences,
                                                 const StoreReader& reader, const SaidAs<Body, IdOfOne>& as) {
  if (!sequences) return tl::unexpected(sequences.error());
  if (sequences->size() > as.most) return fail("too-many", as.cannot, "there are too many entries of one", "");
  std::vector<Said<Body>> out;
  for (const auto sequence : *sequences) {
    auto opened = reader.entry(sequence);
    if (!opened) return tl::unexpected(opened.error());
    if (opened->erased || opened->header.kind != as.kind)
      return fail("index-mismatch", as.cannot, "its index row names another's entry",
                  "stop the node and run `ginnel store rebuild`");
    auto entry = as.decode(opened->body);
    if (!entry) return tl::unexpected(entry.error());
    const Instant at = opened->header.time;
    const auto by = opened->header.actor.empty() ? UserId() : *UserId::from(opened->header.actor.bytes());
    auto before = std::find_if(out.begin(), out.end(),
                               [&](const Said<Body>& one) { return one.entry.*as.id == (*entry).*as.id; });
    if (before == out.end())
      out.push_back({std::move(*entry), at, at, by, by});
    else
      *before = {std::move(*entry), before->first_at, at, before->first_by, by, true};
  }
  return out;
}

template <class Body>
Expected<void> append_about(const PersonRef& person, EntryKind kind, const Body& body, const ActorId& actor,
                            Turn& turn) {
  auto key = turn.person_key(person);
  if (!key) return tl::unexpected(key.error());
  auto sequence = turn.append(kind, actor, *key, encode(body));
  return sequence ? Expected<void>() : tl::unexpected(sequence.error());
}

}  // namespace ginnel
