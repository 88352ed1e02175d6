// SPDX-License-Identifier: Apache-2.0
// A policy bundle and its seal: one is made from the other, trustees sign it, and a node asks for their signatures
// before it puts a bundle in force.
//
// Thread: any; those with a Turn the loop's. Failure: Expected with a code.
#pragma once

#include <memory>

#include "node/gate/bundle.h"
#include "node/store/store.h"

namespace ginnel {

// A file of at most limits::sealed_bundle_bytes_max. `unreadable`, `too-long`, `bad-sealed-bundle`.
Expected<SealedBundle> read_sealed_bundle(const std::filesystem::path& file);

// How a document names a file that bundle.toml names so: "10-rules.cedar" is "bundle/10-rules.cedar".
std::string sealed_name(std::string_view name_in_manifest);

// The bundle as one document, which nobody has signed yet. `outside-bundle`: it names a file that is neither in its
// folder nor beside it; `own-policies`; `too-long`, `bad-text`.
Expected<SealedBundle> seal_of(const Bundle& bundle);

// Whether it may be put in force, or stay so. `unsigned-bundle`; errors of check_bundle_signatures(). A bundle that is
// `in_force` stays good when a trustee who signed it is revoked later: a revocation must not stop every node.
Expected<void> check_seal(const Bundle& bundle, const TrustAnchor& anchor, const Directory* held, bool in_force);
// The same, against what the ledger says is in force. A node that holds no list of members yet asks and answers nobody,
// and may start with any bundle.
Expected<void> check_seal(const Bundle& bundle, const TrustAnchor& anchor, const Directory* held,
                          const StoreReader& reader);

// The bundle that a trustee signed last.
struct SignedBundle {
  std::uint64_t version = 0;
  Hash digest{};  // signed_digest() of the document
};
// `version-signed`: another document of this version was signed: two agreements of one number could be in force.
// `older-bundle`: a higher version was signed, or is in force.
Expected<void> check_bundle_signed_before(const std::optional<SignedBundle>& before, const SignedBundle& next,
                                          std::uint64_t version_in_force);

// What is looked at before anybody signs: the document is read as a bundle, and its cases come out as they say.
// `bad-sealed-bundle`, read_bundle()'s and check_cases()'s.
Expected<std::shared_ptr<const Bundle>> read_to_sign(const SealedBundle& sealed);

// A trustee's node signs; success leaves an operator_act entry `bundle-signed`. The signature may leave after the
// commit. Errors: those above and `not-a-trustee`.
Expected<SealedBundle> sign_bundle_in(Turn& turn, const SealedBundle& sealed, const MemberId& me,
                                      const SigningKey& identity_key, const TrustAnchor& anchor);

}  // namespace ginnel
