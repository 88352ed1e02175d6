// SPDX-License-Identifier: Apache-2.0
// The ladder (DESIGN 7): how much of a record somebody may have. Each step includes the ones before it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ginnel {

// A closed set: changing it changes the wire format.
enum class Step : std::uint8_t {
  none = 0,      // nothing, not even that it exists
  exists = 1,    // counted, with its coarsened category and whom to ask
  headline = 2,  // one line, its times, kind, category and author
  content = 3,   // fields and narrative
  copy_out = 4,  // may be kept beyond the view
};

constexpr std::string_view name_of(Step step) {
  switch (step) {
    case Step::none:
      return "none";
    case Step::exists:
      return "exists";
    case Step::headline:
      return "headline";
    case Step::content:
      return "content";
    case Step::copy_out:
      return "copy_out";
  }
  return "none";
}

// From the number on the wire; nothing for a number that this version does not know.
constexpr std::optional<Step> step_from(std::uint16_t number) {
  if (number > static_cast<std::uint16_t>(Step::copy_out)) return std::nullopt;
  return static_cast<Step>(number);
}

}  // namespace ginnel
