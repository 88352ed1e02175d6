// SPDX-License-Identifier: Apache-2.0
#include "node/view/assemble.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <span>

#include "federation/base/check.h"
#include "node/view/kept_answer.h"
#include "node/view/part_maker.h"

namespace ginnel {
namespace {

struct Received {
  MemberId from;
  const Item* item;
};

ViewContact contact_of(const Contact& contact) { return {contact.name, contact.role, contact.team, contact.phone}; }

std::string worried(const ViewContact& contact) {
  return contact.phone.empty() ? "ring them" : "ring " + contact.phone;
}

std::string reason_of(const ViewPart& part, const Answer* answer, const ToAssemble& what) {
  switch (part.status) {
    case PartStatus::answered:
      return "";
    case PartStatus::withheld:
      return "knows the child; nothing of it may be shown to you; " + worried(part.contact);
    case PartStatus::not_known:
      return "holds nothing that it may tell you; if you are worried, " + worried(part.contact);
    case PartStatus::not_asked:
      return what.not_asked.at(part.agency);
    case PartStatus::silent:
      return what.why_silent(part.agency);
    default:
      break;
  }
  if (answer && !answer->reason.sentence.empty()) return answer->reason.sentence;
  return "the lookup could not be completed; " + worried(part.contact);
}

ViewPart part_of(const MemberId& id, const ToAssemble& what) {
  ViewPart part;
  part.agency = id;
  if (const Member* member = what.book.find(id)) {
    part.agency_name = member->name;
    part.agency_kind = member->kind;
    part.contact = contact_of(member->duty);
  }
  auto answer = what.answers.find(id);
  if (answer == what.answers.end()) {
    part.status = what.not_asked.contains(id) ? PartStatus::not_asked : PartStatus::silent;
    return part;
  }
  part.status = answer->second.status;
  part.answered_at = answer->second.answered_at;
  part.data_to = answer->second.data_to;
  if (!answer->second.contact.phone.empty()) part.contact = contact_of(answer->second.contact);
  return part;
}

}  // namespace

// SECURITY: the owner is the member that answered, whatever the item says: a peer could otherwise claim that its item
// is our own and have it shown by our rule for our own records.
RecordLabel label_of(const MemberId& from, const Item& item) {
  RecordLabel label{item.record, item.kind, item.label, item.occurred, {}};
  label.label.owner = from;
  label.told = item.consent;
  return label;
}

ViewItem view_item(const MemberId& from, const Item& item, const std::string& agency_kind, Step step) {
  ViewItem out;
  out.id = item.record;
  out.agency = from;
  out.agency_kind = agency_kind;
  out.category = item.category();
  out.kind = item.kind;
  out.occurred = item.occurred;
  out.recorded = item.recorded;
  out.received = item.received;
  out.step = step;
  out.headline = item.headline;
  if (step >= Step::content) {
    out.fields = item.fields;
    out.narrative = item.narrative;
    for (const auto& file : item.attachments) out.attachments.push_back({file, {}});
  }
  out.assertion = item.assertion;
  out.author = item.author;
  out.source_system = item.source_system;
  out.replaces = item.replaces;
  out.superseded_at = item.superseded_at;
  return out;
}

Expected<Assembly> assemble(const ToAssemble& what, const Asking& asking, const DecisionFor& recorded, const Gate& gate,
                            Turn& turn) {
  std::vector<Received> received;
  std::vector<RecordLabel> labels;
  std::set<std::string> markings;
  for (const auto& [from, answer] : what.answers) {
    markings.merge(markings_carried(answer));
    for (const auto& item : answer.items) {
      received.push_back({from, &item});
      labels.push_back(label_of(from, item));
    }
  }
  Verdicts verdicts;
  // At least once: that nothing was there to decide is a decision too.
  for (std::span<const RecordLabel> rest(labels);;) {
    const auto some = rest.first(std::min(rest.size(), limits::decide_records_max));
    auto decided = gate.decide(asking, some, markings, recorded, turn);
    if (!decided) return tl::unexpected(decided.error());
    verdicts.insert(verdicts.end(), std::make_move_iterator(decided->begin()), std::make_move_iterator(decided->end()));
    rest = rest.subspan(some.size());
    if (rest.empty()) break;
  }
  CHECK(verdicts.size() == received.size());  // a view asks for all categories

  Assembly out;
  std::map<MemberId, std::size_t> shown;
  std::map<MemberId, WithheldCounts> counts;
  for (const auto& [from, answer] : what.answers)
    for (const auto& withheld : answer.withheld) counts[from].add(withheld);
  for (std::size_t i = 0; i < received.size(); ++i) {
    const Verdict& verdict = verdicts[i];
    const Step step = std::min(verdict.step, received[i].item->step);
    if (step >= Step::headline) {
      const Member* member = what.book.find(received[i].from);
      out.items.push_back(view_item(received[i].from, *received[i].item, member ? member->kind : "", step));
      out.items.back().hash = item_hash(*received[i].item);
      out.shown.push_back(
          {received[i].item->record, step, received[i].item->category(), {}, {}, out.items.back().hash});
      ++shown[received[i].from];
    } else if (step == Step::exists) {
      counts[received[i].from].add(verdict);
    }
  }
  std::stable_sort(out.items.begin(), out.items.end(),
                   [](const ViewItem& a, const ViewItem& b) { return a.occurred.order() > b.occurred.order(); });

  for (const auto& id : what.scope) {
    ViewPart part = part_of(id, what);
    part.items = std::uint32_t(shown[id]);
    for (const auto& withheld : counts[id].take()) {
      part.withheld += withheld.count;
      out.withheld.push_back({id, withheld.category, withheld.count, withheld.reason, withheld.ask});
    }
    // What this agency's own policy held back changes what the part comes to.
    if (part.status == PartStatus::answered) part.status = status_of(part.items, part.withheld);
    auto answer = what.answers.find(id);
    part.reason = reason_of(part, answer == what.answers.end() ? nullptr : &answer->second, what);
    out.parts.push_back(std::move(part));
  }
  return out;
}

bool is_complete(const std::vector<ViewPart>& parts) {
  return std::all_of(parts.begin(), parts.end(), [](const ViewPart& part) {
    return part.status == PartStatus::answered || part.status == PartStatus::withheld ||
           part.status == PartStatus::refused || part.status == PartStatus::not_known;
  });
}

}  // namespace ginnel
