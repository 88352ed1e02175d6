// SPDX-License-Identifier: Apache-2.0
// A policy bundle: the vocabulary and the policies that a decision rests on, under one version and one hash.
//
// There are two layers. The agreement is what all members share, and trustees sign it. An agency's own policies lie
// over one: they use its vocabulary and only forbid, since no trustee has seen them (docs/decisions/0060). Laid over
// each other they are one bundle, and decide together.
//
// A bundle is immutable; every decision in the ledger names the one that made it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "federation/base/error.h"
#include "federation/base/time.h"
#include "federation/directory/sealed_bundle.h"
#include "federation/wire/ask.h"
#include "node/gate/vocabulary.h"
#include "policy/compiled.h"
#include "policy/entity.h"
#include "policy/policy_set.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t manifest_bytes_max = std::size_t{1} << 20;     // bundle.toml
inline constexpr std::size_t policy_file_bytes_max = std::size_t{4} << 20;  // a .cedar file
inline constexpr std::size_t case_file_bytes_max = std::size_t{4} << 20;    // a .toml file of cases
}  // namespace limits

// A file of cases beside the policies, as it was read: node/gate/policy_cases.h.
struct CaseFile {
  std::string name, text;
};

struct Bundle {
  std::string name;
  std::uint64_t version = 0;
  Hash hash{};  // SHA-256 over the names and contents of the bundle's files, in order
  Vocabulary vocabulary;
  policy::PolicySet policies;
  policy::Entities resident;       // actions with their group, the category tree
  policy::CompiledPolicies ready;  // the policies, to decide by over the resident entities
  policy::Value undecided_child;   // node/gate/facts.h: made once, because every record has it
  bool names_records = false;    // a policy speaks of a single record: what has the same label may be decided otherwise
  policy::Diagnostics warnings;  // rules that can never apply
  std::vector<CaseFile> cases;
  std::vector<BundleFile> files;             // as they were read, in the order of the hash; named as bundle.toml does
  std::shared_ptr<const SealedBundle> seal;  // that it was read from; null: a folder, which nobody signed

  // Of an agency's own policies: what they lie over (null: this is an agreement), who answers for them, and when they
  // are looked at again. name, version, hash, cases and files are then those of the own ones alone; `policies` are
  // both, the agreement's first.
  std::shared_ptr<const Bundle> agreement;
  std::string author;
  Date review_on;

  const Bundle& agreed() const { return agreement ? *agreement : *this; }
  std::size_t first_of_its_own() const { return agreement ? agreement->policies.policies().size() : 0; }

  // What members tell each other of it: the agreement alone.
  BundleRef ref() const { return {agreed().version, agreed().hash}; }
  // "3 sha256:0a1b2c3d4e5f", and with own policies "3 sha256:0a1b2c3d4e5f + 2 sha256:a1b2c3d4e5f6": as it stands in
  // ledger entries.
  std::string ref_text() const;
};

// Reads bundle.toml of a folder and the files it names; or a sealed bundle, one file, whose signatures are not looked
// at here: node/gate/bundle_seal.h. `bad-sealed-bundle` when such a file is not what a seal holds. All faults of all
// files at once, a line each in `why`, as FILE:LINE:COLUMN: message (hint). A policy without @id and @title, with an
// annotation nobody reads, or that the schema of sharing does not know (node/gate/share_schema.h) is a fault.
// An agency's own policies are read with the agreement that their bundle.toml says they lie `over`.
Expected<std::shared_ptr<const Bundle>> read_bundle(const std::filesystem::path& path);
// An agency's own policies, over the agreement that its node has. `not-own-policies`: the folder is an agreement.
Expected<std::shared_ptr<const Bundle>> read_own_policies(const std::filesystem::path& folder,
                                                          const std::shared_ptr<const Bundle>& agreement);
// Own policies that were read already, over another agreement.
Expected<std::shared_ptr<const Bundle>> own_policies_over(const Bundle& own,
                                                          const std::shared_ptr<const Bundle>& agreement);
// The same of a sealed bundle that was read already.
Expected<std::shared_ptr<const Bundle>> read_bundle(const SealedBundle& sealed);

}  // namespace ginnel
