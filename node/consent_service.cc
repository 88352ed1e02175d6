// SPDX-License-Identifier: Apache-2.0
// The Service's calls about consent: who may record and see what was decided about sharing, and what of it is recorded.
#include <algorithm>

#include "node/gate/consent_book.h"
#include "node/node.h"
#include "node/posted_call.h"
#include "node/setup/accounts.h"

namespace ginnel {
namespace {

tl::unexpected<Error> no_such_person() { return fail("not-found", "cannot do this", "there is nothing here for you"); }

// As it stands by itself: which of several counts for whom is the gate's to resolve.
ConsentRow row_of(KeptConsent kept, const std::vector<Account>& accounts, const Vocabulary& words, Instant now) {
  ConsentRow row;
  const ConsentEntry& entry = kept.entry;
  const bool is_over = entry.until.is_set() && entry.until <= now;
  row.state = entry.withdrawn.is_set() ? "withdrawn" : is_over ? "expired" : entry.state;
  row.has_begun = entry.from <= now;
  const Instant since = entry.withdrawn.is_set() ? entry.withdrawn : is_over ? entry.until : entry.from;
  row.words = decision_words({row.state, entry.decider, since, entry.competence}, words);
  row.recorded_at = kept.said_at;
  row.recorded_by = display_name_of(accounts, kept.said_by);
  row.withdrawn_by = display_name_of(accounts, kept.withdrawn_by);
  row.entry = std::move(kept.entry);
  return row;
}

}  // namespace

// Whoever writes what they recorded, and whoever oversees what is shared.
Expected<void> Node::check_sees_decisions(const Session& session) const {
  const Word* role = gate_.bundle().vocabulary.find("role", session.role);
  if (role && !role->no_case_data && (role->writes || role->sees_sharing)) return {};
  return fail("forbidden", "cannot show what was decided about sharing", "your role is not shown it",
              "ask who works on the case");
}

Expected<void> Node::may_know_person(const Session& session, const PersonRef& person, const char* why, Turn& turn) {
  auto verdict = look_up(session, person, why, turn);
  if (!verdict) return tl::unexpected(verdict.error());
  if (!verdict->permit) return no_such_person();
  return {};
}

void Node::record_consent(Caller caller, NewConsent consent, Done<ConsentId> done) {
  call_once<ConsentId>(
      *this, std::move(caller), std::move(done),
      [this, consent](Work& work, const Session& session) -> Expected<ConsentId> {
        if (auto allowed = check_writes(session); !allowed) return tl::unexpected(allowed.error());
        const ConsentEntry& entry = consent.entry;
        if (auto known = may_know_person(session, entry.person, "to record a decision about sharing", work.turn);
            !known)
          return tl::unexpected(known.error());
        std::vector<std::string> mistakes = consent.mistakes;
        for (const auto& recipient : entry.recipients)
          if (!p_.book.find(recipient))
            mistakes.push_back("`recipients` names `" + recipient.text() + "`, which is no member of the federation");
        return consents_.record(entry, std::move(mistakes), *ActorId::from(session.user.bytes()), work.turn);
      });
}

void Node::withdraw_consent(Caller caller, ConsentWithdrawal withdrawal, Done<bool> done) {
  call_once<bool>(*this, std::move(caller), std::move(done),
                  [this, withdrawal](Work& work, const Session& session) -> Expected<bool> {
                    if (auto allowed = check_writes(session); !allowed) return tl::unexpected(allowed.error());
                    auto kept = ConsentBook::find(withdrawal.consent, work.turn);
                    if (!kept && kept.error().code == "not-found") return no_such_person();
                    if (!kept) return tl::unexpected(kept.error());
                    if (auto known = may_know_person(session, kept->entry.person,
                                                     "to withdraw a decision about sharing", work.turn);
                        !known)
                      return tl::unexpected(known.error());
                    auto done = consents_.withdraw(withdrawal.consent, withdrawal.reason,
                                                   *ActorId::from(session.user.bytes()), work.turn);
                    if (!done) return tl::unexpected(done.error());
                    return true;
                  });
}

void Node::list_consents(std::string token, PersonRef person, Done<ConsentList> done) {
  call<ConsentList>(*this, std::move(done), [this, token, person](Work& work) -> Expected<ConsentList> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    if (auto allowed = check_sees_decisions(*session); !allowed) return tl::unexpected(allowed.error());
    if (auto known = may_know_person(*session, person, "shown what was decided about sharing", work.turn); !known)
      return tl::unexpected(known.error());
    auto kept = ConsentBook::of_person(person, work.turn);
    if (!kept) return tl::unexpected(kept.error());
    auto accounts = load_accounts(work.turn);
    if (!accounts) return tl::unexpected(accounts.error());
    ConsentList out;
    out.more = kept->size() > limits::consents_shown_max;
    std::reverse(kept->begin(), kept->end());
    if (out.more) kept->resize(limits::consents_shown_max);
    for (auto& one : *kept) out.rows.push_back(row_of(std::move(one), *accounts, gate_.bundle().vocabulary, work.now));
    return out;
  });
}

}  // namespace ginnel
