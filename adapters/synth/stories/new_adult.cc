// SPDX-License-Identifier: Apache-2.0
// Three years old, lives with her mother; so social care has it. A man has moved in: probation, the police and health
// have his address now, probation and the police his past.
#include "adapters/synth/stories/telling.h"

namespace ginnel::synth {

Story new_adult(Date today, Numbers& numbers, Exports& exports) {
  Story story;
  Family& family = story.family;
  Date birth = days_before(today, 1150);
  family.children.push_back(child_of("Kaia", "Blenkhorn", Sex::female, birth, today, numbers));
  family.mother = somebody("Chelsea", "Blenkhorn", Sex::female, days_before(today, 9'300), numbers);
  family.partner = somebody("Dale", "Scrimgour", Sex::male, days_before(today, 12'600), numbers);
  Home home{District::bradford, "7 Quarryman Terrace",   "Keighley", "BD21 5NW",
            "999000000051",     days_before(today, 900), {}};
  family.homes = {home};

  Telling(story, exports, today, "bradford-csc", home, {"Claire Sheard", "Social worker", "Assessment team", ""})
      .with_mother()
      .closed()
      .happened(826, "C", "health visitor", "advice given", "Mother alone and tired; grandmother helps.")
      .happened(805, "HH", "household: mother and child", "");
  Telling(story, exports, today, "bradford-health", home, {"Imelda Hobson", "Health visitor", "Health visiting", ""})
      .with_partner()
      .last_contact(48)
      .happened(700, "HV", "health visitor contact at home", "no concerns")
      .at(11, 0)
      .happened(411, "DEV", "development review", "as expected for age")
      .at(10, 30)
      .happened(48, "HV", "health visitor contact at home", "seen with mother",
                "A man opened the door and gave no name.")
      .at(14, 0);
  Telling(story, exports, today, "wy-police", home, {"Kevin Doyle", "Detective constable", "Safeguarding unit", ""})
      .with_mother()
      .last_contact(20)
      .happened(2210, "OFF", "assault on a former partner", "convicted")
      .at(22, 50)
      .about_partner_only()
      .happened(1490, "DOM", "assault on a partner in front of her child", "convicted")
      .at(0, 35)
      .about_partner_only()
      .happened(1470, "ORD", "restraining order made", "until further order")
      .about_partner_only()
      .happened(20, "INC", "neighbour reported shouting; officers let in by a man of the household", "words of advice")
      .at(21, 25)
      .about_partner();
  Telling(story, exports, today, "wy-probation", home, {"Grzegorz Adamczyk", "Probation officer", "Community team", ""})
      .last_contact(35)
      .happened(735, "ORDER", "community order made after a domestic offence", "in force")
      .about_partner_only()
      .happened(412, "APPT", "supervision appointment", "attended")
      .about_partner_only()
      .happened(63, "APPT", "supervision appointment: gave a new address", "attended")
      .about_partner_only()
      .happened(35, "HV", "home visit at the new address", "a young child present")
      .about_partner();

  plant(story, "new-adult", "",
        {{"bradford-csc", "answered", {"household", "social-care.contact"}},
         {"bradford-health", "answered", {"health.community"}},
         {"wy-police", "answered", {"police.incident"}},
         {"wy-probation", "answered", {"probation"}}});
  return story;
}

}  // namespace ginnel::synth
