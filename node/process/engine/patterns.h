// SPDX-License-Identifier: Apache-2.0
// What the records of all agencies show together. Part of the engine.
//
// INVARIANT: an alert is told once for what it is about: the day of the newest record and how many there are, or the
// day since when there are none. What was told covers whatever is older and fewer, so that an agency which does not
// answer today makes nothing be told again tomorrow; a record that is corrected changes neither, and one more is told
// anew.
//
// Thread: any; lives for one call.
#pragma once

#include "node/process/engine/engine.h"

namespace ginnel {

class Patterns {
 public:
  // All must outlive it.
  Patterns(const Definition& definition, const Calendar& calendar, const RunningProcess& process)
      : definition_(definition), calendar_(calendar), process_(process) {}

  // Adds the alerts that were not told.
  void raise(const Seen& seen, Instant now, Effects& out) const;

 private:
  std::optional<AlertRaised> too_many(const Pattern& pattern, const Seen& seen, Instant now) const;
  std::optional<AlertRaised> absence(const Pattern& pattern, const Seen& seen, Instant now) const;
  std::optional<Occurrence> last_of(const std::set<EventName>& names) const;
  bool is_told(const Pattern& pattern, Date newest, std::size_t count) const;
  AlertRaised alert_of(const Pattern& pattern, Date newest, std::size_t count) const;
  // The records that the pattern is about, the newest first.
  std::vector<const SeenRecord*> counted(const Pattern& pattern, const Seen& seen, Instant now) const;

  const Definition& definition_;
  const Calendar& calendar_;
  const RunningProcess& process_;
};

}  // namespace ginnel
