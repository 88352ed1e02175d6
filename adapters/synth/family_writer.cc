// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/family_writer.h"

#include <algorithm>

namespace ginnel::synth {
namespace {

constexpr const char* adoption = "AD";

std::vector<const Somebody*> adults_of(const Family& family) {
  std::vector<const Somebody*> adults = {&family.mother};
  if (family.father) adults.push_back(&*family.father);
  if (family.partner) adults.push_back(&*family.partner);
  return adults;
}

// The event's day in another form than the export's own.
std::string in_other_form(Date day, const std::string& kind) {
  std::string iso = day.iso();
  if (kind != "health") return iso;
  return iso.substr(8, 2) + "." + iso.substr(5, 2) + "." + iso.substr(0, 4);
}

// Thirty-six years on is a day too: as many leap years lie between.
Date thirty_six_years_on(Date day) { return days_after(day, 36 * 365 + 9); }

}  // namespace

void FamilyWriter::write(const Family& family, const std::vector<Part>& parts, const std::string& story,
                         Chance& chance) {
  family_ = &family;
  exact_ = !story.empty();
  const auto adults = adults_of(family);
  HeldBySomebody held;
  for (SynthNode& node : summary_.nodes) {
    AgencyExport& system = *exports_.at(node.id);
    for (const Part& part : parts) {
      if (part.node == node.id) write_part(part, node, system, held);
    }
    for (const Somebody* adult : adults) {
      if (system.holds(adult->id)) write_adult(*adult, parts, node, system, held, chance);
    }
    if (node.kind == "social_care") write_relations(parts, node, system);
    system.end_family();
  }
  const std::string& postcode = family.home().postcode;
  for (const Somebody& child : family.children) truth_.child(child, postcode, held[child.id], story);
  for (const Somebody* adult : adults) truth_.adult(*adult, postcode, held[adult->id], story);
  summary_.children += std::uint32_t(family.children.size());
  summary_.adults += std::uint32_t(adults.size());
  if (family.unborn && !held[family.unborn->id].empty()) {
    truth_.unborn(*family.unborn, family.mother, postcode, held[family.unborn->id]);
    ++summary_.unborn;
  }
}

void FamilyWriter::write_person(const PersonCopy& copy, SynthNode& node, AgencyExport& system,
                                const std::string& same_as) {
  auto at = system.person(copy);
  ++node.people;
  for (Fault fault : copy.faults) truth_.fault(fault, node.id, at, copy.key, same_as);
}

void FamilyWriter::write_part(const Part& part, SynthNode& node, AgencyExport& system, HeldBySomebody& held) {
  PersonCopy child = part.child;
  for (const Somebody& one : family_->children) {
    if (one.id == child.id && one.is_twin) child.faults.push_back(Fault::twins);
  }
  write_person(child, node, system, "");
  if (part.involved) system.involvement(child, part.involvement);

  // Somebody is in the system twice: the last event hangs on the second key.
  PersonCopy second;
  for (Fault fault : {Fault::person_twice, Fault::person_twice_unsure}) {
    if (exact_ || child.is_unborn || part.events.size() < 2 || !second.key.empty() || !faults_.strikes(fault)) continue;
    if (auto made = second_copy(part.child, fault, options_.today, faults_.chance())) {
      second = std::move(*made);
      second.key = system.another_key();
      write_person(second, node, system, child.key);
    }
  }
  int on_second = second.key.empty() ? 0 : 1;
  held[child.id].push_back({node.id, child, part.records() - on_second});
  if (on_second > 0) held[child.id].push_back({node.id, second, on_second});

  LastRow last = write_events(part, on_second > 0 ? &second : nullptr, node, system);
  node.records += std::uint32_t(part.rows());
  summary_.records += std::uint32_t(part.rows());
  if (!exact_ && last.about) plant_beside(last, node, system);
}

FamilyWriter::LastRow FamilyWriter::write_events(const Part& part, const PersonCopy* second, const SynthNode& node,
                                                 AgencyExport& system) {
  LastRow last;
  for (std::size_t i = 0; i < part.events.size(); ++i) {
    Event event = part.events[i];
    bool is_last = i + 1 == part.events.size();
    bool may_be_wrong = !exact_ && event.recorded.is_set() && event.code != "INT";
    bool in_future = may_be_wrong && faults_.strikes(Fault::event_in_future);
    bool other_form = may_be_wrong && !in_future && faults_.strikes(Fault::recorded_other_form);
    if (in_future) event.date = thirty_six_years_on(event.date);
    if (other_form) event.recorded_text = in_other_form(event.recorded, node.kind);
    last.about = is_last && second ? second : &part.child;
    auto at = system.event(*last.about, event);
    if (in_future) truth_.fault(Fault::event_in_future, node.id, at, "", "");
    if (other_form) truth_.fault(Fault::recorded_other_form, node.id, at, "", "");
    if (is_last) {
      last.event = std::move(event);
      last.event.row_key = at.row_key;
    }
  }
  return last;
}

// Rows that stand beside the child's own and give nothing.
void FamilyWriter::plant_beside(const LastRow& last, const SynthNode& node, AgencyExport& system) {
  auto plant = [&](Fault fault, const auto& damage) {
    if (!faults_.strikes(fault)) return;
    Event event = last.event;
    damage(event);
    truth_.fault(fault, node.id, system.event(*last.about, event), "", "");
  };
  plant(Fault::row_twice, [](Event&) {});
  plant(Fault::key_twice, [](Event& it) { it.date = days_before(it.date, 1); });
  auto plant_new = [&](Fault fault, const auto& damage) {
    plant(fault, [&](Event& it) {
      it.row_key.clear();
      std::replace(it.note.begin(), it.note.end(), '\n', ' ');
      damage(it);
    });
  };
  plant_new(Fault::unreadable_date, [](Event& it) { it.date_text = "31/02/2026"; });
  plant_new(Fault::other_date_form, [&](Event& it) { it.date_text = in_other_form(it.date, node.kind); });
  plant_new(Fault::short_row, [](Event& it) { it.damage = RowDamage::short_row; });
  plant_new(Fault::extra_delimiter, [](Event& it) { it.damage = RowDamage::extra_delimiter; });
  plant_new(Fault::stray_quote, [](Event& it) { it.damage = RowDamage::stray_quote; });
  plant_new(Fault::wrong_encoding, [](Event& it) { it.damage = RowDamage::wrong_encoding; });
}

void FamilyWriter::write_adult(const Somebody& adult, const std::vector<Part>& parts, SynthNode& node,
                               AgencyExport& system, HeldBySomebody& held, Chance& chance) {
  // The agency has the parent where it has the child.
  Home home = family_->home();
  std::string shield;
  for (const Part& part : parts) {
    if (part.node != node.id) continue;
    for (const Home& one : family_->homes) {
      if (one.street == part.child.home.street) home = one;  // without what is wrong in the child's row
    }
    if (part.child.shield != adoption) shield = part.child.shield;  // which is the child's alone
  }
  bool lives_elsewhere = family_->father && family_->father_left && adult.id == family_->father->id;
  if (lives_elsewhere) home = make_home(home.district, home.from, chance);
  FaultDice dice(options_.plant_faults && !exact_, chance);
  PersonCopy copy =
      exact_ ? exact_copy(adult, home) : copy_with_mistakes({adult, home}, node.kind, options_.today, dice);
  copy.key = system.key_of(adult.id);
  copy.shield = shield;
  write_person(copy, node, system, "");
  held[adult.id].push_back({node.id, copy, 0});
}

void FamilyWriter::write_relations(const std::vector<Part>& parts, const SynthNode& node, AgencyExport& system) {
  std::vector<const Part*> here;
  for (const Part& part : parts) {
    if (part.node == node.id) here.push_back(&part);
  }
  for (const Part* part : here) {
    bool born = !part->child.is_unborn;
    auto relate = [&](const Somebody& other, const char* kind, bool same_household, bool responsible) {
      if (!system.holds(other.id)) return;
      Date since = born ? part->child.birth : Date();
      system.relation({part->child.key, system.key_of(other.id), kind, same_household, responsible, since});
    };
    relate(family_->mother, "MOT", true, born);
    if (family_->father) relate(*family_->father, "FAT", !family_->father_left, born);
    if (family_->partner) relate(*family_->partner, "PAR", true, false);
    for (const Part* sibling : here) {
      if (sibling == part || !born || sibling->child.is_unborn) continue;
      Date since = std::max(part->child.birth, sibling->child.birth);
      system.relation({part->child.key, sibling->child.key, "SIB", true, false, since});
    }
  }
}

}  // namespace ginnel::synth
