// SPDX-License-Identifier: Apache-2.0
// The Service's calls on notices and corrections.
#include <algorithm>

#include "node/posted_call.h"
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

void Node::acknowledge_notice(std::string token, NoticeId id, std::string note, Done<InboxItem> done) {
  call<InboxItem>(*this, std::move(done), [this, token, id, note](Work& work) -> Expected<InboxItem> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    return inbox_.acknowledge(*session, id, note, own_part(), work.turn);
  });
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

void Node::correct_record(std::string token, CorrectionRequest request, Done<CorrectionMade> done) {
  call<CorrectionMade>(*this, std::move(done), [this, token, request](Work& work) -> Expected<CorrectionMade> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    const Correction correction{request.view,   request.item,     request.kind,
                                request.reason, request.headline, request.narrative};
    auto made = corrections_.make(*session, correction, own_part(), work.turn);
    if (!made) return tl::unexpected(made.error());
    return CorrectionMade{made->item, made->told};
  });
}

}  // namespace ginnel
