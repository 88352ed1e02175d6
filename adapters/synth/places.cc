// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/places.h"

#include <array>
#include <cstdio>

namespace ginnel::synth {
namespace {

struct DistrictFacts {
  const char* area;        // of the postcode
  std::vector<int> codes;  // postcode districts
  std::vector<const char*> towns;
  const char* social_care;
  const char* health;
};

const DistrictFacts& facts(District district) {
  static const std::array<DistrictFacts, 5> all = {{
      {"BD",
       {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 18, 21},
       {"Bradford", "Shipley", "Keighley", "Bingley"},
       "bradford-csc",
       "bradford-health"},
      {"LS",
       {1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 26},
       {"Leeds", "Pudsey", "Morley", "Rothwell"},
       "leeds-csc",
       "leeds-health"},
      {"HD", {1, 2, 3, 4, 5, 7, 9}, {"Huddersfield", "Holmfirth", "Slaithwaite"}, "kirklees-csc", ""},
      {"HX", {1, 2, 3, 4, 5, 6, 7}, {"Halifax", "Elland", "Sowerby Bridge", "Hebden Bridge"}, "calderdale-csc", ""},
      {"WF", {1, 2, 3, 4, 6, 8, 9, 10}, {"Wakefield", "Castleford", "Pontefract", "Normanton"}, "wakefield-csc", ""},
  }};
  return all[std::size_t(district)];
}

constexpr const char* street_first[] = {
    "Tenter",  "Weaver",  "Fleece", "Shoddy", "Packhorse", "Bobbin",  "Woolcomb", "Heddle",   "Carder",  "Teasel",
    "Spindle", "Fulling", "Loom",   "Delver", "Quarryman", "Snicket", "Worsted",  "Dyehouse", "Shuttle", "Croppers"};
constexpr const char* street_last[] = {"Street", "Road",  "Lane",  "Avenue", "Terrace",
                                       "Mount",  "Grove", "Croft", "View",   "Fold"};
constexpr const char* inward_letters = "ABDEFGHJLNPQRSTUWXYZ";

struct SchoolFacts {
  const char *name, *street, *town, *postcode, *lead;
};
constexpr SchoolFacts primaries[] = {
    {"Tenterfield Primary School", "Bobbin Lane", "Bradford", "BD3 9QT", "Ruth Coates"},
    {"Teasel Grove Primary School", "Teasel Grove", "Keighley", "BD21 4PX", "Sajid Riaz"},
    {"Fleece Lane Primary School", "Fleece Lane", "Shipley", "BD18 2WZ", "Helen Lumb"},
    {"Packhorse Primary Academy", "Packhorse Road", "Bradford", "BD7 5HU", "Nasreen Nazir"},
    {"Heddle Mount Primary School", "Heddle Mount", "Bradford", "BD5 8RJ", "Denise Garside"}};
constexpr SchoolFacts secondaries[] = {
    {"Worsted Hill Academy", "Worsted Road", "Bradford", "BD4 6TN", "Marcus Sheard"},
    {"Shuttle Green High School", "Shuttle Avenue", "Bradford", "BD9 1LS", "Shazia Anwar"},
    {"Dyehouse Beck School", "Dyehouse Lane", "Keighley", "BD21 7DE", "Colin Wolfenden"}};

}  // namespace

District make_district(Chance& chance) {
  int percent = chance.between(0, 99);
  if (percent < 42) return District::bradford;
  if (percent < 66) return District::leeds;
  if (percent < 80) return District::kirklees;
  return percent < 90 ? District::calderdale : District::wakefield;
}

District another_district(District not_this, Chance& chance) {
  return District((int(not_this) + chance.between(1, 4)) % 5);
}

Home make_home(District district, Date from, Chance& chance) {
  const DistrictFacts& at = facts(district);
  Home home;
  home.district = district;
  // One choice a statement: the order of choices within an expression is the compiler's.
  int number = chance.between(1, 180);
  std::string first = chance.one_of(street_first);
  std::string last = chance.one_of(street_last);
  home.street = std::to_string(number) + " " + first + " " + last;
  home.town = chance.one_of(at.towns);
  int code = chance.one_of(at.codes);
  int sector = chance.between(0, 9);
  home.postcode = at.area + std::to_string(code) + " " + std::to_string(sector);
  for (int i = 0; i < 2; ++i) home.postcode += inward_letters[chance.between(0, 19)];
  char uprn[16];
  std::snprintf(uprn, sizeof uprn, "9990%08d", chance.between(0, 99999999));
  home.uprn = uprn;
  home.from = from;
  return home;
}

const School& school_for(int age, Chance& chance) {
  static const auto all = [] {
    std::vector<School> made;
    auto add = [&](const SchoolFacts& it) {
      made.push_back({it.name, it.street, it.town, it.postcode, telephone_of("bradford-education", it.name), it.lead});
    };
    for (const auto& it : primaries) add(it);
    for (const auto& it : secondaries) add(it);
    return made;
  }();
  constexpr int primary_count = int(std::size(primaries)), count = primary_count + int(std::size(secondaries));
  return age < 11 ? all[std::size_t(chance.between(0, primary_count - 1))]
                  : all[std::size_t(chance.between(primary_count, count - 1))];
}

std::string social_care_of(District district) { return facts(district).social_care; }
std::string health_of(District district) { return facts(district).health; }

std::string telephone_of(const std::string& node, const std::string& team) {
  std::uint32_t sum = 2166136261u;  // FNV-1a
  for (char c : node + "/" + team) sum = (sum ^ static_cast<unsigned char>(c)) * 16777619u;
  char text[16];
  std::snprintf(text, sizeof text, "01632 960%03u", unsigned(sum % 1000));
  return text;
}

}  // namespace ginnel::synth
