// SPDX-License-Identifier: Apache-2.0
#include "node/view/significance.h"

#include <gtest/gtest.h>

#include "tests/node/shown_view_for_tests.h"

namespace ginnel {
namespace {

RecordLabel protected_label() {
  RecordLabel out;
  out.label.category = "police.domestic";
  out.label.sensitivity = 3;
  out.label.markings = {"live_investigation"};
  out.label.owner = *MemberId::parse("wy-police");
  out.label.addressed_to = *MemberId::parse("bradford-csc");
  out.label.retention.rule = "incident";
  return out;
}

// As it comes back in a view.
ViewItem mark_item(const char* by, const std::string& text, const std::string& reason = "the second within a month") {
  auto item = shown_item(by, "social_care", "police.domestic", "significance", "2026-11-20 10:00", "2026-11-20", "");
  item.headline = reason;
  item.fields = {{"marks", text}};
  item.author = {"S. Worker", "practitioner", "east", "01632 960001"};
  return item;
}

std::vector<ViewItem> with_mark_of(const std::string& text, std::vector<ViewItem> items = shown_view().items) {
  items.push_back(mark_item("bradford-csc", text));
  attach_marks(items);
  return items;
}

std::string text_of(const ViewItem& item) { return EntryRef{item.agency, item.id}.text(); }

TEST(Significance, a_mark_is_as_restricted_as_what_it_marks) {
  const EntryRef entry{*MemberId::parse("wy-police"), *RecordId::parse("00112233445566778899aabbccddeeff")};
  const Record mark = mark_of(entry, "the second within a month", protected_label());
  EXPECT_EQ(mark.kind, significance_kind);
  EXPECT_EQ(mark.headline, "the second within a month");
  EXPECT_EQ(mark.label.category, "police.domestic");
  EXPECT_EQ(mark.label.sensitivity, 3);
  EXPECT_TRUE(mark.label.markings.contains("live_investigation"));
  EXPECT_EQ(mark.assertion, Assertion::opinion);
  // How long it is kept, and for whom it is, is its own.
  EXPECT_EQ(mark.label.retention.rule, "");
  EXPECT_TRUE(mark.label.addressed_to.empty());
  ASSERT_EQ(mark.fields.size(), 1u);
  EXPECT_EQ(EntryRef::parse(mark.fields[0].value), entry);
}

TEST(Significance, an_entry_that_is_named_wrongly_is_none) {
  for (const char* text :
       {"", "/", "wy-police", "wy-police/", "/00112233445566778899aabbccddeeff",
        "wy-police/00112233445566778899aabbccddee", "wy-police/00112233445566778899aabbccddeeffff",
        "Not A Member/00112233445566778899aabbccddeeff", "wy-police/00000000000000000000000000000000"})
    EXPECT_FALSE(EntryRef::parse(text)) << text;
}

TEST(Significance, a_mark_goes_to_its_entry_and_is_none_by_itself) {
  const auto shown = shown_view().items;
  const auto items = with_mark_of(text_of(shown[1]), shown);
  ASSERT_EQ(items.size(), 2u);
  ASSERT_EQ(items[1].marks.size(), 1u);
  EXPECT_EQ(items[1].marks[0].reason, "the second within a month");
  EXPECT_EQ(items[1].marks[0].author.name, "S. Worker");
  EXPECT_TRUE(items[0].marks.empty());
}

TEST(Significance, a_mark_follows_a_correction) {
  auto items = shown_view().items;
  items[1].replaces = *RecordId::parse("00112233445566778899aabbccddeeff");
  items.push_back(mark_item("bradford-csc", EntryRef{items[1].agency, items[1].replaces}.text()));
  attach_marks(items);
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[1].marks.size(), 1u);
}

TEST(Significance, a_mark_of_what_is_not_shown_stays_an_entry) {
  auto items = shown_view().items;
  const ViewItem marked = items[1];
  const auto of_nothing = with_mark_of("bradford-care/00112233445566778899aabbccddeeff", items);
  EXPECT_EQ(of_nothing.size(), 3u);
  // The id is another agency's: whose entry it is counts.
  const auto of_another = with_mark_of("leeds-csc/" + marked.id.hex(), items);
  EXPECT_EQ(of_another.size(), 3u);
  EXPECT_TRUE(of_another[1].marks.empty());
  const auto of_one_before = with_mark_of("a-member/" + marked.id.hex(), items);
  EXPECT_EQ(of_one_before.size(), 3u);
  EXPECT_TRUE(of_one_before[1].marks.empty());
  // Of a headline alone, what it marks is not told.
  items.push_back(mark_item("bradford-csc", text_of(marked)));
  items.back().fields.clear();
  attach_marks(items);
  EXPECT_EQ(items.size(), 3u);
}

TEST(Significance, several_people_may_mark_one_entry_and_a_mark_marks_no_mark) {
  auto items = shown_view().items;
  const auto first = mark_item("bradford-csc", text_of(items[1]), "first");
  items.push_back(first);
  items.push_back(mark_item("bradford-care", text_of(items[1]), "second"));
  items.push_back(mark_item("bradford-care", text_of(first), "of a mark"));
  attach_marks(items);
  ASSERT_EQ(items.size(), 3u);
  ASSERT_EQ(items[1].marks.size(), 2u);
  EXPECT_EQ(items[1].marks[0].reason, "first");
  EXPECT_EQ(items[1].marks[1].reason, "second");
  EXPECT_EQ(items[2].headline, "of a mark");
}

}  // namespace
}  // namespace ginnel
