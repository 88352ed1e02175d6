// SPDX-License-Identifier: Apache-2.0
// A chronology on paper, for who takes it to a conference or a court.
#include "federation/record/nhs_number.h"
#include "node/print/pdf_document.h"
#include "node/view/chronology.h"
#include "node/view/view_words.h"

namespace ginnel {
namespace {

std::string when_of(const ViewItem& item) {
  return item.occurred.is_set() ? for_people(item.occurred) : std::string("date not known");
}

// A line each: who recorded it, as what, and when.
std::string sources_of(const CaseView& view, const ChronologyEntry& entry) {
  std::string out;
  for (const auto& source : entry.sources) {
    if (!out.empty()) out += "\n";
    out += name_of_agency(view, source.agency) + ", " + spaced(source.kind) + ". " + times_note(source);
    if (auto author = for_people(source.author); !author.empty()) out += ". By " + author;
    if (auto since = superseded_note(source); !since.empty()) out += "; " + since;
  }
  return out;
}

std::string what_of(const CaseView& view, const ChronologyEntry& entry) {
  const ViewItem& told = entry.told();
  std::string out = told.headline;
  if (told.assertion == Assertion::opinion && !entry.in_childs_words) out += " (opinion)";
  const auto add = [&out](const std::string& text) { out += "\n" + text; };
  if (!told.narrative.empty()) add(told.narrative);
  for (const auto& field : fields_for_people(told, view.shown_at)) add(field.name + ": " + field.value);
  for (const auto& each : told.attachments) add("File: " + each.file.name + ", " + each.file.media_type);
  for (const auto& mark : entry.marks())
    add("SIGNIFICANT: " + mark.reason + " (" + name_of_agency(view, mark.agency) + ", " + for_people(mark.author) +
        ", " + for_people(mark.recorded.date) + ")");
  return out;
}

void put_entries(PdfDocument& document, const Chronology& chronology, bool in_childs_words) {
  std::vector<PdfRow> rows;
  for (const auto& entry : chronology.entries) {
    if (entry.in_childs_words != in_childs_words) continue;
    const bool is_significant = !entry.marks().empty();
    rows.push_back({{std::to_string(entry.number)},
                    {when_of(entry.told()), is_significant},
                    {what_of(chronology.view, entry), is_significant},
                    {sources_of(chronology.view, entry)}});
  }
  if (rows.empty()) return;
  document.heading(2, in_childs_words ? "In the child's own words" : "Chronology");
  document.table({{"No.", 0.5}, {"When", 1.3}, {"What", 4}, {"Recorded by", 2.6}}, rows);
}

void put_what_is_missing(PdfDocument& document, const CaseView& view) {
  if (!view.withdrawn.empty()) {
    document.heading(2, "Taken back, and left out");
    std::vector<std::string> lines;
    for (const auto& row : view.withdrawn)
      lines.push_back(name_of_agency(view, row.agency) + ", told " + for_people(row.at) +
                      (row.reason.empty() ? std::string() : ": " + row.reason));
    document.list(lines);
  }
  document.heading(2, "What is withheld, and who can decide");
  if (view.withheld.empty()) document.paragraph("No agency said that it withholds something.");
  if (!view.withheld.empty()) {
    std::vector<PdfRow> rows;
    for (const auto& row : view.withheld)
      rows.push_back({{std::to_string(row.count)},
                      {name_of_agency(view, row.agency)},
                      {row.category},
                      {row.reason},
                      {row.ask.empty() ? std::string("the agency") : row.ask}});
    document.table({{"Count", 0.7}, {"Agency", 2}, {"About", 1.2}, {"Why", 3}, {"Ask", 2}}, rows);
    document.paragraph("A count does not mean that nobody may tell you: a person decides, not a machine. Ring.");
  }
}

void put_answers(PdfDocument& document, const CaseView& view) {
  document.heading(2, "What each agency answered");
  std::vector<PdfRow> rows;
  for (const auto& part : view.parts)
    rows.push_back({{name_of_agency(view, part.agency)},
                    {words_of(part.status), true},
                    {explain(part)},
                    {part.data_to.is_set() ? for_people(part.data_to) : std::string("not told")},
                    {for_people(part.contact)}});
  document.table({{"Agency", 2}, {"Answer", 1.1}, {"What that means", 3}, {"Its data to", 1.3}, {"Ring", 1.6}}, rows);
  document.heading(2, "What \"not known\" means");
  document.paragraph(not_known_note());
}

PdfDocument document_of(const Chronology& chronology, const std::string& not_printed) {
  const CaseView& view = chronology.view;
  PdfFacts facts;
  // What a file manager shows of the file: no name.
  facts.title = "Chronology, case view " + short_name(view.id);
  facts.author = chronology.shown_to;
  facts.subject = "From all agencies, as they answered";
  facts.made_at = view.shown_at.is_set() ? view.shown_at : view.asked_at;
  facts.footer = "Case view " + short_name(view.id) + ", given to " + chronology.shown_to + " on " +
                 for_people(view.shown_at) + ". Keep it as your agency keeps case papers.";
  PdfDocument document(facts);
  document.heading(1, child_name(view));
  std::string who;
  if (view.birth_date.is_set()) who = "Born " + for_people(view.birth_date) + ". ";
  if (!view.nhs_number.empty()) who += "NHS number " + nhs_number_for_people(view.nhs_number) + ". ";
  document.paragraph(who);
  document.paragraph(view.standing);
  document.paragraph(not_printed);
  for (const auto& note : chronology_notes(chronology)) document.paragraph(note);
  if (chronology.entries.empty()) document.paragraph(nothing_shown_note());
  put_entries(document, chronology, true);
  put_entries(document, chronology, false);
  put_what_is_missing(document, view);
  put_answers(document, view);
  return document;
}

}  // namespace

Expected<std::string> to_pdf(const Chronology& chronology) {
  auto made = document_of(chronology, {}).finish();
  // A name of which nothing can be read must not pass for a smudge.
  if (made && made->boxes > 0)
    made = document_of(chronology, std::to_string(made->boxes) +
                                       " characters have no letter in the fonts of this node, and are boxes with a "
                                       "number here: read them on the page, or ring who wrote them.")
               .finish();
  if (!made) return tl::unexpected(made.error());
  return std::string(made->bytes.begin(), made->bytes.end());
}

}  // namespace ginnel
