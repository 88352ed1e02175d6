// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/stories/telling.h"

#include <algorithm>

#include "federation/base/bytes.h"
#include "federation/base/crypto/hash.h"

namespace ginnel::synth {

const std::vector<StoryTeller>& story_tellers() {
  static const std::vector<StoryTeller> tellers = {moved_twice,     three_concerns,         new_adult,
                                                   was_not_brought, refuge_address,         adopted,
                                                   before_adoption, sexual_health_competent};
  return tellers;
}

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

Somebody child_of(const char* given, const char* family, Sex sex, Date birth, Date today, Numbers& numbers) {
  Somebody made = somebody(given, family, sex, birth, numbers);
  made.is_child = true;
  if (age_on(birth, today) >= 4) made.upn = numbers.upn(birth.year);
  return made;
}

School school(const char* name, const char* street, const char* town, const char* postcode, const char* lead) {
  return {name, street, town, postcode, telephone_of("bradford-education", name), lead};
}

Telling::Telling(Story& story, Exports& exports, Date today, const std::string& node, const Home& home, Worker worker)
    : story_(story), today_(today), system_(*exports.at(node)) {
  part_.node = node;
  part_.child = exact_copy(story.family.children[0], home);
  part_.child.key = system_.key_of(part_.child.id);
  worker.telephone = telephone_of(node, worker.team);
  part_.involvement.worker = std::move(worker);
  part_.involvement.from = home.from;
}

Telling::~Telling() {
  auto& events = part_.events;
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.date < b.date; });
  if (!part_.involvement.last_contact.is_set()) part_.involvement.last_contact = events.back().date;
  story_.parts.push_back(std::move(part_));
}

Telling& Telling::with_mother() {
  system_.key_of(story_.family.mother.id);
  return *this;
}
Telling& Telling::with_father() {
  system_.key_of(story_.family.father->id);
  return *this;
}
Telling& Telling::with_partner() {
  system_.key_of(story_.family.partner->id);
  return *this;
}
Telling& Telling::closed() {
  part_.involvement.open = false;
  return *this;
}
Telling& Telling::not_involved() {
  part_.involved = false;
  return *this;
}
Telling& Telling::last_contact(int days_ago) {
  part_.involvement.last_contact = days_before(today_, days_ago);
  return *this;
}
Telling& Telling::shielded_person(const char* shield) {
  part_.child.shield = shield;
  return *this;
}
Telling& Telling::at_school(School school) {
  part_.child.school = std::move(school);
  part_.involvement.worker.team = part_.child.school.name;
  part_.involvement.worker.telephone = part_.child.school.telephone;
  return *this;
}

Telling& Telling::happened(int days_ago, const char* code, const char* text, const char* outcome, const char* note) {
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
Telling& Telling::at(int hour, int minute) {
  part_.events.back().minutes = hour * 60 + minute;
  return *this;
}
Telling& Telling::recorded_days_later(int days) {
  Event& event = part_.events.back();
  event.recorded = std::min(days_after(event.date, days), today_);
  return *this;
}
Telling& Telling::about_mother() {
  part_.events.back().other_key = system_.key_of(story_.family.mother.id);
  return *this;
}
// Probation's rows are about the adult under supervision, the police's name an adult of the household beside the child.
Telling& Telling::about_partner() {
  Event& event = part_.events.back();
  (part_.node == "wy-probation" ? event.other_key : event.adult_key) = system_.key_of(story_.family.partner->id);
  return *this;
}
Telling& Telling::about_partner_only() {
  part_.events.back().about_child = false;
  return about_partner();
}
Telling& Telling::shielded(const char* shield) {
  part_.events.back().shield = shield;
  return *this;
}
Telling& Telling::photograph(const char* file_name) {
  Event& event = part_.events.back();
  event.file_name = file_name;
  Hash hash = sha256(view_of(std::string_view(file_name)));  // there is no picture of a child who does not exist
  event.file_sha256 = to_hex(hash);
  return *this;
}

void plant(Story& story, const char* name, const char* lead, const std::vector<StoryExpectation>& known) {
  const Somebody& child = story.family.children[0];
  PlantedChild& planted = story.planted;
  planted = {name, child.nhs_number, child.family, child.given, child.birth, story.family.home().postcode, lead, {}};
  for (const SynthNode& node : synth_nodes()) {
    StoryExpectation expectation{node.id, "not-known", {}};
    for (const StoryExpectation& one : known) {
      if (one.node == node.id) expectation = one;
    }
    std::sort(expectation.categories.begin(), expectation.categories.end());
    planted.expect.push_back(std::move(expectation));
  }
}

}  // namespace ginnel::synth
