// SPDX-License-Identifier: Apache-2.0
// Every bound of the language in one place. What exceeds one is an error with its name in it, never a crash.
//
// Cedar itself sets no such numbers; they are departures on the safe side (docs/formats/policy-language.md).
#pragma once

#include <cstddef>

namespace ginnel::policy::limits {

inline constexpr std::size_t policy_text_bytes_max = 4u << 20;  // one file of policies or one schema
inline constexpr std::size_t policies_max = 20'000;             // policies and templates of one set
inline constexpr std::size_t diagnostics_max = 200;             // reported for one file; then parsing stops
inline constexpr std::size_t nesting_max = 200;                 // depth of an expression, a type or a JSON value
inline constexpr std::size_t string_bytes_max = 64u << 10;      // one string literal, entity id or annotation
inline constexpr std::size_t set_elements_max = 10'000;         // elements of one set, before equal ones fall together
inline constexpr std::size_t record_fields_max = 1'000;         // fields of one record
inline constexpr std::size_t json_bytes_max = 16u << 20;        // one JSON document of entities or context
inline constexpr std::size_t entities_max = 1'000'000;          // entities of one store
inline constexpr std::size_t parents_max = 10'000;              // direct parents of one entity
inline constexpr std::size_t ancestor_links_max = 50'000'000;   // ancestors of all entities of one store together
inline constexpr std::size_t layer_entities_max = 64;           // entities of one layer over a resident store
inline constexpr std::size_t compare_nodes_max = 1'000'000;     // of the decision diagrams of one comparison
inline constexpr std::size_t compare_rows_max = 1'000;          // differences told of one comparison
inline constexpr std::size_t compare_rows_plain_max = 20;       // more of one kind are told beside what others permit
inline constexpr std::size_t compare_choices_max = 10'000;      // values tried to meet one row; over it: it may be met

}  // namespace ginnel::policy::limits
