// SPDX-License-Identifier: Apache-2.0
// One child, two identities that nothing may join. Under the new one she is found, with what has been since. Under the
// one she was born with she is sealed wherever she is held, and every agency answers as for a child it never heard of.
// Leeds holds both. Day of birth, sex and given name are the same, as in life; numbers, surname and address are not.
#include "adapters/synth/stories/telling.h"

namespace ginnel::synth {
namespace {

constexpr const char* given_name = "Maisie";

Date birth_of_both(Date today) { return days_before(today, 2030); }

}  // namespace

Story adopted(Date today, Numbers& numbers, Exports& exports) {
  Story story;
  Family& family = story.family;
  family.children.push_back(child_of(given_name, "Thackthwaite", Sex::female, birth_of_both(today), today, numbers));
  family.mother = somebody("Joanne", "Thackthwaite", Sex::female, days_before(today, 15'300), numbers);
  family.father = somebody("Philip", "Thackthwaite", Sex::male, days_before(today, 15'900), numbers);
  Home home{District::calderdale,
            "5 Packhorse View",
            "Hebden Bridge",
            "HX7 8RA",
            "999000000071",
            days_before(today, 4000),
            {}};
  family.homes = {home};

  Telling(story, exports, today, "calderdale-csc", home, {"Peter Garside", "Social worker", "Locality team", ""})
      .with_mother()
      .with_father()
      .closed()
      .happened(320, "C", "school", "advice given", "Settling slowly, parents in touch with school.");
  Telling(story, exports, today, "leeds-health", home, {"Siobhan Riaz", "Health visitor", "Health visiting", ""})
      .last_contact(413)
      .happened(602, "DEV", "development review", "as expected for age")
      .at(10, 0)
      .happened(413, "HV", "health visitor contact at home", "no concerns")
      .at(13, 30)
      .happened(118, "AE", "wrist injury at play", "discharged home")
      .at(16, 10);

  plant(story, "adopted", "",
        {{"calderdale-csc", "answered", {"social-care.contact"}}, {"leeds-health", "answered", {"health.community"}}});
  return story;
}

Story before_adoption(Date today, Numbers& numbers, Exports& exports) {
  Story story;
  story.is_sealed = true;
  Family& family = story.family;
  Date birth = birth_of_both(today), placed = days_before(today, 1230);
  family.children.push_back(child_of(given_name, "Ellerbeck", Sex::female, birth, placed, numbers));
  family.mother = somebody("Stacey", "Ellerbeck", Sex::female, days_before(today, 10'100), numbers);
  Home home{District::bradford, "44 Shoddy Lane", "Bradford", "BD8 7PU", "999000000072", birth, placed};
  family.homes = {home};

  Telling(story, exports, today, "bradford-csc", home, {"Marcus Booth", "Social worker", "Permanence team", ""})
      .with_mother()
      .closed()
      .shielded_person("AD")
      .happened(2012, "R", "hospital", "assessment")
      .happened(1991, "ST", "strategy discussion: police, health", "section 47 enquiry")
      .happened(1970, "IC", "initial child protection conference", "plan, neglect")
      .happened(1970, "CP", "child protection plan", "neglect")
      .happened(1844, "MV", "moved to foster carers", "")
      .happened(1230, "CL", "case closed", "permanent family found");
  Telling(story, exports, today, "bradford-health", home, {"Julie Mellor", "Health visitor", "Health visiting", ""})
      .closed()
      .shielded_person("AD")
      .happened(2009, "HV", "health visitor contact at home", "concern told to social care")
      .at(10, 0)
      .happened(1988, "PAED", "child protection medical", "report to social care")
      .at(14, 0);
  Telling(story, exports, today, "leeds-health", home, {"Denise Nazir", "Ward sister", "Neonatal unit", ""})
      .closed()
      .shielded_person("AD")
      .happened(2029, "PAED", "neonatal unit, withdrawal observed", "discharged to the mother's home")
      .at(12, 0);
  Telling(story, exports, today, "wy-police", home, {"Anwar Whitaker", "Detective constable", "Safeguarding unit", ""})
      .closed()
      .shielded_person("AD")
      .happened(1992, "INC", "baby alone in the flat", "referral to social care")
      .at(23, 15);

  plant(story, "adopted", "", {});
  return story;
}

}  // namespace ginnel::synth
