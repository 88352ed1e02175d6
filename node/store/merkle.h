// SPDX-License-Identifier: Apache-2.0
// The Merkle tree of RFC 9162 section 2.1 over the ledger's entries: SHA-256, leaves 0x00, nodes 0x01.
//
// Thread: any; no state but the Frontier's. What is stored comes in through Subtree.
// Failure: proving fails only as Subtree does; verifying is true or false whatever a peer sends.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/error.h"

namespace ginnel {

Hash leaf_hash(ByteView leaf);
Hash node_hash(const Hash& left, const Hash& right);
Hash empty_root();  // of a tree without leaves: SHA-256 of nothing

// What a tree needs to grow: its size and the roots of its complete subtrees, the largest first.
class Frontier {
 public:
  using Completed = std::function<void(unsigned level, std::uint64_t index, const Hash& hash)>;

  Frontier() = default;
  // Nothing if `peaks` are not as many as a tree of this size has.
  static std::optional<Frontier> of(std::uint64_t size, std::vector<Hash> peaks);

  // `completed` is told of every subtree of 2^level leaves that this leaf completes, level 0 (the leaf) included.
  void append(const Hash& leaf, const Completed& completed);
  Hash root() const;
  std::uint64_t size() const { return size_; }
  const std::vector<Hash>& peaks() const { return peaks_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> peaks_;
};

// The root of the complete subtree over leaves [index * 2^level, (index + 1) * 2^level).
using Subtree = std::function<Expected<Hash>(unsigned level, std::uint64_t index)>;

Expected<Hash> root_at(std::uint64_t size, const Subtree& subtree);
// Requires index < size, and first <= second: `bad-proof-range` otherwise.
Expected<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size, const Subtree& subtree);
Expected<std::vector<Hash>> consistency_proof(std::uint64_t first, std::uint64_t second, const Subtree& subtree);

bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof,
                      const Hash& root);
// A tree of size 0 is consistent with every tree, by an empty proof.
bool verify_consistency(std::uint64_t first, std::uint64_t second, const Hash& first_root, const Hash& second_root,
                        std::span<const Hash> proof);

}  // namespace ginnel
