// SPDX-License-Identifier: Apache-2.0
#include "node/process/test_head_issuer.h"

#include "tests/federation/members.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

class TestHeadIssuerTest : public testing::Test {
 protected:
  samples::Members members;
  DirectoryBook book = members.book();
  StoreForTests store;
  SeededRandom random{8};
  TestHeadIssuer issuer{*MemberId::parse("bradford-csc"),
                        [this] {
                          return SealKey{members.keys("bradford-csc").signing, 1};
                        },
                        random};
  PersonRef person = store.add(aisha());
  const Identity child{"9990000018", "Aisha", "Tester", {2016, 3, 14}, ""};

  static ProcessHead plan() {
    ProcessHead head;
    head.definition = "child-protection";
    head.edition = "2023-12-15";
    head.state = "plan";
    head.proves = {"child_protection"};
    return head;
  }
  void open() {
    auto turn = store.begin();
    ASSERT_TRUE(issuer.open(person, child, plan(), *turn));
    ASSERT_TRUE(turn->commit());
  }
  std::optional<IssuedHead> issue(const PersonRef& whom, Instant now = noon) {
    auto turn = store.begin(now);
    auto issued = issuer.issue(whom, child, *turn);
    EXPECT_TRUE(issued) << issued.error().text();
    EXPECT_TRUE(turn->commit());
    return issued ? std::move(*issued) : std::nullopt;
  }
  Expected<ProcessHead> verify(const IssuedHead& issued, const Identity& whom, Instant now = noon) {
    return verify_head(issued.signed_head, book, whom, issued.salt, "child_protection", now);
  }
};

TEST_F(TestHeadIssuerTest, issues_nothing_for_a_child_without_an_open_plan) {
  EXPECT_FALSE(issue(person));
  open();
  EXPECT_FALSE(issue(store.add(ben())));
}

TEST_F(TestHeadIssuerTest, issues_heads_that_everybody_verifies_by_number_and_by_name) {
  open();
  const auto issued = issue(person);
  ASSERT_TRUE(issued);
  for (const Identity& form :
       {child, Identity{"9990000018", "", "", {}, ""}, Identity{"", "Aisha", "Tester", {2016, 3, 14}, ""}}) {
    const auto head = verify(*issued, form);
    ASSERT_TRUE(head) << head.error().text();
    EXPECT_EQ(head->lead.text(), "bradford-csc");
    EXPECT_EQ(*head, issued->head);
  }
  EXPECT_EQ(verify(*issued, Identity{"9990000026", "", "", {}, ""}).error().code, "head-wrong-child");
}

TEST_F(TestHeadIssuerTest, issues_a_fresh_head_each_time_also_after_a_restart) {
  open();
  const auto first = issue(person);
  store.reopen();
  const auto second = issue(person);
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->salt, second->salt);
  EXPECT_NE(first->head.child_commitments, second->head.child_commitments);
  EXPECT_EQ(first->head.process, second->head.process);
  EXPECT_EQ(second->head.number, first->head.number + 1);
  EXPECT_EQ(second->head.supersedes, first->head.number);
}

TEST_F(TestHeadIssuerTest, issues_heads_that_live_72_hours) {
  open();
  const auto issued = issue(person);
  EXPECT_TRUE(verify(*issued, child, noon + 72 * hour_ms + -1));
  EXPECT_EQ(verify(*issued, child, noon + 72 * hour_ms).error().code, "head-expired");
  EXPECT_TRUE(verify(*issue(person, noon + 72 * hour_ms), child, noon + 72 * hour_ms));
}

}  // namespace
}  // namespace ginnel
