// SPDX-License-Identifier: Apache-2.0
#include "node/report/return_maker.h"

#include <algorithm>
#include <map>

namespace ginnel {

ReturnMaker::ReturnMaker(const Gate& gate, const statutory::Format& format, For about)
    : gate_(gate), format_(format), for_(std::move(about)), period_(return_year(for_.year)) {
  out_.year = for_.year;
  out_.from = period_.from;
  out_.to = period_.to;
}

Expected<bool> ReturnMaker::step(Turn& turn) {
  if (!is_started_) {
    auto people = turn.person_entries();
    if (!people) return tl::unexpected(people.error());
    people_ = std::move(*people);
    out_.file = cin_start({for_.authority, period_.to, turn.now()});
    is_started_ = true;
  }
  const std::size_t end = std::min(people_.size(), next_ + limits::return_people_per_turn_max);
  for (; next_ < end; ++next_) {
    auto person = turn.person_told_at(people_[next_]);
    if (!person) return tl::unexpected(person.error());
    if (!*person) continue;
    auto group = turn.merged_with(**person);
    if (!group && group.error().code == "no-person") continue;  // erased since
    if (!group) return tl::unexpected(group.error());
    if (group->front() != **person) continue;  // comes with the one that stands for all
    if (auto added = add(turn, **person); !added) return tl::unexpected(added.error());
  }
  if (next_ < people_.size()) return true;
  if (out_.children == 0)
    return fail("bad-year", "cannot make the return", "the node holds no child with an episode in that year",
                "choose another year, or import first");
  out_.file += cin_end();
  return false;
}

Expected<void> ReturnMaker::add(Turn& turn, const PersonRef& person) {
  auto labels = turn.labels(person);
  if (!labels) return tl::unexpected(labels.error());
  // Only what the return could tell is decided, and only a child's own.
  auto group = turn.merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::erase_if(*labels, [&](const RecordLabel& label) {
    const bool is_child = std::any_of(label.subjects.begin(), label.subjects.end(), [&](const Subject& subject) {
      return subject.role == SubjectRole::child &&
             std::find(group->begin(), group->end(), subject.person) != group->end();
    });
    const bool is_known = std::any_of(format_.events.begin(), format_.events.end(), [&](const auto& event) {
      return event.kind == label.kind && event.category == label.label.category;
    });
    return !is_child || !is_known || label.label.owner != for_.asking.agency;
  });
  if (labels->empty()) return {};
  auto markings = turn.markings(person);
  if (!markings) return tl::unexpected(markings.error());
  for (auto& label : *labels)
    for (const auto& marking : *markings)
      if (!gate_.may_tell_marking(marking)) label.label.markings.insert(marking);
  for (const auto& label : *labels) markings->insert(label.label.markings.begin(), label.label.markings.end());

  auto key = turn.person_key(person);
  if (!key) return tl::unexpected(key.error());
  DecisionFor recorded{for_.actor, *key, {}};
  recorded.access.person = person;
  recorded.access.worker = for_.asking.worker;
  recorded.access.reason = "CIN census return of " + std::to_string(for_.year);
  auto verdicts = gate_.decide(for_.asking, *labels, *markings, recorded, turn);
  if (!verdicts) return tl::unexpected(verdicts.error());

  std::vector<Record> records;
  std::map<std::string, std::size_t> withheld;  // by why and whom to ask
  std::optional<ReturnIdentity> who;
  Access shown = recorded.access;
  for (const auto& verdict : *verdicts) {
    if (verdict.permit && verdict.step >= Step::content) {
      auto record = turn.read(*verdict.permit);
      if (!record) return tl::unexpected(record.error());
      if (!who) {
        auto identity = turn.return_identity(*verdict.permit, person);
        if (!identity) return tl::unexpected(identity.error());
        who = std::move(*identity);
      }
      shown.items.push_back({verdict.record, verdict.step, record->label.category, {}, {}, {}});
      records.push_back(std::move(*record));
    } else if (verdict.step != Step::none) {
      ++withheld[verdict.reason + (verdict.ask.empty() ? "" : "; ask " + verdict.ask)];
    }
  }
  if (!who) return {};
  auto made = make_return_child(*who, records, format_, period_);
  if (made.child)
    for (const auto& [why, count] : withheld)
      made.gaps.push_back({made.child->key, "", {}, std::to_string(count) + " withheld: " + why});
  if (!made.child && made.gaps.empty()) return {};
  shown.role = for_.asking.role;
  shown.purpose = for_.asking.purpose;
  shown.basis = for_.asking.basis;
  shown.bundle = gate_.bundle().ref_text();
  if (auto noted = turn.append(EntryKind::view_shown, for_.actor, *key, shown); !noted)
    return tl::unexpected(noted.error());
  add_gaps(std::move(made.gaps));
  if (!made.child) return {};
  out_.file += cin_child(*made.child);
  ++out_.children;
  if (out_.file.size() > limits::return_bytes_max)
    return fail("too-large", "cannot make the return", "it would be longer than a file may be",
                "make it from the case system");
  return {};
}

void ReturnMaker::add_gaps(std::vector<ReturnGap> gaps) {
  for (auto& gap : gaps)
    if (out_.gaps.size() < limits::return_gaps_max)
      out_.gaps.push_back(std::move(gap));
    else
      ++out_.gaps_not_told;
}

}  // namespace ginnel
