// SPDX-License-Identifier: Apache-2.0
// Promise 3: nothing leaves a node, or is shown, before the record of it is durable.
//
// While a run goes on the world itself looks at each frame as it leaves (World::watch). This looks at the end, after
// all crashes: whatever was sent, shown or acknowledged still has its entry, and every ledger verifies.
#include <algorithm>
#include <map>
#include <set>

#include "node/view/part_maker.h"
#include "tests/sim/promises.h"

namespace ginnel::sim {
namespace {

class Recorded {
 public:
  explicit Recorded(const Evidence& evidence) : evidence_(evidence) {
    for (const auto& member : evidence.honest())
      for (const auto& [header, access] : evidence.ledger(member)) {
        if (header.kind == EntryKind::asked) asked_.insert({member, access.view});
        if (header.kind == EntryKind::notice) taken_.insert({member, access.peer, access.notice});
        for (const auto& item : access.items) {
          if (header.kind == EntryKind::disclosed)
            told_.insert({member, access.peer, access.ask, item.record, item.hash});
          if (header.kind == EntryKind::view_shown) shown_.insert({member, access.view, item.record});
        }
      }
  }

  Findings run() {
    for (const auto& member : evidence_.honest()) ledger_verifies(member);
    for (const auto& message : evidence_.sent())
      if (evidence_.honest().contains(message.header.from)) what_was_sent(message);
    for (const auto& screen : evidence_.screens()) {
      if (!asked_.contains({screen.at, screen.view.id})) found(screen.at.text() + " showed a view that it never asked");
      for (const auto& item : screen.view.items)
        if (!shown_.contains({screen.at, screen.view.id, item.id}))
          found(screen.at.text() + " showed an item, and its ledger does not know of it");
    }
    what_was_acknowledged_is_there();
    return std::move(findings_);
  }

 private:
  void found(const std::string& what) { findings_.push_back({3, what}); }

  void ledger_verifies(const MemberId& member) {
    Machine& machine = evidence_.world().machine(member.text());
    const LedgerReport report = machine.verify();
    if (!report.good()) found("the ledger of " + member.text() + " does not verify: " + report.problems.front());
    if (report.entries != machine.ledger_size()) found("the ledger of " + member.text() + " was not verified whole");
  }

  void what_was_sent(const SentMessage& message) {
    const auto& [from, to] = std::pair(message.header.from, message.header.to);
    const auto item_is_told = [&](const AskId& ask, const Item& item) {
      if (!told_.contains({from, to, ask, item.record, item_hash(item)}))
        found(from.text() + " sent " + Truth::text_in(item.headline) + ", and no disclosure of it is in its ledger");
    };
    if (message.answer)
      for (const auto& item : message.answer->items) item_is_told(message.answer->ask, item);
    for (const auto& notice : message.notices)
      if (notice.item) item_is_told(notice.ask, *notice.item);
    for (const auto& receipt : message.receipts)
      for (const auto& line : receipt.lines)
        if (line.outcome == Outcome::taken && !taken_.contains({from, to, line.notice}))
          found(from.text() + " gave a receipt for a notice that is not in its ledger");
    if (message.ask && !was_asked(from, to, message.ask->id))
      found(from.text() + " asked " + to.text() + ", and its ledger does not know of it");
  }

  bool was_asked(const MemberId& from, const MemberId& to, const AskId& ask) {
    if (asks_.empty())
      for (const auto& [member, view] : asked_)
        for (const auto& agency : evidence_.world().agencies())
          asks_.insert({member, ask_id_of(view, *MemberId::parse(agency))});
    (void)to;
    return asks_.contains({from, ask});
  }

  void what_was_acknowledged_is_there() {
    for (const auto& [text, record] : evidence_.truth().records) {
      if (!record.kept || record.id.empty() || !evidence_.honest().contains(record.holder)) continue;
      auto snapshot = evidence_.world().machine(record.holder.text()).store().snapshot();
      if (!snapshot || !(*snapshot)->source_of(record.id))
        found(record.holder.text() + " said that it keeps " + text + ", and does not");
    }
  }

  const Evidence& evidence_;
  std::set<std::pair<MemberId, ViewId>> asked_;
  std::set<std::pair<MemberId, AskId>> asks_;
  std::set<std::tuple<MemberId, MemberId, NoticeId>> taken_;
  std::set<std::tuple<MemberId, MemberId, AskId, RecordId, Hash>> told_;
  std::set<std::tuple<MemberId, ViewId, RecordId>> shown_;
  Findings findings_;
};

}  // namespace

Findings check_recorded(const Evidence& evidence) { return Recorded(evidence).run(); }

}  // namespace ginnel::sim
