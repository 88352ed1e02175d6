// SPDX-License-Identifier: Apache-2.0
// The Service's calls about transfers of the lead: who may see and move them, and what of it is recorded.
#include <algorithm>
#include <map>

#include "node/node.h"
#include "node/people/nothing_here.h"
#include "node/posted_call.h"
#include "node/store/codec.h"
#include "node/transfer/transfer_intake.h"

namespace ginnel {
namespace {

constexpr const char* shown_for = "shown with a transfer of the lead";

TransferChild child_of(const TransferChildPart& part) {
  TransferChild out;
  if (!part.person.names.empty()) out.name = part.person.names.front().given + " " + part.person.names.front().family;
  if (out.name.empty()) out.name = part.child.given + " " + part.child.family;
  out.nhs_number = part.child.nhs_number;
  out.born = part.person.birth.date;
  return out;
}

TransferChild child_of(const FoundPerson& person) {
  TransferChild out;
  if (!person.names.empty()) out.name = person.names.front().given + " " + person.names.front().family;
  out.nhs_number = person.nhs_number;
  out.born = person.birth.date;
  return out;
}

// What another transfer of the same process tells of those who are accountable in this one: since when, until when.
void fill_in(const TransferLog& other, std::vector<Accountable>& lines) {
  for (const auto& theirs : other.accountable())
    for (auto& line : lines) {
      if (line.member != theirs.member || line.epoch != theirs.epoch) continue;
      if (!line.since.is_set()) line.since = theirs.since;
      if (!line.until.is_set()) line.until = theirs.until;
    }
}

// What comes next, and who has to say it.
std::vector<std::string> what_hangs(const TransferLog& log, const std::string& originator,
                                    const std::string& receiver) {
  std::vector<std::string> out;
  const auto says = [&](const std::string& who, const char* what) { out.push_back(who + " has to " + what); };
  switch (log.state()) {
    case TransferState::offered:
      if (!log.find(TransferAct::received))
        out.push_back("the node of " + receiver + " has not received the offer yet");
      says(receiver, "accept the offer or decline it");
      break;
    case TransferState::accepted:
      if (!log.find(TransferAct::conference))
        says(receiver, "hold the transfer-in conference, and say when it was held");
      says(receiver, "accept responsibility in writing");
      break;
    case TransferState::agreed:
      says(originator, "release the lead");
      break;
    case TransferState::released:
      if (log.is_complete())
        out.push_back("the node of " + receiver + " takes the lead over by itself when it has the release");
      else
        says(receiver, "wait for the rest of the file, or take the lead over without it and say why");
      break;
    case TransferState::assumed:
      out.push_back("the node of " + originator + " has not received yet that " + receiver + " leads");
      break;
    case TransferState::cancelling:
      out.push_back("the node of " + receiver + " has not acknowledged yet that the offer was cancelled");
      break;
    case TransferState::moved:
    case TransferState::declined:
    case TransferState::cancelled:
      return out;
  }
  if (!log.is_complete())
    out.push_back(log.wanted_manifest() == Hash{} ? "no file has been given yet"
                                                  : "the file has not come to " + receiver + " whole");
  return out;
}

}  // namespace

Expected<Session> Node::transfer_manager(const Session& session) const {
  auto holder = task_holder(session);
  if (!holder) return holder;
  if (auto writes = check_writes(session); !writes) return tl::unexpected(writes.error());
  if (tasks_.manages_work(session.role)) return holder;
  return fail("forbidden", "cannot move the lead", "a manager decides that", "ask a manager of your agency");
}

std::string Node::name_of_member(const MemberId& member) const {
  const Member* found = p_.book.find(member);
  return found ? found->name : member.text();
}

// SECURITY: a transfer of whoever is concealed is told as if it were not there.
Expected<Node::ToldTransfer> Node::told_transfer(const TransferId& transfer, const StoreReader& reader) const {
  auto log = transfers_.find(transfer, reader);
  if (!log) return tl::unexpected(log.error());
  auto person = subject_of(*log, reader);
  if (!person) return tl::unexpected(person.error());
  if (!person->empty())
    if (auto told = check_told(*person, reader); !told) return tl::unexpected(told.error());
  auto all = transfers_.of_process(log->offer().process, reader);
  if (!all) return tl::unexpected(all.error());
  return ToldTransfer{std::move(*log), *person, std::move(*all)};
}

// Empty: nobody yet, or they were erased since: that it was, and who was accountable when, is told all the same.
Expected<PersonRef> Node::subject_of(const TransferLog& log, const StoreReader& reader) const {
  auto kept = processes_.find(log.offer().process, reader);
  if (!kept && (kept.error().code == "not-found" || kept.error().code == "no-person" || kept.error().code == "erased"))
    return PersonRef();
  if (!kept) return tl::unexpected(kept.error());
  return kept->person;
}

const TransferLog& Node::last_move(const ToldTransfer& told) {
  const TransferLog* last = &told.log;
  for (const auto& other : told.of_process)
    if (other.find(TransferAct::release) && other.offer().epoch > last->offer().epoch) last = &other;
  return *last;
}

std::vector<Accountable> Node::accountable_in(const ToldTransfer& told) {
  std::vector<Accountable> out = told.log.accountable();
  for (const auto& other : told.of_process)
    if (other.id() != told.log.id()) fill_in(other, out);
  return out;
}

TransferSummary Node::summary_of(const ToldTransfer& told, const Session& who, Instant now) const {
  const TransferLog& log = told.log;
  TransferSummary out;
  out.id = log.id();
  out.process = log.offer().process;
  out.person = told.person;
  out.definition = log.offer().definition;
  const Definition* definition = processes_.in_effect(log.offer().definition, now);
  out.title = definition ? definition->title : out.definition;
  out.originator = log.originator().text();
  out.receiver = log.receiver().text();
  out.originator_name = name_of_member(log.originator());
  out.receiver_name = name_of_member(log.receiver());
  const Word* move = gate_.bundle().vocabulary.find("move_kind", log.offer().move);
  out.move = move ? move->title : log.offer().move;
  out.state = name_of(log.state());
  out.offered = log.find(TransferAct::offer)->at;
  // Of the last time that the lead moved, as far as this node was a side of it.
  const TransferLog& last = last_move(told);
  if (const auto lead = last.lead()) out.lead_name = name_of_member(*lead);
  for (const auto& one : last.accountable())
    if (!one.until.is_set()) out.accountable_name.push_back(name_of_member(one.member));
  out.is_ours = log.originator() == settings_.member;
  out.has_ended = has_ended(log.state());
  for (const TransferAct said : log.may_say(settings_.member))
    if (said != TransferAct::note && said != TransferAct::cancel && transfer_manager(who)) out.waits_for_us = true;
  return out;
}

void Node::offer_transfer(Caller caller, NewLeadOffer offer, Done<TransferId> done) {
  call_once<TransferId>(*this, std::move(caller), std::move(done),
                        [this, offer](Work& work, const Session& session) -> Expected<TransferId> {
                          if (auto may = transfer_manager(session); !may) return tl::unexpected(may.error());
                          if (settings_.in_shadow)
                            return fail("transfer-not-given", "cannot offer the lead", "this agency does not share yet",
                                        "leave shadow mode first: see the operator guide");
                          auto who = process_worker(session, offer.process, work.turn);
                          if (!who) return tl::unexpected(who.error());
                          return transfers_.offer(*who, offer, work.turn);
                        });
}

void Node::say_in_transfer(Caller caller, TransferSaying saying, Done<bool> done) {
  call_once<bool>(*this, std::move(caller), std::move(done),
                  [this, saying](Work& work, const Session& session) -> Expected<bool> {
                    const bool is_note = saying.said == name_of(TransferAct::note);
                    auto who = is_note ? task_holder(session) : transfer_manager(session);
                    if (!who) return tl::unexpected(who.error());
                    if (auto writes = check_writes(session); !writes) return tl::unexpected(writes.error());
                    auto told = told_transfer(saying.transfer, work.turn);
                    if (!told) return tl::unexpected(told.error());
                    if (!told->person.empty())
                      if (auto free = check_no_conflict(session.user, told->person, work.turn); !free)
                        return tl::unexpected(free.error());
                    if (auto free = check_offer_is_theirs(*told, session, work.turn); !free)
                      return tl::unexpected(free.error());
                    auto done = transfers_.say(*who, saying, work.turn);
                    if (!done) return tl::unexpected(done.error());
                    return true;
                  });
}

void Node::list_transfers(std::string token, Done<TransferList> done) {
  call<TransferList>(*this, std::move(done), [this, token](Work& work) -> Expected<TransferList> {
    auto who = task_holder_of(token, work.turn, work.now);
    if (!who) return tl::unexpected(who.error());
    auto all = transfers_.all(work.turn);
    if (!all) return tl::unexpected(all.error());
    // Of each process, the last time that its lead moved.
    std::map<ProcessId, const TransferLog*> last;
    for (const auto& log : *all) {
      const TransferLog*& so_far = last[log.offer().process];
      if (log.find(TransferAct::release) && (!so_far || log.offer().epoch > so_far->offer().epoch)) so_far = &log;
    }
    TransferList out;
    for (const auto& log : *all) {
      auto person = subject_of(log, work.turn);
      if (!person) return tl::unexpected(person.error());
      if (!person->empty()) {
        auto told = check_told(*person, work.turn);
        if (!told && told.error().code == "not-found") continue;
        if (!told) return tl::unexpected(told.error());
        auto free = check_no_conflict(who->user, *person, work.turn);
        if (!free && free.error().code == "conflict-of-interest") continue;
        if (!free) return tl::unexpected(free.error());
      }
      out.more = out.transfers.size() == limits::transfers_shown_max;
      if (out.more) break;
      ToldTransfer told{log, *person, {}};
      if (const TransferLog* moved = last.at(log.offer().process)) told.of_process.push_back(*moved);
      out.transfers.push_back(summary_of(told, *who, work.now));
    }
    return out;
  });
}

void Node::read_transfer(std::string token, TransferId transfer, Done<TransferDetail> done) {
  call<TransferDetail>(*this, std::move(done), [this, token, transfer](Work& work) -> Expected<TransferDetail> {
    auto who = task_holder_of(token, work.turn, work.now);
    if (!who) return tl::unexpected(who.error());
    auto told = told_transfer(transfer, work.turn);
    if (!told) return tl::unexpected(told.error());
    if (!told->person.empty())
      if (auto free = check_no_conflict(who->user, told->person, work.turn); !free) return tl::unexpected(free.error());
    const TransferLog& log = told->log;
    TransferDetail out;
    out.transfer = summary_of(*told, *who, work.now);
    out.as_at = work.now;
    for (const auto* side : {&log.by_originator(), &log.by_receiver()})
      for (const auto& said : *side) {
        const TransferStatement& one = said.statement;
        out.statements.push_back({std::string(name_of(one.said)), one.by.text(), name_of_member(one.by), one.who,
                                  one.text, one.at, one.held});
      }
    std::stable_sort(out.statements.begin(), out.statements.end(),
                     [](const TransferLine& a, const TransferLine& b) { return a.at < b.at; });
    for (const auto& one : accountable_in(*told))
      out.accountable.push_back({one.member.text(), name_of_member(one.member), one.epoch, one.since, one.until});
    const bool manages = transfer_manager(*who).has_value();
    for (const TransferAct said : log.may_say(settings_.member))
      if (said == TransferAct::note ? check_writes(*who).has_value() : manages) out.may_say.emplace_back(name_of(said));
    out.hangs = what_hangs(log, out.transfer.originator_name, out.transfer.receiver_name);
    if (!out.transfer.has_ended && !processes_.in_effect(log.offer().definition, work.now))
      out.hangs.push_back("this node has no definition of `" + log.offer().definition +
                          "`: its operator has to add it to [processes] before it can lead");
    if (auto seen = tell_transfer_file(*told, *who, out, work.turn); !seen) return tl::unexpected(seen.error());
    return out;
  });
}

// Nobody decides on an offer about their own family.
Expected<void> Node::check_offer_is_theirs(const ToldTransfer& told, const Session& who, const Turn& turn) const {
  if (!told.person.empty() || told.log.originator() == settings_.member) return {};
  auto seen = see_transfer_file(told.log, told.log.wanted_manifest(), turn);
  if (!seen && seen.error().code == "transfer-file-unusable") return {};
  if (!seen) return tl::unexpected(seen.error());
  if (!seen->child) return {};
  auto may = may_know_offered(*seen->child, who, turn);
  if (!may) return tl::unexpected(may.error());
  if (*may) return {};
  return fail("forbidden", "cannot say that of this transfer", "whom it is about may not be told to you",
              "ask another manager");
}

// SECURITY: whom the node knows already, and who may not be told of, or not to them, is not told by an offer either.
// Where it cannot say who it is, it tells nothing.
Expected<bool> Node::may_know_offered(const TransferChildPart& child, const Session& who, const Turn& turn) const {
  auto known = finder_.find(child.child, turn);
  if (!known && known.error().code == "several-people") return false;
  if (!known) return tl::unexpected(known.error());
  if (!*known) return true;
  return check_told(**known, turn).has_value() && check_no_conflict(who.user, **known, turn).has_value();
}

// SECURITY: until the file is the node's own, it is for those who decide on the offer alone; that they saw it is an
// entry. Afterwards, and at the originator, the child's records are shown where all others are: by the gate.
Expected<void> Node::tell_transfer_file(const ToldTransfer& told, const Session& who, TransferDetail& out, Turn& turn) {
  const TransferLog& log = told.log;
  if (!told.person.empty()) {
    // One of the node's own: as everywhere, if they may be shown.
    auto person = show_person(who, told.person, shown_for, turn);
    if (person) out.child = child_of(*person);
    if (!person && person.error().code != "not-found") return tl::unexpected(person.error());
  }
  out.file.is_complete = log.is_complete();
  auto row = file_row_of(log.id(), turn);
  if (!row) return tl::unexpected(row.error());
  if (!*row) return {};
  out.file.is_own = (*row)->is_own;
  auto seen = see_transfer_file(log, log.wanted_manifest(), turn);
  if (!seen && seen.error().code == "transfer-file-unusable") {
    out.hangs.push_back("the file cannot be used: " + seen.error().why);
    return {};
  }
  if (!seen) return tl::unexpected(seen.error());
  out.file.parts = seen->parts;
  out.file.parts_here = (*row)->is_own ? seen->parts : seen->parts_here;
  out.file.size_bytes = seen->size_bytes;
  if (!transfer_manager(who)) return {};
  WithheldCounts counts;
  for (const auto& answer : seen->answers)
    for (const auto& counted : answer.withheld) counts.add(counted);
  out.file.not_given = counts.take();
  if (log.originator() == settings_.member || (*row)->is_own || !seen->child) return {};
  auto may = may_know_offered(*seen->child, who, turn);
  if (!may) return tl::unexpected(may.error());
  if (!*may) return {};
  out.child = child_of(*seen->child);
  for (auto& answer : seen->answers)
    for (auto& item : answer.items) out.items.push_back(std::move(item));
  std::stable_sort(out.items.begin(), out.items.end(),
                   [](const Item& a, const Item& b) { return a.occurred.order() < b.occurred.order(); });
  if (out.items.size() > limits::transfer_items_shown_max)
    out.items.erase(out.items.begin(), out.items.end() - limits::transfer_items_shown_max);
  Access shown;
  shown.peer = log.originator();
  shown.identity = canonical(seen->child->child);
  shown.role = who.role;
  shown.reason = shown_for;
  for (const auto& item : out.items)
    shown.items.push_back({item.record, item.step, item.category(), {}, {}, item_hash(item)});
  auto key = turn.subject_key(shown.identity);
  if (!key) return tl::unexpected(key.error());
  auto noted = turn.append(EntryKind::view_shown, actor_of(who), *key, shown);
  return noted ? Expected<void>() : tl::unexpected(noted.error());
}

}  // namespace ginnel
