// SPDX-License-Identifier: Apache-2.0
// A West Yorkshire that does not exist: families, their lives across ten agencies, and each agency's own export of
// them.
//
// OUT/<node id>/source/*.csv in one layout for each kind of agency (docs/formats/synthetic-data.md; the mappings in
// config-examples/mappings read them unchanged), and OUT/truth.json, which says who holds whom and lies outside every
// node's folder. NHS numbers are of the 999 range, telephone numbers 01632 960xxx; streets, schools and people are
// invented.
//
// Thread: any. The same options give the same bytes on every machine.
// Failure: `bad-options`, `unwritable`. What was written before a failure stays.
// Limits: limits::synth_children_max. Memory does not grow with the number of children.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "federation/base/error.h"
#include "federation/base/id.h"
#include "federation/base/time.h"

namespace ginnel {

struct SynthOptions {
  std::uint32_t children = 200;  // the planted ones among them
  std::uint64_t seed = 1;
  std::filesystem::path out_dir;
  Date today{2026, 11, 23};  // the last day of every life
  bool plant_faults = true;  // rows that an import flags or rejects, listed in the truth
};

struct SynthNode {
  std::string id;    // "bradford-csc"
  std::string kind;  // the agency kind of the vocabulary: "social_care"
  std::string name;  // "Bradford Children's Services"
  std::uint32_t people = 0, records = 0;
};

// What one node should answer about a planted child.
struct StoryExpectation {
  std::string node;
  std::string status;                   // "answered", "withheld", "not-known"
  std::vector<std::string> categories;  // of what is shown, sorted
};

// A planted child. `expect` names all ten nodes; it holds for an ask by a practitioner of bradford-csc with the purpose
// child_protection and the basis public_task, with a head proven where there is a `lead`.
struct PlantedChild {
  std::string story;
  std::string nhs_number, family_name, given_name;
  Date birth_date;
  std::string postcode;
  std::string lead;  // member id; empty: nobody leads
  std::vector<StoryExpectation> expect;
};

// A row that an import flags or rejects.
struct PlantedFault {
  std::string node, file;
  std::uint32_t line = 0;
  std::string fault;   // "nhs-check-digit", "unreadable-date", "short-row"
  std::string effect;  // "flagged", "rejected"
};

struct SynthSummary {
  std::uint32_t children = 0, adults = 0, records = 0;
  std::vector<SynthNode> nodes;
  std::vector<PlantedChild> stories;
  std::vector<PlantedFault> faults;
};

// The ten nodes, in the order of the summary.
std::vector<SynthNode> synth_nodes();

Expected<SynthSummary> write_synthetic_world(const SynthOptions& options);

}  // namespace ginnel
