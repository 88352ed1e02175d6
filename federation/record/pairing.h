// SPDX-License-Identifier: Apache-2.0
// Finds, between two lists, the pairs that may be one person, and scores each once.
//
// Not every pair is compared: only those that share a block key, and key by key those that are few enough. A
// description may be in several pairs, because lists hold people twice; but a weaker pair that each side has a clearly
// better partner than is put to a person instead of joined.
//
// Thread: any; starts `threads` of its own for the comparing. Memory: limits::pair_candidates_max pairs at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "federation/record/linkage.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t pair_candidates_max = std::size_t{1} << 24;  // pairs compared in one go
inline constexpr std::size_t block_pairs_max = 20'000;  // a key shared by more says too little: it is passed over
}  // namespace limits

struct ScoredPair {
  std::uint32_t a = 0, b = 0;  // places in the lists
  double score = 0;
  Band band = Band::different;
};

struct Pairing {
  std::vector<ScoredPair> pairs;  // bands same and ask, by a, then the best first
  std::uint64_t compared = 0;     // pairs
  std::uint64_t keys_passed_over = 0;
};

Pairing pair_up(std::span<const Description> a, std::span<const Description> b, unsigned threads,
                const LinkRules& rules);

}  // namespace ginnel
