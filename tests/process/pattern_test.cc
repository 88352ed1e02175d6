// SPDX-License-Identifier: Apache-2.0
// What the records of all agencies show together, and how often it is told.
#include "node/process/engine/patterns.h"

#include <algorithm>
#include <memory>

#include "tests/process/engine_for_tests.h"

namespace ginnel {
namespace {

constexpr std::string_view round = R"(id = "round"
authority = "anybody"
version = 1
title = "A round"
edition = "1"
effective_from = 2020-01-01
start = "walk"
manager = "head"
deputy = "head"
out_of_hours = "watch"
[roles]
head = "The head"
watch = "The night watch"
[agencies]
shop = "The shop"
[state.out]
title = "Out"
proves = ["walking"]
[step.walk]
title = "Walk"
lead = "head"
holds = "out"
may_have = ["talked"]
[step.walk.outcome]
home = { ends = true }
rest = { to = "pause" }
[step.pause]
title = "Pause"
lead = "head"
[step.pause.outcome]
on = { to = "walk" }
[look]
at = "06:00"
purpose = "walking"
basis = "custom"
[pattern.falls]
title = "Many falls"
records = ["fall", "slip"]
at_least = 3
within_days = 28
agencies = 2
unless = ["walk.talked"]
tell = ["head"]
proposes = "pause"
source = "custom"
[pattern.unseen]
title = "Seen by nobody"
in_state = "out"
records = ["sighting"]
absent = "10 working days"
since = ["walk.opened"]
tell = ["head"]
source = "custom"
)";

const Actor head{"shop-1", "shop", "h", "head"};

std::unique_ptr<Walk> out_walking(std::string_view time = "2026-03-02 10:00",
                                  const std::string& by = std::string(round)) {
  auto definition = Definition::parse(by, "round.toml");
  CHECK(definition);
  auto walk = std::make_unique<Walk>(*definition);
  CHECK(walk->begin(time, head).empty());
  return walk;
}

SeenRecord record_on(std::string_view day, std::string_view kind = "fall", std::set<std::string> of = {"Shop"}) {
  return {std::string(kind), when(day), std::move(of)};
}

// Titles of what is told; and it is kept, as a node keeps it.
std::vector<AlertRaised> look(Walk& walk, std::string_view time, Seen seen) {
  walk.now = at(time);
  const Effects told = walk.engine().look(walk.process, seen, walk.now);
  for (const ProcessRecord& one : told.records) CHECK(walk.process.apply(one));
  return told.alerts();
}

// How many of what is told are about falls.
std::size_t falls(Walk& walk, std::string_view time, const Seen& seen) {
  const auto told = look(walk, time, seen);
  return std::size_t(std::count_if(told.begin(), told.end(),
                                   [](const AlertRaised& one) { return one.key.starts_with("pattern/falls/"); }));
}

Seen three_falls() {
  return {{record_on("2026-03-03"), record_on("2026-03-05", "slip", {"Bank"}), record_on("2026-03-09")}, {}, {}};
}

TEST(Patterns, that_no_agency_sees_alone_are_told_with_each_record_and_whose_it_is) {
  auto walk = out_walking();
  const auto told = look(*walk, "2026-03-10 09:00", three_falls());
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].key, "pattern/falls/2026-03-09/0003");
  EXPECT_EQ(told[0].title, "Many falls");
  EXPECT_EQ(told[0].proposes, "pause");
  EXPECT_EQ(told[0].roles, std::set<std::string>{"head"});
  EXPECT_EQ(
      told[0].why,
      "at least 3 within 28 days, from at least 2 agencies; there are 3: fall on 9 Mar 2026 (Shop), slip on 5 Mar "
      "2026 (Bank), fall on 3 Mar 2026 (Shop); no walk.talked since [custom]");
}

TEST(Patterns, are_not_told_of_fewer_of_one_agency_of_other_kinds_or_of_what_is_still_to_come) {
  auto walk = out_walking();
  Seen two{{record_on("2026-03-03"), record_on("2026-03-05", "fall", {"Bank"})}, {}, {}};
  EXPECT_EQ(falls(*walk, "2026-03-10 09:00", two), 0u);
  Seen of_one{{record_on("2026-03-03"), record_on("2026-03-04"), record_on("2026-03-05")}, {}, {}};
  EXPECT_EQ(falls(*walk, "2026-03-10 09:00", of_one), 0u);
  two.records.push_back(record_on("2026-03-06", "song"));
  two.records.push_back(record_on("2026-03-11"));
  two.records.push_back({"fall", {}, {"Shop"}});
  EXPECT_EQ(falls(*walk, "2026-03-10 09:00", two), 0u);
  // The day after, it has come.
  EXPECT_EQ(falls(*walk, "2026-03-12 09:00", two), 1u);
}

TEST(Patterns, count_once_what_two_agencies_recorded_alike_and_both_of_them) {
  auto walk = out_walking();
  Seen seen{{record_on("2026-03-03"), record_on("2026-03-05", "fall", {"Bank", "Shop"})}, {}, {}};
  EXPECT_EQ(falls(*walk, "2026-03-10 09:00", seen), 0u);
  seen.records.push_back(record_on("2026-03-06"));
  EXPECT_EQ(falls(*walk, "2026-03-10 09:00", seen), 1u);
}

TEST(Patterns, come_once_whoever_does_not_answer_today_and_again_when_there_is_more) {
  auto walk = out_walking();
  ASSERT_EQ(falls(*walk, "2026-03-10 09:00", three_falls()), 1u);
  EXPECT_EQ(falls(*walk, "2026-03-11 09:00", three_falls()), 0u);
  Seen without = three_falls();
  without.records.pop_back();
  without.unanswered = {"Shop"};
  EXPECT_EQ(falls(*walk, "2026-03-12 09:00", without), 0u);
  EXPECT_EQ(falls(*walk, "2026-03-13 09:00", three_falls()), 0u);
  // One of before that was not known; and one that was not told of before.
  Seen more = three_falls();
  more.records.push_back(record_on("2026-03-04"));
  const auto of_before = look(*walk, "2026-03-14 10:00", more);
  ASSERT_EQ(of_before.size(), 1u);
  EXPECT_EQ(of_before[0].key, "pattern/falls/2026-03-09/0004");
  more.records.push_back(record_on("2026-03-13", "fall", {"Bank"}));
  EXPECT_EQ(falls(*walk, "2026-03-16 10:00", more), 1u);
  EXPECT_EQ(falls(*walk, "2026-03-17 10:00", more), 0u);
}

TEST(Patterns, of_long_ago_are_not_told_and_time_that_goes_on_tells_nothing_again) {
  EXPECT_EQ(falls(*out_walking(), "2026-04-05 09:00", three_falls()), 1u);
  EXPECT_EQ(falls(*out_walking(), "2026-04-06 09:00", three_falls()), 0u);
  auto walk = out_walking();
  ASSERT_EQ(falls(*walk, "2026-03-10 09:00", three_falls()), 1u);
  for (int day = 11; day <= 31; ++day)
    EXPECT_EQ(falls(*walk, "2026-03-" + std::to_string(day) + " 09:00", three_falls()), 0u) << day;
}

TEST(Patterns, count_only_what_is_of_their_state_and_since_their_event) {
  const std::string good(round);
  const std::string in_state =
      with_instead(good, "title = \"Many falls\"", "title = \"Many falls\"\nin_state = \"out\"");
  auto walk = out_walking("2026-03-02 10:00", in_state);
  ASSERT_EQ(walk->close("2026-03-09 12:00", "walk", "rest", head), "");
  EXPECT_EQ(falls(*walk, "2026-03-10 09:00", three_falls()), 0u);
  ASSERT_EQ(walk->close("2026-03-10 10:00", "pause", "on", head), "");
  EXPECT_EQ(falls(*walk, "2026-03-10 11:00", three_falls()), 1u);

  const std::string since =
      with_instead(good, "unless = [\"walk.talked\"]", "unless = [\"walk.talked\"]\nsince = [\"pause.on\"]");
  auto other = out_walking("2026-03-02 10:00", since);
  EXPECT_EQ(falls(*other, "2026-03-10 09:00", three_falls()), 0u) << "it has not happened";
  ASSERT_EQ(other->close("2026-03-04 12:00", "walk", "rest", head), "");
  ASSERT_EQ(other->close("2026-03-04 13:00", "pause", "on", head), "");
  EXPECT_EQ(falls(*other, "2026-03-10 09:00", three_falls()), 0u) << "one of them was before";
  Seen more = three_falls();
  more.records.push_back(record_on("2026-03-04"));
  EXPECT_EQ(falls(*other, "2026-03-10 09:00", more), 1u);
}

TEST(Patterns, end_with_what_was_to_be_done_about_them_until_there_is_a_new_record) {
  auto walk = out_walking();
  ASSERT_EQ(walk->contribute("2026-03-09 12:00", "walk", "talked", head), "");
  EXPECT_EQ(falls(*walk, "2026-03-10 09:00", three_falls()), 0u);
  Seen more = three_falls();
  more.records.push_back(record_on("2026-03-10"));
  EXPECT_EQ(falls(*walk, "2026-03-11 09:00", more), 1u);
}

TEST(Patterns, of_absence_count_from_the_last_record_of_any_agency_or_from_when_it_began) {
  auto walk = out_walking("2026-03-02 10:00");
  EXPECT_TRUE(look(*walk, "2026-03-16 23:00", {}).empty());
  const auto told = look(*walk, "2026-03-17 09:00", {{}, {"Bank"}, {"Shop"}});
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].key, "pattern/unseen/2026-03-02/0000");
  EXPECT_EQ(
      told[0].why,
      "none for 10 working days: walk.opened was on 2 Mar 2026; without a full answer of Bank; something is held back "
      "by Shop [custom]");
  EXPECT_EQ(for_people(*told[0].due), "17 Mar 2026 00:00");
  EXPECT_TRUE(look(*walk, "2026-03-18 09:00", {}).empty());
  // Somebody sees them: it starts anew. Easter is no working time.
  const Seen seen{{record_on("2026-03-30", "sighting", {"Bank"})}, {}, {}};
  EXPECT_TRUE(look(*walk, "2026-04-15 12:00", seen).empty());
  const auto again = look(*walk, "2026-04-16 09:00", seen);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].key, "pattern/unseen/2026-03-30/0000");
  // That agency does not answer: what was told covers it.
  EXPECT_TRUE(look(*walk, "2026-04-17 09:00", {{}, {"Bank"}, {}}).empty());
}

TEST(Patterns, out_of_hours_are_told_to_who_is_there_then) {
  auto walk = out_walking();
  const auto told = look(*walk, "2026-03-14 12:00", three_falls());
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].roles, (std::set<std::string>{"head", "watch"}));
}

TEST(Patterns, that_cannot_be_computed_say_so) {
  auto walk = out_walking("2026-03-02 10:00");
  const auto told = look(*walk, "2090-03-17 09:00", {{record_on("2090-01-03", "sighting")}, {}, {}});
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].about, AlertRaised::About::cannot_compute);
}

TEST(Patterns, are_looked_for_daily_while_what_is_open_proves_what_for) {
  auto walk = out_walking("2026-03-02 10:00");
  const auto next = [&] { return walk->engine().next_look(walk->process, walk->now); };
  ASSERT_TRUE(next());
  EXPECT_EQ(*next(), walk->now) << "never looked yet: at once";
  look(*walk, "2026-03-02 10:01", {});
  EXPECT_EQ(for_people(*next()), "3 Mar 2026 06:00");
  // By a clock that was a year ahead: it is looked for now, and not in a year.
  look(*walk, "2027-03-02 10:01", {});
  walk->now = at("2026-03-03 09:00");
  EXPECT_EQ(*next(), walk->now);
  look(*walk, "2026-03-03 09:00", {});
  EXPECT_EQ(for_people(*next()), "4 Mar 2026 06:00");
  // Over the change of the clocks it stays six in the morning.
  look(*walk, "2026-03-28 06:00", {});
  EXPECT_EQ(for_people(*next()), "29 Mar 2026 06:00");
  ASSERT_EQ(walk->close("2026-03-28 09:00", "walk", "rest", head), "");
  EXPECT_FALSE(next());
  ASSERT_EQ(walk->close("2026-03-28 10:00", "pause", "on", head), "");
  EXPECT_TRUE(next());
  ASSERT_EQ(walk->close("2026-03-28 11:00", "walk", "home", head), "");
  EXPECT_FALSE(next());
  EXPECT_TRUE(walk->engine().look(walk->process, three_falls(), walk->now).records.empty());
}

TEST(Patterns, that_could_not_be_looked_for_are_told_once_a_day_and_kept_with_why) {
  auto walk = out_walking();
  const auto cannot = [&](std::string_view time) {
    const Effects told = walk->engine().cannot_look(walk->process, "nobody is there", at(time));
    for (const ProcessRecord& one : told.records) CHECK(walk->process.apply(one));
    return told.alerts().size();
  };
  EXPECT_EQ(cannot("2026-03-03 06:00"), 1u);
  EXPECT_EQ(cannot("2026-03-03 12:00"), 0u);
  EXPECT_EQ(cannot("2026-03-04 06:00"), 1u);
  EXPECT_EQ(walk->process.last_look()->what.problem, "nobody is there");
  look(*walk, "2026-03-04 07:00", {{}, {"Bank"}, {"Shop"}});
  EXPECT_EQ(walk->process.last_look()->what, (Looked{{"Bank"}, {"Shop"}, ""}));
}

TEST(Patterns, of_a_file_with_mistakes_are_each_told) {
  const std::string good(round);
  EXPECT_EQ(mistakes_of(good), "");
  EXPECT_EQ(mistakes_of(with_instead(good, "purpose = \"walking\"", "purpose = \"running\"")),
            "line 34: `running` is no purpose that a state `proves`\n");
  EXPECT_EQ(mistakes_of(with_instead(good, "within_days = 28\n", "")),
            "line 39: [pattern.falls] does not say how many within how many days\n");
  EXPECT_NE(mistakes_of(with_instead(good, "absent = \"10 working days\"", "absent = \"10 moons\""))
                .find("line 50: `absent` of [pattern.unseen] is no amount"),
            std::string::npos);
  EXPECT_EQ(mistakes_of(with_instead(good, "absent = \"10 working days\"", "absent = \"10 days\"\nat_least = 2")),
            "line 50: [pattern.unseen] is about too many and about none\n");
  EXPECT_EQ(mistakes_of(with_instead(good, "records = [\"sighting\"]", "records = []")),
            "line 49: [pattern.unseen] is about no kind of record\n");
  EXPECT_EQ(mistakes_of(with_instead(good, "since = [\"walk.opened\"]", "since = [\"walk.flown\"]")),
            "line 51: `flown` is no event of the step `walk`\n");
  EXPECT_EQ(mistakes_of(with_instead(good, "proposes = \"pause\"", "proposes = \"nap\"")),
            "line 44: `nap` is no step\n");
  std::string no_look = good;
  for (const auto* line : {"[look]", "at = \"06:00\"", "purpose = \"walking\"", "basis = \"custom\""})
    no_look = with_instead(no_look, std::string(line) + "\n", "");
  EXPECT_EQ(mistakes_of(no_look), "line 32: nothing says when the records of all agencies are looked at\n");
}

TEST(Patterns, of_child_protection_read_as_they_are_meant) {
  const Definition shipped = shipped_definition("child-protection");
  ASSERT_TRUE(shipped.look);
  EXPECT_EQ(shipped.look->purpose, "child_protection");
  std::set<std::string> ids;
  for (const Pattern& one : shipped.patterns) ids.insert(one.id);
  EXPECT_EQ(
      ids, (std::set<std::string>{"concerns-of-several", "evidence-at-several", "not-brought-or-seen", "seen-by-nobody",
                                  "hospital-during-enquiry", "absent-from-school", "missing-again"}));
  EXPECT_EQ(shipped.step("visit")->outcome("not-seen")->record_kind, "not_seen");
}

}  // namespace
}  // namespace ginnel
