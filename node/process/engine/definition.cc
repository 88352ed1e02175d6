// SPDX-License-Identifier: Apache-2.0
#include "node/process/engine/definition.h"

#include <algorithm>

namespace ginnel {
namespace {

template <class List>
auto find_by_id(const List& list, std::string_view id) -> decltype(&list.front()) {
  for (const auto& one : list)
    if (one.id == id) return &one;
  return nullptr;
}

}  // namespace

std::string Escalation::text() const {
  return role + " at " + std::to_string(percent) + " %" + (plus ? " + " + plus->text() : "");
}

const StepOutcome* StepDefinition::outcome(std::string_view id) const { return find_by_id(outcomes, id); }
const StepClock* StepDefinition::clock(std::string_view id) const { return find_by_id(clocks, id); }

bool StepDefinition::takes(std::string_view contribution) const {
  for (const auto* list : {&evidence, &dates, &may_have})
    if (std::find(list->begin(), list->end(), contribution) != list->end()) return true;
  return false;
}

std::set<std::string> StepDefinition::events() const {
  std::set<std::string> out{"opened", "closed"};
  for (const auto* list : {&evidence, &dates, &may_have}) out.insert(list->begin(), list->end());
  for (const StepOutcome& outcome : outcomes) out.insert(outcome.id);
  return out;
}

const StepDefinition* Definition::step(std::string_view id) const { return find_by_id(steps, id); }
const StateDefinition* Definition::state(std::string_view id) const { return find_by_id(states, id); }

const Migration* Definition::migration_from(std::int64_t version) const {
  for (const Migration& one : migrations)
    if (one.from == version) return &one;
  return nullptr;
}

Expected<void> Definitions::add(Definition definition) {
  const DefinitionKey key = definition.key;
  if (!definitions_.emplace(key, std::move(definition)).second)
    return fail("bad-process", "cannot take the definition", "`" + key.text() + "` is there already",
                "give it another version: one that a case may follow is never changed");
  return {};
}

const Definition* Definitions::find(const DefinitionKey& key) const {
  const auto found = definitions_.find(key);
  return found == definitions_.end() ? nullptr : &found->second;
}

const Definition* Definitions::in_effect(std::string_view id, std::string_view authority, std::string_view otherwise,
                                         Date day) const {
  for (std::string_view whose : {authority, otherwise}) {
    const Definition* best = nullptr;
    for (const auto& [key, one] : definitions_)  // in the order of versions
      if (key.id == id && key.authority == whose && one.effective_from <= day &&
          (!best || best->effective_from <= one.effective_from))
        best = &one;
    if (best) return best;
  }
  return nullptr;
}

std::vector<const Definition*> Definitions::all() const {
  std::vector<const Definition*> out;
  for (const auto& [key, one] : definitions_) out.push_back(&one);
  return out;
}

}  // namespace ginnel
