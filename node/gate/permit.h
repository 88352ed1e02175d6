// SPDX-License-Identifier: Apache-2.0
// What the gate gives: the right to read one record up to one step of the ladder, for one decided ask.
//
// Only the gate makes a Permit, and the store reads records by permit alone: code that was not given a decision cannot
// name what it would read, so the compiler keeps promise 2 (no decision, no data). A permit holds for the turn or the
// snapshot it was made in; it is neither stored nor sent.
//
// A PersonPermit is the same for who somebody is: a page reads a person by it and never by the LinkToken, which is for
// code that lets nothing out. It exists once the decision is an entry of the turn (Gate::decide_people).
#pragma once

#include <cstdint>

#include "federation/base/id.h"
#include "federation/wire/step.h"

namespace ginnel {

class Permit {
 public:
  const RecordId& record() const { return record_; }
  Step step() const { return step_; }  // headline, content or copy_out; a Permit below headline does not exist

 private:
  friend class Gate;
  friend class PermitForTests;  // defined in tests/node/permit_for_tests.h only
  Permit(const RecordId& record, Step step) : record_(record), step_(step) {}

  RecordId record_;
  Step step_;
};

class PersonPermit {
 public:
  const PersonRef& person() const { return person_; }
  bool with_addresses() const { return with_addresses_; }  // those that no source protects; never a protected one

 private:
  friend class Gate;
  friend class PermitForTests;  // defined in tests/node/permit_for_tests.h only
  PersonPermit(const PersonRef& person, bool with_addresses) : person_(person), with_addresses_(with_addresses) {}

  PersonRef person_;
  bool with_addresses_;
};

}  // namespace ginnel
