// SPDX-License-Identifier: Apache-2.0
// Promise 2: no decision, no data; every decision is explained and recorded.
//
// Whatever was told or shown was decided by its node for exactly that record, for that ask or view, at that step or a
// higher one, with the policies named. What is told is about the child who was asked about, is what stands under that
// id, and is not concealed.
#include <algorithm>
#include <map>
#include <set>

#include "tests/sim/promises.h"

namespace ginnel::sim {
namespace {

class Decided {
 public:
  explicit Decided(const Evidence& evidence) : evidence_(evidence) {
    for (const auto& member : evidence.honest())
      for (const auto& [header, access] : evidence.ledger(member)) {
        if (header.kind != EntryKind::decided) continue;
        for (const auto& item : access.items) {
          if (!access.ask.empty()) raise(by_ask_[{member, access.ask, item.record}], item);
          if (!access.view.empty()) raise(by_view_[{member, access.view, item.record}], item);
        }
      }
  }

  Findings run() {
    for (const auto& message : evidence_.sent())
      if (evidence_.honest().contains(message.header.from)) what_is_sent(message);
    for (const auto& screen : evidence_.screens()) what_is_shown(screen);
    return std::move(findings_);
  }

 private:
  using AskKey = std::tuple<MemberId, AskId, RecordId>;
  using ViewKey = std::tuple<MemberId, ViewId, RecordId>;
  void found(const std::string& what) { findings_.push_back({2, what}); }
  static void raise(Step& step, const AccessItem& item) {
    if (!item.policies.empty()) step = std::max(step, item.step);
  }

  void what_is_sent(const SentMessage& message) {
    const std::string& from = message.header.from.text();
    if (message.answer) {
      std::set<RecordId> once;
      for (const auto& item : message.answer->items) {
        item_was_decided(message, message.answer->ask, item);
        if (!once.insert(item.record).second) found(from + " gave one record twice in an answer");
      }
    }
    for (const auto& notice : message.notices)
      if (notice.item) item_was_decided(message, notice.ask, *notice.item);
  }

  void item_was_decided(const SentMessage& message, const AskId& ask, const Item& item) {
    const std::string where = message.header.from.text() + " told " + message.header.to.text() + " ";
    const std::string text = Truth::text_in(item.headline);
    auto decided = by_ask_.find({message.header.from, ask, item.record});
    if (decided == by_ask_.end() || decided->second < item.step) found(where + text + " without a decision to");
    const TrueRecord* record = evidence_.truth().record(text);
    if (!record) return;  // the first promise's
    const auto [known, is_new] = texts_.try_emplace(item.record, text);
    if (known->second != text) found(where + text + " as the record that is " + known->second);
    if (evidence_.truth().is_concealed(record->holder, record->child, message.event, message.event))
      found(where + text + " of a child who is concealed");
    const auto about = asked_about(ask);
    if (about && evidence_.truth().children[record->child].nhs_number != *about)
      found(where + text + ", of another child than was asked about");
  }

  // By what the asker said, whichever message it was in.
  std::optional<std::string> asked_about(const AskId& ask) {
    if (children_.empty())
      for (const auto& message : evidence_.sent())
        if (message.ask)
          if (const auto* about = std::get_if<Identity>(&message.ask->about))
            children_[message.ask->id] = about->nhs_number;
    auto found = children_.find(ask);
    return found == children_.end() ? std::nullopt : std::optional(found->second);
  }

  void what_is_shown(const Screen& screen) {
    for (const auto& item : screen.view.items) {
      auto decided = by_view_.find({screen.at, screen.view.id, item.id});
      if (decided == by_view_.end() || decided->second < item.step)
        found(screen.at.text() + " showed an item of " + item.agency.text() + " without a decision to");
      const TrueRecord* record = evidence_.truth().record(Truth::text_in(item.headline));
      if (record && record->child != screen.child) found(screen.at.text() + " showed an item about another child");
    }
  }

  const Evidence& evidence_;
  std::map<AskKey, Step> by_ask_;
  std::map<ViewKey, Step> by_view_;
  std::map<RecordId, std::string> texts_;
  std::map<AskId, std::string> children_;
  Findings findings_;
};

}  // namespace

Findings check_decided(const Evidence& evidence) { return Decided(evidence).run(); }

}  // namespace ginnel::sim
