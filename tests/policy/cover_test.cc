// SPDX-License-Identifier: Apache-2.0
#include "policy/compare/cover.h"

#include <gtest/gtest.h>

#include <random>

namespace ginnel::policy {
namespace {

const std::vector<std::size_t> sizes = {2, 3, 4, 2};
constexpr std::size_t points = 2 * 3 * 4 * 2;

std::vector<std::size_t> values_of(std::size_t point) {
  std::vector<std::size_t> out;
  for (const auto size : sizes) {
    out.push_back(point % size);
    point /= size;
  }
  return out;
}

Diagrams::Node node_of(Diagrams& diagrams, const std::vector<bool>& truth) {
  auto out = Diagrams::no;
  for (std::size_t point = 0; point < points; ++point) {
    if (!truth[point]) continue;
    auto here = Diagrams::yes;
    const auto values = values_of(point);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      Diagrams::Values one(sizes[i]);
      one[values[i]] = true;
      here = diagrams.both(here, diagrams.literal(i, one));
    }
    out = diagrams.either(out, here);
  }
  return out;
}

bool fits(const RowOfValues& row, std::size_t point) {
  const auto values = values_of(point);
  return std::all_of(row.begin(), row.end(), [&](const auto& one) { return one.second[values[one.first]]; });
}

TEST(Cover, rows_hold_what_they_must_and_only_what_they_may_and_none_is_needless) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    Diagrams diagrams(sizes);
    std::vector<bool> must(points), may(points);
    for (std::size_t point = 0; point < points; ++point) {
      must[point] = random() % 3 == 0;
      may[point] = must[point] || random() % 4 == 0;
    }
    bool too_many = true;
    const auto rows = cover(diagrams, node_of(diagrams, must), node_of(diagrams, may),
                            {std::vector<std::vector<bool>>(sizes.size())}, too_many);
    ASSERT_FALSE(too_many);
    std::vector<bool> needed(rows.size());
    for (std::size_t point = 0; point < points; ++point) {
      std::vector<std::size_t> fitting;
      for (std::size_t row = 0; row < rows.size(); ++row) {
        if (fits(rows[row], point)) fitting.push_back(row);
      }
      ASSERT_TRUE(!must[point] || !fitting.empty()) << "round " << round;
      ASSERT_TRUE(may[point] || fitting.empty()) << "round " << round;
      if (must[point] && fitting.size() == 1) needed[fitting[0]] = true;
    }
    EXPECT_EQ(std::count(needed.begin(), needed.end(), false), 0) << "round " << round;
  }
}

TEST(Cover, what_is_always_so_is_one_row_that_asks_nothing) {
  Diagrams diagrams(sizes);
  bool too_many = true;
  const auto rows =
      cover(diagrams, Diagrams::yes, Diagrams::yes, {std::vector<std::vector<bool>>(sizes.size())}, too_many);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_TRUE(rows[0].empty());
}

TEST(Cover, more_rows_than_can_be_told_are_none) {
  // Whether an odd number of twelve is true has no other form than 2,048 rows.
  Diagrams diagrams(std::vector<std::size_t>(12, 2));
  auto odd = Diagrams::no;
  for (std::size_t i = 0; i < 12; ++i) {
    const auto one = diagrams.literal(i, {false, true});
    odd = diagrams.either(diagrams.without(odd, one), diagrams.without(one, odd));
  }
  bool too_many = false;
  EXPECT_TRUE(cover(diagrams, odd, odd, {std::vector<std::vector<bool>>(12)}, too_many).empty());
  EXPECT_TRUE(too_many);
}

}  // namespace
}  // namespace ginnel::policy
