// SPDX-License-Identifier: Apache-2.0
// truth.json: who holds whom, written line by line as the world is made, so that memory does not grow with it.
#pragma once

#include <filesystem>
#include <fstream>
#include <vector>

#include "adapters/synth/life.h"
#include "adapters/synth/synth.h"

namespace ginnel::synth {

// How one node has one person.
struct Held {
  std::string node;
  PersonCopy copy;
  int records = 0;  // of a child: whose subject the child is
};

class Truth {
 public:
  Truth(const std::filesystem::path& file, const SynthOptions& options);
  void person(const Somebody& who, const std::string& postcode, const std::vector<Held>& held,
              const std::string& story);
  // Ends the file. False if it could not be written.
  bool finish(const SynthSummary& summary);

 private:
  std::filesystem::path adults_file_;  // joins the other at the end
  std::ofstream out_, adults_;
  bool first_child_ = true, first_adult_ = true;
};

}  // namespace ginnel::synth
