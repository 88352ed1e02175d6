// SPDX-License-Identifier: Apache-2.0
#include "node/process/process_book.h"

#include <algorithm>

#include "node/process/process_origin.h"
#include "node/process/process_records.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

constexpr const char* cannot_do = "cannot do this with the process";
constexpr const char* step_kind = "process_step";
constexpr const char* reason_kind = "process_late_reason";
constexpr const char* alert_kind = "process_alert";

tl::unexpected<Error> no_such_process() { return fail("not-found", cannot_do, "there is no such process for you", ""); }

std::string alert_origin(const ProcessId& process, const std::string& key, const std::string& role) {
  return process_origin(process, "alert/" + key + "/" + role);
}

}  // namespace

// --- by what a process runs, and who acts in it

const Definition* ProcessBook::definition_of(const RunningProcess& process) const {
  return p_.rules ? p_.rules->definitions.find(process.definition()) : nullptr;
}

std::optional<ProcessEngine> ProcessBook::engine_of(const RunningProcess& process) const {
  const Definition* definition = definition_of(process);
  if (!definition) return std::nullopt;
  return ProcessEngine(*definition, p_.rules->calendar);
}

const Definition* ProcessBook::in_effect(std::string_view definition, Instant now) const {
  if (!p_.rules) return nullptr;
  return p_.rules->definitions.in_effect(definition, p_.member.text(), p_.rules->authority, london_date(now));
}

std::string ProcessBook::user_role(const std::string& role) const {
  if (!p_.rules) return {};
  const auto found = p_.rules->roles.find(role);
  return found == p_.rules->roles.end() ? std::string() : found->second;
}

std::string ProcessBook::role_at(const Definition& definition, const StepDefinition* step,
                                 const std::string& role) const {
  std::vector<std::string> fitting;
  if (step) fitting = {step->lead, step->deputy, step->out_of_hours};
  fitting.push_back(definition.manager);
  for (const auto& [id, title] : definition.roles) fitting.push_back(id);
  for (const auto& one : fitting)
    if (!one.empty() && user_role(one) == role) return one;
  return {};
}

Actor ProcessBook::actor_of(const Session& who, const Definition& definition, const StepDefinition* step) const {
  return {p_.member.text(), p_.rules->agency, who.user.hex(), role_at(definition, step, who.role)};
}

// --- people's acts

Expected<ProcessId> ProcessBook::begin(const Session& who, const NewProcess& wish, Turn& turn) {
  if (auto loaded = need_loaded(turn, turn.now()); !loaded) return tl::unexpected(loaded.error());
  const Definition* definition = in_effect(wish.definition, turn.now());
  if (!definition)
    return fail("no-definition", "cannot begin the process", "this node has no definition of that name in effect",
                "see [processes] of its configuration");
  const ProcessEngine engine(*definition, p_.rules->calendar);
  const Actor by = actor_of(who, *definition, definition->step(definition->start));
  auto begun = engine.begin({p_.member.text(), wish.at, by}, turn.now());
  if (!begun) return tl::unexpected(begun.error());
  KeptProcess kept{ProcessId::make(p_.random), wish.person, {}};
  const ProcessId id = kept.id;
  if (auto done = write(std::move(kept), *begun, &who, turn); !done) return tl::unexpected(done.error());
  return id;
}

Expected<ProcessBook::Act> ProcessBook::act(const Session& who, const ProcessId& id, std::uint32_t step, Turn& turn) {
  if (auto loaded = need_loaded(turn, turn.now()); !loaded) return tl::unexpected(loaded.error());
  auto kept = find(id, turn);
  if (!kept) return tl::unexpected(kept.error());
  auto engine = engine_of(kept->process);
  if (!engine)
    return fail("no-definition", cannot_do,
                "this node has not the definition `" + kept->process.definition().text() + "` by which it runs",
                "give it back to [processes] of the node's configuration");
  const RunningProcess& process = kept->process;
  // Nothing that is written here would reach who leads now, or will.
  if (process.lead_member() != p_.member.text())
    return fail("not-the-lead", cannot_do,
                process.lead_member().empty()
                    ? "its lead was released to another authority, which has not assumed it yet"
                    : "`" + process.lead_member() + "` leads it now",
                "tell them: ring their duty contact, and see `ginnel transfer show`");
  const Definition& definition = *definition_of(kept->process);
  const StepInstance* instance = kept->process.find(step);
  const Actor by = actor_of(who, definition, instance ? definition.step(instance->step) : nullptr);
  return Act{std::move(*kept), *engine, by};
}

Expected<std::uint32_t> ProcessBook::begin_step(const Session& who, const NewProcessStep& wish, Turn& turn) {
  auto act = this->act(who, wish.process, 0, turn);
  if (!act) return tl::unexpected(act.error());
  const Definition& definition = *definition_of(act->kept.process);
  auto elsewhere = open_elsewhere(act->kept, turn);
  if (!elsewhere) return tl::unexpected(elsewhere.error());
  const Actor by = actor_of(who, definition, definition.step(wish.step));
  auto begun = act->engine.begin(act->kept.process, {wish.step, wish.at, by, std::move(*elsewhere)}, turn.now());
  if (!begun) return tl::unexpected(begun.error());
  const auto number = std::uint32_t(act->kept.process.steps().size() + 1);
  if (auto done = write(std::move(act->kept), *begun, &who, turn); !done) return tl::unexpected(done.error());
  return number;
}

Expected<void> ProcessBook::contribute(const Session& who, const NewContribution& wish, Turn& turn) {
  auto act = this->act(who, wish.process, wish.step, turn);
  if (!act) return tl::unexpected(act.error());
  Actor by = act->by;
  // Who wrote down what another agency brought stays with it.
  if (!wish.member.empty()) by = {wish.member, wish.agency, p_.member.text() + "/" + who.user.hex(), ""};
  auto done = act->engine.contribute(act->kept.process, {wish.step, wish.name, wish.at, wish.text, by}, turn.now());
  if (!done) return tl::unexpected(done.error());
  return write(std::move(act->kept), *done, &who, turn);
}

Expected<bool> ProcessBook::take_in(const BroughtBy& by, const BroughtToStep& brought, Turn& turn) {
  const Instant now = turn.now();
  if (!need_loaded(turn, now)) return false;
  auto kept = find(brought.at.process, turn);
  if (!kept && kept.error().code == "not-found") return true;
  if (!kept) return tl::unexpected(kept.error());
  // SECURITY: who brings it was told of a child, and this has to be that child's process.
  auto group = turn.merged_with(kept->person);
  if (!group) return tl::unexpected(group.error());
  if (std::find(group->begin(), group->end(), by.person) == group->end()) return true;
  if (kept->process.lead_member() != p_.member.text()) return true;  // it moved: people read the notice, and pass it on
  const auto engine = engine_of(kept->process);
  if (!engine) return false;  // its definition is missing for now; problem() says so
  const Definition& definition = *definition_of(kept->process);
  const StepInstance* instance = kept->process.find(brought.at.number);
  const StepDefinition* step = instance ? definition.step(instance->step) : nullptr;
  if (!step || std::find(step->brought.begin(), step->brought.end(), brought.name) == step->brought.end()) return true;
  Actor actor{by.member.text(), by.kind, by.member.text() + "/" + by.record.hex(), ""};
  if (!definition.agencies.contains(actor.kind)) actor.kind.clear();
  std::size_t theirs = 0;
  for (const Contribution& one : instance->contributions) {
    if (one.by == actor) return true;  // told again, to another worker
    theirs += one.by.member == actor.member;
  }
  // SECURITY: what one agency brings leaves room for the others.
  if (theirs >= limits::process_brought_max) return true;
  // What has happened is not still to come: the clock of one of us is wrong, and they were there all the same.
  const When at = has_happened(brought.when, now) ? brought.when : When::at_instant(now);
  auto done = engine->contribute(kept->process, {brought.at.number, brought.name, at, brought.text, actor}, now);
  if (!done) return true;
  if (auto written = write(std::move(*kept), *done, nullptr, turn); !written) return tl::unexpected(written.error());
  return true;
}

Expected<void> ProcessBook::close(const Session& who, const NewOutcome& wish, Turn& turn) {
  auto act = this->act(who, wish.process, wish.step, turn);
  if (!act) return tl::unexpected(act.error());
  auto elsewhere = open_elsewhere(act->kept, turn);
  if (!elsewhere) return tl::unexpected(elsewhere.error());
  auto done = act->engine.close(
      act->kept.process, {wish.step, wish.outcome, wish.at, wish.reason, act->by, std::move(*elsewhere)}, turn.now());
  if (!done) return tl::unexpected(done.error());
  return write(std::move(act->kept), *done, &who, turn);
}

Expected<void> ProcessBook::give_reason(const Session& who, const NewLateReason& wish, Turn& turn) {
  auto act = this->act(who, wish.process, wish.step, turn);
  if (!act) return tl::unexpected(act.error());
  auto done = act->engine.give_reason(act->kept.process, wish.step, wish.clock, wish.text, act->by, turn.now());
  if (!done) return tl::unexpected(done.error());
  return write(std::move(act->kept), *done, &who, turn);
}

Expected<void> ProcessBook::acknowledge(const Session& who, const ProcessId& process, const std::string& alert,
                                        Turn& turn) {
  auto act = this->act(who, process, 0, turn);
  if (!act) return tl::unexpected(act.error());
  auto done = act->engine.acknowledge(act->kept.process, alert, act->by, turn.now());
  if (!done) return tl::unexpected(done.error());
  return write(std::move(act->kept), *done, &who, turn);
}

Expected<void> ProcessBook::migrate(const Session& who, const ProcessId& process, const std::string& to, Turn& turn) {
  if (auto loaded = need_loaded(turn, turn.now()); !loaded) return loaded;
  auto kept = find(process, turn);
  if (!kept) return tl::unexpected(kept.error());
  const Definition* newer = in_effect(kept->process.definition().id, turn.now());
  if (!newer)
    return fail("no-definition", cannot_do, "this node has no definition of its kind in effect",
                "see [processes] of its configuration");
  const ProcessEngine engine(*newer, p_.rules->calendar);
  auto moved = engine.migrate(kept->process, actor_of(who, *newer, nullptr), turn.now());
  const bool may_move = moved || moved.error().code == "cannot-migrate";
  if (may_move && newer->key.text() != to)
    return fail("cannot-migrate", cannot_do, "the version in effect today is `" + newer->key.text() + "`",
                "look at that one, and name it");
  if (!moved) return tl::unexpected(moved.error());
  return write(std::move(*kept), *moved, &who, turn);
}

// --- reading

Expected<std::vector<ProcessEntry>> ProcessBook::entries_of(const ProcessId& id, const StoreReader& reader) {
  auto sequences = reader.process_entries(id);
  if (!sequences) return tl::unexpected(sequences.error());
  if (sequences->empty()) return no_such_process();
  std::vector<ProcessEntry> out;
  for (const auto sequence : *sequences) {
    auto entry = reader.entry(sequence);
    if (!entry) return tl::unexpected(entry.error());
    if (entry->erased || entry->header.kind != EntryKind::process_step)
      return fail("index-mismatch", "cannot read a process", "its index row names another's entry",
                  "stop the node and run `ginnel store rebuild`");
    auto kept = decode_process_entry(entry->body);
    if (!kept) return tl::unexpected(kept.error());
    out.push_back(std::move(*kept));
  }
  return out;
}

Expected<std::vector<ProcessRecord>> ProcessBook::kept_records(const ProcessId& id, const StoreReader& reader) const {
  auto entries = entries_of(id, reader);
  if (!entries) return tl::unexpected(entries.error());
  std::vector<ProcessRecord> out;
  for (auto& entry : *entries) out.push_back(std::move(entry.record));
  return out;
}

Expected<KeptProcess> ProcessBook::read(const ProcessId& id, const StoreReader& reader) const {
  auto entries = entries_of(id, reader);
  if (!entries) return tl::unexpected(entries.error());
  KeptProcess out;
  out.id = id;
  for (const auto& entry : *entries) {
    out.person = entry.person;
    if (auto applied = out.process.apply(entry.record); !applied) return tl::unexpected(applied.error());
  }
  return out;
}

Expected<KeptProcess> ProcessBook::find(const ProcessId& id, const StoreReader& reader) const {
  const auto found = open_.find(id);
  if (found == open_.end()) return read(id, reader);
  auto key = reader.person_key(found->second.person);
  if (!key && key.error().code == "no-person") return no_such_process();  // erased since
  if (!key) return tl::unexpected(key.error());
  return found->second;
}

Expected<void> ProcessBook::each_open(const std::function<Expected<bool>(const ProcessId&)>& see,
                                      const StoreReader& reader, Instant now) {
  if (auto loaded = need_loaded(reader, now); !loaded) return loaded;
  for (const auto& [due, id] : due_.in_order()) {
    auto goes_on = see(id);
    if (!goes_on) return tl::unexpected(goes_on.error());
    if (!*goes_on) break;
  }
  return {};
}

Expected<std::set<std::string>> ProcessBook::open_elsewhere(const KeptProcess& kept, const StoreReader& reader) const {
  auto group = reader.merged_with(kept.person);
  if (!group) return tl::unexpected(group.error());
  std::set<std::string> out;
  for (const auto& person : *group) {
    const auto theirs = of_person_.find(person);
    if (theirs == of_person_.end()) continue;
    for (const auto& id : theirs->second)
      if (id != kept.id) out.merge(open_.at(id).process.states());
  }
  return out;
}

Expected<std::optional<ProcessBook::Proved>> ProcessBook::proved_for(const PersonRef& person, const Turn& turn) {
  if (open_.empty() && is_loaded_) return std::optional<Proved>();
  // What cannot be read proves nothing, and is told by problem().
  if (!need_loaded(turn, turn.now())) return std::optional<Proved>();
  auto group = turn.merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::optional<Proved> best;
  for (const auto& one : *group) {
    const auto theirs = of_person_.find(one);
    if (theirs == of_person_.end()) continue;
    for (const auto& id : theirs->second) {
      const RunningProcess& process = open_.at(id).process;
      if (process.lead_member() != p_.member.text()) continue;
      const auto engine = engine_of(process);
      auto facts = engine ? engine->head(process) : std::nullopt;
      if (facts && (!best || facts->proves.size() > best->facts.proves.size()))
        best = Proved{id, process.lead_epoch(), std::move(*facts)};
    }
  }
  return best;
}

// --- writing

// INVARIANT: what stands in memory after it is what the entries come to; where it cannot be, failure() says that this
// turn must not be committed.
Expected<void> ProcessBook::write(KeptProcess kept, const Effects& effects, const Session* who, Turn& turn) {
  const ActorId actor = who ? ginnel::actor_of(*who) : ActorId();
  auto key = turn.person_key(kept.person);
  if (!key) return tl::unexpected(key.error());
  const auto broken = [this](const Error& error) -> tl::unexpected<Error> {
    failure_ = error;
    return tl::unexpected(error);
  };
  for (const ProcessRecord& record : effects.records) {
    auto sequence =
        turn.append(EntryKind::process_step, actor, *key, encode(ProcessEntry{kept.id, kept.person, record}));
    if (!sequence) return broken(sequence.error());
    if (auto applied = kept.process.apply(record); !applied) return broken(applied.error());
  }
  if (who)
    if (auto recorded = keep_records(kept, effects, *who, turn); !recorded) return broken(recorded.error());
  if (auto told = keep_overviews(kept, turn); !told) return broken(told.error());
  if (auto opened = open_tasks(kept, effects, turn); !opened) return broken(opened.error());
  if (!runs_here(kept.process))
    forget(kept.id);
  else
    keep(std::move(kept), turn.now());
  return {};
}

Expected<void> ProcessBook::keep_records(const KeptProcess& kept, const Effects& effects, const Session& who,
                                         Turn& turn) {
  const RecordedBy by{{who.display_name, who.role, who.team, p_.contact}, p_.member};
  for (Record& record :
       records_of(kept.id, kept.person, kept.process, *definition_of(kept.process), effects, by, p_.random, turn.now()))
    if (auto put = turn.put_record(std::move(record), ginnel::actor_of(who)); !put) return tl::unexpected(put.error());
  return {};
}

Expected<void> ProcessBook::keep_overviews(const KeptProcess& kept, Turn& turn) {
  const Definition* definition = definition_of(kept.process);
  const auto engine = engine_of(kept.process);
  std::set<std::string> participants;
  for (const StepInstance& step : kept.process.steps())
    for (const Contribution& one : step.contributions) participants.insert(one.by.member);
  participants.erase(p_.member.text());
  if (participants.empty() || !engine) return {};
  const ProcessOverview overview = overview_of(kept.id, kept.process, *definition, *engine, turn.now());
  const StepRecord* most = most_sensitive(overview, kept.process, *definition);
  if (!most) return {};
  const RecordedBy by{{"", "", "", p_.contact}, p_.member};
  for (const auto& participant : participants) {
    const auto member = MemberId::parse(participant);
    if (!member) continue;
    Record record = record_of(overview, kept.person, *member, *most, by, p_.random, turn.now());
    auto before = turn.record_by_source(record.source.system, record.source.key, record.source.content_hash);
    if (!before) return tl::unexpected(before.error());
    if (*before && (*before)->same_content) continue;  // only time has passed
    if (*before) {
      record.replaces = (*before)->id;
      record.source.version = (*before)->version + 1;
    }
    if (auto put = turn.put_record(std::move(record), ActorId(), Tell::progress); !put)
      return tl::unexpected(put.error());
  }
  return {};
}

// Which of the node's users an alert is for. Whom nobody here stands for, the manager hears for; but what an outcome
// tells to others is no alert to act on.
std::set<std::string> ProcessBook::told_roles(const AlertRaised& alert, const Definition& definition) const {
  std::set<std::string> out;
  for (const auto& role : alert.roles)
    if (auto user = user_role(role); !user.empty()) out.insert(user);
  if (out.empty() && alert.about != AlertRaised::About::outcome) out.insert(user_role(definition.manager));
  return out;
}

Expected<void> ProcessBook::open_task(const KeptProcess& kept, const char* kind, TaskOpening opening,
                                      const std::string& title, Turn& turn) {
  const Word* word = p_.words.find("task_kind", kind);
  if (!word || !word->in_force) return {};
  opening.kind = kind;
  opening.person = kept.person;
  opening.rule = "processes";
  if (word->title.size() + title.size() + 2 <= limits::task_title_bytes_max) opening.detail = title;
  auto task = p_.tasks.open(opening, turn);
  return task ? Expected<void>() : tl::unexpected(task.error());
}

Expected<void> ProcessBook::open_alert_tasks(const KeptProcess& kept, const AlertRaised& alert,
                                             const Definition& definition, Turn& turn) {
  for (const std::string& role : told_roles(alert, definition)) {
    TaskOpening opening;
    opening.origin = alert_origin(kept.id, alert.key, role);
    opening.owner.role = role;
    if (auto done = open_task(kept, alert_kind, std::move(opening), alert.title, turn); !done) return done;
  }
  return {};
}

Expected<void> ProcessBook::close_tasks(const KeptProcess& kept, const Definition& definition, const char* why,
                                        Turn& turn) {
  std::vector<std::string> origins;
  for (const StepInstance* open : kept.process.open_steps())
    origins.push_back(process_origin(kept.id, step_origin(open->number)));
  for (const ClockFace& face : Clocks(definition, p_.rules->calendar).faces(kept.process, turn.now()))
    if (face.needs_reason()) origins.push_back(process_origin(kept.id, reason_origin(face.instance, face.clock->id)));
  for (const auto& [key, alert] : kept.process.alerts())
    for (const std::string& role : told_roles(alert, definition)) origins.push_back(alert_origin(kept.id, key, role));
  for (const auto& origin : origins)
    if (auto closed = p_.tasks.close_from(origin, "done", why, turn); !closed) return tl::unexpected(closed.error());
  return {};
}

Expected<void> ProcessBook::open_tasks(const KeptProcess& kept, const Effects& effects, Turn& turn) {
  const Definition* definition = definition_of(kept.process);
  const auto close = [&](const std::string& origin, const char* why) -> Expected<void> {
    auto closed = p_.tasks.close_from(origin, "done", why, turn);
    return closed ? Expected<void>() : tl::unexpected(closed.error());
  };
  for (const TaskWish& wish : effects.tasks) {
    TaskOpening opening;
    opening.origin = process_origin(kept.id, wish.origin);
    opening.owner.role = user_role(wish.role);
    if (opening.owner.role.empty()) opening.owner.role = user_role(definition->manager);
    opening.deputy.role = user_role(wish.deputy);
    if (wish.due) opening.due = *wish.due;
    const bool is_step = wish.origin.starts_with(step_origin_prefix);
    auto done = open_task(kept, is_step ? step_kind : reason_kind, std::move(opening), wish.title, turn);
    if (!done) return done;
  }
  for (const std::string& origin : effects.tasks_done)
    if (auto done = close(process_origin(kept.id, origin), "the process says so"); !done) return done;
  // Nobody is asked any more for a reason that has no clock.
  if (kept.process.has_ended() && definition)
    for (const ClockFace& face : Clocks(*definition, p_.rules->calendar).faces(kept.process, turn.now()))
      if (!face.needs_reason())
        if (auto done =
                close(process_origin(kept.id, reason_origin(face.instance, face.clock->id)), "the process has ended");
            !done)
          return done;
  for (const ProcessRecord& record : effects.records) {
    if (const auto* alert = std::get_if<AlertRaised>(&record.what))
      if (auto done = open_alert_tasks(kept, *alert, *definition, turn); !done) return done;
    if (const auto* taken = std::get_if<AlertAcknowledged>(&record.what))
      for (const std::string& role : told_roles(kept.process.alerts().at(taken->key), *definition))
        if (auto done = close(alert_origin(kept.id, taken->key, role), "somebody acknowledged the alert"); !done)
          return done;
  }
  return {};
}

// --- memory and time

void ProcessBook::keep(KeptProcess kept, Instant now) {
  constexpr Instant never{INT64_MAX};
  const auto engine = engine_of(kept.process);
  due_.set(kept.id, engine ? engine->next_due(kept.process, now).value_or(never) : never);
  schedule(kept, now);
  of_person_[kept.person].insert(kept.id);
  open_[kept.id] = std::move(kept);
}

void ProcessBook::schedule(const KeptProcess& kept, Instant now) {
  const auto engine = engine_of(kept.process);
  looks_.set(kept.id, engine ? engine->next_look(kept.process, now) : std::nullopt);
  const auto next = engine ? engine->next_tick(kept.process, now) : std::nullopt;
  if (next)
    agenda_.set(kept.id, *next);
  else
    agenda_.erase(kept.id);
}

void ProcessBook::forget(const ProcessId& id) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  agenda_.erase(id);
  looks_.forget(id);
  due_.erase(id);
  if (auto theirs = of_person_.find(found->second.person); theirs != of_person_.end()) {
    theirs->second.erase(id);
    if (theirs->second.empty()) of_person_.erase(theirs);
  }
  open_.erase(found);
}

Expected<void> ProcessBook::load(const StoreReader& reader, Instant now) {
  auto ids = reader.open_processes();
  if (!ids) return tl::unexpected(ids.error());
  std::string without;
  for (const auto& id : *ids) {
    auto kept = read(id, reader);
    if (!kept) return tl::unexpected(kept.error());
    if (!runs_here(kept->process)) continue;  // another leads it
    if (!definition_of(kept->process)) without = kept->process.definition().text();
    keep(std::move(*kept), now);
  }
  problem_ =
      without.empty() ? "" : "processes stand still: their definition `" + without + "` is not among [processes]";
  is_loaded_ = true;
  return {};
}

Expected<void> ProcessBook::need_loaded(const StoreReader& reader, Instant now) {
  if (is_loaded_) return {};
  auto loaded = load(reader, now);
  if (loaded) return {};
  const auto failure = failure_;
  clear();
  failure_ = failure;
  problem_ = "processes cannot be read: " + loaded.error().text();
  retry_at_ = now + limits::processes_retry_ms;
  return loaded;
}

void ProcessBook::start(const StoreReader& reader, Instant now) {
  if (!load(reader, now)) clear();
}

void ProcessBook::clock_went_back(Instant now) {
  for (const auto& [id, kept] : open_) schedule(kept, now);
}

std::optional<Instant> ProcessBook::next_tick() const {
  if (!is_loaded_) return retry_at_;
  if (agenda_.in_order().empty()) return std::nullopt;
  return agenda_.in_order().begin()->first;
}

void ProcessBook::clear() {
  is_loaded_ = false;
  retry_at_ = {};
  failure_.reset();
  open_.clear();
  of_person_.clear();
  agenda_.clear();
  looks_.clear();
  due_.clear();
}

Expected<void> ProcessBook::tick(Turn& turn) {
  const Instant now = turn.now();
  if (!is_loaded_) {
    if (retry_at_.is_set() && now < retry_at_) return {};
    // The rest of the node goes on; whoever watches it is told.
    if (!need_loaded(turn, now)) return {};
  }
  for (std::size_t count = 0; count < limits::processes_ticked_per_turn_max; ++count) {
    if (agenda_.in_order().empty() || now < agenda_.in_order().begin()->first) return {};
    const ProcessId id = agenda_.in_order().begin()->second;
    const KeptProcess& kept = open_.at(id);
    const Effects told = engine_of(kept.process)->tick(kept.process, now);
    if (told.records.empty()) {
      schedule(kept, now);
      // The clock went back over what was due when it was looked for.
      if (const auto next = agenda_.of(id); next && *next <= now) agenda_.set(id, now + minute_ms);
      continue;
    }
    auto done = write(kept, told, nullptr, turn);
    if (!done && done.error().code == "no-person") {  // erased with the person it was about
      forget(id);
      continue;
    }
    if (!done) return done;
  }
  return {};
}

}  // namespace ginnel
