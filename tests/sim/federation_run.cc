// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/federation_run.h"

#include <ostream>

#include "tests/sim/promises.h"

namespace ginnel::sim {
namespace {

constexpr milliseconds storm_length = 60s;
constexpr milliseconds settling = 3min;  // views stay open ten minutes, so all of them must become whole meanwhile
constexpr int acts = 60;
constexpr int process_acts = 60;
constexpr int mishaps = 14;
constexpr int tampered = 25;

}  // namespace

FederationRun::FederationRun(const RunOptions& options)
    : options_(options),
      world_(options.seed),
      evidence_(world_, truth_),
      workload_(world_, truth_, evidence_, options.seed * 7919 + 1),
      process_work_(world_, truth_, evidence_, options.seed * 31'337 + 4),
      mishaps_(world_, options.seed * 104'729 + 2),
      dice_(options.seed * 15'485'863 + 3) {
  world_.trace().print_to(options.trace);
  if (options.until) world_.trace().stop_at(*options.until);
}

Findings FederationRun::go() {
  world_.six_agencies();
  world_.set_onlooker(&evidence_);
  workload_.prepare();
  Findings findings;
  if (!storm() || !calm()) {
    print_state();
  } else {
    evidence_.close();
    findings = broken_promises(evidence_);
    is_judged_ = true;
  }
  for (const auto& what : world_.take_violations()) findings.push_back({3, what});
  return findings;
}

bool FederationRun::storm() {
  const auto some_time = [this] {
    return world_.now() + std::int64_t(dice_.below(std::uint64_t(storm_length.count())));
  };
  mishaps_.set_weather();
  for (int i = 0; i < acts; ++i) world_.at(some_time(), [this] { workload_.some_act(); });
  for (int i = 0; i < process_acts; ++i) world_.at(some_time(), [this] { process_work_.some_act(); });
  for (int i = 0; i < mishaps; ++i) world_.at(some_time(), [this] { mishaps_.some_mishap(); });
  for (int i = 0; i < tampered; ++i) world_.at(some_time(), [this] { mishaps_.tamper(); });
  world_.run_for(storm_length);
  return !world_.trace().is_over();
}

bool FederationRun::calm() {
  mishaps_.heal();
  workload_.join_what_is_apart();
  // Views that were begun before are taken up again when somebody looks.
  workload_.look_at_everything();
  world_.run_for(settling);
  evidence_.mark_calm();
  workload_.look_at_everything();
  workload_.ask_everything_again();
  world_.run_for(30s);
  return !world_.trace().is_over();
}

void FederationRun::print_state() {
  if (!options_.state) return;
  std::ostream& out = *options_.state;
  out << "after event " << world_.trace().events() << ", " << world_.network().on_the_way() << " frames on the way\n";
  for (const auto& agency : world_.agencies()) {
    Machine& machine = world_.machine(agency);
    out << "  " << agency << std::string(20 - agency.size(), ' ');
    if (!machine.is_up()) {
      out << "down\n";
      continue;
    }
    const auto& counts = machine.node().notices().counts();
    out << (machine.is_frozen() ? "frozen " : "") << (machine.store().read_only() ? "read-only " : "")
        << (world_.is_hostile(machine.id()) ? "hostile " : "") << "ledger " << machine.ledger_size() << ", directory "
        << machine.book().version() << ", clock wrong by " << machine.clock_ahead_ms() << " ms, "
        << world_.network().waiting_for(machine.id()) << " frames not taken, notices queued " << counts.queued
        << " delivered " << counts.delivered << " refused " << counts.refused << " not delivered "
        << counts.not_delivered << " received " << counts.received << ", started " << machine.starts() << " times\n";
  }
}

}  // namespace ginnel::sim
