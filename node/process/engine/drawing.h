// SPDX-License-Identifier: Apache-2.0
// A definition as a picture, and the same facts as text, for those who cannot see it or have a terminal only.
//
// A box for each step: who leads it, what it needs, its clocks, and a row for each outcome, from which an arrow goes to
// every step that it opens. Steps stand in columns, so that arrows go to the right; those that go back are dashed.
//
// Thread: any; pure. Failure: none. The SVG names no font file, script or address: it may stand in any page.
#pragma once

#include <string>

#include "node/process/engine/definition.h"

namespace ginnel {

std::string draw_svg(const Definition& definition);
std::string draw_text(const Definition& definition);

// Which column each step stands in, from 0, in the order of the definition: right of every step that leads to it, but
// for ways that lead back.
std::vector<std::size_t> drawing_columns(const Definition& definition);

}  // namespace ginnel
