// SPDX-License-Identifier: Apache-2.0
#include "node/notices/inbox_reader.h"

#include <algorithm>
#include <map>
#include <utility>

#include "federation/wire/process_head.h"
#include "node/notices/involved.h"
#include "node/notices/kept_ask.h"
#include "node/people/nothing_here.h"
#include "node/store/codec.h"
#include "node/store/news.h"
#include "node/view/assemble.h"
#include "node/view/case_views.h"
#include "node/view/peer_ask.h"
#include "node/view/withdrawn.h"

namespace ginnel {
namespace {

constexpr std::string_view not_delivered = "not-delivered";

}  // namespace

// One item with everything that a decision on it needs.
struct InboxReader::Opened {
  InboxRow row;
  EntryHeader header;
  Access access;
  std::optional<Notice> notice;  // nothing: a report on one of ours
  Identity about;                // as the ask names the child
  Instant asked_at;
  Asking asking;  // but for the worker and the role
};

bool InboxReader::oversees(const Session& worker) const {
  const Word* role = p_.gate.bundle().vocabulary.find("role", worker.role);
  return role && role->oversees;
}

Expected<void> InboxReader::check_role(const Session& worker) const {
  const Word* role = p_.gate.bundle().vocabulary.find("role", worker.role);
  if (role && !role->no_case_data) return {};
  return fail("forbidden", "there is no inbox for you", "the role `" + worker.role + "` is shown no case data",
              "ask somebody who works on the case");
}

Expected<bool> InboxReader::may_see(const Session& worker, const InboxRow& row, const StoreReader& reader) const {
  if ((!row.user.empty() && row.user == worker.user) || oversees(worker)) return true;
  return p_.is_to_answer(worker, row.id, reader);
}

// Nothing: erased since, or not to be decided any more.
Expected<std::optional<InboxReader::Opened>> InboxReader::open(const InboxRow& row, const OwnPart& own,
                                                               const Turn& turn) const {
  auto entry = turn.entry(row.entry);
  if (!entry) return tl::unexpected(entry.error());
  if (entry->erased) return std::optional<Opened>();
  auto access = decode_access(entry->body);
  if (!access) return tl::unexpected(access.error());
  Opened out;
  out.row = row;
  out.header = entry->header;
  out.access = std::move(*access);
  out.asking.agency = own.member;
  out.asking.agency_kind = own.kind;
  if (out.access.outcome != not_delivered) {
    auto notices = decode_notices(out.access.attached);
    if (!notices) return tl::unexpected(notices.error());
    out.notice = std::move(notices->front());
  }
  auto kept = kept_ask(out.access.ask, turn);
  if (!kept) return tl::unexpected(kept.error());
  if (*kept) {
    out.about = (*kept)->about;
    out.asked_at = (*kept)->header.time;
    if ((*kept)->header.kind == EntryKind::asked) {
      const PartAsk ours = part_ask_of(own.member, (*kept)->ask, p_.book, turn.now());
      out.asking.purpose = ours.asking.purpose;
      out.asking.basis = ours.asking.basis;
      out.asking.proven = ours.asking.proven;
      out.asking.break_glass = ours.asking.break_glass;
    } else if (const Word* interest = interest_of(p_.gate.bundle().vocabulary, (*kept)->access.purpose)) {
      // Nobody of this agency asked: it is read as at a first contact.
      out.asking.purpose = interest->told_purpose;
      out.asking.basis = interest->told_basis;
    }
  }
  if (out.asking.purpose.empty()) return std::optional<Opened>();
  return std::optional(std::move(out));
}

// What all parts and notices about the child carry, and what this agency's own records do.
Expected<std::set<std::string>> InboxReader::markings_about(const Opened& item, const Turn& turn) const {
  std::set<std::string> out;
  std::set<std::uint64_t> sequences;
  const auto add = [&](Expected<std::vector<std::uint64_t>> more) -> Expected<void> {
    if (!more) return tl::unexpected(more.error());
    sequences.insert(more->begin(), more->end());
    return {};
  };
  if (!item.access.view.empty())
    if (auto added = add(turn.entries_of(item.access.view)); !added) return tl::unexpected(added.error());
  if (!item.access.person.empty()) {
    if (auto added = add(turn.access_to(item.access.person, {EntryKind::received, EntryKind::notice})); !added)
      return tl::unexpected(added.error());
    auto labels = turn.labels(item.access.person);
    auto markings = turn.markings(item.access.person);
    if (!labels || !markings) return tl::unexpected(labels ? markings.error() : labels.error());
    out.merge(*markings);
    for (const auto& label : *labels) out.insert(label.label.markings.begin(), label.label.markings.end());
  }
  sequences.insert(item.row.entry);
  for (auto sequence : sequences) {
    auto entry = turn.entry(sequence);
    if (!entry) return tl::unexpected(entry.error());
    const EntryKind kind = entry->header.kind;
    if (entry->erased || (kind != EntryKind::received && kind != EntryKind::notice)) continue;
    auto access = decode_access(entry->body);
    if (!access) return tl::unexpected(access.error());
    if (kind == EntryKind::received) {
      out.insert(access->markings.begin(), access->markings.end());
    } else if (auto notices = decode_notices(access->attached)) {
      for (const auto& one : *notices) {
        out.insert(one.markings.begin(), one.markings.end());
        if (one.item) out.insert(one.item->label.markings.begin(), one.item->label.markings.end());
      }
    }
  }
  return out;
}

InboxItem InboxReader::outline(const Opened& item, const Session& worker, Instant now) const {
  InboxItem out;
  out.id = item.row.id.hex();
  out.agency = item.access.peer;
  if (const Member* member = p_.book.find(out.agency)) {
    out.agency_name = member->name;
    out.agency_kind = member->kind;
    out.contact = {member->duty.name, member->duty.role, member->duty.team, member->duty.phone};
  }
  out.kind = item.notice ? item.notice->kind : std::string(not_delivered);
  const Word* word = p_.gate.bundle().vocabulary.find("notice_kind", out.kind);
  out.title = word ? word->title : out.kind;
  out.arrived_at = item.header.time;
  out.told_at = item.notice ? item.notice->at : item.header.time;
  out.family = item.about.family;
  out.given = item.about.given;
  out.birth_date = item.about.birth_date;
  out.person = item.access.person;
  if (item.row.user == worker.user && p_.kept.until(item.access.view, now)) out.view = item.access.view;
  if (!item.notice) return out;
  if (!item.notice->contact.phone.empty())
    out.contact = {item.notice->contact.name, item.notice->contact.role, item.notice->contact.team,
                   item.notice->contact.phone};
  out.takes_back = takes_back(*item.notice);
  out.category = item.notice->category;
  out.reason = item.notice->reason;
  return out;
}

PartAsk InboxReader::own_ask(const Opened& item, const Asking& asking) const {
  PartAsk ask;
  ask.asking = asking;
  ask.about = item.about;
  ask.actor = *ActorId::from(UserId::parse(asking.worker).value_or(UserId()).bytes());
  ask.access.notice = item.access.notice;
  return ask;
}

// A report about a child of our own: shown as far as the reader may know that there is such a record, or, of what was
// taken back and is no current record any more, the child.
Expected<bool> InboxReader::decide_report(const Opened& item, const Asking& asking, InboxItem& out, Turn& turn) const {
  const PartAsk ask = own_ask(item, asking);
  out.reason = "could not be told: " + out.agency_name + " gave no receipt in time, or refused it; ring them";
  bool may_know = false;
  for (const auto& about : item.access.items) {
    auto told = p_.parts.tell(ask, item.access.person, about.record, turn);
    if (!told) return tl::unexpected(told.error());
    if (*told && (*told)->step == Step::none) return false;  // concealed from the reader
    may_know = may_know || told->has_value();
    if (*told && (*told)->item) out.category = (*told)->item->category();
  }
  if (may_know) return true;
  return may_know_child(p_.parts, ask, item.access.person, turn);
}

Expected<std::optional<InboxItem>> InboxReader::shown(const Session& worker, Opened& item, Turn& turn) const {
  const auto not_to_them = [] { return std::optional<InboxItem>(); };
  const ActorId actor = actor_of(worker);
  WithdrawnReader withdrawn(turn);
  Asking asking = item.asking;
  asking.worker = worker.user.hex();
  asking.role = worker.role;
  if (!p_.gate.check_words(asking)) return not_to_them();
  InboxItem one = outline(item, worker, turn.now());
  Access recorded;
  recorded.view = item.access.view;
  recorded.ask = item.access.ask;
  recorded.notice = item.access.notice;
  recorded.person = item.access.person;
  recorded.identity = item.access.identity;
  recorded.worker = asking.worker;
  Access shown = recorded;
  if (!item.notice) {
    auto may_know = decide_report(item, asking, one, turn);
    if (!may_know) return tl::unexpected(may_know.error());
    if (!*may_know) return not_to_them();
  } else {
    // SECURITY: whom another agency asked about was named by it and not by the reader's own: they are told of a child
    // of this agency whom they may know of, and of nobody who is concealed here.
    if (item.row.user.empty()) {
      auto may_know = may_know_child(p_.parts, own_ask(item, asking), item.access.person, turn);
      if (!may_know) return tl::unexpected(may_know.error());
      if (!*may_know) return not_to_them();
    }
    auto markings = markings_about(item, turn);
    if (!markings) return tl::unexpected(markings.error());
    const Vocabulary& words = p_.gate.bundle().vocabulary;
    const bool all_known = std::all_of(markings->begin(), markings->end(),
                                       [&](const std::string& one_of) { return words.knows("marking", one_of); });
    std::vector<RecordLabel> labels;
    if (item.notice->item && all_known) labels.push_back(label_of(item.access.peer, *item.notice->item));
    auto verdicts = p_.gate.decide(asking, labels, *markings, {actor, item.header.data_key, recorded}, turn);
    if (!verdicts) return tl::unexpected(verdicts.error());
    one.step = std::min(item.notice->step, Step::exists);
    if (!verdicts->empty()) {
      const Verdict& verdict = verdicts->front();
      one.step = std::min(item.notice->step, verdict.step);
      if (one.step == Step::none && !one.takes_back) return not_to_them();
      if (one.step >= Step::headline)
        one.record = view_item(item.access.peer, *item.notice->item, one.agency_kind, one.step);
      else
        one.category = verdict.shown_as;
      if (one.step < Step::headline) one.reason = verdict.reason;
    } else if (item.notice->item) {
      // SECURITY: an unknown marking may be one that protects.
      one.category = std::string(root_category(item.notice->item->category()));
      one.reason = "it carries a marking that this node does not know; ring the agency";
    }
    if (item.notice->item) {
      auto struck = withdrawn.find(item.access.peer, item.notice->item->record);
      if (!struck) return tl::unexpected(struck.error());
      // The newest of them says all that is still to be said.
      if (*struck && (*struck)->kind == progress_news) return not_to_them();
      if (*struck) {
        one.struck_at = (*struck)->at;
        one.struck_reason = (*struck)->reason;
        one.record.reset();
      }
    }
    if (one.record) one.overview = overview_of(one.record->kind, one.record->headline, one.record->fields);
    if (one.overview) one.stands = for_people(*one.overview, turn.now());
    if (one.record) one.invitation = invitation_of(one.record->kind, one.record->headline, one.record->fields);
    if (one.record)
      shown.items.push_back({one.record->id, one.step, one.record->category, {}, {}, item_hash(*item.notice->item)});
    else if (one.step == Step::exists)
      shown.items.push_back({RecordId(), one.step, one.category, {}, one.reason, {}});
  }
  auto taken_up = acknowledged(item.row.id, turn);
  if (!taken_up) return tl::unexpected(taken_up.error());
  if (*taken_up) {
    one.acknowledged_at = (*taken_up)->at;
    one.acknowledged_by = (*taken_up)->name;
    one.note = (*taken_up)->note;
  }
  shown.role = asking.role;
  shown.purpose = asking.purpose;
  shown.basis = asking.basis;
  shown.bundle = p_.gate.bundle().ref_text();
  auto sequence = turn.append(EntryKind::notice_shown, actor, item.header.data_key, std::move(shown));
  if (!sequence) return tl::unexpected(sequence.error());
  return std::optional(std::move(one));
}

Expected<InboxList> InboxReader::list(const Session& worker, const OwnPart& own, Turn& turn) const {
  const auto any = [](const Opened&) { return true; };
  return list_of(worker, own, any, limits::inbox_listed_max, turn);
}

Expected<InboxList> InboxReader::overviews(const Session& worker, const OwnPart& own, Turn& turn) const {
  std::set<std::pair<MemberId, ProcessId>> told;
  const auto newest_word = [&](const Opened& item) {
    if (!item.notice || !item.notice->item) return false;
    const Item& record = *item.notice->item;
    const auto says = overview_of(record.kind, record.headline, record.fields);
    return says && told.emplace(item.access.peer, says->process).second;
  };
  auto found = list_of(worker, own, newest_word, limits::inbox_read_max, turn);
  if (!found) return found;
  std::erase_if(found->items, [](const InboxItem& item) { return !item.overview; });
  return found;
}

// At most limits::inbox_listed_max of what is `wanted`, among the newest `read_max` of the worker's.
Expected<InboxList> InboxReader::list_of(const Session& worker, const OwnPart& own, const Wanted& wanted,
                                         std::size_t read_max, Turn& turn) const {
  if (auto may = check_role(worker); !may) return tl::unexpected(may.error());
  const NumberedRows rows = inbox_list(oversees(worker) ? UserId() : worker.user);
  auto range = rows.range(turn);
  if (!range) return tl::unexpected(range.error());
  InboxList out;
  std::vector<Opened> opened;
  std::size_t read = 0;
  for (std::uint64_t number = range->end; number-- > range->first;) {
    if (opened.size() >= limits::inbox_listed_max || read >= read_max) {
      out.has_more = true;
      break;
    }
    auto bytes = rows.at(turn, number);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes) continue;
    auto row = decode_inbox_row(**bytes);
    if (!row) return tl::unexpected(row.error());
    auto item = open(*row, own, turn);
    if (!item) return tl::unexpected(item.error());
    if (!*item) continue;
    ++read;
    if (wanted(**item)) opened.push_back(std::move(**item));
  }
  for (auto& item : opened) {
    auto one = shown(worker, item, turn);
    if (!one && one.error().code == "undecided") {
      ++out.undecided;
      continue;
    }
    if (!one) return tl::unexpected(one.error());
    if (*one) out.items.push_back(std::move(**one));
  }
  for (const auto& item : out.items) out.waiting += !item.acknowledged_at;
  return out;
}

Expected<InboxItem> InboxReader::show(const Session& worker, const NoticeId& id, const OwnPart& own, Turn& turn) const {
  auto row = find_inbox_row(id, turn);
  if (!row) return tl::unexpected(row.error());
  if (!*row) return no_such_notice();
  auto may = may_see(worker, **row, turn);
  if (!may) return tl::unexpected(may.error());
  if (!*may) return no_such_notice();
  auto opened = open(**row, own, turn);
  if (!opened) return tl::unexpected(opened.error());
  if (!*opened) return no_such_notice();
  auto one = shown(worker, **opened, turn);
  if (!one) return tl::unexpected(one.error());
  if (!*one) return no_such_notice();
  return std::move(**one);
}

Expected<InboxItem> InboxReader::acknowledge(const Session& worker, const NoticeId& id, const std::string& note,
                                             const OwnPart& own, Turn& turn) const {
  if (note.size() > limits::acknowledgement_bytes_max)
    return fail("bad-note", "cannot take the notice up", "the note is too long",
                "write at most " + std::to_string(limits::acknowledgement_bytes_max) + " bytes");
  // Whoever may see it may take it up, and nobody else.
  auto item = show(worker, id, own, turn);
  if (!item || item->acknowledged_at) return item;
  const Acknowledged by{worker.user, worker.display_name, turn.now(), note};
  if (auto put = put_acknowledged(turn, id, by); !put) return tl::unexpected(put.error());
  auto row = find_inbox_row(id, turn);
  auto opened = row && *row ? open(**row, own, turn) : Expected<std::optional<Opened>>(std::nullopt);
  if (!opened) return tl::unexpected(opened.error());
  if (!*opened) return no_such_notice();
  Access taken_up;
  taken_up.view = (*opened)->access.view;
  taken_up.ask = (*opened)->access.ask;
  taken_up.notice = (*opened)->access.notice;
  taken_up.peer = (*opened)->access.peer;
  taken_up.person = (*opened)->access.person;
  taken_up.identity = (*opened)->access.identity;
  taken_up.worker = worker.user.hex();
  taken_up.role = worker.role;
  taken_up.reason = note;
  auto sequence =
      turn.append(EntryKind::notice_acknowledged, actor_of(worker), (*opened)->header.data_key, std::move(taken_up));
  if (!sequence) return tl::unexpected(sequence.error());
  item->acknowledged_at = by.at;
  item->acknowledged_by = by.name;
  item->note = by.note;
  return item;
}

Expected<std::uint64_t> InboxReader::waiting(const Session& worker, const StoreReader& reader) const {
  const NumberedRows rows = inbox_list(oversees(worker) ? UserId() : worker.user);
  auto range = rows.range(reader);
  if (!range) return tl::unexpected(range.error());
  std::uint64_t count = 0, looked_at = 0;
  for (std::uint64_t number = range->end; number-- > range->first && looked_at < limits::inbox_counted_max;) {
    ++looked_at;
    auto bytes = rows.at(reader, number);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes) continue;
    auto row = decode_inbox_row(**bytes);
    if (!row) return tl::unexpected(row.error());
    auto taken_up = acknowledged(row->id, reader);
    if (!taken_up) return tl::unexpected(taken_up.error());
    count += !*taken_up;
  }
  return count;
}

Expected<std::vector<Reliance>> InboxReader::relied_on(const Session& worker, const NoticeId& id, Turn& turn) const {
  auto row = find_inbox_row(id, turn);
  if (!row) return tl::unexpected(row.error());
  if (!*row || !oversees(worker)) return no_such_notice();
  auto entry = turn.entry((*row)->entry);
  if (!entry) return tl::unexpected(entry.error());
  if (entry->erased) return no_such_notice();
  auto access = decode_access(entry->body);
  if (!access) return tl::unexpected(access.error());
  auto notices = decode_notices(access->attached);
  if (!notices || notices->front().replaces.empty()) return no_such_notice();
  const RecordId record = notices->front().replaces;

  std::set<std::uint64_t> sequences;
  if (!access->person.empty()) {
    auto all = turn.access_to(access->person, {EntryKind::view_shown, EntryKind::notice_shown});
    if (!all) return tl::unexpected(all.error());
    sequences.insert(all->begin(), all->end());
  } else {
    auto all = turn.entries_of(access->view);
    if (!all) return tl::unexpected(all.error());
    sequences.insert(all->begin(), all->end());
  }
  std::map<std::pair<UserId, ViewId>, Reliance> found;
  for (auto sequence : sequences) {
    auto shown_entry = turn.entry(sequence);
    if (!shown_entry) return tl::unexpected(shown_entry.error());
    const EntryKind kind = shown_entry->header.kind;
    if (shown_entry->erased || (kind != EntryKind::view_shown && kind != EntryKind::notice_shown)) continue;
    auto shown_access = decode_access(shown_entry->body);
    if (!shown_access) return tl::unexpected(shown_access.error());
    const bool has_it = std::any_of(shown_access->items.begin(), shown_access->items.end(),
                                    [&](const AccessItem& item) { return item.record == record; });
    if (!has_it) continue;
    const UserId user = *UserId::from(shown_entry->header.actor.bytes());
    const ViewId view = kind == EntryKind::view_shown ? shown_access->view : ViewId();
    auto [at, is_new] = found.try_emplace({user, view});
    Reliance& one = at->second;
    one.user = user;
    one.view = view;
    one.last = shown_entry->header.time;
    if (is_new) one.first = one.last;
    ++one.times;
  }
  Access looked;
  looked.view = access->view;
  looked.notice = access->notice;
  looked.ask = access->ask;
  looked.person = access->person;
  looked.identity = access->identity;
  looked.worker = worker.user.hex();
  looked.role = worker.role;
  looked.outcome = "review";
  auto sequence = turn.append(EntryKind::notice_shown, actor_of(worker), entry->header.data_key, std::move(looked));
  if (!sequence) return tl::unexpected(sequence.error());
  std::vector<Reliance> out;
  for (auto& [key, one] : found) out.push_back(std::move(one));
  return out;
}

}  // namespace ginnel
