// SPDX-License-Identifier: Apache-2.0
#include "node/view/view_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/node/shown_view_for_tests.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

// Writing is tested by reading, and reading by writing: with every field different from its default.
CaseView full_view() {
  auto view = shown_view();
  view.items[1].occurred = {{}, Date::of(2027, 2, 1).value(), Precision::expected};
  view.items[1].received = {1'795'000'000'000};
  view.items[1].recorded = {};
  view.parts[1].contact = {"N. Urse", "Named nurse", "East", "01632 960107"};
  return view;
}

TEST(ViewJson, a_view_comes_back_as_it_was) {
  auto given = full_view();
  auto read = view_from_json(to_json(given));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(to_json(*read), to_json(given));
  EXPECT_EQ(read->id, given.id);
  EXPECT_EQ(read->family, given.family);
  EXPECT_EQ(read->birth_date, given.birth_date);
  EXPECT_EQ(read->standing, given.standing);
  EXPECT_EQ(read->kept_until, given.kept_until);
  EXPECT_EQ(read->open, given.open);
  ASSERT_EQ(read->parts.size(), given.parts.size());
  for (std::size_t i = 0; i < given.parts.size(); ++i) {
    EXPECT_EQ(read->parts[i].status, given.parts[i].status);
    EXPECT_EQ(read->parts[i].reason, given.parts[i].reason);
    EXPECT_EQ(read->parts[i].contact.phone, given.parts[i].contact.phone);
    EXPECT_EQ(read->parts[i].data_to, given.parts[i].data_to);
    EXPECT_EQ(read->parts[i].withheld, given.parts[i].withheld);
  }
  ASSERT_EQ(read->items.size(), given.items.size());
  for (std::size_t i = 0; i < given.items.size(); ++i) {
    EXPECT_EQ(read->items[i].occurred, given.items[i].occurred);
    EXPECT_EQ(read->items[i].recorded, given.items[i].recorded);
    EXPECT_EQ(read->items[i].received, given.items[i].received);
    EXPECT_EQ(read->items[i].step, given.items[i].step);
    EXPECT_EQ(read->items[i].fields, given.items[i].fields);
    EXPECT_EQ(read->items[i].narrative, given.items[i].narrative);
    EXPECT_EQ(read->items[i].assertion, given.items[i].assertion);
    EXPECT_EQ(read->items[i].author, given.items[i].author);
  }
  EXPECT_EQ(read->withheld[1].ask, given.withheld[1].ask);
}

TEST(ViewJson, every_status_has_its_word) {
  auto view = shown_view();
  for (const char* word :
       {"answered", "withheld", "refused", "not-known", "not-asked", "silent", "out-of-date", "unknown"}) {
    view.parts[0].status = part_status_from(word).value();
    EXPECT_EQ(Json::parse(to_json(view))["parts"][0]["status"], word);
    EXPECT_EQ(view_from_json(to_json(view))->parts[0].status, view.parts[0].status);
  }
}

TEST(ViewJson, times_are_no_more_precise_than_their_source) {
  auto json = Json::parse(to_json(shown_view()));
  EXPECT_EQ(json["items"][1]["occurred"], "2026-11-12");
  EXPECT_EQ(json["items"][0]["occurred"].get<std::string>().substr(0, 16), "2026-11-19T15:10");
}

TEST(ViewJson, content_is_only_in_items_that_have_that_step) {
  auto view = shown_view();
  view.items[0].step = Step::headline;  // fields and narrative are still set: a mistake elsewhere must not show them
  auto item = Json::parse(to_json(view))["items"][0];
  EXPECT_FALSE(item.contains("fields"));
  EXPECT_FALSE(item.contains("narrative"));
}

TEST(ViewJson, broken_utf8_is_marked_and_not_thrown) {
  auto view = shown_view();
  view.items[0].headline = "broken \xC3\x28 text";
  EXPECT_EQ(Json::parse(to_json(view))["items"][0]["headline"], "broken \xEF\xBF\xBD( text");
}

TEST(ViewJson, an_answer_without_a_needed_field_is_refused_and_an_unknown_field_is_not) {
  auto good = Json::parse(to_json(shown_view()));
  auto with_more = good;
  with_more["later"] = 1;
  with_more["parts"][0]["later"] = Json::array();
  EXPECT_TRUE(view_from_json(with_more.dump()));
  for (const char* name : {"id", "complete", "elapsedMs", "parts", "items", "withheld"}) {
    auto bad = good;
    bad.erase(name);
    EXPECT_EQ(view_from_json(bad.dump()).error().code, "bad-answer") << name;
    bad[name] = Json::object();
    EXPECT_FALSE(view_from_json(bad.dump())) << name;
  }
  for (const char* name : {"agency", "status", "items", "withheld"}) {
    auto bad = good;
    bad["parts"][0].erase(name);
    EXPECT_FALSE(view_from_json(bad.dump())) << name;
  }
  for (const char* name : {"id", "agency", "category", "kind", "step"}) {
    auto bad = good;
    bad["items"][0].erase(name);
    EXPECT_FALSE(view_from_json(bad.dump())) << name;
  }
  auto wrong_word = good;
  wrong_word["parts"][0]["status"] = "fine";
  EXPECT_FALSE(view_from_json(wrong_word.dump()));
}

TEST(ViewJson, what_is_no_object_is_an_error) {
  for (const char* text : {"", "x", "[]", "null", "7", "{}", "{\"parts\":[7]}"})
    EXPECT_EQ(view_from_json(text).error().code, "bad-answer") << text;
}

}  // namespace
}  // namespace ginnel
