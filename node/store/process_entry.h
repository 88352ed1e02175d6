// SPDX-License-Identifier: Apache-2.0
// The body of an entry about a running process: one record of it, as the engine made it. All of a process's entries
// together, in order, are the process (node/process/process_book.h); there is nothing else of it.
//
// Numbers are part of the stored format. Every entry of a process is sealed under the key of the person whom it is
// about, so that erasing the person takes the process with them.
#pragma once

#include "federation/base/id.h"
#include "node/process/engine/process_record.h"

namespace ginnel {

struct ProcessEntry {
  ProcessId process;
  PersonRef person;  // whom it is about; the same in every entry of the process
  ProcessRecord record;
  bool operator==(const ProcessEntry&) const = default;
};

}  // namespace ginnel
