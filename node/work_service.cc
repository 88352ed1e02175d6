// SPDX-License-Identifier: Apache-2.0
// The Service's calls about work: who may see and change it, and what of it is recorded.
#include <algorithm>

#include "adapters/link_rules_reader.h"
#include "node/import/matching.h"
#include "node/node.h"
#include "node/posted_call.h"
#include "node/process/process_origin.h"
#include "node/setup/accounts.h"
#include "node/view/view_words.h"

namespace ginnel {
namespace {

constexpr std::string_view role_prefix = "role:";

tl::unexpected<Error> no_such() {
  return fail("not-found", "cannot show this", "there is nothing of that kind for you", "");
}

tl::unexpected<Error> no_colleague() {
  return fail("bad-field", "cannot give it to them", "nobody here who does work has that user name",
              "name a colleague by user name, or a role as role:ID");
}

// What needs the accounts, the vocabulary and the clock to be told to a person.
class Telling {
 public:
  Telling(const Tasks& tasks, const Vocabulary& words, Session session, std::vector<Account> accounts, Instant now)
      : tasks_(tasks), words_(words), who_(std::move(session)), accounts_(std::move(accounts)), now_(now) {}

  const Session& who() const { return who_; }
  ActorId actor() const { return *ActorId::from(who_.user.bytes()); }
  bool manages() const { return tasks_.manages_work(who_.role); }

  const Account* account(const std::string& username) const {
    auto found =
        std::find_if(accounts_.begin(), accounts_.end(), [&](const Account& one) { return one.username == username; });
    return found == accounts_.end() ? nullptr : &*found;
  }

  // "a.user" or "role:manager".
  Expected<TaskHolder> holder(const std::string& to) const {
    if (to.starts_with(role_prefix)) {
      const std::string role = to.substr(role_prefix.size());
      if (!tasks_.holds_tasks(role)) return no_colleague();
      return TaskHolder{{}, role};
    }
    const Account* found = account(to);
    if (!found || found->disabled || !tasks_.holds_tasks(found->role)) return no_colleague();
    return TaskHolder{found->id, {}};
  }

  WorkerName name(const UserId& user) const {
    for (const auto& one : accounts_)
      if (one.id == user) return {one.username, one.display_name, "", one.display_name};
    return {"", "", "", user.empty() ? "this node" : "somebody who has left"};
  }
  WorkerName name(const TaskHolder& holder) const {
    if (!holder.user.empty()) return name(holder.user);
    return {"", "", holder.role, title_of("role", holder.role)};
  }
  std::vector<WorkerName> names(const std::vector<TaskHolder>& holders) const {
    std::vector<WorkerName> out;
    for (const auto& holder : holders) out.push_back(name(holder));
    return out;
  }
  std::string title_of(std::string_view list, const std::string& id) const {
    const Word* word = words_.find(list, id);
    return word ? word->title : id;
  }

  // Whom a task may be handed to: everybody who does work, then the roles.
  std::vector<WorkerName> colleagues(bool with_roles) const {
    std::vector<WorkerName> out;
    for (const auto& one : accounts_)
      if (!one.disabled && tasks_.holds_tasks(one.role)) out.push_back(name(one.id));
    for (const auto& role : words_.words("role"))
      if (with_roles && tasks_.holds_tasks(role.id)) out.push_back(name(TaskHolder{{}, role.id}));
    return out;
  }

  bool is_mine(const TaskEntry& task) const {
    return std::any_of(task.holders.begin(), task.holders.end(), [&](const TaskHolder& holder) {
      return holder.user.empty() ? holder.role == who_.role : holder.user == who_.user;
    });
  }
  bool is_review(const TaskEntry& task) const {
    const Word* kind = words_.find("task_kind", task.kind);
    return kind && kind->task.is_review;
  }
  bool is_late(const TaskEntry& task) const { return is_active(task.state) && task.due <= now_; }
  static bool is_unowned(const TaskEntry& task) { return task.state == TaskState::open; }

  TaskSummary summary(const TaskEntry& task) const {
    TaskSummary out;
    out.id = task.task;
    out.kind = task.kind;
    out.title = task.title;
    out.state = task.state;
    out.holders = names(task.holders);
    out.is_mine = is_mine(task);
    out.person = task.person;
    out.view = task.view;
    out.opened = task.opened;
    out.due = task.due;
    out.is_late = is_late(task);
    out.is_due_soon = is_active(task.state) && !out.is_late && task.warn_from <= now_;
    out.is_review = is_review(task);
    out.escalated = task.escalated;
    out.made_by = task.rule;
    if (!is_active(task.state)) out.outcome = task.outcome;  // the reason may name somebody: with the task alone
    return out;
  }

  // As they are due, late ones first; closed ones the newest first.
  TaskList list(const std::vector<TaskEntry>& tasks) const {
    TaskList out;
    for (const auto& task : tasks) {
      if (out.tasks.size() >= limits::work_rows_shown_max) {
        out.more = true;
        break;
      }
      out.tasks.push_back(summary(task));
    }
    return out;
  }

 private:
  const Tasks& tasks_;
  const Vocabulary& words_;
  Session who_;
  std::vector<Account> accounts_;
  Instant now_;
};

Expected<Telling> telling_for(Expected<Session> session, const Tasks& tasks, const Vocabulary& words,
                              const Work& work) {
  if (!session) return tl::unexpected(session.error());
  auto accounts = load_accounts(work.turn);
  if (!accounts) return tl::unexpected(accounts.error());
  return Telling(tasks, words, std::move(*session), std::move(*accounts), work.now);
}

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

// By system and key, and recorded as shown.
Expected<PersonLabel> label_of(const PersonRef& person, const Session& who, const char* reason, Turn& turn) {
  PersonLabel out{person, {}};
  if (person.empty()) return out;
  auto sources = Matching(default_link_rules()).sources_of(turn, person);
  if (!sources) return tl::unexpected(sources.error());
  out.sources = std::move(*sources);
  auto key = turn.person_key(person);
  if (!key) return tl::unexpected(key.error());
  Access shown;
  shown.person = person;
  shown.role = who.role;
  shown.reason = reason;
  auto noted = turn.append(EntryKind::view_shown, *ActorId::from(who.user.bytes()), *key, shown);
  if (!noted) return tl::unexpected(noted.error());
  return out;
}

Expected<std::vector<AllocationRow>> rows_of(const std::vector<Allocation>& found, bool current_only,
                                             const Telling& tell, Work& work) {
  std::vector<AllocationRow> out;
  for (const auto& one : found) {
    if (current_only && !one.is_current(work.now)) continue;
    if (out.size() >= limits::work_rows_shown_max) break;
    auto label = label_of(one.entry.person, tell.who(), "shown among the allocations", work.turn);
    if (!label) return tl::unexpected(label.error());
    out.push_back({one.entry.allocation, std::move(*label), tell.name(one.entry.worker), one.entry.team, one.entry.from,
                   one.entry.to, one.is_current(work.now), tell.name(one.said_by), one.entry.reason});
  }
  return out;
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
  if (!markings && markings.error().code == "no-person") return no_such();
  if (!markings) return tl::unexpected(markings.error());
  for (const auto& marking : *markings) {
    const Word* word = gate_.bundle().vocabulary.find("marking", marking);
    if (!word || word->effect == "concealed") return no_such();
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
    auto allocations = Allocations::of_worker(tell->who().user, work.turn);
    if (!allocations) return tl::unexpected(allocations.error());
    auto rows = rows_of(*allocations, true, *tell, work);
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
    if (!tasks_.may_see(tell->who(), *task)) return no_such();
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
            changed = tasks_.finish(tell->who(), change.task, change.outcome, change.reason, work.turn);
            break;
          case TaskChange::What::cancel:
            changed = tasks_.cancel(tell->who(), change.task, change.reason, work.turn);
            break;
          case TaskChange::What::hand_over: {
            // SECURITY: whether it is theirs comes first: a task that is not is not told by another error.
            auto task = tasks_.find(change.task, work.turn);
            if (!task) return tl::unexpected(task.error());
            if (!tasks_.may_see(tell->who(), *task)) return no_such();
            auto to = tell->holder(change.to);
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

void Node::list_allocations(std::string token, AllocationQuery query, Done<std::vector<AllocationRow>> done) {
  call<std::vector<AllocationRow>>(
      *this, std::move(done), [this, token, query](Work& work) -> Expected<std::vector<AllocationRow>> {
        const Vocabulary& words = gate_.bundle().vocabulary;
        auto tell = telling_for(task_holder_of(token, work.turn, work.now), tasks_, words, work);
        if (!tell) return tl::unexpected(tell.error());
        if ((!query.person.empty() || !query.worker.empty()) && !tell->manages())
          return fail("forbidden", "cannot show others' allocations", "your role does not manage work",
                      "ask for your own");
        if (!query.person.empty()) {
          if (auto told = check_told(query.person, work.turn); !told) return tl::unexpected(told.error());
          auto found = Allocations::of_person(query.person, work.turn);
          if (!found) return tl::unexpected(found.error());
          return rows_of(*found, false, *tell, work);
        }
        UserId worker = tell->who().user;
        if (!query.worker.empty()) {
          const Account* named = tell->account(query.worker);
          if (!named) return no_colleague();
          worker = named->id;
        }
        auto found = Allocations::of_worker(worker, work.turn);
        if (!found) return tl::unexpected(found.error());
        return rows_of(*found, !query.worker.empty(), *tell, work);
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
                              if (!*found) return no_such();
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
