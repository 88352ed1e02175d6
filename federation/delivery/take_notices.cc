// SPDX-License-Identifier: Apache-2.0
#include "federation/delivery/take_notices.h"

#include <algorithm>
#include <set>

namespace ginnel {

Expected<std::vector<Bytes>> take_notices(const MemberId& from, const MemberId& me, const std::vector<Notice>& notices,
                                          Instant now, Inbox& inbox) {
  std::vector<Bytes> receipts;
  Receipt taken{from, me, now, {}}, passing{from, me, now, {}};
  std::set<AskId> waiting;  // about a child of which an earlier notice of this message was not taken: neither is this
  for (const auto& notice : notices) {
    auto stored = inbox.stored_receipt(from, notice.id);
    if (!stored) return tl::unexpected(stored.error());
    if (*stored) {
      if (std::find(receipts.begin(), receipts.end(), **stored) == receipts.end()) receipts.push_back(**stored);
      continue;
    }
    Outcome outcome = Outcome::later;
    if (!waiting.contains(notice.ask)) {
      auto took = inbox.take(from, notice);
      if (!took) return tl::unexpected(took.error());
      outcome = *took;
    }
    if (outcome == Outcome::later) waiting.insert(notice.ask);
    (outcome == Outcome::taken ? taken : passing).lines.push_back({notice.id, outcome});
  }
  for (const auto* receipt : {&taken, &passing}) {
    if (receipt->lines.empty()) continue;
    auto bytes = inbox.sign(*receipt);
    if (!bytes) return tl::unexpected(bytes.error());
    // A refusal is not kept: it says the same whenever it is asked for, and a hostile peer would fill the ledger.
    if (receipt == &taken)
      if (auto kept = inbox.keep(from, *receipt, *bytes); !kept) return tl::unexpected(kept.error());
    receipts.push_back(std::move(*bytes));
  }
  return receipts;
}

}  // namespace ginnel
