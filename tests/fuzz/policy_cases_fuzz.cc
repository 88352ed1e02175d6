// SPDX-License-Identifier: Apache-2.0
// Cases of a policy from anybody: what is refused says why, and what is taken can be tried.
#include "federation/base/check.h"
#include "node/gate/policy_cases.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  static const auto bundle = read_bundle(GINNEL_SOURCE_DIR "/config-examples/policies/west-yorkshire");
  CHECK(bundle.has_value());
  const auto cases = parse_cases({reinterpret_cast<const char*>(data), size}, "fuzz", (*bundle)->vocabulary);
  if (!cases) {
    CHECK(!cases.error().empty());
    return 0;
  }
  const Gate gate(*bundle);
  for (const PolicyCase& one : *cases) CHECK(!try_case(one, gate).verdict.permit);
  return 0;
}
