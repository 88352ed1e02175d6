// SPDX-License-Identifier: Apache-2.0
// The clocks of a process as a picture: a bar for each clock that runs, from the day on which its step began to the day
// on which it is due, with a line for today. It says nothing that the table under it does not say.
//
// Thread: any; pure. The template draws it as SVG: the size of each thing is worked out here, and how it looks stands
// in assets/ginnel.css.
#pragma once

#include "node/process/process_view.h"
#include "node/web/template.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t clocks_drawn_max = 24;  // those due first; the table has all
}

// Adds what templates/clock-picture.html needs: `has_picture` says whether there is anything to draw.
void add_clock_picture(TemplateData& data, const ProcessDetail& process);

}  // namespace ginnel
