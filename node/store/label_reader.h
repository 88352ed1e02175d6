// SPDX-License-Identifier: Apache-2.0
// What the gate sees of records before it has decided: labels, and nothing from which content could be had.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "federation/base/error.h"
#include "federation/record/record.h"
#include "federation/wire/consent_told.h"

namespace ginnel {

struct RecordLabel {
  RecordId id;
  std::string kind;
  Label label;
  When occurred;
  std::vector<Subject> subjects;
  ConsentTold told = ConsentTold::nothing;  // of another agency's record: what its holder told of consent
};

class LabelReader {
 public:
  virtual ~LabelReader() = default;
  // The person's current records, oldest entry first; replaced and erased ones are left out. An error means that they
  // could not be established: the caller's answer is `unknown`, never "none".
  virtual Expected<std::vector<RecordLabel>> labels(const PersonRef& person) const = 0;
  // Markings on the person as a whole, the source's and those put on by people.
  virtual Expected<std::set<std::string>> markings(const PersonRef& person) const = 0;
};

}  // namespace ginnel
