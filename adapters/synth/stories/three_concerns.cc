// SPDX-License-Identifier: Apache-2.0
// Six years old. A school, a hospital and a relative each saw one bruise within twelve days; each was below the
// threshold alone, and the relative's report was called malicious. All three have photographs, and nobody has three.
#include "adapters/synth/stories/telling.h"

namespace ginnel::synth {

Story three_concerns(Date today, Numbers& numbers, Exports& exports) {
  Story story;
  Family& family = story.family;
  Date birth = days_before(today, 2290);
  family.children.push_back(child_of("Tilly", "Ravensthwaite", Sex::female, birth, today, numbers));
  family.mother = somebody("Gemma", "Ravensthwaite", Sex::female, days_before(today, 10'900), numbers);
  Home home{District::bradford, "18 Teasel Grove", "Shipley", "BD18 3LD", "999000000041", days_before(today, 1500), {}};
  family.homes = {home};

  Telling(story, exports, today, "bradford-education", home, {"Helen Lumb", "Safeguarding lead", "", ""})
      .at_school(school("Fleece Lane Primary School", "Fleece Lane", "Shipley", "BD18 2WZ", "Helen Lumb"))
      .last_contact(3)
      .happened(320, "%", "Autumn term", "97")
      .happened(130, "%", "Summer term", "95")
      .happened(17, "SAF", "concern: bruise on the forearm seen at PE", "parent spoken to, below the threshold",
                "Said that she fell off the swing. Mother said the same.")
      .happened(17, "PHO", "photograph of the forearm", "kept in the child's file")
      .photograph("forearm-1.jpg");
  Telling(story, exports, today, "bradford-health", home, {"Julie Mellor", "School nurse", "School nursing", ""})
      .last_contact(66)
      .happened(66, "SN", "school entry health check", "no concerns")
      .at(10, 15)
      .happened(12, "AE", "bruise to the cheek, said to be a fall from a bunk bed", "consistent with the account, home")
      .at(17, 35)
      .happened(12, "PHO", "clinical photographs of the cheek", "kept by medical illustration")
      .at(18, 20)
      .photograph("cheek-1.jpg");
  Telling(story, exports, today, "bradford-csc", home, {"Donna Oates", "Duty social worker", "Front door", ""})
      .with_mother()
      .closed()
      .happened(5, "C", "relative", "no further action, thought to be malicious",
                "Aunt reports bruises to the back and arms and sends two photographs.\nMother says that the family has "
                "fallen out over money.")
      .happened(5, "PH", "photographs sent by a relative", "not passed on")
      .photograph("from-relative-1.jpg");

  plant(story, "three-concerns", "",
        {{"bradford-csc", "answered", {"social-care.contact", "social-care.note"}},
         {"bradford-health", "answered", {"health.community"}},
         {"bradford-education", "answered", {"education.attendance"}}});
  return story;
}

}  // namespace ginnel::synth
