// SPDX-License-Identifier: Apache-2.0
// A child's part of a CIN census return, from records that the gate gave.
//
// The adapter's file (config-examples/adapters/cin.toml) is read backwards: a record of the census's own source says by
// its key which element it came from; of another source, kind and category say it where one element alone has them.
// The same event on the same day from two sources is one. What the records do not say is not invented: it is named in
// `gaps`, and where the schema requires something its own word for "not known" is written.
//
// Thread: any; pure. Limits: those of what is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/cin/cin_writer.h"
#include "adapters/statutory/format.h"
#include "federation/record/record.h"
#include "node/service.h"
#include "node/store/store.h"

namespace ginnel {

// The collection's year of the number given: 1 April before it to 31 March in it.
struct ReturnYear {
  Date from, to;
};
ReturnYear return_year(int year);

struct ReturnChild {
  std::optional<CinChild> child;  // nothing: no episode was open in the year, or there is no key
  std::vector<ReturnGap> gaps;
};

// An episode belongs to the return if it began before the year's end and was not closed before its beginning; events
// after the year's end do not.
ReturnChild make_return_child(const ReturnIdentity& who, const std::vector<Record>& records,
                              const statutory::Format& format, const ReturnYear& year);

}  // namespace ginnel
