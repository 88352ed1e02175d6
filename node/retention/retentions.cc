// SPDX-License-Identifier: Apache-2.0
#include "node/retention/retentions.h"

#include <algorithm>
#include <map>

#include "federation/base/ascii.h"
#include "federation/base/mistakes.h"
#include "federation/base/text.h"
#include "node/store/row_text.h"
#include "node/work/allocations.h"

namespace ginnel {
namespace {

constexpr const char* bad_decision = "bad-retention-decision";
constexpr const char* kind = "retention_review";
constexpr std::string_view origin_prefix = "retention:";
constexpr const char* cannot_hold = "cannot hold what is held on the person";
constexpr const char* cannot_release = "cannot release the hold";
constexpr const char* cannot_decide = "cannot record the decision";
constexpr const char* keep = "keep";
constexpr const char* erase = "erase";
constexpr std::uint8_t retention_layout = 1;
const Bytes round_key = {'r', 'e', 't', 'e', 'n', 't', 'i', 'o', 'n', '-', 'r', 'o', 'u', 'n', 'd'};

tl::unexpected<Error> nothing_there() {
  return fail("not-found", "cannot show this", "there is nothing of that kind for you", "");
}

// Empty: it is a day to come, and not too far away.
std::string wrong_day(Date day, Date today, int years_max) {
  if (!day.is_set()) return "`reviewOn` is missing: nothing is kept without a day on which somebody looks at it again";
  if (day <= today) return "`reviewOn` is not after today";
  if (const auto last = years_after(today, years_max); last && *last < day)
    return "`reviewOn` is more than " + std::to_string(years_max) + " years away";
  return {};
}

std::string wrong_reason(const std::string& reason) {
  if (is_blank(reason)) return "`reason` is missing";
  return reason.size() > limits::retention_text_bytes_max ? "`reason` is too long" : std::string();
}

constexpr SaidAs<RetentionEntry, RetentionId> as_retention{
    EntryKind::retention, decode_retention, &RetentionEntry::retention, "cannot read how long something is kept",
    limits::retention_entries_of_one_max};

bool conceals(const Vocabulary& words, const std::set<std::string>& markings) {
  return std::any_of(markings.begin(), markings.end(), [&](const std::string& marking) {
    const Word* word = words.find("marking", marking);
    return !word || word->effect == "concealed";
  });
}

}  // namespace

bool Retentions::is_review(const TaskEntry& task) const { return is_on() && task.kind == kind && !task.person.empty(); }

// --- what is due

std::string Retentions::says_of(const std::vector<KeptUntil>& due, Date today) const {
  std::map<std::string, std::pair<std::size_t, Date>> by_rule;  // how many, and since when the first of them
  for (const auto& one : due) {
    auto& [count, since] = by_rule[one.rule];
    ++count;
    if (!since.is_set() || one.day < since) since = one.day;
  }
  std::string out;
  for (const auto& [id, told] : by_rule) {
    const RetentionRule* rule = schedule().rule(id, today);
    const std::string by = rule         ? rule->title + " (" + rule->source + ")"
                           : id.empty() ? std::string("the review date that it was recorded with")
                                        : "the rule `" + id + "`, which the schedule does not have";
    const std::string line =
        counted(told.first, "record", "records") + ", since " + for_people(told.second) + ": " + by + "\n";
    if (out.size() + line.size() > limits::retention_text_bytes_max - 64) return out + "and more by other rules\n";
    out += line;
  }
  return out;
}

Expected<std::optional<RetentionReview>> Retentions::look(const PersonRef& person, const Turn& turn) const {
  const auto none = std::optional<RetentionReview>();
  auto group = turn.merged_with(person);
  if (!group && group.error().code == "no-person") return none;
  if (!group) return tl::unexpected(group.error());
  // SECURITY: who is concealed, or of whom something is, is told of by no task and no page.
  auto markings = turn.markings(person);
  if (!markings) return tl::unexpected(markings.error());
  if (conceals(p_.words, *markings)) return none;
  auto labels = turn.labels(person);
  if (!labels) return tl::unexpected(labels.error());
  auto life = turn.lifespan(person, LinkToken());
  if (!life) return tl::unexpected(life.error());
  PersonFile file{*life, {}};
  for (const auto& one : *labels) {
    if (conceals(p_.words, one.label.markings)) return none;
    file.records.push_back({one.id, one.kind, one.label.category, one.occurred.date, one.label.retention});
  }
  RetentionReview out;
  out.person = group->front();
  const Date today = london_date(turn.now());
  const std::vector<KeptUntil> times = schedule().times(file, today);
  std::vector<KeptUntil> due;
  std::vector<RecordId> due_records;
  bool ends = true;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (times[i].is_over(today)) {
      due.push_back(times[i]);
      due_records.push_back(file.records[i].id);
    } else {
      ends = ends && times[i].day.is_set();
      out.stays_until = std::max(out.stays_until, times[i].day);
    }
  }
  if (!ends) out.stays_until = {};
  out.whole = !due.empty() && due.size() == times.size();
  std::vector<KeptUntil> told;
  for (std::size_t i = 0; i < due.size(); ++i) {
    bool goes = out.whole;
    if (!goes) {
      auto alone = turn.goes_alone(due_records[i]);
      if (!alone) return tl::unexpected(alone.error());
      goes = *alone;
    }
    if (!goes) continue;
    out.offered.push_back(due_records[i]);
    told.push_back(due[i]);
    if (std::find(out.rules.begin(), out.rules.end(), due[i].rule) == out.rules.end()) out.rules.push_back(due[i].rule);
  }
  if (const std::size_t stay = due.size() - out.offered.size(); stay > 0)
    out.stays = counted(stay, "record", "records") + " whose own time is over " + (stay == 1 ? "is" : "are") +
                " kept with the rest of the file" +
                (out.stays_until.is_set() ? ", until " + for_people(out.stays_until)
                                          : std::string(", which has no end that is known"));
  if (due.empty()) return out;
  out.says = out.whole ? "All that is held on this person:\n" : "Of what is held on this person, these alone:\n";
  out.says += says_of(told, today);
  if (!out.stays.empty()) out.says += out.stays + "\n";
  if (auto found = find_obstacle(file, out, turn); !found) return tl::unexpected(found.error());
  return out;
}

Expected<void> Retentions::find_obstacle(const PersonFile& file, RetentionReview& review, const Turn& turn) const {
  const auto stands = [&](const char* code, std::string why) {
    review.obstacle_code = code;
    review.obstacle = std::move(why);
  };
  auto holds = turn.holds_on(review.person);
  if (!holds) return tl::unexpected(holds.error());
  if (!holds->empty()) {
    stands("held", "a hold stands on it, by " + holds->front().author + ", to be looked at again on " +
                       for_people(holds->front().review_on));
    return {};
  }
  if (const StandingHold* hold = schedule().standing_hold(file, london_date(turn.now()))) {
    stands("held", "the schedule keeps it: " + hold->title + " (" + hold->source + "); ask " + hold->ask);
    return {};
  }
  auto processes = turn.processes_of(review.person);
  if (!processes) return tl::unexpected(processes.error());
  for (const auto& id : *processes) {
    auto process = p_.processes.find(id, turn);
    if (!process && process.error().code == "not-found") continue;
    if (!process) return tl::unexpected(process.error());
    if (!p_.processes.runs_here(process->process)) continue;
    stands("not-to-be-erased", "a process about them is open");
    return {};
  }
  auto allocations = Allocations::of_person(review.person, turn);
  if (!allocations) return tl::unexpected(allocations.error());
  if (std::any_of(allocations->begin(), allocations->end(),
                  [&](const Allocation& one) { return !one.is_over(turn.now()); })) {
    stands("not-to-be-erased", "somebody is allocated to them");
    return {};
  }
  if (const std::string open = schedule().open_case(file); !open.empty()) {
    const Word* word = p_.words.find("record_kind", open);
    stands("not-to-be-erased",
           "a record says that something began whose end is not recorded: " + (word ? word->title : open));
  }
  return {};
}

// --- acts

Expected<void> Retentions::append(const RetentionEntry& entry, const ActorId& actor, Turn& turn) const {
  return append_about(entry.person, EntryKind::retention, entry, actor, turn);
}

Expected<RetentionId> Retentions::hold(const Session& who, const PersonRef& person, const std::string& reason,
                                       Date review_on, Turn& turn) const {
  std::vector<std::string> mistakes;
  if (auto wrong = wrong_reason(reason); !wrong.empty()) mistakes.push_back(std::move(wrong));
  if (auto wrong = wrong_day(review_on, london_date(turn.now()), limits::retention_hold_years_max); !wrong.empty())
    mistakes.push_back(std::move(wrong));
  if (!mistakes.empty()) return fail_with_all(bad_decision, cannot_hold, mistakes);
  auto before = turn.retentions_of(person);
  if (!before) return tl::unexpected(before.error());
  if (before->size() >= limits::retention_entries_of_one_max)
    return fail(bad_decision, cannot_hold, "there are too many entries about this person already", "");
  RetentionEntry entry;
  entry.retention = RetentionId::make(p_.random);
  entry.person = person;
  entry.act = RetentionAct::hold;
  entry.reason = reason;
  entry.author = who.display_name;
  entry.since = turn.now();
  entry.review_on = review_on;
  if (auto done = append(entry, actor_of(who), turn); !done) return tl::unexpected(done.error());
  return entry.retention;
}

Expected<void> Retentions::release(const Session& who, const RetentionId& hold, const std::string& reason,
                                   Turn& turn) const {
  auto found = find(hold, turn);
  if (!found) return tl::unexpected(found.error());
  if (auto wrong = wrong_reason(reason); !wrong.empty()) return fail_with_all(bad_decision, cannot_release, {wrong});
  RetentionEntry entry = std::move(found->entry);
  if (!entry.holds())
    return fail(bad_decision, cannot_release, "it stands no longer, or is no hold", "see the list of holds");
  entry.released = turn.now();
  entry.released_by = who.display_name;
  entry.why_released = reason;
  if (auto done = append(entry, actor_of(who), turn); !done) return done;
  // What waited for it is looked at in the next round.
  auto all = of_person(entry.person, turn);
  if (!all) return tl::unexpected(all.error());
  const Date today = london_date(turn.now());
  for (auto& one : *all) {
    if (one.entry.act != RetentionAct::waits || one.entry.review_on <= today) continue;
    one.entry.review_on = today;
    if (auto done = append(one.entry, actor_of(who), turn); !done) return done;
  }
  return {};
}

Expected<void> Retentions::decide(const Session& who, const RetentionDecision& decision, Turn& turn) {
  auto task = p_.tasks.find(decision.task, turn);
  if (!task) return tl::unexpected(task.error());
  if (!is_review(*task)) return nothing_there();
  const Date today = london_date(turn.now());
  std::vector<std::string> mistakes;
  if (decision.outcome != keep && decision.outcome != erase)
    mistakes.emplace_back("`outcome` is neither `keep` nor `erase`");
  if (auto wrong = wrong_reason(decision.reason); !wrong.empty()) mistakes.push_back(std::move(wrong));
  if (decision.outcome == keep)
    if (auto wrong = wrong_day(decision.review_on, today, schedule().keep_years_max()); !wrong.empty())
      mistakes.push_back(std::move(wrong));
  if (decision.outcome == erase && decision.review_on.is_set())
    mistakes.emplace_back("`reviewOn` goes with `keep` alone");
  if (!mistakes.empty()) return fail_with_all(bad_decision, cannot_decide, mistakes);
  auto review = look(task->person, turn);
  if (!review) return tl::unexpected(review.error());
  if (!*review) return nothing_there();
  RetentionEntry entry;
  entry.retention = RetentionId::make(p_.random);
  entry.person = task->person;
  entry.reason = decision.reason;
  entry.author = who.display_name;
  entry.since = turn.now();
  entry.rules = (*review)->rules;
  entry.records = std::uint32_t((*review)->offered.size());
  if (decision.outcome == keep) {
    entry.act = RetentionAct::kept;
    entry.review_on = decision.review_on;
    if (auto done = p_.tasks.finish(who, decision.task, keep, decision.reason, turn); !done) return done;
    return append(entry, actor_of(who), turn);
  }
  if (!(*review)->obstacle.empty())
    return fail((*review)->obstacle_code, "cannot erase what is held on the person", (*review)->obstacle,
                (*review)->obstacle_code == "held" ? "release the hold first, if it may be; or keep it until a day"
                                                   : "keep it until a day on which somebody looks at it again");
  if ((*review)->offered.empty())
    return fail("not-due", "cannot erase what is held on the person",
                "nothing of it is due any more that could be erased by itself",
                "keep it until a day on which somebody looks at it again");
  // The tombstone outlives what it buries: it says by which rules, why and how much, and of nobody.
  std::string reason = "retention:";
  for (const auto& rule : entry.rules) reason += " " + (rule.empty() ? std::string("its own review date") : rule);
  reason += "; " + counted(entry.records, "record", "records") + "; " + decision.reason;
  if (auto done = p_.tasks.finish(who, decision.task, erase, decision.reason, turn); !done) return done;
  Expected<std::vector<KeyId>> keys;
  if ((*review)->whole) {
    keys = turn.bury(task->person, std::move(reason), actor_of(who));
  } else {
    entry.act = RetentionAct::erased;
    if (auto done = append(entry, actor_of(who), turn); !done) return done;
    keys = turn.bury_records(task->person, (*review)->offered, std::move(reason), actor_of(who));
  }
  // The task was ended above: what fails here fails the turn, whatever its code says elsewhere.
  if (!keys)
    return fail("erasure-failed", "cannot erase what is held on the person", keys.error().text(), "tell the operator");
  return p_.erasures.queue(*keys, turn);
}

Expected<std::vector<KeptRetention>> Retentions::of_person(const PersonRef& person, const StoreReader& reader) {
  return newest_of_each(reader.retentions_of(person), reader, as_retention);
}

Expected<KeptRetention> Retentions::find(const RetentionId& id, const StoreReader& reader) {
  auto found = newest_of_each(reader.retention_history(id), reader, as_retention);
  if (!found) return tl::unexpected(found.error());
  if (found->size() != 1) return nothing_there();
  return std::move(found->front());
}

// --- time

std::optional<Instant> Retentions::next_tick() const { return is_on() ? std::optional(next_) : std::nullopt; }

void Retentions::clear() {
  is_loaded_ = false;
  next_ = Instant{1};
}

Expected<void> Retentions::load(const Turn& turn) {
  auto row = turn.side(SideTable::settings, round_key);
  if (!row) return tl::unexpected(row.error());
  is_walking_ = false;
  round_ = {};
  cursor_.clear();
  if (*row) {
    RowReader from(**row, retention_layout);
    is_walking_ = from.number() == 1;
    const auto days = std::int32_t(from.number());
    cursor_ = from.bytes();
    if (!from.at_end()) return fail("bad-row", "cannot read how far the review of records came", "another layout", "");
    if (days != 0) round_ = Date::from_days(days);
  }
  is_loaded_ = true;
  return {};
}

Expected<void> Retentions::keep_round(Turn& turn) const {
  return turn.put_side(SideTable::settings, round_key,
                       RowWriter(retention_layout)
                           .number(is_walking_ ? 1 : 0)
                           .number(std::uint64_t(std::uint32_t(round_.is_set() ? round_.days() : 0)))
                           .bytes(cursor_)
                           .take());
}

Expected<void> Retentions::tick(Turn& turn) {
  if (!is_on() || turn.now() < next_) return {};
  if (!is_loaded_)
    if (auto loaded = load(turn); !loaded) return loaded;
  const Date today = london_date(turn.now());
  if (!is_walking_) {
    // A clock that was put back begins no round again.
    const Instant begins = london_instant(today, limits::retention_round_minute);
    if (today <= round_ || turn.now() < begins) {
      const Date day = today <= round_ ? Date::from_days(std::max(today, round_).days() + 1) : today;
      next_ = london_instant(day, limits::retention_round_minute);
      return {};
    }
    is_walking_ = true;
    round_ = today;
    cursor_.clear();
    problem_.clear();
  }
  auto walk = turn.walk_people(cursor_, limits::retention_people_per_tick_max);
  if (!walk) {
    // The rest of the node goes on; a round of the next day tries again.
    problem_ = "review dates cannot be looked at: " + walk.error().text();
    is_walking_ = false;
    next_ = london_instant(Date::from_days(today.days() + 1), limits::retention_round_minute);
    return keep_round(turn);
  }
  for (const PersonRef& person : walk->people)
    if (auto looked = look_at(person, turn); !looked) return looked;
  cursor_ = std::move(walk->next);
  is_walking_ = !cursor_.empty();
  next_ = is_walking_ ? turn.now() + limits::retention_tick_ms
                      : london_instant(Date::from_days(today.days() + 1), limits::retention_round_minute);
  return keep_round(turn);
}

// Whether somebody decided on it, or it waits, until a day to come; or somebody has it to do.
Expected<bool> Retentions::is_settled(const PersonRef& person, Date today, std::optional<RetentionId>& waits,
                                      const Turn& turn) const {
  auto all = of_person(person, turn);
  if (!all) return tl::unexpected(all.error());
  for (const auto& one : *all) {
    const bool has_day = one.entry.act == RetentionAct::kept || one.entry.act == RetentionAct::waits;
    if (has_day && today < one.entry.review_on) return true;
    if (one.entry.act == RetentionAct::waits) waits = one.entry.retention;
  }
  auto about = turn.tasks_about(person);
  if (!about) return tl::unexpected(about.error());
  auto tasks = Tasks::read(*about, turn);
  if (!tasks) return tl::unexpected(tasks.error());
  // INVARIANT: one task a person at a time, whoever they were merged with when it was made.
  return std::any_of(tasks->begin(), tasks->end(),
                     [&](const TaskEntry& task) { return is_active(task.state) && is_review(task); });
}

Expected<void> Retentions::look_at(const PersonRef& person, Turn& turn) {
  const auto unread = [&](const Error& error) -> Expected<void> {
    problem_ = "the review dates of somebody cannot be looked at: " + error.text();
    return {};
  };
  const Date today = london_date(turn.now());
  auto group = turn.merged_with(person);
  if (!group) return unread(group.error());
  if (group->front() != person) return {};  // they are met as whom they are merged with
  std::optional<RetentionId> waits;
  auto settled = is_settled(person, today, waits, turn);
  if (!settled) return unread(settled.error());
  if (*settled) return {};
  auto review = look(person, turn);
  if (!review) return unread(review.error());
  if (!*review || (*review)->says.empty()) return {};
  if (!(*review)->obstacle.empty() || (*review)->offered.empty()) {
    RetentionEntry entry;
    entry.retention = waits.value_or(RetentionId::make(p_.random));
    entry.person = person;
    entry.act = RetentionAct::waits;
    entry.reason = (*review)->obstacle.empty() ? (*review)->stays : (*review)->obstacle;
    entry.since = turn.now();
    entry.review_on = Date::from_days(today.days() + schedule().look_again_days());
    if ((*review)->obstacle.empty() && (*review)->stays_until.is_set()) entry.review_on = (*review)->stays_until;
    entry.rules = (*review)->rules;
    return append(entry, ActorId(), turn);
  }
  if (!p_.words.knows("task_kind", kind)) return {};
  TaskOpening opening;
  opening.kind = kind;
  opening.person = person;
  opening.origin = std::string(origin_prefix) + person.hex();
  opening.may_recur = true;
  opening.detail =
      (*review)->whole ? "all that is held on somebody" : counted((*review)->offered.size(), "record", "records");
  opening.note = (*review)->says;
  opening.rule = "retention";
  auto opened = p_.tasks.open(opening, turn);
  return opened ? Expected<void>() : tl::unexpected(opened.error());
}

}  // namespace ginnel
