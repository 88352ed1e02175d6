// SPDX-License-Identifier: Apache-2.0
#include "node/telling.h"

#include <algorithm>

#include "adapters/link_rules_reader.h"
#include "node/import/matching.h"
#include "node/view/view_words.h"

namespace ginnel {
namespace {

constexpr std::string_view role_prefix = "role:";

}  // namespace

tl::unexpected<Error> no_such_work() {
  return fail("not-found", "cannot show this", "there is nothing of that kind for you", "");
}

tl::unexpected<Error> no_colleague() {
  return fail("bad-field", "cannot give it to them", "nobody here who does work has that user name",
              "name a colleague by user name, or a role as role:ID");
}

const Account* Telling::account(const std::string& username) const {
  auto found =
      std::find_if(accounts_.begin(), accounts_.end(), [&](const Account& one) { return one.username == username; });
  return found == accounts_.end() ? nullptr : &*found;
}

Expected<TaskHolder> Telling::holder(const std::string& to) const {
  if (to.starts_with(role_prefix)) {
    const std::string role = to.substr(role_prefix.size());
    if (!tasks_.holds_tasks(role)) return no_colleague();
    return TaskHolder{{}, role};
  }
  const Account* found = account(to);
  if (!found || found->disabled || !tasks_.holds_tasks(found->role)) return no_colleague();
  return TaskHolder{found->id, {}};
}

WorkerName Telling::name(const UserId& user) const {
  for (const auto& one : accounts_)
    if (one.id == user) return {one.username, one.display_name, "", one.display_name};
  return {"", "", "", user.empty() ? "this node" : "somebody who has left"};
}

WorkerName Telling::name(const TaskHolder& holder) const {
  if (!holder.user.empty()) return name(holder.user);
  return {"", "", holder.role, title_of("role", holder.role)};
}

std::vector<WorkerName> Telling::names(const std::vector<TaskHolder>& holders) const {
  std::vector<WorkerName> out;
  for (const auto& holder : holders) out.push_back(name(holder));
  return out;
}

std::string Telling::title_of(std::string_view list, const std::string& id) const {
  const Word* word = words_.find(list, id);
  return word ? word->title : id;
}

std::vector<WorkerName> Telling::colleagues(bool with_roles) const {
  std::vector<WorkerName> out;
  for (const auto& one : accounts_)
    if (!one.disabled && tasks_.holds_tasks(one.role)) out.push_back(name(one.id));
  for (const auto& role : words_.words("role"))
    if (with_roles && tasks_.holds_tasks(role.id)) out.push_back(name(TaskHolder{{}, role.id}));
  return out;
}

bool Telling::is_mine(const TaskEntry& task) const {
  return std::any_of(task.holders.begin(), task.holders.end(), [&](const TaskHolder& holder) {
    return holder.user.empty() ? holder.role == who_.role : holder.user == who_.user;
  });
}

bool Telling::is_review(const TaskEntry& task) const {
  const Word* kind = words_.find("task_kind", task.kind);
  return kind && kind->task.is_review;
}

TaskSummary Telling::summary(const TaskEntry& task) const {
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

TaskList Telling::list(const std::vector<TaskEntry>& tasks) const {
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

Expected<Telling> telling_for(Expected<Session> session, const Tasks& tasks, const Vocabulary& words,
                              const Work& work) {
  if (!session) return tl::unexpected(session.error());
  auto accounts = load_accounts(work.turn);
  if (!accounts) return tl::unexpected(accounts.error());
  return Telling(tasks, words, std::move(*session), std::move(*accounts), work.now);
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
  auto noted = turn.append(EntryKind::view_shown, actor_of(who), *key, shown);
  if (!noted) return tl::unexpected(noted.error());
  return out;
}

Expected<std::vector<AllocationRow>> related(WorkerRelation relation, const AllocationQuery& query, bool current_only,
                                             const char* reason, const Telling& tell, Work& work) {
  const bool of_person = !query.person.empty();
  const Account* named = query.worker.empty() ? nullptr : tell.account(query.worker);
  if (!of_person && !query.worker.empty() && !named) return no_colleague();
  auto found = of_person ? relations_of_person(relation, query.person, work.turn)
                         : relations_of_worker(relation, named ? named->id : tell.who().user, work.turn);
  if (!found) return tl::unexpected(found.error());
  std::vector<AllocationRow> out;
  for (const auto& one : *found) {
    if (current_only && !of_person && !one.is_current(work.now)) continue;
    if (out.size() >= limits::work_rows_shown_max) break;
    auto label = label_of(one.entry.person, tell.who(), reason, work.turn);
    if (!label) return tl::unexpected(label.error());
    out.push_back({one.entry.allocation, std::move(*label), tell.name(one.entry.worker), one.entry.team, one.entry.from,
                   one.entry.to, one.is_current(work.now), tell.name(one.said_by), one.entry.reason});
  }
  return out;
}

}  // namespace ginnel
