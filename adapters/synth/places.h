// SPDX-License-Identifier: Apache-2.0
// The five districts: their agencies' nodes, and invented streets and schools in real postcode areas.
#pragma once

#include <string>
#include <vector>

#include "adapters/synth/chance.h"

namespace ginnel::synth {

enum class District { bradford, leeds, kirklees, calderdale, wakefield };

struct Home {
  District district = District::bradford;
  std::string street, town, postcode, uprn;
  Date from, to;  // `to` not set: they live there now
};

struct School {
  std::string name, street, town, postcode, telephone, safeguarding_lead;
};

District make_district(Chance& chance);
District another_district(District not_this, Chance& chance);
Home make_home(District district, Date from, Chance& chance);

// Bradford's schools: 4 to 10 is primary, later secondary.
const School& school_for(int age, Chance& chance);

// Node ids; empty where no such agency takes part.
std::string social_care_of(District district);
std::string health_of(District district);

// Always the same for one node and team: 01632 960000 to 960999.
std::string telephone_of(const std::string& node, const std::string& team);

}  // namespace ginnel::synth
