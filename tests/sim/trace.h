// SPDX-License-Identifier: Apache-2.0
// What happens in a simulated world, one numbered event a line: frames, turns, and what the workload does.
//
//   #1043  12:01:07.250  wy-police        sends answer to bradford-csc
//
// The same seed numbers the same events, so that a run can be stopped at one and looked at. Nothing is put into words
// unless somebody reads it.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <limits>
#include <string>
#include <utility>

#include "federation/base/time.h"

namespace ginnel::sim {

class Trace {
 public:
  void print_to(std::ostream* out) { out_ = out; }  // null: only counted
  bool is_printed() const { return out_ != nullptr && !is_over(); }
  void stop_at(std::uint64_t event) { stop_at_ = event; }

  // `say` gives the sentence.
  template <class Say>
  void event(Instant now, const std::string& who, Say&& say) {
    ++events_;
    if (is_printed()) print(now, who, say());
  }
  std::uint64_t events() const { return events_; }
  // The world stops after the step in which this became true.
  bool is_over() const { return events_ > stop_at_; }

 private:
  void print(Instant now, const std::string& who, const std::string& sentence);

  std::ostream* out_ = nullptr;
  std::uint64_t events_ = 0, stop_at_ = std::numeric_limits<std::uint64_t>::max();
};

}  // namespace ginnel::sim
