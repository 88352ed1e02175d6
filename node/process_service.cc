// SPDX-License-Identifier: Apache-2.0
// The Service's calls about processes: who may see and change them, and what of it is recorded.
#include <algorithm>

#include "node/node.h"
#include "node/people/nothing_here.h"
#include "node/posted_call.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

std::string title_in(const std::map<std::string, std::string>& titles, const std::string& id) {
  const auto found = titles.find(id);
  return found == titles.end() ? id : found->second;
}

bool is_late(const ClockFace& face) { return face.state == ClockFace::State::overdue; }

// What is told of one process. By its records alone where the node has not its definition any more.
class ProcessTelling {
 public:
  // `member`: whose node this is.
  ProcessTelling(const ProcessBook& book, KeptProcess kept, const MemberId& member, Instant now)
      : now_(now),
        is_ours_(kept.process.lead_member() == member.text()),
        kept_(std::move(kept)),
        definition_(book.definition_of(kept_.process)),
        in_effect_(book.in_effect(kept_.process.definition().id, now)),
        engine_(book.engine_of(kept_.process)) {
    if (engine_) lines_ = engine_->overview(kept_.process, now);
  }

  ProcessSummary summary() const {
    ProcessSummary out;
    out.id = kept_.id;
    out.definition = kept_.process.definition().text();
    out.title = definition_ ? definition_->title : kept_.process.definition().id;
    out.lead = kept_.process.lead_member();
    out.person = kept_.person;
    out.has_ended = kept_.process.has_ended();
    for (const auto& id : kept_.process.states()) {
      const StateDefinition* state = definition_ ? definition_->state(id) : nullptr;
      out.states.push_back(state ? state->title : id);
    }
    for (const OverviewLine& line : lines_) {
      if (!line.is_open) continue;
      out.open.push_back(line.title);
      for (const ClockFace& face : line.clocks) out.is_late = out.is_late || is_late(face);
    }
    if (engine_) out.due = engine_->next_due(kept_.process, now_).value_or(Instant());
    return out;
  }

  ProcessDetail detail() const {
    ProcessDetail out;
    out.process = summary();
    out.is_ours = is_ours_ && !out.process.has_ended;
    if (in_effect_ && in_effect_->key != kept_.process.definition() && out.is_ours)
      out.newer = {in_effect_->key.text(), in_effect_->edition, in_effect_->effective_from};
    if (!definition_) return out;
    out.edition = definition_->edition;
    for (const OverviewLine& line : lines_) out.steps.push_back(line_of(line));
    for (const auto& [key, alert] : kept_.process.alerts()) {
      ProcessAlert told{key,
                        alert.title,
                        alert.why,
                        alert.proposes,
                        {},
                        alert.due.value_or(Instant()),
                        kept_.process.is_acknowledged(key)};
      for (const auto& role : alert.roles) told.told.push_back(title_in(definition_->roles, role));
      out.alerts.push_back(std::move(told));
    }
    if (const auto& look = kept_.process.last_look())
      out.look = ProcessLook{look->at,
                             {look->what.unanswered.begin(), look->what.unanswered.end()},
                             {look->what.withheld.begin(), look->what.withheld.end()},
                             look->what.problem};
    for (const StepDefinition& step : definition_->steps)
      if (step.any_time && !out.process.has_ended && is_ours_) out.may_begin.emplace_back(step.id, step.title);
    return out;
  }

 private:
  static std::vector<ProcessTakes> takes_of(const StepDefinition& definition, const StepInstance& step) {
    std::vector<ProcessTakes> out;
    const auto has_date = [&](const std::string& name) {
      return std::find(definition.dates.begin(), definition.dates.end(), name) != definition.dates.end();
    };
    for (const auto& name : definition.evidence) out.push_back({name, has_date(name), !step.has(name)});
    for (const auto* more : {&definition.dates, &definition.may_have})
      for (const auto& name : *more)
        if (std::none_of(out.begin(), out.end(), [&](const ProcessTakes& one) { return one.name == name; }))
          out.push_back({name, has_date(name), false});
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.is_missing > b.is_missing; });
    return out;
  }

  ProcessStepLine line_of(const OverviewLine& line) const {
    ProcessStepLine out;
    const StepInstance& step = *kept_.process.find(line.instance);
    out.number = line.instance;
    out.step = line.step;
    out.title = line.title;
    out.owner = line.owner;
    out.is_open = line.is_open;
    out.is_cancelled = line.is_cancelled;
    out.opened = line.opened;
    out.closed = line.closed;
    out.outcome = line.outcome;
    out.reason = line.reason;
    out.done_by = line.done_by;
    for (const auto& kind : line.present) out.present.push_back(title_in(definition_->agencies, kind));
    for (const auto& kind : line.missing) out.missing.push_back(title_in(definition_->agencies, kind));
    for (const Contribution& one : step.contributions)
      out.contributions.push_back({one.name, one.text, one.by.member, one.at});
    if (const StepDefinition* definition = definition_->step(line.step); definition && line.is_open && is_ours_) {
      for (const auto& name : definition->evidence)
        if (!step.has(name)) out.waits_for.push_back(name);
      for (const StepOutcome& outcome : definition->outcomes) out.outcomes.emplace_back(outcome.id, outcome.title);
      out.takes = takes_of(*definition, step);
    }
    for (const ClockFace& face : line.clocks)
      out.clocks.push_back({face.clock->id, std::string(name_of(face.state)), face.deadline.due, engine_->explain(face),
                            face.late_reason, is_late(face), face.needs_reason()});
    return out;
  }

  Instant now_;
  bool is_ours_;  // to order
  KeptProcess kept_;
  const Definition* definition_;
  const Definition* in_effect_;
  std::optional<ProcessEngine> engine_;
  std::vector<OverviewLine> lines_;
};

Expected<void> note_shown(const KeptProcess& kept, const Session& who, const char* reason, Turn& turn) {
  auto key = turn.person_key(kept.person);
  if (!key) return tl::unexpected(key.error());
  Access shown;
  shown.person = kept.person;
  shown.role = who.role;
  shown.reason = reason;
  auto noted = turn.append(EntryKind::view_shown, actor_of(who), *key, shown);
  return noted ? Expected<void>() : tl::unexpected(noted.error());
}

Expected<bool> as_done(const Expected<void>& done) {
  if (!done) return tl::unexpected(done.error());
  return true;
}

}  // namespace

// SECURITY: a process of whoever is concealed is told as if it were not there.
Expected<KeptProcess> Node::told_process(const ProcessId& process, const StoreReader& reader) const {
  auto kept = processes_.find(process, reader);
  if (!kept && kept.error().code == "not-found") return nothing_here();
  if (!kept) return kept;
  if (auto told = check_told(kept->person, reader); !told) return tl::unexpected(told.error());
  return kept;
}

Expected<Session> Node::process_worker(const Session& session, const ProcessId& process, const Turn& turn) const {
  auto holder = task_holder(session);
  if (!holder) return holder;
  if (auto writes = check_writes(session); !writes) return tl::unexpected(writes.error());
  auto kept = told_process(process, turn);
  if (!kept) return tl::unexpected(kept.error());
  if (auto free = check_no_conflict(session.user, kept->person, turn); !free) return tl::unexpected(free.error());
  return holder;
}

void Node::begin_process(Caller caller, NewProcess process, Done<ProcessId> done) {
  call_once<ProcessId>(*this, std::move(caller), std::move(done),
                       [this, process](Work& work, const Session& session) -> Expected<ProcessId> {
                         auto holder = task_holder(session);
                         if (!holder) return tl::unexpected(holder.error());
                         if (auto writes = check_writes(session); !writes) return tl::unexpected(writes.error());
                         if (auto told = check_told(process.person, work.turn); !told)
                           return tl::unexpected(told.error());
                         if (auto free = check_no_conflict(session.user, process.person, work.turn); !free)
                           return tl::unexpected(free.error());
                         return processes_.begin(session, process, work.turn);
                       });
}

void Node::list_processes(std::string token, Done<ProcessList> done) {
  call<ProcessList>(*this, std::move(done), [this, token](Work& work) -> Expected<ProcessList> {
    auto who = task_holder_of(token, work.turn, work.now);
    if (!who) return tl::unexpected(who.error());
    ProcessList out;
    const auto see = [&](const ProcessId& id) -> Expected<bool> {
      auto kept = told_process(id, work.turn);
      if (!kept && kept.error().code == "not-found") return true;
      if (!kept) return tl::unexpected(kept.error());
      auto free = check_no_conflict(who->user, kept->person, work.turn);
      if (!free && free.error().code == "conflict-of-interest") return true;
      if (!free) return tl::unexpected(free.error());
      out.more = out.processes.size() == limits::processes_shown_max;
      if (out.more) return false;
      if (auto noted = note_shown(*kept, *who, "shown among the processes", work.turn); !noted)
        return tl::unexpected(noted.error());
      out.processes.push_back(ProcessTelling(processes_, std::move(*kept), settings_.member, work.now).summary());
      return true;
    };
    if (auto seen = processes_.each_open(see, work.turn, work.now); !seen) return tl::unexpected(seen.error());
    return out;
  });
}

void Node::list_processes_elsewhere(std::string token, Done<InboxList> done) {
  call<InboxList>(*this, std::move(done), [this, token](Work& work) -> Expected<InboxList> {
    auto who = task_holder_of(token, work.turn, work.now);
    if (!who) return tl::unexpected(who.error());
    return inbox_.overviews(*who, own_part(), work.turn);
  });
}

void Node::read_process(std::string token, ProcessId process, Done<ProcessDetail> done) {
  call<ProcessDetail>(*this, std::move(done), [this, token, process](Work& work) -> Expected<ProcessDetail> {
    auto who = task_holder_of(token, work.turn, work.now);
    if (!who) return tl::unexpected(who.error());
    auto kept = told_process(process, work.turn);
    if (!kept) return tl::unexpected(kept.error());
    if (auto free = check_no_conflict(who->user, kept->person, work.turn); !free) return tl::unexpected(free.error());
    if (auto noted = note_shown(*kept, *who, "shown with a process", work.turn); !noted)
      return tl::unexpected(noted.error());
    ProcessDetail out = ProcessTelling(processes_, std::move(*kept), settings_.member, work.now).detail();
    out.as_at = work.now;
    for (const NamedMember& member : other_members()) out.members.emplace_back(member.id.text(), member.name);
    if (out.is_ours)
      for (const MemberId& member : transfers_.authorities(work.turn))
        out.leads.emplace_back(member.text(), name_of_member(member));
    const auto lead = MemberId::parse(out.process.lead);
    if (const Member* member = lead ? p_.book.find(*lead) : nullptr) out.lead_name = member->name;
    return out;
  });
}

void Node::begin_process_step(Caller caller, NewProcessStep step, Done<std::uint64_t> done) {
  call_once<std::uint64_t>(*this, std::move(caller), std::move(done),
                           [this, step](Work& work, const Session& session) -> Expected<std::uint64_t> {
                             auto who = process_worker(session, step.process, work.turn);
                             if (!who) return tl::unexpected(who.error());
                             auto number = processes_.begin_step(*who, step, work.turn);
                             if (!number) return tl::unexpected(number.error());
                             return std::uint64_t(*number);
                           });
}

void Node::contribute_to_process(Caller caller, NewContribution contribution, Done<bool> done) {
  call_once<bool>(*this, std::move(caller), std::move(done),
                  [this, contribution](Work& work, const Session& session) -> Expected<bool> {
                    auto who = process_worker(session, contribution.process, work.turn);
                    if (!who) return tl::unexpected(who.error());
                    NewContribution wish = contribution;
                    if (!wish.member.empty()) {
                      const auto id = MemberId::parse(wish.member);
                      const Member* member = id ? p_.book.find(*id) : nullptr;
                      if (member && wish.agency.empty()) wish.agency = member->kind;
                      if (!member)
                        return fail("bad-field", "cannot take that", "`member` is none of the federation",
                                    "name it as `ginnel member list` does, or leave it out for your own agency");
                    }
                    return as_done(processes_.contribute(*who, wish, work.turn));
                  });
}

void Node::close_process_step(Caller caller, NewOutcome outcome, Done<bool> done) {
  call_once<bool>(*this, std::move(caller), std::move(done),
                  [this, outcome](Work& work, const Session& session) -> Expected<bool> {
                    auto who = process_worker(session, outcome.process, work.turn);
                    if (!who) return tl::unexpected(who.error());
                    return as_done(processes_.close(*who, outcome, work.turn));
                  });
}

void Node::give_late_reason(Caller caller, NewLateReason reason, Done<bool> done) {
  call_once<bool>(*this, std::move(caller), std::move(done),
                  [this, reason](Work& work, const Session& session) -> Expected<bool> {
                    auto who = process_worker(session, reason.process, work.turn);
                    if (!who) return tl::unexpected(who.error());
                    return as_done(processes_.give_reason(*who, reason, work.turn));
                  });
}

void Node::migrate_process(Caller caller, ProcessId process, std::string to, Done<bool> done) {
  call_once<bool>(*this, std::move(caller), std::move(done),
                  [this, process, to](Work& work, const Session& session) -> Expected<bool> {
                    auto who = process_worker(session, process, work.turn);
                    if (!who) return tl::unexpected(who.error());
                    return as_done(processes_.migrate(*who, process, to, work.turn));
                  });
}

void Node::acknowledge_alert(Caller caller, ProcessId process, std::string alert, Done<bool> done) {
  call_once<bool>(*this, std::move(caller), std::move(done),
                  [this, process, alert](Work& work, const Session& session) -> Expected<bool> {
                    auto who = process_worker(session, process, work.turn);
                    if (!who) return tl::unexpected(who.error());
                    return as_done(processes_.acknowledge(*who, process, alert, work.turn));
                  });
}

}  // namespace ginnel
