// SPDX-License-Identifier: Apache-2.0
#include "federation/record/pairing.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <thread>
#include <unordered_map>

namespace ginnel {
namespace {

// A key of a list, hashed: a collision costs a comparison, nothing else.
struct Keyed {
  std::uint64_t key;
  std::uint32_t at;
  auto operator<=>(const Keyed&) const = default;
};

std::vector<Keyed> keyed(std::span<const Description> list, const LinkRules& rules) {
  std::vector<Keyed> out;
  for (std::size_t i = 0; i < list.size(); ++i)
    for (const auto& key : block_keys(list[i], rules))
      out.push_back({std::hash<std::string_view>{}(key), std::uint32_t(i)});
  std::sort(out.begin(), out.end());
  return out;
}

class Pairs {
 public:
  Pairs(std::span<const Description> a, std::span<const Description> b, unsigned threads, const LinkRules& rules)
      : a_(a),
        b_(b),
        rules_(rules),
        threads_(std::max(threads, 1U)),
        found_in_(rules.in_files(std::max(a.size(), b.size()))) {}

  void add(std::uint32_t a, std::uint32_t b) {
    candidates_.push_back(std::uint64_t(a) << 32 | b);
    if (candidates_.size() >= limits::pair_candidates_max) compare_all();
  }

  Pairing finish() {
    compare_all();
    std::sort(out_.pairs.begin(), out_.pairs.end(), [](const ScoredPair& x, const ScoredPair& y) {
      return std::tie(x.a, x.b, y.score) < std::tie(y.a, y.b, x.score);
    });
    // Two rounds of candidates may have held the same pair.
    out_.pairs.erase(std::unique(out_.pairs.begin(), out_.pairs.end(),
                                 [](const auto& x, const auto& y) { return x.a == y.a && x.b == y.b; }),
                     out_.pairs.end());
    prefer_better_partners();
    std::stable_sort(out_.pairs.begin(), out_.pairs.end(), [](const ScoredPair& x, const ScoredPair& y) {
      return x.a != y.a ? x.a < y.a : x.score > y.score;
    });
    return std::move(out_);
  }

  void pass_over() { ++out_.keys_passed_over; }

 private:
  void compare_all() {
    std::sort(candidates_.begin(), candidates_.end());
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
    std::vector<std::vector<ScoredPair>> found(threads_);
    const auto work = [&](unsigned number) {
      for (std::size_t i = candidates_.size() * number / threads_; i < candidates_.size() * (number + 1) / threads_;
           ++i) {
        const auto a = std::uint32_t(candidates_[i] >> 32), b = std::uint32_t(candidates_[i]);
        const Comparison compared = compare(a_[a], b_[b], found_in_, rules_);
        if (compared.band != Band::different) found[number].push_back({a, b, compared.score, compared.band});
      }
    };
    std::vector<std::thread> helpers;
    for (unsigned i = 1; i < threads_; ++i) helpers.emplace_back(work, i);
    work(0);
    for (auto& helper : helpers) helper.join();
    for (auto& part : found) out_.pairs.insert(out_.pairs.end(), part.begin(), part.end());
    out_.compared += candidates_.size();
    candidates_.clear();
  }

  // Both have a partner that is better by the whole width of doubt: then this is their relative, not themselves.
  void prefer_better_partners() {
    std::unordered_map<std::uint32_t, double> best_of_a, best_of_b;
    const auto raise = [](auto& best, std::uint32_t at, double score) {
      auto [entry, is_new] = best.emplace(at, score);
      if (!is_new) entry->second = std::max(entry->second, score);
    };
    for (const auto& pair : out_.pairs) {
      raise(best_of_a, pair.a, pair.score);
      raise(best_of_b, pair.b, pair.score);
    }
    const double doubt = found_in_.same - rules_.ask;
    for (auto& pair : out_.pairs)
      if (pair.band == Band::same && best_of_a[pair.a] - pair.score > doubt && best_of_b[pair.b] - pair.score > doubt)
        pair.band = Band::ask;
  }

  std::span<const Description> a_, b_;
  const LinkRules& rules_;
  const unsigned threads_;
  const LinkPlace found_in_;
  std::vector<std::uint64_t> candidates_;
  Pairing out_;
};

}  // namespace

Pairing pair_up(std::span<const Description> a, std::span<const Description> b, unsigned threads,
                const LinkRules& rules) {
  const auto in_a = keyed(a, rules), in_b = keyed(b, rules);
  Pairs pairs(a, b, threads, rules);
  auto from_b = in_b.begin();
  for (auto from_a = in_a.begin(); from_a != in_a.end();) {
    auto end_a = from_a;
    while (end_a != in_a.end() && end_a->key == from_a->key) ++end_a;
    while (from_b != in_b.end() && from_b->key < from_a->key) ++from_b;
    auto end_b = from_b;
    while (end_b != in_b.end() && end_b->key == from_a->key) ++end_b;
    if (std::size_t(end_a - from_a) * std::size_t(end_b - from_b) > limits::block_pairs_max)
      pairs.pass_over();
    else
      for (auto x = from_a; x != end_a; ++x)
        for (auto y = from_b; y != end_b; ++y) pairs.add(x->at, y->at);
    from_a = end_a;
    from_b = end_b;
  }
  return pairs.finish();
}

}  // namespace ginnel
