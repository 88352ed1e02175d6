// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/synth.h"

#include <algorithm>

#include "adapters/limits.h"
#include "adapters/synth/cin_export.h"
#include "adapters/synth/family_writer.h"
#include "adapters/synth/stories.h"

namespace ginnel {
namespace {

using synth::AgencyExport;
using synth::Chance;
using synth::Exports;
using synth::Family;
using synth::FaultDice;
using synth::Part;
using synth::Somebody;

// What a stream of choices is for.
enum Use : std::uint64_t { lives = 1, rows = 2, planted = 3 };

// A stream of choices of its own for each family and use, so that one more choice here changes nothing there.
std::uint64_t stream(std::uint64_t seed, Use use, std::uint64_t number) {
  return SeededRandom(SeededRandom(seed + use * 0x9e3779b97f4a7c15u).next() ^ number).next();
}

class WorldWriting {
 public:
  explicit WorldWriting(const SynthOptions& options)
      : options_(options), census_(options.out_dir, options.today), numbers_(options.seed) {
    summary_.nodes = synth_nodes();
  }

  Expected<SynthSummary> run() {
    for (const SynthNode& node : summary_.nodes) {
      auto opened = AgencyExport::open(node, options_.out_dir / node.id / "source");
      if (!opened) return unwritable();
      exports_[node.id] = std::move(opened);
    }
    synth::Truth truth(options_.out_dir / "truth.json", options_);
    Chance of_rows(stream(options_.seed, rows, 0));
    synth::FamilyWriter writer(options_, summary_, exports_, truth, FaultDice(options_.plant_faults, of_rows));
    write_stories(writer);
    write_families(writer);
    for (auto& [node, system] : exports_) {
      if (!system->sound()) return unwritable();
    }
    summary_.faults = synth_fault_kinds();
    for (std::size_t i = 0; i < summary_.faults.size(); ++i) summary_.faults[i].planted = truth.planted()[i];
    if (!census_.finish() || !truth.finish(summary_)) return unwritable();
    return std::move(summary_);
  }

 private:
  tl::unexpected<Error> unwritable() const {
    return fail("unwritable", "cannot write the synthetic data",
                "a file in " + options_.out_dir.string() + " cannot be written",
                "check the folder and the space on the disk");
  }

  void write_stories(synth::FamilyWriter& writer) {
    for (const synth::StoryTeller& tell : synth::story_tellers()) {
      synth::Story story = tell(options_.today, numbers_, exports_);
      Chance chance(stream(options_.seed, planted, summary_.stories.size() + summary_.sealed.size()));
      for (const Part& part : story.parts) census_.add(part);
      writer.write(story.family, story.parts, story.planted.story, chance);
      (story.is_sealed ? summary_.sealed : summary_.stories).push_back(story.planted);
    }
  }

  void write_families(synth::FamilyWriter& writer) {
    for (std::uint64_t n = 0; summary_.children < options_.children; ++n) {
      Chance chance(stream(options_.seed, lives, n));
      FaultDice dice(options_.plant_faults, chance);
      Family family = synth::make_family(int(options_.children - summary_.children), options_.today, numbers_, dice);
      std::vector<Part> parts;
      for (const Somebody& child : family.children) {
        auto lived = synth::live(family, child, options_.today, exports_, dice);
        std::move(lived.begin(), lived.end(), std::back_inserter(parts));
      }
      if (family.unborn) {
        if (auto part = synth::live_unborn(family, options_.today, exports_, chance)) parts.push_back(std::move(*part));
      }
      for (const Part& part : parts) census_.add(part);
      writer.write(family, parts, "", chance);
    }
  }

  const SynthOptions& options_;
  synth::CinExport census_;
  SynthSummary summary_;
  synth::Numbers numbers_;
  Exports exports_;
};

}  // namespace

std::vector<SynthNode> synth_nodes() {
  return {{"bradford-csc", "social_care", "Bradford Children's Services"},
          {"leeds-csc", "social_care", "Leeds Children's Services"},
          {"kirklees-csc", "social_care", "Kirklees Children's Services"},
          {"calderdale-csc", "social_care", "Calderdale Children's Services"},
          {"wakefield-csc", "social_care", "Wakefield Children's Services"},
          {"wy-police", "police", "West Yorkshire Police"},
          {"bradford-health", "health", "Bradford District Care"},
          {"leeds-health", "health", "Leeds Community Health"},
          {"bradford-education", "education", "Education Bradford"},
          {"wy-probation", "probation", "West Yorkshire Probation"}};
}

Expected<SynthSummary> write_synthetic_world(const SynthOptions& options) {
  const std::size_t least = synth::story_tellers().size();
  if (options.children < least || options.children > limits::synth_children_max) {
    return fail(
        "bad-options", "cannot write the synthetic data", "the number of children is out of range",
        "give " + std::to_string(least) + " (the planted ones) to " + std::to_string(limits::synth_children_max));
  }
  if (!options.today.is_set() || options.out_dir.empty()) {
    return fail("bad-options", "cannot write the synthetic data", "the last day or the folder is missing", "give both");
  }
  return WorldWriting(options).run();
}

}  // namespace ginnel
