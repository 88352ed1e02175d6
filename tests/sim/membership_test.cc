// SPDX-License-Identifier: Apache-2.0
// Directories and key statements on their way between nodes: joining, revoking, rotating, and being cut off meanwhile.
#include <gtest/gtest.h>

#include "federation/wire/directory_codec.h"
#include "federation/wire/signed.h"
#include "tests/sim/world.h"

namespace ginnel::sim {
namespace {

class MembershipTest : public testing::Test {
 protected:
  World t{seed()};
  explicit MembershipTest(milliseconds key_life = 24h * 300) {
    t.with_key_life(key_life).ten_agencies().with_story(Story::moved_twice);
  }

  std::uint64_t version_at(const std::string& node) { return t.machine(node).book().version(); }
  bool all_hold(std::uint64_t version) {
    for (const auto& name : t.agencies())
      if (version_at(name) != version) return false;
    return true;
  }
  std::uint32_t newest_at(const std::string& node, const std::string& of) {
    const KeyStatement* statement = t.machine(node).book().newest_statement(id(of));
    return statement ? statement->number : 0;
  }
  void cut_off(const std::string& node) {
    for (const auto& other : t.agencies())
      if (other != node) t.network().cut(id(node), id(other));
  }
};

TEST_F(MembershipTest, a_new_directory_reaches_everybody_from_one_node) {
  t.node("leeds-csc").adopt(t.directory_with([](Directory& directory) { directory.version = 2; }));
  EXPECT_TRUE(t.run_until([&] { return all_hold(2); }, 10min));
}

TEST_F(MembershipTest, a_revoked_member_is_refused_by_a_node_that_was_cut_off_when_it_was_revoked) {
  cut_off("wakefield-csc");
  t.node("leeds-csc").adopt(t.directory_with([&](Directory& directory) {
    directory.version = 2;
    for (auto& member : directory.members)
      if (member.id == id("wy-probation")) member.revoked_since = t.now();
  }));
  t.run_for(1h);
  EXPECT_EQ(version_at("wakefield-csc"), 1u);
  t.network().mend_all();
  EXPECT_TRUE(t.run_until([&] { return version_at("wakefield-csc") == 2; }, 30min));
  EXPECT_EQ(t.machine("wakefield-csc").book().standing(id("wy-probation"), t.now()), Standing::revoked);
}

TEST_F(MembershipTest, a_suspension_is_kept_over_a_crash_and_concerns_nobody_else) {
  t.machine("wy-police")
      .node()
      .post(
          [&](Work& work) {
            EXPECT_TRUE(
                t.machine("wy-police").node().membership().suspend(id("leeds-csc"), "a stolen laptop", work.turn));
          },
          [](const Error&) { ADD_FAILURE(); });
  t.run_for(1s);
  const auto standing_at = [&](const std::string& node) {
    return t.machine(node).book().standing(id("leeds-csc"), t.now());
  };
  EXPECT_EQ(standing_at("wy-police"), Standing::suspended);
  t.node("wy-police").crash();
  t.node("wy-police").restart();
  EXPECT_EQ(standing_at("wy-police"), Standing::suspended);
  // A newer directory lifts no suspension of its own.
  t.node("kirklees-csc").adopt(t.directory_with([](Directory& directory) { directory.version = 2; }));
  ASSERT_TRUE(t.run_until([&] { return all_hold(2); }, 10min));
  EXPECT_EQ(standing_at("wy-police"), Standing::suspended);
  EXPECT_EQ(standing_at("wy-probation"), Standing::good);
}

TEST_F(MembershipTest, a_directory_that_nobody_renews_warns_closes_and_ends) {
  auto& book = t.machine("wy-police").book();
  const Instant issued = book.directory()->issued_at;
  EXPECT_EQ(book.age(issued + 59 * day_ms), DirectoryAge::fresh);
  EXPECT_EQ(book.age(issued + 61 * day_ms), DirectoryAge::warn);
  EXPECT_EQ(book.age(issued + 91 * day_ms), DirectoryAge::closed);
  EXPECT_EQ(book.age(issued + 181 * day_ms), DirectoryAge::past_last);
  // A renewal, told to one node, makes it young again everywhere.
  t.run_for(1h);
  t.node("leeds-csc").adopt(t.directory_with([&](Directory& directory) {
    directory.version = 2;
    directory.issued_at = t.now();
  }));
  ASSERT_TRUE(t.run_until([&] { return all_hold(2); }, 10min));
  EXPECT_EQ(book.age(issued + 60 * day_ms + 30 * minute_ms), DirectoryAge::fresh);
}

TEST_F(MembershipTest, what_was_learnt_survives_a_crash) {
  t.node("leeds-csc").adopt(t.directory_with([](Directory& directory) { directory.version = 2; }));
  ASSERT_TRUE(t.run_until([&] { return version_at("wy-police") == 2; }, 10min));
  t.node("wy-police").crash();
  t.node("wy-police").restart();
  EXPECT_EQ(version_at("wy-police"), 2u);
}

TEST_F(MembershipTest, a_peer_that_brings_an_older_or_an_unsigned_directory_changes_nothing) {
  const Bytes second = t.directory_with([](Directory& directory) { directory.version = 2; });
  t.node("leeds-csc").adopt(second);
  ASSERT_TRUE(t.run_until([&] { return all_hold(2); }, 10min));
  auto forged = *decode_signed_directory(second);
  auto directory = *decode_directory(forged.bytes);
  directory.version = 3;
  forged.bytes = encode_directory(directory);
  for (const Bytes& brought : {t.papers().signed_directory, encode_signed_directory(forged)})
    for (const auto& part : split_directory(9, brought))
      t.inject("wy-probation", "wy-police",
               t.sealed(t.message("wy-probation", "wy-police", Kind::directory, encode_directory_part(part))));
  t.run_for(1min);
  EXPECT_EQ(version_at("wy-police"), 2u);
}

TEST_F(MembershipTest, two_genuine_directories_of_one_version_are_an_alarm_with_both_as_evidence) {
  t.node("leeds-csc").adopt(t.directory_with([](Directory& directory) { directory.version = 2; }));
  ASSERT_TRUE(t.run_until([&] { return all_hold(2); }, 10min));
  const Bytes other = t.directory_with([](Directory& directory) {
    directory.version = 2;
    directory.members.front().name = "Somebody Else";
  });
  for (const auto& part : split_directory(2, other))
    t.inject("wy-probation", "wy-police",
             t.sealed(t.message("wy-probation", "wy-police", Kind::directory, encode_directory_part(part))));
  t.run_for(1min);
  ASSERT_EQ(t.machine("wy-police").node().membership().alarms().size(), 1u);
  EXPECT_NE(t.machine("wy-police").node().membership().alarms()[0].find("both signed"), std::string::npos);
}

TEST_F(MembershipTest, a_contradiction_that_is_brought_again_and_again_is_one_alarm_and_one_entry) {
  t.node("leeds-csc").adopt(t.directory_with([](Directory& directory) { directory.version = 2; }));
  ASSERT_TRUE(t.run_until([&] { return all_hold(2); }, 10min));
  const Bytes other = t.directory_with([](Directory& directory) {
    directory.version = 2;
    directory.members.front().name = "Somebody Else";
  });
  const auto bring = [&] {
    for (const auto& part : split_directory(2, other))
      t.inject("wy-probation", "wy-police",
               t.sealed(t.message("wy-probation", "wy-police", Kind::directory, encode_directory_part(part))));
    t.run_for(1s);
  };
  bring();
  const auto size = t.machine("wy-police").ledger_size();
  for (int again = 0; again < 20; ++again) bring();
  t.node("wy-police").crash();
  t.node("wy-police").restart();
  bring();
  EXPECT_TRUE(t.machine("wy-police").node().membership().alarms().empty());
  EXPECT_EQ(t.machine("wy-police").ledger_size(), size);
}

TEST_F(MembershipTest, a_member_that_counts_its_statements_in_leaps_fills_no_store) {
  const OwnKeys& keys = t.machine("wy-probation").keys();
  KeyStatement statement = *t.machine("wy-police").book().newest_statement(id("wy-probation"));
  for (std::uint32_t leap = 1; leap <= 12; ++leap) {
    statement.number = leap * 100;
    const Bytes bytes = sign_key_statement(statement, keys.identity);
    t.inject("leeds-csc", "wy-police", t.sealed(t.message("leeds-csc", "wy-police", Kind::key_statement, bytes)));
    t.run_for(1s);
  }
  EXPECT_EQ(newest_at("wy-police", "wy-probation"), 1200u);
  auto snapshot = t.machine("wy-police").store().snapshot();
  const auto stored = load_federation_documents(**snapshot);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->statements.size(), t.machine("wy-police").book().signed_statements().size());
}

// Key statements that live three hours: announced after 108 minutes, in use nine minutes later.
class RotationTest : public MembershipTest {
 protected:
  RotationTest() : MembershipTest(3h) {}
};

TEST_F(RotationTest, keys_change_before_two_thirds_of_their_life_and_nobody_is_lost) {
  t.run_for(100min);
  for (const auto& node : t.agencies()) {
    EXPECT_EQ(t.machine(node).keys().statement_number, 1u) << node;
    EXPECT_FALSE(t.machine(node).keys().next) << node;
  }
  t.run_for(20min);
  for (const auto& node : t.agencies()) {
    EXPECT_EQ(t.machine(node).keys().statement_number, 2u) << node;
    for (const auto& of : t.agencies()) EXPECT_EQ(newest_at(node, of), 2u) << of << " at " << node;
  }
  for (int round = 0; round < 3; ++round) {
    t.node("bradford-csc").ask(Story::moved_twice).expect_part("wy-police", PartStatus::answered);
    t.run_for(1h);
  }
  EXPECT_GE(t.machine("wy-police").keys().statement_number, 3u);
}

TEST_F(RotationTest, a_member_whose_keys_changed_while_a_peer_was_cut_off_is_heard_by_it_again) {
  t.run_for(100min);
  cut_off("wakefield-csc");
  t.run_for(12min);  // everybody has announced, nobody has changed yet
  EXPECT_EQ(newest_at("wakefield-csc", "wy-police"), 1u);
  t.network().mend_all();
  EXPECT_TRUE(t.run_until([&] { return newest_at("wakefield-csc", "wy-police") == 2; }, 15min));
}

TEST_F(RotationTest, a_node_that_hears_nobody_keeps_the_keys_that_others_know_it_by) {
  t.run_for(100min);
  cut_off("wakefield-csc");
  t.run_for(50min);
  EXPECT_TRUE(t.machine("wakefield-csc").keys().next);
  EXPECT_EQ(t.machine("wakefield-csc").keys().statement_number, 1u);
  EXPECT_EQ(t.machine("leeds-csc").keys().statement_number, 2u);
  t.run_for(31min);  // its old statement is over: waiting on would help nobody
  EXPECT_EQ(t.machine("wakefield-csc").keys().statement_number, 2u);
}

TEST_F(RotationTest, announced_keys_survive_a_crash_and_come_into_use) {
  ASSERT_TRUE(t.run_until([&] { return t.machine("wy-police").keys().next.has_value(); }, 2h));
  t.run_for(1min);
  t.node("wy-police").crash();
  t.node("wy-police").restart();
  ASSERT_TRUE(t.machine("wy-police").keys().next);
  t.run_for(15min);
  EXPECT_EQ(t.machine("wy-police").keys().statement_number, 2u);
  EXPECT_FALSE(t.machine("wy-police").keys().next);
}

TEST_F(RotationTest, a_node_that_crashes_at_once_after_announcing_changes_to_the_keys_it_announced) {
  ASSERT_TRUE(t.run_until([&] { return t.machine("wy-police").keys().next.has_value(); }, 2h));
  const auto next = t.machine("wy-police").keys().next->statement_number;
  t.node("wy-police").crash();
  t.node("wy-police").restart();
  t.run_for(20min);
  EXPECT_EQ(t.machine("wy-police").keys().statement_number, next);
  t.node("bradford-csc").ask(Story::moved_twice).expect_part("wy-police", PartStatus::answered);
}

}  // namespace
}  // namespace ginnel::sim
