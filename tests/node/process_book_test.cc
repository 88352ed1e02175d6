// SPDX-License-Identifier: Apache-2.0
#include "node/process/process_book.h"

#include <iterator>

#include "node/process/process_heads.h"
#include "node/process/test_head_issuer.h"
#include "node/store/memory_kv.h"
#include "node/store/rebuild.h"
#include "tests/federation/members.h"
#include "tests/node/process_book_for_tests.h"

namespace ginnel {
namespace {

// Beside the shipped definition one that came into effect this month and gives the contact three working days.
std::shared_ptr<const ProcessRules> with_second_version() {
  std::string text = content_of(source_tree() / "config-examples/processes/child-protection.toml");
  const auto instead = [&](const std::string& old, const std::string& words) {
    const auto at = text.find(old);
    CHECK(at != std::string::npos);
    text.replace(at, old.size(), words);
  };
  instead("version = 1", "version = 2");
  instead("effective_from = 2023-12-15", "effective_from = 2026-11-01");
  instead("the same day as contact.received or contact.opened", "3 working days after contact.opened");
  auto second = Definition::parse(text + "\n[[migrate]]\nfrom = 1\n", "second.toml");
  CHECK(second);
  ProcessRules out = *child_protection_rules();
  CHECK(out.definitions.add(std::move(*second)));
  return std::make_shared<const ProcessRules>(std::move(out));
}

// --- kept and found again

TEST_F(ProcessBookTest, a_restart_has_the_same_processes) {
  const ProcessId id = begin(child_);
  to_s47(id);
  tick_at(now_ + 3 * day_ms);
  const KeptProcess before = kept(id);
  const auto next = book_->next_tick();
  restart();
  EXPECT_EQ(book_->running(), 1u);
  EXPECT_EQ(book_->problem(), "");
  EXPECT_EQ(book_->next_tick(), next);
  const KeptProcess after = kept(id);
  EXPECT_EQ(after.person, child_);
  EXPECT_EQ(after.process.states(), before.process.states());
  EXPECT_EQ(after.process.steps().size(), before.process.steps().size());
  EXPECT_EQ(after.process.alerts(), before.process.alerts());
  EXPECT_EQ(after.process.contributors(), before.process.contributors());
  ASSERT_FALSE(before.process.alerts().empty());
}

TEST_F(ProcessBookTest, what_has_ended_is_read_and_does_not_run) {
  const ProcessId id = begin(child_);
  to_s47(id);
  to_the_end(id);
  EXPECT_EQ(book_->running(), 0u);
  EXPECT_TRUE(kept(id).process.has_ended());
  restart();
  EXPECT_EQ(book_->running(), 0u);
  EXPECT_TRUE(kept(id).process.has_ended());
  EXPECT_EQ(book_->next_tick(), std::nullopt);
  EXPECT_EQ(close(id, 6, "case-closed").substr(0, 13), "step-not-open");
}

TEST_F(ProcessBookTest, a_turn_that_is_lost_loses_nothing_that_was_kept) {
  const ProcessId id = begin(child_);
  EXPECT_EQ(give(id, 1, {"referral-source", "why", "legal-basis"}), "");
  const auto before = entries(id);
  {
    auto turn = store_.begin(now_);
    EXPECT_TRUE(book_->close(who("triage"), {id, 1, "referral", "", {}}, *turn));
    EXPECT_EQ(kept(id).process.steps().size(), 2u);
    EXPECT_TRUE(book_->begin(who("triage"), {"child-protection", child_, {}}, *turn));
    EXPECT_EQ(book_->running(), 2u);
  }  // never committed
  book_->clear();
  tasks_->clear();
  tick();
  EXPECT_EQ(kept(id).process.steps().size(), 1u) << "it is as the ledger has it";
  EXPECT_EQ(book_->running(), 1u) << "what began in that turn never did";
  EXPECT_EQ(entries(id), before);
  EXPECT_EQ(close(id, 1, "referral"), "");
  EXPECT_EQ(tasks("process_step").size(), 1u);
}

TEST_F(ProcessBookTest, an_act_needs_no_tick_before_it) {
  const ProcessId id = begin(child_);
  book_->clear();
  EXPECT_EQ(give(id, 1, {"why"}), "");
  EXPECT_TRUE(kept(id).process.find(1)->has("why"));
}

TEST_F(ProcessBookTest, a_rebuilt_store_finds_the_same_and_an_erased_person_takes_theirs_along) {
  const PersonRef other = store_.add(ben());
  const ProcessId id = begin(child_), of_other = begin(other), ended = begin(child_);
  to_s47(ended);
  to_the_end(ended);
  EXPECT_EQ(store_.snapshot()->open_processes().value().size(), 2u);
  EXPECT_EQ(store_.snapshot()->processes_of(child_).value().size(), 2u);
  auto turn = store_.begin(now_);
  const auto keys = turn->bury(child_, "asked for", ActorId());
  ASSERT_TRUE(keys && turn->commit());
  turn.reset();
  // Still in memory, and nobody's any more.
  EXPECT_EQ(book_->find(id, *store_.snapshot()).error().code, "not-found");
  EXPECT_EQ(give(id, 1, {"why"}).substr(0, 9), "not-found");
  ASSERT_TRUE(store_->destroy_keys(*keys));
  tick_at(now_ + 2 * day_ms);
  EXPECT_EQ(book_->running(), 1u) << "it is let go when something is due in it";
  EXPECT_EQ(book_->find(ended, *store_.snapshot()).error().code, "not-found");
  EXPECT_EQ(store_.snapshot()->open_processes().value(), std::vector{of_other});
  MemoryKv scratch;
  auto report = Rebuild(*store_, scratch).run();
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_TRUE(report->equal());
  restart();
  EXPECT_EQ(book_->running(), 1u);
}

// --- alerts

TEST_F(ProcessBookTest, raises_each_alert_once_whatever_stops_and_the_clock_do) {
  const ProcessId id = begin(child_);
  const auto begun = alerts(id).size();
  tick_at(now_ + 9 * hour_ms);
  const std::size_t in_the_evening = alerts(id).size();
  EXPECT_GT(in_the_evening, begun) << "the day is nearly over";
  tick_at(now_ + 4 * hour_ms);
  const auto told = alerts(id);
  EXPECT_GT(told.size(), in_the_evening);
  const auto tasks_of_it = tasks("process_alert");
  EXPECT_FALSE(tasks_of_it.empty());
  for (int round = 0; round < 3; ++round) {
    book_->clock_went_back(now_ + -20 * hour_ms);
    tick_at(now_ + -20 * hour_ms);
    restart();
    tick();
    tick_at(now_ + 10 * hour_ms);
    restart();
    tick_at(now_ + 10 * hour_ms);
  }
  EXPECT_EQ(alerts(id), told);
  EXPECT_EQ(tasks("process_alert"), tasks_of_it);
  for (const auto& key : told) EXPECT_EQ(told.count(key), 1u) << key;
}

TEST_F(ProcessBookTest, the_same_tick_again_writes_nothing) {
  const ProcessId id = begin(child_);
  tick_at(now_ + 2 * day_ms);
  const std::size_t entries_before = entries(id).size();
  const auto size = store_->tree_head().size;
  tick();
  tick_at(now_ + 1);
  EXPECT_EQ(entries(id).size(), entries_before);
  EXPECT_EQ(store_->tree_head().size, size);
}

TEST_F(ProcessBookTest, tells_an_alert_to_the_users_who_stand_for_its_roles) {
  const ProcessId id = begin(child_);
  tick_at(now_ + 2 * day_ms);
  std::set<std::string> roles;
  for (const auto& [title, role] : tasks("process_alert"))
    if (title == "An alert of a process: Contact: its time has run out") roles.insert(role);
  // Its lead, the deputy and the manager, at noon of a working day.
  EXPECT_EQ(roles, (std::set<std::string>{"triage", "safeguarding_lead", "manager"}));
  EXPECT_TRUE(kept(id).process.find(1)->is_open) << "and nothing is locked";
}

TEST_F(ProcessBookTest, an_alert_is_acknowledged_by_name_and_a_reason_closes_what_asked_for_it) {
  const ProcessId id = begin(child_);
  tick_at(now_ + 2 * day_ms);
  ASSERT_EQ(tasks("process_late_reason").size(), 1u);
  EXPECT_EQ(in_turn([&](Turn& turn) {
              return book_->give_reason(who("triage"), {id, 1, "clock", "nobody was on duty"}, turn);
            }),
            "");
  EXPECT_TRUE(tasks("process_late_reason").empty());
  const std::string alert = kept(id).process.alerts().begin()->first;
  const auto before = tasks("process_alert").size();
  EXPECT_EQ(in_turn([&](Turn& turn) { return book_->acknowledge(who("manager"), id, alert, turn); }), "");
  EXPECT_LT(tasks("process_alert").size(), before);
  EXPECT_TRUE(kept(id).process.is_acknowledged(alert));
  const auto by = std::get<AlertAcknowledged>(entries(id).back().record.what).by;
  EXPECT_EQ(by.worker, who("manager").user.hex());
  EXPECT_EQ(by.role, "manager");
}

// --- who and what

TEST_F(ProcessBookTest, tells_everything_that_is_missing_at_once_and_changes_nothing) {
  const ProcessId id = begin(child_);
  const auto size = store_->tree_head().size;
  const std::string why = close(id, 1, "referral");
  for (const char* part : {"step-not-ready", "`referral-source`", "`why`", "`legal-basis`"})
    EXPECT_NE(why.find(part), std::string::npos) << why;
  EXPECT_EQ(store_->tree_head().size, size);
}

TEST_F(ProcessBookTest, a_step_is_a_task_of_those_who_lead_it_until_it_ends) {
  const ProcessId id = begin(child_);
  using Held = std::multimap<std::string, std::string>;
  EXPECT_EQ(tasks("process_step"), (Held{{"A step of a process: Contact", "triage"}}));
  EXPECT_EQ(give(id, 1, {"referral-source", "why", "legal-basis"}), "");
  EXPECT_EQ(close(id, 1, "referral", "triage"), "");
  EXPECT_EQ(tasks("process_step"), (Held{{"A step of a process: Referral decision", "practitioner"}}));
}

TEST_F(ProcessBookTest, a_step_is_ended_by_those_who_lead_it_and_by_their_manager) {
  const ProcessId id = begin(child_);
  EXPECT_EQ(give(id, 1, {"referral-source", "why", "legal-basis"}), "");
  EXPECT_EQ(close(id, 1, "referral", "practitioner").substr(0, 12), "not-the-lead");
  EXPECT_EQ(close(id, 1, "referral", "clinician").substr(0, 12), "not-the-lead");
  EXPECT_EQ(close(id, 1, "referral", "triage"), "");
}

TEST_F(ProcessBookTest, there_is_one_open_enquiry_over_all_processes_of_a_child_however_it_is_called) {
  const ProcessId first = begin(child_);
  to_s47(first);
  const PersonRef twin = store_.add(ben());
  const ProcessId second = begin(twin);
  EXPECT_EQ(give(second, 1, {"referral-source", "why", "legal-basis"}), "");
  EXPECT_EQ(close(second, 1, "referral"), "");
  EXPECT_EQ(give(second, 2, {"source-code", "need-code", "referrer-told", "manager-agreed"}), "");
  Merge merge;
  merge.one = child_;
  merge.other = twin;
  merge.made_by = "person";
  EXPECT_EQ(in_turn([&](Turn& turn) { return turn.merge(merge, ActorId()); }), "");
  const std::string why = close(second, 2, "strategy");
  EXPECT_EQ(why.substr(0, 12), "step-not-now") << why;
  EXPECT_EQ(proves(twin), child_protection) << "and what one proves is proved for both";
}

TEST_F(ProcessBookTest, stands_still_without_its_definition_and_says_so) {
  const ProcessId id = begin(child_);
  restart(nullptr);
  EXPECT_EQ(book_->running(), 1u);
  EXPECT_NE(book_->problem().find("child-protection/west-yorkshire/1"), std::string::npos) << book_->problem();
  EXPECT_EQ(give(id, 1, {"why"}).substr(0, 13), "no-definition");
  tick_at(now_ + 2 * day_ms);
  EXPECT_TRUE(alerts(id).empty());
  EXPECT_EQ(in_turn([&](Turn& turn) {
              return book_->begin(who("triage"), {"child-protection", child_, {}}, turn);
            }).substr(0, 13),
            "no-definition");
}

// --- versions

TEST_F(ProcessBookTest, keeps_its_version_until_the_manager_moves_it_to_the_one_in_effect) {
  const ProcessId id = begin(child_);
  const std::string first = kept(id).process.definition().text(), second = "child-protection/west-yorkshire/2";
  const auto move = [&](const std::string& role, const std::string& to) {
    return in_turn([&](Turn& turn) { return book_->migrate(who(role), id, to, turn); });
  };
  EXPECT_EQ(move("manager", first).substr(0, 14), "cannot-migrate") << "there is no other";
  EXPECT_NE(move("manager", second).find("in effect today is `" + first + "`"), std::string::npos);
  const Instant was_due = contact_due(id);
  restart(with_second_version());
  EXPECT_EQ(kept(id).process.definition().text(), first) << "a restart with a new version moves nothing";
  EXPECT_EQ(contact_due(id), was_due);
  EXPECT_EQ(move("practitioner", second).substr(0, 12), "not-the-lead");
  EXPECT_NE(move("manager", first).find("`" + second + "`"), std::string::npos) << "to what is in effect alone";
  EXPECT_EQ(kept(id).process.definition().text(), first);
  EXPECT_EQ(move("manager", second), "");
  EXPECT_EQ(kept(id).process.definition().text(), second);
  EXPECT_EQ(contact_due(id), was_due + 3 * day_ms) << "its clock is the new one's";
  EXPECT_EQ(give(id, 1, {"referral-source", "why", "legal-basis"}), "");
  EXPECT_EQ(close(id, 1, "referral", "triage"), "") << "and the work goes on";
  restart(with_second_version());
  EXPECT_EQ(kept(id).process.definition().text(), second);
  restart();
  EXPECT_NE(book_->problem().find(second), std::string::npos) << "without that version it stands still and says so";
}

// --- heads

TEST_F(ProcessBookTest, proves_a_purpose_from_the_strategy_discussion_until_the_enquiry_is_over) {
  const ProcessId id = begin(child_);
  EXPECT_EQ(proves(child_), std::nullopt);
  to_s47(id);
  EXPECT_EQ(proves(child_), child_protection);
  EXPECT_EQ(proves(store_.add(ben())), std::nullopt);
  restart();
  EXPECT_EQ(proves(child_), child_protection);
  to_the_end(id);
  EXPECT_EQ(proves(child_), std::nullopt);
}

TEST_F(ProcessBookTest, signs_heads_that_everybody_verifies_and_comes_before_the_test_issuer) {
  samples::Members members;
  const DirectoryBook directory = members.book();
  const auto key = [&] { return SealKey{members.keys("bradford-csc").signing, 1}; };
  TestHeadIssuer test_issuer(bradford, key, random_);
  ProcessHeads heads(*book_, bradford, key, random_, &test_issuer);
  const Identity child{"9990000018", "Aisha", "Tester", {2016, 3, 14}, ""};
  const auto issued = [&] {
    std::optional<IssuedHead> out;
    in_turn([&](Turn& turn) {
      auto made = heads.issue(child_, child, turn);
      if (made) out = *made;
      return made;
    });
    return out;
  };
  const auto state = [&] { return issued().value_or(IssuedHead()).head.state; };
  EXPECT_FALSE(issued());
  ProcessHead plan;
  plan.definition = "child-protection";
  plan.edition = "test";
  plan.state = "a demonstration's";
  plan.proves = {"child_protection"};
  in_turn([&](Turn& turn) { return test_issuer.open(child_, child, plan, turn); });
  EXPECT_EQ(state(), "a demonstration's");
  const ProcessId id = begin(child_);
  EXPECT_EQ(state(), "a demonstration's") << "a contact proves nothing";
  to_s47(id);
  EXPECT_NE(state().find("Section 47 enquiry"), std::string::npos);
  const auto first = issued(), second = issued();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->head.process, id);
  EXPECT_GE(second->head.number, first->head.number);
  const auto verified =
      verify_head(first->signed_head, directory, child, first->salt, "child_protection", now_ + minute_ms);
  ASSERT_TRUE(verified) << verified.error().text();
  EXPECT_EQ(verified->lead, bradford);
  EXPECT_EQ(verify_head(first->signed_head, directory, child, first->salt, "transfer", now_).error().code,
            "head-wrong-purpose");
  to_the_end(id);
  EXPECT_EQ(state(), "a demonstration's");
}

// --- what becomes a record

TEST_F(ProcessBookTest, what_ends_and_what_others_are_invited_to_is_a_record_of_the_lead) {
  const ProcessId id = begin(child_);
  to_s47(id);
  std::map<std::string, Record> by_headline;
  std::set<std::string> told;
  for (const Record& record : records()) {
    if (record.kind == overview_kind) {
      told.insert(record.label.addressed_to.text());
      continue;
    }
    EXPECT_TRUE(by_headline.emplace(record.headline, record).second) << record.headline << " is there twice";
    EXPECT_EQ(record.label.owner, bradford);
    EXPECT_EQ(record.source.system, "ginnel-process");
    EXPECT_EQ(record.author.contact, "01632 960001");
  }
  EXPECT_EQ(told, (std::set<std::string>{"bradford-hospital", "wy-police"}))
      << "who brought something reads how it stands";
  ASSERT_TRUE(by_headline.contains("Strategy discussion")) << "the others are to come";
  const Record& invitation = by_headline.at("Strategy discussion");
  EXPECT_EQ(invitation.kind, invitation_kind);
  EXPECT_EQ(invitation.label.category, "social-care.s47");
  const auto invites = invitation_of(invitation.kind, invitation.headline, invitation.fields);
  ASSERT_TRUE(invites);
  EXPECT_EQ(invites->at, (StepRef{id, 4}));
  EXPECT_EQ(invites->wanted, (std::vector<std::string>{"attendance", "apologies", "shared", "dissent"}));
  EXPECT_EQ(invites->invited, (std::vector<std::string>{"Children's social care", "Police", "Health", "Education"}));
  EXPECT_EQ(invites->due, now_ + 24 * hour_ms);
  EXPECT_FALSE(by_headline.contains("Contact: begun")) << "nobody is invited to it";
  ASSERT_TRUE(by_headline.contains("Strategy discussion: Section 47 enquiry"));
  const Record& ended = by_headline.at("Strategy discussion: Section 47 enquiry");
  EXPECT_EQ(ended.kind, "strategy_discussion");
  EXPECT_EQ(ended.label.category, "social-care.s47");
  EXPECT_EQ(ended.label.sensitivity, 2);
  EXPECT_EQ(ended.narrative, "as discussed");
  ASSERT_EQ(ended.fields.size(), 1u);
  EXPECT_EQ(ended.fields.front().value, "Health, Police, Children's social care");
  EXPECT_EQ(ended.subjects.front().person, child_);
  const std::size_t before = records().size();
  restart();
  tick_at(now_ + 40 * day_ms);
  EXPECT_EQ(records().size(), before) << "time records nothing";
}

}  // namespace
}  // namespace ginnel
