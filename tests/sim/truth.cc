// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/truth.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace ginnel::sim {
namespace {

constexpr std::size_t digits = 4;

// From when it was concealed until it was shown again, if it was.
bool overlaps(const std::optional<Event>& concealed, const std::optional<Event>& shown_again, Event from, Event until) {
  return concealed && *concealed <= until && (!shown_again || *shown_again >= from);
}

}  // namespace

std::string Truth::add(TrueRecord record) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%s%04u", canary_prefix.data(), next_++);
  record.text = text.data();
  const std::string key = record.text;
  records.emplace(key, std::move(record));
  return key;
}

std::string Truth::text_in(std::string_view words) {
  const auto at = words.find(canary_prefix);
  return at == std::string_view::npos ? "" : std::string(words.substr(at, canary_prefix.size() + digits));
}

const TrueHolding* Truth::holding(const MemberId& member, std::size_t child) const {
  auto found = holdings.find({member, child});
  return found == holdings.end() ? nullptr : &found->second;
}

const TrueRecord* Truth::record(const std::string& text) const {
  auto found = records.find(text);
  return found == records.end() ? nullptr : &found->second;
}

bool Truth::is_held_openly(const MemberId& member, std::size_t child, Event from, Event until) const {
  const TrueHolding* held = holding(member, child);
  if (!held || held->since > from || overlaps(held->concealed, held->shown_again, from, until)) return false;
  return std::any_of(records.begin(), records.end(), [&](const auto& one) {
    const TrueRecord& record = one.second;
    return record.holder == member && record.child == child && record.kept && *record.kept <= from &&
           (!record.taken_back || *record.taken_back > until);
  });
}

bool Truth::is_concealed(const MemberId& member, std::size_t child, Event from, Event until) const {
  const TrueHolding* held = holding(member, child);
  // Whoever concealed them was told so after that event, and what left with it was sent before.
  return held && held->concealed && *held->concealed < from && (!held->shown_again || *held->shown_again > until);
}

}  // namespace ginnel::sim
