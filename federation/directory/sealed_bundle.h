// SPDX-License-Identifier: Apache-2.0
// A sealed policy bundle: the federation's agreement on sharing as one document with a version, signed by trustees.
//
// The rule is the directory's: every group of the trust anchor must be satisfied. A bundle has a signature domain of
// its own, so that no signature on a list of members can stand under an agreement, or the other way about. Whether what
// is in it can be put in force is node/gate's to say.
//
// Thread: any; values and pure functions. Failure: Expected with a code. Limits: limits::bundle_*.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/error.h"
#include "federation/directory/directory.h"
#include "federation/directory/papers.h"

namespace ginnel {

struct BundleFile {
  std::string name, text;
  bool operator==(const BundleFile&) const = default;
};

// What is signed. Names are paths as if the bundle's folder were called `bundle` and stood at the root, where what
// bundles share may stand beside it: "bundle/bundle.toml", "bundle/cases/10-danger.toml", "vocabulary.toml".
struct BundleDocument {
  std::string name;           // of the agreement, as bundle.toml has it
  std::uint64_t version = 0;  // from 1
  std::vector<BundleFile> files;
  bool operator==(const BundleDocument&) const = default;
};

struct SealedBundle {
  Bytes bytes;  // an encoded BundleDocument
  std::vector<Endorsement> endorsements;
  bool operator==(const SealedBundle&) const = default;
};

// A path that stays where it is unpacked: parts of letters, digits, `-`, `_` and `.`, none of them `.` or `..`, joined
// by single slashes; at most limits::bundle_file_name_bytes_max.
bool is_bundle_file_name(std::string_view name);

// How the groups stand to it. A trustee whom `held` has as a revoked member counts as one that has not signed; null:
// no list of members is held, and nobody is known to be revoked.
std::vector<GroupSignatures> bundle_signatures(const SealedBundle& sealed, const TrusteeRule& rule,
                                               const Directory* held);

// `bad-anchor`; `too-few-endorsements` names the first group that is not satisfied. Signatures by strangers and revoked
// members, that do not verify, or twice by one trustee, count for nothing.
Expected<void> check_bundle_signatures(const SealedBundle& sealed, const TrusteeRule& rule, const Directory* held);

// `not-a-trustee` unless `anchor` names `me` with this key. A second signature of one trustee replaces the first.
Expected<SealedBundle> sign_bundle(SealedBundle sealed, const MemberId& me, const SigningKey& identity_key,
                                   const TrustAnchor& anchor);

}  // namespace ginnel
