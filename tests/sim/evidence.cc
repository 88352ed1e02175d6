// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/evidence.h"

#include <algorithm>

#include "federation/wire/signed.h"

namespace ginnel::sim {

bool SentMessage::tells(const RecordId& record) const {
  const auto has = [&](const Item& item) { return item.record == record; };
  if (answer && std::any_of(answer->items.begin(), answer->items.end(), has)) return true;
  return std::any_of(notices.begin(), notices.end(), [&](const Notice& n) { return n.item && has(*n.item); });
}

void Evidence::sent(const Packet& packet, const Message& message) {
  SentMessage seen;
  seen.event = now();
  seen.header = message.header;
  switch (message.header.kind) {
    case Kind::ask:
      if (auto ask = decode_ask(message.payload)) seen.ask = std::move(*ask);
      break;
    case Kind::answer:
      if (auto answer = decode_answer(message.payload)) seen.answer = std::move(*answer);
      break;
    case Kind::notice:
      if (auto notices = decode_notices(message.payload)) seen.notices = std::move(*notices);
      break;
    case Kind::receipt:
      if (auto outer = decode_signed(message.payload))
        if (auto receipt = decode_receipt(outer->bytes)) seen.receipts.push_back(std::move(*receipt));
      break;
    default:
      return;  // directories and key statements hold nothing about anybody
  }
  if (packet.from == message.header.from) sent_.push_back(std::move(seen));
}

void Evidence::close() {
  for (const auto& agency : world_.agencies()) {
    Machine& machine = world_.machine(agency);
    if (world_.is_hostile(machine.id())) continue;
    honest_.insert(machine.id());
    ledgers_[machine.id()] = machine.all_accesses();
  }
}

}  // namespace ginnel::sim
