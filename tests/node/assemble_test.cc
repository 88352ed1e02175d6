// SPDX-License-Identifier: Apache-2.0
#include "node/view/assemble.h"

#include "tests/node/view_for_tests.h"

namespace ginnel {
namespace {

class AssembleTest : public testing::Test {
 protected:
  ViewForTests t;
  std::vector<MemberId> scope{member("bradford-csc"), member("leeds-csc"), member("leeds-health"),
                              member("bradford-education"), member("wy-police")};
  std::map<MemberId, Answer> answers;
  std::map<MemberId, std::string> not_asked;
  Asking asking = [] {
    Asking made = asking_for("child_protection", true);
    made.agency = *MemberId::parse("bradford-csc");
    return made;
  }();

  Item item(const std::string& owner, const std::string& kind, const std::string& category, int sensitivity,
            Step step = Step::content) {
    Item out;
    out.record = RecordId::make(t.random);
    out.kind = kind;
    out.occurred = When::on({2026, 11, 8});
    out.step = step;
    out.headline = kind;
    if (step >= Step::content) {
      out.narrative = "what happened";
      out.fields = {{"name", "value"}};
    }
    out.label.category = category;
    out.label.sensitivity = std::uint8_t(sensitivity);
    out.label.owner = member(owner);
    return out;
  }
  Answer& answer_of(const std::string& agency, std::vector<Item> items, PartStatus status = PartStatus::answered) {
    Answer& out = answers[member(agency)];
    out.status = status;
    out.items = std::move(items);
    out.answered_at = noon;
    return out;
  }
  Assembly assembled() {
    const ToAssemble what{scope, answers, not_asked, *t.book, [](const MemberId&) { return "no answer in 5 s"; }};
    auto turn = t.store.begin();
    auto made = assemble(what, asking, {ActorId(), turn->node_key(), {}}, t.gate, *turn);
    EXPECT_TRUE(made && turn->commit());
    return made ? std::move(*made) : Assembly();
  }
  static const ViewPart& part(const Assembly& of, const std::string& agency) {
    for (const auto& one : of.parts)
      if (one.agency == member(agency)) return one;
    static const ViewPart none;
    ADD_FAILURE() << agency << " is not named";
    return none;
  }
};

TEST_F(AssembleTest, the_lower_of_two_steps_wins) {
  const Item little = item("wy-police", "incident", "police.incident", 2, Step::headline);
  const Item much = item("leeds-health", "health_attendance", "health.attendance", 4);
  answer_of("wy-police", {little});
  answer_of("leeds-health", {much});
  const Assembly view = assembled();
  ASSERT_EQ(view.items.size(), 1u);
  EXPECT_EQ(view.items[0].id, little.record);
  EXPECT_EQ(view.items[0].step, Step::headline);
  EXPECT_EQ(part(view, "leeds-health").status, PartStatus::withheld) << "our own policy shows no sensitivity 4";
  EXPECT_EQ(part(view, "leeds-health").withheld, 1u);
}

TEST_F(AssembleTest, without_content_permitted_here_neither_fields_nor_narrative_are_shown) {
  asking = asking_for("first_contact");
  asking.agency = member("bradford-csc");
  answer_of("wy-police", {item("wy-police", "involvement", "police", 0)});
  const Assembly view = assembled();
  ASSERT_EQ(view.items.size(), 1u);
  EXPECT_EQ(view.items[0].step, Step::headline);
  EXPECT_TRUE(view.items[0].fields.empty() && view.items[0].narrative.empty());
}

TEST_F(AssembleTest, the_markings_of_every_part_decide_every_part) {
  const Item school = item("bradford-education", "involvement", "education", 0, Step::headline);
  answer_of("bradford-education", {school});
  answer_of("leeds-csc", {}, PartStatus::withheld);
  EXPECT_EQ(assembled().items.size(), 1u);
  answers[member("leeds-csc")].markings = {"protected_address"};
  const Assembly view = assembled();
  EXPECT_TRUE(view.items.empty());
  EXPECT_EQ(part(view, "bradford-education").status, PartStatus::withheld);
}

TEST_F(AssembleTest, the_markings_of_single_items_count_too) {
  answer_of("bradford-education", {item("bradford-education", "involvement", "education", 0, Step::headline)});
  Item note = item("leeds-csc", "involvement", "social-care.contact", 0, Step::headline);
  note.label.markings = {"protected_address"};
  answer_of("leeds-csc", {note});
  EXPECT_TRUE(assembled().items.empty());
}

TEST_F(AssembleTest, the_owner_is_who_answered_whatever_an_item_says) {
  Item claimed = item("bradford-csc", "health_attendance", "health.sexual", 3);
  answer_of("leeds-health", {claimed});
  const Assembly view = assembled();
  EXPECT_TRUE(view.items.empty()) << "it was decided as a record of our own";
  EXPECT_EQ(part(view, "leeds-health").status, PartStatus::withheld);
  EXPECT_EQ(part(view, "leeds-health").withheld, 1u);
}

TEST_F(AssembleTest, what_our_policy_conceals_leaves_no_trace) {
  Item adopted = item("leeds-csc", "involvement", "social-care.contact", 0, Step::headline);
  adopted.label.markings = {"adoption_sealed"};
  answer_of("leeds-csc", {adopted});
  const Assembly view = assembled();
  EXPECT_TRUE(view.items.empty() && view.withheld.empty());
  EXPECT_EQ(part(view, "leeds-csc").status, PartStatus::not_known);
}

TEST_F(AssembleTest, every_member_of_the_scope_is_named_once_with_a_reason) {
  answer_of("bradford-csc", {item("bradford-csc", "plan", "social-care.plan", 2)});
  answer_of("leeds-csc", {}, PartStatus::not_known);
  Answer& refused = answer_of("leeds-health", {}, PartStatus::refused);
  refused.reason = {"unknown-word", "`x` is no purpose", "", "id"};
  not_asked[member("bradford-education")] = "not asked: suspended";
  const Assembly view = assembled();
  ASSERT_EQ(view.parts.size(), scope.size());
  for (std::size_t i = 0; i < scope.size(); ++i) EXPECT_EQ(view.parts[i].agency, scope[i]);
  EXPECT_EQ(part(view, "bradford-csc").reason, "");
  EXPECT_EQ(part(view, "leeds-csc").reason,
            "holds nothing that it may tell you; if you are worried, ring 01632 960033");
  EXPECT_EQ(part(view, "leeds-health").reason, "`x` is no purpose");
  EXPECT_EQ(part(view, "bradford-education").reason, "not asked: suspended");
  EXPECT_EQ(part(view, "bradford-education").status, PartStatus::not_asked);
  EXPECT_EQ(part(view, "wy-police").status, PartStatus::silent);
  EXPECT_EQ(part(view, "wy-police").reason, "no answer in 5 s");
  for (const auto& one : view.parts) EXPECT_EQ(one.contact.phone, "01632 960033") << one.agency.text();
}

TEST_F(AssembleTest, only_a_miss_is_worded_as_holding_nothing) {
  for (auto status : {PartStatus::unknown, PartStatus::refused, PartStatus::out_of_date, PartStatus::withheld}) {
    answer_of("leeds-csc", {}, status);
    EXPECT_EQ(part(assembled(), "leeds-csc").reason.find("holds nothing"), std::string::npos) << name_of(status);
  }
  answers.clear();
  EXPECT_EQ(part(assembled(), "leeds-csc").reason.find("holds nothing"), std::string::npos);
}

TEST_F(AssembleTest, items_stand_newest_first_whatever_agency_they_are_of) {
  std::vector<Item> items;
  for (int day : {3, 9, 1}) {
    items.push_back(item("wy-police", "incident", "police.incident", 2));
    items.back().occurred = When::on({2026, 11, std::uint8_t(day)});
  }
  answer_of("wy-police", {items[0], items[2]});
  answer_of("leeds-csc", {items[1]});
  const Assembly view = assembled();
  ASSERT_EQ(view.items.size(), 3u);
  EXPECT_EQ(view.items[0].id, items[1].record);
  EXPECT_EQ(view.items[1].id, items[0].record);
  EXPECT_EQ(view.items[2].id, items[2].record);
}

TEST_F(AssembleTest, what_is_shown_is_listed_for_the_audit_with_the_hash_of_what_was_received) {
  const Item incident = item("wy-police", "incident", "police.incident", 2);
  answer_of("wy-police", {incident, item("wy-police", "incident", "police.incident", 4)});
  const Assembly view = assembled();
  ASSERT_EQ(view.shown.size(), 1u);
  EXPECT_EQ(view.shown[0].record, incident.record);
  EXPECT_EQ(view.shown[0].step, Step::content);
  EXPECT_EQ(view.shown[0].hash, item_hash(incident));
}

TEST_F(AssembleTest, more_items_than_one_decision_holds_are_decided_in_pieces) {
  for (const char* agency : {"wy-police", "leeds-csc"})
    answer_of(agency, std::vector<Item>(limits::decide_records_max, item(agency, "incident", "police.incident", 2)));
  EXPECT_EQ(assembled().items.size(), 2 * limits::decide_records_max);
}

TEST(IsComplete, takes_an_answer_or_a_plain_no_of_everybody) {
  const auto of = [](PartStatus status) {
    ViewPart one, good;
    one.status = status;
    good.status = PartStatus::answered;
    return is_complete({good, one, good});
  };
  for (auto status : {PartStatus::answered, PartStatus::withheld, PartStatus::refused, PartStatus::not_known})
    EXPECT_TRUE(of(status)) << name_of(status);
  for (auto status : {PartStatus::unknown, PartStatus::not_asked, PartStatus::silent, PartStatus::out_of_date})
    EXPECT_FALSE(of(status)) << name_of(status);
}

}  // namespace
}  // namespace ginnel
