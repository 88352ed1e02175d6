// SPDX-License-Identifier: Apache-2.0
// A child's chronology: what a case view shows, as one account of dated events that nobody typed (DOMAIN 5, Climbié).
//
// Oldest first, as a chronology is read; the child's own words before what others wrote of them. What agencies recorded
// alike is one entry with all its sources, and nothing is lost by that: alike means that every word is. It always comes
// with what each agency answered, what is withheld, and what was taken back, so that a copy cannot pass for the whole.
//
// Thread: any; pure. What comes from peers is passed through as it is: whoever shows it escapes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/view/case_view.h"

namespace ginnel {

// As what it is given out. A closed set; the ledger has the name.
enum class ChronologyForm : std::uint8_t { page, json, csv, html, pdf };
std::string_view name_of(ChronologyForm form);
std::optional<ChronologyForm> chronology_form_from(std::string_view name);  // page too

struct ChronologyEntry {
  std::size_t number = 0;         // from 1, in this chronology
  std::vector<ViewItem> sources;  // at least one; alike in what they tell, each with its agency and its times
  bool in_childs_words = false;
  const ViewItem& told() const { return sources.front(); }
  std::vector<ViewMark> marks() const;  // of all its sources
};

struct Chronology {
  CaseView view;                         // without its items
  std::string shown_to;                  // "S. Worker, Bradford Children's Services"
  std::vector<ChronologyEntry> entries;  // the child's own words, then the rest; oldest first, undated last
};

Chronology chronology_of(CaseView view, std::string shown_to);

// "As known on 8 Nov 2026 23:59: ..."; empty where it is as known now.
std::string as_known_note(const CaseView& view);

// "corrected since, 9 Nov 2026 10:12"; empty where it still holds.
std::string superseded_note(const ViewItem& item);

// The sentences that make a copy honest: how complete it is, what alike means, of when it is. In this order.
std::vector<std::string> chronology_notes(const Chronology& chronology);

// docs/formats/chronology.md. Times as each source gave them.
std::string to_json(const Chronology& chronology);
std::string to_csv(const Chronology& chronology);
// Tagged. Failure and limits: node/print/pdf_document.h. Takes a quarter of a second for some hundred entries: on a
// worker's thread.
Expected<std::string> to_pdf(const Chronology& chronology);

}  // namespace ginnel
