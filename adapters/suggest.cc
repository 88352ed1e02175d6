// SPDX-License-Identifier: Apache-2.0
#include "adapters/suggest.h"

#include <algorithm>

namespace ginnel {
namespace {

constexpr double alike_enough = 0.4;
constexpr std::size_t compared_bytes_max = 64;  // names of columns and settings are short; longer is no typing mistake

std::string folded(std::string_view text) {
  std::string out(text.substr(0, compared_bytes_max));
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  }
  return out;
}

std::size_t edits(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (char c : text) {
    bool joins = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (joins) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// The part of a's words that some word of b begins with.
double beginnings(const std::string& a, const std::string& b) {
  auto mine = words_of(a), theirs = words_of(b);
  if (mine.empty()) return 0;
  double sum = 0;
  for (const auto& word : mine) {
    double best = 0;
    for (const auto& other : theirs) {
      auto [end, unused] = std::mismatch(word.begin(), word.end(), other.begin(), other.end());
      auto common = std::size_t(end - word.begin());
      if (common >= 2) best = std::max(best, double(common) / double(word.size()));
    }
    sum += best;
  }
  return sum / double(mine.size());
}

}  // namespace

double likeness(std::string_view a, std::string_view b) {
  std::string left = folded(a), right = folded(b);
  if (left.empty() || right.empty()) return 0;
  double by_edits = 1 - double(edits(left, right)) / double(std::max(left.size(), right.size()));
  return std::max({by_edits, beginnings(left, right), beginnings(right, left)});
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& words) {
  const std::string* best = nullptr;
  double best_likeness = alike_enough;
  for (const auto& candidate : words) {
    double like = likeness(word, candidate);
    if (like > best_likeness) {
      best = &candidate;
      best_likeness = like;
    }
  }
  return best ? std::optional(*best) : std::nullopt;
}

std::string one_of(const std::vector<std::string>& words, std::size_t most) {
  std::string out;
  std::size_t shown = std::min(words.size(), most);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += "`" + words[i] + "`";
  }
  if (shown < words.size()) out += " and others";
  return out;
}

}  // namespace ginnel
