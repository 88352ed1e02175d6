// SPDX-License-Identifier: Apache-2.0
#include "node/view/view_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/node/shown_view_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;

ViewPart with(PartStatus status) {
  ViewPart part;
  part.status = status;
  part.reason = "a reason";
  return part;
}

TEST(ViewWords, not_known_is_worded_alike_for_everybody) {
  auto part = with(PartStatus::not_known);
  EXPECT_EQ(explain(part), "holds nothing that it may tell you; if you are worried, ring it");
  part.reason = "another reason";
  EXPECT_EQ(explain(part), "holds nothing that it may tell you; if you are worried, ring it");
}

TEST(ViewWords, what_is_not_an_answer_never_reads_as_one) {
  for (auto status : {PartStatus::refused, PartStatus::silent})
    EXPECT_THAT(explain(with(status)), HasSubstr("says nothing of what it knows"));
  for (auto status : {PartStatus::refused, PartStatus::silent, PartStatus::unknown, PartStatus::out_of_date})
    EXPECT_THAT(explain(with(status)), ::testing::EndsWith(": a reason; ring it"));
  EXPECT_EQ(explain(with(PartStatus::not_asked)), "was not asked: a reason");
}

TEST(ViewWords, an_answer_that_withholds_says_so) {
  auto part = with(PartStatus::answered);
  EXPECT_EQ(explain(part), "answered");
  part.withheld = 1;
  EXPECT_EQ(explain(part), "answered, and withholds some");
}

TEST(ViewWords, who_is_involved_are_authors_by_last_contact_and_agencies_that_withhold) {
  auto rows = who_is_involved(shown_view(), 2);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].role, "Social worker (lead)");
  EXPECT_EQ(rows[0].agency_name, "Bradford Children's Services");
  EXPECT_EQ(rows[0].phone, "01632 960002");
  EXPECT_EQ(rows[1].role, "Health visitor");
  EXPECT_EQ(rows[2].role, "Safeguarding unit");
  EXPECT_FALSE(rows[2].last_contact.is_set());
}

TEST(ViewWords, an_agency_that_does_not_know_the_child_is_not_involved) {
  auto view = shown_view();
  for (auto status :
       {PartStatus::not_known, PartStatus::silent, PartStatus::refused, PartStatus::unknown, PartStatus::not_asked}) {
    for (auto& part : view.parts) part.status = status;
    EXPECT_TRUE(who_is_involved(view, 2).empty());
  }
}

TEST(ViewWords, items_without_an_author_lead_to_their_agencys_own_contact) {
  auto view = shown_view();
  for (auto& item : view.items) item.author = {};
  auto rows = who_is_involved(view, 2);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].phone, "01632 960001");
  EXPECT_EQ(for_people(rows[0].last_contact.date), "19 Nov 2026");
}

TEST(ViewWords, one_author_has_one_row_with_the_newest_contact) {
  auto view = shown_view();
  auto older = view.items[0];
  older.occurred = parse_when("2025-01-01").value();
  for (int i = 0; i < 3; ++i) view.items.push_back(older);
  EXPECT_EQ(who_is_involved(view, 5).size(), 3u);
  older.author.contact = "01632 960099";
  view.items.push_back(older);
  EXPECT_EQ(who_is_involved(view, 5).size(), 4u);
  EXPECT_EQ(who_is_involved(view, 1).size(), 3u);
}

TEST(ViewWords, completeness_counts_what_is_missing) {
  auto view = shown_view();
  EXPECT_EQ(completeness(view), "Incomplete: 1 agency silent, 1 agency not asked.");
  view.parts[3].status = PartStatus::silent;
  view.parts[4].status = PartStatus::unknown;
  EXPECT_EQ(completeness(view), "Incomplete: 2 agencies silent, 1 agency unknown, 1 agency not asked.");
  view.complete = true;
  EXPECT_EQ(completeness(view), "Complete: every agency in scope gave an answer.");
}

TEST(ViewWords, entries_count_what_is_withheld_too) {
  auto view = shown_view();
  EXPECT_EQ(entries_note(view), "2 of 5 entries");
  view.withheld.clear();
  EXPECT_EQ(entries_note(view), "2 entries");
}

TEST(ViewWords, a_source_is_its_kind_until_two_of_a_kind_spoke) {
  auto view = shown_view();
  EXPECT_EQ(source_label(view, view.items[0]), "social care");
  auto other = view.items[0];
  other.agency = MemberId::parse("leeds-csc").value();
  view.items.push_back(other);
  EXPECT_EQ(source_label(view, view.items[0]), "bradford-csc");
}

TEST(ViewWords, a_note_says_when_the_source_recorded_it_and_nothing_it_did_not_say) {
  auto item = shown_view().items[0];
  EXPECT_EQ(recorded_note(item), "recorded same day");
  item.recorded = parse_when("2026-11-20").value();
  EXPECT_EQ(recorded_note(item), "recorded 20 Nov 2026");
  item.recorded = {};
  EXPECT_EQ(recorded_note(item), "");
}

TEST(ViewWords, names_in_other_scripts_are_not_guessed_at) {
  CaseView view;
  EXPECT_EQ(child_name(view), "a child");
  view.family = "O'Tester";
  view.given = "Aisha";
  EXPECT_EQ(child_name(view), "O'TESTER, Aisha");
  view.family = "\xC5\x81ukasz";
  EXPECT_EQ(child_name(view), "\xC5\x81ukasz, Aisha");
}

}  // namespace
}  // namespace ginnel
