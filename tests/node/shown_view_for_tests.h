// SPDX-License-Identifier: Apache-2.0
// A case view with something of everything, as page, terminal and API show it. All people are synthetic.
#pragma once

#include "federation/base/clock.h"
#include "node/view/case_view.h"

namespace ginnel {

inline ViewPart shown_part(const char* agency, const char* name, const char* kind, PartStatus status, const char* role,
                           const char* phone) {
  ViewPart part;
  part.agency = MemberId::parse(agency).value();
  part.agency_name = name;
  part.agency_kind = kind;
  part.status = status;
  part.contact.role = role;
  part.contact.phone = phone;
  return part;
}

inline ViewItem shown_item(const char* agency, const char* agency_kind, const char* category, const char* kind,
                           const char* occurred, const char* recorded, const char* headline) {
  static SeededRandom random(11);
  ViewItem item;
  item.id = RecordId::make(random);
  item.agency = MemberId::parse(agency).value();
  item.agency_kind = agency_kind;
  item.category = category;
  item.kind = kind;
  item.occurred = parse_when(occurred).value();
  item.recorded = parse_when(recorded).value();
  item.headline = headline;
  item.source_system = "case-system";
  return item;
}

inline CaseView shown_view() {
  CaseView view;
  view.id = ViewId::parse("7f30a1b2c3d4e5f60718293a4b5c6d7e").value();
  view.family = "Tester";
  view.given = "Aisha";
  view.birth_date = Date::of(2016, 3, 14).value();
  view.nhs_number = "9990000018";
  view.standing = "On a child protection plan since 2 Sep 2026 (neglect). Lead: Bradford Children's Services.";
  view.purpose = "child_protection";
  view.basis = "public_task";
  view.asked_at = parse_iso_utc("2026-11-23T16:46:00Z").value();
  view.kept_until = parse_iso_utc("2026-11-24T16:46:00Z").value();
  view.elapsed_ms = 5012;
  view.open = true;

  auto own = shown_part("bradford-csc", "Bradford Children's Services", "social_care", PartStatus::answered,
                        "Duty team", "01632 960001");
  own.items = 1;
  own.answered_at = view.asked_at;
  own.data_to = parse_iso_utc("2026-11-23T16:30:00Z").value();
  auto health = shown_part("bradford-care", "Bradford District Care", "health", PartStatus::answered, "Named nurse",
                           "01632 960107");
  health.items = 1;
  health.withheld = 2;
  health.data_to = parse_iso_utc("2026-11-22T08:00:00Z").value();
  auto police = shown_part("wy-police", "West Yorkshire Police", "police", PartStatus::withheld, "Safeguarding unit",
                           "01632 960033");
  police.withheld = 1;
  police.reason = "intelligence with conditions";
  auto kirklees =
      shown_part("kirklees-csc", "Kirklees Council", "social_care", PartStatus::not_known, "Duty team", "01632 960044");
  auto calderdale = shown_part("calderdale-csc", "Calderdale Council", "social_care", PartStatus::not_known,
                               "Duty team", "01632 960045");
  auto wakefield =
      shown_part("wakefield-csc", "Wakefield Council", "social_care", PartStatus::silent, "Duty team", "01632 960055");
  wakefield.reason = "no answer in 5 s (last heard 16:41)";
  auto probation =
      shown_part("probation", "Probation Service", "probation", PartStatus::not_asked, "Duty officer", "01632 960066");
  probation.reason = "needs a stated adult in the household (policy P-14)";
  view.parts = {own, health, police, kirklees, calderdale, wakefield, probation};

  auto missed = shown_item("bradford-care", "health", "health.attendance", "was_not_brought", "2026-11-12",
                           "2026-11-14", "paediatric review, second time");
  missed.author = {"N. Urse", "Health visitor", "east", "01632 960108"};
  auto visit = shown_item("bradford-csc", "social_care", "social-care.visit", "visit", "2026-11-19 15:10", "2026-11-19",
                          "seen at home, seen alone");
  visit.step = Step::content;
  visit.fields = {{"seen alone", "yes"}};
  visit.narrative = "Aisha talked about school.";
  visit.author = {"S. Worker", "Social worker (lead)", "east", "01632 960002"};
  visit.assertion = Assertion::opinion;
  view.items = {visit, missed};

  view.withheld = {{health.agency, "health", 2, "sensitive health information; needs the clinician's decision",
                    "named nurse, Bradford District Care"},
                   {police.agency, "police", 1, "intelligence with conditions (handling C)",
                    "safeguarding unit, West Yorkshire Police"}};
  return view;
}

}  // namespace ginnel
