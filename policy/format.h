// SPDX-License-Identifier: Apache-2.0
// Policies back to text, in one canonical form: parsing the text of a policy yields the policy again.
//
// Comments are no part of a policy and are lost; sets come in the language's own order, each element once.
#pragma once

#include <string>
#include <string_view>

#include "policy/ast.h"
#include "policy/policy_set.h"

namespace ginnel::policy {

// On one line, with no parentheses but those it needs. Two expressions have the same text exactly when they are the
// same but for where they stand.
std::string format_expression(const Expr& expr);

// As it stands before a dot, and an attribute of what has that text.
std::string format_owner(const Expr& expr);
std::string format_attribute(std::string_view owner, std::string_view name);

// Annotations, effect and scope, then each condition on lines of its own, with `;` and a line feed at the end.
// A template keeps its slots. Lines are broken between the parts of a condition only, never inside one.
std::string format_policy(const Policy& policy);

// All policies, then all templates, an empty line between each two.
std::string format_policies(const PolicySet& policies);

// The same in all that decides and explains; ids, places and spelling do not count.
bool same_policy(const Policy& a, const Policy& b);

// A word that can stand as a name without quotes.
bool is_plain_name(std::string_view word);

}  // namespace ginnel::policy
