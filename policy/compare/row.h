// SPDX-License-Identifier: Apache-2.0
// A row of answers as a person reads it, and whether its answers can come together.
#pragma once

#include <string>
#include <vector>

#include "policy/compare/question.h"
#include "policy/entity.h"

namespace ginnel::policy {

// Conditions of the language, each of which can be asked when those before it hold.
std::vector<std::string> conditions_of(const RowOfValues& row, const Questions& questions);

// How much there is to read in those answers to a question: names, or intervals.
std::size_t length_of(const Question& question, const Diagrams::Values& values);

// True when there is such a request for sure, as far as the rules of possible() have not said that already.
bool is_certain(const RowOfValues& row, const Questions& questions, const EntitySource* resident);

}  // namespace ginnel::policy
