// SPDX-License-Identifier: Apache-2.0
// A file on its way between two members: its pages, and the engine that fetches them.
#include "federation/wire/file.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "federation/ask/file_engine.h"
#include "federation/base/crypto/hash.h"
#include "federation/wire/limits.h"
#include "tests/federation/wire_samples.h"

namespace ginnel {
namespace {

Bytes content_of(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = std::uint8_t(i * 31 + i / 251);
  return out;
}

FileName name_of_file(const Bytes& content) {
  return {samples::id<AskId>(0x20), samples::id<RecordId>(0x30), sha256(content)};
}

TEST(FilePages, hold_the_file_and_each_of_them_fits_a_frame) {
  for (const std::size_t size : {std::size_t{1}, limits::file_page_bytes - 1, limits::file_page_bytes,
                                 limits::file_page_bytes + 1, limits::file_bytes_max}) {
    const Bytes content = content_of(size);
    const auto pages = split_file(name_of_file(content), content);
    ASSERT_EQ(pages.size(), file_pages(size));
    Bytes together;
    for (const auto& page : pages) {
      const Bytes bytes = encode_file_page(page);
      EXPECT_LE(bytes.size(), limits::payload_bytes_max);
      const auto read = decode_file_page(bytes);
      ASSERT_TRUE(read) << read.error().text();
      EXPECT_EQ(*read, page);
      append(together, read->content);
    }
    EXPECT_EQ(together, content);
  }
  EXPECT_TRUE(split_file(name_of_file({}), {}).empty());
  EXPECT_TRUE(split_file(name_of_file({}), Bytes(limits::file_bytes_max + 1)).empty());
}

TEST(FilePages, that_no_writer_makes_are_refused) {
  const Bytes content = content_of(limits::file_page_bytes + 5);
  const auto pages = split_file(name_of_file(content), content);
  const auto is_read = [](FilePage page, auto change) {
    change(page);
    return decode_file_page(encode_file_page(page)).has_value();
  };
  EXPECT_TRUE(is_read(pages[0], [](FilePage&) {}));
  EXPECT_FALSE(is_read(pages[0], [](FilePage& page) { page.content.pop_back(); }));
  EXPECT_FALSE(is_read(pages[1], [](FilePage& page) { page.content.clear(); }));
  EXPECT_FALSE(is_read(pages[1], [](FilePage& page) { page.page = 2; }));
  EXPECT_FALSE(is_read(pages[1], [](FilePage& page) { page.pages = 1; }));
  EXPECT_FALSE(is_read(pages[1], [](FilePage& page) { page.file.sha256 = {}; }));
  EXPECT_FALSE(is_read(pages[1], [](FilePage& page) { page.file.ask = AskId(); }));
  EXPECT_FALSE(is_read(pages[1], [](FilePage& page) { page.pages = 1000; }));
  FileRequest request{pages[0].file, 17};
  EXPECT_EQ(decode_file_request(encode_file_request(request)).value(), request);
  request.page = 18;
  EXPECT_FALSE(decode_file_request(encode_file_request(request)));
}

// The one form or the other, and nothing of both.
TEST(FileNames, are_of_an_answer_or_of_a_transfer) {
  const auto refused = [](auto change) {
    FileRequest request = samples::transfer_part_request();
    change(request.file);
    auto read = decode_file_request(encode_file_request(request));
    FilePage page = samples::transfer_part_page();
    change(page.file);
    auto of_page = decode_file_page(encode_file_page(page));
    if (read || of_page) return std::string("nothing");
    EXPECT_EQ(read.error().code, "bad-payload");
    EXPECT_EQ(read.error().why, of_page.error().why);
    return read.error().why;
  };
  EXPECT_EQ(refused([](FileName&) {}), "nothing");
  EXPECT_EQ(refused([](FileName& file) { file.ask = samples::id<AskId>(0x20); }), "`ask` stands beside a transfer");
  EXPECT_EQ(refused([](FileName& file) { file.record = samples::id<RecordId>(0x30); }),
            "`record` stands beside a transfer");
  EXPECT_EQ(refused([](FileName& file) { file.sha256 = {}; }), "`sha256` is all zero");
  EXPECT_EQ(refused([](FileName& file) { file.transfer = {}; }), "`ask` has not the right length");
  EXPECT_EQ(refused([](FileName& file) {
              file = name_of_file({1});
              file.record = {};
            }),
            "`record` has not the right length");
  EXPECT_EQ(refused([](FileName& file) { file = name_of_file({1}); }), "nothing");
}

TEST(FileNames, of_a_transfer_need_an_id_that_is_one) {
  const Bytes good = encode_file_request(samples::transfer_part_request());
  const Bytes id = copy_of(samples::id<TransferId>(0x44).bytes());
  Bytes zeroed = good;
  const auto at = std::search(zeroed.begin(), zeroed.end(), id.begin(), id.end());
  ASSERT_NE(at, zeroed.end());
  std::fill_n(at, id.size(), std::uint8_t(0));
  EXPECT_EQ(decode_file_request(zeroed).error().why, "`transfer` is all zero");
  // The pointers stand after the word of data: ask, record, sha256, transfer. A length is in eighths of the last word.
  Bytes shorter = good;
  const std::size_t length_at = 8 + 8 + 8 + 3 * 8 + 4;
  ASSERT_EQ(shorter[length_at], 16u << 3 | 2u);
  shorter[length_at] = 15u << 3 | 2u;
  EXPECT_EQ(decode_file_request(shorter).error().why, "`transfer` has not the right length");
}

// Nodes of before transfers read it, and what they write is the same.
TEST(FileNames, of_an_answer_are_written_without_the_field_of_a_transfer) {
  const auto pointers_of = [](const Bytes& bytes) { return bytes[8 + 6]; };
  EXPECT_EQ(pointers_of(encode_file_request(samples::file_request())), 3);
  EXPECT_EQ(pointers_of(encode_file_page(samples::file_page())), 4);
  EXPECT_EQ(pointers_of(encode_file_request(samples::transfer_part_request())), 4);
  EXPECT_EQ(pointers_of(encode_file_page(samples::transfer_part_page())), 5);
}

TEST(FilePages, of_a_part_of_a_transfer_fit_a_frame_as_well) {
  const Bytes content = content_of(limits::file_bytes_max);
  for (const auto& page : split_file(transfer_part_name(samples::id<TransferId>(0x44), sha256(content)), content)) {
    const Bytes bytes = encode_file_page(page);
    EXPECT_LE(bytes.size(), limits::payload_bytes_max);
    EXPECT_EQ(decode_file_page(bytes).value(), page);
  }
}

class FileEngineTest : public testing::Test {
 protected:
  // The requests that go out now.
  std::vector<std::uint32_t> asked() {
    std::vector<std::uint32_t> out;
    for (const auto& message : engine.take_outgoing()) {
      EXPECT_EQ(message.to, holder);
      EXPECT_EQ(message.kind, Kind::file_request);
      sent.push_back(message.id);
      out.push_back(decode_file_request(message.payload).value().page);
    }
    return out;
  }
  std::optional<Drop> give(std::uint32_t page) { return engine.receive(holder, pages[page], now); }
  void start() { ASSERT_TRUE(engine.start(holder, file, content.size(), now)); }

  SeededRandom random{3};
  FileEngine engine{random};
  const MemberId holder = *MemberId::parse("leeds-health");
  const Bytes content = content_of(9 * limits::file_page_bytes + 7);
  const FileName file = name_of_file(content);
  const std::vector<FilePage> pages = split_file(file, content);
  std::vector<MessageId> sent;
  Instant now{1'700'000'000'000};
};

using Pages = std::vector<std::uint32_t>;

TEST_F(FileEngineTest, fetches_the_first_page_alone_then_a_few_at_a_time) {
  start();
  start();  // it is on its way
  EXPECT_EQ(asked(), Pages{0});
  EXPECT_FALSE(give(0));
  EXPECT_EQ(asked(), (Pages{1, 2, 3, 4}));
  EXPECT_FALSE(give(2));
  EXPECT_FALSE(give(2)) << "the same again";
  EXPECT_EQ(asked(), Pages{5});
  for (const std::uint32_t page : {1u, 3u, 4u, 5u, 6u, 7u, 8u}) EXPECT_FALSE(give(page));
  EXPECT_EQ(asked(), (Pages{6, 7, 8, 9}));
  EXPECT_TRUE(engine.take_files().empty());
  EXPECT_FALSE(give(9));
  const auto files = engine.take_files();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].from, holder);
  EXPECT_EQ(files[0].file, file);
  EXPECT_EQ(files[0].content.value(), content);
  EXPECT_FALSE(engine.next_tick());
}

TEST_F(FileEngineTest, takes_pages_of_the_file_from_whom_it_asked_and_nothing_else) {
  start();
  EXPECT_EQ(engine.receive(*MemberId::parse("wy-police"), pages[0], now), Drop::unsolicited);
  FilePage other = pages[0];
  other.file.record = samples::id<RecordId>(0x31);
  EXPECT_EQ(engine.receive(holder, other, now), Drop::unsolicited);
  other = pages[0];
  other.pages = 3;
  EXPECT_EQ(engine.receive(holder, other, now), Drop::bad_payload);
  EXPECT_TRUE(engine.take_files().empty());
}

TEST_F(FileEngineTest, takes_a_page_of_a_transfer_for_nothing_but_that_transfer) {
  start();
  FilePage other = pages[0];
  other.file = transfer_part_name(samples::id<TransferId>(0x44), file.sha256);
  EXPECT_EQ(engine.receive(holder, other, now), Drop::unsolicited);
  ASSERT_TRUE(engine.start(holder, other.file, content.size(), now));
  EXPECT_EQ(engine.receive(holder, other, now), std::nullopt);
  other.file.transfer = samples::id<TransferId>(0x45);
  EXPECT_EQ(engine.receive(holder, other, now), Drop::unsolicited);
  EXPECT_TRUE(engine.is_fetching(holder, file));
}

TEST_F(FileEngineTest, gives_nobody_a_file_that_is_not_the_one_that_was_named) {
  start();
  for (std::uint32_t page = 0; page < pages.size(); ++page) {
    FilePage given = pages[page];
    if (page == 4) given.content[17] ^= 1;
    EXPECT_FALSE(engine.receive(holder, given, now));
  }
  const auto files = engine.take_files();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].content.error().code, "file-altered");
}

TEST_F(FileEngineTest, asks_again_for_what_does_not_come_and_gives_up_in_time) {
  start();
  asked();
  give(0);
  asked();
  give(3);
  asked();
  now = *engine.next_tick();
  engine.tick(now);
  EXPECT_EQ(asked(), (Pages{1, 2, 4, 5}));
  const Instant begun = now;
  while (engine.next_tick()) {
    now = *engine.next_tick();
    engine.tick(now);
    ASSERT_LE(now - begun, limits::file_wait_ms);
  }
  const auto files = engine.take_files();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].content.error().code, "agency-silent");
}

TEST_F(FileEngineTest, says_that_an_agency_does_not_give_it_or_does_not_know_how) {
  start();
  asked();
  EXPECT_FALSE(engine.receive_problem(holder, MessageId::make(random), {"not-found", "", "", "x"}));
  EXPECT_FALSE(engine.receive_problem(*MemberId::parse("wy-police"), sent.back(), {"not-found", "", "", "x"}));
  EXPECT_TRUE(engine.receive_problem(holder, sent.back(), {std::string(unsupported_kind_code), "", "", "x"}));
  const auto files = engine.take_files();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].content.error().code, "file-not-given");
  EXPECT_NE(files[0].content.error().why.find("version"), std::string::npos);
}

}  // namespace
}  // namespace ginnel
