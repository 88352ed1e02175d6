// SPDX-License-Identifier: Apache-2.0
// A record whose time is over, from its writing to its erasing, as another agency sees it.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/world.h"

namespace ginnel::sim {
namespace {

constexpr const char* holder = "wy-police";
constexpr const char* headline = "An incident of long ago";

class KeepingAndErasing : public testing::Test {
 protected:
  KeepingAndErasing() {
    t.ten_agencies().with_story(Story::moved_twice);
    machine().set_retention(std::make_shared<const RetentionSchedule>());
    machine().crash();
    t.node(holder).restart();
    Record record = record_of(holder, "involvement", "police.incident", 0, headline);
    record.label.retention.review_on = {2026, 11, 1};
    old_ = t.node(holder).record(Story::moved_twice, record);
  }
  Machine& machine() { return t.machine(holder); }
  // The others are told of it as policy has it.
  bool is_shown() {
    const CaseView view = t.node("bradford-csc").ask(Story::moved_twice).now();
    return std::any_of(view.items.begin(), view.items.end(),
                       [](const auto& item) { return item.headline == headline; });
  }
  std::size_t items() {
    const CaseView view = t.node("bradford-csc").ask(Story::moved_twice).now();
    return std::size_t(std::count_if(view.items.begin(), view.items.end(),
                                     [](const auto& item) { return item.agency.text() == holder; }));
  }
  // The round of the night goes over everybody.
  void a_night() {
    t.clock().advance_to(london_instant(Date::from_days(london_date(t.now()).days() + 1), 61));
    t.run_for(30s);
  }
  RetentionDesk desk() {
    std::optional<Expected<RetentionDesk>> out;
    machine().node().retention_desk(machine().token("m.manager"), [&](auto got) { out = std::move(got); });
    EXPECT_TRUE(t.run_until([&] { return out.has_value(); }, 10s));
    EXPECT_TRUE(*out) << (*out).error().text();
    return **out;
  }
  template <class T, class Start>
  Expected<T> result(Start start) {
    std::optional<Expected<T>> out;
    start([&](Expected<T> got) { out = std::move(got); });
    EXPECT_TRUE(t.run_until([&] { return out.has_value(); }, 10s));
    return std::move(*out);
  }
  Expected<bool> erase(const TaskId& task) {
    return result<bool>([&](auto done) {
      machine().node().decide_retention(machine().token("m.manager"), {task, "erase", "its time is over", {}}, done);
    });
  }

  World t{seed()};
  RecordId old_;
};

TEST_F(KeepingAndErasing, a_due_record_is_erased_by_a_person_and_no_view_of_another_agency_shows_it_again) {
  ASSERT_TRUE(is_shown());
  const std::size_t before = items();
  a_night();
  auto due = desk().due;
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due.front().records, 1u);
  EXPECT_TRUE(is_shown()) << "nothing is erased by itself";

  const auto held = result<RetentionId>([&](auto done) {
    machine().node().hold_retention(machine().token("m.manager"), {due.front().person.id, "an inquiry", {2027, 11, 1}},
                                    done);
  });
  ASSERT_TRUE(held) << held.error().text();
  const auto refused = erase(due.front().task);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "held");
  EXPECT_TRUE(is_shown());
  ASSERT_TRUE(result<bool>([&](auto done) {
    machine().node().release_hold(machine().token("m.manager"), {*held, "it ended"}, done);
  }));

  const auto erased = erase(due.front().task);
  ASSERT_TRUE(erased) << erased.error().text();
  t.run_for(10s);
  EXPECT_FALSE(is_shown());
  EXPECT_EQ(items(), before - 1) << "what is not due stays";
  t.node(holder).crash();
  t.node(holder).restart();
  t.run_for(10s);
  EXPECT_FALSE(is_shown());
  EXPECT_EQ(items(), before - 1);
  EXPECT_EQ(machine().node().erasures().waiting(), 0u);
  EXPECT_TRUE(machine().verify().good());
  a_night();
  EXPECT_TRUE(desk().due.empty());
}

}  // namespace
}  // namespace ginnel::sim
