// SPDX-License-Identifier: Apache-2.0
#include "node/store/merkle.h"

#include <bit>

#include "federation/base/crypto/hash.h"

namespace ginnel {
namespace {

constexpr std::uint8_t leaf_prefix = 0x00;
constexpr std::uint8_t node_prefix = 0x01;

// The largest power of two below n, for n > 1.
std::uint64_t split_of(std::uint64_t n) { return std::bit_floor(n - 1); }

// Root over the `count` leaves from `start`, where start is a multiple of the next power of two from count on.
Expected<Hash> range_root(std::uint64_t start, std::uint64_t count, const Subtree& subtree) {
  if (std::has_single_bit(count)) {
    const unsigned level = unsigned(std::countr_zero(count));
    return subtree(level, start >> level);
  }
  const std::uint64_t left_count = split_of(count);
  auto left = range_root(start, left_count, subtree);
  if (!left) return left;
  auto right = range_root(start + left_count, count - left_count, subtree);
  if (!right) return right;
  return node_hash(*left, *right);
}

// PATH of RFC 9162 section 2.1.3.1 over the leaves [start, start + count).
Expected<void> path(std::uint64_t index, std::uint64_t start, std::uint64_t count, const Subtree& subtree,
                    std::vector<Hash>& proof) {
  if (count == 1) return {};
  const std::uint64_t left = split_of(count);
  const bool goes_left = index - start < left;
  auto deeper =
      goes_left ? path(index, start, left, subtree, proof) : path(index, start + left, count - left, subtree, proof);
  if (!deeper) return deeper;
  auto sibling = goes_left ? range_root(start + left, count - left, subtree) : range_root(start, left, subtree);
  if (!sibling) return tl::unexpected(sibling.error());
  proof.push_back(*sibling);
  return {};
}

// SUBPROOF of section 2.1.4.1: the first `first` of the leaves [start, start + count); `whole` while the old tree's
// root is known to the verifier.
Expected<void> subproof(std::uint64_t first, std::uint64_t start, std::uint64_t count, bool whole,
                        const Subtree& subtree, std::vector<Hash>& proof) {
  if (first == count) {
    if (whole) return {};
    auto root = range_root(start, count, subtree);
    if (!root) return tl::unexpected(root.error());
    proof.push_back(*root);
    return {};
  }
  const std::uint64_t left = split_of(count);
  const bool in_left = first <= left;
  auto deeper = in_left ? subproof(first, start, left, whole, subtree, proof)
                        : subproof(first - left, start + left, count - left, false, subtree, proof);
  if (!deeper) return deeper;
  auto sibling = in_left ? range_root(start + left, count - left, subtree) : range_root(start, left, subtree);
  if (!sibling) return tl::unexpected(sibling.error());
  proof.push_back(*sibling);
  return {};
}

tl::unexpected<Error> bad_range() {
  return fail("bad-proof-range", "cannot prove", "the ledger has no such entries", "ask within the ledger's size");
}

}  // namespace

Hash leaf_hash(ByteView leaf) { return sha256({ByteView(&leaf_prefix, 1), leaf}); }
Hash node_hash(const Hash& left, const Hash& right) { return sha256({ByteView(&node_prefix, 1), left, right}); }
Hash empty_root() { return sha256(ByteView()); }

std::optional<Frontier> Frontier::of(std::uint64_t size, std::vector<Hash> peaks) {
  if (peaks.size() != std::size_t(std::popcount(size))) return std::nullopt;
  Frontier frontier;
  frontier.size_ = size;
  frontier.peaks_ = std::move(peaks);
  return frontier;
}

void Frontier::append(const Hash& leaf, const Completed& completed) {
  Hash hash = leaf;
  unsigned level = 0;
  completed(level, size_, hash);
  for (std::uint64_t rest = size_; rest & 1; rest >>= 1) {
    hash = node_hash(peaks_.back(), hash);
    peaks_.pop_back();
    ++level;
    completed(level, size_ >> level, hash);
  }
  peaks_.push_back(hash);
  ++size_;
}

Hash Frontier::root() const {
  if (peaks_.empty()) return empty_root();
  Hash hash = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i-- > 0;) hash = node_hash(peaks_[i], hash);
  return hash;
}

Expected<Hash> root_at(std::uint64_t size, const Subtree& subtree) {
  if (size == 0) return empty_root();
  return range_root(0, size, subtree);
}

Expected<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size, const Subtree& subtree) {
  if (index >= size) return bad_range();
  std::vector<Hash> proof;
  auto made = path(index, 0, size, subtree, proof);
  if (!made) return tl::unexpected(made.error());
  return proof;
}

Expected<std::vector<Hash>> consistency_proof(std::uint64_t first, std::uint64_t second, const Subtree& subtree) {
  if (first > second) return bad_range();
  std::vector<Hash> proof;
  if (first == 0 || first == second) return proof;
  auto made = subproof(first, 0, second, true, subtree, proof);
  if (!made) return tl::unexpected(made.error());
  return proof;
}

// RFC 9162 section 2.1.3.2.
bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof,
                      const Hash& root) {
  if (index >= size) return false;
  std::uint64_t fn = index, sn = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      hash = node_hash(sibling, hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && hash == root;
}

// RFC 9162 section 2.1.4.2.
bool verify_consistency(std::uint64_t first, std::uint64_t second, const Hash& first_root, const Hash& second_root,
                        std::span<const Hash> proof) {
  if (first > second) return false;
  if (first == second) return proof.empty() && first_root == second_root;
  if (first == 0) return proof.empty() && first_root == empty_root();
  // A first tree that is one complete subtree is its own first step of the proof.
  const bool implied = std::has_single_bit(first);
  if (!implied && proof.empty()) return false;
  Hash old_hash = implied ? first_root : proof.front();
  Hash new_hash = old_hash;
  std::uint64_t fn = first - 1, sn = second - 1;
  while ((fn & 1) != 0) {
    fn >>= 1;
    sn >>= 1;
  }
  for (const Hash& step : proof.subspan(implied ? 0 : 1)) {
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      old_hash = node_hash(step, old_hash);
      new_hash = node_hash(step, new_hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      new_hash = node_hash(new_hash, step);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && old_hash == first_root && new_hash == second_root;
}

}  // namespace ginnel
