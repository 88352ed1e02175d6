// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/stories.h"

#include "federation/base/check.h"
#include "federation/record/nhs_number.h"

namespace ginnel::sim {
namespace {

Identity child(unsigned number, const char* given, const char* family, Date born, const char* postcode) {
  Identity identity;
  identity.nhs_number = synthetic_nhs_number(number);
  identity.given = given;
  identity.family = family;
  identity.birth_date = born;
  identity.postcode = postcode;
  return identity;
}

Holding holding(const std::string& agency, Story story, std::vector<Record> records) {
  return {agency, person_from(identity_of(story)), std::move(records)};
}

Record involvement(const std::string& owner, const std::string& category, const std::string& headline) {
  return record_of(owner, "involvement", category, 0, headline);
}

std::vector<Holding> moved_twice() {
  const Story story = Story::moved_twice;
  return {
      holding("bradford-csc", story,
              {involvement("bradford-csc", "social-care.contact", "Social worker, Keighley locality"),
               record_of("bradford-csc", "plan", "social-care.plan", 2, "Child protection plan, neglect")}),
      holding("leeds-csc", story,
              {involvement("leeds-csc", "social-care.contact", "Social worker until March 2025"),
               record_of("leeds-csc", "referral", "social-care.referral", 2, "Referral by a school")}),
      holding(
          "wy-police", story,
          {involvement("wy-police", "police", "Safeguarding unit"),
           record_of("wy-police", "domestic_incident", "police.domestic", 2, "Officers attended the home address")}),
      holding(
          "bradford-health", story,
          {involvement("bradford-health", "health.community", "Health visitor"),
           record_of("bradford-health", "was_not_brought", "health.attendance", 2, "Was not brought, second time")}),
      holding(
          "bradford-education", story,
          {involvement("bradford-education", "education", "On roll at a Bradford primary school"),
           record_of("bradford-education", "attendance", "education.attendance", 1, "Absent, third day this month")}),
  };
}

std::vector<Holding> refuge_address() {
  const Story story = Story::refuge_address;
  Record address = record_of("calderdale-csc", "move", "household", 2, "Moved to a refuge");
  address.label.markings = {"protected_address"};
  return {
      holding("calderdale-csc", story,
              {involvement("calderdale-csc", "social-care.contact", "Social worker, Halifax"), address}),
      holding("bradford-education", story,
              {involvement("bradford-education", "education", "On roll at Ginnel Lane Primary School, 1 Ginnel Lane")}),
      holding("bradford-health", story,
              {involvement("bradford-health", "health.community", "Health visitor, Shipley")}),
      holding("wy-police", story, {involvement("wy-police", "police", "Safeguarding unit")}),
  };
}

std::vector<Holding> sexual_health_competent() {
  const Story story = Story::sexual_health_competent;
  Record visit = record_of("bradford-health", "health_attendance", "health.sexual", 3, "Clinic attendance");
  visit.label.markings = {"sexual_health"};
  return {
      holding("bradford-health", story, {involvement("bradford-health", "health.community", "School nurse"), visit}),
      holding("bradford-csc", story, {involvement("bradford-csc", "social-care.contact", "Early help worker")}),
  };
}

std::vector<Holding> adopted() {
  Holding leeds = holding("leeds-csc", Story::adopted,
                          {involvement("leeds-csc", "social-care.contact", "Adoption support worker"),
                           record_of("leeds-csc", "order", "social-care.legal", 3, "Adoption order")});
  leeds.person.markings_by_person = {"adoption_sealed"};
  return {leeds};
}

}  // namespace

std::string synthetic_nhs_number(unsigned n) {
  for (unsigned nine = 999'000'000;; ++nine) {
    const auto digits = std::to_string(nine);
    const auto check = nhs_check_digit(digits);
    if (check && n-- == 0) return digits + *check;
  }
}

Person person_from(const Identity& identity) {
  Person person;
  person.identifiers = {{"nhs", identity.nhs_number, true}};
  person.names = {{identity.given, identity.family, "usual", {}, {}}};
  person.birth = {identity.birth_date, Precision::day};
  person.addresses = {{{"1 Ginnel Row"}, identity.postcode, "", {}, {}, false}};
  return person;
}

Record record_of(const std::string& owner, const std::string& kind, const std::string& category, int sensitivity,
                 const std::string& headline) {
  Record record;
  record.kind = kind;
  record.occurred = When::on({2026, 11, 8});
  record.recorded_at_source = When::on({2026, 11, 9});
  record.headline = headline;
  record.fields = {{"outcome", "noted by " + owner}};
  record.narrative = "What was written about it at " + owner + ".";
  record.label.category = category;
  record.label.sensitivity = std::uint8_t(sensitivity);
  record.label.owner = *MemberId::parse(owner);
  record.author = {"A. Recorder", "worker", "team", "01632 960777"};
  record.source.system = "casework";
  return record;
}

Identity identity_of(Story story) {
  switch (story) {
    case Story::moved_twice:
      return child(11, "Imogen", "Fairweather", {2017, 5, 2}, "BD8 8AA");
    case Story::refuge_address:
      return child(12, "Leila", "Marchbanks", {2018, 9, 21}, "HX1 1AA");
    case Story::sexual_health_competent:
      return child(13, "Priya", "Stanwick", {2011, 1, 30}, "BD4 7AA");
    case Story::adopted:
      return child(14, "Rowan", "Tetherby", {2019, 12, 3}, "LS6 2AA");
    case Story::unknown:
      return child(15, "Nell", "Ackroydstone", {2020, 2, 29}, "WF1 1AA");
  }
  CHECK(false);
  return {};
}

std::vector<Holding> holdings_of(Story story) {
  switch (story) {
    case Story::moved_twice:
      return moved_twice();
    case Story::refuge_address:
      return refuge_address();
    case Story::sexual_health_competent:
      return sexual_health_competent();
    case Story::adopted:
      return adopted();
    case Story::unknown:
      return {};
  }
  return {};
}

PartStatus expected_status(Story story, const std::string& asker, const std::string& agency) {
  // Concealed and not held look alike, to the agency's own workers too.
  if (story == Story::adopted || story == Story::unknown) return PartStatus::not_known;
  const auto holdings = holdings_of(story);
  const bool holds =
      std::any_of(holdings.begin(), holdings.end(), [&](const Holding& h) { return h.agency == agency; });
  if (!holds) return PartStatus::not_known;
  const bool gives_the_refuge_away = agency == "bradford-education" || agency == "bradford-health";
  if (story == Story::refuge_address && gives_the_refuge_away && asker != agency) return PartStatus::withheld;
  return PartStatus::answered;
}

}  // namespace ginnel::sim
