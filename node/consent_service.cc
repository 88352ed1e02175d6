// SPDX-License-Identifier: Apache-2.0
// The Service's calls about consent: who may record and see what was decided about sharing, and what of it is recorded.
#include <algorithm>

#include "node/gate/consent_book.h"
#include "node/node.h"
#include "node/posted_call.h"
#include "node/register_page.h"
#include "node/setup/accounts.h"
#include "node/store/codec.h"

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

Expected<void> Node::check_sees_sharing(const Session& session, const char* cannot) const {
  const Word* role = gate_.bundle().vocabulary.find("role", session.role);
  if (role && role->sees_sharing && !role->no_case_data) return {};
  return fail("forbidden", cannot, "your role does not answer for what was shared",
              "ask a governance lead or a manager");
}

std::vector<NamedMember> Node::other_members() const {
  std::vector<NamedMember> out;
  if (const Directory* directory = p_.book.directory())
    for (const Member& member : directory->members)
      if (member.id != settings_.member) out.push_back({member.id, member.name});
  std::sort(out.begin(), out.end(), [](const NamedMember& a, const NamedMember& b) { return a.name < b.name; });
  return out;
}

Expected<DecisionsAbout> Node::decisions_about(const Session& session, const PersonRef& person, const char* why,
                                               Turn& turn) {
  auto shown = show_person(session, person, why, turn);
  if (!shown) return tl::unexpected(shown.error());
  return DecisionsAbout{std::move(*shown), check_writes(session).has_value(), other_members()};
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
        return consents_.record(entry, std::move(mistakes), actor_of(session), work.turn);
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
                    auto done = consents_.withdraw(withdrawal.consent, withdrawal.reason, actor_of(session), work.turn);
                    if (!done) return tl::unexpected(done.error());
                    return true;
                  });
}

void Node::list_consents(std::string token, PersonRef person, Done<ConsentList> done) {
  call<ConsentList>(*this, std::move(done), [this, token, person](Work& work) -> Expected<ConsentList> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    if (auto allowed = check_sees_decisions(*session); !allowed) return tl::unexpected(allowed.error());
    auto about = decisions_about(*session, person, "shown what was decided about sharing", work.turn);
    if (!about) return tl::unexpected(about.error());
    auto kept = ConsentBook::of_person(person, work.turn);
    if (!kept) return tl::unexpected(kept.error());
    auto accounts = load_accounts(work.turn);
    if (!accounts) return tl::unexpected(accounts.error());
    ConsentList out;
    out.about = std::move(*about);
    out.more = kept->size() > limits::consents_shown_max;
    std::reverse(kept->begin(), kept->end());
    if (out.more) kept->resize(limits::consents_shown_max);
    for (auto& one : *kept) out.rows.push_back(row_of(std::move(one), *accounts, gate_.bundle().vocabulary, work.now));
    return out;
  });
}

void Node::consent_register(std::string token, std::uint64_t before, Done<ConsentRegister> done) {
  call<ConsentRegister>(*this, std::move(done), [this, token, before](Work& work) -> Expected<ConsentRegister> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    if (auto allowed = check_sees_sharing(*session, "cannot show the register"); !allowed)
      return tl::unexpected(allowed.error());
    auto all = work.turn.consents();
    if (!all) return tl::unexpected(all.error());
    auto accounts = load_accounts(work.turn);
    if (!accounts) return tl::unexpected(accounts.error());
    using Row = RegisterRow<ConsentRow>;
    const auto read = [&](std::uint64_t sequence) -> Expected<std::optional<Row>> {
      auto entry = newest_decision(sequence, work.turn, decode_consent,
                                   [&](const auto& one) { return work.turn.consent_history(one.consent); });
      if (!entry) return tl::unexpected(entry.error());
      if (!*entry) return std::optional<Row>();
      auto kept = ConsentBook::find((*entry)->consent, work.turn);
      if (!kept) return tl::unexpected(kept.error());
      auto group = work.turn.merged_with((*entry)->person);
      if (!group) return tl::unexpected(group.error());
      return std::optional(
          Row{group->front(), row_of(std::move(*kept), *accounts, gate_.bundle().vocabulary, work.now)});
    };
    auto page = register_page<ConsentRow>(*all, before, read, [&](const std::vector<PersonRef>& people) {
      return show_people(*session, people, "shown in the register of consent", work.turn);
    });
    if (page) page->members = other_members();
    return page;
  });
}

}  // namespace ginnel
