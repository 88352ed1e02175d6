// SPDX-License-Identifier: Apache-2.0
// How a story is told: the people in it, one agency's part of one child's life after another, and what to expect.
#pragma once

#include <string>
#include <vector>

#include "adapters/synth/stories.h"

namespace ginnel::synth {

Somebody somebody(const char* given, const char* family, Sex sex, Date birth, Numbers& numbers);
// With a pupil number if the child is four or older.
Somebody child_of(const char* given, const char* family, Sex sex, Date birth, Date today, Numbers& numbers);

School school(const char* name, const char* street, const char* town, const char* postcode, const char* lead);

// One agency's part. It joins the story when the telling goes; its events are sorted then.
class Telling {
 public:
  Telling(Story& story, Exports& exports, Date today, const std::string& node, const Home& home, Worker worker);
  ~Telling();
  Telling(const Telling&) = delete;
  Telling& operator=(const Telling&) = delete;

  Telling& with_mother();  // the agency has her too
  Telling& with_father();
  Telling& with_partner();  // of the mother
  Telling& closed();        // the agency works with the child no longer
  Telling& not_involved();  // has no involvement record
  Telling& last_contact(int days_ago);
  Telling& shielded_person(const char* shield);  // "PA", "AD"
  Telling& at_school(School school);
  Telling& happened(int days_ago, const char* code, const char* text, const char* outcome = "", const char* note = "");
  // -- the event just told
  Telling& at(int hour, int minute);
  Telling& recorded_days_later(int days);
  Telling& about_mother();
  Telling& about_partner();       // beside the child
  Telling& about_partner_only();  // before they knew each other
  Telling& shielded(const char* shield);
  Telling& photograph(const char* file_name);  // of which the agency has the file and this record the hash

 private:
  Story& story_;
  Date today_;
  AgencyExport& system_;
  Part part_;
};

// Fills `story.planted` in from its first child and last home. `known` may leave out whom the child is not-known to.
void plant(Story& story, const char* name, const char* lead, const std::vector<StoryExpectation>& known);

}  // namespace ginnel::synth
