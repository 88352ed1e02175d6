// SPDX-License-Identifier: Apache-2.0
// Entities and context from Cedar's JSON format.
//
// Entity references are {"__entity": {"type", "id"}} and extension values {"__extn": {"fn", "arg" or "args"}}. Where
// a schema gives the type, {"type", "id"} and the bare string of a constructor do as well, and data that departs
// from the schema is refused. Refused always: null, fractions, numbers beyond 64 bits, repeated keys, bad UTF-8, and
// what exceeds limits.h.
#pragma once

#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "policy/diagnostic.h"
#include "policy/entity.h"
#include "policy/schema.h"

namespace ginnel::policy {

// A JSON array of {"uid", "attrs", "parents", "tags"?}. With a schema its actions are added.
// Failure: the first mistake of each entity, with the path to it; names of attributes but no values.
tl::expected<std::vector<Entity>, Diagnostics> entities_from_json(std::string_view text, std::string_view file_name,
                                                                  const Schema* schema = nullptr);

// A JSON object. With a schema the context of `action` is the guide; that it is the whole truth is for
// Schema::problems to say.
tl::expected<Record, Diagnostics> context_from_json(std::string_view text, std::string_view file_name,
                                                    const Schema* schema = nullptr, const EntityUid* action = nullptr);

// {"type", "id"}, with or without __entity around it.
tl::expected<EntityUid, Diagnostics> entity_uid_from_json(std::string_view text, std::string_view file_name);

}  // namespace ginnel::policy
