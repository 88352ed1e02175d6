// SPDX-License-Identifier: Apache-2.0
// The Service's calls about work: who may see and change it, and what of it is recorded.
#include <algorithm>

#include "node/node.h"
#include "node/posted_call.h"
#include "node/process/process_origin.h"
#include "node/telling.h"
#include "node/view/view_words.h"

namespace ginnel {
namespace {

constexpr const char* shown_among_allocations = "shown among the allocations";

// Theirs and their role's; every one of a task that several of their roles hold stands once.
Expected<std::vector<TaskEntry>> tasks_held(const Session& who, bool active, const StoreReader& reader) {
  std::vector<std::uint64_t> all;
  for (const auto& holder : {TaskHolder{who.user, {}}, TaskHolder{{}, who.role}}) {
    auto held = reader.tasks_of(holder, active);
    if (!held) return tl::unexpected(held.error());
    all.insert(all.end(), held->begin(), held->end());
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (!active) {  // the newest are of interest
    if (all.size() > limits::work_rows_shown_max) all.erase(all.begin(), all.end() - limits::work_rows_shown_max);
    auto tasks = Tasks::read(all, reader);
    if (tasks)
      std::sort(tasks->begin(), tasks->end(), [](const auto& a, const auto& b) { return a.opened > b.opened; });
    return tasks;
  }
  return Tasks::read(all, reader);
}

Expected<std::vector<TaskEntry>> every_active_task(const StoreReader& reader) {
  auto all = reader.active_tasks();
  if (!all) return tl::unexpected(all.error());
  return Tasks::read(*all, reader);
}

}  // namespace

Expected<Session> Node::task_holder_of(const std::string& token, const StoreReader& reader, Instant now) const {
  auto session = session_of(token, reader, now);
  return session ? task_holder(*session) : session;
}

Expected<Session> Node::task_holder(const Session& session) const {
  if (tasks_.holds_tasks(session.role)) return session;
  return fail("forbidden", "cannot show work", "your role is given none", "ask a manager of your agency");
}

// SECURITY: whoever is concealed is told as if they were not there.
Expected<void> Node::check_told(const PersonRef& person, const StoreReader& reader) const {
  auto markings = reader.markings(person);
  if (!markings && markings.error().code == "no-person") return no_such_work();
  if (!markings) return tl::unexpected(markings.error());
  for (const auto& marking : *markings) {
    const Word* word = gate_.bundle().vocabulary.find("marking", marking);
    if (!word || word->effect == "concealed") return no_such_work();
  }
  return {};
}

// --- tasks

void Node::work_overview(std::string token, Done<WorkOverview> done) {
  call<WorkOverview>(*this, std::move(done), [this, token](Work& work) -> Expected<WorkOverview> {
    const Vocabulary& words = gate_.bundle().vocabulary;
    auto tell = telling_for(task_holder_of(token, work.turn, work.now), tasks_, words, work);
    if (!tell) return tl::unexpected(tell.error());
    WorkOverview out;
    auto held = tasks_held(tell->who(), true, work.turn);
    if (!held) return tl::unexpected(held.error());
    out.mine = tell->list(*held);
    auto rows = related(WorkerRelation::responsible, {}, true, shown_among_allocations, *tell, work);
    if (!rows) return tl::unexpected(rows.error());
    out.allocated = std::move(*rows);
    for (const auto& kind : words.words("task_kind"))
      if (kind.in_force && kind.task.is_manual) out.kinds.emplace_back(kind.id, kind.title);
    out.workers = tell->colleagues(true);
    out.manages = tell->manages();
    if (!out.manages) return out;
    auto all = every_active_task(work.turn);
    if (!all) return tl::unexpected(all.error());
    std::erase_if(*all, [&](const TaskEntry& task) { return !tell->is_late(task) && !Telling::is_unowned(task); });
    out.to_manage = tell->list(*all);
    return out;
  });
}

void Node::list_tasks(std::string token, TaskQuery query, Done<TaskList> done) {
  call<TaskList>(*this, std::move(done), [this, token, query](Work& work) -> Expected<TaskList> {
    using Which = TaskQuery::Which;
    auto tell = telling_for(task_holder_of(token, work.turn, work.now), tasks_, gate_.bundle().vocabulary, work);
    if (!tell) return tl::unexpected(tell.error());
    const bool of_everybody = query.which == Which::managed || query.which == Which::unowned;
    if (of_everybody && !tell->manages())
      return fail("forbidden", "cannot show others' work", "your role does not manage it", "ask for your own");
    const bool all_active = of_everybody || (query.which == Which::reviews && tell->manages() && !query.closed);
    auto tasks = all_active ? every_active_task(work.turn) : tasks_held(tell->who(), !query.closed, work.turn);
    if (!tasks) return tl::unexpected(tasks.error());
    std::erase_if(*tasks, [&](const TaskEntry& task) {
      if (query.which == Which::reviews) return !tell->is_review(task);
      return query.which == Which::unowned && !tell->is_late(task) && !Telling::is_unowned(task);
    });
    return tell->list(*tasks);
  });
}

void Node::read_task(std::string token, TaskId id, Done<TaskDetail> done) {
  call<TaskDetail>(*this, std::move(done), [this, token, id](Work& work) -> Expected<TaskDetail> {
    const Vocabulary& words = gate_.bundle().vocabulary;
    auto tell = telling_for(task_holder_of(token, work.turn, work.now), tasks_, words, work);
    if (!tell) return tl::unexpected(tell.error());
    auto task = tasks_.find(id, work.turn);
    if (!task) return tl::unexpected(task.error());
    if (!tasks_.may_see(tell->who(), *task)) return no_such_work();
    if (auto free = check_no_conflict(tell->who().user, task->person, work.turn); !free)
      return tl::unexpected(free.error());
    TaskDetail out;
    out.task = tell->summary(*task);
    out.note = task->note;
    if (!is_active(task->state)) out.task.reason = task->reason;
    auto label = label_of(task->person, tell->who(), "shown with a task", work.turn);
    if (!label) return tl::unexpected(label.error());
    out.about = std::move(*label);
    if (const Word* kind = words.find("task_kind", task->kind))
      for (const auto& outcome : kind->task.outcomes) out.outcomes.emplace_back(outcome, spaced(outcome));
    if (out.outcomes.empty()) out.outcomes.emplace_back("done", "done");
    auto history = tasks_.history(id, work.turn);
    if (!history) return tl::unexpected(history.error());
    for (const auto& step : *history)
      out.history.push_back({step.at, step.entry.act, tell->name(step.by).title, tell->names(step.entry.holders),
                             step.entry.outcome, step.entry.reason});
    if (out.task.made_by.empty() && !out.history.empty()) out.task.made_by = out.history.front().by;
    out.may_act = is_active(task->state);
    out.may_cancel = out.may_act && tell->manages();
    if (out.may_act) out.colleagues = tell->colleagues(true);
    if (const auto item = invited_by(task->origin); item && out.may_act) out.invitation = item->hex();
    return out;
  });
}

void Node::review_desk(std::string token, Done<ReviewDesk> done) {
  call<ReviewDesk>(*this, std::move(done), [this, token](Work& work) -> Expected<ReviewDesk> {
    auto tell = telling_for(task_holder_of(token, work.turn, work.now), tasks_, gate_.bundle().vocabulary, work);
    if (!tell) return tl::unexpected(tell.error());
    auto waiting = tell->manages() ? every_active_task(work.turn) : tasks_held(tell->who(), true, work.turn);
    if (!waiting) return tl::unexpected(waiting.error());
    std::erase_if(*waiting, [&](const TaskEntry& task) { return !tell->is_review(task); });
    ReviewDesk out;
    out.more = waiting->size() > limits::reviews_shown_max;
    if (out.more) waiting->resize(limits::reviews_shown_max);
    for (const auto& task : *waiting) {
      auto label = label_of(task.person, tell->who(), "shown with a review", work.turn);
      if (!label && label.error().code == "no-person") label = PersonLabel();  // erased meanwhile: the review stays
      if (!label) return tl::unexpected(label.error());
      out.waiting.push_back({tell->summary(task), task.note, std::move(*label)});
    }
    auto closed = tasks_held(tell->who(), false, work.turn);
    if (!closed) return tl::unexpected(closed.error());
    std::erase_if(*closed, [&](const TaskEntry& task) { return !tell->is_review(task); });
    if (closed->size() > limits::reviews_shown_max) closed->resize(limits::reviews_shown_max);
    out.done = tell->list(*closed).tasks;
    return out;
  });
}

void Node::open_task(Caller caller, NewTask task, Done<TaskId> done) {
  call_once<TaskId>(
      *this, std::move(caller), std::move(done), [this, task](Work& work, const Session& session) -> Expected<TaskId> {
        const Vocabulary& words = gate_.bundle().vocabulary;
        auto tell = telling_for(task_holder(session), tasks_, words, work);
        if (!tell) return tl::unexpected(tell.error());
        const Word* kind = words.find("task_kind", task.kind);
        if (!kind || !kind->task.is_manual)
          return fail("bad-field", "cannot make the task", "`kind` is none that people make by hand",
                      "see `task_kind` in the vocabulary");
        if (task.due.is_set() && task.due <= work.now)
          return fail("bad-field", "cannot make the task", "`due` is over already", "say a moment to come");
        TaskOpening opening;
        if (!task.person.empty()) {
          if (auto told = check_told(task.person, work.turn); !told) return tl::unexpected(told.error());
          opening.person = task.person;
        }
        if (!task.view.empty()) {
          auto state = views_.state(tell->who(), task.view, own_part(), work.turn);
          if (!state) return tl::unexpected(state.error());
          opening.view = task.view;
        }
        if (!task.to.empty()) {
          auto owner = tell->holder(task.to);
          if (!owner) return tl::unexpected(owner.error());
          opening.owner = *owner;
        }
        opening.kind = task.kind;
        opening.due = task.due;
        opening.note = task.note;
        return tasks_.open(opening, work.turn, tell->actor());
      });
}

void Node::change_task(Caller caller, TaskChange change, Done<bool> done) {
  call_once<bool>(
      *this, std::move(caller), std::move(done), [this, change](Work& work, const Session& session) -> Expected<bool> {
        auto tell = telling_for(task_holder(session), tasks_, gate_.bundle().vocabulary, work);
        if (!tell) return tl::unexpected(tell.error());
        Expected<void> changed;
        switch (change.what) {
          case TaskChange::What::accept:
            if (auto task = tasks_.find(change.task, work.turn); task && tasks_.may_see(tell->who(), *task))
              if (auto free = check_no_conflict(tell->who().user, task->person, work.turn); !free)
                return tl::unexpected(free.error());
            changed = tasks_.accept(tell->who(), change.task, work.turn);
            break;
          case TaskChange::What::done:
            if (auto task = tasks_.find(change.task, work.turn);
                task && tasks_.may_see(tell->who(), *task) && is_acknowledge_origin(task->origin))
              return fail("bad-task", "cannot end the task so", "what it is about was not taken up yet",
                          "take the notice up, under Notices: that ends the task");
            if (auto task = tasks_.find(change.task, work.turn);
                task && tasks_.may_see(tell->who(), *task) && is_refusal_origin(task->origin))
              return fail("bad-task", "cannot end the task so", "what it is about was not looked at again yet",
                          "record the review of the refusal: that ends the task");
            if (auto task = tasks_.find(change.task, work.turn);
                task && tasks_.may_see(tell->who(), *task) && is_process_origin(task->origin))
              return fail("bad-task", "cannot end the task so", "what it is about is not done in its process",
                          "end the step, give the reason or acknowledge the alert: that ends the task");
            if (auto task = tasks_.find(change.task, work.turn);
                task && tasks_.may_see(tell->who(), *task) && retentions_.is_review(*task))
              return fail(
                  "bad-task", "cannot end the task so", "what it is about was not decided yet",
                  "record the decision under Keeping and erasing, or `ginnel retention decide`: that ends the task");
            changed = tasks_.finish(tell->who(), change.task, change.outcome, change.reason, work.turn);
            break;
          case TaskChange::What::cancel:
            changed = tasks_.cancel(tell->who(), change.task, change.reason, work.turn);
            break;
          case TaskChange::What::hand_over: {
            // SECURITY: whether it is theirs comes first: a task that is not is not told by another error.
            auto task = tasks_.find(change.task, work.turn);
            if (!task) return tl::unexpected(task.error());
            if (!tasks_.may_see(tell->who(), *task)) return no_such_work();
            auto to = tell->holder(change.to);
            if (to && !to->user.empty() && !check_no_conflict(to->user, task->person, work.turn))
              return fail("conflict-of-interest", "cannot give it to them",
                          "a conflict of interest between them and the person is recorded", "name another worker");
            changed = to ? tasks_.hand_over(tell->who(), change.task, *to, change.reason, work.turn)
                         : tl::unexpected(to.error());
            break;
          }
        }
        if (!changed) return tl::unexpected(changed.error());
        return true;
      });
}

void Node::hand_over_all(Caller caller, HandOverAll all, Done<HandedOver> done) {
  call_once<HandedOver>(
      *this, std::move(caller), std::move(done),
      [this, all](Work& work, const Session& session) -> Expected<HandedOver> {
        auto tell = telling_for(task_holder(session), tasks_, gate_.bundle().vocabulary, work);
        if (!tell) return tl::unexpected(tell.error());
        if (!tell->manages())
          return fail("forbidden", "cannot hand over for others", "your role does not manage work", "ask a manager");
        const Account* from = tell->account(all.from);
        const Account* to = tell->account(all.to);
        auto holder = tell->holder(all.to);
        if (!from || !to || !holder || from == to) return no_colleague();
        auto tasks = tasks_.hand_over_all(tell->who(), from->id, *holder, all.reason, work.turn);
        if (!tasks) return tl::unexpected(tasks.error());
        auto allocations = allocations_.hand_over_all(from->id, to->id, to->team, all.reason, tell->actor(), work.turn);
        if (!allocations) {
          work.fail(allocations.error());  // half a hand-over is none
          return tl::unexpected(allocations.error());
        }
        return HandedOver{*tasks, *allocations};
      });
}

// The pile of people who may be one is one task for as long as there are any: a task each would bury the others.
Expected<void> Node::note_possible_matches(Turn& turn) {
  constexpr const char* origin = "possible-matches";
  auto waiting = turn.possible_matches(1);
  if (!waiting) return tl::unexpected(waiting.error());
  if (waiting->empty()) {
    auto closed = tasks_.close_from(origin, "done", "all are decided", turn);
    return closed ? Expected<void>() : tl::unexpected(closed.error());
  }
  TaskOpening opening;
  opening.kind = "possible_matches";
  opening.origin = origin;
  opening.may_recur = true;
  opening.rule = "linking";
  auto opened = tasks_.open(opening, turn);
  return opened ? Expected<void>() : tl::unexpected(opened.error());
}

// --- allocations

Expected<void> Node::may_query(const AllocationQuery& query, const char* what, const Telling& tell,
                               const Turn& turn) const {
  if ((!query.person.empty() || !query.worker.empty()) && !tell.manages())
    return fail("forbidden", std::string("cannot show others' ") + what, "your role does not manage work",
                "ask for your own");
  return query.person.empty() ? Expected<void>() : check_told(query.person, turn);
}

void Node::list_allocations(std::string token, AllocationQuery query, Done<std::vector<AllocationRow>> done) {
  using Rows = std::vector<AllocationRow>;
  call<Rows>(*this, std::move(done), [this, token, query](Work& work) -> Expected<Rows> {
    auto tell = telling_for(task_holder_of(token, work.turn, work.now), tasks_, gate_.bundle().vocabulary, work);
    if (!tell) return tl::unexpected(tell.error());
    if (auto may = may_query(query, "allocations", *tell, work.turn); !may) return tl::unexpected(may.error());
    return related(WorkerRelation::responsible, query, !query.worker.empty(), shown_among_allocations, *tell, work);
  });
}

void Node::allocate(Caller caller, NewAllocation wanted, Done<AllocationId> done) {
  call_once<AllocationId>(*this, std::move(caller), std::move(done),
                          [this, wanted](Work& work, const Session& session) -> Expected<AllocationId> {
                            const Vocabulary& words = gate_.bundle().vocabulary;
                            auto tell = telling_for(task_holder(session), tasks_, words, work);
                            if (!tell) return tl::unexpected(tell.error());
                            if (!tell->manages())
                              return fail("forbidden", "cannot allocate people", "your role does not manage work",
                                          "ask a manager");
                            AllocationEntry entry;
                            entry.person = wanted.person;
                            if (entry.person.empty()) {
                              auto found = work.turn.person_by_source(wanted.system, wanted.key, Hash{});
                              if (!found) return tl::unexpected(found.error());
                              if (!*found) return no_such_work();
                              entry.person = (*found)->id;
                            }
                            if (auto told = check_told(entry.person, work.turn); !told)
                              return tl::unexpected(told.error());
                            const Account* worker = tell->account(wanted.worker);
                            if (!worker || !tell->holder(wanted.worker)) return no_colleague();
                            entry.worker = worker->id;
                            entry.team = worker->team;
                            entry.from = wanted.from;
                            entry.to = wanted.to;
                            entry.reason = wanted.reason;
                            return allocations_.allocate(std::move(entry), tell->actor(), work.turn);
                          });
}

void Node::end_allocation(Caller caller, EndAllocation end, Done<bool> done) {
  call_once<bool>(
      *this, std::move(caller), std::move(done), [this, end](Work& work, const Session& session) -> Expected<bool> {
        auto tell = telling_for(task_holder(session), tasks_, gate_.bundle().vocabulary, work);
        if (!tell) return tl::unexpected(tell.error());
        if (!tell->manages())
          return fail("forbidden", "cannot end an allocation", "your role does not manage work", "ask a manager");
        if (end.reason.empty())
          return fail("bad-field", "cannot end the allocation", "`reason` is empty", "say in a sentence why");
        auto ended = allocations_.end(end.allocation, end.reason, tell->actor(), work.turn);
        if (!ended) return tl::unexpected(ended.error());
        return true;
      });
}

}  // namespace ginnel
