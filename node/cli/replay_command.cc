// SPDX-License-Identifier: Apache-2.0
// ginnel policy replay: what another bundle would have told of a node's past asks.
#include <unistd.h>

#include <cstdio>

#include "node/cli/commands.h"
#include "node/cli/output.h"
#include "node/cli/passphrase.h"
#include "node/cli/policy_replay.h"
#include "node/setup/open_store.h"
#include "node/start.h"

namespace ginnel {
namespace {

// From the first moment of `since` to the last of `until`, by London's days.
Expected<ReplayedDays> window_of(const Invocation& call) {
  ReplayedDays window;
  for (const char* option : {"since", "until"}) {
    if (!call.has(option)) continue;
    const auto date = parse_date(call.text(option));
    if (!date)
      return fail("usage", std::string("cannot tell which day --") + option + " is",
                  "`" + call.text(option) + "` is no date", "write the day as 2026-11-30");
    if (option[0] == 's')
      window.since = london_instant(*date, 0);
    else
      window.until = london_instant(Date::from_days(date->days() + 1), 0);
  }
  if (window.since.is_set() && window.until.is_set() && window.since >= window.until)
    return fail("usage", "cannot replay these days", "--since is after --until", "give the earlier day as --since");
  return window;
}

// One line that is written over, on a terminal only.
void show_progress(std::uint64_t done, std::uint64_t all) {
  constexpr std::uint64_t few = 20'000;  // entries: read in less than a second
  if (all < few || !::isatty(STDERR_FILENO)) return;
  std::fprintf(stderr, "\r%s of %s entries%s", with_commas(done).c_str(), with_commas(all).c_str(),
               done == all ? "\n" : "");
}

ExitCode policy_replay(Invocation& call) {
  const std::string format = call.text("format");
  if (format != "human" && format != "json")
    return failed_with(call.streams, Error{"usage", "cannot print the replay as `" + format + "`",
                                           "there is no such format", "write human or json"});
  auto window = window_of(call);
  if (!window) return failed_with(call.streams, window.error());
  auto bundle = read_bundle(call.text("policies"));
  if (!bundle) return failed_with(call.streams, bundle.error());
  auto config = read_config(call.arguments[0]);
  if (!config) return failed_with(call.streams, config.error());
  auto root = unlock(*config, ask_secret_of(call));
  if (!root) return failed_with(call.streams, root.error());
  const auto random = system_random();
  auto opened = open_store_either_way(*config, root->key, *random);
  if (!opened) return failed_with(call.streams, opened.error());
  auto replayed = replay_decisions(*opened->store, *bundle, *window, show_progress);
  if (!replayed) return failed_with(call.streams, replayed.error());
  const auto in_force = read_policies(*config);  // for titles alone
  if (format == "json")
    call.streams.out << replay_json(*replayed) << "\n";
  else
    print_replay(call.streams.out, *replayed, **bundle, in_force ? in_force->get() : nullptr);
  return replayed->unreadable > 0 || replayed->not_recorded > 0 ? ExitCode::partial : ExitCode::done;
}

}  // namespace

Command policy_replay_command() {
  return {.noun = "policy",
          .verb = "replay",
          .arguments = "NODE-DIR",
          .arguments_min = 1,
          .arguments_max = 1,
          .title = "say what another policy bundle would have told of a node's past asks",
          .details =
              "Makes every decision that stands in the ledger of the node again, by what it went by then. The node\n"
              "may run; nothing is changed. Says which records would be told otherwise, who asked, by which\n"
              "rules, and whom to ring; no name and no text of anybody. `entries` are numbers of the ledger.\n"
              "Exit 4 when some decisions could not be made again; they are counted with the reason.",
          .options = {{"policies", "FOLDER", "the other bundle's folder", true},
                      {"since", "DATE", "only from this day on"},
                      {"until", "DATE", "only up to and with this day"},
                      {"format", "human|json", "how to print it", false, "human"},
                      passphrase_option(),
                      share_option()},
          .run = policy_replay};
}

}  // namespace ginnel
