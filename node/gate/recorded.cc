// SPDX-License-Identifier: Apache-2.0
#include "node/gate/recorded.h"

#include <tuple>

#include "federation/base/check.h"

namespace ginnel {
namespace {

static_assert(limits::decide_records_max < UINT16_MAX);  // so that each label of a decision has a place

}  // namespace

void record_asking(const Asking& asking, Access& entry) {
  entry.role = asking.role;
  entry.purpose = asking.purpose;
  entry.basis = asking.basis;
  DecidedBy& by = entry.decided_by.emplace();
  by.agency_kind = asking.agency_kind;
  by.break_glass = asking.break_glass;
  by.highest = asking.highest;
  by.proven.assign(asking.proven.begin(), asking.proven.end());
  by.categories.assign(asking.categories.begin(), asking.categories.end());
}

void record_consents(const Consents& consents, DecidedBy& by) {
  by.consents_unreadable = consents.are_unreadable;
  for (const auto& [category, held] : consents.by_category)
    by.consents.push_back({category, held.state, held.decider, held.since, held.competence});
}

Consents recorded_consents(const DecidedBy& by) {
  Consents out;
  out.are_unreadable = by.consents_unreadable;
  for (const auto& held : by.consents)
    out.by_category.emplace(held.category, Consenting{held.state, held.decider, held.since, held.competence});
  return out;
}

bool LabelsRecorded::Less::operator()(const RecordLabel* a, const RecordLabel* b) const {
  const auto all = [](const RecordLabel& of) {
    return std::tie(of.kind, of.label.category, of.label.sensitivity, of.label.handling, of.label.owner,
                    of.label.markings, of.label.addressed_to, of.told);
  };
  return all(*a) < all(*b);
}

std::uint16_t LabelsRecorded::place_of(const RecordLabel& record) {
  const auto [found, is_new] = places_.try_emplace(&record, std::uint16_t(by_.labels.size() + 1));
  if (!is_new) return found->second;
  CHECK(by_.labels.size() < UINT16_MAX);
  const Label& label = record.label;
  by_.labels.push_back({record.kind,
                        label.category,
                        label.handling,
                        label.owner,
                        label.sensitivity,
                        {label.markings.begin(), label.markings.end()},
                        record.told,
                        label.addressed_to});
  return found->second;
}

std::optional<Asking> recorded_asking(const EntryHeader& header, const Access& entry, const MemberId& own) {
  if (!entry.decided_by) return std::nullopt;
  const DecidedBy& by = *entry.decided_by;
  Asking asking;
  asking.agency = entry.peer.empty() ? own : entry.peer;
  asking.agency_kind = by.agency_kind;
  asking.worker = entry.worker.empty() ? header.actor.hex() : entry.worker;
  asking.role = entry.role;
  asking.purpose = entry.purpose;
  asking.basis = entry.basis;
  asking.proven.insert(by.proven.begin(), by.proven.end());
  asking.break_glass = by.break_glass;
  asking.highest = by.highest;
  asking.categories.insert(by.categories.begin(), by.categories.end());
  return asking;
}

std::optional<RecordLabel> recorded_label(const AccessItem& item, const Access& entry) {
  if (!entry.decided_by || item.label == 0 || item.label > entry.decided_by->labels.size()) return std::nullopt;
  const DecidedLabel& by = entry.decided_by->labels[item.label - 1];
  RecordLabel record;
  record.id = item.record;
  record.kind = by.kind;
  record.label.category = by.category;
  record.label.handling = by.handling;
  record.label.owner = by.owner;
  record.label.sensitivity = by.sensitivity;
  record.label.markings.insert(by.markings.begin(), by.markings.end());
  record.label.addressed_to = by.addressed_to;
  record.told = by.told;
  return record;
}

}  // namespace ginnel
