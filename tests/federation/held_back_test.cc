// SPDX-License-Identifier: Apache-2.0
#include "federation/delivery/held_back.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ginnel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Outgoing message(std::uint8_t number, Instant not_before = {}) {
  Outgoing out;
  out.payload = {number};
  out.not_before = not_before;
  out.expires = Instant{1000};
  return out;
}

std::vector<int> numbers(const std::vector<Outgoing>& messages) {
  std::vector<int> out;
  for (const auto& one : messages) out.push_back(one.payload.front());
  return out;
}

TEST(HeldBack, what_may_leave_leaves_in_order_and_the_rest_at_its_moment_once) {
  HeldBack held;
  EXPECT_EQ(held.next(), std::nullopt);
  const auto first = held.take(
      {message(1), message(2, Instant{30}), message(3), message(4, Instant{20}), message(5, Instant{10})}, Instant{10});
  EXPECT_THAT(numbers(first), ElementsAre(1, 3, 5));
  EXPECT_EQ(held.next(), Instant{20});
  EXPECT_THAT(numbers(held.due(Instant{19})), IsEmpty());
  EXPECT_THAT(numbers(held.take({message(6, Instant{30})}, Instant{19})), IsEmpty());
  EXPECT_THAT(numbers(held.due(Instant{30})), ElementsAre(2, 4, 6));
  EXPECT_THAT(numbers(held.due(Instant{30})), IsEmpty());
}

TEST(HeldBack, what_expired_when_the_clock_was_put_forward_is_let_fall) {
  HeldBack held;
  held.take({message(1, Instant{20})}, Instant{10});
  EXPECT_THAT(numbers(held.due(Instant{1000})), IsEmpty());
  EXPECT_EQ(held.next(), std::nullopt);
}

TEST(HeldBack, what_is_cleared_never_leaves) {
  HeldBack held;
  held.take({message(1, Instant{20})}, Instant{10});
  held.clear();
  EXPECT_EQ(held.next(), std::nullopt);
  EXPECT_THAT(numbers(held.due(Instant{30})), IsEmpty());
}

}  // namespace
}  // namespace ginnel
