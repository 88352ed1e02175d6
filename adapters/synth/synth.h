// SPDX-License-Identifier: Apache-2.0
// A West Yorkshire that does not exist: families, their lives across ten agencies, and each agency's own export of
// them.
//
// OUT/<node id>/source/*.csv in one layout for each kind of agency (docs/formats/synthetic-data.md; the mappings in
// config-examples/mappings read them unchanged), and OUT/truth.json, which says who holds whom, which faults were
// planted, and lies outside every node's folder. NHS numbers are of the 999 range, telephone numbers 01632 960xxx;
// streets, schools and people are invented.
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
  bool plant_faults = true;  // those of synth_fault_kinds(); never in the planted children's rows
};

struct SynthNode {
  std::string id;                         // "bradford-csc"
  std::string kind;                       // the agency kind of the vocabulary: "social_care"
  std::string name;                       // "Bradford Children's Services"
  std::uint32_t people = 0, records = 0;  // that an import takes; somebody under two keys counts twice
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

// A fault of real files. docs/formats/synthetic-data.md lists them all.
struct SynthFaultKind {
  std::string id;        // "nhs-check-digit"
  int per_thousand = 0;  // of those that can have it
  std::string of;        // what has it: "person's row", "family", "event's row", "file"
  // "flagged", "rejected" by an import; "linked": two keys, one person; "ask": two keys, a person decides; "none": it
  // is taken as it stands.
  std::string effect;
  std::string what;  // an example
  std::uint32_t planted = 0;
};

struct SynthSummary {
  std::uint32_t children = 0, unborn = 0, adults = 0, records = 0;
  std::vector<SynthNode> nodes;
  std::vector<PlantedChild> stories;  // one for each story
  std::vector<PlantedChild> sealed;   // identities before an adoption: nothing may tell that they exist
  std::vector<SynthFaultKind> faults;
};

// The ten nodes, in the order of the summary.
std::vector<SynthNode> synth_nodes();

// What faults there are, with how often they come; `planted` is 0.
const std::vector<SynthFaultKind>& synth_fault_kinds();

Expected<SynthSummary> write_synthetic_world(const SynthOptions& options);

}  // namespace ginnel
