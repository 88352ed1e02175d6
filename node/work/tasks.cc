// SPDX-License-Identifier: Apache-2.0
#include "node/work/tasks.h"

#include <algorithm>

#include "node/store/codec.h"

namespace ginnel {
namespace {

constexpr const char* cannot_open = "cannot make the task";
constexpr const char* cannot_act = "cannot do this with the task";
constexpr const char* nobody_has_the_role = "nobody here has the role that it is for";

tl::unexpected<Error> no_such_task() { return fail("not-found", cannot_act, "there is no such task for you", ""); }

tl::unexpected<Error> bad_task(const char* why, const char* remedy) {
  return fail("bad-task", cannot_act, why, remedy);
}

// The one task whose newest entry stands there.
Expected<TaskEntry> task_at(std::uint64_t sequence, const StoreReader& reader) {
  auto entry = reader.entry(sequence);
  if (!entry) return tl::unexpected(entry.error());
  if (entry->erased || entry->header.kind != EntryKind::task)
    return fail("index-mismatch", "cannot read a task", "its index row names another's entry",
                "stop the node and run `ginnel store rebuild`");
  return decode_task(entry->body);
}

// When it goes further by itself; nothing: it never does.
std::optional<Instant> next_of(const TaskEntry& task) {
  if (!is_active(task.state) || task.escalated >= 2) return std::nullopt;
  return task.escalated == 0 ? task.due : std::max(task.due, task.manager_at);
}

Expected<void> check_reason(const std::string& reason) {
  if (!reason.empty() && reason.size() <= limits::task_text_bytes_max) return {};
  return fail("bad-field", cannot_act, "`reason` is empty or too long", "say in a sentence why");
}

void add_holder(TaskEntry& task, const TaskHolder& holder) {
  if (std::find(task.holders.begin(), task.holders.end(), holder) == task.holders.end()) task.holders.push_back(holder);
}

bool is_holder(const Session& who, const TaskEntry& task) {
  return std::any_of(task.holders.begin(), task.holders.end(), [&](const TaskHolder& holder) {
    return holder.user.empty() ? holder.role == who.role : holder.user == who.user;
  });
}

}  // namespace

// --- opening and closing

Expected<TaskId> Tasks::open(const TaskOpening& opening, Turn& turn, const ActorId& actor) {
  const Word* kind = words_.find("task_kind", opening.kind);
  if (!kind || !kind->in_force)
    return fail("unknown-word", cannot_open, "there is no kind of task of that name", "see the vocabulary's task_kind");
  if (opening.origin.size() > limits::task_origin_bytes_max || opening.note.size() > limits::task_text_bytes_max ||
      kind->title.size() + opening.detail.size() + 2 > limits::task_title_bytes_max)
    return fail("bad-field", cannot_open, "its text is too long", "say it in fewer words");
  // INVARIANT: one cause makes one task, however often its rule runs.
  if (!opening.origin.empty()) {
    auto before = turn.task_from(opening.origin);
    if (!before) return tl::unexpected(before.error());
    if (*before) {
      auto task = task_at(**before, turn);
      if (!task) return tl::unexpected(task.error());
      if (is_active(task->state) || !opening.may_recur) return task->task;
    }
  }
  TaskEntry task;
  task.task = TaskId::make(random_);
  task.kind = kind->id;
  task.origin = opening.origin;
  task.title = kind->title + (opening.detail.empty() ? "" : ": " + opening.detail);
  task.note = opening.note;
  task.person = opening.person;
  task.view = opening.view;
  task.holders = {opening.owner.empty() ? TaskHolder{{}, kind->task.owner_role} : opening.owner};
  task.deputy = !opening.deputy.empty() || kind->task.deputy_role.empty() ? opening.deputy
                                                                          : TaskHolder{{}, kind->task.deputy_role};
  task.manager_role = kind->task.manager_role;
  task.opened = turn.now();
  task.due = opening.due.is_set() ? opening.due : turn.now() + kind->task.due_hours * hour_ms;
  task.warn_from = std::max(turn.now(), task.due + -kind->task.warn_hours * hour_ms);
  task.manager_at = task.due + kind->task.escalate_hours * hour_ms;
  task.rule = opening.rule;
  if (auto done = append(task, actor, turn); !done) return tl::unexpected(done.error());
  return task.task;
}

Expected<TaskId> Tasks::open(const std::string& kind, const PersonRef& about, const std::string& origin, Instant due,
                             const std::string& owner_role, Turn& turn) {
  TaskOpening opening;
  opening.kind = kind;
  opening.person = about;
  opening.origin = origin;
  opening.due = due;
  opening.owner.role = owner_role;
  opening.rule = kind;
  return open(opening, turn);
}

Expected<bool> Tasks::close_from(const std::string& origin, const std::string& outcome, const std::string& reason,
                                 Turn& turn) {
  auto found = from(origin, turn);
  if (!found) return tl::unexpected(found.error());
  if (!*found || !is_active((*found)->state)) return false;
  TaskEntry& task = **found;
  task.act = TaskAct::done;
  task.state = TaskState::done;
  task.outcome = outcome;
  task.reason = reason;
  if (auto done = append(task, ActorId(), turn); !done) return tl::unexpected(done.error());
  return true;
}

Expected<std::optional<TaskEntry>> Tasks::from(const std::string& origin, const StoreReader& reader) const {
  auto found = reader.task_from(origin);
  if (!found) return tl::unexpected(found.error());
  if (!*found) return std::optional<TaskEntry>();
  auto task = task_at(**found, reader);
  if (!task) return tl::unexpected(task.error());
  return std::optional(std::move(*task));
}

// --- what people do

bool Tasks::holds_tasks(const std::string& role) const {
  const Word* word = words_.find("role", role);
  return word && word->holds_tasks && !word->no_case_data;
}
bool Tasks::manages_work(const std::string& role) const {
  const Word* word = words_.find("role", role);
  return holds_tasks(role) && word->manages_work;
}

bool Tasks::may_see(const Session& who, const TaskEntry& task) const {
  return holds_tasks(who.role) && (is_holder(who, task) || manages_work(who.role));
}

Expected<TaskEntry> Tasks::active_for(const Session& who, const TaskId& id, const Turn& turn) const {
  auto task = find(id, turn);
  if (!task) return task;
  // SECURITY: another's task is told as one that is not there.
  if (!may_see(who, *task)) return no_such_task();
  if (!is_active(task->state)) return bad_task("it is closed already", "look at its history");
  return task;
}

Expected<void> Tasks::accept(const Session& who, const TaskId& id, Turn& turn) {
  auto task = active_for(who, id, turn);
  if (!task) return tl::unexpected(task.error());
  const TaskHolder me{who.user, {}};
  if (task->state == TaskState::accepted && task->holders.front() == me) return {};  // said twice
  task->act = TaskAct::accepted;
  task->state = TaskState::accepted;
  task->holders = {me};
  task->outcome.clear();
  task->reason.clear();
  return append(*task, actor_of(who), turn);
}

Expected<void> Tasks::finish(const Session& who, const TaskId& id, const std::string& outcome,
                             const std::string& reason, Turn& turn) {
  auto task = active_for(who, id, turn);
  if (!task) return tl::unexpected(task.error());
  if (auto checked = check_reason(reason); !checked) return checked;
  const Word* kind = words_.find("task_kind", task->kind);
  const std::vector<std::string> plain{"done"};
  const auto& outcomes = kind && !kind->task.outcomes.empty() ? kind->task.outcomes : plain;
  if (std::find(outcomes.begin(), outcomes.end(), outcome) == outcomes.end()) {
    std::string remedy = "say one of:";
    for (const auto& one : outcomes) remedy += " " + one;
    return fail("bad-field", cannot_act, "`outcome` is none of those that this kind of task can have", remedy);
  }
  task->act = TaskAct::done;
  task->state = TaskState::done;
  add_holder(*task, {who.user, {}});  // so that they find it among what they did
  task->outcome = outcome;
  task->reason = reason;
  return append(*task, actor_of(who), turn);
}

Expected<void> Tasks::cancel(const Session& who, const TaskId& id, const std::string& reason, Turn& turn) {
  auto task = active_for(who, id, turn);
  if (!task) return tl::unexpected(task.error());
  if (!manages_work(who.role))
    return fail("forbidden", cannot_act, "your role does not cancel tasks", "hand it over, or ask a manager");
  if (auto checked = check_reason(reason); !checked) return checked;
  task->act = TaskAct::cancelled;
  task->state = TaskState::cancelled;
  add_holder(*task, {who.user, {}});
  task->outcome = "cancelled";
  task->reason = reason;
  return append(*task, actor_of(who), turn);
}

Expected<void> Tasks::hand_over(const Session& who, const TaskId& id, const TaskHolder& to, const std::string& reason,
                                Turn& turn) {
  auto task = active_for(who, id, turn);
  if (!task) return tl::unexpected(task.error());
  if (auto checked = check_reason(reason); !checked) return checked;
  if (to.empty() || (to.user.empty() && !holds_tasks(to.role)))
    return fail("bad-field", cannot_act, "there is nobody to hand it to", "name a colleague, or a role that does work");
  task->act = TaskAct::handed_over;
  task->state = TaskState::open;
  task->holders = {to};
  task->outcome.clear();
  task->reason = reason;
  return append(*task, actor_of(who), turn);
}

Expected<std::size_t> Tasks::hand_over_all(const Session& who, const UserId& from, const TaskHolder& to,
                                           const std::string& reason, Turn& turn) {
  if (!manages_work(who.role))
    return fail("forbidden", cannot_act, "your role does not hand over for others", "ask a manager");
  auto held = turn.tasks_of({from, {}}, true);
  if (!held) return tl::unexpected(held.error());
  if (held->size() > limits::tasks_handed_over_max)
    return fail("bad-task", cannot_act, "they have too many tasks for one hand-over", "hand some over one by one");
  auto tasks = read(*held, turn);
  if (!tasks) return tl::unexpected(tasks.error());
  for (const auto& task : *tasks)
    if (auto done = hand_over(who, task.task, to, reason, turn); !done) return tl::unexpected(done.error());
  return tasks->size();
}

// --- reading

Expected<TaskEntry> Tasks::find(const TaskId& id, const StoreReader& reader) const {
  auto sequences = reader.task_history(id);
  if (!sequences) return tl::unexpected(sequences.error());
  if (sequences->empty()) return no_such_task();
  auto task = task_at(sequences->back(), reader);
  if (task && task->task != id)
    return fail("index-mismatch", "cannot read a task", "its index row names another's entry",
                "stop the node and run `ginnel store rebuild`");
  return task;
}

Expected<std::vector<TaskStep>> Tasks::history(const TaskId& id, const StoreReader& reader) const {
  auto sequences = reader.task_history(id);
  if (!sequences) return tl::unexpected(sequences.error());
  std::vector<TaskStep> out;
  for (const auto sequence : *sequences) {
    auto entry = reader.entry(sequence);
    if (!entry) return tl::unexpected(entry.error());
    auto task = decode_task(entry->body);
    if (!task) return tl::unexpected(task.error());
    const auto by = entry->header.actor.empty() ? UserId() : *UserId::from(entry->header.actor.bytes());
    out.push_back({entry->header.time, by, std::move(*task)});
  }
  return out;
}

Expected<std::vector<TaskEntry>> Tasks::read(const std::vector<std::uint64_t>& sequences, const StoreReader& reader) {
  std::vector<TaskEntry> out;
  for (const auto sequence : sequences) {
    auto task = task_at(sequence, reader);
    if (!task) return tl::unexpected(task.error());
    out.push_back(std::move(*task));
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.due < b.due; });
  return out;
}

// --- time

std::optional<Instant> Tasks::next_tick() const {
  if (!is_loaded_) return retry_at_;
  if (agenda_.empty()) return std::nullopt;
  return agenda_.begin()->first;
}

void Tasks::clear() {
  is_loaded_ = false;
  retry_at_ = {};
  agenda_.clear();
  next_.clear();
  with_nobody_.clear();
  held_roles_.reset();
}

// --- roles that nobody has

// A user who has left holds nothing either, but their tasks were handed over, or are late and so the managers'.
bool Tasks::is_held(const TaskHolder& holder) const {
  return !held_roles_ || !holder.user.empty() || held_roles_->contains(holder.role);
}

// INVARIANT: no task waits for a role that nobody has while somebody here manages work. Whether it was given.
bool Tasks::give_to_somebody(TaskEntry& task) const {
  if (!is_active(task.state)) return false;
  for (const auto& holder : task.holders)
    if (is_held(holder)) return false;
  std::vector<std::string> managers{task.manager_role};
  for (const auto& role : words_.words("role"))
    if (manages_work(role.id)) managers.push_back(role.id);
  for (const auto& role : managers)
    if (holds_tasks(role) && held_roles_->contains(role)) {
      add_holder(task, {{}, role});
      return true;
    }
  return false;
}

Expected<void> Tasks::set_held_roles(std::set<std::string> roles, Turn& turn) {
  if (held_roles_ == roles) return {};
  held_roles_ = std::move(roles);
  auto active = turn.active_tasks();
  if (!active) return tl::unexpected(active.error());
  auto tasks = read(*active, turn);
  if (!tasks) return tl::unexpected(tasks.error());
  for (auto& task : *tasks) {
    if (give_to_somebody(task)) {
      task.act = TaskAct::handed_over;
      task.outcome.clear();
      task.reason = nobody_has_the_role;
      if (auto done = append(task, ActorId(), turn); !done) return done;
    } else if (is_loaded_) {
      schedule(task);
    }
  }
  return {};
}

void Tasks::schedule(const TaskEntry& task) {
  const bool has_somebody =
      std::any_of(task.holders.begin(), task.holders.end(), [&](const TaskHolder& holder) { return is_held(holder); });
  if (is_active(task.state) && !has_somebody)
    with_nobody_.insert(task.task);
  else
    with_nobody_.erase(task.task);
  if (auto before = next_.find(task.task); before != next_.end()) {
    agenda_.erase({before->second, task.task});
    next_.erase(before);
  }
  if (auto next = next_of(task)) {
    agenda_.emplace(*next, task.task);
    next_.emplace(task.task, *next);
  }
}

Expected<void> Tasks::load(const StoreReader& reader) {
  auto active = reader.active_tasks();
  if (!active) return tl::unexpected(active.error());
  auto tasks = read(*active, reader);
  if (!tasks) return tl::unexpected(tasks.error());
  for (const auto& task : *tasks) schedule(task);
  is_loaded_ = true;
  return {};
}

void Tasks::start(const StoreReader& reader) {
  if (!load(reader)) clear();
}

Expected<void> Tasks::tick(Turn& turn) {
  const Instant now = turn.now();
  if (!is_loaded_) {
    if (retry_at_.is_set() && now < retry_at_) return {};
    if (auto loaded = load(turn); !loaded) {
      // The rest of the node goes on; whoever watches it is told that work is not looked after.
      clear();
      problem_ = "tasks cannot be read: " + loaded.error().text();
      retry_at_ = now + limits::tasks_retry_ms;
      return {};
    }
    problem_.clear();
  }
  for (std::size_t count = 0; count < limits::tasks_escalated_per_turn_max; ++count) {
    if (agenda_.empty() || agenda_.begin()->first > now) return {};
    const TaskId id = agenda_.begin()->second;
    next_.erase(id);
    agenda_.erase(agenda_.begin());
    auto done = escalate(id, turn);
    if (!done) return done;
    if (!is_loaded_) return {};
  }
  return {};
}

Expected<void> Tasks::escalate(const TaskId& id, Turn& turn) {
  auto task = find(id, turn);
  if (!task && task.error().code == "not-found") return {};  // erased with the person it was about
  if (!task) {
    clear();
    problem_ = "a task cannot be read: " + task.error().text();
    retry_at_ = turn.now() + limits::tasks_retry_ms;
    return {};
  }
  const auto next = next_of(*task);
  if (!next || turn.now() < *next) {
    schedule(*task);
    return {};
  }
  const bool to_deputy = task->escalated == 0 && !task->deputy.empty();
  add_holder(*task, to_deputy ? task->deputy : TaskHolder{{}, task->manager_role});
  task->escalated = to_deputy ? 1 : 2;
  task->act = to_deputy ? TaskAct::to_deputy : TaskAct::to_manager;
  task->outcome.clear();
  task->reason = to_deputy ? "it was due, and nobody had done it" : "it was still not done";
  return append(*task, ActorId(), turn);
}

Expected<void> Tasks::append(const TaskEntry& wanted, const ActorId& actor, Turn& turn) {
  TaskEntry task = wanted;
  if (give_to_somebody(task) && task.reason.empty()) task.reason = nobody_has_the_role;
  auto before = turn.task_history(task.task);
  if (!before) return tl::unexpected(before.error());
  if (before->size() >= limits::task_entries_max && is_active(task.state) && !actor.empty())
    return fail("bad-task", cannot_act, "too much was done with it", "close it, and make another");
  auto key = task.person.empty() ? Expected<KeyId>(turn.node_key()) : turn.person_key(task.person);
  if (!key) return tl::unexpected(key.error());
  auto sequence = turn.append(EntryKind::task, actor, *key, encode(task));
  if (!sequence) return tl::unexpected(sequence.error());
  if (is_loaded_) schedule(task);
  return {};
}

}  // namespace ginnel
