// SPDX-License-Identifier: Apache-2.0
// The running processes of this node: what people do with them and what time does, kept as entries of the ledger.
//
//   auto id = book.begin(who, child, "child-protection", {}, turn);
//   book.contribute(who, {*id, 1, "why", "seen with bruises"}, turn);
//   book.close(who, {*id, 1, "referral"}, turn);
//
// A process is its records and nothing else (docs/decisions/0057): each is an entry `process_step`, sealed under the
// key of the person whom it is about; in memory stands only what they come to. So a restart has the same processes, an
// alert that was raised is raised, and who erases the person erases the process. The beginning and the end of a
// step become records of the node too, where its definition says so (process_records.h). What an act or the time brings
// for somebody to do becomes a task (node/work), by an origin that names the process and the cause, once.
//
// Thread: the loop. Sans-I/O: the store is the turn given, the time is the turn's. clear() forgets what is in memory,
// which is then read again.
// Failure: those of the engine, each thing that is missing told at once; `no-definition` (the node has none by which
//          this could be done), `not-found` (no such process), `no-person`, and the store's. An act that fails before
//          it wrote anything has changed nothing; one that fails later poisons the turn, see failure().
// Limits: below, and those of the engine.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "node/gate/vocabulary.h"
#include "node/people/account.h"
#include "node/process/by_moment.h"
#include "node/process/engine/engine.h"
#include "node/process/invitation.h"
#include "node/process/look_agenda.h"
#include "node/process/overview.h"
#include "node/process/process_rules.h"
#include "node/process/process_view.h"
#include "node/store/process_entry.h"
#include "node/store/store.h"
#include "node/work/tasks.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t processes_ticked_per_turn_max = 64;
inline constexpr std::int64_t processes_retry_ms = 60'000;   // when the entries of processes could not be read
inline constexpr std::size_t process_brought_max = 100;      // by one other agency to one step
inline constexpr std::int64_t look_soon_ms = 60'000;         // from the news that it is for
inline constexpr std::int64_t look_gap_ms = 15 * minute_ms;  // between two looks for one process
}  // namespace limits

// A record of another agency, and who that is.
struct BroughtBy {
  MemberId member;
  std::string kind;  // of the directory
  RecordId record;
  PersonRef person;  // of this node's, whom it is about; empty: none
};

// That the records of all agencies are to be looked at for a process: about whom, for what, and for whom of our own.
struct LookWish {
  ProcessId process;
  PersonRef person;
  std::string purpose, basis;
  std::vector<UserId> workers;  // who did something in it, the last one first
};

// One process as its entries have it.
struct KeptProcess {
  ProcessId id;
  PersonRef person;
  RunningProcess process;
};

class ProcessBook {
 public:
  struct Parts {                                // all outlive it
    std::shared_ptr<const ProcessRules> rules;  // null: this node begins no processes
    MemberId member;                            // whose node this is: the lead of what is begun here
    const Vocabulary& words;
    Tasks& tasks;
    Random& random;
    std::string contact = {};  // whom others ring about what is recorded here
  };
  explicit ProcessBook(Parts parts) : p_(std::move(parts)) {}

  // People's acts. Who may order a step is decided by its definition: the roles that lead it, stand in for it or manage
  // it, as the configuration gives them to the node's users. Anybody contributes.
  Expected<ProcessId> begin(const Session& who, const NewProcess& wish, Turn& turn);
  // The number of the step.
  Expected<std::uint32_t> begin_step(const Session& who, const NewProcessStep& wish, Turn& turn);
  Expected<void> contribute(const Session& who, const NewContribution& wish, Turn& turn);
  // What another agency brings from its own node to a step that waits for it, once; whatever else it is stays a notice
  // for people to read. False: it cannot be said now, and is to be asked for again.
  Expected<bool> take_in(const BroughtBy& by, const BroughtToStep& brought, Turn& turn);
  Expected<void> close(const Session& who, const NewOutcome& wish, Turn& turn);
  Expected<void> give_reason(const Session& who, const NewLateReason& wish, Turn& turn);
  Expected<void> acknowledge(const Session& who, const ProcessId& process, const std::string& alert, Turn& turn);
  // From here on by the version that is in effect today; `to` names it, so that nobody moves a case to what they did
  // not look at. `cannot-migrate`: it is another one, or something open has no place there.
  Expected<void> migrate(const Session& who, const ProcessId& process, const std::string& to, Turn& turn);

  // The lead moves, as a transfer says (node/transfer). From the release on nothing is done here with the process but
  // what time brings, until another leads; from then on it stands here as it was, and nothing more comes of it. Written
  // already: nothing happens. `at`: when it was said, the same in every node's records. `bad-process`: not from where
  // it stands.
  Expected<void> move_lead(const ProcessId& process, const LeadMoved& moved, Instant at, Turn& turn);
  // Records of a process that another authority led, of a person of this node, in their order: those that it has not
  // yet, for it may have led it before. What time brought to each of them by itself may differ. `bad-process`: they are
  // none, not a whole from the beginning, or not of the process that this node knows.
  Expected<void> take_over(const ProcessId& process, const PersonRef& person, const std::vector<ProcessRecord>& records,
                           Turn& turn);
  // Its records as they are kept, in their order. `not-found` as find().
  Expected<std::vector<ProcessRecord>> kept_records(const ProcessId& process, const StoreReader& reader) const;
  // Who manages processes of a kind here, as a role of this node's users; empty: none is in effect.
  std::string managing_role(std::string_view definition, Instant now) const;

  // Whether what time brings is this node's to do: it leads, or did until the lead was released.
  bool runs_here(const RunningProcess& process) const {
    return !process.has_ended() && process.last_lead() == p_.member.text();
  }

  // `not-found`: there is none, or the person was erased.
  Expected<KeptProcess> find(const ProcessId& id, const StoreReader& reader) const;
  // Calls for each that has not ended, of everybody, until `see` says stop: what is due first before the rest, what is
  // not due at all last. Costs what is seen, however many there are.
  Expected<void> each_open(const std::function<Expected<bool>(const ProcessId&)>& see, const StoreReader& reader,
                           Instant now);
  // By what it runs; null: the node does not have that definition (any more).
  const Definition* definition_of(const RunningProcess& process) const;
  std::optional<ProcessEngine> engine_of(const RunningProcess& process) const;
  // What a process of its kind that begins today runs by. Null: none is in effect.
  const Definition* in_effect(std::string_view definition, Instant now) const;
  // In which of the definition's roles a user acts at a step; null: at the process as a whole. Empty: in none.
  std::string role_at(const Definition& definition, const StepDefinition* step, const std::string& user_role) const;

  // What a process of theirs proves now: of several that prove something, the one that proves most.
  struct Proved {
    ProcessId process;
    std::uint64_t epoch = 1;  // of the lead
    HeadFacts facts;
  };
  Expected<std::optional<Proved>> proved_for(const PersonRef& person, const Turn& turn);

  // The one whose look is due first, which is then being looked at until looked() or cannot_look(). Nothing: none is
  // due.
  std::optional<LookWish> take_look(Instant now);
  std::optional<Instant> next_look() const { return looks_.next(); }
  // What was found. Again for a process whose look was over: more has come since. Nothing where it has ended.
  Expected<void> looked(const ProcessId& process, const Seen& seen, Turn& turn);
  Expected<void> cannot_look(const ProcessId& process, const std::string& why, Turn& turn);
  // There is news of the person: what runs about them is looked at in a moment, and not the next day.
  Expected<void> look_soon(const PersonRef& person, const Turn& turn);

  // Reads what is open, so that a start needs no turn for it. What cannot be read is told by the first tick.
  void start(const StoreReader& reader, Instant now);
  // Raises what is due. Errors: only of a write; what cannot be read is told by problem() and tried again.
  Expected<void> tick(Turn& turn);
  std::optional<Instant> next_tick() const;  // not set and nothing pending: nothing is open
  void clear();                              // the turn was not committed
  void clock_went_back(Instant now);         // looks again when each has something to tell
  // Something was written that is not whole: the turn must not be committed. Forgotten by clear().
  const std::optional<Error>& failure() const { return failure_; }
  const std::string& problem() const { return problem_; }  // why something does not go further now; empty: all is well
  std::size_t running() const { return open_.size(); }

 private:
  Expected<void> load(const StoreReader& reader, Instant now);
  Expected<void> need_loaded(const StoreReader& reader, Instant now);
  static Expected<std::vector<ProcessEntry>> entries_of(const ProcessId& id, const StoreReader& reader);
  Expected<KeptProcess> read(const ProcessId& id, const StoreReader& reader) const;
  void keep(KeptProcess kept, Instant now);
  void schedule(const KeptProcess& kept, Instant now);
  void forget(const ProcessId& id);
  Expected<void> write_look(const ProcessId& id, const std::function<Effects(const ProcessEngine&)>& look, Turn& turn);
  Expected<std::set<std::string>> open_elsewhere(const KeptProcess& kept, const StoreReader& reader) const;
  Actor actor_of(const Session& who, const Definition& definition, const StepDefinition* step) const;
  // The process, its engine, and who acts in it at a step; 0: as a whole.
  struct Act {
    KeptProcess kept;
    ProcessEngine engine;
    Actor by;
  };
  Expected<Act> act(const Session& who, const ProcessId& id, std::uint32_t step, Turn& turn);
  // `who`: whose act it is; null: time's.
  Expected<void> write(KeptProcess kept, const Effects& effects, const Session* who, Turn& turn);
  Expected<void> keep_records(const KeptProcess& kept, const Effects& effects, const Session& who, Turn& turn);
  // How it stands now, for each other agency that brought something to it.
  Expected<void> keep_overviews(const KeptProcess& kept, Turn& turn);
  Expected<void> open_tasks(const KeptProcess& kept, const Effects& effects, Turn& turn);
  Expected<void> open_task(const KeptProcess& kept, const char* kind, TaskOpening opening, const std::string& title,
                           Turn& turn);
  Expected<void> open_alert_tasks(const KeptProcess& kept, const AlertRaised& alert, const Definition& definition,
                                  Turn& turn);
  // What came of it for somebody to do, once another leads.
  Expected<void> close_tasks(const KeptProcess& kept, const Definition& definition, const char* why, Turn& turn);
  std::set<std::string> told_roles(const AlertRaised& alert, const Definition& definition) const;
  std::string user_role(const std::string& role) const;

  Parts p_;
  bool is_loaded_ = false;
  Instant retry_at_;
  std::string problem_;
  std::optional<Error> failure_;
  std::map<ProcessId, KeptProcess> open_;
  std::map<PersonRef, std::set<ProcessId>> of_person_;  // the same, by person
  ByMoment agenda_;                                     // when each has something to tell
  LookAgenda looks_;                                    // when each is to be looked at
  ByMoment due_;  // of each that has not ended; what is not due at all, at the end of time
};

}  // namespace ginnel
