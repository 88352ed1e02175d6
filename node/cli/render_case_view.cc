// SPDX-License-Identifier: Apache-2.0
#include "node/cli/render_case_view.h"

#include <algorithm>
#include <array>
#include <limits>

#include "federation/record/nhs_number.h"
#include "node/cli/terminal_text.h"
#include "node/view/chronology.h"
#include "node/view/view_words.h"

namespace ginnel {
namespace {

constexpr int columns_min = 60, columns_max = 240;
constexpr std::size_t gap = 2;
constexpr std::size_t authors_per_agency = 2;
constexpr std::size_t involved_rows_max = 12;

// What the width leaves for each column.
struct Layout {
  explicit Layout(int wanted) : width(static_cast<std::size_t>(std::clamp(wanted, columns_min, columns_max))) {}
  std::size_t width;
  std::size_t contact = 13;  // "last contact"
  std::size_t phone = 14;
  std::size_t status = 11;  // "out of date"
};

// Lines without spaces at their ends.
class Text {
 public:
  void line(std::string text = {}) {
    while (!text.empty() && text.back() == ' ') text.pop_back();
    out_ += text + "\n";
  }
  // `right` ends at the width, on the same line if it fits.
  void line_between(const std::string& left, const std::string& right, std::size_t width) {
    auto used = columns_of(left) + gap + columns_of(right);
    if (used <= width) return line(left + std::string(width - used + gap, ' ') + right);
    line(left);
    if (right.empty()) return;
    for (const auto& part : wrapped(right, width)) line(std::string(width - columns_of(part), ' ') + part);
  }
  // Wrapped text; the first line after `first`, the others indented as far.
  void hanging(const std::string& first, const std::string& text, std::size_t width) {
    auto indent = columns_of(first);
    auto lines = wrapped(text, width - std::min(width, indent));
    for (std::size_t i = 0; i < lines.size(); ++i) line((i == 0 ? first : std::string(indent, ' ')) + lines[i]);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// "24 Nov 16:46" for a time in the year in which somebody asked.
std::string without_this_year(const CaseView& view, std::string text) {
  if (!view.asked_at.is_set()) return text;
  auto year = " " + std::to_string(london_date(view.asked_at).year);
  auto at = text.find(year);
  return at == std::string::npos ? text : text.erase(at, year.size());
}

std::string name_of_part(const ViewPart& part) {
  return harmless(part.agency_name.empty() ? part.agency.text() : part.agency_name);
}

void render_head(const CaseView& view, const Layout& at, Text& out) {
  std::string who = harmless(child_name(view));
  if (view.birth_date.is_set()) {
    who += "   born " + for_people(view.birth_date);
    if (view.asked_at.is_set()) who += " (" + std::to_string(age_on(view.birth_date, london_date(view.asked_at))) + ")";
  }
  if (!view.nhs_number.empty()) who += "   NHS " + harmless(nhs_number_for_people(view.nhs_number));
  out.line_between(who, "Case view " + short_name(view.id) + "  " + for_people(view.asked_at), at.width);
  if (auto then = as_known_note(view); !then.empty()) out.hanging("", then, at.width);
  if (!view.standing.empty()) out.hanging("", harmless(view.standing), at.width);
  out.hanging("", std::string(caseload_note(view)), at.width);
}

void render_involved(const CaseView& view, const RenderOptions& options, const Layout& at, Text& out) {
  auto rows = who_is_involved(view, options.contacts ? std::numeric_limits<std::size_t>::max() : authors_per_agency);
  auto rest = at.width - gap - at.contact - at.phone - 3 * gap;
  auto role_columns = rest * 2 / 5, agency_columns = rest - role_columns;
  auto row_of = [&](const std::string& role, const std::string& agency, const std::string& contact,
                    const std::string& phone) {
    return fitted(role, role_columns) + std::string(gap, ' ') + fitted(agency, agency_columns) + std::string(gap, ' ') +
           fitted(contact, at.contact) + std::string(gap, ' ') + phone;
  };
  out.line();
  if (rows.empty()) {
    out.line("WHO IS INVOLVED");
    out.hanging("  ", "no agency has said that it is; that is not a sign of safety (see WHAT EACH AGENCY ANSWERED)",
                at.width);
    return;
  }
  // The heading reaches over the indent of the rows below it.
  out.line(fitted("WHO IS INVOLVED", gap + role_columns) + std::string(gap, ' ') + fitted("", agency_columns) +
           std::string(gap, ' ') + fitted("last contact", at.contact) + std::string(gap, ' ') + "ring now");
  std::size_t shown = options.contacts ? rows.size() : std::min(rows.size(), involved_rows_max);
  for (std::size_t i = 0; i < shown; ++i) {
    auto role = harmless(rows[i].role.empty() ? std::string("contact") : rows[i].role);
    if (options.contacts && !rows[i].name.empty()) role += ", " + harmless(rows[i].name);
    auto contact = rows[i].last_contact.is_set() ? for_people(rows[i].last_contact.date) : std::string("not told");
    auto phone = rows[i].phone.empty() ? std::string("no number") : harmless(rows[i].phone);
    out.line(std::string(gap, ' ') + row_of(role, harmless(rows[i].agency_name), contact, phone));
  }
  if (shown < rows.size()) out.line("  and " + std::to_string(rows.size() - shown) + " more (--contacts)");
}

// The widest of each column, within reason.
struct ItemColumns {
  explicit ItemColumns(const CaseView& view) {
    for (const auto& item : view.items) {
      when = std::max(when, columns_of(when_of(item)));
      source = std::max(source, columns_of(harmless(source_label(view, item))));
      kind = std::max(kind, columns_of(harmless(spaced(item.kind))));
    }
    source = std::min<std::size_t>(source, 16);
    kind = std::min<std::size_t>(kind, 18);
  }
  static std::string when_of(const ViewItem& item) {
    return item.occurred.is_set() ? for_people(item.occurred) : std::string("date not known");
  }
  std::size_t when = 0, source = 0, kind = 0;
};

void render_item(const CaseView& view, const ViewItem& item, const ItemColumns& columns, const Layout& at, Text& out) {
  auto start = std::string(gap, ' ') + fitted(ItemColumns::when_of(item), columns.when) + std::string(gap, ' ') +
               fitted(harmless(source_label(view, item)), columns.source) + std::string(gap, ' ') +
               fitted(harmless(spaced(item.kind)), columns.kind) + std::string(gap, ' ');
  auto headline = harmless(item.headline);
  if (item.assertion == Assertion::opinion) headline += " (opinion)";
  auto note = without_this_year(view, recorded_note(item));
  const std::string indent(columns_of(start), ' ');
  if (columns_of(start + headline) + gap + columns_of(note) <= at.width) {
    out.line_between(start + headline, note, at.width);
  } else {
    out.hanging(start, headline, at.width);
    if (!note.empty()) out.hanging(indent, note, at.width);
  }
  for (const auto& field : fields_for_people(item, view.asked_at))
    out.hanging(indent, harmless(field.name) + ": " + harmless(field.value), at.width);
  if (!item.narrative.empty()) out.hanging(indent, harmless(item.narrative), at.width);
  if (auto since = superseded_note(item); !since.empty()) out.hanging(indent, since, at.width);
  for (const auto& mark : item.marks)
    out.hanging(indent,
                "significant: " + harmless(mark.reason) + " (" + harmless(name_of_agency(view, mark.agency)) + ", " +
                    harmless(for_people(mark.author)) + ")",
                at.width);
  for (const auto& each : item.attachments)
    out.hanging(indent, "file: " + harmless(each.file.name) + " (" + harmless(each.file.media_type) + ")", at.width);
}

void render_chronology(const CaseView& view, const Layout& at, Text& out) {
  out.line();
  out.line_between("CHRONOLOGY",
                   entries_note(view) + " \xC2\xB7 newest first \xC2\xB7 times as recorded by each source", at.width);
  if (view.items.empty()) return out.line("  nothing may be shown; that is not a sign of safety");
  const ItemColumns columns(view);
  for (const auto& item : view.items) render_item(view, item, columns, at, out);
}

void render_withdrawn(const CaseView& view, const Layout& at, Text& out) {
  if (view.withdrawn.empty()) return;
  out.line();
  out.line("TAKEN BACK, AND LEFT OUT: do not rely on it");
  for (const auto& row : view.withdrawn)
    out.hanging("  ",
                harmless(row.agency.text()) + ", told " + for_people(row.at) +
                    (row.reason.empty() ? std::string() : ": " + harmless(row.reason)),
                at.width);
}

void render_withheld(const CaseView& view, const Layout& at, Text& out) {
  if (view.withheld.empty()) return;
  out.line();
  out.line("WITHHELD");
  std::size_t count = 1, category = 0;
  for (const auto& row : view.withheld) {
    count = std::max(count, std::to_string(row.count).size());
    category = std::max(category, columns_of(harmless(row.category)));
  }
  category = std::min<std::size_t>(category, 20);
  for (const auto& row : view.withheld) {
    auto number = std::to_string(row.count);
    auto start = std::string(gap + count - number.size(), ' ') + number + " " +
                 fitted(harmless(row.category), category) + std::string(gap, ' ');
    auto ask = row.ask.empty() ? std::string() : "ask: " + harmless(row.ask);
    auto why = start + harmless(row.reason);
    // One line where both fit, else the person to ask stands under the reason.
    if (columns_of(why) + 2 * gap + columns_of(ask) <= at.width) {
      out.line_between(why, ask, at.width);
      continue;
    }
    out.hanging(start, harmless(row.reason), at.width);
    if (!ask.empty()) out.hanging(std::string(columns_of(start), ' '), ask, at.width);
  }
}

// "data to 23 Nov 2026 16:30, except Leeds: to 22 Nov 2026 08:00".
std::string data_note(const CaseView& view, const std::vector<const ViewPart*>& parts) {
  constexpr std::int64_t same_ms = hour_ms;
  Instant newest;
  for (const auto* part : parts) newest = std::max(newest, part->data_to);
  if (!newest.is_set()) return {};
  std::string note = "data to " + without_this_year(view, for_people(newest));
  std::string others;
  for (const auto* part : parts) {
    if (part->data_to.is_set() && newest - part->data_to <= same_ms) continue;
    others +=
        (others.empty() ? ", except " : ", ") + name_of_part(*part) + ": " +
        (part->data_to.is_set() ? "to " + without_this_year(view, for_people(part->data_to)) : std::string("not told"));
  }
  return note + others;
}

std::string ring(const ViewPart& part) {
  auto whom = harmless(for_people(part.contact));
  return whom.empty() ? std::string("no number is known; ask your duty manager") : "ring " + whom;
}

std::string all_names(const std::vector<const ViewPart*>& parts) {
  std::string names;
  for (const auto* part : parts) names += (names.empty() ? "" : ", ") + name_of_part(*part);
  return names;
}

// Statuses whose sentence is alike for every agency stand together; the others have a line each, with their reason.
bool stand_together(PartStatus status) { return status == PartStatus::answered || status == PartStatus::not_known; }

std::string sentence_together(const CaseView& view, const std::vector<const ViewPart*>& parts, PartStatus status) {
  auto names = all_names(parts);
  if (status == PartStatus::answered) {
    auto note = data_note(view, parts);
    return note.empty() ? names : names + "; " + note;
  }
  if (parts.size() == 1)
    return names + ": " + meaning_of(*parts.front()) + "; if you are worried, " + ring(*parts.front());
  return names + ": hold nothing that they may tell you; if you are worried, ring them (numbers: --contacts)";
}

std::string sentence_alone(const CaseView& view, const ViewPart& part) {
  auto out = name_of_part(part) + ": " + harmless(meaning_of(part));
  if (!advice_for(part.status).empty()) out += "; " + ring(part);
  if (part.status == PartStatus::silent && view.open) out += "; the view fills in by itself when it answers";
  return out;
}

void render_answers(const CaseView& view, const Layout& at, Text& out) {
  static constexpr std::array order = {PartStatus::answered,  PartStatus::withheld, PartStatus::out_of_date,
                                       PartStatus::not_known, PartStatus::refused,  PartStatus::unknown,
                                       PartStatus::silent,    PartStatus::not_asked};
  out.line();
  out.line("WHAT EACH AGENCY ANSWERED");
  for (auto status : order) {
    std::vector<const ViewPart*> parts;
    for (const auto& part : view.parts)
      if (part.status == status) parts.push_back(&part);
    if (parts.empty()) continue;
    auto start = std::string(gap, ' ') + fitted(words_of(status), at.status) + std::string(gap, ' ');
    if (stand_together(status)) {
      out.hanging(start, sentence_together(view, parts, status), at.width);
      continue;
    }
    for (const auto* part : parts) {
      out.hanging(start, sentence_alone(view, *part), at.width);
      start = std::string(columns_of(start), ' ');
    }
  }
}

void render_contacts(const CaseView& view, const Layout& at, Text& out) {
  out.line();
  out.line("CONTACTS");
  std::size_t name = 0;
  for (const auto& part : view.parts) name = std::max(name, columns_of(name_of_part(part)));
  name = std::min(name, at.width / 2);
  for (const auto& part : view.parts) {
    auto whom = harmless(for_people(part.contact));
    out.hanging(std::string(gap, ' ') + fitted(name_of_part(part), name) + std::string(gap, ' '),
                whom.empty() ? "no number is known" : whom, at.width);
  }
}

}  // namespace

std::string render_case_view(const CaseView& view, const RenderOptions& options) {
  const Layout at(options.columns);
  Text out;
  render_head(view, at, out);
  render_involved(view, options, at, out);
  render_chronology(view, at, out);
  render_withdrawn(view, at, out);
  render_withheld(view, at, out);
  render_answers(view, at, out);
  if (options.contacts) render_contacts(view, at, out);
  out.line();
  auto last = completeness(view);
  if (view.kept_until.is_set())
    last += " Kept as " + short_name(view.id) + " until " + without_this_year(view, for_people(view.kept_until)) + ".";
  auto lines = wrapped(last, at.width);
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) out.line(lines[i]);
  out.line_between(lines.back(), exit_code_of(view) == 0 ? "" : "exit " + std::to_string(exit_code_of(view)), at.width);
  return out.take();
}

int exit_code_of(const CaseView& view) { return view.complete ? 0 : 4; }

}  // namespace ginnel
