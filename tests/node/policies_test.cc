// SPDX-License-Identifier: Apache-2.0
// The West Yorkshire agreement, row by row: which step for which asker, purpose and record, and by which policy.
#include <map>

#include "tests/node/gate_for_tests.h"

namespace ginnel {
namespace {

using Markings = std::set<std::string>;

// The askers of the table.
Asking by(const std::string& agency, const std::string& kind, Asking asking) {
  asking.agency = *MemberId::parse(agency);
  asking.agency_kind = kind;
  return asking;
}
Asking contact() { return asking_for("first_contact"); }
Asking proven() { return asking_for("child_protection", true); }
Asking unproven() { return asking_for("child_protection"); }
Asking purpose(const std::string& word) { return asking_for(word); }
Asking glass_broken() {
  Asking asking = asking_for("immediate_danger");
  asking.break_glass = true;
  return asking;
}
Asking police(Asking asking) { return by("wy-police", "police", std::move(asking)); }
// The record's owner asks for their own.
Asking owner_health(Asking asking) { return by("bradford-health", "health", std::move(asking)); }
Asking owner_police(Asking asking) { return by("wy-police", "police", std::move(asking)); }
Asking owner_social_care(Asking asking) { return by("calderdale-csc", "social_care", std::move(asking)); }
Asking as_role(const std::string& role, Asking asking) {
  asking.role = role;
  return asking;
}

RecordLabel involvement(const std::string& category = "police") {
  return label_of("wy-police", "involvement", category, 0);
}
RecordLabel incident(int sensitivity = 2, Markings markings = {}, const std::string& handling = "official") {
  return label_of("wy-police", "incident", "police.incident", sensitivity, std::move(markings), handling);
}
RecordLabel health(const std::string& category, int sensitivity, Markings markings = {}) {
  return label_of("bradford-health", "health_attendance", category, sensitivity, std::move(markings));
}
RecordLabel social_care(const std::string& kind, const std::string& category, Markings markings = {}) {
  return label_of("calderdale-csc", kind, category, 2, std::move(markings));
}
RecordLabel invitation(int sensitivity) {
  return label_of("calderdale-csc", "process_invitation", "social-care.s47", sensitivity);
}
RecordLabel contribution(const std::string& addressed_to) {
  RecordLabel out = label_of("wy-police", "process_contribution", "social-care.s47", 2);
  if (!addressed_to.empty()) out.label.addressed_to = *MemberId::parse(addressed_to);
  return out;
}
RecordLabel overview(const std::string& addressed_to) {
  RecordLabel out = label_of("calderdale-csc", "process_overview", "social-care.s47", 2);
  out.label.addressed_to = *MemberId::parse(addressed_to);
  return out;
}
RecordLabel school_involvement() { return label_of("bradford-education", "involvement", "education", 0); }

struct Row {
  const char* claim;
  Asking asking;
  RecordLabel record;
  Step step;
  const char* policy;         // must stand among those that determined it; empty: none may
  Markings elsewhere = {};    // markings that other parts of the view carry
  const char* shown_as = "";  // empty: the category's root
  AboutPerson about = {};
};

const Markings refuge{"protected_address"};

std::vector<Row> rows() {
  return {
      // 10: inside an agency
      {"own_records_are_read_by_own_workers", owner_police(contact()), incident(3), Step::content, "WY-01"},
      {"own_records_of_sensitivity_4_are_counted_only", owner_police(contact()), incident(4), Step::exists, "WY-02"},
      {"own_records_are_closed_to_operators", as_role("operator", owner_police(contact())), incident(1), Step::exists,
       "WY-03"},
      {"operators_of_others_are_shown_nothing", as_role("operator", proven()), incident(1), Step::exists, "WY-03"},
      {"own_records_are_counted_for_statistics", owner_police(purpose("statistics")), incident(1), Step::exists,
       "WY-02"},
      {"own_records_are_closed_to_the_partnership", as_role("partnership", owner_police(contact())), incident(1),
       Step::none, ""},
      {"own_records_are_read_by_governance_leads", as_role("governance_lead", owner_police(purpose("subject_access"))),
       incident(1), Step::content, "WY-05"},
      {"own_records_are_read_for_the_returns_of_the_own_authority",
       as_role("returns_officer", owner_social_care(purpose("statistics"))),
       social_care("referral", "social-care.referral"), Step::content, "WY-04"},
      {"a_returns_officer_reads_for_nothing_else", as_role("returns_officer", owner_social_care(contact())),
       social_care("referral", "social-care.referral"), Step::exists, "WY-02"},
      {"a_returns_officer_reads_what_is_no_part_of_a_return_not_at_all",
       as_role("returns_officer", owner_police(purpose("statistics"))), incident(1), Step::exists, "WY-02"},
      {"a_returns_officer_of_another_authority_is_shown_nothing", as_role("returns_officer", purpose("statistics")),
       social_care("referral", "social-care.referral"), Step::none, ""},

      // 20: between agencies
      {"involvement_is_told_at_first_contact", contact(), involvement(), Step::headline, "WY-10"},
      {"involvement_is_told_for_early_help", purpose("early_help"), involvement(), Step::headline, "WY-10"},
      {"involvement_of_higher_sensitivity_is_not_told", contact(), label_of("wy-police", "involvement", "police", 1),
       Step::exists, "WY-11"},
      {"governance_leads_of_others_are_told_nothing", as_role("governance_lead", proven()), incident(1), Step::none,
       ""},
      {"the_partnership_is_told_nothing_of_a_case", as_role("partnership", glass_broken()), involvement(), Step::none,
       ""},
      {"partnership_agencies_are_told_nothing_of_a_case", by("wy-partnership", "partnership", proven()), incident(1),
       Step::none, ""},
      {"no_step_is_given_for_statistics", purpose("statistics"), involvement(), Step::none, ""},
      {"no_step_is_given_for_a_learning_review", purpose("learning_review"), incident(), Step::none, ""},
      {"what_happened_is_counted_at_first_contact", contact(), incident(1), Step::exists, "WY-11"},
      {"what_happened_is_counted_without_a_head", unproven(), incident(1), Step::exists, "WY-11"},
      {"what_happened_is_read_with_a_proven_purpose", proven(), incident(3), Step::content, "WY-12"},
      {"a_proof_of_another_purpose_is_none",
       [] {
         Asking a = unproven();
         a.proven = {"transfer"};
         return a;
       }(),
       incident(1), Step::exists, "WY-11"},
      {"the_file_of_a_transfer_is_kept_by_who_takes_the_lead_over",
       [] {
         Asking asking = asking_for("transfer", true);
         asking.highest = Step::copy_out;
         return asking;
       }(),
       incident(2), Step::copy_out, "WY-19"},
      {"a_transfer_is_read_with_its_own_proof", asking_for("transfer", true), incident(2), Step::content, "WY-15"},
      {"police_protection_gives_police_headlines", police(purpose("police_protection")), health("health.attendance", 2),
       Step::headline, "WY-13"},
      {"police_protection_gives_others_counts", purpose("police_protection"), health("health.attendance", 2),
       Step::exists, "WY-11"},
      {"police_protection_gives_no_special_category", police(purpose("police_protection")),
       health("health.attendance", 3), Step::exists, "WY-11"},
      {"a_broken_glass_gives_headlines", glass_broken(), incident(2), Step::headline, "WY-14"},
      {"an_unbroken_glass_gives_counts", purpose("immediate_danger"), incident(2), Step::exists, "WY-11"},
      {"a_broken_glass_gives_no_special_category", glass_broken(), incident(3), Step::exists, "WY-11"},

      // 20: working together
      {"an_invitation_is_read_at_a_first_contact", contact(), invitation(2), Step::content, "WY-16"},
      {"an_invitation_of_sensitivity_4_is_counted", contact(), invitation(4), Step::exists, "WY-41"},
      {"what_was_written_for_the_asker_is_read", contact(), contribution("leeds-csc"), Step::content, "WY-17"},
      {"how_a_process_stands_is_read_by_whom_it_was_written_for", contact(), overview("leeds-csc"), Step::content,
       "WY-18"},
      {"how_a_process_stands_for_another_is_hidden", contact(), overview("bradford-health"), Step::none, "WY-50"},
      {"how_a_process_stands_for_others_is_hidden_at_its_lead", owner_social_care(contact()), overview("leeds-csc"),
       Step::none, "WY-50"},
      {"what_was_written_for_another_is_counted", contact(), contribution("bradford-csc"), Step::exists, "WY-11"},
      {"what_was_written_for_nobody_is_counted", contact(), contribution(""), Step::exists, "WY-11"},

      // 30: concealed
      {"an_adoption_is_concealed", proven(), incident(0, {"adoption_sealed"}), Step::none, "WY-30"},
      {"an_adoption_is_concealed_from_its_owner", owner_police(contact()), incident(0, {"adoption_sealed"}), Step::none,
       "WY-30"},
      {"an_adoption_is_concealed_from_a_broken_glass", glass_broken(), incident(0, {"adoption_sealed"}), Step::none,
       "WY-30"},
      {"a_protected_person_is_concealed", proven(), incident(0, {"protected_person"}), Step::none, "WY-31"},
      {"a_protected_person_is_concealed_from_a_broken_glass", glass_broken(), incident(0, {"protected_person"}),
       Step::none, "WY-31"},
      {"a_gender_recognition_is_concealed", proven(), health("health", 3, {"gender_recognition"}), Step::none, "WY-32"},
      {"a_gender_recognition_is_concealed_from_a_broken_glass", glass_broken(),
       health("health", 0, {"gender_recognition"}), Step::none, "WY-32"},
      {"a_fertility_treatment_is_concealed", proven(), health("health.parental", 3, {"fertility_treatment"}),
       Step::none, "WY-33"},
      {"a_fertility_treatment_is_concealed_from_a_broken_glass", glass_broken(),
       health("health", 0, {"fertility_treatment"}), Step::none, "WY-33"},
      {"what_is_concealed_stays_so_beside_what_is_withheld", proven(), incident(1, {"adoption_sealed", "intelligence"}),
       Step::none, "WY-30"},

      // 30: a protected address anywhere in the view
      {"a_school_is_withheld_from_a_refuge_childs_view", contact(), school_involvement(), Step::exists, "WY-34",
       refuge},
      {"a_school_is_told_otherwise", contact(), school_involvement(), Step::headline, "WY-10"},
      {"a_health_visitor_is_withheld_from_it", contact(),
       label_of("bradford-health", "involvement", "health.community", 0), Step::exists, "WY-34", refuge},
      {"a_refuges_charity_is_withheld_from_it", contact(), label_of("bradford-refuge", "involvement", "voluntary", 0),
       Step::exists, "WY-34", refuge},
      {"the_police_are_named_in_it", contact(), involvement(), Step::headline, "WY-10", refuge},
      {"a_social_worker_is_named_in_it", contact(), label_of("calderdale-csc", "involvement", "social-care.contact", 0),
       Step::headline, "WY-10", refuge},
      {"a_household_is_withheld_from_it", proven(), social_care("assessment", "household"), Step::exists, "WY-34",
       refuge},
      {"an_identity_is_withheld_from_it", proven(), social_care("assessment", "identity"), Step::exists, "WY-34",
       refuge},
      {"a_tenancy_is_withheld_from_it", proven(), social_care("tenancy", "housing"), Step::exists, "WY-34", refuge},
      {"attendance_is_withheld_from_it", proven(),
       label_of("bradford-education", "attendance", "education.attendance", 1), Step::exists, "WY-34", refuge},
      {"a_move_is_withheld_from_it", proven(), social_care("move", "social-care.note"), Step::exists, "WY-34", refuge},
      {"an_assessment_is_read_in_it", proven(), social_care("assessment", "social-care.assessment"), Step::content,
       "WY-12", refuge},
      {"its_owner_reads_their_own_household", owner_social_care(contact()), social_care("assessment", "household"),
       Step::content, "WY-01", refuge},
      {"a_record_that_carries_the_address_is_withheld", proven(), social_care("note", "social-care.note", refuge),
       Step::exists, "WY-35"},
      {"its_owner_reads_the_record_that_carries_it", owner_social_care(contact()),
       social_care("note", "social-care.note", refuge), Step::content, "WY-01"},

      // 30: withheld
      {"a_referrers_identity_never_leaves_its_owner", proven(),
       social_care("referral", "social-care.referral", {"third_party_identity"}), Step::exists, "WY-36"},
      {"a_referrers_identity_is_known_to_its_owner", owner_social_care(contact()),
       social_care("referral", "social-care.referral", {"third_party_identity"}), Step::content, "WY-01"},
      {"intelligence_with_conditions_is_withheld",
       proven(),
       incident(2, {}, "3x5x2:2:B:C:ring first"),
       Step::exists,
       "WY-37",
       {},
       "police"},
      {"intelligence_graded_e_is_withheld",
       proven(),
       incident(2, {}, "3x5x2:1:E:P"),
       Step::exists,
       "WY-37",
       {},
       "police"},
      {"intelligence_without_conditions_is_read", proven(), incident(2, {}, "3x5x2:1:A:P"), Step::content, "WY-12"},
      {"intelligence_with_conditions_is_read_by_its_owner", owner_police(contact()), incident(2, {}, "3x5x2:2:B:C"),
       Step::content, "WY-01"},
      {"intelligence_without_a_grading_is_withheld",
       proven(),
       label_of("wy-police", "intelligence", "police.intelligence", 2),
       Step::exists,
       "WY-47",
       {},
       "police"},
      {"graded_intelligence_is_read", proven(),
       label_of("wy-police", "intelligence", "police.intelligence", 2, {}, "3x5x2:1:A:P"), Step::content, "WY-12"},
      {"intelligence_without_a_grading_is_read_by_its_owner", owner_police(contact()),
       label_of("wy-police", "intelligence", "police.intelligence", 2), Step::content, "WY-01"},
      {"marked_intelligence_is_withheld", proven(), incident(2, {"intelligence"}), Step::exists, "WY-38", {}, "police"},
      {"marked_intelligence_is_read_by_its_owner", owner_police(contact()), incident(2, {"intelligence"}),
       Step::content, "WY-01"},
      {"sexual_health_is_counted_as_health", proven(), health("health.sexual", 3), Step::exists, "WY-39", {}, "health"},
      {"sexual_health_is_not_told_where_nothing_else_is", purpose("audit"), health("health.sexual", 3), Step::none, ""},
      {"marked_sexual_health_is_not_told_where_nothing_else_is", purpose("audit"),
       health("health.attendance", 2, {"sexual_health"}), Step::none, ""},
      {"sexual_health_is_read_by_its_owner", owner_health(contact()), health("health.sexual", 3), Step::content,
       "WY-01"},
      {"marked_sexual_health_is_counted_as_health",
       proven(),
       health("health.attendance", 2, {"sexual_health"}),
       Step::exists,
       "WY-40",
       {},
       "health"},
      {"marked_sexual_health_is_read_by_its_owner", owner_health(contact()),
       health("health.attendance", 2, {"sexual_health"}), Step::content, "WY-01"},
      {"sensitivity_4_takes_a_professional", proven(), incident(4), Step::exists, "WY-41"},
      {"legal_privilege_is_withheld", proven(), social_care("note", "social-care.legal", {"legal_privilege"}),
       Step::exists, "WY-42"},
      {"legal_privilege_is_read_by_its_owner", owner_social_care(contact()),
       social_care("note", "social-care.legal", {"legal_privilege"}), Step::content, "WY-01"},
      {"court_papers_are_withheld", proven(), social_care("order", "court", {"court_papers"}), Step::exists, "WY-43"},
      {"court_papers_are_withheld_from_their_owner", owner_social_care(contact()),
       social_care("order", "court", {"court_papers"}), Step::exists, "WY-43"},
      {"mappa_goes_through_its_coordinator", proven(), incident(2, {"mappa"}), Step::exists, "WY-44"},
      {"mappa_goes_through_its_coordinator_at_the_owner_too", owner_police(contact()), incident(2, {"mappa"}),
       Step::exists, "WY-44"},
      {"a_relative_of_staff_is_withheld", proven(), social_care("note", "social-care.note", {"staff_relative"}),
       Step::exists, "WY-45"},
      {"a_relative_of_staff_is_withheld_from_their_colleagues", owner_social_care(contact()),
       social_care("note", "social-care.note", {"staff_relative"}), Step::exists, "WY-45"},
      {"a_live_investigation_is_counted_as_police",
       proven(),
       social_care("note", "social-care.note", {"live_investigation"}),
       Step::exists,
       "WY-46",
       {},
       "police"},
      {"a_live_investigation_is_read_by_its_owner", owner_police(contact()), incident(2, {"live_investigation"}),
       Step::content, "WY-01"},
      {"a_conflict_of_interest_shuts_own_records",
       owner_police(contact()),
       incident(1),
       Step::exists,
       "WY-49",
       {},
       "identity",
       {false, {}, true}},
      {"what_a_carer_must_not_learn_is_counted_for_a_subject_access_request",
       as_role("governance_lead", owner_police(purpose("subject_access"))), incident(2, {"hide_from_carer"}),
       Step::exists, "WY-48"},
  };
}

class Agreement : public testing::TestWithParam<Row> {};

TEST_P(Agreement, holds) {
  const Row& row = GetParam();
  GateForTests t;
  const Verdict verdict = row.about.in_conflict ? t.gate.would_decide(row.asking, row.about, row.record, row.elsewhere)
                                                : t.decide(row.asking, row.record, row.elsewhere);
  EXPECT_EQ(name_of(verdict.step), name_of(row.step));
  EXPECT_EQ(verdict.permit.has_value(), row.step >= Step::headline);
  const std::string category = *row.shown_as ? row.shown_as : std::string(root_category(row.record.label.category));
  EXPECT_EQ(verdict.shown_as, category);
  const auto& ids = verdict.policies;
  if (*row.policy)
    EXPECT_NE(std::find(ids.begin(), ids.end(), row.policy), ids.end()) << "not by " << row.policy;
  else
    EXPECT_TRUE(ids.empty());
  if (row.step == Step::none) {
    EXPECT_TRUE(verdict.reason.empty() && verdict.ask.empty()) << "what is not told must leave no trace";
  } else if (row.step == Step::exists) {
    EXPECT_FALSE(verdict.reason.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(WestYorkshire, Agreement, testing::ValuesIn(rows()),
                         [](const auto& info) { return std::string(info.param.claim); });

TEST(WestYorkshire, every_policy_has_a_row) {
  std::set<std::string> tested;
  for (const auto& row : rows()) tested.insert(row.policy);
  for (const auto& policy : west_yorkshire()->policies.policies())
    EXPECT_TRUE(tested.contains(policy.id)) << policy.id << " has no row in this table";
}

TEST(WestYorkshire, every_restriction_names_whom_to_ask_unless_it_conceals) {
  for (const auto& policy : west_yorkshire()->policies.policies()) {
    if (policy.effect != policy::Effect::forbid || policy.id == "WY-03") continue;
    EXPECT_NE(policy.annotation("conceal") != nullptr, policy.annotation("ask") != nullptr) << policy.id;
  }
}

TEST(WestYorkshire, every_marking_that_conceals_conceals_whatever_is_asked) {
  GateForTests t;
  for (const auto& word : t.gate.bundle().vocabulary.words("marking")) {
    const bool is_concealed = word.effect == "concealed";
    const Verdict verdict = t.decide(proven(), incident(1, {word.id}));
    EXPECT_EQ(verdict.step == Step::none, is_concealed) << word.id;
    if (word.effect == "withheld") {
      EXPECT_EQ(verdict.step, Step::exists) << word.id << " is not withheld by any policy";
    }
  }
}

TEST(WestYorkshire, nothing_is_copied_out_but_by_the_authority_that_takes_the_lead_over) {
  GateForTests t;
  for (Asking asking : {proven(), contact(), glass_broken(), owner_police(contact())}) {
    asking.highest = Step::copy_out;
    for (const auto& record : {incident(0), incident(2), involvement()})
      EXPECT_LT(t.decide(asking, record).step, Step::copy_out);
  }
  Asking taking_over = asking_for("transfer", true);
  taking_over.highest = Step::copy_out;
  taking_over.agency = *MemberId::parse("bradford-csc");
  taking_over.agency_kind = "social_care";
  taking_over.role = "manager";
  EXPECT_EQ(t.decide(taking_over, incident(2)).step, Step::copy_out);
  EXPECT_LT(t.decide(taking_over, incident(4)).step, Step::copy_out);
  taking_over.agency_kind = "health";
  EXPECT_EQ(t.decide(taking_over, incident(2)).step, Step::content);
}

}  // namespace
}  // namespace ginnel
