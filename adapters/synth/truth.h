// SPDX-License-Identifier: Apache-2.0
// truth.json: who holds whom and which faults were planted, written line by line as the world is made, so that memory
// does not grow with it.
#pragma once

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "adapters/synth/life.h"
#include "adapters/synth/synth.h"

namespace ginnel::synth {

// How one node has one person under one key. Somebody who is in a system twice has two.
struct Held {
  std::string node;
  PersonCopy copy;
  int records = 0;  // of a child: whose subject the child is
};

class Truth {
 public:
  Truth(const std::filesystem::path& file, const SynthOptions& options);
  void child(const Somebody& who, const std::string& postcode, const std::vector<Held>& held, const std::string& story);
  void adult(const Somebody& who, const std::string& postcode, const std::vector<Held>& held, const std::string& story);
  void unborn(const Somebody& who, const Somebody& mother, const std::string& postcode, const std::vector<Held>& held);
  // `key` is the person's, `same_as` another key of theirs in the same system; both may be empty.
  void fault(Fault fault, const std::string& node, const Written& at, const std::string& key,
             const std::string& same_as);
  const std::array<std::uint32_t, std::size_t(Fault::count)>& planted() const { return planted_; }
  // Ends the file. False if it could not be written.
  bool finish(const SynthSummary& summary);

 private:
  // A list that joins the file at the end.
  struct List {
    std::string name;
    std::filesystem::path file;
    std::ofstream out;
    bool empty = true;
  };
  void add(List& list, const std::string& line);
  bool join(List& list);

  std::ofstream out_;
  List children_, adults_, unborn_, faults_;
  std::array<std::uint32_t, std::size_t(Fault::count)> planted_{};
};

}  // namespace ginnel::synth
