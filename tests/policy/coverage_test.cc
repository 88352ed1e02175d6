// SPDX-License-Identifier: Apache-2.0
#include "policy/coverage.h"

#include <gtest/gtest.h>

namespace ginnel::policy {
namespace {

class CoverageTest : public testing::Test {
 protected:
  PolicySet policies_ = *parse_policies(R"(
    permit (principal == U::"a", action, resource) when { context.n > 1 } unless { context.n > 3 };
    forbid (principal, action, resource) when { context.missing };)",
                                        "test");
  Coverage coverage_{policies_};

  void see(const char* who, std::int64_t n) {
    Record context({{"n", Value(n)}});
    coverage_.see({{"U", who}, {"A", "x"}, {"R", "r"}, context}, Entities());
  }
  const Coverage::OfPolicy& of(std::size_t policy) { return coverage_.policies()[policy]; }
};

TEST_F(CoverageTest, tells_what_was_true_and_false_of_each_condition) {
  see("a", 0);
  EXPECT_TRUE(of(0).clauses[0].was_false);
  EXPECT_FALSE(of(0).clauses[0].was_true);
  EXPECT_TRUE(of(0).clauses[1].was_false) << "also behind one that is false";
  see("a", 2);
  EXPECT_TRUE(of(0).clauses[0].is_whole());
  EXPECT_FALSE(of(0).clauses[1].is_whole());
  see("a", 4);
  EXPECT_TRUE(of(0).clauses[1].is_whole()) << "the words of an unless, not what it makes of them";
}

TEST_F(CoverageTest, looks_at_no_condition_outside_the_scope) {
  see("b", 2);
  EXPECT_TRUE(of(0).was_out_of_scope);
  EXPECT_FALSE(of(0).was_in_scope);
  EXPECT_FALSE(of(0).clauses[0].was_true);
}

TEST_F(CoverageTest, counts_an_error_as_neither) {
  see("a", 2);
  EXPECT_TRUE(of(1).was_in_scope);
  EXPECT_FALSE(of(1).clauses[0].was_true || of(1).clauses[0].was_false);
}

}  // namespace
}  // namespace ginnel::policy
