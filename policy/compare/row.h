// SPDX-License-Identifier: Apache-2.0
// A row of answers as a person reads it.
#pragma once

#include <string>
#include <vector>

#include "policy/compare/question.h"

namespace ginnel::policy {

// Conditions of the language, each of which can be asked when those before it hold.
std::vector<std::string> conditions_of(const RowOfValues& row, const Questions& questions);

// How much there is to read in those answers to a question: names, or intervals.
std::size_t length_of(const Question& question, const Diagrams::Values& values);

}  // namespace ginnel::policy
