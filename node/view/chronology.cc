// SPDX-License-Identifier: Apache-2.0
#include "node/view/chronology.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "node/view/view_words.h"

namespace ginnel {
namespace {

struct FormName {
  ChronologyForm form;
  std::string_view name;
};
constexpr std::array form_names = {FormName{ChronologyForm::page, "page"}, FormName{ChronologyForm::json, "json"},
                                   FormName{ChronologyForm::csv, "csv"}, FormName{ChronologyForm::html, "html"},
                                   FormName{ChronologyForm::pdf, "pdf"}};

// Everything that an entry tells; the same for two items that are alike, and for no others.
std::string what_it_tells(const ViewItem& item) {
  std::string all;
  const auto say = [&all](std::string_view text) {
    all += std::to_string(text.size()) + ":";
    all += text;
  };
  say(to_iso(item.occurred) + (item.occurred.precision == Precision::expected ? " expected" : ""));
  say(item.kind);
  say(item.category);
  say(name_of(item.step));
  say(item.assertion == Assertion::opinion ? "opinion" : "fact");
  say(item.headline);
  say(item.narrative);
  for (const auto& field : item.fields) {
    say(field.name);
    say(field.value);
  }
  for (const auto& each : item.attachments) say(to_hex(each.file.sha256));
  return all;
}

std::string count_note(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace

std::string_view name_of(ChronologyForm form) {
  for (const auto& each : form_names)
    if (each.form == form) return each.name;
  return form_names.front().name;
}

std::optional<ChronologyForm> chronology_form_from(std::string_view name) {
  for (const auto& each : form_names)
    if (each.name == name) return each.form;
  return std::nullopt;
}

std::vector<ViewMark> ChronologyEntry::marks() const {
  std::vector<ViewMark> all;
  for (const auto& source : sources) all.insert(all.end(), source.marks.begin(), source.marks.end());
  return all;
}

Chronology chronology_of(CaseView view, std::string shown_to) {
  Chronology out;
  out.shown_to = std::move(shown_to);
  std::map<std::string, std::size_t> alike;
  for (auto& item : view.items) {
    const auto [found, is_new] = alike.emplace(what_it_tells(item), out.entries.size());
    if (is_new) {
      out.entries.emplace_back();
      out.entries.back().in_childs_words = is_childs_voice(item);
    }
    out.entries[found->second].sources.push_back(std::move(item));
  }
  view.items.clear();
  // Whoever recorded it first comes first among its sources.
  for (auto& entry : out.entries)
    std::stable_sort(entry.sources.begin(), entry.sources.end(), [](const ViewItem& a, const ViewItem& b) {
      return std::pair(!a.recorded.is_set(), a.recorded.order()) < std::pair(!b.recorded.is_set(), b.recorded.order());
    });
  const auto place = [](const ChronologyEntry& entry) {
    const When& when = entry.told().occurred;
    return std::tuple(!entry.in_childs_words, !when.is_set(), when.order());
  };
  std::stable_sort(out.entries.begin(), out.entries.end(),
                   [&](const auto& a, const auto& b) { return place(a) < place(b); });
  for (std::size_t i = 0; i < out.entries.size(); ++i) out.entries[i].number = i + 1;
  out.view = std::move(view);
  return out;
}

std::string as_known_note(const CaseView& view) {
  if (!view.as_known_at.is_set()) return {};
  return "As the agencies knew it on " + for_people(view.as_known_at) +
         ". What was recorded or put right later is not in it; what was taken back since is counted, and not shown.";
}

std::string superseded_note(const ViewItem& item) {
  return item.superseded_at.is_set() ? "changed since, on " + for_people(item.superseded_at) : std::string();
}

std::vector<std::string> chronology_notes(const Chronology& chronology) {
  std::vector<std::string> notes;
  if (auto then = as_known_note(chronology.view); !then.empty()) notes.push_back(std::move(then));
  notes.push_back(completeness(chronology.view));
  std::size_t withheld = 0, more_than_one = 0;
  for (const auto& row : chronology.view.withheld) withheld += row.count;
  for (const auto& entry : chronology.entries)
    if (entry.sources.size() > 1) ++more_than_one;
  auto entries = count_note(chronology.entries.size(), "entry", "entries") + ", oldest first";
  if (withheld > 0) entries += "; " + count_note(withheld, "more is", "more are") + " withheld";
  notes.push_back(entries + ". Dates as each source gave them: where there is no time of day, none was recorded.");
  if (more_than_one > 0)
    notes.push_back(count_note(more_than_one, "entry was", "entries were") +
                    " recorded alike more than once, word for word, and stand once with each source.");
  if (chronology.view.complete)
    notes.emplace_back("That every agency answered does not mean that everything is known.");
  return notes;
}

}  // namespace ginnel
