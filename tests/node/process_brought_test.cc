// SPDX-License-Identifier: Apache-2.0
// What other agencies bring to a process from their own nodes.
#include "tests/node/process_book_for_tests.h"

namespace ginnel {
namespace {

class Brings : public ProcessBookTest {
 protected:
  Brings() {
    id_ = begin(child_);
    EXPECT_EQ(give(id_, 1, {"referral-source", "why", "legal-basis"}), "");
    EXPECT_EQ(close(id_, 1, "referral"), "");
    EXPECT_EQ(give(id_, 2, {"source-code", "need-code", "referrer-told", "manager-agreed"}), "");
    EXPECT_EQ(close(id_, 2, "strategy"), "");
    EXPECT_EQ(give(id_, 4, {"attendance", "held", "shared", "decision", "interim-safety", "actions"}), "");
  }
  BroughtBy police() { return {*MemberId::parse("wy-police"), "police", RecordId::make(random_), child_}; }
  BroughtToStep attendance() { return {{id_, 4}, "attendance", "(Dana Holroyd, officer)", When::at_instant(now_)}; }
  // What take_in() says; what it wrote is committed.
  bool bring(const BroughtBy& by, const BroughtToStep& brought) {
    bool taken = false;
    EXPECT_EQ(in_turn([&](Turn& turn) {
                auto done = book_->take_in(by, brought, turn);
                taken = done.value_or(false);
                return done;
              }),
              "");
    return taken;
  }
  std::vector<Contribution> there() { return kept(id_).process.find(4)->contributions; }
  std::size_t attended() {
    std::size_t count = 0;
    for (const auto& one : there()) count += one.name == "attendance";
    return count;
  }

  ProcessId id_;
};

TEST_F(Brings, counts_for_the_quorum_as_that_members_and_survives_a_restart) {
  EXPECT_NE(close(id_, 4, "s47"), "") << "police and health are missing";
  EXPECT_TRUE(bring(police(), attendance()));
  BroughtBy hospital = police();
  hospital.member = *MemberId::parse("bradford-hospital");
  hospital.kind = "health";
  EXPECT_TRUE(bring(hospital, attendance()));
  const Contribution last = there().back();
  EXPECT_EQ(last.by.member, "bradford-hospital");
  EXPECT_EQ(last.by.kind, "health");
  EXPECT_EQ(last.by.worker, "bradford-hospital/" + hospital.record.hex());
  EXPECT_EQ(last.text, "(Dana Holroyd, officer)");
  restart();
  EXPECT_EQ(attended(), 3u);
  EXPECT_EQ(close(id_, 4, "s47"), "");
}

TEST_F(Brings, is_taken_once_however_often_and_to_whomever_it_is_told) {
  const BroughtBy one = police();
  EXPECT_TRUE(bring(one, attendance()));
  EXPECT_TRUE(bring(one, attendance()));
  restart();
  EXPECT_TRUE(bring(one, attendance()));
  EXPECT_EQ(attended(), 2u);
  EXPECT_TRUE(bring(police(), attendance())) << "a second officer, by a record of their own";
  EXPECT_EQ(attended(), 3u);
}

TEST_F(Brings, is_left_to_people_where_the_step_does_not_wait_for_it) {
  const auto before = there().size();
  const auto left = [&](auto change, const char* why) {
    BroughtBy by = police();
    BroughtToStep brought = attendance();
    change(by, brought);
    EXPECT_TRUE(bring(by, brought)) << why << ": nobody is to send it again";
    EXPECT_EQ(there().size(), before) << why;
  };
  left([](auto&, auto& brought) { brought.name = "decision"; }, "the decision is the lead's");
  left([](auto&, auto& brought) { brought.name = "lunch"; }, "the step takes no such thing");
  left([](auto&, auto& brought) { brought.at.number = 40; }, "there is no such step");
  left([&](auto&, auto& brought) { brought.at.process = ProcessId::make(random_); }, "there is no such process");
  left([](auto& by, auto&) { by.person = {}; }, "nobody here is meant");
  const PersonRef other = store_.add(aisha());
  left([&](auto& by, auto&) { by.person = other; }, "it is about another child");
  left([](auto&, auto& brought) { brought.text = std::string(limits::process_text_bytes_max + 1, 'a'); },
       "it is too long");
  left([](auto&, auto& brought) { brought.at.number = 1; }, "nobody was invited to the contact");
}

TEST_F(Brings, no_more_than_leaves_room_for_the_others) {
  for (std::size_t i = 0; i < limits::process_brought_max + 5; ++i) EXPECT_TRUE(bring(police(), attendance()));
  EXPECT_EQ(attended(), 1 + limits::process_brought_max);
  BroughtBy hospital = police();
  hospital.member = *MemberId::parse("bradford-hospital");
  EXPECT_TRUE(bring(hospital, attendance()));
  EXPECT_EQ(attended(), 2 + limits::process_brought_max);
}

TEST_F(Brings, of_an_erased_child_or_to_a_process_that_ended_is_told_without_an_error) {
  EXPECT_EQ(give(id_, 4, {"attendance"}, "wy-police", "police"), "");
  EXPECT_EQ(give(id_, 4, {"attendance"}, "bradford-hospital", "health"), "");
  EXPECT_EQ(close(id_, 4, "s47"), "");
  to_the_end(id_);
  BroughtToStep late = attendance();
  late.name = "dissent";
  EXPECT_TRUE(bring(police(), late));
  auto turn = store_.begin(now_);
  const auto keys = turn->bury(child_, "asked for", ActorId());
  ASSERT_TRUE(keys && turn->commit());
  turn.reset();
  EXPECT_TRUE(bring(police(), late));
  ASSERT_TRUE(store_->destroy_keys(*keys));
  EXPECT_TRUE(bring(police(), late));
}

// Theirs or ours: they were there all the same. What it does not do is to stand in the future.
TEST_F(Brings, from_a_clock_that_is_ahead_happened_now) {
  std::size_t counted = attended();
  for (const When& ahead : {When::at_instant(now_ + 2 * minute_ms), When::at_instant(now_ + hour_ms),
                            When::on(Date::from_days(london_date(now_).days() + 2))}) {
    BroughtToStep brought = attendance();
    brought.when = ahead;
    EXPECT_TRUE(bring(police(), brought));
    ASSERT_EQ(attended(), ++counted) << for_people(ahead);
    EXPECT_EQ(there().back().at, When::at_instant(now_));
  }
}

TEST_F(Brings, from_an_agency_that_the_definition_does_not_name_counts_for_no_kind) {
  BroughtBy court = police();
  court.member = *MemberId::parse("leeds-csc");
  court.kind = "court";
  EXPECT_TRUE(bring(court, attendance()));
  EXPECT_EQ(there().back().by.kind, "");
}

TEST_F(Brings, is_asked_for_again_while_the_definition_is_missing) {
  const auto none = std::make_shared<const ProcessRules>();
  restart(none);
  EXPECT_FALSE(bring(police(), attendance()));
  restart();
  EXPECT_TRUE(bring(police(), attendance()));
  EXPECT_EQ(attended(), 2u);
}

TEST_F(Brings, to_a_step_that_has_ended_is_still_recorded) {
  EXPECT_EQ(give(id_, 4, {"attendance"}, "wy-police", "police"), "");
  EXPECT_EQ(give(id_, 4, {"attendance"}, "bradford-hospital", "health"), "");
  EXPECT_EQ(close(id_, 4, "s47"), "");
  BroughtToStep late = attendance();
  late.name = "dissent";
  EXPECT_TRUE(bring(police(), late));
  EXPECT_EQ(there().back().name, "dissent");
}

}  // namespace
}  // namespace ginnel
