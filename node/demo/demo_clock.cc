// SPDX-License-Identifier: Apache-2.0
// set_demo_clock of demo.h.
#include <charconv>

#include "node/cli/output.h"
#include "node/demo/demo.h"
#include "node/demo/demo_state.h"
#include "node/setup/node_clock.h"

namespace ginnel {
namespace {

constexpr const char* examples = "write how much later, `+90m`, `+4h`, `+3d` or `+2w`, or when, `2026-12-24 16:00`";
constexpr std::int64_t list_is_old_after_ms = 50 * day_ms;  // nodes warn at 60 and serve nothing at 90 (DESIGN 8)

std::optional<std::int64_t> unit_ms(char unit) {
  switch (unit) {
    case 'm':
      return minute_ms;
    case 'h':
      return hour_ms;
    case 'd':
      return day_ms;
    case 'w':
      return 7 * day_ms;
  }
  return std::nullopt;
}

// "+3d" after `now`.
std::optional<Instant> parse_later(std::string_view text, Instant now) {
  if (text.size() < 3 || text.front() != '+') return std::nullopt;
  const auto unit = unit_ms(text.back());
  text = text.substr(1, text.size() - 2);
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (!unit || error != std::errc() || end != text.data() + text.size() || count < 0 ||
      count > limits::clock_ahead_ms_max / *unit)
    return std::nullopt;
  return now + count * *unit;
}

Expected<Instant> parse_then(const std::string& text, Instant now) {
  if (auto later = parse_later(text, now)) return *later;
  const auto when = parse_when(text);
  if (!when || when->precision != Precision::minute)
    return fail("usage", "cannot set the clock", "`" + text + "` is no time", examples);
  return when->at;
}

}  // namespace

ExitCode set_demo_clock(const std::filesystem::path& dir, const std::string& when, Streams& streams) {
  const DemoPaths paths{std::filesystem::absolute(dir).lexically_normal()};
  if (!std::filesystem::exists(paths.state()))
    return failed_with(streams, Error{"no-demo", "cannot set the clock of " + paths.dir.string(),
                                      "there is no demonstration", "make one: ginnel demo --dir " + dir.string()});
  auto ahead = read_clock_ahead_ms(paths.clock());
  if (!ahead) return failed_with(streams, ahead.error());
  const Instant system = system_clock()->now(), now = system + *ahead;
  if (when.empty()) {
    streams.out << for_people(now) << (*ahead == 0 ? "" : ", ahead of the clock on the wall") << "\n";
    return ExitCode::done;
  }
  auto then = parse_then(when, now);
  if (!then) return failed_with(streams, then.error());
  // What its nodes have written down has happened: a clock put back would have them refuse each other's messages.
  if (*then < now)
    return failed_with(streams, Error{"usage", "cannot set the clock to " + for_people(*then),
                                      "it is " + for_people(now) + " there already, and a demonstration only goes on",
                                      "choose a later time, or make another with --dir"});
  if (*then - system > limits::clock_ahead_ms_max)
    return failed_with(streams, Error{"usage", "cannot set the clock to " + for_people(*then),
                                      "that is more than ten years away", "choose an earlier time"});
  if (auto written = write_clock_ahead_ms(paths.clock(), *then - system); !written)
    return failed_with(streams, written.error());
  streams.out << "it is now " << for_people(*then) << " there\n";
  if (auto state = read_state(paths))
    if (auto issued = parse_iso_utc(state->directory_issued_at); issued && *then - *issued > list_is_old_after_ms)
      streams.err << "the list of members was signed on " << for_people(london_date(*issued))
                  << ": stop the demonstration and start it again, and it is signed anew\n";
  return ExitCode::done;
}

}  // namespace ginnel
