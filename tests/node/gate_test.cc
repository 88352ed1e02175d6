// SPDX-License-Identifier: Apache-2.0
#include "node/gate/gate.h"

#include "tests/node/gate_for_tests.h"

namespace ginnel {
namespace {

constexpr const char* permit_all =
    R"(@id("yes") @title("Everybody") @ask("whoever permitted it") permit (principal, action, resource);)";

std::string with_permit(const std::string& policies) { return std::string(permit_all) + "\n" + policies; }

// --- denial by default, and by error

TEST(Gate, nothing_permitted_is_nothing_told) {
  GateForTests t(bundle_of(R"(@id("a") @title("A") permit (principal, action, resource) when { false };)"));
  const Verdict verdict = t.decide(asking_for(), incident_label);
  EXPECT_EQ(verdict.step, Step::none);
  EXPECT_FALSE(verdict.permit);
}

TEST(Gate, a_forbid_goes_over_every_permit) {
  GateForTests t(
      bundle_of(with_permit(R"(@id("no") @title("No") @ask("the desk") forbid (principal, action, resource);)")));
  const Verdict verdict = t.decide(asking_for(), incident_label);
  EXPECT_EQ(verdict.step, Step::exists);
  EXPECT_FALSE(verdict.permit);
  EXPECT_EQ(verdict.reason, "No");
  EXPECT_EQ(verdict.ask, "the desk");
  EXPECT_EQ(verdict.policies, std::vector<std::string>{"no"});
}

// What the schema cannot rule out: a sum that is too large, an attribute of somebody who is not there.
TEST(Gate, a_forbid_that_errs_denies_and_says_so) {
  for (const char* condition : {"9223372036854775807 + resource.sensitivity > 0",
                                R"(Share::Worker::"nobody".role == Share::Role::"manager")"}) {
    GateForTests t(bundle_of(with_permit(
        std::string(R"(@id("no") @title("No") forbid (principal, action, resource) when { )") + condition + " };")));
    const Verdict verdict = t.decide(asking_for(), incident_label);
    EXPECT_EQ(verdict.step, Step::exists) << condition;
    EXPECT_FALSE(verdict.permit) << condition;
    EXPECT_EQ(verdict.reason, "No (the rule could not be decided)") << condition;
    EXPECT_EQ(verdict.policies, (std::vector<std::string>{"no", "yes"})) << condition;
  }
}

TEST(Gate, a_permit_that_errs_permits_nothing) {
  GateForTests t(bundle_of(R"(@id("a") @title("A") permit (principal, action, resource)
    when { 9223372036854775807 + resource.sensitivity > 0 };)"));
  EXPECT_EQ(t.decide(asking_for(), incident_label).step, Step::none);
}

// --- concealing and coarsening

TEST(Gate, conceal_leaves_no_trace_whatever_else_is_permitted_or_forbidden) {
  GateForTests t(bundle_of(with_permit(R"(
    @id("hide") @title("Hidden") @conceal forbid (principal, action, resource);
    @id("no") @title("No") @ask("the desk") forbid (principal, action, resource);)")));
  const Verdict verdict = t.decide(asking_for(), incident_label);
  EXPECT_EQ(verdict.step, Step::none);
  EXPECT_FALSE(verdict.permit);
  EXPECT_TRUE(verdict.reason.empty());
  EXPECT_TRUE(verdict.ask.empty());
}

TEST(Gate, conceal_holds_where_it_forbids_a_higher_step_only) {
  GateForTests t(bundle_of(with_permit(
      R"(@id("hide") @title("Hidden") @conceal forbid (principal, action == Share::Action::"content", resource);)")));
  EXPECT_EQ(t.decide(asking_for(), incident_label).step, Step::none);
}

TEST(Gate, a_concealing_forbid_that_errs_conceals) {
  GateForTests t(bundle_of(with_permit(
      R"(@id("hide") @title("Hidden") @conceal forbid (principal, action, resource)
        when { 9223372036854775807 + resource.sensitivity > 0 };)")));
  EXPECT_EQ(t.decide(asking_for(), incident_label).step, Step::none);
}

TEST(Gate, shown_as_coarsens_what_is_counted) {
  GateForTests t(
      bundle_of(with_permit(R"(@id("no") @title("No") @shown_as("health") forbid (principal, action, resource);)")));
  EXPECT_EQ(t.decide(asking_for(), incident_label).shown_as, "health");
}

TEST(Gate, without_shown_as_the_root_of_the_category_is_counted) {
  GateForTests t(bundle_of(with_permit(R"(@id("no") @title("No") forbid (principal, action, resource);)")));
  EXPECT_EQ(t.decide(asking_for(), incident_label).shown_as, "police");
}

// --- the ladder

TEST(Gate, the_ladder_ends_at_the_first_step_that_is_not_given) {
  GateForTests t(bundle_of(R"(
    @id("a") @title("A") permit (principal, action == Share::Action::"exists", resource);
    @id("c") @title("C") permit (principal, action == Share::Action::"content", resource);)"));
  const Verdict verdict = t.decide(asking_for(), incident_label);
  EXPECT_EQ(verdict.step, Step::exists);
  EXPECT_EQ(verdict.reason, "A");
  EXPECT_FALSE(verdict.permit);
}

TEST(Gate, a_permit_names_its_record_and_its_step) {
  GateForTests t(bundle_of(permit_all));
  Asking asking = asking_for();
  for (Step highest : {Step::headline, Step::content, Step::copy_out}) {
    asking.highest = highest;
    const Verdict verdict = t.decide(asking, incident_label);
    ASSERT_TRUE(verdict.permit);
    EXPECT_EQ(verdict.permit->record(), incident_label.id);
    EXPECT_EQ(verdict.permit->step(), highest);
    EXPECT_TRUE(verdict.reason.empty());
  }
  asking.highest = Step::exists;
  EXPECT_FALSE(t.decide(asking, incident_label).permit);
}

// --- many records at once

TEST(Gate, records_with_the_same_label_are_decided_alike_and_each_has_a_permit_of_its_own) {
  GateForTests t(bundle_of(permit_all));
  RecordLabel another = incident_label;
  another.id = label_of("wy-police", "incident", "police.incident", 2).id;
  const auto verdicts = t.decide_all(asking_for(), {incident_label, another});
  ASSERT_TRUE(verdicts && verdicts->size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const RecordId& id = i == 0 ? incident_label.id : another.id;
    EXPECT_EQ((*verdicts)[i].record, id);
    ASSERT_TRUE((*verdicts)[i].permit);
    EXPECT_EQ((*verdicts)[i].permit->record(), id);
    EXPECT_EQ((*verdicts)[i].policies, std::vector<std::string>{"yes"});
  }
  EXPECT_EQ(t.recorded().items.size(), 2u);
}

// Each part of a label that a policy can read: of two records that differ in it, only the one is forbidden.
TEST(Gate, records_that_differ_in_anything_that_a_policy_reads_are_decided_apart) {
  const struct {
    const char* condition;
    void (*change)(RecordLabel&);
  } parts[] = {
      {R"(resource.owner == Share::Member::"bradford-csc")",
       [](RecordLabel& record) { record.label.owner = *MemberId::parse("bradford-csc"); }},
      {R"(resource.kind == Share::RecordKind::"visit")", [](RecordLabel& record) { record.kind = "visit"; }},
      {R"(resource in Share::Category::"health")",
       [](RecordLabel& record) { record.label.category = "health.sexual"; }},
      {"resource.sensitivity == 3", [](RecordLabel& record) { record.label.sensitivity = 3; }},
      {R"(resource.markings.contains(Share::Marking::"protected_address"))",
       [](RecordLabel& record) { record.label.markings = {"protected_address"}; }},
      {"resource.handling.is_intelligence", [](RecordLabel& record) { record.label.handling = "3x5x2:2:B:C"; }},
      {R"(resource.handling.source == "1")", [](RecordLabel& record) { record.label.handling = "3x5x2:1:B:C"; }},
  };
  for (const auto& part : parts) {
    GateForTests t(
        bundle_of(with_permit(std::string(R"(@id("no") @title("No") forbid (principal, action, resource) when { )") +
                              part.condition + " };")));
    RecordLabel other = incident_label;
    other.id = label_of("wy-police", "incident", "police.incident", 2).id;
    part.change(other);
    for (bool is_first : {true, false}) {
      const auto verdicts = t.decide_all(
          asking_for(), is_first ? std::vector{other, incident_label} : std::vector{incident_label, other});
      ASSERT_TRUE(verdicts && verdicts->size() == 2) << part.condition;
      for (const auto& verdict : *verdicts)
        EXPECT_EQ(verdict.step, verdict.record == other.id ? Step::exists : Step::content) << part.condition;
    }
  }
}

TEST(Gate, a_policy_about_one_record_decides_that_one_alone) {
  RecordLabel another = incident_label;
  another.id = label_of("wy-police", "incident", "police.incident", 2).id;
  GateForTests t(bundle_of(with_permit(R"(@id("no") @title("No") forbid (principal, action, resource)
      when { [Share::Record::")" + another.id.hex() +
                                       R"("].contains(resource) };)")));
  const auto verdicts = t.decide_all(asking_for(), {incident_label, another});
  ASSERT_TRUE(verdicts && verdicts->size() == 2);
  EXPECT_EQ((*verdicts)[0].step, Step::content);
  EXPECT_EQ((*verdicts)[1].step, Step::exists);
}

TEST(Gate, categories_that_are_not_wanted_get_no_verdict) {
  GateForTests t(bundle_of(permit_all));
  Asking asking = asking_for();
  asking.categories = {"health"};
  const RecordLabel visit = label_of("bradford-health", "visit", "health.community", 1);
  const auto verdicts = t.decide_all(asking, {incident_label, visit});
  ASSERT_TRUE(verdicts);
  ASSERT_EQ(verdicts->size(), 1u);
  EXPECT_EQ(verdicts->front().record, visit.id);
  asking.categories = {"health.community"};
  EXPECT_EQ(t.decide_all(asking, {incident_label, visit})->size(), 1u);
  asking.categories = {"health.sexual"};
  EXPECT_TRUE(t.decide_all(asking, {incident_label, visit})->empty());
}

// --- words

TEST(Gate, a_word_of_the_ask_that_nobody_knows_is_refused_by_name) {
  GateForTests t;
  ASSERT_TRUE(t.gate.check_words(asking_for()));
  const auto refusal = [&](auto change) {
    Asking asking = asking_for();
    change(asking);
    auto checked = t.gate.check_words(asking);
    EXPECT_FALSE(checked);
    return checked ? Error() : checked.error();
  };
  for (const Error& error :
       {refusal([](Asking& a) { a.purpose = "made_up"; }), refusal([](Asking& a) { a.basis = "made_up"; }),
        refusal([](Asking& a) { a.role = "made_up"; }), refusal([](Asking& a) { a.agency_kind = "made_up"; }),
        refusal([](Asking& a) {
          a.categories = {"health", "made_up"};
        })}) {
    EXPECT_EQ(error.code, "unknown-word");
    EXPECT_NE(error.why.find("`made_up`"), std::string::npos) << error.why;
  }
}

TEST(Gate, a_basis_that_is_not_in_force_is_refused) {
  Asking asking = asking_for();
  asking.basis = "duty_to_share";
  const auto checked = GateForTests().gate.check_words(asking);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, "basis-not-in-force");
}

TEST(Gate, breaking_the_glass_takes_a_reason) {
  GateForTests t;
  Asking asking = asking_for("immediate_danger");
  ASSERT_FALSE(t.gate.check_words(asking));
  EXPECT_EQ(t.gate.check_words(asking).error().code, "break-glass-without-reason");
  asking.break_glass = true;
  EXPECT_TRUE(t.gate.check_words(asking));
}

TEST(Gate, a_role_that_is_shown_no_cases_is_refused_before_anything_is_read) {
  Asking asking = asking_for();
  asking.role = "operator";
  const auto checked = GateForTests().gate.check_words(asking);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, "forbidden");
}

TEST(Gate, a_word_of_the_record_that_nobody_knows_shows_nothing_and_is_named) {
  GateForTests t(bundle_of(permit_all));
  for (const auto& record :
       {label_of("wy-police", "made_up", "police", 1), label_of("wy-police", "incident", "made_up", 1),
        label_of("wy-police", "incident", "police", 1, {}, "made_up")}) {
    const Verdict verdict = t.decide(asking_for(), record);
    EXPECT_EQ(verdict.step, Step::exists);
    EXPECT_FALSE(verdict.permit);
    EXPECT_NE(verdict.reason.find("`made_up`"), std::string::npos);
  }
}

TEST(Gate, a_marking_that_nobody_knows_hides_the_record) {
  GateForTests t(bundle_of(permit_all));
  const Verdict verdict = t.decide(asking_for(), label_of("wy-police", "incident", "police", 1, {"made_up"}));
  EXPECT_EQ(verdict.step, Step::none);
  EXPECT_EQ(verdict.policies, std::vector<std::string>{"unknown-marking"});
}

// --- purposes

TEST(Gate, a_purpose_that_needs_a_head_and_has_none_is_first_contact) {
  Gate gate(west_yorkshire());
  EXPECT_EQ(gate.effective_purpose(asking_for("child_protection")), "first_contact");
  EXPECT_EQ(gate.effective_purpose(asking_for("transfer")), "first_contact");
  EXPECT_EQ(gate.effective_purpose(asking_for("child_protection", true)), "child_protection");
  EXPECT_EQ(gate.effective_purpose(asking_for("early_help")), "early_help");
  Asking other = asking_for("child_protection");
  other.proven = {"transfer"};
  EXPECT_EQ(gate.effective_purpose(other), "first_contact");
}

// --- what is told and recorded

TEST(Gate, only_a_marking_that_others_are_decided_by_is_told) {
  Gate gate(west_yorkshire());
  EXPECT_TRUE(gate.may_tell_marking("protected_address"));
  for (const char* marking :
       {"adoption_sealed", "protected_person", "sexual_health", "intelligence", "mappa", "made_up"})
    EXPECT_FALSE(gate.may_tell_marking(marking)) << marking;
}

TEST(Gate, one_decision_entry_says_what_was_decided_by_which_policies_and_bundle) {
  GateForTests t(bundle_of(with_permit(R"(
    @id("no") @title("No") @shown_as("health") forbid (principal, action, resource in Share::Category::"health");)")));
  const RecordLabel visit = label_of("bradford-health", "visit", "health.community", 1);
  const auto before = t.store->tree_head().size;
  ASSERT_TRUE(t.decide_all(asking_for("early_help"), {incident_label, visit}));
  EXPECT_EQ(t.store->tree_head().size, before + 1);
  const Access access = t.recorded();
  EXPECT_EQ(access.purpose, "early_help");
  EXPECT_EQ(access.basis, "public_task");
  EXPECT_EQ(access.role, "practitioner");
  EXPECT_EQ(access.reason, "test");
  EXPECT_EQ(access.bundle, t.gate.bundle().ref_text());
  ASSERT_EQ(access.items.size(), 2u);
  EXPECT_EQ(access.items[0].record, incident_label.id);
  EXPECT_EQ(access.items[0].step, Step::content);
  EXPECT_EQ(access.items[0].policies, std::vector<std::string>{"yes"});
  EXPECT_EQ(access.items[1].record, visit.id);
  EXPECT_EQ(access.items[1].step, Step::exists);
  EXPECT_EQ(access.items[1].category, "health");
  EXPECT_EQ(access.items[1].policies, std::vector<std::string>{"no"});
  EXPECT_EQ(access.items[1].reason, "No");
}

TEST(Gate, a_decision_about_nothing_is_recorded_like_any_other) {
  GateForTests t;
  const auto before = t.store->tree_head().size;
  ASSERT_TRUE(t.decide_all(asking_for(), {}));
  EXPECT_EQ(t.store->tree_head().size, before + 1);
  EXPECT_TRUE(t.recorded().items.empty());
}

TEST(Gate, more_records_than_one_decision_may_hold_are_refused_whole) {
  GateForTests t(bundle_of(permit_all));
  const auto verdicts =
      t.decide_all(asking_for(), std::vector<RecordLabel>(limits::decide_records_max + 1, incident_label));
  ASSERT_FALSE(verdicts);
  EXPECT_EQ(verdicts.error().code, "too-many-records");
  EXPECT_TRUE(t.decide_all(asking_for(), std::vector<RecordLabel>(limits::decide_records_max, incident_label)));
}

TEST(Gate, a_decision_that_cannot_be_recorded_is_an_error_and_no_verdict) {
  GateForTests t(bundle_of(permit_all));
  auto turn = t.store.begin();
  SeededRandom random(3);
  DecisionFor recorded;
  recorded.key = KeyId::make(random);  // no such key
  EXPECT_FALSE(t.gate.decide(asking_for(), std::vector{incident_label}, {}, recorded, *turn));
}

}  // namespace
}  // namespace ginnel
