// SPDX-License-Identifier: Apache-2.0
// Ten years old, three authorities, on a plan for neglect in Bradford; every agency holds a piece of it.
#include "adapters/synth/stories/telling.h"

namespace ginnel::synth {

Story moved_twice(Date today, Numbers& numbers, Exports& exports) {
  Story story;
  Family& family = story.family;
  Date birth = days_before(today, 3906);
  family.children.push_back(child_of("Amara", "Wintersgill", Sex::female, birth, today, numbers));
  family.mother = somebody("Leanne", "Wintersgill", Sex::female, days_before(today, 12'100), numbers);
  Date to_leeds = days_before(today, 2210), to_bradford = days_before(today, 760);
  Home wakefield{District::wakefield, "14 Delver Terrace", "Castleford", "WF10 4QP", "999000000011", birth, to_leeds};
  Home leeds{District::leeds, "3 Spindle Mount", "Leeds", "LS9 7RW", "999000000012", to_leeds, to_bradford};
  Home bradford{District::bradford, "62 Heddle Road", "Bradford", "BD5 9TJ", "999000000013", to_bradford, {}};
  family.homes = {wakefield, leeds, bradford};

  Telling(story, exports, today, "wakefield-csc", wakefield, {"Colin Garside", "Social worker", "Assessment team", ""})
      .with_mother()
      .closed()
      .happened(2420, "C", "health visitor", "assessment",
                "Missed appointments, mother alone with the baby's older cousin.")
      .happened(2390, "AS", "single assessment", "no further action");
  Telling(story, exports, today, "leeds-csc", leeds, {"Imelda Gill", "Social worker", "Locality team east", ""})
      .with_mother()
      .closed()
      .happened(1320, "R", "school", "assessment", "Often late, often hungry.")
      .happened(1240, "VI", "home visit", "seen alone")
      .happened(770, "MV", "family moving to Bradford", "Bradford told by telephone")
      .recorded_days_later(3);
  Telling(story, exports, today, "leeds-health", leeds, {"Tracey Oates", "Health visitor", "Health visiting", ""})
      .closed()
      .happened(2150, "DEV", "development review", "speech delay, referred")
      .at(10, 30)
      .happened(1400, "AE", "scald to the hand", "dressed, discharged home")
      .at(18, 45)
      .happened(1160, "PAED-N", "paediatric review", "discharged after two missed")
      .at(9, 0)
      .recorded_days_later(2);
  Telling(story, exports, today, "bradford-csc", bradford,
          {"Parminder Booth", "Social worker (lead)", "Locality team west", ""})
      .with_mother()
      .last_contact(4)
      .happened(129, "R", "school", "assessment", "Third week without a coat or lunch.")
      .happened(110, "AS", "single assessment", "strategy discussion")
      .happened(103, "ST", "strategy discussion: police, health, school", "section 47 enquiry")
      .happened(97, "S47", "section 47 enquiry", "concerns substantiated, continuing risk")
      .happened(82, "IC", "initial child protection conference", "plan, neglect")
      .happened(82, "CP", "child protection plan", "neglect")
      .happened(70, "CG", "core group", "plan agreed")
      .happened(61, "VI", "home visit", "seen alone")
      .happened(40, "VO", "direct work at school", "", "Said she gets her own tea and that nights are loud.")
      .happened(20, "HH", "household: mother and child; a man's clothes in the hall", "")
      .happened(4, "VI", "home visit", "seen alone", "Kitchen bare. Mother tired, spoke little.");
  Telling(story, exports, today, "bradford-health", bradford, {"Julie Mellor", "School nurse", "School nursing", ""})
      .last_contact(11)
      .happened(200, "PAED-N", "paediatric review", "second appointment sent")
      .at(9, 30)
      .recorded_days_later(1)
      .happened(21, "PAED-N", "paediatric review, second time", "consultant told")
      .at(9, 30)
      .recorded_days_later(2)
      .happened(11, "SN", "school nurse contact", "weight below the 9th centile")
      .at(13, 15)
      .happened(150, "PAR", "treatment of a parent", "continues")
      .at(11, 0)
      .about_mother()
      .happened(45, "PAR", "treatment of a parent", "did not attend")
      .at(11, 0)
      .about_mother();
  Telling(story, exports, today, "wy-police", bradford,
          {"Anwar Whitaker", "Detective constable", "Safeguarding unit", ""})
      .with_mother()
      .last_contact(15)
      .happened(1010, "DOM", "verbal argument between adults, child in the house", "public protection notice")
      .at(21, 40)
      .about_mother()
      .happened(55, "INC", "child alone in the street after dark, taken home", "referral to social care")
      .at(20, 5)
      .happened(15, "DOM", "officers attended the home address", "public protection notice")
      .at(23, 10)
      .recorded_days_later(1)
      .about_mother()
      .happened(12, "INT", "report about an adult at the address", "not to be shared without the originator")
      .shielded("2EC");
  Telling(story, exports, today, "bradford-education", bradford, {"Nasreen Nazir", "Safeguarding lead", "", ""})
      .at_school(school("Packhorse Primary Academy", "Packhorse Road", "Bradford", "BD7 5HU", "Nasreen Nazir"))
      .happened(140, "%", "Summer term", "81")
      .happened(131, "SAF", "concern: hungry and without a coat", "children's services told", "Third week in a row.")
      .happened(11, "O", "")
      .happened(4, "O", "")
      .happened(0, "O", "");

  plant(story, "moved-twice", "bradford-csc",
        {{"bradford-csc",
          "answered",
          {"child.voice", "household", "social-care.assessment", "social-care.conference", "social-care.contact",
           "social-care.plan", "social-care.referral", "social-care.s47", "social-care.visit"}},
         {"leeds-csc", "answered", {"household", "social-care.contact", "social-care.referral", "social-care.visit"}},
         {"wakefield-csc", "answered", {"social-care.assessment", "social-care.contact"}},
         {"wy-police", "answered", {"police.domestic", "police.incident"}},
         {"bradford-health", "answered", {"health.attendance", "health.community"}},
         {"leeds-health", "answered", {"health.attendance", "health.community", "health.development"}},
         {"bradford-education", "answered", {"education.attendance", "education.safeguarding"}}});
  return story;
}

}  // namespace ginnel::synth
