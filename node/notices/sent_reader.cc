// SPDX-License-Identifier: Apache-2.0
#include "node/notices/sent_reader.h"

#include <algorithm>
#include <utility>

#include "node/notices/kept_ask.h"
#include "node/people/nothing_here.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

// For API, page and terminal alike.
std::pair<std::string_view, std::string_view> words_of(const OutboxRow& row) {
  switch (row.state) {
    case Sending::waiting:
      if (row.told == Hash{}) return {"queued", "Waits to be sent"};
      return {"sent", "Sent; they have not said that they took it"};
    case Sending::delivered:
      return {"delivered", "Delivered"};
    case Sending::refused:
      return {"refused", "Not delivered: they refused it"};
    case Sending::given_up:
      return {"not-delivered", "Not delivered: they could not be reached in time"};
    case Sending::withdrawn:
      if (row.told != Hash{})  // a message left, and no receipt came before the next was decided
        return {"withheld", "Sent once and never confirmed; not sent again, for nothing of it may be told any more"};
      return {"withheld", "Not sent: when it was to leave, nothing of it could be told any more"};
  }
  return {"queued", "Waits to be sent"};
}

struct Place {
  MemberId peer;
  OutboxRow row;
};

// The rows of every member as one list, newest first.
class NewestFirst {
 public:
  Expected<void> add(const MemberId& peer, const StoreReader& reader) {
    auto range = outbox_list(peer).range(reader);
    if (!range) return tl::unexpected(range.error());
    return advance(peer, range->end, reader);
  }
  // Nothing: that was all.
  Expected<std::optional<Place>> next(const StoreReader& reader) {
    auto newest = std::max_element(heads_.begin(), heads_.end(),
                                   [](const Place& a, const Place& b) { return a.row.since < b.row.since; });
    if (newest == heads_.end()) return std::optional<Place>();
    Place out = std::move(*newest);
    heads_.erase(newest);
    if (auto more = advance(out.peer, out.row.number, reader); !more) return tl::unexpected(more.error());
    return std::optional(std::move(out));
  }

 private:
  // The row before `number` that is still there. What expired does so oldest first, but for a few.
  Expected<void> advance(const MemberId& peer, std::uint64_t number, const StoreReader& reader) {
    for (std::size_t gone = 0; number > 1 && gone < limits::sent_looked_at_max; ++gone) {
      auto row = outbox_row({peer, --number}, reader);
      if (!row) return tl::unexpected(row.error());
      if (!*row) continue;
      heads_.push_back({peer, std::move(**row)});
      return {};
    }
    return {};
  }
  std::vector<Place> heads_;
};

bool is_one_event(const OutboxRow& a, const OutboxRow& b) {
  return a.since == b.since && a.person == b.person && a.kind == b.kind && a.record == b.record &&
         a.replaces == b.replaces;
}

}  // namespace

struct SentReader::Event {
  std::vector<Place> places;  // of alike rows, one at least
};

bool SentReader::oversees(const Session& worker) const {
  const Word* role = p_.gate.bundle().vocabulary.find("role", worker.role);
  return role && role->oversees;
}

Expected<void> SentReader::check_role(const Session& worker) const {
  const Word* role = p_.gate.bundle().vocabulary.find("role", worker.role);
  if (role && !role->no_case_data) return {};
  return fail("forbidden", "cannot show what was sent", "the role `" + worker.role + "` is shown no case data",
              "ask somebody who works on the case");
}

Expected<std::vector<SentReader::Event>> SentReader::newest(const Session& worker, SentList& list,
                                                            const Turn& turn) const {
  std::vector<Event> events;
  std::size_t looked_at = 0;
  const auto add = [&](Place place) {
    auto same = std::find_if(events.begin(), events.end(),
                             [&](const Event& one) { return is_one_event(one.places.front().row, place.row); });
    const bool is_full = same == events.end() ? events.size() >= limits::sent_listed_max
                                              : same->places.size() >= limits::sent_recipients_listed_max;
    if (is_full || ++looked_at > limits::sent_looked_at_max) return list.has_more = true, false;
    if (same == events.end()) same = events.insert(events.end(), Event{});
    same->places.push_back(std::move(place));
    return true;
  };
  if (!oversees(worker)) {
    const NumberedRows own = outbox_list_by(worker.user);
    auto range = own.range(turn);
    if (!range) return tl::unexpected(range.error());
    for (std::uint64_t number = range->end; number-- > range->first;) {
      auto bytes = own.at(turn, number);
      if (!bytes) return tl::unexpected(bytes.error());
      if (!*bytes) continue;
      auto place = outbox_place(**bytes);
      if (!place) return tl::unexpected(place.error());
      auto row = outbox_row(*place, turn);
      if (!row) return tl::unexpected(row.error());
      if (*row && !add({place->peer, std::move(**row)})) break;
    }
    return events;
  }
  auto peers = outbox_peers(turn);
  if (!peers) return tl::unexpected(peers.error());
  NewestFirst all;
  for (const auto& peer : *peers)
    if (auto added = all.add(peer, turn); !added) return tl::unexpected(added.error());
  while (true) {
    auto place = all.next(turn);
    if (!place) return tl::unexpected(place.error());
    if (!*place || !add(std::move(**place))) return events;
  }
}

Expected<SentRecipient> SentReader::recipient(const MemberId& peer, const OutboxRow& row, const Turn& turn) const {
  SentRecipient out;
  out.id = row.id;
  out.agency = peer;
  const Member* member = p_.book.find(peer);
  out.agency_name = member ? member->name : peer.text();
  out.asked_by_us = row.asked_by_us;
  std::tie(out.state, out.state_title) = words_of(row);
  out.at = row.state == Sending::waiting ? row.since : row.settled;
  if (row.state != Sending::refused && row.state != Sending::given_up) return out;
  auto task = turn.task_from(non_delivery_origin(row.id));
  if (!task) return tl::unexpected(task.error());
  if (!*task) return out;
  auto entry = turn.entry(**task);
  if (!entry) return tl::unexpected(entry.error());
  if (entry->erased) return out;
  auto told = decode_task(entry->body);
  if (!told) return tl::unexpected(told.error());
  out.reported_to = told->holders;
  if (!is_active(told->state)) out.told_otherwise = told->outcome.empty() ? told->reason : told->outcome;
  return out;
}

Expected<std::optional<SentNotice>> SentReader::shown(const Session& worker, const Event& event, const OwnPart& own,
                                                      Turn& turn) const {
  const OutboxRow& row = event.places.front().row;
  auto kept = kept_ask(row.ask, turn);
  if (!kept) return tl::unexpected(kept.error());
  if (!*kept) return std::optional<SentNotice>();
  PartAsk ask;
  ask.asking = first_contact(p_.gate.bundle().vocabulary, (*kept)->access.purpose, worker, own);
  ask.about = (*kept)->about;
  ask.actor = actor_of(worker);
  ask.access.notice = row.id;
  SentNotice out;
  bool may_know = false;
  for (const auto& record : {row.record, row.replaces}) {
    if (record.empty()) continue;
    auto told = p_.parts.tell(ask, row.person, record, turn);
    if (!told) return tl::unexpected(told.error());
    if (!*told) continue;  // no current record any more
    // SECURITY: concealed from the reader: nothing tells that there is anything.
    if ((*told)->step == Step::none) return std::optional<SentNotice>();
    may_know = true;
    out.category = (*told)->category;
    if ((*told)->item) out.headline = (*told)->item->headline;
  }
  if (!may_know) {
    auto may = may_know_child(p_.parts, ask, row.person, turn);
    if (!may) return tl::unexpected(may.error());
    if (!*may) return std::optional<SentNotice>();
  }
  out.kind = row.kind;
  const Word* word = p_.gate.bundle().vocabulary.find("notice_kind", row.kind);
  out.title = word ? word->title : row.kind;
  out.at = row.since;
  out.family = ask.about.family;
  out.given = ask.about.given;
  out.birth_date = ask.about.birth_date;
  out.reason = row.reason;
  for (const auto& place : event.places) {
    auto one = recipient(place.peer, place.row, turn);
    if (!one) return tl::unexpected(one.error());
    out.recipients.push_back(std::move(*one));
  }
  Access shown;
  shown.ask = row.ask;
  shown.notice = row.id;
  shown.person = row.person;
  shown.worker = worker.user.hex();
  shown.role = ask.asking.role;
  shown.purpose = ask.asking.purpose;
  shown.basis = ask.asking.basis;
  shown.bundle = p_.gate.bundle().ref_text();
  shown.outcome = "sent";
  if (may_know && !out.headline.empty()) shown.items.push_back({row.record, Step::headline, out.category, {}, {}, {}});
  auto key = turn.person_key(row.person);
  if (!key && key.error().code == "no-person") return std::optional<SentNotice>();
  if (!key) return tl::unexpected(key.error());
  auto sequence = turn.append(EntryKind::notice_shown, ask.actor, *key, std::move(shown));
  if (!sequence) return tl::unexpected(sequence.error());
  return std::optional(std::move(out));
}

Expected<SentList> SentReader::list(const Session& worker, const OwnPart& own, Turn& turn) const {
  if (auto may = check_role(worker); !may) return tl::unexpected(may.error());
  SentList out;
  auto events = newest(worker, out, turn);
  if (!events) return tl::unexpected(events.error());
  for (const auto& event : *events) {
    auto one = shown(worker, event, own, turn);
    if (!one && one.error().code == "undecided") {
      ++out.undecided;
      continue;
    }
    if (!one) return tl::unexpected(one.error());
    if (*one) out.notices.push_back(std::move(**one));
  }
  return out;
}

Expected<SentNotice> SentReader::show(const Session& worker, const NoticeId& id, const OwnPart& own, Turn& turn) const {
  if (auto may = check_role(worker); !may) return no_such_notice();
  auto peers = outbox_peers(turn);
  if (!peers) return tl::unexpected(peers.error());
  for (const auto& peer : *peers) {
    auto place = find_outbox_place(peer, id, turn);
    if (!place) return tl::unexpected(place.error());
    if (!*place) continue;
    auto row = outbox_row(**place, turn);
    if (!row) return tl::unexpected(row.error());
    if (!*row || (*row)->id != id || !((*row)->by == worker.user || oversees(worker))) return no_such_notice();
    Event event;
    event.places.push_back({peer, std::move(**row)});
    auto one = shown(worker, event, own, turn);
    if (!one) return tl::unexpected(one.error());
    if (!*one) return no_such_notice();
    return std::move(**one);
  }
  return no_such_notice();
}

}  // namespace ginnel
