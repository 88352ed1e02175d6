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
constexpr const char* shown_among_kept = "shown among what is due, kept or held";

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

void add_schedule(const RetentionSchedule& schedule, RetentionDesk& out) {
  out.edition = schedule.edition();
  for (const auto& rule : schedule.rules())
    if (schedule.rule(rule.id, out.today) == &rule) out.rules.push_back({rule.id, rule.title, rule.source});
  for (const auto& hold : schedule.standing_holds())
    if (hold.stands_on(out.today)) out.standing_holds.push_back({hold.id, hold.title, hold.source});
}

Expected<std::vector<TaskEntry>> open_reviews(const Retentions& retentions, const StoreReader& reader) {
  auto active = reader.active_tasks();
  if (!active) return tl::unexpected(active.error());
  auto tasks = Tasks::read(*active, reader);
  if (tasks) std::erase_if(*tasks, [&](const TaskEntry& task) { return !retentions.is_review(task); });
  return tasks;
}

// Those of whom rows tell: each is asked for once, as whom they are merged with.
class DeskPeople {
 public:
  // Somebody who was erased since is not among them.
  Expected<void> add(const PersonRef& person, const StoreReader& reader) {
    if (stands_for_.contains(person)) return {};
    auto group = reader.merged_with(person);
    if (!group && group.error().code == "no-person") return {};
    if (!group) return tl::unexpected(group.error());
    stands_for_.emplace(person, group->front());
    if (std::find(all_.begin(), all_.end(), group->front()) == all_.end()) all_.push_back(group->front());
    return {};
  }
  const std::vector<PersonRef>& all() const { return all_; }
  void take(std::vector<FoundPerson> shown) { shown_ = std::move(shown); }
  // Null: they may not be shown.
  const FoundPerson* find(const PersonRef& person) const {
    const auto who = stands_for_.find(person);
    if (who == stands_for_.end()) return nullptr;
    const auto found =
        std::find_if(shown_.begin(), shown_.end(), [&](const FoundPerson& one) { return one.id == who->second; });
    return found == shown_.end() ? nullptr : &*found;
  }

 private:
  std::vector<PersonRef> all_;
  std::map<PersonRef, PersonRef> stands_for_;
  std::vector<FoundPerson> shown_;
};

RetentionDue due_row(const TaskEntry& task, const RetentionReview& review, const FoundPerson& person, Instant now) {
  RetentionDue row;
  row.task = task.task;
  row.person = person;
  row.opened = task.opened;
  row.due = task.due;
  row.is_late = task.due <= now;
  row.says = review.says.empty() ? "Nothing of what is held on them is due any more.\n" : review.says;
  row.obstacle = review.obstacle;
  row.whole = review.whole;
  row.records = review.offered.size();
  return row;
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
    Expected<std::vector<TaskEntry>> due;
    if (out.is_on) {
      add_schedule(retentions_.schedule(), out);
      due = open_reviews(retentions_, work.turn);
      if (!due) return tl::unexpected(due.error());
    }
    out.more = kept->more || due->size() > limits::retention_rows_shown_max;
    due->resize(std::min(due->size(), limits::retention_rows_shown_max));
    // SECURITY: each person is decided and recorded as shown; whoever may not be is as if nothing were due of them.
    DeskPeople people;
    for (const auto& task : *due)
      if (auto added = people.add(task.person, work.turn); !added) return tl::unexpected(added.error());
    for (const auto* list : {&kept->held, &kept->kept})
      for (const auto& entry : *list)
        if (auto added = people.add(entry.person, work.turn); !added) return tl::unexpected(added.error());
    auto shown = show_people(*session, people.all(), shown_among_kept, work.turn);
    if (!shown) return tl::unexpected(shown.error());
    people.take(std::move(*shown));
    for (const auto& task : *due) {
      const FoundPerson* person = people.find(task.person);
      if (!person) continue;
      auto review = retentions_.look(task.person, work.turn);
      if (!review) return tl::unexpected(review.error());
      if (!*review) continue;
      out.due.push_back(due_row(task, **review, *person, work.now));
      out.due.back().may_decide =
          tasks_.may_see(*session, task) && check_no_conflict(session->user, task.person, work.turn).has_value();
    }
    for (auto& entry : kept->kept)
      if (const FoundPerson* person = people.find(entry.person)) out.kept.push_back({*person, std::move(entry)});
    for (auto& entry : kept->held)
      if (const FoundPerson* person = people.find(entry.person)) out.held.push_back({*person, std::move(entry)});
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
