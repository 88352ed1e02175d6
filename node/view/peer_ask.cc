// SPDX-License-Identifier: Apache-2.0
#include "node/view/peer_ask.h"

#include "federation/wire/process_head.h"

namespace ginnel {

PartAsk part_ask_of(const MemberId& from, const Ask& ask, const DirectoryBook& book, Instant now) {
  const Member* member = book.find(from);
  PartAsk part;
  part.asking.agency = from;
  part.asking.agency_kind = member ? member->kind : std::string();
  part.asking.worker = to_hex(ask.claims.worker);
  part.asking.role = ask.claims.role;
  part.asking.purpose = ask.claims.purpose;
  part.asking.basis = ask.claims.basis;
  part.asking.break_glass = !ask.break_glass_reason.empty();
  part.asking.highest = ask.highest;
  part.asking.categories = ask.categories;
  part.access.ask = ask.id;
  part.access.peer = from;
  part.access.worker = part.asking.worker;
  part.access.reason = ask.break_glass_reason;
  const auto* about = std::get_if<Identity>(&ask.about);
  if (about) part.about = *about;
  if (about && !ask.process_head.empty())
    if (auto head = verify_head(ask.process_head, book, *about, ask.process_head_salt, ask.claims.purpose, now))
      part.asking.proven = head->proves;
  part.as_known_at = ask.as_known_at;
  part.as_sent = encode_ask(ask).value_or(Bytes());
  return part;
}

}  // namespace ginnel
