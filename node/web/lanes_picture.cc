// SPDX-License-Identifier: Apache-2.0
#include "node/web/lanes_picture.h"

#include <algorithm>
#include <map>
#include <vector>

#include "node/view/view_words.h"

namespace ginnel {
namespace {

// In the units of the picture, which is as wide as the page lets it be.
constexpr std::int64_t picture_width = 1000, lane_height = 44, first_lane = 34, margin = 10;
constexpr std::int64_t ticks_max = 12;

struct LaneMark {
  std::int32_t day;
  MemberId agency;
  bool is_significant, is_voice;
};

std::vector<LaneMark> marks_in(const Chronology& chronology) {
  std::vector<LaneMark> out;
  for (const auto& entry : chronology.entries)
    for (const auto& source : entry.sources)
      if (source.occurred.date.is_set())
        out.push_back({source.occurred.date.days(), source.agency, !entry.marks().empty(), entry.in_childs_words});
  std::stable_sort(out.begin(), out.end(), [](const LaneMark& a, const LaneMark& b) { return a.day > b.day; });
  if (out.size() > limits::lane_marks_drawn_max) out.resize(limits::lane_marks_drawn_max);
  return out;
}

// The first days of years, or of months where it is all within two years; every so many that they do not touch.
TemplateData::List ticks_of(std::int32_t first, std::int32_t last, auto place) {
  const bool by_month = last - first <= 2 * 365;
  std::vector<Date> days;
  for (Date day = Date::from_days(first); day.days() <= last;) {
    if (day.day == 1 && (by_month || day.month == 1)) days.push_back(day);
    const auto next = by_month ? (day.month == 12 ? Date::of(day.year + 1, 1, 1) : Date::of(day.year, day.month + 1, 1))
                               : Date::of(day.year + 1, 1, 1);
    if (!next) break;
    day = *next;
  }
  const auto step = std::max<std::size_t>(1, (days.size() + ticks_max - 1) / ticks_max);
  TemplateData::List out;
  for (std::size_t i = 0; i < days.size(); i += step) {
    const std::string whole = for_people(days[i]);  // "1 Nov 2026"
    const std::string label = by_month ? whole.substr(2) : std::to_string(days[i].year);
    out.push_back(TemplateData().set("tick_x", std::to_string(place(days[i].days()))).set("tick_label", label));
  }
  return out;
}

}  // namespace

void add_lanes_picture(TemplateData& data, const Chronology& chronology) {
  const std::vector<LaneMark> marks = marks_in(chronology);
  data.set("has_picture", !marks.empty());
  const std::int32_t last = marks.empty() ? 0 : marks.front().day, first = marks.empty() ? 0 : marks.back().day;
  const std::int64_t span = std::max<std::int64_t>(last - first, 1);
  const auto place = [&](std::int32_t day) {
    return first == last ? picture_width / 2 : margin + (day - first) * (picture_width - 2 * margin) / span;
  };
  TemplateData::List lanes;
  std::int64_t y = first_lane;
  for (const auto& part : chronology.view.parts) {
    TemplateData::List points;
    for (const auto& mark : marks) {
      if (mark.agency != part.agency) continue;
      TemplateData point;
      point.set("mark_x", std::to_string(place(mark.day))).set("is_voice", mark.is_voice);
      point.set("is_significant", mark.is_significant).set("is_plain", !mark.is_voice && !mark.is_significant);
      points.push_back(std::move(point));
    }
    if (points.empty()) continue;
    const auto count = std::to_string(points.size()) + (points.size() == 1 ? " entry" : " entries");
    lanes.push_back(TemplateData()
                        .set("lane_label", name_of_agency(chronology.view, part.agency) + ": " + count)
                        .set("label_y", std::to_string(y + 12))
                        .set("lane_y", std::to_string(y + 28))
                        .set("points", std::move(points)));
    y += lane_height;
  }
  data.set("lanes", std::move(lanes)).set("picture_height", std::to_string(y + 4));
  data.set("ticks", marks.empty() ? TemplateData::List() : ticks_of(first, last, place));
}

}  // namespace ginnel
