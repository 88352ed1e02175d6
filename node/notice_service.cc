// SPDX-License-Identifier: Apache-2.0
// The Service's calls on notices and corrections.
#include <algorithm>

#include "federation/base/text.h"
#include "node/posted_call.h"
#include "node/process/process_records.h"
#include "node/setup/accounts.h"

namespace ginnel {

void Node::list_notices(std::string token, Done<InboxList> done) {
  call<InboxList>(*this, std::move(done), [this, token](Work& work) -> Expected<InboxList> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    return inbox_.list(*session, own_part(), work.turn);
  });
}

void Node::read_notice(std::string token, NoticeId id, Done<InboxItem> done) {
  call<InboxItem>(*this, std::move(done), [this, token, id](Work& work) -> Expected<InboxItem> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    return inbox_.show(*session, id, own_part(), work.turn);
  });
}

void Node::acknowledge_notice(Caller caller, NoticeId id, std::string note, Done<InboxItem> done) {
  call<InboxItem>(*this, std::move(done), [this, caller, id, note](Work& work) -> Expected<InboxItem> {
    auto session = session_of(caller.token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    std::optional<Bytes> before;
    if (caller.once) {
      auto found = find_outcome(work.turn, session->user, *caller.once);
      if (!found) return tl::unexpected(found.error());
      before = std::move(*found);
    }
    // Who took it up first stays, so that a second time only shows it, and is decided as showing it is.
    auto item = inbox_.acknowledge(*session, id, note, own_part(), work.turn);
    if (item) {
      auto closed =
          tasks_.close_from(acknowledge_origin(id), "acknowledged", "taken up by " + item->acknowledged_by, work.turn);
      if (!closed) {
        work.fail(closed.error());
        return tl::unexpected(closed.error());
      }
    }
    if (!item || !caller.once || before) return item;
    auto kept = keep_outcome(work.turn, session->user, *caller.once, outcome_bytes(true));
    if (kept) return item;
    work.fail(kept.error());  // it must not stand without it
    return tl::unexpected(kept.error());
  });
}

namespace {

tl::unexpected<Error> no_answer(const std::string& why, const InboxItem& item) {
  const ViewContact& ring = item.contact;
  return fail("not-to-be-answered", "cannot send the answer", why,
              "ring " + (ring.name.empty() ? item.agency_name : ring.name + ", " + ring.phone));
}

}  // namespace

void Node::answer_invitation(Caller caller, NewAnswer answer, Done<RecordId> done) {
  const auto work = [this, answer](Work& work, const Session& session) -> Expected<RecordId> {
    if (auto writes = check_writes(session); !writes) return tl::unexpected(writes.error());
    auto item = inbox_.show(session, answer.notice, own_part(), work.turn);
    if (!item) return tl::unexpected(item.error());
    const auto& invitation = item->invitation;
    if (!invitation) return no_answer("the notice invites to nothing that you could answer from here", *item);
    if (item->person.empty()) return no_answer("your agency holds nobody on file who is this child", *item);
    if (auto free = check_no_conflict(session.user, item->person, work.turn); !free)
      return tl::unexpected(free.error());
    const auto& wanted = invitation->wanted;
    if (std::find(wanted.begin(), wanted.end(), answer.name) == wanted.end())
      return fail("bad-field", "cannot send the answer", "`name` is nothing that the step waits for",
                  "use one of: " + joined(wanted, ", "));
    if (answer.text.size() > limits::process_text_bytes_max)
      return fail("bad-field", "cannot send the answer",
                  "`text` is longer than " + std::to_string(limits::process_text_bytes_max) + " bytes", "shorten it");
    const When when = answer.at.is_set() ? answer.at : When::at_instant(work.now);
    if (when.date > london_date(work.now) || work.now < when.at)
      return fail("bad-field", "cannot send the answer", "`at` is still to come", "write when it happened");
    const RecordedBy by{{session.display_name, session.role, session.team, settings_.duty.phone}, settings_.member};
    const Bringing bringing{{invitation->at, answer.name, answer.text, when},
                            invitation->title,
                            item->record->category,
                            item->agency,
                            item->person};
    auto put = work.turn.put_record(record_of(bringing, by, p_.random, work.now), actor_of(session));
    if (!put) return put;
    // Who answers has taken it up.
    auto taken_up = inbox_.acknowledge(session, answer.notice, "answered: " + answer.name, own_part(), work.turn);
    if (!taken_up) work.fail(taken_up.error());
    if (!taken_up) return tl::unexpected(taken_up.error());
    auto first = first_told(work.turn, item->agency, item->record->id, answer.notice);
    auto closed = first ? tasks_.close_from(invitation_origin(*first), "answered",
                                            "answered by " + session.display_name, work.turn)
                        : tl::unexpected(first.error());
    if (closed) return put;
    work.fail(closed.error());
    return tl::unexpected(closed.error());
  };
  call_once<RecordId>(*this, std::move(caller), std::move(done), work);
}

void Node::relied_on(std::string token, NoticeId id, Done<std::vector<Reliance>> done) {
  call<std::vector<Reliance>>(*this, std::move(done), [this, token, id](Work& work) -> Expected<std::vector<Reliance>> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    auto relied = inbox_.relied_on(*session, id, work.turn);
    if (!relied) return relied;
    auto accounts = load_accounts(work.turn);
    if (!accounts) return tl::unexpected(accounts.error());
    for (auto& one : *relied) {
      auto account =
          std::find_if(accounts->begin(), accounts->end(), [&](const Account& a) { return a.id == one.user; });
      one.name = account == accounts->end() ? "somebody who has no account any more" : account->display_name;
    }
    return relied;
  });
}

namespace {

// Who has to tell them another way, by name.
Expected<void> name_reported(std::vector<SentNotice*> notices, const Vocabulary& words, const Turn& turn) {
  std::optional<std::vector<Account>> accounts;
  for (auto* notice : notices)
    for (auto& one : notice->recipients)
      for (const auto& holder : one.reported_to) {
        if (!accounts) {
          auto loaded = load_accounts(turn);
          if (!loaded) return tl::unexpected(loaded.error());
          accounts = std::move(*loaded);
        }
        const Word* role = words.find("role", holder.role);
        std::string name = role ? role->title : holder.role;
        for (const auto& account : *accounts)
          if (account.id == holder.user) name = account.display_name;
        one.reported.push_back(name.empty() ? std::string("somebody who has no account any more") : std::move(name));
      }
  return {};
}

}  // namespace

void Node::list_sent(std::string token, Done<SentList> done) {
  call<SentList>(*this, std::move(done), [this, token](Work& work) -> Expected<SentList> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    auto list = sent_.list(*session, own_part(), work.turn);
    if (!list) return list;
    std::vector<SentNotice*> all;
    for (auto& one : list->notices) all.push_back(&one);
    if (auto named = name_reported(all, gate_.bundle().vocabulary, work.turn); !named)
      return tl::unexpected(named.error());
    return list;
  });
}

void Node::read_sent(std::string token, NoticeId id, Done<SentNotice> done) {
  call<SentNotice>(*this, std::move(done), [this, token, id](Work& work) -> Expected<SentNotice> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    auto one = sent_.show(*session, id, own_part(), work.turn);
    if (!one) return one;
    if (auto named = name_reported({&*one}, gate_.bundle().vocabulary, work.turn); !named)
      return tl::unexpected(named.error());
    return one;
  });
}

void Node::waiting_notices(std::string token, Done<std::uint64_t> done) {
  call<std::uint64_t>(*this, std::move(done), [this, token](Work& work) -> Expected<std::uint64_t> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    return inbox_.waiting(*session, work.turn);
  });
}

void Node::watch_inbox(std::string token, SeeInbox see, Done<bool> done) {
  call<bool>(*this, std::move(done), [this, token, see = std::move(see)](Work& work) -> Expected<bool> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    if (auto may = inbox_.check_role(*session); !may) return tl::unexpected(may.error());
    auto added = inbox_watches_.add(session->user, inbox_.oversees(*session) ? UserId() : session->user, see);
    if (!added) return tl::unexpected(added.error());
    return true;
  });
}

void Node::correct_record(Caller caller, CorrectionRequest request, Done<CorrectionMade> done) {
  const auto work = [this, request](Work& work, const Session& session) -> Expected<CorrectionMade> {
    const Correction correction{request.view,   request.item,     request.kind,
                                request.reason, request.headline, request.narrative};
    auto made = corrections_.make(session, correction, own_part(), work.turn);
    if (!made) return tl::unexpected(made.error());
    return CorrectionMade{made->item, made->told};
  };
  call_once<CorrectionMade>(*this, std::move(caller), std::move(done), work);
}

}  // namespace ginnel
