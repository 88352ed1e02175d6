// SPDX-License-Identifier: Apache-2.0
// A child's process in the node of bradford-csc, and what its people do with it; for scenarios.
#pragma once

#include <gtest/gtest.h>

#include <set>

#include "federation/record/match.h"
#include "node/store/codec.h"
#include "tests/sim/world.h"

namespace ginnel::sim {

class ProcessActs {
 protected:
  ProcessActs(std::uint64_t seed, World& (World::*agencies)()) : t(seed) {
    (t.*agencies)();
    for (const auto& holding : holdings_of(Story::moved_twice)) t.with(holding);  // nobody signs a test head for her
    const auto keys = find_keys(person_from(identity_of(Story::moved_twice)));
    const auto found = machine().store().snapshot().value()->find_people(keys);
    EXPECT_TRUE(found && found->size() == 1);
    child_ = found->front();
  }

  template <class T, class Start>
  Expected<T> result(Start start) {
    std::optional<Expected<T>> out;
    start([&](Expected<T> got) { out = std::move(got); });
    EXPECT_TRUE(t.run_until([&] { return out.has_value(); }, 10s));
    return out ? std::move(*out) : fail("none", "no answer");
  }
  ProcessId begin() {
    auto id = result<ProcessId>([&](auto done) {
      node().begin_process(token("m.manager"), {"child-protection", child_, {}}, done);
    });
    EXPECT_TRUE(id) << id.error().text();
    return id.value_or(ProcessId());
  }
  void give(const ProcessId& id, std::uint32_t step, const std::vector<std::string>& names,
            const std::string& member = "") {
    for (const auto& name : names) {
      NewContribution wish{id, step, name, "", {}, member, ""};
      if (name == "held" || name == "child-seen") wish.at = When::at_instant(t.now());
      auto given = result<bool>([&](auto done) { node().contribute_to_process(token("s.worker"), wish, done); });
      EXPECT_TRUE(given) << name << ": " << given.error().text();
    }
  }
  void close(const ProcessId& id, std::uint32_t step, const std::string& outcome) {
    auto closed = result<bool>([&](auto done) {
      node().close_process_step(token("m.manager"), {id, step, outcome, "as discussed", {}}, done);
    });
    EXPECT_TRUE(closed) << outcome << ": " << closed.error().text();
  }
  void to_strategy(const ProcessId& id) {
    give(id, 1, {"referral-source", "why", "legal-basis"});
    close(id, 1, "referral");
    give(id, 2, {"source-code", "need-code", "referrer-told", "manager-agreed"});
    close(id, 2, "strategy");
  }
  void to_s47(const ProcessId& id) {
    to_strategy(id);
    give(id, 4, {"attendance", "held", "shared", "decision", "interim-safety", "actions"});
    give(id, 4, {"attendance"}, "wy-police");
    give(id, 4, {"attendance"}, "bradford-health");
    close(id, 4, "s47");
  }
  void to_plan(const ProcessId& process) {
    to_s47(process);
    give(process, 5, {"child-seen", "seen-alone", "enquiries", "manager-agreed"});
    close(process, 5, "continuing-risk");
    give(process, 6, {"attendance", "held", "reports", "decision", "category", "earlier-plans", "core-group-members"});
    NewContribution review{process, 6, "review-date", "", When::on(Date::from_days(london_date(t.now()).days() + 60)),
                           "",      ""};
    EXPECT_TRUE(result<bool>([&](auto done) { node().contribute_to_process(token("s.worker"), review, done); }));
    give(process, 6, {"attendance"}, "wy-police");
    give(process, 6, {"attendance"}, "bradford-health");
    close(process, 6, "plan");
  }
  void to_the_end(const ProcessId& id) {
    give(id, 5, {"child-seen", "seen-alone", "enquiries", "manager-agreed"});
    close(id, 5, "unsubstantiated");
    give(id, 6, {"closure-code", "manager-signed-off"});
    close(id, 6, "case-closed");
  }
  // Everybody who knows her is asked before there is a process; then it comes to a strategy discussion, step 4.
  ProcessId invite() {
    ask();
    const ProcessId process = begin();
    to_strategy(process);
    t.run_for(1min);
    return process;
  }
  View ask() { return t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"}); }

  // Of the ledger, each as often as it stands there.
  std::multiset<std::string> alerts(const ProcessId& id) {
    std::multiset<std::string> out;
    auto snapshot = machine().store().snapshot().value();
    const auto sequences = snapshot->process_entries(id).value();
    for (const auto sequence : sequences) {
      const auto entry = decode_process_entry(snapshot->entry(sequence).value().body).value();
      if (const auto* alert = std::get_if<AlertRaised>(&entry.record.what)) out.insert(alert->key);
    }
    return out;
  }
  void leap(std::int64_t ms) {
    t.clock().advance_to(t.now() + ms);
    t.run_for(10s);
  }
  void restart() {
    t.node("bradford-csc").crash();
    t.node("bradford-csc").restart();
    t.run_for(10s);
  }
  Machine& machine() { return t.machine("bradford-csc"); }
  Node& node() { return machine().node(); }
  const std::string& token(const std::string& user) { return machine().token(user); }

  World t;
  PersonRef child_;
};

class ProcessScenario : public testing::Test, protected ProcessActs {
 protected:
  ProcessScenario() : ProcessActs(seed(), &World::ten_agencies) {}
};

}  // namespace ginnel::sim
