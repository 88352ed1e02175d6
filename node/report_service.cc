// SPDX-License-Identifier: Apache-2.0
// The Service's calls about statutory returns: who makes them, and under which words they are decided.
#include "adapters/statutory/format.h"
#include "node/node.h"
#include "node/report/return_maker.h"

namespace ginnel {

void Node::cin_return(std::string token, int year, Done<CinReturn> done) {
  struct Running {
    Done<CinReturn> done;
    std::optional<ReturnMaker> maker;
  };
  auto running = std::make_shared<Running>(Running{std::move(done), std::nullopt});
  const auto start = [this, running, year](const Session& session, Work& work) -> Expected<void> {
    const Word* role = gate_.bundle().vocabulary.find("role", session.role);
    if (!role || !role->makes_returns)
      return fail("forbidden", "cannot make the return", "your role makes no statutory returns",
                  "ask the agency's returns officer");
    if (year < limits::return_year_min || year > limits::return_year_max ||
        return_year(year).from > london_date(work.now))
      return fail("bad-year", "cannot make the return", "the year is none of a collection that has begun",
                  "give the year in which the collection ends, such as 2026");
    if (!settings_.cin_format || !settings_.cin_format->made_for)
      return fail("no-adapter", "cannot make the return", "this node has no description of the census with [return]",
                  "put cin.toml into the node's adapters folder, and start it again");
    const statutory::Format& format = *settings_.cin_format;
    auto authority = format.authorities.find(settings_.member.text());
    if (authority == format.authorities.end())
      return fail("forbidden", "cannot make the return", "this agency is no authority that makes it",
                  "an authority's code stands in cin.toml under [authorities]");
    Asking asking;
    asking.agency = settings_.member;
    const Member* me = p_.book.find(settings_.member);
    asking.agency_kind = me ? me->kind : std::string();
    asking.worker = session.user.hex();
    asking.role = session.role;
    asking.purpose = format.made_for->purpose;
    asking.basis = format.made_for->basis;
    if (auto words = gate_.check_return(asking); !words) return words;
    running->maker.emplace(gate_, format,
                           ReturnMaker::For{std::move(asking), actor_of(session), authority->second, year});
    return {};
  };
  const auto step = [this, running, token, start](Work& work) -> bool {
    if (!running->done) return false;  // a commit failed: what is missing from the ledger is not told
    // A session that ends while the return is made ends it.
    auto session = session_of(token, work.turn, work.now);
    Expected<void> ready = session ? Expected<void>() : tl::unexpected(session.error());
    if (ready && !running->maker) ready = start(*session, work);
    Expected<bool> more = ready ? running->maker->step(work.turn) : tl::unexpected(ready.error());
    if (more && *more) {
      work.after([running](const Expected<void>& committed) {
        if (!committed && running->done) std::exchange(running->done, {})(tl::unexpected(committed.error()));
      });
      return true;
    }
    auto made = std::make_shared<Expected<CinReturn>>(more ? Expected<CinReturn>(running->maker->take())
                                                           : tl::unexpected(more.error()));
    work.after([running, made](const Expected<void>& committed) {
      if (!running->done) return;
      std::exchange(running->done, {})(committed ? std::move(*made) : tl::unexpected(committed.error()));
    });
    return false;
  };
  post_steps(step, [running](const Error& error) {
    if (running->done) std::exchange(running->done, {})(tl::unexpected(error));
  });
}

}  // namespace ginnel
