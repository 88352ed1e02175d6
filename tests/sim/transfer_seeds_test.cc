// SPDX-License-Identifier: Apache-2.0
// One child's process from authority to authority while managers on all sides click at once, messages are lost, doubled
// and late, and nodes stop, freeze and fail to write; then everything is healed, people bring each transfer to its end,
// and the ledgers are compared. GINNEL_SEEDS: how many seeds (12).
//
// A seed that fails is printed: GINNEL_FIRST_SEED=N GINNEL_SEEDS=1 runs it again.
#include <cstdlib>

#include "tests/sim/process_scenario.h"
#include "tests/sim/transfers_checked.h"

namespace ginnel::sim {
namespace {

constexpr int clicks = 150;
constexpr int stops = 12;
constexpr milliseconds storm_of_transfers = 90s;
const std::vector<std::string> movers{"bradford-csc", "leeds-csc", "wakefield-csc"};

class MovingRun : ProcessActs {
 public:
  explicit MovingRun(std::uint64_t seed) : ProcessActs(seed, &World::six_agencies), dice_(seed * 7919 + 5) {}

  std::vector<std::string> go() {
    process_ = begin();
    to_plan(process_);
    Faults faults;
    faults.loss_percent = unsigned(roll(30));
    faults.duplication_percent = unsigned(roll(30));
    faults.delay_ms_min = 1;
    faults.delay_ms_max = std::int64_t(5 + roll(1500));
    t.network().set_faults(faults);
    for (int i = 0; i < clicks; ++i) t.at(some_time(), [this] { click(some_mover()); });
    for (int i = 0; i < stops; ++i) t.at(some_time(), [this] { stop(some_mover()); });
    std::vector<std::string> problems;
    for (int i = 0; i < 9 && problems.empty(); ++i) {
      t.run_for(storm_of_transfers / 9);
      problems = broken_leads(t);
    }
    heal();
    for (int round = 0; round < 8; ++round) {
      for (const auto& mover : movers) end_what_waits(mover);
      t.run_for(2min);
    }
    for (auto& one : unsettled_leads(t)) problems.push_back(std::move(one));
    for (const auto& mover : movers)
      if (!t.machine(mover).verify().good()) problems.push_back(mover + "'s ledger is not good");
    return problems;
  }
  std::size_t moved() const { return moved_.size(); }

 private:
  std::uint64_t roll(std::uint64_t sides) { return dice_.below(sides); }
  Instant some_time() { return t.clock().now() + std::int64_t(roll(std::uint64_t(storm_of_transfers.count()))); }
  const std::string& some_mover() { return movers[roll(movers.size())]; }

  // A manager looks at what there is, and says something of what may be said: or offers the lead to somebody.
  void click(const std::string& at) {
    Machine& machine = t.machine(at);
    if (!machine.runs()) return;
    if (roll(4) == 0) return offer(machine);
    machine.node().list_transfers(machine.token("m.manager"), [this, at](const Expected<TransferList>& list) {
      if (!list || list->transfers.empty()) return;
      // Mostly the newest: what has ended may have nothing but notes.
      say_something(at, list->transfers[roll(3) == 0 ? roll(list->transfers.size()) : 0].id, roll(8) > 0);
    });
  }
  void offer(Machine& machine) {
    const std::string& to = some_mover();
    machine.node().offer_transfer(machine.token("m.manager"), {process_, to, "planned", "the family moves"},
                                  [](const Expected<TransferId>&) {});
  }
  void say_something(const std::string& at, const TransferId& id, bool only_onwards) {
    Machine& machine = t.machine(at);
    if (!machine.runs()) return;
    machine.node().read_transfer(
        machine.token("m.manager"), id, [this, at, id, only_onwards](const Expected<TransferDetail>& detail) {
          Machine& again = t.machine(at);
          if (!detail || !again.runs()) return;
          if (detail->transfer.state == "moved") moved_.insert(id);
          std::vector<std::string> words = detail->may_say;
          if (only_onwards)
            std::erase_if(words,
                          [](const std::string& one) { return one == "note" || one == "cancel" || one == "decline"; });
          if (words.empty()) return;
          TransferSaying saying{id, words[roll(words.size())], "as agreed on the telephone", {}};
          if (saying.said == "conference") saying.held = london_date(again.now());
          again.node().say_in_transfer(again.token("m.manager"), saying, [](const Expected<bool>&) {});
        });
  }
  void end_what_waits(const std::string& at) {
    Machine& machine = t.machine(at);
    machine.node().list_transfers(machine.token("m.manager"), [this, at](const Expected<TransferList>& list) {
      for (const auto& one : list ? list->transfers : std::vector<TransferSummary>()) say_something(at, one.id, true);
    });
  }

  void stop(const std::string& at) {
    Machine& machine = t.machine(at);
    if (!machine.is_up()) return;
    const Instant later = t.clock().now() + std::int64_t(50 + roll(8000));
    switch (roll(3)) {
      case 0:
        machine.freeze();
        return t.at(later, [&machine] { machine.thaw(); });
      case 1:
        machine.fail_next_commit();
        [[fallthrough]];
      default:
        machine.crash();
        t.at(later, [this, &machine] {
          if (!machine.is_up()) machine.start(t.papers());
        });
    }
  }
  void heal() {
    t.network().set_faults({});
    for (const auto& mover : movers) {
      Machine& machine = t.machine(mover);
      machine.thaw();
      if (machine.is_up() && machine.store().read_only()) machine.crash();
      if (!machine.is_up()) machine.start(t.papers());
    }
    t.run_for(1min);
  }

  SeededRandom dice_;
  ProcessId process_;
  std::set<TransferId> moved_;
};

std::uint64_t seeds_from(const char* variable, std::uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

TEST(TransferSeeds, have_one_lead_and_somebody_accountable_whatever_happens) {
  const std::uint64_t first = seeds_from("GINNEL_FIRST_SEED", 1), count = seeds_from("GINNEL_SEEDS", 12);
  std::size_t moved = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    MovingRun run(seed);
    for (const auto& problem : run.go()) ADD_FAILURE() << "seed " << seed << ": " << problem;
    moved += run.moved();
    if (HasFailure()) break;
  }
  std::printf("%llu seeds, %zu moves\n", static_cast<unsigned long long>(count), moved);
  if (count >= 12) {
    EXPECT_GT(moved, count / 2) << "a run in which nothing moves tests nothing";
  }
}

}  // namespace
}  // namespace ginnel::sim
