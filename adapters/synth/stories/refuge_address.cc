// SPDX-License-Identifier: Apache-2.0
// Seven years old, fled with his mother to a refuge in Calderdale; his school in Bradford would give it away.
#include "adapters/synth/stories/telling.h"

namespace ginnel::synth {

Story refuge_address(Date today, Numbers& numbers, Exports& exports) {
  Story story;
  Family& family = story.family;
  Date birth = days_before(today, 2700), fled = days_before(today, 34);
  family.children.push_back(child_of("Toby", "Featherby", Sex::male, birth, today, numbers));
  family.mother = somebody("Kirsty", "Featherby", Sex::female, days_before(today, 11'300), numbers);
  Home bradford{District::bradford, "9 Bobbin Croft",         "Keighley", "BD21 3NL",
                "999000000021",     days_before(today, 2500), fled};
  Home refuge{District::calderdale, "Hollow Beck House", "Halifax", "HX1 5SD", "999000000022", fled, {}};
  family.homes = {refuge, bradford};  // the one that may be known stands last

  Telling(story, exports, today, "bradford-csc", bradford, {"Claire Sheard", "Social worker", "Assessment team", ""})
      .with_mother()
      .closed()
      .happened(400, "C", "police", "no further action", "Argument between adults.")
      .happened(210, "C", "school", "advice given")
      .happened(60, "R", "police", "no further action", "Family left the address before the visit.");
  Telling(story, exports, today, "calderdale-csc", refuge, {"Ruth Tattersall", "Social worker", "Locality team", ""})
      .with_mother()
      .shielded_person("PA")
      .last_contact(6)
      .happened(33, "MV", "moved into the district with his mother", "")
      .shielded("PA")
      .happened(30, "HH", "household: mother and child", "", "Refuge staff hold the keys; ask before any letter.")
      .shielded("PA")
      .happened(28, "AS", "single assessment", "child in need plan")
      .happened(6, "VI", "visit", "seen alone");
  Telling(story, exports, today, "wy-police", bradford, {"Kevin Doyle", "Detective constable", "Safeguarding unit", ""})
      .with_mother()
      .happened(401, "DOM", "verbal argument between adults, child in the house", "public protection notice")
      .at(22, 15)
      .about_mother()
      .happened(62, "DOM", "officers attended the home address", "arrest")
      .at(1, 20)
      .about_mother();
  Telling(story, exports, today, "bradford-education", bradford, {"Ruth Coates", "Safeguarding lead", "", ""})
      .at_school(school("Tenterfield Primary School", "Bobbin Lane", "Bradford", "BD3 9QT", "Ruth Coates"))
      .last_contact(3);

  plant(story, "refuge-address", "",
        {{"bradford-csc", "answered", {"social-care.contact", "social-care.referral"}},
         {"calderdale-csc", "answered", {"social-care.contact"}},
         {"wy-police", "answered", {"police.incident"}},
         {"bradford-education", "withheld", {}}});
  return story;
}

}  // namespace ginnel::synth
