// SPDX-License-Identifier: Apache-2.0
// A truth as few rows, each of which asks as little as it can.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "policy/compare/diagram.h"

namespace ginnel::policy {

// What a row asks: of each variable named, ascending, one of these values.
using RowOfValues = std::vector<std::pair<std::size_t, Diagrams::Values>>;

// Where it holds.
Diagrams::Node node_of(Diagrams& diagrams, const RowOfValues& row);

struct Guards {
  // For each variable those that mean something only where it has its last value; empty for most.
  std::vector<std::vector<bool>> guarded;
};

// Rows that together hold all of `must` and nothing outside `may`, which holds `must`. None is needless. A row that
// asks a guarded variable asks its guard too. Nothing when there would be more than limits::compare_rows_max, or the
// diagrams are full.
std::vector<RowOfValues> cover(Diagrams& diagrams, Diagrams::Node must, Diagrams::Node may, const Guards& guards,
                               bool& too_many);

}  // namespace ginnel::policy
