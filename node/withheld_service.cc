// SPDX-License-Identifier: Apache-2.0
// The Service's call that counts what was withheld from other members, and refused to them. It reads the ledger a step
// a turn, so that nobody waits for it, and names nobody.
#include "node/node.h"
#include "node/posted_call.h"
#include "node/view/withheld_tally.h"

namespace ginnel {
namespace {

constexpr const char* cannot_count = "cannot count what was withheld";

struct Counting {
  Done<WithheldAccount> done;
  std::optional<WithheldTally> counts;

  void finish(Expected<WithheldAccount> result) {
    if (done) std::exchange(done, {})(std::move(result));
  }
};

Expected<void> check_period(Date from, Date to) {
  if (!from.is_set() || !to.is_set() || to.days() < from.days())
    return fail("bad-period", cannot_count, "the last day is before the first", "give the earlier day first");
  if (to.days() - from.days() >= limits::withheld_days_max)
    return fail("bad-period", cannot_count,
                "the period is longer than " + std::to_string(limits::withheld_days_max) + " days",
                "ask for a shorter one");
  return {};
}

}  // namespace

void Node::withheld_account(std::string token, Date from, Date to, Done<WithheldAccount> done) {
  const auto counting = std::make_shared<Counting>();
  counting->done = std::move(done);
  const auto name_of = [this](const MemberId& member) {
    const Member* found = p_.book.find(member);
    return found ? found->name : member.text();
  };
  const auto step = [this, counting, token, from, to, name_of](Work& work) -> bool {
    if (!counting->done) return false;
    auto session = session_of(token, work.turn, work.now);
    Expected<void> ready = session ? check_sees_sharing(*session, cannot_count) : tl::unexpected(session.error());
    if (ready && !counting->counts) {
      const Date today = london_date(work.now);
      const bool is_usual = !from.is_set() && !to.is_set();
      const Date first = is_usual ? Date::from_days(today.days() - (limits::withheld_days_usual - 1)) : from;
      const Date last = is_usual ? today : to;
      ready = check_period(first, last);
      if (ready) counting->counts.emplace(first, last, gate_.bundle().vocabulary);
    }
    Expected<bool> more = ready ? counting->counts->step(work.turn) : tl::unexpected(ready.error());
    if (more && *more) return true;
    auto made = std::make_shared<Expected<WithheldAccount>>(
        more ? Expected<WithheldAccount>(counting->counts->take(name_of)) : tl::unexpected(more.error()));
    work.after([counting, made](const Expected<void>& committed) {
      counting->finish(committed ? std::move(*made) : tl::unexpected(committed.error()));
    });
    return false;
  };
  post_steps(step, [counting](const Error& error) { counting->finish(tl::unexpected(error)); });
}

}  // namespace ginnel
