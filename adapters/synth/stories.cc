// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/stories.h"

#include <algorithm>

namespace ginnel::synth {
namespace {

Somebody somebody(const char* given, const char* family, Sex sex, Date birth, Numbers& numbers) {
  Somebody made;
  made.id = numbers.person();
  made.given = given;
  made.family = family;
  made.sex = sex;
  made.birth = birth;
  made.nhs_number = numbers.nhs();
  return made;
}

Somebody child_of(const char* given, const char* family, Sex sex, Date birth, Numbers& numbers) {
  Somebody made = somebody(given, family, sex, birth, numbers);
  made.is_child = true;
  made.upn = numbers.upn(birth.year);
  return made;
}

// Tells one child's part of one agency.
class Telling {
 public:
  Telling(Story& story, Exports& exports, Date today, const std::string& node, const Home& home, Worker worker)
      : story_(story), today_(today), system_(*exports.at(node)) {
    part_.node = node;
    part_.child = exact_copy(story.family.children[0], home);
    part_.child.key = system_.key_of(part_.child.id);
    worker.telephone = telephone_of(node, worker.team);
    part_.involvement.worker = std::move(worker);
    part_.involvement.from = home.from;
  }
  ~Telling() {
    auto& events = part_.events;
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.date < b.date; });
    if (!part_.involvement.last_contact.is_set()) part_.involvement.last_contact = events.back().date;
    story_.parts.push_back(std::move(part_));
  }
  Telling(const Telling&) = delete;
  Telling& operator=(const Telling&) = delete;

  Telling& with_mother() {
    mother_key();
    return *this;
  }
  Telling& closed() {
    part_.involvement.open = false;
    return *this;
  }
  Telling& not_involved() {
    part_.involved = false;
    return *this;
  }
  Telling& last_contact(int days_ago) {
    part_.involvement.last_contact = days_before(today_, days_ago);
    return *this;
  }
  Telling& shield_person() {
    part_.child.shield = "PA";
    return *this;
  }
  Telling& at_school(School school) {
    part_.child.school = std::move(school);
    part_.involvement.worker.team = part_.child.school.name;
    part_.involvement.worker.telephone = part_.child.school.telephone;
    return *this;
  }
  Telling& happened(int days_ago, const char* code, const char* text, const char* outcome = "", const char* note = "") {
    Event event;
    event.code = code;
    event.date = event.recorded = days_before(today_, days_ago);
    event.text = text;
    event.outcome = outcome;
    event.note = note;
    event.worker = part_.involvement.worker;
    part_.events.push_back(std::move(event));
    return *this;
  }
  // -- the event just told
  Telling& at(int hour, int minute) {
    part_.events.back().minutes = hour * 60 + minute;
    return *this;
  }
  Telling& recorded_days_later(int days) {
    Event& event = part_.events.back();
    event.recorded = std::min(days_after(event.date, days), today_);
    return *this;
  }
  Telling& about_mother() {
    part_.events.back().other_key = mother_key();
    return *this;
  }
  Telling& shielded(const char* shield) {
    part_.events.back().shield = shield;
    return *this;
  }

 private:
  const std::string& mother_key() { return system_.key_of(story_.family.mother.id); }

  Story& story_;
  Date today_;
  AgencyExport& system_;
  Part part_;
};

void plant(Story& story, const char* name, const char* lead) {
  const Somebody& child = story.family.children[0];
  story.planted = {
      name, child.nhs_number, child.family, child.given, child.birth, story.family.homes.back().postcode, lead, {}};
}

// All ten nodes; those not named are not-known.
void expect(PlantedChild& planted, const std::vector<StoryExpectation>& known) {
  for (const SynthNode& node : synth_nodes()) {
    StoryExpectation expectation{node.id, "not-known", {}};
    for (const StoryExpectation& one : known) {
      if (one.node == node.id) expectation = one;
    }
    std::sort(expectation.categories.begin(), expectation.categories.end());
    planted.expect.push_back(std::move(expectation));
  }
}

School school(const char* name, const char* street, const char* town, const char* postcode, const char* lead) {
  return {name, street, town, postcode, telephone_of("bradford-education", name), lead};
}

// Ten years old, three authorities, on a plan for neglect in Bradford; every agency holds a piece of it.
Story moved_twice(Date today, Numbers& numbers, Exports& exports) {
  Story story;
  Family& family = story.family;
  Date birth = days_before(today, 3906);
  family.children.push_back(child_of("Amara", "Wintersgill", Sex::female, birth, numbers));
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

  plant(story, "moved-twice", "bradford-csc");
  expect(story.planted,
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

// Seven years old, fled with his mother to a refuge in Calderdale; his school in Bradford would give it away.
Story refuge_address(Date today, Numbers& numbers, Exports& exports) {
  Story story;
  Family& family = story.family;
  Date birth = days_before(today, 2700), fled = days_before(today, 34);
  family.children.push_back(child_of("Toby", "Featherby", Sex::male, birth, numbers));
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
      .shield_person()
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

  plant(story, "refuge-address", "");
  expect(story.planted, {{"bradford-csc", "answered", {"social-care.contact", "social-care.referral"}},
                         {"calderdale-csc", "answered", {"social-care.contact"}},
                         {"wy-police", "answered", {"police.incident"}},
                         {"bradford-education", "withheld", {}}});
  return story;
}

// Fifteen, judged competent; one attendance that nobody is told of without her.
Story sexual_health_competent(Date today, Numbers& numbers, Exports& exports) {
  Story story;
  Family& family = story.family;
  Date birth = days_before(today, 5660);
  family.children.push_back(child_of("Jodie", "Hollindrake", Sex::female, birth, numbers));
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

  plant(story, "sexual-health-competent", "");
  expect(story.planted,
         {{"bradford-health", "withheld", {}}, {"bradford-education", "answered", {"education.attendance"}}});
  return story;
}

}  // namespace

Story plant_story(int which, Date today, Numbers& numbers, Exports& exports) {
  switch (which) {
    case 0:
      return moved_twice(today, numbers, exports);
    case 1:
      return refuge_address(today, numbers, exports);
    default:
      return sexual_health_competent(today, numbers, exports);
  }
}

}  // namespace ginnel::synth
