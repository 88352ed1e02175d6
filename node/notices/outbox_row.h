// SPDX-License-Identifier: Apache-2.0
// What waits to be told to one member, or how it went: a row of the table `outbox`.
#pragma once

#include <string>

#include "federation/delivery/delivery_engine.h"
#include "node/store/numbered_rows.h"

namespace ginnel {

namespace limits {
inline constexpr std::int64_t outbox_kept_ms = 400 * day_ms;  // how a notice went, after it was settled
}

enum class Sending : std::uint8_t { waiting = 0, delivered = 1, refused = 2, given_up = 3, withdrawn = 4 };
std::string_view name_of(Sending state);  // "waiting", "not-delivered"

struct OutboxRow {
  NoticeId id;
  std::uint64_t number = 0;
  Instant since;
  AskId ask;
  bool asked_by_us = false;
  std::string worker;  // the peer's pseudonym of who asked; empty: we asked
  PersonRef person;
  std::string kind;  // word of the list `notice_kind`
  RecordId record, replaces;
  std::string reason;
  Sending state = Sending::waiting;
  Instant settled;
  Hash told{};  // of what was disclosed last; zero: nothing yet
  UserId by{};  // who wrote down what it tells; empty: an import did
  // The peer never was given `replaces`, only told that something of this category is held: its id and the reason why
  // it was taken back are not for them.
  bool was_only_counted = false;
  std::string counted_as{};
  Queued queued() const;
  bool operator==(const OutboxRow&) const = default;
};

ChildMark child_mark(const PersonRef& person);

// The origin of the task to tell a recipient another way, whom the notice could not be delivered to.
std::string non_delivery_origin(const NoticeId& id);

Bytes encode(const OutboxRow& row);
Expected<OutboxRow> decode_outbox_row(ByteView bytes);

}  // namespace ginnel
