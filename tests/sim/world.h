// SPDX-License-Identifier: Apache-2.0
// A whole federation in one thread: ten production nodes on a simulated clock, network and disk. One seed is one run.
//
//   World t(seed());
//   t.ten_agencies().with_story(Story::moved_twice);
//   t.node("wy-police").freeze();
//   auto view = t.node("bradford-csc").ask(Story::moved_twice, {.deadline = 2s});
//   view.expect_part("wy-police", PartStatus::silent).expect_incomplete();
//
// While it runs, the world itself watches what leaves each node (watch()): nothing may go out while a turn is open, and
// no item whose disclosure is not in the sender's durable ledger. Violations fail the test when the world ends.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "federation/wire/answer.h"
#include "federation/wire/ask.h"
#include "tests/sim/machine.h"
#include "tests/sim/trace.h"
#include "tests/sim/view.h"

namespace ginnel::sim {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// GINNEL_SIM_SEED, else 1: for a scenario that is to be run again as it failed.
std::uint64_t seed();
// The agreement of config-examples, read once.
std::shared_ptr<const Bundle> west_yorkshire();

struct AskOptions {
  milliseconds deadline = 5s;
  std::string purpose = "first_contact";
  std::string basis = "public_task";
  std::vector<std::string> scope = {};
  std::string break_glass = {};
  std::string user = "s.worker";
  Instant as_known_at = {};
};

class World;

// A node as a scenario speaks of it.
class NodeIn {
 public:
  NodeIn(World& world, Machine& machine) : world_(world), machine_(machine) {}

  void freeze() { machine_.freeze(); }
  void thaw() { machine_.thaw(); }
  void crash() { machine_.crash(); }
  void restart();
  // As its operator gives it a directory.
  void adopt(Bytes signed_directory);
  void fail_next_commit() { machine_.fail_next_commit(); }

  // Asks and runs the world until the view is shown.
  View ask(Story story, const AskOptions& options = {});
  View ask(const Identity& child, const AskOptions& options = {});
  // Asks, and leaves the running to the caller.
  View begin(const Identity& child, const AskOptions& options = {});
  Expected<CaseView> read(const ViewId& view, const std::string& user);
  // The worker takes it away; asks again what it asked, for then; marks an entry that it shows.
  Expected<CaseView> take(const ViewId& view, ChronologyForm form, const std::string& user = "s.worker");
  View ask_as_known_at(const ViewId& view, Instant moment, const std::string& user = "s.worker");
  Expected<RecordId> mark(const ViewId& view, const ViewItem& item, const std::string& reason,
                          const std::string& user = "s.worker");
  Readiness readiness();

  // A record about a child whom the node holds, written while it runs, as an import writes it.
  RecordId record(const Identity& child, Record record, const RecordId& replaces = {});
  RecordId record(Story story, Record record, const RecordId& replaces = {});
  // The same with a file of this content.
  RecordId record_with_file(Story story, Record record, const std::string& content);
  // The worker opens a file that a view of theirs names.
  Expected<AttachmentFile> open_file(const ViewId& view, const AttachmentId& file,
                                     const std::string& user = "s.worker");
  // What a worker finds in their inbox.
  InboxList inbox(const std::string& user = "s.worker");
  // What their agency told others, as far as they see it.
  SentList sent(const std::string& user = "m.manager");
  // Their tasks of a kind, and their role's.
  std::vector<TaskDetail> tasks(const std::string& kind, const std::string& user = "s.worker", bool closed = false);
  Expected<bool> finish(const TaskId& task, const std::string& outcome, const std::string& user = "s.worker");
  Expected<InboxItem> acknowledge(const InboxItem& item, const std::string& user = "s.worker");
  // Brings something to what the item invites to.
  Expected<RecordId> answer(const InboxItem& item, const std::string& name, const std::string& text,
                            const std::string& user = "s.worker");
  Expected<std::vector<Reliance>> relied_on(const InboxItem& item, const std::string& user = "m.manager");
  Expected<CorrectionMade> correct(const CorrectionRequest& request, const std::string& user = "s.worker");

  std::uint64_t dropped(Drop reason) { return machine_.node().dropped(reason); }
  std::uint64_t ledger_size() { return machine_.ledger_size(); }
  std::vector<Access> entries(EntryKind kind);
  Machine& machine() { return machine_; }
  Machine* operator->() { return &machine_; }

 private:
  RecordId record_now(const Identity& child, Record record, const RecordId& replaces, const std::string& content);

  World& world_;
  Machine& machine_;
};

// What a member that does not run our software answers to an ask; nothing: silence.
using HostileAnswer = std::function<std::vector<Answer>(const Ask&)>;

// Somebody who looks on from outside: at frames between nodes, and at nothing inside them.
class Onlooker {
 public:
  virtual ~Onlooker() = default;
  virtual void sent(const Packet& packet, const Message& message) = 0;
};

class World {
 public:
  explicit World(std::uint64_t seed);
  ~World();

  // Key statements live that long, instead of 300 days; before ten_agencies().
  World& with_key_life(milliseconds life);
  World& ten_agencies();
  // Six of them, with every trustee that a directory needs: for what is run a thousand times.
  World& six_agencies();
  World& with_story(Story story);
  World& with(const Holding& holding);
  World& with_every_story();

  NodeIn node(const std::string& id) { return NodeIn(*this, machine(id)); }
  Machine& machine(const std::string& id) { return *machines_.at(*MemberId::parse(id)); }
  std::vector<std::string> agencies() const;
  const Papers& papers() const { return papers_; }
  // The directory as it was at first, changed, and signed by enough trustees.
  Bytes directory_with(const std::function<void(Directory&)>& change);
  SimNetwork& network() { return network_; }
  Trace& trace() { return trace_; }
  void set_onlooker(Onlooker* onlooker) { onlooker_ = onlooker; }
  SimClock& clock() { return clock_; }
  SeededRandom& random() { return random_; }

  void run_for(milliseconds time);
  // Until `done` says so, `time_max` at most; whether it did.
  bool run_until(const std::function<bool()>& done, milliseconds time_max);
  // Once, when the clock is there; between turns, so that nodes may be crashed.
  void at(Instant then, std::function<void()> act) { agenda_.emplace(then, std::move(act)); }
  // A record that was made while the world ran.
  void note_record(const RecordId& record, const MemberId& holder, bool is_concealed);
  void clear_agenda() { agenda_.clear(); }
  std::uint64_t runs() const { return runs_; }
  Instant now() { return clock_.now(); }

  // From now on the member answers asks by this, over its own genuine keys.
  void take_over(const std::string& member, HostileAnswer answer);
  bool is_hostile(const MemberId& member) const { return hostile_.contains(member); }
  // A message as a member could write it, and its frame; signed with `other_key`: forged.
  Message message(const std::string& from, const std::string& to, Kind kind, Bytes payload);
  // An honest first contact about the child who moved twice.
  Message ask_message(const std::string& from, const std::string& to);
  Bytes sealed(const Message& message, const SigningKey* other_key = nullptr);
  void inject(const std::string& from, const std::string& to, Bytes frame);
  tl::expected<Message, Drop> opened(const Packet& packet);

  // Who holds a record that the world put there.
  std::optional<MemberId> holder_of(const RecordId& record) const;
  bool is_concealed(const RecordId& record) const { return concealed_.contains(record); }
  // What its own watch saw so far; whoever takes them answers for them.
  std::vector<std::string> take_violations() { return std::exchange(violations_, {}); }

 private:
  World& agencies_of(const std::set<std::string>& ids);
  Bytes signed_by_trustees(const Directory& directory);
  void watch(const Packet& packet);
  void violation(const std::string& what) { violations_.push_back(what); }
  bool step();
  bool step_machine(Machine& machine);
  bool step_hostile(const MemberId& member, const HostileAnswer& answer);

  std::uint64_t seed_;
  SeededRandom random_;
  SimClock clock_;
  SimNetwork network_;
  Trace trace_;
  Onlooker* onlooker_ = nullptr;
  Papers papers_;
  std::optional<SigningKey> board_key_;  // of the trustee that runs no node
  milliseconds key_life_ = 24h * 300;
  std::map<MemberId, std::unique_ptr<Machine>> machines_;
  std::map<MemberId, HostileAnswer> hostile_;
  std::map<RecordId, MemberId> holders_;
  std::set<RecordId> concealed_;
  std::multimap<Instant, std::function<void()>> agenda_;
  std::vector<std::string> violations_;
  std::uint64_t runs_ = 0;
};

}  // namespace ginnel::sim
