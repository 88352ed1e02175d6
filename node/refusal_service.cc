// SPDX-License-Identifier: Apache-2.0
// The Service's calls about refusals to share: who may record, see and review them, and what of it is recorded.
#include <algorithm>

#include "node/node.h"
#include "node/posted_call.h"
#include "node/register_page.h"
#include "node/setup/accounts.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

tl::unexpected<Error> no_such_refusal() { return fail("not-found", "cannot do this", "there is nothing here for you"); }

RefusalRow row_of(KeptRefusal kept, const std::vector<Account>& accounts, const Vocabulary& words, Instant now) {
  const Word* test = words.find("refusal_test", kept.entry.test);
  const bool is_due = kept.entry.review.is_set() && kept.entry.review <= now;
  return {std::move(kept.entry),
          test ? test->title : std::string(),
          display_name_of(accounts, kept.said_by),
          display_name_of(accounts, kept.reviewed_by),
          kept.reviewed_at,
          is_due};
}

}  // namespace

void Node::record_refusal(Caller caller, NewRefusal refusal, Done<RefusalId> done) {
  call_once<RefusalId>(
      *this, std::move(caller), std::move(done),
      [this, refusal](Work& work, const Session& session) -> Expected<RefusalId> {
        if (auto allowed = check_writes(session); !allowed) return tl::unexpected(allowed.error());
        const RefusalEntry& entry = refusal.entry;
        if (auto known = may_know_person(session, entry.person, "to record a refusal to share", work.turn); !known)
          return tl::unexpected(known.error());
        if (!entry.record.empty()) {
          auto may_tell = may_tell_record(session, entry.person, entry.record, work.turn);
          if (!may_tell) return tl::unexpected(may_tell.error());
          if (!*may_tell) return no_such_refusal();
        }
        std::vector<std::string> mistakes = refusal.mistakes;
        if (!entry.recipient.empty() && !p_.book.find(entry.recipient))
          mistakes.push_back("`recipient` is `" + entry.recipient.text() + "`, which is no member of the federation");
        auto made = refusals_.record(entry, std::move(mistakes), actor_of(session), work.turn);
        if (!made && made.error().code != "bad-refusal") work.fail(made.error());  // half of it is none
        return made;
      });
}

void Node::review_refusal(Caller caller, NewRefusalReview review, Done<bool> done) {
  call_once<bool>(
      *this, std::move(caller), std::move(done), [this, review](Work& work, const Session& session) -> Expected<bool> {
        if (auto allowed = check_sees_decisions(session); !allowed) return tl::unexpected(allowed.error());
        auto kept = Refusals::find(review.refusal, work.turn);
        if (!kept && kept.error().code == "not-found") return no_such_refusal();
        if (!kept) return tl::unexpected(kept.error());
        if (auto known = may_know_person(session, kept->entry.person, "to review a refusal to share", work.turn);
            !known)
          return tl::unexpected(known.error());
        auto done = refusals_.review({review.refusal, review.outcome, review.reason, review.next}, actor_of(session),
                                     work.turn);
        if (!done && done.error().code != "bad-refusal") work.fail(done.error());
        if (!done) return tl::unexpected(done.error());
        return true;
      });
}

void Node::list_refusals(std::string token, PersonRef person, Done<RefusalList> done) {
  call<RefusalList>(*this, std::move(done), [this, token, person](Work& work) -> Expected<RefusalList> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    if (auto allowed = check_sees_decisions(*session); !allowed) return tl::unexpected(allowed.error());
    auto about = decisions_about(*session, person, "shown what was decided not to be shared", work.turn);
    if (!about) return tl::unexpected(about.error());
    auto kept = Refusals::of_person(person, work.turn);
    if (!kept) return tl::unexpected(kept.error());
    auto accounts = load_accounts(work.turn);
    if (!accounts) return tl::unexpected(accounts.error());
    RefusalList out;
    out.about = std::move(*about);
    out.more = kept->size() > limits::refusals_shown_max;
    std::reverse(kept->begin(), kept->end());
    if (out.more) kept->resize(limits::refusals_shown_max);
    for (auto& one : *kept) out.rows.push_back(row_of(std::move(one), *accounts, gate_.bundle().vocabulary, work.now));
    return out;
  });
}

void Node::refusal_register(std::string token, std::uint64_t before, Done<RefusalRegister> done) {
  call<RefusalRegister>(*this, std::move(done), [this, token, before](Work& work) -> Expected<RefusalRegister> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    if (auto allowed = check_sees_sharing(*session, "cannot show the register"); !allowed)
      return tl::unexpected(allowed.error());
    auto all = work.turn.refusals();
    if (!all) return tl::unexpected(all.error());
    auto accounts = load_accounts(work.turn);
    if (!accounts) return tl::unexpected(accounts.error());
    using Row = RegisterRow<RefusalRow>;
    const auto read = [&](std::uint64_t sequence) -> Expected<std::optional<Row>> {
      auto entry = newest_decision(sequence, work.turn, decode_refusal,
                                   [&](const auto& one) { return work.turn.refusal_history(one.refusal); });
      if (!entry) return tl::unexpected(entry.error());
      if (!*entry) return std::optional<Row>();
      auto kept = Refusals::find((*entry)->refusal, work.turn);
      if (!kept) return tl::unexpected(kept.error());
      auto group = work.turn.merged_with((*entry)->person);
      if (!group) return tl::unexpected(group.error());
      return std::optional(
          Row{group->front(), row_of(std::move(*kept), *accounts, gate_.bundle().vocabulary, work.now)});
    };
    auto page = register_page<RefusalRow>(*all, before, read, [&](const std::vector<PersonRef>& people) {
      return show_people(*session, people, "shown in the register of refusals to share", work.turn);
    });
    if (page) page->members = other_members();
    return page;
  });
}

}  // namespace ginnel
