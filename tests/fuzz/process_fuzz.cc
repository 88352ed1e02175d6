// SPDX-License-Identifier: Apache-2.0
// Process definitions as people write them: refusals say why and what to do.
#include "federation/base/check.h"
#include "node/process/engine/definition.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  auto read = Definition::parse({reinterpret_cast<const char*>(data), size}, "process.toml");
  if (read) {
    CHECK(read->step(read->start) && read->key.version > 0);
    for (const StepDefinition& step : read->steps) CHECK(!step.outcomes.empty() && step.lead.size() > 0);
  } else {
    CHECK(!read.error().empty());
    for (const Error& error : read.error()) CHECK(!error.why.empty() && !error.remedy.empty());
  }
  return 0;
}
