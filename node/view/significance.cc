// SPDX-License-Identifier: Apache-2.0
#include "node/view/significance.h"

#include <algorithm>
#include <map>
#include <utility>

namespace ginnel {
namespace {

constexpr const char* marks_field = "marks";

std::optional<EntryRef> what_it_marks(const ViewItem& item) {
  if (item.kind != significance_kind) return std::nullopt;
  for (const auto& field : item.fields)
    if (field.name == marks_field) return EntryRef::parse(field.value);
  return std::nullopt;
}

}  // namespace

std::optional<EntryRef> EntryRef::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  auto agency = MemberId::parse(text.substr(0, slash));
  auto record = RecordId::parse(text.substr(slash + 1));
  if (!agency || !record || record->empty()) return std::nullopt;
  return EntryRef{*agency, *record};
}

Record mark_of(const EntryRef& entry, const std::string& reason, const RecordLabel& marked) {
  Record mark;
  mark.kind = significance_kind;
  mark.headline = reason;
  mark.fields = {{marks_field, entry.text()}};
  mark.assertion = Assertion::opinion;
  // SECURITY: it says that there is such an entry, so it is at least as restricted as that. How long it is kept, and
  // for whom, is its own.
  mark.label = marked.label;
  mark.label.retention = {};
  mark.label.addressed_to = {};
  return mark;
}

void attach_marks(std::vector<ViewItem>& items) {
  if (std::none_of(items.begin(), items.end(), [](const ViewItem& item) { return item.kind == significance_kind; }))
    return;
  const auto before = [](const auto& a, const auto& b) {
    return std::pair(a.first.agency, a.first.record) < std::pair(b.first.agency, b.first.record);
  };
  std::vector<std::pair<EntryRef, std::size_t>> entries;  // sorted; what may be marked, and where it is
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (what_it_marks(items[i])) continue;
    entries.push_back({{items[i].agency, items[i].id}, i});
    if (!items[i].replaces.empty()) entries.push_back({{items[i].agency, items[i].replaces}, i});
  }
  std::sort(entries.begin(), entries.end(), before);
  std::vector<bool> is_attached(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto entry = what_it_marks(items[i]);
    if (!entry) continue;
    auto found = std::lower_bound(entries.begin(), entries.end(), std::pair(*entry, std::size_t{0}), before);
    if (found == entries.end() || found->first != *entry) continue;
    const ViewItem& mark = items[i];
    items[found->second].marks.push_back({mark.id, mark.agency, mark.headline, mark.author, mark.recorded});
    is_attached[i] = true;
  }
  std::size_t next = 0;
  std::erase_if(items, [&](const ViewItem&) { return is_attached[next++]; });
}

}  // namespace ginnel
