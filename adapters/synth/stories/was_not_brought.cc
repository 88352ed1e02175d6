// SPDX-License-Identifier: Apache-2.0
// Five years old, unknown to social care. The health visitor, a hospital and the school were each given a reason, and
// each time another one.
#include "adapters/synth/stories/telling.h"

namespace ginnel::synth {

Story was_not_brought(Date today, Numbers& numbers, Exports& exports) {
  Story story;
  Family& family = story.family;
  Date birth = days_before(today, 1980);
  family.children.push_back(child_of("Haider", "Zamurrad", Sex::male, birth, today, numbers));
  family.mother = somebody("Nasima", "Zamurrad", Sex::female, days_before(today, 11'700), numbers);
  family.father = somebody("Kamran", "Zamurrad", Sex::male, days_before(today, 13'000), numbers);
  Home home{District::bradford, "31 Woolcomb Terrace",    "Bradford", "BD3 8LN",
            "999000000061",     days_before(today, 1900), {}};
  family.homes = {home};

  Telling(story, exports, today, "bradford-health", home, {"Nasreen Gill", "Health visitor", "Health visiting", ""})
      .last_contact(1302)
      .happened(1302, "HV", "health visitor contact at home", "no concerns")
      .at(9, 45)
      .happened(1232, "DEV-N", "two-year development review", "said to be away with relatives")
      .at(9, 30)
      .happened(1183, "DEV-N", "two-year development review, second time", "said to have chickenpox")
      .at(9, 30)
      .happened(616, "DEN-N", "dental appointment", "said to have been forgotten")
      .at(15, 0)
      .happened(61, "SN-N", "school entry health check", "form not returned, said to be lost")
      .at(10, 0);
  Telling(story, exports, today, "leeds-health", home,
          {"Tracey Oates", "Specialist nurse", "Children's eye clinic", ""})
      .last_contact(553)
      .happened(553, "PAED", "squint clinic", "patching advised, back in three months")
      .at(11, 30)
      .happened(455, "PAED-N", "squint clinic", "mother telephoned: the car broke down")
      .at(11, 30)
      .happened(371, "PAED-N", "squint clinic, second time", "letter said to have gone to an old address")
      .at(14, 15)
      .recorded_days_later(1)
      .happened(252, "PAED-N", "squint clinic, third time", "discharged to the GP")
      .at(11, 30);
  Telling(story, exports, today, "bradford-education", home, {"Ruth Coates", "Safeguarding lead", "", ""})
      .at_school(school("Tenterfield Primary School", "Bobbin Lane", "Bradford", "BD3 9QT", "Ruth Coates"))
      .last_contact(3)
      .happened(144, "%", "Summer term", "84")
      .happened(56, "I", "")
      .happened(49, "M", "")
      .happened(35, "I", "")
      .happened(14, "M", "")
      .happened(7, "I", "")
      .happened(3, "SAF", "concern: absent on five Mondays, a different reason each time", "parent spoken to",
                "Medical appointments were given twice; no card or letter was shown.");

  plant(story, "was-not-brought", "",
        {{"bradford-health", "answered", {"health.community"}},
         {"leeds-health", "answered", {"health.community"}},
         {"bradford-education", "answered", {"education.attendance"}}});
  return story;
}

}  // namespace ginnel::synth
