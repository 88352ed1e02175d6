// SPDX-License-Identifier: Apache-2.0
// A retention schedule: how it is read, and on which day the time of a record is over by it.
#include "node/retention/schedule.h"

#include <gmock/gmock.h>

#include "tests/node/gate_for_tests.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;

constexpr Date today{2026, 11, 23};
constexpr const char* head = "title = \"T\"\nsource = \"S\"\neffective_from = 2020-01-01\nstatus = \"in force\"\n";

RetentionSchedule schedule(const std::string& text) {
  auto read = RetentionSchedule::parse("edition = \"test\"\n" + text, "r.toml", &west_yorkshire()->vocabulary);
  EXPECT_TRUE(read) << (read ? "" : read.error().front().text());
  return read ? std::move(*read) : RetentionSchedule();
}
std::string rule(const std::string& id, const std::string& more) {
  return "[[rule]]\nid = \"" + id + "\"\n" + head + more + "\n";
}
FileRecord record(const std::string& kind, const std::string& category, Date on, Retention retention = {}) {
  return {RecordId(), kind, category, on, std::move(retention)};
}
PersonFile file(Date born, std::vector<FileRecord> records, Date died = {}) {
  return {{{born, born.is_set() ? Precision::day : Precision::none}, died}, std::move(records)};
}
KeptUntil only(const RetentionSchedule& schedule, const PersonFile& of, Date on = today) {
  const auto times = schedule.times(of, on);
  EXPECT_EQ(times.size(), of.records.size());
  return times.empty() ? KeptUntil() : times.front();
}
std::string faults(const std::string& text) {
  auto read = RetentionSchedule::parse(text, "r.toml", &west_yorkshire()->vocabulary);
  std::string out;
  if (!read)
    for (const Error& error : read.error()) out += error.text() + "\n";
  return out;
}

TEST(RetentionSchedule, of_west_yorkshire_is_sound_and_uses_words_of_the_vocabulary_only) {
  auto read = RetentionSchedule::load(source_tree() / "config-examples/retention/west-yorkshire.toml",
                                      &west_yorkshire()->vocabulary);
  ASSERT_TRUE(read) << read.error().front().text();
  for (const auto& one : read->rules()) EXPECT_FALSE(one.source.empty()) << one.id;
  // The seventy-fifth anniversary of birth, for everything that is held on a child with a care order.
  const auto looked_after = file({2010, 5, 1}, {record("visit", "social-care.visit", {2020, 1, 1}),
                                                record("order", "social-care.legal", {2019, 1, 1})});
  EXPECT_EQ(only(*read, looked_after).day, (Date{2085, 5, 1}));
  EXPECT_EQ(only(*read, looked_after).rule, "looked-after-75");
  EXPECT_EQ(only(*read, file({2010, 5, 1}, looked_after.records, {2024, 2, 29})).day, (Date{2039, 2, 28}));
  // A school's file, and a health record whose last entry was made at 17.
  EXPECT_EQ(only(*read, file({2001, 11, 23}, {record("concern", "education.safeguarding", {2015, 1, 1})})).day, today);
  EXPECT_EQ(only(*read, file({2001, 11, 23}, {record("health_attendance", "health.attendance", {2018, 1, 1})})).day,
            (Date{2026, 11, 23}));
  EXPECT_EQ(only(*read, file({2001, 11, 23}, {record("health_attendance", "health.attendance", {2019, 1, 1})})).day,
            (Date{2027, 11, 23}));
  EXPECT_EQ(only(*read, file({}, {record("incident", "police.incident", {2019, 1, 1})})).day, (Date{2025, 1, 1}));
  EXPECT_FALSE(read->standing_hold(looked_after, today)) << "the inquiry is over";
  EXPECT_TRUE(read->standing_hold(looked_after, {2022, 6, 1}));
}

TEST(RetentionSchedule, the_longest_of_the_rules_that_fit_counts) {
  const auto two = schedule(rule("short", "counts_from = \"record\"\nyears = 6") +
                            rule("long", "categories = [\"health\"]\ncounts_from = \"date_of_birth\"\nyears = 25"));
  const auto born = Date{2010, 1, 1};
  EXPECT_EQ(only(two, file(born, {record("note", "health.mental", {2012, 1, 1})})).rule, "long");
  EXPECT_EQ(only(two, file(born, {record("note", "police.incident", {2012, 1, 1})})).day, (Date{2018, 1, 1}));
  EXPECT_FALSE(only(two, file({}, {record("note", "health.mental", {2012, 1, 1})})).day.is_set())
      << "nobody knows when the longer one ends";
}

TEST(RetentionSchedule, a_category_is_what_it_is_called_and_what_is_below_it_and_nothing_beside_it) {
  const auto one =
      schedule(rule("r", "categories = [\"health\"]\nkinds = [\"note\"]\ncounts_from = \"record\"\nyears = 1"));
  EXPECT_TRUE(only(one, file({}, {record("note", "health", {2012, 1, 1})})).is_over(today));
  EXPECT_TRUE(only(one, file({}, {record("note", "health.mental", {2012, 1, 1})})).is_over(today));
  EXPECT_FALSE(only(one, file({}, {record("note", "healthy", {2012, 1, 1})})).day.is_set());
  EXPECT_FALSE(only(one, file({}, {record("visit", "health", {2012, 1, 1})})).day.is_set());
}

TEST(RetentionSchedule,
     a_records_own_review_date_goes_before_every_rule_and_the_rule_that_it_names_before_those_that_fit) {
  const auto two = schedule(rule("short", "counts_from = \"record\"\nyears = 6") +
                            rule("named", "kinds = [\"plan\"]\ncounts_from = \"record\"\nyears = 3"));
  EXPECT_EQ(only(two, file({}, {record("note", "health", {2012, 1, 1}, {"named", {2040, 1, 1}})})).day,
            (Date{2040, 1, 1}));
  EXPECT_EQ(only(two, file({}, {record("note", "health", {2012, 1, 1}, {"named", {}})})).day, (Date{2015, 1, 1}));
  EXPECT_FALSE(only(two, file({}, {record("note", "health", {2012, 1, 1}, {"lost", {}})})).day.is_set())
      << "a rule that nobody has any more ends nothing";
  EXPECT_EQ(only(RetentionSchedule(), file({}, {record("note", "health", {}, {"", {2026, 1, 1}})})).day,
            (Date{2026, 1, 1}))
      << "without a schedule too";
}

TEST(RetentionSchedule, a_rule_counts_from_its_day_until_a_later_row_or_until_it_is_out_of_force) {
  const auto dated = schedule(rule("r", "counts_from = \"record\"\nyears = 6") +
                              "[[rule]]\nid = \"r\"\ntitle = \"T\"\nsource = \"S\"\neffective_from = 2026-11-01\n"
                              "status = \"in force\"\ncounts_from = \"record\"\nyears = 20\n"
                              "[[rule]]\nid = \"r\"\ntitle = \"T\"\nsource = \"S\"\neffective_from = 2030-01-01\n"
                              "status = \"not in force\"\ncounts_from = \"record\"\nyears = 1\n");
  const auto of = file({}, {record("note", "health", {2010, 1, 1})});
  EXPECT_EQ(only(dated, of, {2026, 10, 31}).day, (Date{2016, 1, 1}));
  EXPECT_EQ(only(dated, of, {2026, 11, 1}).day, (Date{2030, 1, 1}));
  EXPECT_FALSE(only(dated, of, {2030, 1, 1}).day.is_set());
  EXPECT_FALSE(only(dated, of, {2019, 12, 31}).day.is_set());
}

TEST(RetentionSchedule, years_are_counted_from_the_last_possible_day) {
  const auto birthday = schedule(rule("r", "counts_from = \"date_of_birth\"\nyears = 1"));
  PersonFile of = file({2016, 2, 29}, {record("note", "health", {2018, 1, 1})});
  EXPECT_EQ(only(birthday, of).day, (Date{2017, 2, 28}));
  of.life.birth = {{2016, 2, 1}, Precision::month};
  EXPECT_EQ(only(birthday, of).day, (Date{2017, 2, 28}));
  of.life.birth = {{2016, 1, 1}, Precision::year};
  EXPECT_EQ(only(birthday, of).day, (Date{2017, 12, 31}));
}

TEST(RetentionSchedule, counts_from_death_from_the_last_record_and_from_the_end_of_a_case) {
  const auto death = schedule(rule("r", "counts_from = \"date_of_death\"\nyears = 10"));
  const std::vector<FileRecord> records{record("note", "health", {2010, 1, 1}),
                                        record("closure", "social-care", {2012, 1, 1}),
                                        record("note", "health", {2015, 1, 1})};
  EXPECT_FALSE(only(death, file({1950, 1, 1}, records)).day.is_set());
  EXPECT_EQ(only(death, file({1950, 1, 1}, records, {2020, 6, 1})).day, (Date{2030, 6, 1}));
  EXPECT_EQ(only(schedule(rule("r", "counts_from = \"last_record\"\nyears = 6")), file({}, records)).day,
            (Date{2021, 1, 1}));
  const auto end = schedule(rule("r", "counts_from = \"case_end\"\nended_by = [\"closure\"]\nyears = 6"));
  EXPECT_EQ(only(end, file({}, records)).day, (Date{2018, 1, 1}));
  EXPECT_EQ(only(end, file({}, {records[0]})).day, (Date{2016, 1, 1})) << "no end is known: the last that is";
}

TEST(RetentionSchedule, a_case_without_an_end_is_open) {
  const auto with = schedule("[open_case]\nopened_by = [\"plan\"]\nclosed_by = [\"closure\"]\n");
  const auto plan = record("plan", "social-care.plan", {2020, 1, 1});
  EXPECT_EQ(with.open_case(file({}, {plan})), "plan");
  EXPECT_EQ(with.open_case(file({}, {plan, record("closure", "social-care", {2019, 1, 1})})), "plan")
      << "of an earlier one";
  EXPECT_EQ(with.open_case(file({}, {plan, record("closure", "social-care", {2020, 1, 1})})), "");
  EXPECT_EQ(schedule("").open_case(file({}, {plan})), "");
}

TEST(RetentionSchedule, every_mistake_is_told_at_once_with_its_line) {
  const std::string all = faults(
      "look_again_days = 0\n[[rule]]\nid = \"a\"\ntitle = \"T\"\neffective_from = \"soon\"\nstatus = \"perhaps\"\n"
      "categories = [\"gossip\"]\nkinds = [\"rumour\"]\ncounts_from = \"easter\"\nyears = 900\nthen = \"erase\"\n"
      "died_before_age = 18\n[[rule]]\nid = \"b\"\n" +
      std::string(head) + "counts_from = \"case_end\"\nyears = 1\n" + "[[standing_hold]]\nid = \"h\"\n" + head +
      "[open_case]\nopened_by = [\"plan\"]\n");
  for (const char* part :
       {"edition", "look_again_days", "r.toml", "`source`", "effective_from", "perhaps", "gossip", "rumour", "easter",
        "years", "erase", "years_from_death", "`ended_by`", "`ask`", "opened_by"})
    EXPECT_THAT(all, HasSubstr(part));
  EXPECT_THAT(faults("edition = \"x\"\n" + rule("a", "counts_from = \"record\"\nyears = 1") +
                     rule("a", "counts_from = \"record\"\nyears = 2")),
              HasSubstr("begins on that day already"));
}

}  // namespace
}  // namespace ginnel
