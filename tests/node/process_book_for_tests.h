// SPDX-License-Identifier: Apache-2.0
// A book of processes over a store in memory, and what people do in it.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <set>

#include "node/process/process_book.h"
#include "tests/node/gate_for_tests.h"
#include "tests/node/permit_for_tests.h"
#include "tests/node/process_rules_for_tests.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {

class ProcessBookTest : public testing::Test {
 protected:
  static inline const MemberId bradford = *MemberId::parse("bradford-csc");

  ProcessBookTest() {
    child_ = store_.add(aisha());
    restart();
  }
  // As a node that starts: nothing is known but what stands in the ledger.
  void restart(std::shared_ptr<const ProcessRules> rules = child_protection_rules()) {
    tasks_ = std::make_unique<Tasks>(west_yorkshire()->vocabulary, random_);
    book_ = std::make_unique<ProcessBook>(
        ProcessBook::Parts{std::move(rules), bradford, west_yorkshire()->vocabulary, *tasks_, random_, "01632 960001"});
    tasks_->start(*store_.snapshot());
    book_->start(*store_.snapshot(), now_);
  }

  Session who(const std::string& role) {
    Session& session = sessions_[role];
    if (session.user.empty()) session.user = UserId::make(random_);
    session.role = role;
    return session;
  }
  // What the act gives, or "code: why"; what it wrote is committed in any case, as a node's turn is.
  template <class Do>
  std::string in_turn(Do act) {
    auto turn = store_.begin(now_);
    auto done = act(*turn);
    EXPECT_FALSE(book_->failure());
    EXPECT_TRUE(turn->commit());
    return done ? std::string() : done.error().code + ": " + done.error().why;
  }
  ProcessId begin(const PersonRef& person) {
    ProcessId id;
    EXPECT_EQ(in_turn([&](Turn& turn) {
                auto begun = book_->begin(who("triage"), {"child-protection", person, {}}, turn);
                if (begun) id = *begun;
                return begun;
              }),
              "");
    return id;
  }
  std::string give(const ProcessId& id, std::uint32_t step, const std::vector<std::string>& names,
                   const std::string& member = "", const std::string& agency = "") {
    std::string out;
    for (const auto& name : names)
      out += in_turn([&](Turn& turn) {
        NewContribution wish{id, step, name, "", {}, member, agency};
        const bool has_date = name == "held" || name == "child-seen" || name == "received";
        if (has_date) wish.at = When::at_instant(now_);
        return book_->contribute(who("practitioner"), wish, turn);
      });
    return out;
  }
  std::string close(const ProcessId& id, std::uint32_t step, const std::string& outcome,
                    const std::string& role = "manager", const std::string& reason = "as discussed") {
    return in_turn([&](Turn& turn) { return book_->close(who(role), {id, step, outcome, reason, {}}, turn); });
  }
  void tick() {
    in_turn([&](Turn& turn) { return book_->tick(turn); });
  }
  void tick_at(Instant now) {
    now_ = now;
    tick();
  }

  // From the contact, through the referral and the strategy discussion (steps 1, 2, 4), to the enquiry (step 5).
  void to_s47(const ProcessId& id) {
    EXPECT_EQ(give(id, 1, {"referral-source", "why", "legal-basis"}), "");
    EXPECT_EQ(close(id, 1, "referral"), "");
    EXPECT_EQ(give(id, 2, {"source-code", "need-code", "referrer-told", "manager-agreed"}), "");
    EXPECT_EQ(close(id, 2, "strategy"), "");
    EXPECT_EQ(give(id, 4, {"attendance", "held", "shared", "decision", "interim-safety", "actions"}), "");
    EXPECT_EQ(give(id, 4, {"attendance"}, "wy-police", "police"), "");
    EXPECT_EQ(give(id, 4, {"attendance"}, "bradford-hospital", "health"), "");
    EXPECT_EQ(close(id, 4, "s47"), "");
  }
  void to_the_end(const ProcessId& id) {
    EXPECT_EQ(give(id, 5, {"child-seen", "seen-alone", "enquiries", "manager-agreed"}), "");
    EXPECT_EQ(close(id, 5, "unsubstantiated"), "");
    EXPECT_EQ(give(id, 6, {"closure-code", "manager-signed-off"}), "");
    EXPECT_EQ(close(id, 6, "case-closed"), "");
  }

  // Of the child, as they stand in the store.
  std::vector<Record> records() {
    std::vector<Record> out;
    auto snapshot = store_.snapshot();
    const auto labels = snapshot->labels(child_).value();
    for (const auto& label : labels)
      out.push_back(snapshot->read(PermitForTests::make(label.id, Step::content)).value());
    return out;
  }
  KeptProcess kept(const ProcessId& id) { return book_->find(id, *store_.snapshot()).value(); }
  std::vector<ProcessEntry> entries(const ProcessId& id) {
    auto snapshot = store_.snapshot();
    std::vector<ProcessEntry> out;
    const auto sequences = snapshot->process_entries(id).value();
    for (const auto sequence : sequences)
      out.push_back(decode_process_entry(snapshot->entry(sequence).value().body).value());
    return out;
  }
  // Keys of the alerts in the ledger, each as often as it stands there.
  std::multiset<std::string> alerts(const ProcessId& id) {
    std::multiset<std::string> out;
    for (const auto& entry : entries(id))
      if (const auto* alert = std::get_if<AlertRaised>(&entry.record.what)) out.insert(alert->key);
    return out;
  }
  // Tasks of the kind that are active, by what they are called, with the role that has each.
  std::multimap<std::string, std::string> tasks(const std::string& kind) {
    auto snapshot = store_.snapshot();
    std::multimap<std::string, std::string> out;
    const auto active = Tasks::read(snapshot->active_tasks().value(), *snapshot).value();
    for (const auto& task : active)
      if (task.kind == kind) out.emplace(task.title, task.holders.front().role);
    return out;
  }
  // By when the first step must have ended.
  Instant contact_due(const ProcessId& id) {
    const KeptProcess one = kept(id);
    return book_->engine_of(one.process)->overview(one.process, now_).front().clocks.front().deadline.due;
  }
  std::optional<std::set<std::string>> proves(const PersonRef& person) {
    std::optional<std::set<std::string>> out;
    in_turn([&](Turn& turn) {
      auto proved = book_->proved_for(person, turn);
      if (proved && *proved) out = (*proved)->facts.proves;
      return proved;
    });
    return out;
  }

  StoreForTests store_;
  SeededRandom random_{9};
  Instant now_ = noon;  // Mon 23 Nov 2026
  std::map<std::string, Session> sessions_;
  PersonRef child_;
  std::unique_ptr<Tasks> tasks_;
  std::unique_ptr<ProcessBook> book_;
  const std::set<std::string> child_protection{"child_protection"};
};

}  // namespace ginnel
