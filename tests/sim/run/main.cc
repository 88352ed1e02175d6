// SPDX-License-Identifier: Apache-2.0
// Runs of the simulated federation from the command line: many seeds as a test, or one, to look at.
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <string>

#include "tests/sim/federation_run.h"

namespace ginnel::sim {
namespace {

constexpr const char* help =
    "usage: federation_run [--seed N] [--seeds N] [--long N] [--trace] [--until EVENT] [--expect PROMISE]\n"
    "  --seed N         the first seed (1)\n"
    "  --seeds N        how many (1)\n"
    "  --long N         with GINNEL_LONG=1: N times as many, from N times as far\n"
    "  --trace          print every event of them\n"
    "  --until EVENT    stop after it, and print what each node holds\n"
    "  --expect P       a planted build: stop at the first seed in which promise P is broken, and fail if there is "
    "none\n";

struct Options {
  std::uint64_t seed = 1, seeds = 1;
  bool trace = false;
  std::optional<Event> until;
  int expect = 0;
  std::uint64_t times = 1;
};

std::optional<Options> read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--trace") {
      options.trace = true;
      continue;
    }
    if (i + 1 == argc) return std::nullopt;
    char* end = nullptr;
    const std::uint64_t number = std::strtoull(argv[++i], &end, 10);
    if (*end != 0) return std::nullopt;
    if (name == "--seed")
      options.seed = number;
    else if (name == "--seeds")
      options.seeds = number;
    else if (name == "--long")
      options.times = number;
    else if (name == "--until")
      options.until = number;
    else if (name == "--expect")
      options.expect = int(number);
    else
      return std::nullopt;
  }
  if (std::getenv("GINNEL_LONG") == nullptr || options.times < 2) return options;
  options.seed = (options.seed - 1) * options.times + 1;
  options.seeds *= options.times;
  return options;
}

int run(const Options& options) {
  std::map<int, int> broken;
  std::uint64_t held = 0, unjudged = 0;
  for (std::uint64_t seed = options.seed; seed < options.seed + options.seeds; ++seed) {
    RunOptions one;
    one.seed = seed;
    one.trace = options.trace ? &std::cout : nullptr;
    one.until = options.until;
    one.state = &std::cout;
    FederationRun federation(one);
    const Findings findings = federation.go();
    // What was seen up to there may have failed; that it holds is not known.
    if (!federation.is_judged()) std::cout << "seed " << seed << " was stopped at --until: not judged\n";
    if (findings.empty()) {
      ++(federation.is_judged() ? held : unjudged);
      continue;
    }
    for (const auto& finding : findings) ++broken[finding.promise];
    if (options.expect != 0 && broken.contains(options.expect)) {
      std::cout << "seed " << seed << " shows that promise " << options.expect << " is broken\n";
      return 0;
    }
    if (options.expect != 0) continue;
    std::cout << "seed " << seed << " failed: federation_run --seed " << seed << " --trace\n";
    for (const auto& finding : findings) std::cout << "  promise " << finding.promise << ": " << finding.what << "\n";
  }
  if (options.expect != 0) {
    std::cout << "no seed shows that promise " << options.expect << " is broken\n";
    return 1;
  }
  std::cout << held << " of " << options.seeds << " seeds hold";
  if (unjudged > 0) std::cout << ", " << unjudged << " not judged";
  std::cout << "\n";
  return held + unjudged == options.seeds ? 0 : 1;
}

}  // namespace
}  // namespace ginnel::sim

int main(int argc, char** argv) {
  const auto options = ginnel::sim::read_options(argc, argv);
  if (!options) return std::cerr << ginnel::sim::help, 2;
  return ginnel::sim::run(*options);
}
