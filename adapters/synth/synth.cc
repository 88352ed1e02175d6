// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/synth.h"

#include <algorithm>

#include "adapters/limits.h"
#include "adapters/synth/cin_export.h"
#include "adapters/synth/life.h"
#include "adapters/synth/stories.h"
#include "adapters/synth/truth.h"

namespace ginnel {
namespace {

using synth::AgencyExport;
using synth::Chance;
using synth::Event;
using synth::Exports;
using synth::Family;
using synth::Held;
using synth::Part;
using synth::PersonCopy;
using synth::Somebody;

// A stream of choices of its own for each family and use, so that one more choice here changes nothing there.
std::uint64_t stream(std::uint64_t seed, std::uint64_t use, std::uint64_t number) {
  return SeededRandom(SeededRandom(seed + use * 0x9e3779b97f4a7c15u).next() ^ number).next();
}

class WorldWriting {
 public:
  explicit WorldWriting(const SynthOptions& options)
      : options_(options),
        census_(options.out_dir, options.today),
        numbers_(options.seed),
        faults_(stream(options.seed, 2, 0)) {
    summary_.nodes = synth_nodes();
  }

  Expected<SynthSummary> run() {
    for (const SynthNode& node : summary_.nodes) {
      auto opened = AgencyExport::open(node, options_.out_dir / node.id / "source");
      if (!opened) return unwritable();
      exports_[node.id] = std::move(opened);
    }
    synth::Truth truth(options_.out_dir / "truth.json", options_);
    for (int i = 0; i < synth::story_count; ++i) {
      synth::Story story = synth::plant_story(i, options_.today, numbers_, exports_);
      summary_.stories.push_back(story.planted);
      Chance chance(stream(options_.seed, 3, std::uint64_t(i)));
      write(story.family, story.parts, true, truth, chance, story.planted.story);
    }
    for (std::uint64_t n = 0; summary_.children < options_.children; ++n) {
      Chance chance(stream(options_.seed, 1, n));
      Family family = synth::make_family(int(options_.children - summary_.children), options_.today, numbers_, chance);
      std::vector<Part> parts;
      for (const Somebody& child : family.children) {
        auto lived = synth::live(family, child, options_.today, exports_, chance);
        std::move(lived.begin(), lived.end(), std::back_inserter(parts));
      }
      write(family, parts, false, truth, chance, "");
    }
    for (auto& [node, system] : exports_) {
      if (!system->sound()) return unwritable();
    }
    if (!census_.finish() || !truth.finish(summary_)) return unwritable();
    return std::move(summary_);
  }

 private:
  tl::unexpected<Error> unwritable() const {
    return fail("unwritable", "cannot write the synthetic data",
                "a file in " + options_.out_dir.string() + " cannot be written",
                "check the folder and the space on the disk");
  }

  void write(const Family& family, const std::vector<Part>& parts, bool exact, synth::Truth& truth, Chance& chance,
             const std::string& story) {
    std::vector<const Somebody*> adults = {&family.mother};
    if (family.father) adults.push_back(&*family.father);
    if (family.partner) adults.push_back(&*family.partner);
    std::map<std::uint32_t, std::vector<Held>> held;
    for (SynthNode& node : summary_.nodes) {
      AgencyExport& system = *exports_.at(node.id);
      for (const Part& part : parts) {
        if (part.node == node.id) {
          write_part(part, node, system, exact);
          held[part.child.id].push_back({node.id, part.child, part.records()});
        }
      }
      for (const Somebody* adult : adults) {
        if (!system.holds(adult->id)) continue;
        PersonCopy copy = write_adult(*adult, family, parts, node, system, exact, chance);
        held[adult->id].push_back({node.id, copy, 0});
      }
      if (node.kind == "social_care") write_relations(family, parts, node, system);
      system.end_family();
    }
    for (const Somebody& child : family.children) truth.person(child, family.home().postcode, held[child.id], story);
    for (const Somebody* adult : adults) truth.person(*adult, family.home().postcode, held[adult->id], story);
    summary_.children += std::uint32_t(family.children.size());
    summary_.adults += std::uint32_t(adults.size());
  }

  void write_part(const Part& part, SynthNode& node, AgencyExport& system, bool exact) {
    system.person(part.child);
    if (part.involved) system.involvement(part.child, part.involvement);
    for (const Event& event : part.events) system.event(part.child, event);
    census_.add(part);
    ++node.people;
    node.records += std::uint32_t(part.records());
    summary_.records += std::uint32_t(part.records());
    if (!exact && options_.plant_faults && !part.events.empty()) plant_faulty_rows(part, node, system);
  }

  // Rows that stand beside the child's own and give nothing.
  void plant_faulty_rows(const Part& part, const SynthNode& node, AgencyExport& system) {
    if (faults_.in_thousand(15)) {
      Event event = part.events.back();
      event.date_text = "31/02/2026";
      auto at = system.event(part.child, event);
      summary_.faults.push_back({node.id, at.file, at.line, "unreadable-date", "rejected"});
    }
    if (faults_.in_thousand(10)) {
      Event event = part.events.back();
      event.cut_short = true;
      auto at = system.event(part.child, event);
      summary_.faults.push_back({node.id, at.file, at.line, "short-row", "rejected"});
    }
  }

  PersonCopy write_adult(const Somebody& adult, const Family& family, const std::vector<Part>& parts, SynthNode& node,
                         AgencyExport& system, bool exact, Chance& chance) {
    // The agency has the parent where it has the child.
    synth::Home home = family.home();
    std::string shield;
    for (const Part& part : parts) {
      if (part.node != node.id) continue;
      home = part.child.home;
      shield = part.child.shield;
    }
    bool lives_elsewhere = family.father && family.father_left && adult.id == family.father->id;
    if (lives_elsewhere) home = synth::make_home(home.district, home.from, chance);
    PersonCopy copy =
        exact ? synth::exact_copy(adult, home) : synth::copy_with_mistakes(adult, home, node.kind, chance);
    copy.key = system.key_of(adult.id);
    copy.shield = shield;
    bool faulty = !exact && options_.plant_faults && !copy.nhs_number.empty() && faults_.in_thousand(20);
    if (faulty) copy.nhs_number.back() = copy.nhs_number.back() == '9' ? '0' : char(copy.nhs_number.back() + 1);
    auto at = system.person(copy);
    if (faulty) summary_.faults.push_back({node.id, at.file, at.line, "nhs-check-digit", "flagged"});
    ++node.people;
    return copy;
  }

  void write_relations(const Family& family, const std::vector<Part>& parts, const SynthNode& node,
                       AgencyExport& system) {
    std::vector<const Part*> here;
    for (const Part& part : parts) {
      if (part.node == node.id) here.push_back(&part);
    }
    for (const Part* part : here) {
      auto relate = [&](const Somebody& other, const char* kind, bool same_household, bool responsible) {
        if (!system.holds(other.id)) return;
        system.relation(
            {part->child.key, system.key_of(other.id), kind, same_household, responsible, part->child.birth});
      };
      relate(family.mother, "MOT", true, true);
      if (family.father) relate(*family.father, "FAT", !family.father_left, true);
      if (family.partner) relate(*family.partner, "PAR", true, false);
      for (const Part* sibling : here) {
        if (sibling == part) continue;
        system.relation({part->child.key, sibling->child.key, "SIB", true, false,
                         std::max(part->child.birth, sibling->child.birth)});
      }
    }
  }

  const SynthOptions& options_;
  synth::CinExport census_;
  SynthSummary summary_;
  synth::Numbers numbers_;
  Chance faults_;
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
  if (options.children < 3 || options.children > limits::synth_children_max) {
    return fail("bad-options", "cannot write the synthetic data", "the number of children is out of range",
                "give 3 (the planted ones) to " + std::to_string(limits::synth_children_max));
  }
  if (!options.today.is_set() || options.out_dir.empty()) {
    return fail("bad-options", "cannot write the synthetic data", "the last day or the folder is missing", "give both");
  }
  return WorldWriting(options).run();
}

}  // namespace ginnel
