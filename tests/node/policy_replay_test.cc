// SPDX-License-Identifier: Apache-2.0
#include "node/gate/policy_replay.h"

#include "node/cli/policy_replay.h"
#include "node/gate/recorded.h"
#include "tests/node/gate_for_tests.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

constexpr const char* own_and_police =
    R"(@id("count") @title("Counted for everybody") permit (principal, action == Share::Action::"exists", resource);
@id("lines") @title("Lines for social care") @ask("the duty desk")
permit (principal, action == Share::Action::"headline", resource)
when { principal.kind == Share::AgencyKind::"social_care" };
@id("all") @title("All for who has the proof") permit (principal, action == Share::Action::"content", resource)
when { context.proven.contains(Share::Purpose::"child_protection") };
@id("refuge") @title("Protected address") @ask("the lead social worker")
forbid (principal, action, resource)
when { action != Share::Action::"exists" && context.markings.contains(Share::Marking::"protected_address") };
)";

std::string without(std::string policies, const std::string& id) {
  const auto at = policies.find("@id(\"" + id + "\")");
  EXPECT_NE(at, std::string::npos) << id;
  const auto end = policies.find(";\n", at);
  return policies.erase(at, end + 2 - at);
}

class PolicyReplay : public testing::Test {
 protected:
  PolicyReplay() : t_(bundle_of(own_and_police)) {}

  // A peer's ask about records.
  void ask(const Asking& asking, const std::vector<RecordLabel>& records, const std::set<std::string>& markings = {},
           Instant at = noon) {
    t_.ask_of_peer(asking, records, markings, at);
  }
  Replayed replay(const std::string& policies, const ReplayedDays& window = {}) {
    return replay_by(bundle_of(policies), window);
  }
  Replayed replay_by(std::shared_ptr<const Bundle> bundle, const ReplayedDays& window = {}) {
    auto replayed = replay_decisions(*t_.store, std::move(bundle), window);
    EXPECT_TRUE(replayed) << replayed.error().text();
    return replayed ? std::move(*replayed) : Replayed();
  }
  std::uint64_t newest() { return t_.store->tree_head().size - 1; }

  SeededRandom random_{99};
  GateForTests t_;
  const RecordLabel note_ = label_of("leeds-csc", "note", "social-care.note", 1);
};

Asking with_kind(Asking asking, const char* agency, const char* kind) {
  asking.agency = *MemberId::parse(agency);
  asking.agency_kind = kind;
  return asking;
}

TEST_F(PolicyReplay, by_the_same_policies_tells_no_difference_whatever_was_asked) {
  Asking first_line = asking_for("child_protection", true);
  first_line.highest = Step::headline;
  Asking some = asking_for();
  some.categories = {"police"};
  Asking glass = asking_for("immediate_danger");
  glass.break_glass = true;
  ask(asking_for(), {incident_label, note_});
  ask(asking_for("child_protection", true), {incident_label, note_});
  ask(asking_for("child_protection", true), {incident_label, note_}, {"protected_address"});
  ask(first_line, {incident_label});
  ask(some, {incident_label, note_});
  ask(glass, {incident_label});
  ask(with_kind(asking_for(), "wy-fire", "fire"), {incident_label});
  ask(asking_for(), {});
  const Replayed replayed = replay(own_and_police);
  EXPECT_EQ(replayed.decisions, 8u);
  EXPECT_EQ(replayed.records, 10u);  // of `some` the note was not asked for
  EXPECT_EQ(replayed.otherwise, 0u);
  EXPECT_TRUE(replayed.rows.empty()) << replay_json(replayed);
  EXPECT_EQ(replayed.by_other_rules, 0u);
  EXPECT_EQ(replayed.not_recorded + replayed.unreadable + replayed.erased, 0u);
}

TEST_F(PolicyReplay, without_one_policy_tells_exactly_the_asks_that_it_decided) {
  ask(asking_for(), {incident_label});
  ask(asking_for("child_protection", true), {incident_label, note_}, {"protected_address"});
  const auto refuge = newest();
  ask(with_kind(asking_for(), "wy-fire", "fire"), {incident_label});
  const Replayed replayed = replay(without(own_and_police, "refuge"));
  EXPECT_EQ(replayed.otherwise, 1u);
  EXPECT_EQ(replayed.records_otherwise, 2u);
  ASSERT_EQ(replayed.rows.size(), 1u) << replay_json(replayed);
  const ReplayRow& row = replayed.rows.front();
  EXPECT_EQ(row.then, "exists");
  EXPECT_EQ(row.now, "content");
  EXPECT_EQ(row.rules_then, std::vector<std::string>{"refuge"});
  EXPECT_EQ(row.reason_then, "Protected address");
  EXPECT_EQ(row.rules_now, (std::vector<std::string>{"all", "lines"}));
  EXPECT_EQ(row.entries, std::vector<std::uint64_t>{refuge});
  EXPECT_EQ(row.categories, (std::map<std::string, std::size_t>{{"police.incident", 1}, {"social-care.note", 1}}));
  EXPECT_EQ(row.elsewhere, std::set<std::string>{"protected_address"});
  ASSERT_EQ(row.askers.size(), 1u);
  EXPECT_EQ(row.askers.begin()->first.purpose, "child_protection");
}

TEST_F(PolicyReplay, what_is_no_longer_permitted_says_which_rule_came_nearest_and_whom_to_ring) {
  ask(asking_for("child_protection", true), {incident_label});
  const Replayed gone = replay(without(own_and_police, "all"));
  ASSERT_EQ(gone.rows.size(), 1u);
  EXPECT_EQ(gone.rows.front().then, "content");
  EXPECT_EQ(gone.rows.front().now, "headline");
  EXPECT_EQ(gone.rows.front().rules_then, std::vector<std::string>{"all"});
  EXPECT_TRUE(gone.rows.front().rules_now.empty());
  EXPECT_EQ(gone.rows.front().reason_now, "no rule permits it");
  EXPECT_EQ(gone.rows.front().ask_now, "the duty desk");

  const Replayed shut = replay(std::string(own_and_police) + R"(@id("shut") @title("Shut") @ask("nobody at night")
    forbid (principal, action == Share::Action::"content", resource);)");
  ASSERT_EQ(shut.rows.size(), 1u);
  EXPECT_EQ(shut.rows.front().rules_now, std::vector<std::string>{"shut"});
  EXPECT_EQ(shut.rows.front().reason_now, "Shut");
  EXPECT_EQ(shut.rows.front().ask_now, "nobody at night");

  std::string narrower = own_and_police;
  narrower.replace(narrower.find("\"social_care\" }"), 15, "\"police\" }");
  const Replayed near = replay(narrower);
  ASSERT_EQ(near.rows.size(), 1u);
  EXPECT_EQ(near.rows.front().nearest, "lines");
  EXPECT_NE(near.rows.front().wants.find("Police"), std::string::npos) << near.rows.front().wants;
}

TEST_F(PolicyReplay, the_same_told_by_another_rule_is_no_difference_but_counted) {
  ask(asking_for("child_protection", true), {incident_label});
  std::string renamed = own_and_police;
  renamed.replace(renamed.find("\"all\""), 5, "\"everything\"");
  const Replayed replayed = replay(renamed);
  EXPECT_EQ(replayed.otherwise, 0u);
  EXPECT_EQ(replayed.by_other_rules, 1u);
}

TEST_F(PolicyReplay, alike_differences_of_many_asks_are_one_row) {
  for (int i = 0; i < 7; ++i)
    ask(asking_for("child_protection", i % 2 == 0), {incident_label, note_}, {"protected_address"});
  ask(with_kind(asking_for(), "bradford-csc", "social_care"), {incident_label}, {"protected_address"});
  const Replayed replayed = replay(without(own_and_police, "refuge"));
  EXPECT_EQ(replayed.otherwise, 8u);
  EXPECT_EQ(replayed.records_otherwise, 15u);
  ASSERT_EQ(replayed.rows.size(), 2u);  // those who have the proof are told more
  EXPECT_EQ(replayed.rows[0].records, 8u);
  EXPECT_EQ(replayed.rows[0].decisions, 4u);
  EXPECT_EQ(replayed.rows[1].records, 7u);
  EXPECT_EQ(replayed.rows[1].askers.size(), 2u);
}

TEST_F(PolicyReplay, only_the_days_that_were_asked_for_count) {
  ask(asking_for(), {incident_label}, {}, noon);
  ask(asking_for(), {incident_label}, {}, noon + hour_ms);
  ask(asking_for(), {incident_label}, {}, noon + 2 * hour_ms);
  EXPECT_EQ(replay(own_and_police).decisions, 3u);
  EXPECT_EQ(replay(own_and_police, {noon + hour_ms, {}}).decisions, 2u);
  EXPECT_EQ(replay(own_and_police, {{}, noon + hour_ms}).decisions, 1u);
  EXPECT_EQ(replay(own_and_police, {noon + hour_ms, noon + 2 * hour_ms}).decisions, 1u);
  EXPECT_EQ(replay(own_and_police, {noon + 3 * hour_ms, {}}).decisions, 0u);
}

TEST_F(PolicyReplay, decisions_that_are_too_old_or_cannot_be_read_are_counted_and_never_guessed) {
  ask(asking_for(), {incident_label});
  auto turn = t_.store.begin(noon + hour_ms);
  Access old;
  old.peer = *MemberId::parse("leeds-csc");
  old.role = "practitioner";
  old.purpose = "first_contact";
  old.basis = "public_task";
  old.items = {{incident_label.id, Step::content, "police", {"all"}, {}, {}}};
  ASSERT_TRUE(turn->append(EntryKind::decided, ActorId(), turn->node_key(), old));
  ASSERT_TRUE(turn->commit());
  turn.reset();
  ask(asking_for(), {incident_label});
  Bytes key;
  put_u64(key, newest());
  Bytes damaged = (*t_.store.ledger().read())->get(Table::entries, key).value().value();
  damaged.back() ^= 1;
  put_row(t_.store.ledger(), Table::entries, key, damaged);
  const Replayed replayed = replay(without(own_and_police, "all"));
  EXPECT_EQ(replayed.decisions, 1u);
  EXPECT_EQ(replayed.otherwise, 0u);
  EXPECT_EQ(replayed.not_recorded, 1u);
  EXPECT_EQ(replayed.not_recorded_until, noon + hour_ms);
  EXPECT_EQ(replayed.unreadable, 1u);
  EXPECT_NE(replayed.unreadable_why.find("entry " + std::to_string(newest())), std::string::npos);
  std::ostringstream told;
  print_replay(told, replayed, t_.gate.bundle());
  EXPECT_NE(told.str().find("1 decision is too old to be made again: until 23 Nov 2026 13:00"), std::string::npos)
      << told.str();
  EXPECT_NE(told.str().find("1 entry of the ledger cannot be read"), std::string::npos) << told.str();
}

TEST_F(PolicyReplay, an_erased_decision_is_counted_as_erased) {
  auto turn = t_.store.begin();
  auto person = turn->put_person(version_of(aisha()), ActorId());
  DecisionFor recorded{ActorId(), turn->person_key(*person).value(), {}};
  recorded.access.person = *person;
  recorded.access.ask = AskId::make(random_);
  recorded.access.peer = *MemberId::parse("leeds-csc");
  ASSERT_TRUE(t_.gate.decide(asking_for(), std::vector{incident_label}, {}, recorded, *turn));
  ASSERT_TRUE(turn->commit());
  turn = t_.store.begin();
  const auto keys = turn->bury(*person, "asked for", ActorId());
  ASSERT_TRUE(keys && turn->commit());
  turn.reset();
  ASSERT_TRUE(t_.store->destroy_keys(*keys));
  const Replayed replayed = replay(own_and_police);
  EXPECT_EQ(replayed.erased, 1u);
  EXPECT_EQ(replayed.decisions, 0u);
}

TEST_F(PolicyReplay, what_the_record_says_today_does_not_count) {
  // Marked since: the decision was about the record as it was.
  RecordLabel marked = incident_label;
  marked.label.markings = {"intelligence"};
  ask(asking_for(), {incident_label});
  ask(asking_for(), {marked}, {"intelligence"});
  const Replayed replayed = replay(std::string(own_and_police) + R"(@id("intel") @title("Intelligence")
    forbid (principal, action, resource) when { resource.markings.contains(Share::Marking::"intelligence") };)");
  ASSERT_EQ(replayed.rows.size(), 1u);
  EXPECT_EQ(replayed.rows.front().entries, std::vector<std::uint64_t>{newest()});
  EXPECT_EQ(replayed.rows.front().markings, (std::map<std::string, std::size_t>{{"intelligence", 1}}));
}

TEST_F(PolicyReplay, an_ask_that_would_be_refused_as_a_whole_is_told_as_that) {
  Asking of_a_court = asking_for();
  of_a_court.basis = "court_order";
  ask(of_a_court, {incident_label});
  ask(of_a_court, {});
  BundleFolder folder(own_and_police);
  std::string words = content_of(folder.path() / "vocabulary.toml");
  const auto at = words.find("\"court_order\"");
  ASSERT_NE(at, std::string::npos);
  words.replace(at, 13, "\"other_order\"");
  write_text(folder.path() / "vocabulary.toml", words);
  const auto bundle = folder.read();
  ASSERT_TRUE(bundle) << bundle.error().text();
  const Replayed replayed = replay_by(*bundle);
  EXPECT_EQ(replayed.otherwise, 2u);
  ASSERT_EQ(replayed.rows.size(), 2u);
  EXPECT_EQ(replayed.rows[0].then, "headline");
  EXPECT_EQ(replayed.rows[0].now, "refused");
  EXPECT_EQ(replayed.rows[0].rules_now, std::vector<std::string>{"unknown-word"});
  EXPECT_EQ(replayed.rows[1].then, "decided");
  EXPECT_EQ(replayed.rows[1].records, 0u);
  // SECURITY: what a peer may have written is not told.
  EXPECT_EQ(replay_json(replayed).find("court_order"), std::string::npos);
}

TEST_F(PolicyReplay, says_it_for_people_without_a_name_or_an_id_of_anybody) {
  ask(asking_for("child_protection", true), {incident_label}, {"protected_address"});
  const Replayed replayed = replay(without(own_and_police, "refuge"));
  std::ostringstream told;
  print_replay(told, replayed, *bundle_of(without(own_and_police, "refuge")), &t_.gate.bundle());
  for (const char* line :
       {"1 past decision about 1 record, made again by test, version 7 sha256:",
        "0 tell the same, 1 would tell otherwise of 1 record",
        "exists -> content    1 record in 1 decision, 23 Nov 2026 12:00",
        "  asked by  leeds-csc, practitioner, for child_protection by public_task", "  about     police.incident",
        "  child     marked protected_address", "  then      refuge Protected address",
        "  now       all All for who has the proof; lines Lines for social care"})
    EXPECT_NE(told.str().find(line), std::string::npos) << line << "\n" << told.str();
  for (const std::string& hidden : {incident_label.id.hex(), asking_for().worker}) {
    EXPECT_EQ(told.str().find(hidden), std::string::npos);
    EXPECT_EQ(replay_json(replayed).find(hidden), std::string::npos);
  }
}

TEST_F(PolicyReplay, alike_labels_are_written_once_into_an_entry) {
  std::vector<RecordLabel> many;
  for (int i = 0; i < 50; ++i) many.push_back(label_of("wy-police", "incident", "police.incident", i % 2));
  for (const char* lead : {"leeds-csc", "bradford-csc", "leeds-csc"}) {
    many.push_back(label_of("wy-police", "incident", "police.incident", 0));
    many.back().label.addressed_to = *MemberId::parse(lead);
  }
  ask(asking_for(), many);
  const Access entry = t_.recorded();
  ASSERT_TRUE(entry.decided_by);
  EXPECT_EQ(entry.decided_by->labels.size(), 4u) << "two sensitivities, and two for whom one was written";
  for (std::size_t i = 0; i < many.size(); ++i) {
    const auto label = recorded_label(entry.items[i], entry);
    ASSERT_TRUE(label);
    EXPECT_EQ(label->label.sensitivity, many[i].label.sensitivity);
    EXPECT_EQ(label->label.addressed_to, many[i].label.addressed_to);
    EXPECT_EQ(label->id, many[i].id);
  }
}

class NewestReplayTest : public PolicyReplay {
 protected:
  Replayed newest_by(const std::string& policies, int* turns = nullptr) {
    NewestReplay newest(bundle_of(policies), *MemberId::parse("bradford-csc"));
    for (;;) {
      const auto snapshot = t_.store.snapshot();
      if (turns) ++*turns;
      auto more = newest.step(*snapshot);
      EXPECT_TRUE(more) << more.error().text();
      if (!more || !*more) return newest.take();
    }
  }
};

TEST_F(NewestReplayTest, tells_what_a_whole_replay_tells_where_nothing_was_hidden) {
  for (int i = 0; i < 3; ++i) ask(asking_for("child_protection", true), {incident_label, note_}, {"protected_address"});
  ask(asking_for(), {incident_label}, {}, noon + day_ms);
  const std::string other = without(without(own_and_police, "refuge"), "lines");
  const Replayed whole = replay(other), some = newest_by(other);
  EXPECT_FALSE(some.is_cut_short);
  EXPECT_EQ(some.decisions, whole.decisions);
  EXPECT_EQ(some.records, whole.records);
  EXPECT_EQ(some.otherwise, whole.otherwise);
  EXPECT_EQ(some.oldest, noon);
  ASSERT_EQ(some.rows.size(), whole.rows.size());
  for (std::size_t i = 0; i < some.rows.size(); ++i) {
    EXPECT_EQ(some.rows[i].then, whole.rows[i].then);
    EXPECT_EQ(some.rows[i].now, whole.rows[i].now);
    EXPECT_EQ(some.rows[i].entries, whole.rows[i].entries) << "oldest first, however they were read";
    EXPECT_TRUE(some.rows[i].markings.empty() && some.rows[i].elsewhere.empty());
  }
}

TEST_F(NewestReplayTest, a_record_that_was_hidden_counts_nowhere) {
  const std::string hides = std::string(own_and_police) +
                            "@id(\"hides\") @title(\"Adoption\") @conceal forbid (principal, action, resource)\n"
                            "when { resource.markings.contains(Share::Marking::\"adoption_sealed\") };\n";
  GateForTests hiding(bundle_of(hides));
  const auto sealed = label_of("leeds-csc", "note", "social-care.note", 1, {"adoption_sealed"});
  hiding.ask_of_peer(asking_for(), {sealed}, {"adoption_sealed"});
  hiding.ask_of_peer(asking_for(), {});
  NewestReplay newest(bundle_of(own_and_police), *MemberId::parse("bradford-csc"));
  ASSERT_FALSE(newest.step(*hiding.store.snapshot()).value());
  const Replayed told = newest.take();
  EXPECT_EQ(told.decisions, 2u) << "that somebody asked is no secret";
  EXPECT_EQ(told.records, 0u);
  EXPECT_EQ(told.otherwise, 0u);
  EXPECT_TRUE(told.rows.empty());
  const Replayed whole = replay_decisions(*hiding.store, bundle_of(own_and_police), {}).value();
  EXPECT_EQ(whole.otherwise, 1u) << "the operator's command has it";
}

TEST_F(NewestReplayTest, what_was_only_counted_stands_under_the_category_under_which_it_was) {
  const auto counted =
      without(own_and_police, "lines") + R"(@id("coarse") @title("Kept by the nurse") @shown_as("health")
    forbid (principal, action == Share::Action::"headline", resource in Share::Category::"health.sexual");)";
  GateForTests coarse(bundle_of(counted));
  const auto record = label_of("leeds-csc", "note", "health.sexual", 1);
  coarse.ask_of_peer(asking_for(), {record});
  NewestReplay newest(bundle_of(own_and_police), *MemberId::parse("bradford-csc"));
  ASSERT_FALSE(newest.step(*coarse.store.snapshot()).value());
  const Replayed told = newest.take();
  ASSERT_EQ(told.rows.size(), 1u);
  EXPECT_EQ(told.rows.front().categories, (std::map<std::string, std::size_t>{{"health", 1}}));
}

TEST_F(NewestReplayTest, takes_some_at_a_time_and_says_when_older_ones_are_left) {
  auto turn = t_.store.begin();
  for (std::size_t i = 0; i < limits::replay_newest_decisions_max + 5; ++i) {
    DecisionFor recorded;
    recorded.key = turn->node_key();
    recorded.access.ask = AskId::make(random_);
    recorded.access.peer = *MemberId::parse("leeds-csc");
    if (i % 200 == 199) {
      ASSERT_TRUE(turn->commit());
      turn = t_.store.begin();
      recorded.key = turn->node_key();
    }
    ASSERT_TRUE(t_.gate.decide(asking_for(), std::vector{incident_label, note_}, {}, recorded, *turn));
  }
  ASSERT_TRUE(turn->commit());
  turn.reset();
  int turns = 0;
  const Replayed some = newest_by(own_and_police, &turns);
  EXPECT_EQ(some.decisions, limits::replay_newest_decisions_max);
  EXPECT_TRUE(some.is_cut_short);
  EXPECT_GE(turns, int(2 * limits::replay_newest_decisions_max / limits::replay_labels_per_turn))
      << "each turn does a little, for others wait";
}

}  // namespace
}  // namespace ginnel
