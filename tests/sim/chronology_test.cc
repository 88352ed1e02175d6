// SPDX-License-Identifier: Apache-2.0
// A child's history as it was known at a past moment, over all agencies; what people mark in it; and that it was taken
// away.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/world.h"

namespace ginnel::sim {
namespace {

constexpr const char* as_it_was = "Officers attended at 23:10";
constexpr const char* put_right = "Officers attended at 22:10";
const AskOptions protecting = {.purpose = "child_protection"};

const ViewItem* item_of(const CaseView& view, const std::string& headline) {
  auto found = std::find_if(view.items.begin(), view.items.end(),
                            [&](const ViewItem& item) { return item.headline == headline; });
  return found == view.items.end() ? nullptr : &*found;
}

bool says(const CaseView& view, const std::string& agency, const std::string& reason) {
  return std::any_of(view.withheld.begin(), view.withheld.end(), [&](const ViewWithheld& row) {
    return row.agency == id(agency) && row.reason.find(reason) != std::string::npos;
  });
}

struct Known {
  RecordId record;
  Instant then;
};

// The police record something, and an hour passes.
Known known_to_police(World& t, const char* headline = as_it_was) {
  Known out;
  Record record = domestic_incident(headline);
  record.recorded_at_source = {};
  out.record = t.node("wy-police").record(Story::moved_twice, record);
  t.run_for(1min);
  out.then = t.now();
  t.run_for(1h);
  return out;
}

void change(World& t, const RecordId& record, const std::string& kind, const std::string& headline) {
  auto own = t.node("wy-police").ask(Story::moved_twice, protecting);
  const auto made = t.node("wy-police").correct({own.id(), record, kind, "the log has it", headline, ""});
  ASSERT_TRUE(made) << made.error().text();
  t.run_for(1min);
}

TEST(PastView, shows_what_an_agency_had_then_and_that_it_changed_since) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  const Known known = known_to_police(t);
  // Bradford was told, and is told of the correction: it still sees what was known then, because it asks for that.
  t.node("bradford-csc").ask(Story::moved_twice, protecting);
  change(t, known.record, "correction", put_right);
  auto now = t.node("bradford-csc").ask(Story::moved_twice, protecting);
  EXPECT_EQ(item_of(now.now(), as_it_was), nullptr);
  ASSERT_NE(item_of(now.now(), put_right), nullptr);
  EXPECT_FALSE(item_of(now.now(), put_right)->superseded_at.is_set());

  auto past = t.node("bradford-csc").ask_as_known_at(now.id(), known.then);
  EXPECT_EQ(past.now().as_known_at, known.then);
  EXPECT_FALSE(now.now().standing.empty());
  EXPECT_EQ(past.now().standing, "") << "on a plan today is not on a plan then";
  EXPECT_NE(past.id(), now.id());
  EXPECT_EQ(item_of(past.now(), put_right), nullptr);
  ASSERT_NE(item_of(past.now(), as_it_was), nullptr);
  EXPECT_GT(item_of(past.now(), as_it_was)->superseded_at, known.then);
}

TEST(PastView, leaves_out_what_came_later) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  const Known known = known_to_police(t);
  Record later = domestic_incident("Officers attended again");
  later.recorded_at_source = {};
  t.node("wy-police").record(Story::moved_twice, later);
  AskOptions then = protecting;
  then.as_known_at = known.then;
  auto past = t.node("bradford-csc").ask(Story::moved_twice, then);
  EXPECT_NE(item_of(past.now(), as_it_was), nullptr);
  EXPECT_EQ(item_of(past.now(), "Officers attended again"), nullptr);
}

TEST(PastView, counts_what_was_taken_back_since_and_does_not_show_it) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  const Known known = known_to_police(t);
  change(t, known.record, "retraction", "");
  AskOptions then = protecting;
  then.as_known_at = known.then;
  auto past = t.node("bradford-csc").ask(Story::moved_twice, then);
  EXPECT_EQ(item_of(past.now(), as_it_was), nullptr);
  EXPECT_TRUE(says(past.now(), "wy-police", "taken back since"));
  // To its own workers too.
  auto own = t.node("wy-police").ask(Story::moved_twice, then);
  EXPECT_EQ(item_of(own.now(), as_it_was), nullptr);
  EXPECT_TRUE(says(own.now(), "wy-police", "taken back since"));
}

// SECURITY: permission is as of now.
TEST(PastView, what_protects_a_record_now_protects_what_it_said_then) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  const Known known = known_to_police(t);
  Record closed = domestic_incident(put_right);
  closed.recorded_at_source = {};
  closed.label.markings = {"live_investigation"};
  t.node("wy-police").record(Story::moved_twice, closed, known.record);
  AskOptions then = protecting;
  then.as_known_at = known.then;
  auto past = t.node("bradford-csc").ask(Story::moved_twice, then);
  EXPECT_EQ(item_of(past.now(), as_it_was), nullptr);
  for (const auto& item : past.now().items) EXPECT_NE(item.id, known.record);
}

TEST(PastView, stays_of_then_when_its_node_restarts_and_when_a_record_changes_after_it_was_asked) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  const Known known = known_to_police(t);
  AskOptions then = protecting;
  then.as_known_at = known.then;
  auto past = t.node("bradford-csc").ask(Story::moved_twice, then);
  auto own = t.node("wy-police").ask(Story::moved_twice, then);
  change(t, known.record, "correction", put_right);
  for (const char* member : {"bradford-csc", "wy-police"}) {
    t.node(member).crash();
    t.node(member).restart();
  }
  t.run_for(1min);
  // The police's own part is made anew, of then; it now says that the entry changed since.
  ASSERT_NE(item_of(own.now(), as_it_was), nullptr);
  EXPECT_TRUE(item_of(own.now(), as_it_was)->superseded_at.is_set());
  EXPECT_EQ(item_of(own.now(), put_right), nullptr);
  EXPECT_EQ(past.now().as_known_at, known.then);
  EXPECT_EQ(item_of(past.now(), put_right), nullptr);
}

TEST(PastView, is_of_the_past_and_of_a_view_of_ones_own) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  AskOptions to_come = protecting;
  to_come.as_known_at = t.now() + hour_ms;
  t.node("bradford-csc").ask(Story::moved_twice, to_come).expect_refused("bad-moment");
  auto view = t.node("bradford-csc").ask(Story::moved_twice, protecting);
  t.node("bradford-csc").ask_as_known_at(view.id(), t.now() + -hour_ms, "o.worker").expect_refused("not-found");
}

TEST(Significance, a_mark_stands_at_its_entry_for_whoever_may_see_both) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  known_to_police(t);
  auto view = t.node("bradford-csc").ask(Story::moved_twice, protecting);
  ASSERT_NE(item_of(view.now(), as_it_was), nullptr);
  const auto before = view.now().items.size();
  const auto mark = t.node("bradford-csc").mark(view.id(), *item_of(view.now(), as_it_was), "the second in a month");
  ASSERT_TRUE(mark) << mark.error().text();
  t.run_for(1min);
  ASSERT_EQ(item_of(view.now(), as_it_was)->marks.size(), 1u) << "in the view in which it was marked, at once";
  AskOptions colleague = protecting;
  colleague.user = "o.worker";
  auto seen = t.node("bradford-csc").ask(Story::moved_twice, colleague);
  const ViewItem* entry = item_of(seen.now(), as_it_was);
  ASSERT_NE(entry, nullptr);
  ASSERT_EQ(entry->marks.size(), 1u);
  EXPECT_EQ(entry->marks[0].reason, "the second in a month");
  EXPECT_EQ(entry->marks[0].agency, id("bradford-csc"));
  EXPECT_EQ(item_of(seen.now(), "the second in a month"), nullptr) << "no entry by itself";
  EXPECT_EQ(view.now().items.size(), before);
  // Without a proven purpose another agency is told of neither.
  auto elsewhere = t.node("bradford-health").ask(Story::moved_twice, protecting);
  EXPECT_EQ(item_of(elsewhere.now(), as_it_was), nullptr);
  EXPECT_EQ(item_of(elsewhere.now(), "the second in a month"), nullptr);
  // It is no event in the child's life: nobody is told unasked.
  for (const char* told : {"bradford-health", "wy-police"})
    for (const auto& item : t.node(told).inbox("m.manager").items)
      EXPECT_FALSE(item.record && item.record->kind == significance_kind) << told;
  // Taken back like any entry.
  auto own = t.node("bradford-csc").ask(Story::moved_twice, protecting);
  ASSERT_TRUE(t.node("bradford-csc").correct({own.id(), *mark, "retraction", "it was another child", "", ""}));
  t.run_for(1min);
  auto after = t.node("bradford-csc").ask(Story::moved_twice, colleague);
  EXPECT_TRUE(item_of(after.now(), as_it_was)->marks.empty());
}

// SECURITY: it would say that there is such an entry.
TEST(Significance, a_mark_is_seen_by_nobody_who_may_not_see_its_entry) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  Record closed = domestic_incident("An investigation that is not to be disturbed");
  closed.label.markings = {"live_investigation"};
  t.node("wy-police").record(Story::moved_twice, closed);
  auto own = t.node("wy-police").ask(Story::moved_twice, protecting);
  const ViewItem* entry = item_of(own.now(), closed.headline);
  ASSERT_NE(entry, nullptr);
  ASSERT_TRUE(t.node("wy-police").mark(own.id(), *entry, "watch the door"));
  auto view = t.node("bradford-csc").ask(Story::moved_twice, protecting);
  EXPECT_EQ(item_of(view.now(), "watch the door"), nullptr);
  for (const auto& item : view.now().items) EXPECT_TRUE(item.marks.empty());
}

TEST(Significance, is_marked_only_in_a_view_that_shows_the_entry_and_where_the_child_is_held) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  known_to_police(t);
  auto view = t.node("bradford-csc").ask(Story::moved_twice, protecting);
  const ViewItem entry = *item_of(view.now(), as_it_was);
  const auto code_of = [](const Expected<RecordId>& made) { return made ? std::string("made") : made.error().code; };
  EXPECT_EQ(code_of(t.node("bradford-csc").mark(view.id(), entry, "x", "o.worker")), "not-found");
  ViewItem other = entry;
  other.id = RecordId::make(t.random());
  EXPECT_EQ(code_of(t.node("bradford-csc").mark(view.id(), other, "x")), "not-found");
  other = entry;
  other.agency = id("leeds-csc");
  EXPECT_EQ(code_of(t.node("bradford-csc").mark(view.id(), other, "x")), "not-found");
  EXPECT_EQ(code_of(t.node("bradford-csc").mark(view.id(), entry, "")), "bad-mark");
  EXPECT_EQ(code_of(t.node("bradford-csc").mark(view.id(), entry, std::string(401, 'x'))), "bad-mark");
  // An agency that holds nothing has nobody to keep it with.
  auto elsewhere = t.node("kirklees-csc").ask(Story::moved_twice, protecting);
  ASSERT_FALSE(elsewhere.now().items.empty());
  EXPECT_EQ(code_of(t.node("kirklees-csc").mark(elsewhere.id(), elsewhere.now().items.front(), "x")), "not-held");
}

TEST(Chronology, that_it_was_taken_away_stands_in_the_ledger_with_its_form) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  auto view = t.node("bradford-csc").ask(Story::moved_twice, protecting);
  const auto taken = t.node("bradford-csc").take(view.id(), ChronologyForm::pdf);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->items.size(), view.now().items.size());
  std::vector<std::string> forms;
  for (const auto& shown : t.node("bradford-csc").entries(EntryKind::view_shown))
    if (!shown.form.empty()) {
      forms.push_back(shown.form);
      EXPECT_EQ(shown.items.size(), taken->items.size());
    }
  EXPECT_EQ(forms, std::vector<std::string>{"chronology-pdf"});
  EXPECT_EQ(t.node("bradford-csc").take(view.id(), ChronologyForm::pdf, "o.worker").error().code, "not-found");
  // Who has to explain it to the family is told that a copy was taken.
  std::optional<Expected<SharingAccount>> account;
  auto& machine = t.node("bradford-csc").machine();
  machine.node().sharing_of(machine.token("m.manager"), view.now().person, 0,
                            [&](Expected<SharingAccount> got) { account = std::move(got); });
  ASSERT_TRUE(t.run_until([&] { return account.has_value(); }, 10s));
  ASSERT_TRUE(*account) << account->error().text();
  EXPECT_EQ(std::count_if((*account)->rows.begin(), (*account)->rows.end(),
                          [](const SharingRow& row) { return row.form == "chronology-pdf"; }),
            1);
}

}  // namespace
}  // namespace ginnel::sim
