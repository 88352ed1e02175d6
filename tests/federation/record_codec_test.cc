// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/record_codec.h"

#include <gtest/gtest.h>

#include "federation/wire/limits.h"
#include "tests/federation/wire_samples.h"

namespace ginnel {
namespace {

using samples::Chance;

TEST(RecordCodec, any_record_is_read_as_it_was_written_and_written_alike) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Record record = Chance(seed).record();
    const auto bytes = encode_record(record);
    ASSERT_TRUE(bytes) << seed << " " << bytes.error().text();
    EXPECT_EQ(bytes->size() % 8, 0u);
    auto read = decode_record(*bytes);
    ASSERT_TRUE(read) << seed << " " << read.error().text();
    EXPECT_EQ(*read, record) << seed;
    EXPECT_EQ(encode_record(*read).value(), *bytes) << seed;
  }
}

TEST(RecordCodec, any_person_is_read_as_it_was_written_and_written_alike) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Person person = Chance(seed).person();
    const auto bytes = encode_person(person);
    ASSERT_TRUE(bytes) << seed << " " << bytes.error().text();
    auto read = decode_person(*bytes);
    ASSERT_TRUE(read) << seed << " " << read.error().text();
    EXPECT_EQ(*read, person) << seed;
    EXPECT_EQ(encode_person(*read).value(), *bytes) << seed;
  }
}

TEST(RecordCodec, the_longest_narrative_is_kept_and_a_longer_one_refused) {
  Record record = samples::record();
  record.narrative = std::string(limits::narrative_bytes_max, 'x');
  EXPECT_EQ(decode_record(encode_record(record).value()).value(), record);
  record.narrative += 'x';
  EXPECT_EQ(encode_record(record).error().code, "too-long");
}

TEST(RecordCodec, a_record_of_nobody_is_refused) {
  Record record = samples::record();
  record.subjects.clear();
  EXPECT_FALSE(encode_record(record));
  record.subjects = {{PersonRef(), SubjectRole::child}};
  EXPECT_FALSE(encode_record(record));
}

TEST(RecordCodec, an_instant_that_no_calendar_holds_is_refused) {
  const Instant last{7'321'190'399'999};  // 2201-12-31T23:59:59.999Z
  const auto fault = [](const Record& record) {
    const auto written = encode_record(record);
    return written ? std::string("none") : written.error().text();
  };
  for (const Instant far : {last + 1, Instant{INT64_MAX}}) {
    Record occurred = samples::record(), received = samples::record();
    occurred.occurred = {far, *Date::of(2026, 11, 8), Precision::minute};
    EXPECT_NE(fault(occurred).find("occurred"), std::string::npos) << fault(occurred);
    received.received_by_node = far;
    EXPECT_NE(fault(received).find("receivedByNode"), std::string::npos) << fault(received);
  }
  Record record = samples::record();
  record.received_by_node = last;
  record.occurred = {last, *Date::of(2200, 12, 31), Precision::minute};
  EXPECT_EQ(decode_record(encode_record(record).value()).value(), record);
}

TEST(RecordCodec, bad_text_is_named_by_field_and_not_quoted) {
  Record record = samples::record();
  record.headline = "Aisha \xff";
  const auto refused = encode_record(record);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "bad-text");
  EXPECT_NE(refused.error().text().find("headline"), std::string::npos);
  EXPECT_EQ(refused.error().text().find("Aisha"), std::string::npos);
}

TEST(RecordCodec, no_changed_byte_crashes_and_what_reads_could_be_written) {
  const Bytes record = encode_record(samples::record()).value();
  const Bytes person = encode_person(samples::person()).value();
  for (int value : {0x00, 0x01, 0x05, 0x80, 0xff}) {
    for (std::size_t at = 0; at < record.size(); ++at) {
      Bytes changed = record;
      changed[at] = std::uint8_t(value);
      auto read = decode_record(changed);
      EXPECT_TRUE(!read || encode_record(*read));
    }
    for (std::size_t at = 0; at < person.size(); ++at) {
      Bytes changed = person;
      changed[at] = std::uint8_t(value);
      auto read = decode_person(changed);
      EXPECT_TRUE(!read || encode_person(*read));
    }
  }
}

TEST(RecordCodec, truncated_values_are_refused_at_every_length) {
  const Bytes record = encode_record(samples::record()).value();
  for (std::size_t size = 0; size < record.size(); ++size) EXPECT_FALSE(decode_record(ByteView(record).first(size)));
  const Bytes person = encode_person(samples::person()).value();
  for (std::size_t size = 0; size < person.size(); ++size) EXPECT_FALSE(decode_person(ByteView(person).first(size)));
}

}  // namespace
}  // namespace ginnel
