// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/mishaps.h"

namespace ginnel::sim {
namespace {

constexpr std::int64_t down_ms_max = 6000;

}  // namespace

Machine& Mishaps::some_machine() {
  const auto all = world_.agencies();
  return world_.machine(all[roll(all.size())]);
}

void Mishaps::note(const std::string& who, const std::string& what) {
  world_.trace().event(world_.now(), who, [&] { return "! " + what; });
}

void Mishaps::set_weather() {
  Faults faults;
  faults.loss_percent = unsigned(roll(31));
  faults.duplication_percent = unsigned(roll(31));
  faults.delay_ms_min = 1;
  faults.delay_ms_max = std::int64_t(5 + roll(600));
  world_.network().set_faults(faults);
  note("the network", "loses " + std::to_string(faults.loss_percent) + " %, doubles " +
                          std::to_string(faults.duplication_percent) + " %, takes up to " +
                          std::to_string(faults.delay_ms_max) + " ms");
  if (roll(3) != 0) return;
  // Not the one whose head proves the plan: without it there would be less to break.
  static const char* const candidates[] = {"leeds-csc", "bradford-health", "bradford-education"};
  const std::string hostile = candidates[roll(std::size(candidates))];
  note(hostile, "answers asks as it pleases from now on");
  world_.take_over(hostile, [this](const Ask& ask) { return hostile_answers(ask); });
}

void Mishaps::some_mishap() {
  Machine& machine = some_machine();
  const std::string who = machine.id().text();
  if (world_.is_hostile(machine.id())) return;
  switch (roll(9)) {
    case 0:
    case 1:
      return crash(machine, later(down_ms_max));
    case 2:
      return crash_and_replay(machine);
    case 3:
      note(who, "freezes");
      machine.freeze();
      return world_.at(later(down_ms_max), [&machine] { machine.thaw(); });
    case 4:
      return part_two(true);
    case 5:
      return part_two(false);
    case 6:
      if (!machine.is_up()) return;
      note(who, "has a disk that fails to commit");
      machine.fail_next_commit();
      return world_.at(later(2000), [this, &machine] { crash(machine, later(down_ms_max)); });
    case 7:
      if (!machine.is_up()) return;
      note(who, "has a disk that fills up");
      (roll(4) == 0 ? machine.keys_disk() : machine.ledger_disk()).fill_after(roll(60));
      return world_.at(later(2000), [this, &machine] { crash(machine, later(down_ms_max)); });
    default: {
      const std::int64_t ahead_ms = (std::int64_t(roll(2)) * 2 - 1) * std::int64_t(roll(roll(2) ? 90'000 : 3'600'000));
      note(who, "has a clock that is wrong by " + std::to_string(ahead_ms) + " ms");
      machine.step_clock(ahead_ms);
      return world_.at(later(4 * down_ms_max), [&machine] { machine.step_clock(0); });
    }
  }
}

void Mishaps::crash(Machine& machine, Instant until) {
  if (!machine.is_up()) return;
  note(machine.id().text(), "loses its power");
  machine.crash();
  world_.at(until, [this, &machine] {
    if (machine.is_up()) return;
    note(machine.id().text(), "starts again");
    machine.start(world_.papers());
  });
}

// Whatever it heard in the last seconds comes a second time after its restart.
void Mishaps::crash_and_replay(Machine& machine) {
  if (!machine.is_up()) return;
  const Instant since = world_.now() + -20 * second_ms;
  std::vector<Packet> heard;
  const auto& log = world_.network().log;
  for (auto packet = log.rbegin(); packet != log.rend() && packet->sent_at >= since && heard.size() < 20; ++packet)
    if (packet->to == machine.id()) heard.push_back(*packet);
  crash(machine, world_.now() + 100);
  world_.at(world_.now() + 200, [this, heard] {
    for (const auto& packet : heard) world_.inject(packet.from.text(), packet.to.text(), packet.frame);
  });
}

void Mishaps::part_two(bool both_ways) {
  const MemberId a = some_machine().id(), b = some_machine().id();
  if (a == b) return;
  note(a.text(), both_ways ? "and " + b.text() + " are cut off from each other" : "does not reach " + b.text());
  world_.network().cut_one_way(a, b);
  if (both_ways) world_.network().cut_one_way(b, a);
  world_.at(later(3 * down_ms_max), [this, a, b] { world_.network().mend(a, b); });
}

void Mishaps::tamper() {
  const auto& log = world_.network().log;
  if (log.empty()) return;
  Packet packet = log[log.size() - 1 - roll(std::min<std::size_t>(log.size(), 400))];
  if (roll(4) == 0) packet.to = some_machine().id();
  if (roll(4) == 0) packet.from = some_machine().id();
  if (roll(2) == 0) packet.frame[roll(packet.frame.size())] ^= std::uint8_t(1u << roll(8));
  if (packet.from == packet.to) return;
  note("somebody", "brings an old frame to " + packet.to.text() + " as from " + packet.from.text());
  world_.inject(packet.from.text(), packet.to.text(), packet.frame);
}

// A member with genuine keys: an item of another owner, far too much, a word that nobody knows, two answers at once.
std::vector<Answer> Mishaps::hostile_answers(const Ask& ask) {
  Answer answer;
  answer.ask = ask.id;
  answer.status = PartStatus::answered;
  answer.answered_at = world_.now();
  answer.bundle = west_yorkshire()->ref();
  answer.basis = "public_task";
  Item item;
  SeededRandom random(dice_.next());
  item.record = RecordId::make(random);
  item.kind = "health_attendance";
  item.occurred = item.recorded = When::on({2026, 11, 8});
  item.received = world_.now();
  item.step = Step::content;
  item.headline = "Nobody wrote this";
  item.label.category = "health.sexual";
  item.label.sensitivity = 3;
  item.label.owner = *MemberId::parse("bradford-csc");
  answer.items = {item};
  switch (roll(5)) {
    case 0:
      return {};
    case 1:
      answer.markings = {"made_up"};
      return {answer};
    case 2:
      answer.pages = 5;
      answer.page = std::uint32_t(roll(5));
      return {answer, answer};
    case 3: {
      Answer other = answer;
      other.items.clear();
      other.status = PartStatus::not_known;
      return {answer, other};
    }
    default:
      answer.ask = AskId::make(random);
      return {answer};
  }
}

void Mishaps::heal() {
  note("everybody", "is well from here on");
  world_.network().set_faults({});
  world_.network().mend_all();
  for (const auto& agency : world_.agencies()) {
    Machine& machine = world_.machine(agency);
    machine.step_clock(0);
    machine.thaw();
    machine.ledger_disk().mend();
    machine.keys_disk().mend();
    // Whoever could not write answers nothing until it is started again.
    if (machine.is_up() && machine.store().read_only()) machine.crash();
    if (!machine.is_up()) machine.start(world_.papers());
  }
  // What was to happen later has nothing to happen to any more.
  world_.clear_agenda();
}

}  // namespace ginnel::sim
