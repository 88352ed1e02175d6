// SPDX-License-Identifier: Apache-2.0
#include "node/web/when_form.h"

#include <charconv>
#include <optional>

namespace ginnel {
namespace {

// "14:30" as minutes after midnight.
std::optional<int> minutes_of(const std::string& text) {
  int hour = 0, minute = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, hour);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ':') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, minute);
  if (second.ec != std::errc() || second.ptr != end || second.ptr != first.ptr + 3) return std::nullopt;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

}  // namespace

tl::expected<When, FormFault> read_when(const FormFields& form, const std::string& which) {
  const std::string day = form.get("day"), time = form.get("time");
  if (day.empty() && time.empty()) return When();
  const auto date = parse_date(day);
  if (!date) return tl::unexpected(FormFault{"day" + which, "That is no day.", "write it as 2026-12-03"});
  if (time.empty()) return When::on(*date);
  const auto minutes = minutes_of(time);
  if (!minutes) return tl::unexpected(FormFault{"time" + which, "That is no time.", "write it as 14:30"});
  return When::at_instant(london_instant(*date, *minutes));
}

void add_when(TemplateData& data, const std::string& which, const FormFields& filled, const std::string& day_hint,
              const std::string& time_hint) {
  data.set("which", which).set("filled_day", filled.get("day")).set("filled_time", filled.get("time"));
  data.set("day_hint", day_hint).set("time_hint", time_hint);
}

}  // namespace ginnel
