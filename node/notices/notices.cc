// SPDX-License-Identifier: Apache-2.0
#include "node/notices/notices.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "federation/delivery/take_notices.h"
#include "node/notices/involved.h"
#include "node/store/codec.h"
#include "node/store/news.h"
#include "node/view/withdrawn.h"

namespace ginnel {

Notices::Notices(const Parts& parts, MemberId me, Contact duty, DeliverySettings settings, InboxLimits inbox_limits,
                 StoredInbox::Sign sign)
    : p_(parts),
      me_(std::move(me)),
      release_(parts.gate, parts.parts, parts.book, std::move(duty)),
      outbox_(release_, parts.book, parts.in_shadow),
      inbox_(parts.gate.bundle().vocabulary, std::move(sign), parts.see, inbox_limits),
      delivery_(parts.random, settings) {}

void Notices::look(const StoreReader& reader) {
  const auto peers = outbox_peers(reader);
  const auto news = news_rows().range(reader);
  is_woken_ = peers && peers->empty();
  has_news_ = !news || !news->empty();
}

void Notices::begin(Turn& turn) {
  outbox_.use(&turn);
  inbox_.use(&turn);
}

void Notices::end() {
  outbox_.use(nullptr);
  inbox_.use(nullptr);
}

std::optional<Instant> Notices::next_tick() const {
  if (!is_woken_ || has_news_) return look_from_;
  return delivery_.next_tick();
}

void Notices::clear(Instant now) {
  delivery_.clear();
  outgoing_.clear();
  not_delivered_.clear();
  outbox_.take_undelivered();
  inbox_.take_changed();
  inbox_.take_to_do();
  is_woken_ = false;
  has_news_ = true;
  look_from_ = now + second_ms;  // what failed once may fail again
}

void Notices::people_changed() {
  delivery_.clear();
  is_woken_ = false;
}

Expected<std::optional<Drop>> Notices::receive(const Message& message, Turn& turn) {
  const MemberId& from = message.header.from;
  if (message.header.kind == Kind::receipt) {
    auto receipt = verify_receipt(message.payload, from, me_, p_.book, turn.now());
    if (!receipt) return std::optional<Drop>(Drop::bad_payload);
    auto taken = delivery_.receive(from, *receipt, message.payload, turn.now(), outbox_);
    if (!taken) return tl::unexpected(taken.error());
    for (const auto& line : receipt->lines) {
      counts_.delivered += line.outcome == Outcome::taken;
      counts_.refused += line.outcome == Outcome::refused;
    }
    return std::optional<Drop>();
  }
  auto notices = decode_notices(message.payload);
  if (!notices) return std::optional<Drop>(Drop::bad_payload);
  auto receipts = take_notices(from, me_, *notices, turn.now(), inbox_);
  if (!receipts) return tl::unexpected(receipts.error());
  for (auto& receipt : *receipts) reply(message, std::move(receipt), turn.now());
  counts_.received += notices->size();
  return std::optional<Drop>();
}

void Notices::reply(const Message& to, Bytes receipt, Instant now) {
  Outgoing message =
      outgoing_to(to.header.from, Kind::receipt, std::move(receipt), now + limits::delivery_message_life_ms, p_.random);
  message.correlation = to.header.id;
  outgoing_.push_back(std::move(message));
}

Expected<void> Notices::tick(Turn& turn) {
  if (!is_woken_) {
    auto peers = outbox_peers(turn);
    if (!peers) return tl::unexpected(peers.error());
    for (const auto& peer : *peers) delivery_.wake(peer, turn.now());
    is_woken_ = true;
  }
  if (auto planned = plan(turn); !planned) return planned;
  if (auto ticked = delivery_.tick(turn.now(), outbox_); !ticked) return ticked;
  if (auto told = tell_of_undelivered(); !told) return told;
  for (auto& message : delivery_.take_outgoing()) outgoing_.push_back(std::move(message));
  return {};
}

Expected<void> Notices::plan(Turn& turn) {
  auto range = news_rows().range(turn);
  if (!range) return tl::unexpected(range.error());
  std::uint64_t number = range->first;
  for (std::size_t left = limits::news_per_turn_max; left > 0 && number < range->end; --left, ++number) {
    auto bytes = news_rows().at(turn, number);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes) continue;
    auto news = decode_news(**bytes);
    if (!news) return tl::unexpected(news.error());
    if (auto planned = plan_one(*news, turn); !planned) return planned;
    if (auto erased = news_rows().erase(turn, number); !erased) return erased;
  }
  has_news_ = number < range->end;
  return news_rows().set_first(turn, number);
}

Expected<void> Notices::plan_one(const News& news, Turn& turn) {
  const Vocabulary& words = p_.gate.bundle().vocabulary;
  std::vector<RecordId> replaced = news.also_replaced;
  if (!news.replaces.empty()) replaced.insert(replaced.begin(), news.replaces);
  const Withdrawal withdrawal{turn.now(), news.kind, news.reason};
  for (const auto& record : replaced)
    if (auto put = put_withdrawn(turn, me_, record, withdrawal); !put) return put;
  const Word* category = words.find("category", news.category);
  const bool is_event = news.is_new && !news.record.empty() && category && category->involves;
  std::set<PersonRef> children;
  for (const auto& person : news.people) {
    auto group = turn.merged_with(person);
    if (!group && group.error().code == "no-person") continue;  // erased since
    if (!group) return tl::unexpected(group.error());
    children.insert(group->front());
  }
  for (const auto& child : children) {
    std::map<std::tuple<MemberId, std::string, RecordId>, Involved> told;  // with what was given and holds no longer
    std::set<std::pair<MemberId, std::string>> was_told;
    for (const auto& record : replaced) {
      auto given = given_to(child, record, turn);
      if (!given) return tl::unexpected(given.error());
      for (auto& one : *given) {
        was_told.emplace(one.peer, one.worker);
        told.try_emplace({one.peer, one.worker, record}, one);
      }
    }
    if (is_event) {
      auto involved = involved_with(child, words, turn);
      if (!involved) return tl::unexpected(involved.error());
      for (auto& one : *involved)
        if (!was_told.contains({one.peer, one.worker})) told.try_emplace({one.peer, one.worker, RecordId()}, one);
    }
    for (const auto& [key, one] : told) {
      const RecordId& given = std::get<RecordId>(key);
      const bool was_given = !given.empty();
      OutboxRow row;
      row.id = NoticeId::make(p_.random);
      row.since = turn.now();
      row.ask = one.ask;
      row.asked_by_us = one.asked_by_us;
      row.worker = one.worker;
      row.person = child;
      row.by = news.by;
      row.kind = was_given ? news.kind : "new-record";
      row.record = news.record;
      if (was_given) row.replaces = given;
      if (was_given) row.reason = news.reason;
      row.was_only_counted = one.was_only_counted;
      row.counted_as = one.counted_as;
      if (auto queued = outbox_.queue(one.peer, std::move(row)); !queued) return queued;
      ++counts_.queued;
      delivery_.wake(one.peer, turn.now());
    }
  }
  return {};
}

Expected<void> Notices::tell_of_undelivered() {
  for (const auto& [peer, row] : outbox_.take_undelivered()) {
    Access report;
    report.notice = row.id;
    report.ask = row.ask;
    report.peer = peer;
    report.person = row.person;
    report.reason = row.kind;
    report.outcome = "not-delivered";
    if (!row.record.empty()) report.items.push_back({row.record, Step::none, {}, {}, {}, {}});
    if (!row.replaces.empty()) report.items.push_back({row.replaces, Step::none, {}, {}, row.reason, {}});
    if (auto noted = inbox_.note_undelivered(peer, row.id, std::move(report)); !noted) return noted;
    not_delivered_.push_back({row.id, row.person});
    ++counts_.not_delivered;
  }
  return {};
}

}  // namespace ginnel
