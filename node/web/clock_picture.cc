// SPDX-License-Identifier: Apache-2.0
#include "node/web/clock_picture.h"

#include <algorithm>

#include "node/view/view_words.h"

namespace ginnel {
namespace {

// In the units of the picture, which is as wide as the page lets it be.
constexpr std::int64_t width = 1000, row_height = 44, bar_height = 14, top = 28;

struct Bar {
  const ProcessStepLine* step;
  const ProcessClock* clock;
  Instant from;
};

std::vector<Bar> bars_of(const ProcessDetail& process) {
  std::vector<Bar> out;
  for (const auto& step : process.steps)
    for (const auto& clock : step.clocks)
      if (step.is_open && clock.due.is_set()) {
        const Instant from = step.opened.at.is_set() ? step.opened.at : london_instant(step.opened.date, 0);
        out.push_back({&step, &clock, std::min(from, clock.due)});
      }
  std::stable_sort(out.begin(), out.end(), [](const Bar& a, const Bar& b) { return a.clock->due < b.clock->due; });
  if (out.size() > limits::clocks_drawn_max) out.resize(limits::clocks_drawn_max);
  return out;
}

std::string text(std::int64_t number) { return std::to_string(number); }

}  // namespace

void add_clock_picture(TemplateData& data, const ProcessDetail& process) {
  const std::vector<Bar> bars = bars_of(process);
  data.set("has_picture", !bars.empty());
  TemplateData::List rows;
  Instant first = process.as_at, last = process.as_at;
  for (const Bar& bar : bars) {
    first = std::min(first, bar.from);
    last = std::max(last, bar.clock->due);
  }
  const std::int64_t span = std::max<std::int64_t>(last - first, 1);
  const auto place = [&](Instant at) { return (at - first) * width / span; };
  const std::int64_t today = place(process.as_at);
  std::int64_t y = top;
  for (const Bar& bar : bars) {
    const std::int64_t from = place(bar.from), due = place(bar.clock->due);
    TemplateData row;
    row.set("label", bar.step->title + ": due " + for_people(bar.clock->due));
    row.set("label_y", text(y + 12)).set("bar_y", text(y + 20)).set("bar_height", text(bar_height));
    row.set("from", text(from)).set("length", text(std::max<std::int64_t>(due - from, 2)));
    row.set("spent", text(std::clamp<std::int64_t>(today - from, 0, due - from)));
    // What is late goes on to today: how late it is, is seen.
    row.set("late_from", text(due)).set("late_length", text(std::max<std::int64_t>(today - due, 0)));
    row.set("is_late", bar.clock->is_late);
    rows.push_back(std::move(row));
    y += row_height;
  }
  data.set_list("bars", std::move(rows)).set("picture_width", text(width)).set("picture_height", text(y + 8));
  data.set("today", text(today)).set("today_is_right", today > width / 2).set("as_at", for_people(process.as_at));
}

}  // namespace ginnel
