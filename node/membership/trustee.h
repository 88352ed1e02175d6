// SPDX-License-Identifier: Apache-2.0
// A trustee's node signs the next directory: what was approved word for word, and one list of a version at a time.
//
// Two lists of one version, both signed by enough, would tear the federation in two; and a list that was signed and not
// adopted may still be adopted later, over the head of one that does not know of it. So the node keeps what it signed
// last, and signs another only when its operator says that the first is given up.
//
// Thread: the loop, in a turn. Failure: Expected; the turn has then written nothing. Success: an operator_act entry
// `directory-signed`; the signature may leave after the commit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "federation/directory/papers.h"
#include "node/setup/own_keys.h"
#include "node/store/store.h"

namespace ginnel {

// The list that a trustee signed last.
struct SignedList {
  std::uint64_t version = 0;
  Hash proposal{};  // proposal_hash()
  bool operator==(const SignedList&) const = default;
};
Expected<std::optional<SignedList>> load_signed_list(const StoreReader& reader);

// `version-signed`: another list of this version was signed. `another-list-signed`: another list was signed that is
// not in force yet; with `instead` it is given up.
Expected<void> check_signed_before(const std::optional<SignedList>& before, const SignedList& next,
                                   std::uint64_t version_in_force, bool instead);

struct Approval {
  std::vector<std::string> changes;  // words_of() each change that the trustee was shown; empty: a renewal
  bool instead = false;
};

// Errors: review()'s, add_signature()'s, check_signed_before()'s, and `not-as-approved` if the papers change anything
// else than was approved.
Expected<Papers> sign_as_trustee(const Papers& papers, const Approval& approval, const MemberId& me,
                                 const OwnKeys& keys, const DirectoryBook& book, const TrustAnchor& anchor, Turn& turn);

// The same words, for a trustee without a node too.
Expected<void> check_approved(const Review& review, const std::vector<std::string>& approved);

}  // namespace ginnel
