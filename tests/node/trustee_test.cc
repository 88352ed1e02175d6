// SPDX-License-Identifier: Apache-2.0
// Papers and suspensions at a running node.
#include "node/membership/trustee.h"

#include "federation/wire/papers_codec.h"
#include "node/setup/suspensions.h"
#include "tests/node/node_for_tests.h"

namespace ginnel {
namespace {

class TrusteeTest : public testing::Test {
 protected:
  NodeForTests t;
  MemberId me = *MemberId::parse("bradford-csc"), hospital = *MemberId::parse("bfd-hospital");
  TrusteeTest() { t.keys.identity = t.members.keys("bradford-csc").identity; }

  Papers renewal(Instant at) {
    return propose_renewal({t.book->signed_directory(), {}, 0}, t.members.anchor, at).value();
  }
  Papers revocation() {
    return propose_revocation({t.book->signed_directory(), {}, 0}, t.members.anchor, hospital, "stolen", t.clock.at)
        .value();
  }
  // In a turn of its own, kept if it is good.
  Expected<Papers> sign(const Papers& papers, const Approval& approval) {
    auto turn = t.store.begin(t.clock.at);
    auto made = sign_as_trustee(papers, approval, me, t.keys, *t.book, t.members.anchor, *turn);
    if (made) {
      EXPECT_TRUE(turn->commit());
    }
    return made;
  }
  std::string refusal(const Papers& papers, const Approval& approval) {
    auto made = sign(papers, approval);
    return made ? "" : made.error().code;
  }
};

TEST_F(TrusteeTest, a_node_signs_what_was_approved_and_nothing_else) {
  const Papers papers = revocation();
  EXPECT_EQ(refusal(papers, {}), "not-as-approved");
  EXPECT_EQ(refusal(papers, {{"revoke leeds-csc"}}), "not-as-approved");
  EXPECT_EQ(refusal(papers, {{"admit bfd-hospital"}}), "not-as-approved");
  auto made = sign(papers, {{"revoke bfd-hospital"}});
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(review(*made, t.book->directory(), t.members.anchor, t.clock.at)->signatures[0].have, std::vector{me});
}

TEST_F(TrusteeTest, two_lists_of_one_version_are_never_both_signed) {
  ASSERT_EQ(refusal(renewal(t.clock.at), {}), "");
  EXPECT_EQ(refusal(renewal(t.clock.at), {}), "");  // the same again
  EXPECT_EQ(refusal(revocation(), {{"revoke bfd-hospital"}}), "version-signed");
  EXPECT_EQ(refusal(revocation(), {{"revoke bfd-hospital"}, true}), "version-signed");
}

TEST_F(TrusteeTest, a_list_over_one_that_may_still_come_takes_a_word_more) {
  ASSERT_EQ(refusal(renewal(t.clock.at), {}), "");
  auto next = propose_renewal({t.book->signed_directory(), {}, 2}, t.members.anchor, t.clock.at).value();
  EXPECT_EQ(refusal(next, {}), "another-list-signed");
  EXPECT_EQ(refusal(next, {{}, true}), "");
}

TEST_F(TrusteeTest, what_was_signed_is_forgotten_when_it_is_in_force) {
  ASSERT_EQ(refusal(renewal(t.clock.at), {}), "");
  Papers papers = renewal(t.clock.at);
  for (const auto& name : t.members.enough_signers())
    papers = add_signature(papers, samples::member(name), t.members.keys(name).identity, t.members.anchor).value();
  ASSERT_TRUE(t.book->adopt(papers.proposal, t.clock.at));
  EXPECT_EQ(refusal(revocation(), {{"revoke bfd-hospital"}}), "");
}

TEST_F(TrusteeTest, a_node_that_is_no_trustee_signs_nothing) {
  t.keys.identity = t.members.keys("leeds-csc").identity;
  EXPECT_EQ(refusal(renewal(t.clock.at), {}), "not-a-trustee");
}

TEST_F(TrusteeTest, a_suspension_holds_from_its_commit_on_and_is_loaded_again) {
  Membership& membership = t.node->membership();
  const auto in_turn = [&](auto act) {
    std::optional<Expected<void>> done;
    t.node->post([&](Work& work) { done = act(work.turn); }, [](const Error&) {});
    t.run();
    return *done;
  };
  const MemberId leeds = *MemberId::parse("leeds-csc");
  ASSERT_TRUE(in_turn([&](Turn& turn) { return membership.suspend(leeds, "a stolen laptop", turn); }));
  EXPECT_EQ(t.book->standing(leeds, t.clock.at), Standing::suspended);
  auto snapshot = t.store->snapshot();
  auto kept = load_suspensions(**snapshot);
  ASSERT_TRUE(kept);
  ASSERT_EQ(kept->size(), 1u);
  EXPECT_EQ(kept->at(leeds), (Suspension{leeds, t.clock.at, "a stolen laptop"}));

  ASSERT_TRUE(in_turn([&](Turn& turn) { return membership.lift(leeds, "it held nothing", turn); }));
  EXPECT_EQ(t.book->standing(leeds, t.clock.at), Standing::good);
  snapshot = t.store->snapshot();
  EXPECT_TRUE(load_suspensions(**snapshot)->empty());
  EXPECT_EQ(in_turn([&](Turn& turn) { return membership.lift(leeds, "again", turn); }).error().code, "not-suspended");
  EXPECT_EQ(in_turn([&](Turn& turn) { return membership.suspend(me, "x", turn); }).error().code, "own-member");
  EXPECT_EQ(in_turn([&](Turn& turn) { return membership.suspend(*MemberId::parse("nobody"), "x", turn); }).error().code,
            "unknown-member");
}

TEST_F(TrusteeTest, a_suspension_whose_turn_is_not_kept_suspends_nobody) {
  const MemberId leeds = *MemberId::parse("leeds-csc");
  t.node->post(
      [&](Work& work) {
        EXPECT_TRUE(t.node->membership().suspend(leeds, "x", work.turn));
        work.fail({"test", "the turn fails", "", ""});
      },
      [](const Error&) {});
  t.run();
  EXPECT_EQ(t.book->standing(leeds, t.clock.at), Standing::good);
}

TEST_F(TrusteeTest, papers_bring_the_directory_and_the_newcomers_keys) {
  t.members.add("bfd-youth", "youth_justice");
  const auto& keys = t.members.keys("bfd-youth");
  MemberRequest request{t.members.entry("bfd-youth"), t.members.sign_statement(t.members.statement("bfd-youth")), noon};
  auto papers = propose_admission({t.book->signed_directory(), {}, 0}, t.members.anchor,
                                  {sign_member_request(request, keys.identity)}, t.clock.at)
                    .value();
  for (const auto& name : t.members.enough_signers())
    papers = add_signature(papers, samples::member(name), t.members.keys(name).identity, t.members.anchor).value();
  std::optional<Expected<bool>> adopted;
  t.node->post([&](Work& work) { adopted = t.node->membership().adopt_papers(papers, work.turn); },
               [](const Error&) {});
  t.run();
  ASSERT_TRUE(adopted && *adopted && **adopted);
  EXPECT_EQ(t.book->standing(samples::member("bfd-youth"), t.clock.at), Standing::good);
  auto snapshot = t.store->snapshot();
  EXPECT_FALSE(load_federation_documents(**snapshot)->directory.empty());
}

}  // namespace
}  // namespace ginnel
