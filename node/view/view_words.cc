// SPDX-License-Identifier: Apache-2.0
#include "node/view/view_words.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "node/process/overview.h"
#include "node/view/transfer_words.h"

namespace ginnel {
namespace {

// A status that says that the agency knows the child. (`out-of-date` may have been answered from nothing.)
bool knows_the_child(const ViewPart& part) {
  return part.status == PartStatus::answered || part.status == PartStatus::withheld ||
         (part.status == PartStatus::out_of_date && part.items > 0);
}

Involvement of_contact(const ViewPart& part) {
  Involvement row;
  row.role = part.contact.role;
  row.name = part.contact.name;
  row.phone = part.contact.phone;
  row.agency = part.agency;
  row.agency_name = part.agency_name;
  return row;
}

std::string count_of(std::size_t count, const char* what) { return std::to_string(count) + " " + what; }

}  // namespace

std::vector<Involvement> who_is_involved(const CaseView& view, std::size_t authors_per_agency) {
  std::map<std::string, std::vector<Involvement>> by_agency;
  std::map<std::string, When> newest;
  for (const auto& item : view.items) {
    auto& last = newest[item.agency.text()];
    if (item.occurred.order() > last.order()) last = item.occurred;
    // Who wrote what came with the file of another authority works there.
    if (item.author.contact.empty() || !given_by_of(item.source_system).empty()) continue;
    auto& rows = by_agency[item.agency.text()];
    auto same = std::find_if(rows.begin(), rows.end(), [&](const Involvement& row) {
      return row.phone == item.author.contact && row.role == item.author.role;
    });
    if (same == rows.end()) {
      const auto* part = part_of(view, item.agency);
      rows.push_back({item.author.role, item.author.name, part ? part->agency_name : item.agency.text(),
                      item.author.contact, item.agency, item.occurred});
    } else if (item.occurred.order() > same->last_contact.order()) {
      same->last_contact = item.occurred;
      same->name = item.author.name;
    }
  }
  auto newer = [](const Involvement& a, const Involvement& b) {
    return a.last_contact.order() > b.last_contact.order();
  };
  std::vector<Involvement> all;
  for (const auto& part : view.parts) {
    if (!knows_the_child(part)) continue;
    auto& rows = by_agency[part.agency.text()];
    std::stable_sort(rows.begin(), rows.end(), newer);
    if (rows.empty()) {
      rows.push_back(of_contact(part));
      rows.back().last_contact = newest[part.agency.text()];
    }
    rows.resize(std::min(rows.size(), std::max<std::size_t>(authors_per_agency, 1)));
    all.insert(all.end(), rows.begin(), rows.end());
  }
  std::stable_sort(all.begin(), all.end(), newer);
  return all;
}

const ViewPart* part_of(const CaseView& view, const MemberId& agency) {
  auto found =
      std::find_if(view.parts.begin(), view.parts.end(), [&](const ViewPart& part) { return part.agency == agency; });
  return found == view.parts.end() ? nullptr : &*found;
}

std::string name_of_agency(const CaseView& view, const MemberId& agency) {
  const ViewPart* part = part_of(view, agency);
  return part && !part->agency_name.empty() ? part->agency_name : agency.text();
}

std::string given_by_of(std::string_view source_system) {
  if (!source_system.starts_with(transfer_source_prefix)) return {};
  return std::string(source_system.substr(transfer_source_prefix.size()));
}

std::string for_people(const Author& author) {
  std::string out;
  for (const auto* text : {&author.name, &author.role, &author.contact})
    if (!text->empty()) out += (out.empty() ? "" : ", ") + *text;
  return out;
}

std::string words_of(PartStatus status) { return without_hyphens(name_of(status)); }

std::string meaning_of(const ViewPart& part) {
  auto with_reason = [&](const std::string& sentence) {
    return part.reason.empty() ? sentence : sentence + ": " + part.reason;
  };
  switch (part.status) {
    case PartStatus::answered:
      return part.withheld == 0 ? "answered" : "answered, and withholds some";
    case PartStatus::withheld:
      return with_reason("knows the child and may not show you more");
    case PartStatus::refused:
      return with_reason("refused to answer, which says nothing of what it knows");
    case PartStatus::not_known:
      // One wording for everybody (promise 5); the part's own reason could single somebody out.
      return "holds nothing that it may tell you";
    case PartStatus::not_asked:
      return with_reason("was not asked");
    case PartStatus::silent:
      return with_reason("has not answered, which says nothing of what it knows");
    case PartStatus::out_of_date:
      return with_reason("answered from data that is too old to rely on");
    case PartStatus::unknown:
      return with_reason("could not tell whether it knows the child");
  }
  return with_reason("gave no answer that can be read");
}

std::string advice_for(PartStatus status) {
  switch (status) {
    case PartStatus::answered:
    case PartStatus::withheld:
    case PartStatus::not_asked:
      return {};
    case PartStatus::not_known:
      return "if you are worried, ring";
    case PartStatus::refused:
    case PartStatus::silent:
    case PartStatus::out_of_date:
    case PartStatus::unknown:
      return "ring";
  }
  return "ring";
}

std::string explain(const ViewPart& part) {
  auto advice = advice_for(part.status);
  return advice.empty() ? meaning_of(part) : meaning_of(part) + "; " + advice + " it";
}

std::string for_people(const ViewContact& contact) {
  std::string out;
  for (const auto* text : {contact.name.empty() ? &contact.role : &contact.name, &contact.team, &contact.phone})
    if (!text->empty()) out += (out.empty() ? "" : ", ") + *text;
  return out;
}

std::string recorded_note(const ViewItem& item) {
  if (!item.recorded.is_set()) return {};
  if (item.occurred.is_set() && item.recorded.date == item.occurred.date) return "recorded same day";
  return "recorded " + (item.recorded.date.is_set() ? for_people(item.recorded.date) : for_people(item.recorded));
}

std::string source_label(const CaseView& view, const ViewItem& item) {
  for (const auto& other : view.items)
    if (other.agency_kind == item.agency_kind && other.agency != item.agency) return item.agency.text();
  return item.agency_kind.empty() ? item.agency.text() : spaced(item.agency_kind);
}

std::string completeness(const CaseView& view) {
  if (view.complete) return "Complete: every agency in scope gave an answer.";
  static constexpr std::array incomplete = {PartStatus::silent, PartStatus::out_of_date, PartStatus::unknown,
                                            PartStatus::not_asked};
  std::string out;
  for (auto status : incomplete) {
    auto count = static_cast<std::size_t>(std::count_if(view.parts.begin(), view.parts.end(),
                                                        [&](const ViewPart& part) { return part.status == status; }));
    if (count == 0) continue;
    auto what = count_of(count, count == 1 ? "agency" : "agencies") + " " + words_of(status);
    out += (out.empty() ? "" : ", ") + what;
  }
  return "Incomplete: " + (out.empty() ? std::string("not every agency answered") : out) + ".";
}

std::vector<const ViewPart*> missing_parts(const CaseView& view) {
  static constexpr std::array order = {PartStatus::silent, PartStatus::unknown, PartStatus::out_of_date,
                                       PartStatus::not_asked};
  std::vector<const ViewPart*> missing;
  for (auto status : order)
    for (const auto& part : view.parts)
      if (part.status == status) missing.push_back(&part);
  return missing;
}

std::vector<StatusCount> at_a_glance(const CaseView& view) {
  static constexpr std::array order = {PartStatus::silent,    PartStatus::unknown,  PartStatus::out_of_date,
                                       PartStatus::not_asked, PartStatus::refused,  PartStatus::answered,
                                       PartStatus::withheld,  PartStatus::not_known};
  static_assert(order.size() == part_statuses);
  std::vector<StatusCount> counts;
  for (auto status : order) {
    auto count = std::count_if(view.parts.begin(), view.parts.end(),
                               [&](const ViewPart& part) { return part.status == status; });
    if (count > 0) counts.push_back({status, static_cast<std::size_t>(count)});
  }
  return counts;
}

bool is_childs_voice(const ViewItem& item) { return item.kind == "voice"; }

std::string times_note(const ViewItem& item) {
  auto note = recorded_note(item);
  if (note.empty()) note = "when it was recorded was not told";
  return note + "; " +
         (item.received.is_set() ? "reached its node " + for_people(item.received)
                                 : std::string("when it reached its node was not told"));
}

std::string_view caseload_note(const CaseView& view) {
  return view.allocated ? "You are allocated to this child."
                        : "You are not allocated to this child at your agency; that is recorded with the view.";
}

std::string_view not_known_note() {
  return "The agency holds nothing that it may tell you. It may hold nothing, or something that it must not speak of: "
         "the answer is the same for everybody, so that you cannot tell which. It never means that a child is safe. If "
         "you are worried, ring the agency.";
}
std::string_view nobody_involved_note() {
  return "No agency has said that it is involved. That is not a sign of safety: see what each agency answered, and "
         "ring "
         "the ones that you would expect to know the child.";
}
std::string_view nothing_shown_note() {
  return "Nothing may be shown. That is not a sign of safety: if you are worried, ring.";
}

std::string short_name(const ViewId& id) { return "cv-" + id.hex().substr(0, 8); }

std::string child_name(const CaseView& view) {
  if (view.family.empty()) return view.given.empty() ? "a child" : view.given;
  // Capitals by ASCII only: a wrong guess at another script's capitals is a wrong name.
  std::string family = view.family;
  if (std::all_of(family.begin(), family.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    for (char& c : family)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return view.given.empty() ? family : family + ", " + view.given;
}

std::string entries_note(const CaseView& view) {
  std::size_t withheld = 0;
  for (const auto& row : view.withheld) withheld += row.count;
  auto shown = view.items.size(), all = shown + withheld;
  if (withheld == 0) return count_of(shown, shown == 1 ? "entry" : "entries");
  return std::to_string(shown) + " of " + count_of(all, all == 1 ? "entry" : "entries");
}

std::vector<Field> fields_for_people(const ViewItem& item, Instant now) {
  const auto overview = overview_of(item.kind, item.headline, item.fields);
  return overview ? for_people(*overview, now) : item.fields;
}

std::string without_hyphens(std::string_view word) {
  std::string out(word);
  std::replace(out.begin(), out.end(), '-', ' ');
  return out;
}

std::string spaced(std::string_view word) {
  std::string out(word);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

}  // namespace ginnel
