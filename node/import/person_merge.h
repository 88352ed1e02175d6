// SPDX-License-Identifier: Apache-2.0
// One person from what several source systems say of them.
//
// Thread: any; pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"
#include "node/store/entry.h"

namespace ginnel {

// What one system says now of the person of `before` (no sources: a new person). Its part is replaced, the other
// systems' parts and the markings put on by people stay. Every system's names, addresses and identifiers are kept, the
// first system's first; where only one can be true, the earliest system that knows it wins. `said.ref` must be set.
Expected<PersonVersion> with_source(const PersonVersion& before, std::string_view system, std::string_view key,
                                    const Hash& content_hash, const Person& said);

// "source:case-system|1000001": by which a person is found whom one system names by another's key (decision 23).
std::string source_key(std::string_view scheme, std::string_view value);
std::vector<std::string> source_keys(const Person& person);

// What the system itself said last, relationships included; nothing if it never did.
Expected<std::optional<Person>> said_by(const PersonVersion& version, std::string_view system, std::string_view key);

}  // namespace ginnel
