// SPDX-License-Identifier: Apache-2.0
// How a page of a register of decisions is made: newest first, of those whom whoever looks may be shown.
//
// SECURITY: who may not be shown leaves no trace: the page is filled up with others, and whether older ones follow is
// said of those who may be shown alone.
//
// Thread: the loop; for the .cc files that implement the Service. Limits: node/view/registers.h.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "federation/base/error.h"
#include "node/store/store.h"
#include "node/view/registers.h"

namespace ginnel {

// One decision as it stands: of whom, whoever they are merged with; and as it is told.
template <class Row>
struct RegisterRow {
  PersonRef person;
  Row row;
};

// The decision of the entry `sequence`, where no later one changes it. Nothing: one does, or it was erased. `decode`
// reads a body, `history` gives the entries of the same decision, oldest first.
template <class Decode, class History>
auto newest_decision(std::uint64_t sequence, const StoreReader& reader, Decode decode, History history)
    -> Expected<std::optional<typename decltype(decode(ByteView()))::value_type>> {
  using Entry = typename decltype(decode(ByteView()))::value_type;
  auto opened = reader.entry(sequence);
  if (!opened) return tl::unexpected(opened.error());
  if (opened->erased) return std::optional<Entry>();
  auto entry = decode(opened->body);
  if (!entry) return tl::unexpected(entry.error());
  Expected<std::vector<std::uint64_t>> all = history(*entry);
  if (!all) return tl::unexpected(all.error());
  if (all->empty() || all->back() != sequence) return std::optional<Entry>();
  return std::optional(std::move(*entry));
}

// `sequences`: of all entries, oldest first. `read` gives the decision whose newest entry that is; nothing: it has a
// newer one, or it was erased. `show` gives those of some people who may be shown.
template <class Row, class Read, class Show>
Expected<RegisterPage<Row>> register_page(std::span<const std::uint64_t> sequences, std::uint64_t before, Read read,
                                          Show show) {
  RegisterPage<Row> out;
  auto next = before == 0 ? sequences.end() : std::lower_bound(sequences.begin(), sequences.end(), before);
  std::uint64_t last = 0;  // whose line stands on the page last
  for (std::size_t reads = 0; next != sequences.begin();) {
    if (reads >= limits::register_entries_read_max) {
      out.before = *next;
      return out;
    }
    std::vector<std::pair<std::uint64_t, RegisterRow<Row>>> found;
    std::vector<PersonRef> people;
    for (; next != sequences.begin() && found.size() <= limits::register_lines_max &&
           reads < limits::register_entries_read_max;
         ++reads) {
      const std::uint64_t sequence = *--next;
      Expected<std::optional<RegisterRow<Row>>> one = read(sequence);
      if (!one) return tl::unexpected(one.error());
      if (!*one) continue;
      if (std::find(people.begin(), people.end(), (*one)->person) == people.end()) people.push_back((*one)->person);
      found.emplace_back(sequence, std::move(**one));
    }
    if (found.empty()) continue;
    Expected<std::vector<FoundPerson>> shown = show(people);
    if (!shown) return tl::unexpected(shown.error());
    for (auto& [sequence, one] : found) {
      const PersonRef& whom = one.person;
      const auto person =
          std::find_if(shown->begin(), shown->end(), [&](const FoundPerson& each) { return each.id == whom; });
      if (person == shown->end()) continue;
      if (out.lines.size() == limits::register_lines_max) {
        out.before = last;
        return out;
      }
      out.lines.push_back({*person, std::move(one.row)});
      last = sequence;
    }
  }
  return out;
}

}  // namespace ginnel
