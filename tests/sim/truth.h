// SPDX-License-Identifier: Apache-2.0
// What a run put where, written down by the workload and known to no node: against it the checkers hold what nodes say.
//
// Each record has a text of its own ("CANARY-0017"), in every field that can carry one, so that it is known wherever it
// comes up. Times are numbers of the world's trace: no node's clock counts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "federation/record/identity.h"
#include "federation/record/record.h"

namespace ginnel::sim {

inline constexpr std::string_view canary_prefix = "CANARY-";

using Event = std::uint64_t;

struct TrueRecord {
  MemberId holder;
  std::size_t child = 0;
  std::string text;
  std::string category;
  bool is_event = false;  // not how an agency knows the child, but what happened
  bool was_marked = false;
  Event begun = 0;                  // nobody had written it before
  RecordId id;                      // empty: the workload was not told it (imports)
  std::optional<Event> kept;        // from then on it was durable; nothing: nobody was told so
  std::optional<Event> taken_back;  // corrected or retracted
  std::string taken_back_as;        // word of the list `notice_kind`
};

struct TrueHolding {
  PersonRef person;
  std::optional<PersonRef> second;  // a second file about the same child, until they are merged
  bool had_second = false;
  Event since = 0;
  std::optional<Event> concealed, shown_again;  // by a marking on the child
  std::uint64_t marking = 0;                    // entry of the concealing marking
};

// That somebody began, and was told so.
struct TrueProcess {
  ProcessId id;
  MemberId lead;
  std::size_t child = 0;
};

struct TrueContribution {
  ProcessId process;
  std::uint32_t step = 0;
  MemberId by;
  std::string name;
  std::optional<Event> kept;  // confirmed to whoever wrote it
};

class Truth {
 public:
  using Key = std::pair<MemberId, std::size_t>;

  std::vector<Identity> children;
  std::map<Key, TrueHolding> holdings;
  std::map<std::string, TrueRecord> records;  // by text
  std::vector<TrueProcess> processes;
  std::map<std::string, TrueContribution> contributions;  // by text

  // A fresh text, and a record that carries it everywhere.
  std::string add(TrueRecord record);
  // The text in some bytes or words; empty: none.
  static std::string text_in(std::string_view words);

  const TrueHolding* holding(const MemberId& member, std::size_t child) const;
  const TrueRecord* record(const std::string& text) const;
  // Held, openly, and with a record that holds, at every moment from `from` until `until`.
  bool is_held_openly(const MemberId& member, std::size_t child, Event from, Event until) const;
  // Held, and concealed at every such moment.
  bool is_concealed(const MemberId& member, std::size_t child, Event from, Event until) const;

 private:
  unsigned next_ = 1;
};

}  // namespace ginnel::sim
