// SPDX-License-Identifier: Apache-2.0
// Files that a person wrote in a hurry: node.toml, trust.toml, a federation's plan, a vocabulary. Refusals say why.
#include "federation/base/check.h"
#include "node/config.h"
#include "node/gate/vocabulary.h"
#include "node/retention/schedule.h"
#include "node/setup/federation_plan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto told = [](const std::vector<Error>& errors) {
    CHECK(!errors.empty());
    for (const Error& error : errors) CHECK(!error.why.empty() && !error.remedy.empty());
  };
  if (auto config = parse_config(text, "/nonexistent"); !config) told(config.error());
  if (auto trust = parse_trust(text, "trust.toml"); !trust) told(trust.error());
  if (auto plan = parse_federation_plan(text, "plan.toml"); !plan) told(plan.error());
  if (auto schedule = RetentionSchedule::parse(text, "r.toml", nullptr); schedule) {
    PersonFile file;
    file.life.birth = {{2016, 2, 29}, Precision::day};
    file.records = {{{}, "visit", "social-care.visit", {2026, 11, 8}, {}},
                    {{}, "plan", "social-care.plan", {}, {"a", {}}}};
    (void)schedule->times(file, {2026, 11, 23});
    (void)schedule->standing_hold(file, {2026, 11, 23});
    (void)schedule->open_case(file);
  } else {
    told(schedule.error());
  }
  if (auto words = Vocabulary::parse(text, "v.toml"); !words) CHECK(words.error().why.starts_with("v.toml:"));
  return 0;
}
