// SPDX-License-Identifier: Apache-2.0
#include "node/store/merkle.h"

#include <gtest/gtest.h>

#include <map>

#include "federation/base/clock.h"
#include "federation/base/crypto/hash.h"

namespace ginnel {
namespace {

Hash hash_from(std::string_view hex) {
  auto bytes = from_hex(hex);
  Hash hash{};
  if (!bytes || bytes->size() != hash.size()) {
    ADD_FAILURE() << "not a hash: " << hex;
    return hash;
  }
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

// The eight leaves with which Certificate Transparency implementations test each other, and the roots of the trees
// over the first one to eight of them.
const std::vector<std::string> known_leaves = {
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
const std::vector<std::string> known_roots = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                              "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                              "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                              "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                              "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                              "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                              "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                              "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

// A tree over given leaf hashes, and the definition of RFC 9162 section 2.1.1 to compare with.
struct Tree {
  Frontier frontier;
  std::vector<Hash> leaves;
  std::map<std::pair<unsigned, std::uint64_t>, Hash> stored;

  void add(const Hash& leaf) {
    leaves.push_back(leaf);
    frontier.append(leaf, [&](unsigned level, std::uint64_t index, const Hash& hash) {
      stored[{level, index}] = hash;
    });
  }
  Subtree subtree() const {
    return [this](unsigned level, std::uint64_t index) -> Expected<Hash> {
      auto found = stored.find({level, index});
      if (found == stored.end()) return fail("missing", "no such subtree");
      return found->second;
    };
  }
  Hash defined_root(std::size_t from, std::size_t to) const {
    if (from == to) return empty_root();
    if (to - from == 1) return leaves[from];
    std::size_t k = 1;
    while (k * 2 < to - from) k *= 2;
    return node_hash(defined_root(from, from + k), defined_root(from + k, to));
  }
};

Tree tree_of(std::size_t size) {
  Tree tree;
  SeededRandom random(size + 1);
  for (std::size_t i = 0; i < size; ++i) {
    Bytes leaf(8);
    random.fill(leaf);
    tree.add(leaf_hash(leaf));
  }
  return tree;
}

TEST(Merkle, known_leaves_give_the_known_roots) {
  Tree tree;
  EXPECT_EQ(to_hex(empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(tree.frontier.root(), empty_root());
  for (std::size_t i = 0; i < known_leaves.size(); ++i) {
    tree.add(leaf_hash(*from_hex(known_leaves[i])));
    EXPECT_EQ(to_hex(tree.frontier.root()), known_roots[i]) << i + 1;
  }
}

TEST(Merkle, known_proofs_verify_and_are_made_again) {
  Tree tree;
  for (const auto& leaf : known_leaves) tree.add(leaf_hash(*from_hex(leaf)));
  const std::vector<Hash> inclusion = {hash_from("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
                                       hash_from("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
                                       hash_from("6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")};
  EXPECT_EQ(inclusion_proof(0, 8, tree.subtree()), inclusion);
  EXPECT_TRUE(verify_inclusion(tree.leaves[0], 0, 8, inclusion, hash_from(known_roots[7])));
  const std::vector<Hash> consistency = {hash_from("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
                                         hash_from("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
                                         hash_from("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")};
  EXPECT_EQ(consistency_proof(6, 8, tree.subtree()), consistency);
  EXPECT_TRUE(verify_consistency(6, 8, hash_from(known_roots[5]), hash_from(known_roots[7]), consistency));
}

TEST(Merkle, every_root_is_the_one_of_the_definition) {
  Tree tree = tree_of(70);
  for (std::size_t size = 0; size <= 70; ++size)
    EXPECT_EQ(root_at(size, tree.subtree()), tree.defined_root(0, size)) << size;
}

TEST(Merkle, every_inclusion_proof_verifies_for_its_own_leaf_only) {
  for (std::size_t size = 1; size <= 33; ++size) {
    Tree tree = tree_of(size);
    const Hash root = tree.frontier.root();
    for (std::size_t index = 0; index < size; ++index) {
      auto proof = inclusion_proof(index, size, tree.subtree());
      ASSERT_TRUE(proof);
      EXPECT_TRUE(verify_inclusion(tree.leaves[index], index, size, *proof, root)) << index << "/" << size;
      for (std::size_t other = 0; other < size; ++other) {
        if (other == index) continue;
        EXPECT_FALSE(verify_inclusion(tree.leaves[other], index, size, *proof, root));
        EXPECT_FALSE(verify_inclusion(tree.leaves[index], other, size, *proof, root));
      }
      auto longer = *proof;
      longer.push_back(root);
      EXPECT_FALSE(verify_inclusion(tree.leaves[index], index, size, longer, root));
    }
  }
}

TEST(Merkle, every_consistency_proof_verifies_and_no_changed_one_does) {
  Tree tree = tree_of(33);
  for (std::size_t second = 0; second <= 33; ++second) {
    for (std::size_t first = 0; first <= second; ++first) {
      const Hash old_root = tree.defined_root(0, first), new_root = tree.defined_root(0, second);
      auto proof = consistency_proof(first, second, tree.subtree());
      ASSERT_TRUE(proof);
      EXPECT_TRUE(verify_consistency(first, second, old_root, new_root, *proof)) << first << ".." << second;
      if (first != 0 && first != second) {
        Hash forged = old_root;
        forged[0] ^= 1;
        EXPECT_FALSE(verify_consistency(first, second, forged, new_root, *proof));
        EXPECT_FALSE(verify_consistency(first, second, old_root, forged, *proof));
      }
      for (auto& step : *proof) {
        step[31] ^= 1;
        EXPECT_FALSE(verify_consistency(first, second, old_root, new_root, *proof));
        step[31] ^= 1;
      }
      if (!proof->empty()) {
        proof->pop_back();
        EXPECT_FALSE(verify_consistency(first, second, old_root, new_root, *proof));
      }
    }
  }
}

TEST(Merkle, a_frontier_taken_up_again_grows_the_same_tree) {
  Tree whole = tree_of(45);
  for (std::size_t stop = 0; stop <= 45; ++stop) {
    Frontier frontier;
    auto ignore = [](unsigned, std::uint64_t, const Hash&) {};
    for (std::size_t i = 0; i < stop; ++i) frontier.append(whole.leaves[i], ignore);
    auto again = Frontier::of(frontier.size(), frontier.peaks());
    ASSERT_TRUE(again);
    for (std::size_t i = stop; i < 45; ++i) again->append(whole.leaves[i], ignore);
    EXPECT_EQ(again->root(), whole.frontier.root());
  }
  EXPECT_FALSE(Frontier::of(3, {Hash()}));
}

TEST(Merkle, a_range_outside_the_tree_is_an_error) {
  Tree tree = tree_of(5);
  EXPECT_EQ(inclusion_proof(5, 5, tree.subtree()).error().code, "bad-proof-range");
  EXPECT_EQ(consistency_proof(6, 5, tree.subtree()).error().code, "bad-proof-range");
  EXPECT_FALSE(verify_inclusion(tree.leaves[0], 0, 0, {}, empty_root()));
  EXPECT_FALSE(verify_consistency(6, 5, Hash(), Hash(), {}));
}

}  // namespace
}  // namespace ginnel
