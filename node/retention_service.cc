// SPDX-License-Identifier: Apache-2.0
// The Service's calls about how long something is kept: who may see and decide it, and what of it is recorded.
#include <algorithm>
#include <map>

#include "node/node.h"
#include "node/posted_call.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

constexpr const char* cannot_show = "cannot show what is kept";
constexpr const char* shown_among = "shown among what is due, kept or held";

tl::unexpected<Error> not_there() { return fail("not-found", "cannot do this", "there is nothing here for you"); }

bool is_of_the_request(const Error& error) {
  for (const char* code : {"bad-retention-decision", "held", "not-to-be-erased", "not-due", "not-found", "bad-field",
                           "bad-task", "forbidden"})
    if (error.code == code) return true;
  return false;
}

// What of everybody is kept or held, newest first: what still counts, of the entries that one showing reads.
struct Standing {
  std::vector<RetentionEntry> kept, held;
  bool more = false;
};

Expected<Standing> standing(const StoreReader& reader, Date today) {
  auto all = reader.retentions();
  if (!all) return tl::unexpected(all.error());
  Standing out;
  std::set<RetentionId> seen;
  std::size_t reads = 0;
  for (auto at = all->rbegin(); at != all->rend(); ++at) {
    if (++reads > limits::retention_entries_read_max) {
      out.more = true;
      break;
    }
    auto opened = reader.entry(*at);
    if (!opened) return tl::unexpected(opened.error());
    if (opened->erased) continue;
    auto entry = decode_retention(opened->body);
    if (!entry) return tl::unexpected(entry.error());
    if (!seen.insert(entry->retention).second) continue;  // a newer one says how it stands
    const bool is_kept =
        (entry->act == RetentionAct::kept || entry->act == RetentionAct::waits) && today < entry->review_on;
    auto* list = entry->holds() ? &out.held : is_kept ? &out.kept : nullptr;
    if (!list) continue;
    if (list->size() < limits::retention_rows_shown_max)
      list->push_back(std::move(*entry));
    else
      out.more = true;
  }
  return out;
}

}  // namespace

void Node::retention_desk(std::string token, Done<RetentionDesk> done) {
  call<RetentionDesk>(*this, std::move(done), [this, token](Work& work) -> Expected<RetentionDesk> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    if (auto allowed = check_sees_sharing(*session, cannot_show); !allowed) return tl::unexpected(allowed.error());
    RetentionDesk out;
    out.today = london_date(work.now);
    out.is_on = retentions_.is_on();
    auto kept = standing(work.turn, out.today);
    if (!kept) return tl::unexpected(kept.error());
    out.more = kept->more;
    std::vector<TaskEntry> due;
    if (out.is_on) {
      const RetentionSchedule& schedule = retentions_.schedule();
      out.edition = schedule.edition();
      for (const auto& rule : schedule.rules())
        if (schedule.rule(rule.id, out.today) == &rule) out.rules.push_back({rule.id, rule.title, rule.source});
      for (const auto& hold : schedule.standing_holds())
        if (hold.stands_on(out.today)) out.standing_holds.push_back({hold.id, hold.title, hold.source});
      auto active = work.turn.active_tasks();
      if (!active) return tl::unexpected(active.error());
      auto tasks = Tasks::read(*active, work.turn);
      if (!tasks) return tl::unexpected(tasks.error());
      for (auto& task : *tasks)
        if (retentions_.is_review(task)) due.push_back(std::move(task));
    }
    if (due.size() > limits::retention_rows_shown_max) {
      due.resize(limits::retention_rows_shown_max);
      out.more = true;
    }
    // SECURITY: each person is decided and recorded as shown; whoever may not be is as if nothing were due of them.
    std::vector<PersonRef> people;
    std::map<PersonRef, PersonRef> stands_for;
    const auto add = [&](const PersonRef& person) -> Expected<void> {
      if (stands_for.contains(person)) return {};
      auto group = work.turn.merged_with(person);
      if (!group && group.error().code == "no-person") return {};
      if (!group) return tl::unexpected(group.error());
      stands_for.emplace(person, group->front());
      if (std::find(people.begin(), people.end(), group->front()) == people.end()) people.push_back(group->front());
      return {};
    };
    for (const auto& task : due)
      if (auto added = add(task.person); !added) return tl::unexpected(added.error());
    for (const auto* list : {&kept->held, &kept->kept})
      for (const auto& entry : *list)
        if (auto added = add(entry.person); !added) return tl::unexpected(added.error());
    auto shown = show_people(*session, people, shown_among, work.turn);
    if (!shown) return tl::unexpected(shown.error());
    const auto person_of = [&](const PersonRef& person) -> const FoundPerson* {
      auto who = stands_for.find(person);
      if (who == stands_for.end()) return nullptr;
      auto found =
          std::find_if(shown->begin(), shown->end(), [&](const FoundPerson& one) { return one.id == who->second; });
      return found == shown->end() ? nullptr : &*found;
    };
    for (const auto& task : due) {
      const FoundPerson* person = person_of(task.person);
      if (!person) continue;
      auto review = retentions_.look(task.person, work.turn);
      if (!review) return tl::unexpected(review.error());
      if (!*review) continue;
      RetentionDue row;
      row.task = task.task;
      row.person = *person;
      row.opened = task.opened;
      row.due = task.due;
      row.is_late = task.due <= work.now;
      row.may_decide =
          tasks_.may_see(*session, task) && check_no_conflict(session->user, task.person, work.turn).has_value();
      row.says = (*review)->says.empty() ? "Nothing of what is held on them is due any more.\n" : (*review)->says;
      row.obstacle = (*review)->obstacle;
      row.whole = (*review)->whole;
      row.records = (*review)->offered.size();
      out.due.push_back(std::move(row));
    }
    for (auto& entry : kept->kept)
      if (const FoundPerson* person = person_of(entry.person)) out.kept.push_back({*person, std::move(entry)});
    for (auto& entry : kept->held)
      if (const FoundPerson* person = person_of(entry.person)) out.held.push_back({*person, std::move(entry)});
    return out;
  });
}

void Node::decide_retention(Caller caller, NewRetentionDecision decision, Done<bool> done) {
  call_once<bool>(
      *this, std::move(caller), std::move(done),
      [this, decision](Work& work, const Session& session) -> Expected<bool> {
        if (auto allowed = check_sees_sharing(session, "cannot decide on it"); !allowed)
          return tl::unexpected(allowed.error());
        if (!retentions_.is_on()) return not_there();
        auto task = tasks_.find(decision.task, work.turn);
        if (!task && task.error().code == "not-found") return not_there();
        if (!task) return tl::unexpected(task.error());
        // SECURITY: another's task is told as one that is not there.
        if (!tasks_.may_see(session, *task) || !retentions_.is_review(*task)) return not_there();
        if (auto free = check_no_conflict(session.user, task->person, work.turn); !free)
          return tl::unexpected(free.error());
        if (auto known = may_know_person(session, task->person, "to decide how long they are kept", work.turn); !known)
          return tl::unexpected(known.error());
        auto decided = retentions_.decide(
            session, {decision.task, decision.outcome, decision.reason, decision.review_on}, work.turn);
        if (!decided && !is_of_the_request(decided.error())) work.fail(decided.error());  // half of it is none
        if (!decided) return tl::unexpected(decided.error());
        return true;
      });
}

void Node::hold_retention(Caller caller, NewHold hold, Done<RetentionId> done) {
  call_once<RetentionId>(
      *this, std::move(caller), std::move(done),
      [this, hold](Work& work, const Session& session) -> Expected<RetentionId> {
        if (auto allowed = check_sees_sharing(session, "cannot put a hold on it"); !allowed)
          return tl::unexpected(allowed.error());
        if (auto known = may_know_person(session, hold.person, "to hold what is kept on them", work.turn); !known)
          return tl::unexpected(known.error());
        auto made = retentions_.hold(session, hold.person, hold.reason, hold.review_on, work.turn);
        if (!made && !is_of_the_request(made.error())) work.fail(made.error());
        return made;
      });
}

void Node::release_hold(Caller caller, HoldRelease release, Done<bool> done) {
  call_once<bool>(
      *this, std::move(caller), std::move(done), [this, release](Work& work, const Session& session) -> Expected<bool> {
        if (auto allowed = check_sees_sharing(session, "cannot release a hold"); !allowed)
          return tl::unexpected(allowed.error());
        auto kept = Retentions::find(release.hold, work.turn);
        if (!kept && kept.error().code == "not-found") return not_there();
        if (!kept) return tl::unexpected(kept.error());
        if (auto known = may_know_person(session, kept->entry.person, "to release a hold on what is kept", work.turn);
            !known)
          return tl::unexpected(known.error());
        auto done = retentions_.release(session, release.hold, release.reason, work.turn);
        if (!done && !is_of_the_request(done.error())) work.fail(done.error());
        if (!done) return tl::unexpected(done.error());
        return true;
      });
}

}  // namespace ginnel
