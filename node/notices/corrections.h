// SPDX-License-Identifier: Apache-2.0
// How a record's owner puts it right or takes it back. Everybody who was given it is told by node/notices/notices.h,
// as with a record that an import replaces.
//
// What may be corrected is an item of this agency's own that a case view showed the worker, and that the gate still
// lets them read. Thread: the loop. Failure: `not-found` (no such item, or not yours: the same words),
// `bad-correction`, and the store's; then nothing was written.
#pragma once

#include <string>

#include "node/people/account.h"
#include "node/view/part_maker.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t correction_reason_bytes_max = 500;  // it goes into a notice
inline constexpr std::size_t correction_headline_bytes_max = 300;
inline constexpr std::size_t correction_narrative_bytes_max = 64 << 10;
}  // namespace limits

struct Correction {
  ViewId view;
  RecordId item;
  std::string kind, reason, headline, narrative;
};

struct Corrected {
  RecordId item;     // what takes its place; empty: nothing
  std::size_t told;  // workers of other members who were given it
};

class Corrections {
 public:
  Corrections(const Gate& gate, const PartMaker& parts) : gate_(gate), parts_(parts) {}

  Expected<Corrected> make(const Session& worker, const Correction& correction, const OwnPart& own, Turn& turn) const;

 private:
  Expected<PartAsk> ask_of(const Session& worker, const Correction& correction, const OwnPart& own, PersonRef& person,
                           const Turn& turn) const;

  const Gate& gate_;
  const PartMaker& parts_;
};

}  // namespace ginnel
