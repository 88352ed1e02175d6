// SPDX-License-Identifier: Apache-2.0
// The authorities' CIN census files of the invented children: OUT/<node>/source/cin-census.xml, beside the case
// system's own export and with its keys and days, so that both tell of the same children and events.
//
// A child is in it from its first referral on; who was never referred is in no census.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "adapters/synth/life.h"

namespace ginnel::synth {

class CinExport {
 public:
  CinExport(const std::filesystem::path& out_dir, Date today);

  // Parts of other agencies than authorities are passed over.
  void add(const Part& part);
  bool finish();  // false: a file could not be written

 private:
  std::filesystem::path census_file(const std::string& node) const;
  std::ofstream& file_of(const std::string& node, const char* authority);
  const std::filesystem::path out_dir_;
  const Date today_;
  std::map<std::string, std::ofstream> files_;  // by node
};

}  // namespace ginnel::synth
