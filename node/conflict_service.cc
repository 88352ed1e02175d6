// SPDX-License-Identifier: Apache-2.0
// The Service's calls about conflicts of interest: who may say and end one, and who is told to find another worker.
#include "node/node.h"
#include "node/posted_call.h"
#include "node/telling.h"

namespace ginnel {
namespace {

constexpr const char* shown_among_conflicts = "shown among the conflicts of interest";

}  // namespace

void Node::record_conflict(Caller caller, NewConflict wanted, Done<AllocationId> done) {
  call_once<AllocationId>(
      *this, std::move(caller), std::move(done),
      [this, wanted](Work& work, const Session& session) -> Expected<AllocationId> {
        auto tell = telling_for(task_holder(session), tasks_, gate_.bundle().vocabulary, work);
        if (!tell) return tl::unexpected(tell.error());
        const Account* worker = tell->account(wanted.worker.empty() ? session.username : wanted.worker);
        const bool is_own = worker && worker->id == session.user;
        if (!is_own && !tell->manages())
          return fail("forbidden", "cannot record a colleague's conflict of interest", "your role does not manage work",
                      "record your own, or tell a manager");
        if (!worker) return no_colleague();
        if (auto known = may_know_person(session, wanted.person, "to record a conflict of interest", work.turn); !known)
          return tl::unexpected(known.error());
        AllocationEntry entry;
        entry.person = wanted.person;
        entry.worker = worker->id;
        entry.team = worker->team;
        entry.reason = wanted.reason;
        auto recorded = conflicts_.record(std::move(entry), tell->actor(), work.turn);
        if (!recorded) return tl::unexpected(recorded.error());
        if (recorded->was_allocated) {
          auto opened = reviews_.without_worker(worker->id, worker->display_name, wanted.person, work.turn);
          if (!opened) work.fail(opened.error());  // the child must not be without anybody who knows
        }
        return recorded->id;
      });
}

void Node::end_conflict(Caller caller, EndAllocation end, Done<bool> done) {
  call_once<bool>(*this, std::move(caller), std::move(done),
                  [this, end](Work& work, const Session& session) -> Expected<bool> {
                    constexpr const char* cannot = "cannot end the conflict of interest";
                    auto tell = telling_for(task_holder(session), tasks_, gate_.bundle().vocabulary, work);
                    if (!tell) return tl::unexpected(tell.error());
                    if (!tell->manages())
                      return fail("forbidden", cannot, "your role does not manage work", "ask a manager");
                    if (end.reason.empty())
                      return fail("bad-field", cannot, "`reason` is empty", "say in a sentence why");
                    auto found = Conflicts::find(end.allocation, work.turn);
                    if (!found) return tl::unexpected(found.error());
                    if (!*found) return no_such_work();
                    // SECURITY: nobody lifts what keeps themselves out.
                    if ((*found)->entry.worker == session.user)
                      return fail("forbidden", cannot, "it is your own", "ask another manager");
                    auto ended = conflicts_.end(end.allocation, end.reason, tell->actor(), work.turn);
                    if (!ended) return tl::unexpected(ended.error());
                    return true;
                  });
}

void Node::list_conflicts(std::string token, AllocationQuery query, Done<std::vector<AllocationRow>> done) {
  using Rows = std::vector<AllocationRow>;
  call<Rows>(*this, std::move(done), [this, token, query](Work& work) -> Expected<Rows> {
    auto tell = telling_for(task_holder_of(token, work.turn, work.now), tasks_, gate_.bundle().vocabulary, work);
    if (!tell) return tl::unexpected(tell.error());
    if (auto may = may_query(query, "conflicts of interest", *tell, work.turn); !may)
      return tl::unexpected(may.error());
    return related(WorkerRelation::conflict, query, false, shown_among_conflicts, *tell, work);
  });
}

// What is worked on outside of a view: processes and tasks.
Expected<void> Node::check_no_conflict(const UserId& worker, const PersonRef& person, const Turn& turn) const {
  if (person.empty()) return {};
  auto are = worker_relations(worker, person, turn.now(), turn);
  if (!are && are.error().code == "no-person") return {};
  // SECURITY: where it cannot be read, they may be of one family.
  if (!are) return tl::unexpected(are.error());
  if (!are->contains(WorkerRelation::conflict)) return {};
  return fail("conflict-of-interest", "cannot show this",
              "a conflict of interest between you and this person is recorded",
              "leave it to another worker; a manager can hand it over");
}

// The ask was refused and is recorded so; somebody gives it to another worker.
void Node::route_conflict(const Session& worker, const Identity& child, Work& work) {
  auto person = finder_.find(child, work.turn);
  if (!person || !*person) return;  // whom the worker has a conflict with is held; here they were found a moment ago
  auto opened = reviews_.in_conflict(worker.user, worker.username, **person, work.turn);
  if (!opened) work.fail(opened.error());
}

}  // namespace ginnel
