// SPDX-License-Identifier: Apache-2.0
// By what a local authority's node runs child protection: the shipped pack and calendar, and whom its roles stand for.
#pragma once

#include <memory>

#include "federation/base/check.h"
#include "node/process/process_rules.h"
#include "tests/source_tree.h"

namespace ginnel {

inline std::shared_ptr<const ProcessRules> child_protection_rules() {
  static const auto rules = [] {
    const auto folder = source_tree() / "config-examples";
    auto definition = Definition::read(folder / "processes/child-protection.toml");
    auto calendar = Calendar::read(folder / "calendar/england-and-wales.toml",
                                   folder / "calendar/school-terms-west-yorkshire.toml");
    CHECK(definition && calendar);
    ProcessRules out;
    CHECK(out.definitions.add(std::move(*definition)));
    out.calendar = std::move(*calendar);
    out.authority = "west-yorkshire";
    out.agency = "social_care";
    out.roles = {{"front_door", "triage"},
                 {"social_worker", "practitioner"},
                 {"manager", "manager"},
                 {"deputy_manager", "safeguarding_lead"},
                 {"conference_chair", "conference_chair"},
                 {"emergency_duty", "triage"},
                 {"partnership", "governance_lead"}};
    return std::make_shared<const ProcessRules>(std::move(out));
  }();
  return rules;
}

}  // namespace ginnel
