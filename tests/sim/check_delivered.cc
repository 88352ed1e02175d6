// SPDX-License-Identifier: Apache-2.0
// Promise 6: a notice accepted by a node is delivered, or a named person is told that it was not. Crashes, partitions
// and clocks lose nothing and double nothing.
//
// Whoever was given something for a case purpose is told of each later event about the child. Each notice that left is
// in its recipient's ledger and inbox once, in order for each child, or reported at home; receipts name what was taken.
#include <algorithm>
#include <map>
#include <set>

#include "federation/wire/part_status.h"
#include "tests/sim/promises.h"

namespace ginnel::sim {
namespace {

class Delivered {
 public:
  explicit Delivered(const Evidence& evidence) : evidence_(evidence) {
    for (const auto& member : evidence.honest())
      for (const auto& [header, access] : evidence.ledger(member)) {
        if (header.kind == EntryKind::disclosed && access.outcome == "new-record")
          released_[{member, access.peer, access.worker, access.ask}].insert(access.notice);
        if (header.kind != EntryKind::notice) continue;
        if (access.outcome == "not-delivered")
          reported_.insert({member, access.peer, access.notice});
        else
          take(member, access);
      }
  }

  Findings run() {
    for (const auto& message : evidence_.sent())
      if (const auto child = message.ask ? child_of(*message.ask) : std::nullopt) children_[message.ask->id] = *child;
    for (const auto& message : evidence_.sent()) {
      if (!is_between_honest(message.header)) continue;
      for (const auto& notice : message.notices) arrives_once(message.header, notice);
    }
    for (const auto& screen : evidence_.inboxes()) is_listed_once(screen);
    events_are_told();
    return std::move(findings_);
  }

 private:
  using Key = std::tuple<MemberId, MemberId, NoticeId>;                       // recipient, sender
  using Involved = std::tuple<MemberId, MemberId, std::string, std::size_t>;  // holder, who asked, their worker, child
  void found(const std::string& what) { findings_.push_back({6, what}); }
  bool is_between_honest(const Header& header) const {
    return evidence_.honest().contains(header.from) && evidence_.honest().contains(header.to);
  }

  void take(const MemberId& by, const Access& access) {
    ++taken_[{by, access.peer, access.notice}];
    const auto notices = decode_notices(access.attached);
    if (!notices || notices->size() != 1) return found(by.text() + " keeps a notice that cannot be read");
    auto& last = last_number_[{by, access.peer, access.ask}];
    if (notices->front().number <= last)
      found(by.text() + " took notices of " + access.peer.text() + " about one child out of order");
    last = notices->front().number;
  }

  void arrives_once(const Header& header, const Notice& notice) {
    const Key key{header.to, header.from, notice.id};
    if (!looked_at_.insert(key).second) return;
    const auto times = taken_.contains(key) ? taken_.at(key) : 0;
    const bool is_reported = reported_.contains({header.from, header.to, notice.id});
    if (times > 1) found(header.to.text() + " took one notice of " + header.from.text() + " twice");
    if (times == 0 && !is_reported && !may_be_untold(header, notice))
      found("a notice of " + header.from.text() + " to " + header.to.text() + " is neither there nor reported");
  }

  // Policy decides at each release: of a child who is concealed by then, and of a record that holds no longer or is
  // shut, nothing is told any more, and the correction of it is a notice of its own.
  bool may_be_untold(const Header& header, const Notice& notice) {
    const auto child = children_.find(notice.ask);
    if (child == children_.end()) return false;
    const TrueHolding* held = evidence_.truth().holding(header.from, child->second);
    if (!held || held->concealed || held->had_second) return true;
    const TrueRecord* record = notice.item ? evidence_.truth().record(Truth::text_in(notice.item->headline)) : nullptr;
    return record ? record->taken_back || record->was_marked : notice.kind == "new-record";
  }

  void is_listed_once(const InboxScreen& screen) {
    std::set<std::string> ids;
    for (const auto& item : screen.list.items)
      if (!ids.insert(item.id).second) found(screen.at.text() + "'s inbox lists a notice twice");
  }

  // From what went over the wires: who had been given something about the child before the event was written. What is
  // told at a step that names no record is only counted.
  void events_are_told() {
    static const std::set<std::string> case_purposes = {"early_help",    "child_in_need",     "child_protection",
                                                        "first_contact", "police_protection", "immediate_danger"};
    std::map<AskId, const Ask*> asks;
    for (const auto& message : evidence_.sent())
      if (message.ask) asks.emplace(message.ask->id, &*message.ask);
    std::map<Involved, Event> since;
    std::map<Involved, std::set<NoticeId>> told;
    for (const auto& message : evidence_.sent()) {
      if (!message.answer || !is_between_honest(message.header) || !asks.contains(message.answer->ask)) continue;
      const Ask& ask = *asks.at(message.answer->ask);
      if (!case_purposes.contains(ask.claims.purpose)) continue;
      const auto child = child_of(ask);
      if (!child) continue;
      const Involved involved{message.header.from, message.header.to, pseudonym_text(ask), *child};
      if (message.answer->status == PartStatus::answered) since.emplace(involved, message.event);
      // A notice names the newest ask of whom it tells, whatever that was answered.
      auto released = released_.find({message.header.from, message.header.to, pseudonym_text(ask), ask.id});
      if (released != released_.end()) told[involved].insert(released->second.begin(), released->second.end());
    }
    for (const auto& [involved, from] : since) {
      std::size_t expected = 0;
      std::string texts;
      for (const auto& [text, record] : evidence_.truth().records)
        if (is_to_be_told(involved, from, record)) ++expected, texts += " " + text;
      const auto& [holder, peer, worker, child] = involved;
      if (told[involved].size() < expected)
        found(holder.text() + " told a worker of " + peer.text() + " of " + std::to_string(told[involved].size()) +
              " of" + texts);
    }
  }

  std::optional<std::size_t> child_of(const Ask& ask) const {
    const auto* about = std::get_if<Identity>(&ask.about);
    const auto& children = evidence_.truth().children;
    for (std::size_t child = 0; about && child < children.size(); ++child)
      if (children[child].nhs_number == about->nhs_number) return child;
    return std::nullopt;
  }
  static std::string pseudonym_text(const Ask& ask) { return to_hex(ask.claims.worker); }

  bool is_to_be_told(const Involved& involved, Event from, const TrueRecord& record) const {
    const auto& [holder, peer, worker, child] = involved;
    const TrueHolding* held = evidence_.truth().holding(holder, child);
    if (record.holder != holder || record.child != child || !record.is_event || !record.kept || record.begun <= from)
      return false;
    // Of a child who was concealed in the meantime, or whose file was two, nothing more may have been to be told.
    return held && !held->concealed && !held->had_second && !record.taken_back && !record.was_marked;
  }

  const Evidence& evidence_;
  std::map<Key, int> taken_;
  std::set<Key> reported_, looked_at_;
  std::map<AskId, std::size_t> children_;
  std::map<std::tuple<MemberId, MemberId, std::string, AskId>, std::set<NoticeId>> released_;  // by, to, whom, by which
  std::map<std::tuple<MemberId, MemberId, AskId>, std::uint64_t> last_number_;
  Findings findings_;
};

}  // namespace

Findings check_delivered(const Evidence& evidence) { return Delivered(evidence).run(); }

}  // namespace ginnel::sim
