// SPDX-License-Identifier: Apache-2.0
#include "node/view/chronology.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/node/read_pdf.h"
#include "tests/node/shown_view_for_tests.h"

namespace ginnel {
namespace {

using testing::HasSubstr;
using testing::Not;

Chronology made_of(CaseView view) { return chronology_of(std::move(view), "S. Worker, Bradford Children's Services"); }

CaseView with_items(std::vector<ViewItem> items) {
  CaseView view = shown_view();
  view.items = std::move(items);
  return view;
}

ViewItem school(const char* occurred, const char* headline, const char* kind = "attendance") {
  auto item = shown_item("bradford-care", "health", "health.attendance", kind, "2026-01-01", "2026-11-20", headline);
  item.occurred = parse_when(occurred).value_or(When());
  return item;
}

std::vector<std::string> headlines_of(const Chronology& chronology) {
  std::vector<std::string> out;
  for (const auto& entry : chronology.entries) out.push_back(entry.told().headline);
  return out;
}

TEST(Chronology, is_oldest_first_with_what_has_no_date_last) {
  const auto chronology = made_of(with_items({school("2026-11-12", "third"), school("2025-01-02", "first"),
                                              school("", "undated"), school("2026-03", "second")}));
  EXPECT_EQ(headlines_of(chronology), (std::vector<std::string>{"first", "second", "third", "undated"}));
  EXPECT_EQ(chronology.entries[0].number, 1u);
  EXPECT_EQ(chronology.entries[3].number, 4u);
}

TEST(Chronology, the_childs_own_words_come_before_what_others_wrote) {
  const auto chronology = made_of(
      with_items({school("2024-01-01", "somebody wrote"), school("2026-11-12", "I do not want to go home", "voice"),
                  school("2026-11-01", "I am cold", "voice")}));
  EXPECT_EQ(headlines_of(chronology),
            (std::vector<std::string>{"I am cold", "I do not want to go home", "somebody wrote"}));
  EXPECT_TRUE(chronology.entries[1].in_childs_words);
  EXPECT_FALSE(chronology.entries[2].in_childs_words);
}

TEST(Chronology, what_is_recorded_alike_is_one_entry_with_all_its_sources) {
  auto again = school("2026-11-12", "not at school");
  again.agency = *MemberId::parse("bradford-csc");
  again.recorded = parse_when("2026-11-13").value();
  const auto chronology = made_of(with_items({school("2026-11-12", "not at school"), again}));
  ASSERT_EQ(chronology.entries.size(), 1u);
  ASSERT_EQ(chronology.entries[0].sources.size(), 2u);
  EXPECT_EQ(chronology.entries[0].told().agency.text(), "bradford-csc") << "whoever recorded it first comes first";
  EXPECT_THAT(chronology_notes(chronology), testing::Contains(HasSubstr("1 entry was recorded alike")));
}

// Two accounts of one event are evidence: nothing but equality makes them one.
TEST(Chronology, what_differs_in_anything_stays_two_entries) {
  const ViewItem one = school("2026-11-12", "not at school");
  const std::vector<std::function<void(ViewItem&)>> differences = {
      [](ViewItem& item) { item.headline += "."; },
      [](ViewItem& item) { item.narrative = "more"; },
      [](ViewItem& item) {
        item.fields = {{"seen", "no"}};
      },
      [](ViewItem& item) { item.kind = "note"; },
      [](ViewItem& item) { item.category = "education.attendance"; },
      [](ViewItem& item) { item.occurred = parse_when("2026-11-12T09:00:00Z").value(); },
      [](ViewItem& item) { item.step = Step::content; },
      [](ViewItem& item) { item.assertion = Assertion::opinion; },
      [](ViewItem& item) { item.occurred.precision = Precision::expected; },
      [](ViewItem& item) {
        item.attachments = {{{"a.txt", "text/plain", 1, Hash{1}}, {}}};
      }};
  for (std::size_t i = 0; i < differences.size(); ++i) {
    ViewItem other = school("2026-11-12", "not at school");
    differences[i](other);
    EXPECT_EQ(made_of(with_items({one, other})).entries.size(), 2u) << i;
  }
  // Texts do not run into each other.
  ViewItem a = one, b = one;
  a.fields = {{"x", "yz"}};
  b.fields = {{"xy", "z"}};
  EXPECT_EQ(made_of(with_items({a, b})).entries.size(), 2u);
}

TEST(Chronology, says_how_complete_it_is_and_of_when) {
  CaseView view = shown_view();
  view.as_known_at = parse_iso_utc("2026-11-08T23:59:00Z").value();
  const auto notes = chronology_notes(made_of(view));
  EXPECT_THAT(notes[0], HasSubstr("As the agencies knew it on 8 Nov 2026 23:59"));
  EXPECT_THAT(notes[1], HasSubstr("Incomplete: 1 agency silent"));
  EXPECT_THAT(notes[2], HasSubstr("2 entries, oldest first; 3 more are withheld"));
  view.complete = true;
  EXPECT_THAT(chronology_notes(made_of(view)).back(), HasSubstr("does not mean that everything is known"));
}

TEST(Chronology, a_form_has_a_name_and_only_those_are_forms) {
  for (auto form :
       {ChronologyForm::page, ChronologyForm::json, ChronologyForm::csv, ChronologyForm::html, ChronologyForm::pdf})
    EXPECT_EQ(chronology_form_from(name_of(form)), form);
  EXPECT_FALSE(chronology_form_from("PDF"));
  EXPECT_FALSE(chronology_form_from(""));
}

CaseView with_everything() {
  CaseView view = shown_view();
  view.shown_at = parse_iso_utc("2026-11-23T17:00:00Z").value();
  view.items[0].hash[0] = 0xab;
  view.items[0].superseded_at = parse_iso_utc("2026-11-22T10:00:00Z").value();
  view.items[1].marks.push_back({RecordId::parse("00112233445566778899aabbccddeeff").value(),
                                 MemberId::parse("bradford-csc").value(),
                                 "the second time",
                                 {"S. Worker", "", "", ""},
                                 When::on({2026, 11, 20})});
  view.withdrawn.push_back({MemberId::parse("wy-police").value(), parse_iso_utc("2026-11-21T10:00:00Z").value(),
                            "retraction", "it named Tom"});
  return view;
}

TEST(Chronology, as_json_has_each_source_and_what_is_missing) {
  const auto json = nlohmann::json::parse(to_json(made_of(with_everything())));
  EXPECT_EQ(json["shownTo"], "S. Worker, Bradford Children's Services");
  EXPECT_EQ(json["complete"], false);
  EXPECT_EQ(json["parts"].size(), 7u);
  EXPECT_EQ(json["withheld"].size(), 2u);
  EXPECT_EQ(json["withdrawn"][0]["reason"], "it named Tom");
  ASSERT_EQ(json["entries"].size(), 2u);
  EXPECT_EQ(json["entries"][0]["headline"], "paediatric review, second time");
  EXPECT_EQ(json["entries"][0]["significant"][0]["reason"], "the second time");
  EXPECT_FALSE(json["entries"][0].contains("narrative")) << "one line is all that was given";
  const auto& visit = json["entries"][1];
  EXPECT_EQ(visit["narrative"], "Aisha talked about school.");
  EXPECT_EQ(visit["sources"][0]["supersededAt"], "2026-11-22T10:00:00.000Z");
  EXPECT_EQ(visit["sources"][0]["sha256"].get<std::string>().substr(0, 2), "ab");
  EXPECT_EQ(visit["sources"][0]["agencyName"], "Bradford Children's Services");
}

// Splits as RFC 4180 says.
std::vector<std::vector<std::string>> rows_in(const std::string& csv) {
  std::vector<std::vector<std::string>> rows{{}};
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    if (quoted && csv[i] == '"' && i + 1 < csv.size() && csv[i + 1] == '"') {
      cell += csv[++i];
    } else if (csv[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && (csv[i] == ',' || csv[i] == '\n')) {
      rows.back().push_back(std::move(cell));
      cell.clear();
      if (csv[i] == '\n') rows.emplace_back();
    } else if (quoted || csv[i] != '\r') {
      cell += csv[i];
    }
  }
  rows.pop_back();
  return rows;
}

TEST(Chronology, as_csv_is_one_table_with_what_is_missing_in_it) {
  const auto rows = rows_in(to_csv(made_of(with_everything())));
  for (const auto& row : rows) EXPECT_EQ(row.size(), 16u);
  EXPECT_EQ(rows[0][0], "\xEF\xBB\xBFrow");
  EXPECT_EQ(rows[1][0], "about");
  EXPECT_THAT(rows[1][7], HasSubstr("Incomplete"));
  std::map<std::string, int> kinds;
  for (const auto& row : rows) ++kinds[row[0]];
  EXPECT_EQ(kinds["agency"], 7);
  EXPECT_EQ(kinds["withheld"], 2);
  EXPECT_EQ(kinds["taken back"], 1);
  EXPECT_EQ(kinds["entry"], 2);
  const auto& visit = rows.back();
  EXPECT_EQ(visit[6], "seen at home, seen alone (opinion)");
  EXPECT_THAT(visit[7], HasSubstr("seen alone: yes\nAisha talked about school."));
  EXPECT_THAT(visit[7], HasSubstr("changed since, on 22 Nov 2026"));
}

// SECURITY: a spreadsheet runs what begins like a formula.
TEST(Chronology, as_csv_holds_no_formula_and_no_broken_row) {
  for (const char* text :
       {"=HYPERLINK(\"http://x\",\"y\")", "+1", "-1", "@SUM(A1)", "\tx", "a \"quoted\", cell\nof two lines"}) {
    CaseView view = shown_view();
    view.items[1].headline = text;
    const auto rows = rows_in(to_csv(made_of(view)));
    const std::string& what = rows[rows.size() - 2][6];
    const bool is_formula = std::string("=+-@\t").find(text[0]) != std::string::npos;
    EXPECT_EQ(what, (is_formula ? "'" : "") + std::string(text));
  }
}

TEST(Chronology, as_pdf_is_a_tagged_table_with_what_is_missing_and_nobodys_name_outside_of_its_pages) {
  auto printed = to_pdf(made_of(with_everything()));
  ASSERT_TRUE(printed) << printed.error().text();
  const ReadPdf pdf(*printed);
  std::string text;
  for (const auto& line : split_at('\n', pdf.text_as_drawn())) text += line + " ";
  for (const char* told :
       {"TESTER, Aisha", "NHS number 999 000 0018", "paediatric review, second time", "Aisha talked about school.",
        "SIGNIFICANT: the second time", "changed since, on 22 Nov 2026", "it named Tom", "sensitive health information",
        "Wakefield Council", "Incomplete: 1 agency"})
    EXPECT_THAT(text, HasSubstr(told));
  EXPECT_THAT(pdf.structure(), HasSubstr("Table"));
  EXPECT_THAT(pdf.structure(), HasSubstr("TH"));
  EXPECT_THAT(pdf.info(), HasSubstr("Chronology, case view cv-7f30a1b2"));
  EXPECT_THAT(pdf.info(), Not(HasSubstr("ester")));
  EXPECT_THAT(text, Not(HasSubstr("boxes with a number")));
}

TEST(Chronology, as_pdf_says_what_its_fonts_cannot_print) {
  CaseView view = shown_view();
  view.items[1].headline = "\xF0\x90\x80\x80\xF0\x90\x80\x81";  // Linear B: no font that a node has
  auto printed = to_pdf(made_of(view));
  ASSERT_TRUE(printed);
  std::string text;
  for (const auto& line : split_at('\n', ReadPdf(*printed).text_as_drawn())) text += line + " ";
  EXPECT_THAT(text, HasSubstr("2 characters have no letter in the fonts of this node"));
}

TEST(Chronology, of_nothing_still_says_what_each_agency_answered) {
  const auto chronology = made_of(with_items({}));
  EXPECT_TRUE(chronology.entries.empty());
  EXPECT_EQ(nlohmann::json::parse(to_json(chronology))["parts"].size(), 7u);
  EXPECT_THAT(to_csv(chronology), HasSubstr("Wakefield Council"));
}

}  // namespace
}  // namespace ginnel
