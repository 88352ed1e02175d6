// SPDX-License-Identifier: Apache-2.0
// What node.toml and the federation's plan both say: ids of members, and whom other agencies ring.
// Included by the .cc files that read them. Failure: a mistake, and nothing or an empty value.
#pragma once

#include "adapters/toml_section.h"
#include "federation/base/id.h"
#include "federation/wire/contact.h"

namespace ginnel {

// `of` names the setting in the mistake: "`member` of the configuration".
std::optional<MemberId> read_member_id(const TomlText& name, const std::string& of, TomlMistakes& mistakes);

Contact read_contact(const toml::table& table, const std::string& name, TomlMistakes& mistakes);

}  // namespace ginnel
