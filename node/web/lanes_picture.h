// SPDX-License-Identifier: Apache-2.0
// A chronology as a picture: a lane for each agency that has entries, time from left to right, a mark for each entry.
// It says nothing that the entries under it do not say.
//
// Thread: any; pure. The template draws it as SVG: where each thing stands is worked out here, and how it looks stands
// in assets/ginnel.css.
#pragma once

#include "node/view/chronology.h"
#include "node/web/template.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t lane_marks_drawn_max = 2000;  // the newest; the list has all
}

// Adds what templates/lanes-picture.html needs: `has_picture` says whether there is anything to draw.
void add_lanes_picture(TemplateData& data, const Chronology& chronology);

}  // namespace ginnel
