// SPDX-License-Identifier: Apache-2.0
// What a policy of sharing may speak of (the namespace `Share`), as a Cedar schema: the shape of an asker, a record and
// a request (node/gate/facts.h fills them), and the words of the vocabulary's closed lists as enumerations. A policy is
// held against it before it can be used, so that a word nobody knows or an attribute nobody fills is a fault in the
// file and never a rule that silently does nothing.
//
// Thread: any; values.
#pragma once

#include <string>

#include "federation/base/error.h"
#include "node/gate/vocabulary.h"
#include "policy/policy_set.h"
#include "policy/schema.h"

namespace ginnel {

// For people and editors too: `ginnel policy schema`.
std::string share_schema_text(const Vocabulary& vocabulary);

// `bad-vocabulary`: a list that has no word, or a word that is none.
Expected<policy::Schema> share_schema(const Vocabulary& vocabulary);

// Faults of the policies' own words that a schema cannot say: a category stands in a tree, so it is no enumeration.
policy::Diagnostics unknown_categories(const policy::PolicySet& policies, const Vocabulary& vocabulary);

}  // namespace ginnel
