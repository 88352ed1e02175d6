// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/ask.h"

#include <gtest/gtest.h>

#include <functional>

#include "federation/wire/limits.h"
#include "tests/federation/wire_samples.h"

namespace ginnel {
namespace {

TEST(AskCodec, any_ask_is_read_as_it_was_written) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Ask ask = samples::Chance(seed).ask();
    const auto bytes = encode_ask(ask);
    ASSERT_TRUE(bytes) << seed << " " << bytes.error().text();
    EXPECT_EQ(bytes->size() % 8, 0u);
    auto read = decode_ask(*bytes);
    ASSERT_TRUE(read) << seed << " " << read.error().text();
    EXPECT_EQ(*read, ask) << seed;
  }
}

// What may not be sent is not sent; a peer that sends it all the same is met by the same checks on reading.
TEST(AskCodec, an_ask_out_of_range_is_refused_with_the_fields_name) {
  const std::vector<std::pair<std::string, std::function<void(Ask&)>>> cases = {
      {"id", [](Ask& ask) { ask.id = {}; }},
      {"handle",
       [](Ask& ask) {
         ask.about = Handle{1, Bytes(15)};
       }},
      {"handle",
       [](Ask& ask) {
         ask.about = Handle{1, Bytes(65)};
       }},
      {"aboutRole", [](Ask& ask) { ask.about_role = SubjectRole::third_party; }},
      {"claims.role", [](Ask& ask) { ask.claims.role = ""; }},
      {"claims.purpose", [](Ask& ask) { ask.claims.purpose = "child protection"; }},
      {"claims.purpose", [](Ask& ask) { ask.claims.purpose = std::string(65, 'x'); }},
      {"claims.basis", [](Ask& ask) { ask.claims.basis = "vital\x01"; }},
      {"claims.namedReason", [](Ask& ask) { ask.claims.named_reason = "nobody is named in this ask"; }},
      {"breakGlassReason", [](Ask& ask) { ask.break_glass_reason = std::string(2001, 'x'); }},
      {"breakGlassReason", [](Ask& ask) { ask.break_glass_reason = "\xff"; }},
      {"breakGlassReason", [](Ask& ask) { ask.break_glass_reason = "\xed\xa0\x80"; }},
      {"breakGlassReason", [](Ask& ask) { ask.break_glass_reason = "\xc0\x80"; }},
      {"breakGlassReason", [](Ask& ask) { ask.break_glass_reason = "\xf4\x90\x80\x80"; }},
      {"breakGlassReason", [](Ask& ask) { ask.break_glass_reason = std::string("a\0b", 3); }},
      {"breakGlassReason", [](Ask& ask) { ask.break_glass_reason = "cut \xe2\x82"; }},
      {"highest", [](Ask& ask) { ask.highest = Step::none; }},
      {"categories",
       [](Ask& ask) {
         for (int i = 0; i < 129; ++i) ask.categories.insert("c" + std::to_string(i));
       }},
      {"categories", [](Ask& ask) { ask.categories.insert(""); }},
      {"asKnownAt", [](Ask& ask) { ask.as_known_at = {-1}; }},
      {"deadline", [](Ask& ask) { ask.deadline = {}; }},
      {"processHead", [](Ask& ask) { ask.process_head = Bytes(4097); }},
      {"processHeadSalt", [](Ask& ask) { ask.process_head_salt = {}; }},
      {"processHeadSalt", [](Ask& ask) { ask.process_head = {}; }},
  };
  for (const auto& [field, change] : cases) {
    Ask ask = samples::ask_by_handle();
    change(ask);
    auto bytes = encode_ask(ask);
    ASSERT_FALSE(bytes) << field;
    EXPECT_NE(bytes.error().why.find("`" + field + "`"), std::string::npos) << bytes.error().text();
  }
}

TEST(AskCodec, text_of_every_script_passes) {
  Ask ask = samples::ask_by_handle();
  ask.break_glass_reason = "Łódź, 東京, عربى, 😀 and \xf4\x8f\xbf\xbf, \xed\x9f\xbf, \xee\x80\x80";
  EXPECT_EQ(decode_ask(encode_ask(ask).value()).value(), ask);
}

TEST(AskCodec, a_named_child_whose_identity_is_none_is_refused) {
  Ask ask = samples::ask_by_name();
  ask.about = Identity{"9990000019", "", "", {}, ""};  // the check digit is wrong
  const auto read = decode_ask(encode_ask(ask).value());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, "bad-payload");
  EXPECT_EQ(read.error().text().find("9990000019"), std::string::npos) << "an error quotes no identity";
  ask.about = Identity{"", "", "Tester", *Date::of(2016, 3, 14), ""};
  EXPECT_FALSE(decode_ask(encode_ask(ask).value()));
}

// Enums, lists and texts of a hostile writer, by changing the bytes of a good one.
TEST(AskCodec, no_changed_byte_crashes_and_what_reads_is_in_range) {
  const Bytes good = encode_ask(samples::ask_by_name()).value();
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int value : {0x00, 0x01, 0x05, 0x7f, 0x80, 0xff}) {
      Bytes changed = good;
      changed[at] = std::uint8_t(value);
      auto read = decode_ask(changed);
      if (!read) {
        EXPECT_EQ(read.error().code, "bad-payload");
        continue;
      }
      EXPECT_TRUE(step_from(static_cast<std::uint16_t>(read->highest)));
      EXPECT_LE(static_cast<int>(read->about_role), 3);
      EXPECT_TRUE(encode_ask(*read)) << "what was read could not be written";
    }
  }
}

TEST(AskCodec, a_truncated_ask_is_refused_at_every_length) {
  const Bytes good = encode_ask(samples::ask_by_handle()).value();
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(decode_ask(ByteView(good).first(size))) << size;
}

TEST(AskCodec, a_page_past_the_last_there_can_be_is_refused) {
  PageRequest request = samples::page_request();
  request.page = limits::answer_pages_max - 1;
  EXPECT_TRUE(decode_page_request(encode_page_request(request)));
  request.page = limits::answer_pages_max;
  EXPECT_FALSE(decode_page_request(encode_page_request(request)));
}

}  // namespace
}  // namespace ginnel
