// SPDX-License-Identifier: Apache-2.0
// Fifteen, judged competent; one attendance that nobody is told of without her.
#include "adapters/synth/stories/telling.h"

namespace ginnel::synth {

Story sexual_health_competent(Date today, Numbers& numbers, Exports& exports) {
  Story story;
  Family& family = story.family;
  Date birth = days_before(today, 5660);
  family.children.push_back(child_of("Jodie", "Hollindrake", Sex::female, birth, today, numbers));
  family.mother = somebody("Paula", "Hollindrake", Sex::female, days_before(today, 15'000), numbers);
  Home home{District::bradford, "27 Shuttle Fold", "Shipley", "BD18 4HS", "999000000031", days_before(today, 4000), {}};
  family.homes = {home};
  Telling(story, exports, today, "bradford-health", home,
          {"Siobhan Beaumont", "Clinical nurse specialist", "Young people's clinic", ""})
      .not_involved()
      .happened(25, "SRH", "attendance", "", "Judged competent under the Fraser guidelines.")
      .at(16, 20);
  Telling(story, exports, today, "bradford-education", home, {"Shazia Anwar", "Safeguarding lead", "", ""})
      .at_school(school("Shuttle Green High School", "Shuttle Avenue", "Bradford", "BD9 1LS", "Shazia Anwar"))
      .happened(320, "%", "Autumn term", "94")
      .happened(220, "%", "Spring term", "93")
      .happened(130, "%", "Summer term", "90")
      .happened(262, "I", "")
      .happened(207, "M", "")
      .happened(147, "I", "")
      .happened(66, "I", "")
      .happened(38, "M", "")
      .happened(24, "O", "")
      .happened(10, "I", "");

  plant(story, "sexual-health-competent", "",
        {{"bradford-health", "withheld", {}}, {"bradford-education", "answered", {"education.attendance"}}});
  return story;
}

}  // namespace ginnel::synth
