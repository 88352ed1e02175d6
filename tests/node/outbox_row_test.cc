// SPDX-License-Identifier: Apache-2.0
#include "node/notices/outbox_row.h"

#include <gtest/gtest.h>

#include "node/store/row_text.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

OutboxRow filled() {
  SeededRandom random(3);
  OutboxRow row;
  row.id = NoticeId::make(random);
  row.number = 7;
  row.since = noon;
  row.ask = AskId::make(random);
  row.worker = "w1";
  row.person = PersonRef::make(random);
  row.kind = "retraction";
  row.replaces = RecordId::make(random);
  row.reason = "a slip";
  row.by = UserId::make(random);
  row.was_only_counted = true;
  row.counted_as = "police";
  return row;
}

// As nodes before this one wrote it.
Bytes as_layout(std::uint8_t layout, const OutboxRow& value) {
  RowWriter row(layout);
  row.id(value.id).number(value.number).instant(value.since).id(value.ask).number(0).text(value.worker);
  row.id(value.person).text(value.kind).id(value.record).id(value.replaces).text(value.reason);
  row.number(std::uint64_t(value.state)).instant(value.settled).bytes(value.told);
  if (layout == 2) row.id(value.by);
  return row.take();
}

TEST(OutboxRow, is_read_as_it_was_written) {
  const auto row = decode_outbox_row(encode(filled()));
  ASSERT_TRUE(row) << row.error().text();
  EXPECT_EQ(*row, filled());
}

TEST(OutboxRow, of_an_earlier_version_still_waits_and_was_given_not_counted) {
  for (const std::uint8_t layout : {1, 2}) {
    const auto row = decode_outbox_row(as_layout(layout, filled()));
    ASSERT_TRUE(row) << int(layout) << ": " << row.error().text();
    OutboxRow expected = filled();
    expected.was_only_counted = false;
    expected.counted_as.clear();
    if (layout == 1) expected.by = UserId();
    EXPECT_EQ(*row, expected) << int(layout);
  }
}

TEST(OutboxRow, that_is_cut_or_of_a_later_version_is_refused) {
  Bytes bytes = encode(filled());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_outbox_row(ByteView(bytes).first(size))) << size;
  bytes[0] = 4;
  EXPECT_FALSE(decode_outbox_row(bytes));
}

}  // namespace
}  // namespace ginnel
