// SPDX-License-Identifier: Apache-2.0
// Writes one family into every agency's export and into the truth. A further kind of export of a family (a census, a
// return) is called from write(), where all that is known of it is at hand.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "adapters/synth/life.h"
#include "adapters/synth/truth.h"

namespace ginnel::synth {

class FamilyWriter {
 public:
  // Everything outlives the writer. `faults` strikes the rows: choices of their own, so that a life does not hang on
  // them.
  FamilyWriter(const SynthOptions& options, SynthSummary& summary, Exports& exports, Truth& truth, FaultDice faults)
      : options_(options), summary_(summary), exports_(exports), truth_(truth), faults_(faults) {}

  // A planted family (`story` not empty) is written as it is, without a fault.
  void write(const Family& family, const std::vector<Part>& parts, const std::string& story, Chance& chance);

 private:
  using HeldBySomebody = std::map<std::uint32_t, std::vector<Held>>;

  void write_part(const Part& part, SynthNode& node, AgencyExport& system, HeldBySomebody& held);
  // The last row of a part, as it was written.
  struct LastRow {
    Event event;  // with its key
    const PersonCopy* about = nullptr;
  };
  LastRow write_events(const Part& part, const PersonCopy* second, const SynthNode& node, AgencyExport& system);
  void write_adult(const Somebody& adult, const std::vector<Part>& parts, SynthNode& node, AgencyExport& system,
                   HeldBySomebody& held, Chance& chance);
  void write_relations(const std::vector<Part>& parts, const SynthNode& node, AgencyExport& system);
  void plant_beside(const LastRow& last, const SynthNode& node, AgencyExport& system);
  void write_person(const PersonCopy& copy, SynthNode& node, AgencyExport& system, const std::string& same_as);

  const SynthOptions& options_;
  SynthSummary& summary_;
  Exports& exports_;
  Truth& truth_;
  FaultDice faults_;
  const Family* family_ = nullptr;
  bool exact_ = false;
};

}  // namespace ginnel::synth
