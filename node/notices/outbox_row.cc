// SPDX-License-Identifier: Apache-2.0
#include "node/notices/outbox_row.h"

#include <algorithm>

#include "node/store/row_text.h"

namespace ginnel {
namespace {

constexpr std::uint8_t outbox_row_layout = 3, outbox_row_layout_without_counted = 2, outbox_row_layout_without_by = 1;

}  // namespace

std::string_view name_of(Sending state) {
  switch (state) {
    case Sending::waiting:
      return "waiting";
    case Sending::delivered:
      return "delivered";
    case Sending::refused:
      return "refused";
    case Sending::given_up:
      return "not-delivered";
    case Sending::withdrawn:
      return "withdrawn";
  }
  return "waiting";
}

Queued OutboxRow::queued() const { return {id, number, child_mark(person), since}; }

ChildMark child_mark(const PersonRef& person) {
  ChildMark mark{};
  std::copy(person.bytes().begin(), person.bytes().end(), mark.begin());
  return mark;
}

std::string non_delivery_origin(const NoticeId& id) { return "non-delivery:" + id.hex(); }

Bytes encode(const OutboxRow& value) {
  RowWriter row(outbox_row_layout);
  row.id(value.id).number(value.number).instant(value.since).id(value.ask).number(value.asked_by_us ? 1 : 0);
  row.text(value.worker).id(value.person).text(value.kind).id(value.record).id(value.replaces).text(value.reason);
  row.number(std::uint64_t(value.state)).instant(value.settled).bytes(value.told).id(value.by);
  row.number(value.was_only_counted ? 1 : 0).text(value.counted_as);
  return row.take();
}

Expected<OutboxRow> decode_outbox_row(ByteView bytes) {
  const std::uint8_t written = bytes.empty() ? outbox_row_layout : bytes[0];
  const bool is_older = written == outbox_row_layout_without_counted || written == outbox_row_layout_without_by;
  RowReader row(bytes, is_older ? written : outbox_row_layout);
  OutboxRow out;
  out.id = row.id<NoticeId>();
  out.number = row.number();
  out.since = row.instant();
  out.ask = row.id<AskId>();
  out.asked_by_us = row.number() == 1;
  out.worker = row.text();
  out.person = row.id<PersonRef>();
  out.kind = row.text();
  out.record = row.id<RecordId>();
  out.replaces = row.id<RecordId>();
  out.reason = row.text();
  const std::uint64_t state = row.number();
  out.state = Sending(state);
  out.settled = row.instant();
  const Bytes told = row.bytes();
  if (written != outbox_row_layout_without_by) out.by = row.id<UserId>();
  if (!is_older) {
    out.was_only_counted = row.number() == 1;
    out.counted_as = row.text();
  }
  if (!row.at_end() || state > std::uint64_t(Sending::withdrawn) || told.size() != out.told.size())
    return fail("index-mismatch", "cannot read what waits to be told", "the row has another layout", "");
  std::copy(told.begin(), told.end(), out.told.begin());
  return out;
}

}  // namespace ginnel
