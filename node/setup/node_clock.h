// SPDX-License-Identifier: Apache-2.0
// The clock of one node: the system's, unless it is a demonstration's, whose clock a file puts ahead, so that weeks of
// a child's case can be walked through in an afternoon.
//
// The file holds by how many milliseconds, as a number alone. `ginnel demo clock` writes it; nodes that run see it at
// their next look at the time. A file that is not there is a clock that is right; one that cannot be read leaves the
// clock as far ahead as it was.
//
// Thread: any.
#pragma once

#include <filesystem>
#include <memory>

#include "federation/base/clock.h"
#include "federation/base/error.h"
#include "node/config.h"

namespace ginnel {

namespace limits {
inline constexpr std::int64_t clock_ahead_ms_max = 10 * 366 * day_ms;
}

std::unique_ptr<Clock> clock_of(const NodeConfig& config);
std::unique_ptr<Clock> clock_ahead_by(std::filesystem::path file);

// Errors: `bad-clock`, when what it holds is no such number; `unwritable`.
Expected<std::int64_t> read_clock_ahead_ms(const std::filesystem::path& file);
Expected<void> write_clock_ahead_ms(const std::filesystem::path& file, std::int64_t ahead_ms);

}  // namespace ginnel
