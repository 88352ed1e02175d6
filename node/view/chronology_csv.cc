// SPDX-License-Identifier: Apache-2.0
// A chronology as a table that a spreadsheet opens: RFC 4180, UTF-8 with its mark, so that names stay what they are.
#include <array>

#include "node/view/chronology.h"
#include "node/view/view_words.h"

namespace ginnel {
namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
constexpr std::array columns = {"row",  "number", "occurred",    "agency",   "kind",         "category",
                                "what", "detail", "significant", "recorded", "reached_node", "author",
                                "ring", "system", "record",      "sha256"};

// One line of the file; what is not set stays empty.
struct CsvLine {
  std::string row, number, occurred, agency, kind, category, what, detail, significant, recorded, reached_node, author,
      ring, system, record, sha256;
};

// SECURITY: what an agency wrote must be read as text and never as a formula: by a spreadsheet, whatever begins with
// one of these is one.
std::string cell(const std::string& text) {
  const bool is_formula = !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  std::string out = is_formula ? "\"'" : "\"";
  for (char c : text) {
    if (c == '\0') continue;
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

void put(std::string& to, const CsvLine& line) {
  std::string_view before;
  for (const auto* text : {&line.row, &line.number, &line.occurred, &line.agency, &line.kind, &line.category,
                           &line.what, &line.detail, &line.significant, &line.recorded, &line.reached_node,
                           &line.author, &line.ring, &line.system, &line.record, &line.sha256}) {
    to += before;
    if (!text->empty()) to += cell(*text);
    before = ",";
  }
  to += "\r\n";
}

CsvLine about(const Chronology& chronology) {
  const CaseView& view = chronology.view;
  CsvLine line;
  line.row = "about";
  line.occurred = to_iso_utc(view.shown_at);
  line.what = child_name(view);
  if (view.birth_date.is_set()) line.what += ", born " + for_people(view.birth_date);
  if (!view.nhs_number.empty()) line.what += ", NHS " + view.nhs_number;
  for (const auto& note : chronology_notes(chronology)) line.detail += (line.detail.empty() ? "" : " ") + note;
  line.author = chronology.shown_to;
  line.record = view.id.hex();
  return line;
}

std::string detail_of(const ViewItem& item) {
  std::string detail;
  const auto add = [&detail](const std::string& text) { detail += (detail.empty() ? "" : "\n") + text; };
  for (const auto& field : item.fields) add(field.name + ": " + field.value);
  if (!item.narrative.empty()) add(item.narrative);
  for (const auto& each : item.attachments) add("file: " + each.file.name + ", SHA-256 " + to_hex(each.file.sha256));
  if (item.step < Step::content) add("one line is all that may be shown; ring for the rest");
  if (auto note = superseded_note(item); !note.empty()) add(note);
  return detail;
}

CsvLine entry_line(const Chronology& chronology, const ChronologyEntry& entry, const ViewItem& source) {
  CsvLine line;
  line.row = entry.in_childs_words ? "child's words" : "entry";
  line.number = std::to_string(entry.number);
  if (source.occurred.is_set()) line.occurred = to_iso(source.occurred);
  line.agency = name_of_agency(chronology.view, source.agency);
  line.kind = spaced(source.kind);
  line.category = source.category;
  line.what = source.headline + (source.assertion == Assertion::opinion ? " (opinion)" : "");
  line.detail = detail_of(source);
  for (const auto& mark : entry.marks())
    line.significant += (line.significant.empty() ? "" : "\n") + mark.reason + " (" +
                        name_of_agency(chronology.view, mark.agency) + ", " + for_people(mark.author) + ")";
  if (source.recorded.is_set()) line.recorded = to_iso(source.recorded);
  if (source.received.is_set()) line.reached_node = to_iso_utc(source.received);
  line.author = source.author.name.empty() ? source.author.role : source.author.name + ", " + source.author.role;
  line.ring = source.author.contact;
  line.system = source.source_system;
  line.record = source.id.hex();
  line.sha256 = to_hex(source.hash);
  return line;
}

CsvLine agency_line(const ViewPart& part) {
  CsvLine line;
  line.row = "agency";
  line.agency = part.agency_name.empty() ? part.agency.text() : part.agency_name;
  line.kind = words_of(part.status);
  line.what = explain(part);
  line.detail = std::to_string(part.items) + " shown, " + std::to_string(part.withheld) + " withheld";
  if (part.data_to.is_set()) line.recorded = to_iso_utc(part.data_to);
  if (part.answered_at.is_set()) line.reached_node = to_iso_utc(part.answered_at);
  line.ring = for_people(part.contact);
  return line;
}

}  // namespace

std::string to_csv(const Chronology& chronology) {
  const CaseView& view = chronology.view;
  std::string out(utf8_mark);
  std::string_view before;
  for (const auto* column : columns) {
    out += before;
    out += column;
    before = ",";
  }
  out += "\r\n";
  put(out, about(chronology));
  for (const auto& part : view.parts) put(out, agency_line(part));
  for (const auto& row : view.withheld) {
    CsvLine line;
    line.row = "withheld";
    line.number = std::to_string(row.count);
    line.agency = name_of_agency(view, row.agency);
    line.category = row.category;
    line.what = row.reason;
    line.ring = row.ask;
    put(out, line);
  }
  for (const auto& row : view.withdrawn) {
    CsvLine line;
    line.row = "taken back";
    line.agency = name_of_agency(view, row.agency);
    line.kind = row.kind;
    line.what = row.reason;
    line.reached_node = to_iso_utc(row.at);
    put(out, line);
  }
  for (const auto& entry : chronology.entries)
    for (const auto& source : entry.sources) put(out, entry_line(chronology, entry, source));
  return out;
}

}  // namespace ginnel
