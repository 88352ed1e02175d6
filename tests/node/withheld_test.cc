// SPDX-License-Identifier: Apache-2.0
// What a node did not tell other members, counted from its ledger: by category, reason and agency, and never what is
// hidden.
#include <gmock/gmock.h>

#include "node/view/withheld_tally.h"
#include "tests/node/node_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;

const Date day_of_noon{2026, 11, 23};  // of `noon`

WithheldAccount tally_of(StoreForTests& store, Date from, Date to, int* steps = nullptr) {
  WithheldTally tally(from, to, west_yorkshire()->vocabulary);
  for (Expected<bool> more = true; more && *more;) {
    more = tally.step(*store.snapshot());
    EXPECT_TRUE(more) << more.error().text();
    if (steps) ++*steps;
  }
  return tally.take([](const MemberId& member) { return "the " + member.text(); });
}

RecordLabel assessment() { return label_of("bradford-csc", "assessment", "social-care.assessment", 3); }

TEST(Withheld, is_counted_by_agency_category_and_reason_as_the_asker_was_told) {
  GateForTests t;
  t.ask_of_peer(asking_for(), {assessment(), assessment(), label_of("bradford-csc", "involvement", "social-care", 0)});
  const Access told = t.recorded();
  ASSERT_EQ(told.items[0].step, Step::exists);
  const auto account = tally_of(t.store, day_of_noon, day_of_noon);
  EXPECT_EQ(account.asks, 1u);
  EXPECT_EQ(account.asks_withheld_from, 1u);
  ASSERT_EQ(account.withheld.size(), 1u);
  EXPECT_EQ(account.withheld[0].count, 2u) << "what was told is not withheld";
  EXPECT_EQ(account.withheld[0].member_name, "the leeds-csc");
  EXPECT_EQ(account.withheld[0].reason, told.items[0].reason);
  EXPECT_EQ(account.withheld[0].category, west_yorkshire()->vocabulary.find("category", told.items[0].category)->title);
  EXPECT_TRUE(account.refused.empty());
  EXPECT_FALSE(account.read_from.is_set());
}

TEST(Withheld, what_is_hidden_counts_nowhere) {
  GateForTests t;
  t.ask_of_peer(asking_for("child_protection", true),
                {label_of("bradford-csc", "assessment", "social-care.assessment", 3, {"adoption_sealed"})},
                {"adoption_sealed"});
  ASSERT_EQ(t.recorded().items.at(0).step, Step::none);
  const auto hidden = tally_of(t.store, day_of_noon, day_of_noon);
  EXPECT_EQ(hidden.asks, 1u) << "as for a child whom nobody holds";
  EXPECT_EQ(hidden.asks_withheld_from, 0u);
  EXPECT_TRUE(hidden.withheld.empty() && hidden.refused.empty());
}

TEST(Withheld, own_workers_and_what_is_told_unasked_are_not_asks_and_shadow_is_counted_apart) {
  GateForTests t;
  ASSERT_TRUE(t.decide_all(asking_for(), {assessment()}));  // without a peer
  const auto with = [&](auto change) {
    Access entry = t.recorded();
    entry.peer = *MemberId::parse("leeds-csc");
    change(entry);
    auto turn = t.store.begin();
    ASSERT_TRUE(turn->append(EntryKind::decided, ActorId(), turn->node_key(), entry));
    ASSERT_TRUE(turn->commit());
  };
  SeededRandom random(9);
  with([&](Access& entry) { entry.notice = NoticeId::make(random); });
  EXPECT_EQ(tally_of(t.store, day_of_noon, day_of_noon).asks, 0u);
  with([](Access& entry) {
    entry.notice = {};
    entry.in_shadow = true;
  });
  const auto account = tally_of(t.store, day_of_noon, day_of_noon);
  EXPECT_EQ(account.asks, 1u);
  EXPECT_EQ(account.in_shadow, 1u);
  EXPECT_TRUE(account.withheld.empty()) << "it was told that the node does not share yet, and nothing else";
}

TEST(Withheld, a_refused_ask_is_counted_with_its_code_and_never_with_what_the_asker_wrote) {
  GateForTests t;
  const auto refuse = [&](const std::string& code) {
    Access entry;
    entry.peer = *MemberId::parse("wy-police");
    entry.outcome = name_of(PartStatus::refused);
    entry.items.push_back({{}, Step::none, {}, {code}, "`marzipan` is no purpose", {}});
    auto turn = t.store.begin();
    ASSERT_TRUE(turn->append(EntryKind::decided, ActorId(), turn->node_key(), entry));
    ASSERT_TRUE(turn->commit());
  };
  refuse("unknown-word");
  refuse("not-a-member");
  refuse("not-a-member");
  const auto account = tally_of(t.store, day_of_noon, day_of_noon);
  ASSERT_EQ(account.refused.size(), 2u);
  EXPECT_EQ(account.refused[0].count, 2u) << "the most first";
  EXPECT_EQ(account.refused[0].reason, "not a member");
  for (const auto& row : account.refused) EXPECT_EQ(row.reason.find("marzipan"), std::string::npos);
}

TEST(Withheld, is_of_the_days_asked_for_with_the_first_and_the_last_of_them) {
  GateForTests t;
  for (int day = 0; day < 5; ++day) t.ask_of_peer(asking_for(), {assessment()}, {}, noon + day * day_ms);
  const auto of = [&](int from, int to) {
    return tally_of(t.store, Date::from_days(day_of_noon.days() + from), Date::from_days(day_of_noon.days() + to)).asks;
  };
  EXPECT_EQ(of(0, 4), 5u);
  EXPECT_EQ(of(1, 3), 3u);
  EXPECT_EQ(of(2, 2), 1u);
  EXPECT_EQ(of(5, 9), 0u);
  EXPECT_EQ(of(-9, -1), 0u);
}

TEST(Withheld, whoever_was_erased_is_said_to_be_missing) {
  GateForTests t;
  const PersonRef child = t.store.add(aisha());
  auto turn = t.store.begin();
  DecisionFor recorded;
  recorded.key = turn->person_key(child).value();
  recorded.access.peer = *MemberId::parse("leeds-csc");
  recorded.access.person = child;
  ASSERT_TRUE(t.gate.decide(asking_for(), {{assessment()}}, {}, recorded, *turn));
  ASSERT_TRUE(turn->commit());
  turn = t.store.begin();
  const auto keys = turn->bury(child, "asked to", ActorId());
  ASSERT_TRUE(keys && turn->commit());
  turn.reset();
  ASSERT_TRUE(t.store->destroy_keys(*keys));
  const auto account = tally_of(t.store, day_of_noon, day_of_noon);
  EXPECT_EQ(account.erased, 1u);
  EXPECT_EQ(account.asks, 0u);
}

TEST(Withheld, is_read_a_step_a_turn_and_says_how_far_it_came) {
  GateForTests t;
  t.ask_of_peer(asking_for(), {assessment()}, {}, noon);
  for (std::uint64_t left = limits::withheld_entries_read_max; left > 0;) {
    auto turn = t.store.begin(noon + day_ms);
    for (std::uint64_t i = std::min<std::uint64_t>(left, 4000); i > 0; --i, --left)
      ASSERT_TRUE(turn->append(EntryKind::operator_act, ActorId(), turn->node_key(), encode(OperatorAct{})));
    ASSERT_TRUE(turn->commit());
  }
  int steps = 0;
  const auto account = tally_of(t.store, day_of_noon, Date::from_days(day_of_noon.days() + 1), &steps);
  EXPECT_EQ(account.asks, 0u) << "it lies beyond";
  EXPECT_EQ(account.read_from, noon + day_ms);
  EXPECT_GE(std::uint64_t(steps), limits::withheld_entries_read_max / limits::withheld_entries_per_turn);
  // Where the period ends before that, it is whole.
  EXPECT_FALSE(tally_of(t.store, Date::from_days(day_of_noon.days() + 5), Date::from_days(day_of_noon.days() + 6))
                   .read_from.is_set());
}

class WithheldService : public testing::Test {
 protected:
  Expected<WithheldAccount> ask(const std::string& role, Date from = {}, Date to = {}) {
    const std::string token = t_.token_of_new(role + std::to_string(++users_), role);
    return t_.result<WithheldAccount>([&](auto done) { t_.node->withheld_account(token, from, to, done); });
  }
  NodeForTests t_;
  int users_ = 0;
};

TEST_F(WithheldService, answers_the_roles_that_answer_for_sharing_and_says_which_days_are_usual) {
  for (const char* role : {"practitioner", "clinician", "triage", "conference_chair", "partnership", "inspector",
                           "operator", "returns_officer"}) {
    const auto refused = ask(role);
    ASSERT_FALSE(refused) << role;
    EXPECT_EQ(refused.error().code, "forbidden") << role;
  }
  const auto account = ask("governance_lead").value();
  EXPECT_EQ(account.to, day_of_noon);
  EXPECT_EQ(account.to.days() - account.from.days() + 1, limits::withheld_days_usual);
}

TEST_F(WithheldService, takes_no_period_that_is_turned_round_or_too_long) {
  const auto code = [&](int days) {
    const auto told = ask("governance_lead", day_of_noon, Date::from_days(day_of_noon.days() + days));
    return told ? std::string() : told.error().code;
  };
  EXPECT_EQ(code(0), "");
  EXPECT_EQ(code(-1), "bad-period");
  EXPECT_EQ(code(limits::withheld_days_max - 1), "");
  EXPECT_EQ(code(limits::withheld_days_max), "bad-period");
}

}  // namespace
}  // namespace ginnel
