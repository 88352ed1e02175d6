// SPDX-License-Identifier: Apache-2.0
// Promise 12: a correction reaches everybody who was told the error.
//
// Whoever's answer or notice gave the record has a notice that takes it back, or its holder reports that it could not
// be told; and in calm no screen shows the error any more.
#include <map>
#include <set>

#include "tests/sim/promises.h"

namespace ginnel::sim {
namespace {

class CorrectionsArrive {
 public:
  explicit CorrectionsArrive(const Evidence& evidence) : evidence_(evidence) {
    for (const auto& member : evidence.honest())
      for (const auto& [header, access] : evidence.ledger(member)) {
        if (header.kind == EntryKind::disclosed)
          for (const auto& item : access.items)
            if (item.step >= Step::headline) told_[{member, item.record}].emplace(access.peer, header.time);
        if (header.kind != EntryKind::notice) continue;
        if (access.outcome == "not-delivered")
          for (const auto& item : access.items) taken_back_.insert({member, access.peer, item.record});
        else if (const auto notices = decode_notices(access.attached))
          taken_back_.insert({access.peer, member, notices->front().replaces});
      }
  }

  Findings run() {
    for (const auto& [text, record] : evidence_.truth().records)
      if (record.taken_back && evidence_.honest().contains(record.holder)) arrives(record);
    for (const auto& screen : evidence_.screens())
      if (screen.shown >= evidence_.calm())
        for (const auto& item : screen.view.items) is_not_shown(screen.at, Truth::text_in(item.headline));
    for (const auto& screen : evidence_.inboxes())
      if (screen.shown >= evidence_.calm())
        for (const auto& item : screen.list.items)
          if (item.record && !item.struck_at) is_not_shown(screen.at, Truth::text_in(item.record->headline));
    return std::move(findings_);
  }

 private:
  void found(const std::string& what) { findings_.push_back({12, what}); }

  void arrives(const TrueRecord& record) {
    auto told = told_.find({record.holder, record.id});
    if (told == told_.end()) return;
    for (const auto& [peer, at] : told->second)
      if (evidence_.honest().contains(peer) && !taken_back_.contains({record.holder, peer, record.id}))
        found(record.holder.text() + " took back " + record.text + " (" + record.taken_back_as + "), and " +
              peer.text() + " was told it at " + to_iso_utc(at) + " and does not know");
  }

  void is_not_shown(const MemberId& at, const std::string& text) {
    const TrueRecord* record = evidence_.truth().record(text);
    if (record && record->taken_back && evidence_.honest().contains(record->holder))
      found(at.text() + " still shows " + text + ", which " + record->holder.text() + " took back");
  }

  const Evidence& evidence_;
  std::map<std::pair<MemberId, RecordId>, std::map<MemberId, Instant>> told_;  // when first
  std::set<std::tuple<MemberId, MemberId, RecordId>> taken_back_;              // whose, by whom known
  Findings findings_;
};

}  // namespace

Findings check_corrections_arrive(const Evidence& evidence) { return CorrectionsArrive(evidence).run(); }

}  // namespace ginnel::sim
