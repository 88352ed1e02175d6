// SPDX-License-Identifier: Apache-2.0
// Permits and tokens without a gate, for tests of what stands behind it. Nothing outside tests/ may include this.
#pragma once

#include "node/gate/permit.h"
#include "node/store/store.h"

namespace ginnel {

class PermitForTests {
 public:
  static Permit make(const RecordId& record, Step step) { return Permit(record, step); }
  static PersonPermit make(const PersonRef& person, bool with_addresses) {
    return PersonPermit(person, with_addresses);
  }
};

class LinkTokenForTests {
 public:
  static LinkToken make() { return LinkToken(); }
};

}  // namespace ginnel
