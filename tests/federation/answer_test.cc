// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/answer.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/federation/wire_samples.h"

namespace ginnel {
namespace {

using samples::Chance;
using samples::noon;

Answer with_items(std::size_t count, std::size_t narrative_bytes) {
  Answer answer = samples::answer();
  answer.page = 0;
  answer.pages = 1;
  answer.status = PartStatus::answered;
  answer.reason = {};
  answer.items.clear();
  for (std::size_t i = 0; i < count; ++i) {
    Item item = samples::item();
    item.record = samples::id<RecordId>(std::uint8_t(i + 1));
    item.narrative = std::string(narrative_bytes, 'x');
    answer.items.push_back(item);
  }
  return answer;
}

TEST(AnswerCodec, any_answer_is_read_as_it_was_written) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Answer answer = Chance(seed).answer();
    const auto bytes = encode_answer(answer);
    ASSERT_TRUE(bytes) << seed << " " << bytes.error().text();
    auto read = decode_answer(*bytes);
    ASSERT_TRUE(read) << seed << " " << read.error().text();
    EXPECT_EQ(*read, answer) << seed;
  }
}

TEST(AnswerCodec, a_part_that_contradicts_itself_is_refused) {
  using enum PartStatus;
  const std::vector<std::pair<std::string, std::function<void(Answer&)>>> cases = {
      {"status", [](Answer& a) { a.status = silent; }},
      {"status", [](Answer& a) { a.status = not_asked; }},
      {"items", [](Answer& a) { a.status = withheld; }},
      {"items", [](Answer& a) { a.status = not_known; }},
      {"withheld", [](Answer& a) { a.status = not_known, a.items.clear(); }},
      {"markings", [](Answer& a) { a.status = not_known, a.items.clear(), a.withheld.clear(); }},
      {"markings", [](Answer& a) { a.status = refused, a.items.clear(), a.withheld.clear(); }},
      {"reason", [](Answer& a) { a.status = not_known, a.items.clear(), a.withheld.clear(), a.markings.clear(); }},
      {"reason", [](Answer& a) { a.reason = {}; }},
      {"withheld", [](Answer& a) { a.status = withheld, a.items.clear(), a.withheld.clear(); }},
      {"problem.code", [](Answer& a) { a.status = answered, a.reason.code = ""; }},
      {"page", [](Answer& a) { a.page = 2; }},
      {"page", [](Answer& a) { a.pages = 257; }},
      {"ask", [](Answer& a) { a.ask = {}; }},
      {"answeredAt", [](Answer& a) { a.answered_at = {}; }},
      {"item.step", [](Answer& a) { a.items[0].step = Step::headline; }},
      {"item.step", [](Answer& a) { a.items[0].step = Step::exists; }},
      {"item.record", [](Answer& a) { a.items[0].record = {}; }},
      {"item.kind", [](Answer& a) { a.items[0].kind = ""; }},
      {"item.headline", [](Answer& a) { a.items[0].headline = std::string(501, 'x'); }},
      {"item.occurred", [](Answer& a) { a.items[0].occurred.precision = Precision::day; }},
      {"item.recorded", [](Answer& a) { a.items[0].recorded.date = {}; }},
      {"label.category", [](Answer& a) { a.items[0].label.category = ""; }},
      {"label.sensitivity", [](Answer& a) { a.items[0].label.sensitivity = 5; }},
      {"withheld.count", [](Answer& a) { a.withheld[0].count = 0; }},
  };
  for (const auto& [field, change] : cases) {
    Answer answer = samples::answer();
    change(answer);
    auto bytes = encode_answer(answer);
    ASSERT_FALSE(bytes) << field;
    EXPECT_NE(bytes.error().why.find("`" + field + "`"), std::string::npos) << bytes.error().text();
  }
}

TEST(AnswerCodec, no_changed_byte_crashes_and_what_reads_could_be_written) {
  const Bytes good = encode_answer(samples::answer()).value();
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int value : {0x00, 0x01, 0x06, 0x80, 0xff}) {
      Bytes changed = good;
      changed[at] = std::uint8_t(value);
      auto read = decode_answer(changed);
      if (!read) continue;
      EXPECT_TRUE(may_travel(read->status));
      EXPECT_TRUE(encode_answer(*read));
    }
  }
}

TEST(AnswerCodec, not_known_answers_differ_only_in_ask_and_times) {
  const Contact duty{"Duty desk", "", "Leeds", "01632 960001", "always"};
  const auto one = not_known_answer(samples::id<AskId>(1), duty, noon, noon, {}, "public_task");
  auto other = not_known_answer(samples::id<AskId>(2), duty, noon, noon + 1, {}, "public_task");
  EXPECT_EQ(encode_answer(one)->size(), encode_answer(other)->size());
  other.ask = one.ask;
  other.answered_at = one.answered_at;
  EXPECT_EQ(encode_answer(one).value(), encode_answer(other).value());
  EXPECT_EQ(paginate(one).size(), 1u);
  EXPECT_EQ(paginate(one)[0], one);
}

TEST(AnswerCodec, every_status_has_its_name) {
  for (std::size_t i = 0; i < part_statuses; ++i) {
    const auto status = static_cast<PartStatus>(i);
    EXPECT_EQ(part_status_from(name_of(status)), status);
  }
  EXPECT_FALSE(part_status_from("safe"));
}

// Whatever the sizes: every page fits, and every item is either on one page, in order, or counted as withheld.
void expect_complete(const Answer& whole, const std::vector<Answer>& pages, std::size_t page_bytes_max) {
  ASSERT_FALSE(pages.empty());
  std::vector<Item> items;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    EXPECT_EQ(pages[i].page, i);
    EXPECT_EQ(pages[i].pages, pages.size());
    const auto bytes = encode_answer(pages[i]);
    ASSERT_TRUE(bytes) << bytes.error().text();
    EXPECT_LE(bytes->size(), page_bytes_max);
    EXPECT_TRUE(i == 0 || (pages[i].withheld.empty() && pages[i].markings.empty()));
    items.insert(items.end(), pages[i].items.begin(), pages[i].items.end());
  }
  std::size_t withheld_before = 0, withheld_after = 0;
  for (const auto& withheld : whole.withheld) withheld_before += withheld.count;
  for (const auto& withheld : pages[0].withheld) withheld_after += withheld.count;
  EXPECT_EQ(items.size() + withheld_after, whole.items.size() + withheld_before);
  auto at = whole.items.begin();
  for (const auto& item : items) {
    at = std::find(at, whole.items.end(), item);
    ASSERT_NE(at, whole.items.end()) << "an item is out of order or was changed";
    ++at;
  }
}

TEST(Paginate, any_answer_at_any_page_size_loses_nothing) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Answer answer = Chance(seed).answer();
    for (std::size_t page_bytes_max : {16'384u, 20'000u, 65'536u, 260'000u})
      expect_complete(answer, paginate(answer, page_bytes_max), page_bytes_max);
  }
}

TEST(Paginate, what_fits_one_page_is_one_page_unchanged) {
  const Answer answer = with_items(20, 100);
  EXPECT_EQ(paginate(answer), std::vector<Answer>{answer});
}

TEST(Paginate, a_page_is_filled_before_the_next_begins) {
  const Answer answer = with_items(100, 10'000);
  const auto pages = paginate(answer);
  expect_complete(answer, pages, limits::answer_page_bytes_max);
  EXPECT_EQ(pages.size(), 5u);
}

TEST(Paginate, an_item_too_long_for_a_page_is_counted_and_somebody_is_named) {
  Answer answer = with_items(3, 100);
  answer.items[1].narrative = std::string(300'000, 'x');
  const auto pages = paginate(answer);
  expect_complete(answer, pages, limits::answer_page_bytes_max);
  ASSERT_EQ(pages.size(), 1u);
  ASSERT_EQ(pages[0].items.size(), 2u);
  const Withheld& left_out = pages[0].withheld.back();
  EXPECT_EQ(left_out.count, 1u);
  EXPECT_NE(left_out.reason.find("too long for a page"), std::string::npos);
  EXPECT_NE(left_out.ask.find("01632 960033"), std::string::npos);
}

TEST(Paginate, an_item_that_no_peer_would_read_is_counted_too) {
  Answer answer = with_items(3, 100);
  answer.items[0].headline = "\xff";
  answer.items[2].label.category = "not a word";
  const auto pages = paginate(answer);
  ASSERT_EQ(pages.size(), 1u);
  EXPECT_EQ(pages[0].items.size(), 1u);
  EXPECT_EQ(pages[0].withheld.size(), answer.withheld.size() + 2);
  EXPECT_TRUE(encode_answer(pages[0]));
}

TEST(Paginate, more_than_all_pages_hold_is_counted) {
  const Answer answer = with_items(600, 5000);
  const auto pages = paginate(answer, 8192);
  expect_complete(answer, pages, 8192);
  EXPECT_EQ(pages.size(), limits::answer_pages_max);
}

}  // namespace
}  // namespace ginnel
