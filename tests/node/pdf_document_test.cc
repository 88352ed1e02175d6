// SPDX-License-Identifier: Apache-2.0
#include "node/print/pdf_document.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "tests/node/read_pdf.h"

// Of libraries that are not built with the sanitizers. fontconfig loses 288 bytes, once in a process, when it reads its
// configuration; and ThreadSanitizer does not see the locks of glib.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig"; }
extern "C" const char* __tsan_default_suppressions() {
  return "race:libglib\nrace:libpango\nrace:libcairo\nrace:libfontconfig\nrace:libharfbuzz\ndeadlock:libcairo\n"
         "race:tzset_internal\n";
}
// NOLINTEND(bugprone-reserved-identifier)

namespace ginnel {
namespace {

std::size_t times_in(std::string_view what, std::string_view text) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + what.size())) ++count;
  return count;
}

std::vector<std::string> words_that_start_with(char first, const std::string& text) {
  std::vector<std::string> words;
  std::istringstream in(text);
  for (std::string word; in >> word;)
    if (word[0] == first) words.push_back(word);
  return words;
}

// "w00000", "w00001", ...
std::vector<std::string> numbered_words(char first, std::size_t count) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < count; ++i) {
    const auto number = std::to_string(i);
    words.push_back(first + std::string(5 - number.size(), '0') + number);
  }
  return words;
}

std::string joined_by(char between, const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : std::string(1, between)) + word;
  return out;
}

PdfFacts facts_for_tests() {
  return {.title = "Chronology",
          .author = "Bradford",
          .subject = "cv-7f3k",
          .made_at = {1795452360789},
          .footer = "Footword: not for the corridor"};
}

std::string lines_of_text(const std::string& line, std::size_t count) {
  return joined_by('\n', std::vector<std::string>(count, line));
}

TEST(PdfDocument, everything_stands_in_one_document_tag_in_reading_order) {
  PdfDocument document(facts_for_tests());
  document.heading(1, "First");
  document.heading(2, "Second");
  document.heading(3, "Third");
  document.paragraph("Words");
  document.list({"one", "two"});
  document.table({{"When"}, {"What"}}, {{{"8 Nov", true}, {"seen"}}, {{""}, {"not seen"}}});
  EXPECT_EQ(ReadPdf(document).structure_with_text(), R"(Document
  H1 (block)
    "First"
  H2 (block)
    "Second"
  H3 (block)
    "Third"
  P (block)
    "Words"
  L (block)
    LI (block)
      Lbl (block)
        "•"
      LBody (block)
        "one"
    LI (block)
      Lbl (block)
        "•"
      LBody (block)
        "two"
  Table (block)
    TR
      TH
        "When"
      TH
        "What"
    TR
      TD
        "8 Nov"
      TD
        "seen"
    TR
      TD
        ""
      TD
        "not seen"
)");
}

TEST(PdfDocument, what_goes_over_a_page_end_is_still_one_tag) {
  PdfDocument document(facts_for_tests());
  document.heading(2, "Before");
  document.paragraph(lines_of_text("line", 120));
  document.list({lines_of_text("item", 120)});
  document.paragraph("After");
  const ReadPdf pdf(document);
  EXPECT_EQ(pdf.structure(), R"(Document
  H2 (block)
  P (block)
    Span (inline)
    Span (inline)
    Span (inline)
  L (block)
    LI (block)
      Lbl (block)
      LBody (block)
        Span (inline)
        Span (inline)
        Span (inline)
  P (block)
)");
  EXPECT_EQ(times_in("line", pdf.text()), 120u);
  EXPECT_EQ(times_in("item", pdf.text()), 120u);
}

TEST(PdfDocument, footer_and_page_number_are_on_each_page_and_in_no_tag) {
  PdfDocument document(facts_for_tests());
  document.paragraph(lines_of_text("line", 200));
  document.table({{"Headword"}}, std::vector<PdfRow>(100, {{"cell"}}));
  const ReadPdf pdf(document);
  const auto pages = pdf.pages();
  ASSERT_GE(pages.size(), 5u);
  EXPECT_EQ(pages.size(), pdf.file().pages);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    EXPECT_EQ(times_in("Footword", pages[i]), 1u) << i;
    EXPECT_EQ(times_in("page " + std::to_string(i + 1) + " of " + std::to_string(pages.size()), pages[i]), 1u) << i;
  }
  EXPECT_EQ(times_in("Footword", pdf.structure_with_text()), 0u);
  EXPECT_EQ(times_in("page", pdf.structure_with_text()), 0u);
}

TEST(PdfDocument, a_long_footer_is_cut_at_two_lines_and_meets_no_page_number) {
  PdfFacts facts = facts_for_tests();
  facts.footer = joined_by(' ', numbered_words('f', 200));
  PdfDocument document(facts);
  document.paragraph("Words");
  const auto text = ReadPdf(document).text();
  EXPECT_EQ(times_in("f00000", text), 1u);
  EXPECT_EQ(times_in("f00199", text), 0u);
  const auto lines = split_at('\n', text);
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(), [](auto& line) { return line.starts_with("f"); }), 2);
  EXPECT_EQ(times_in("\xE2\x80\xA6", text), 1u);
  EXPECT_EQ(times_in("page 1 of 1", text), 1u);
}

TEST(PdfDocument, a_tables_header_is_seen_on_each_page_and_read_once) {
  PdfDocument document(facts_for_tests());
  document.table({{"Headword"}, {"Other"}}, std::vector<PdfRow>(150, {{"cell"}, {"more"}}));
  const ReadPdf pdf(document);
  const auto pages = pdf.pages();
  ASSERT_GE(pages.size(), 3u);
  for (const std::string& page : pages) EXPECT_EQ(times_in("Headword", page), 1u);
  const auto structure = pdf.structure_with_text();
  EXPECT_EQ(times_in("Headword", structure), 1u);
  EXPECT_EQ(times_in("Table", structure), 1u);
  EXPECT_EQ(times_in("    TR\n", structure), 151u);
  EXPECT_EQ(times_in("\"cell\"", structure), 150u);
}

TEST(PdfDocument, a_row_higher_than_a_page_loses_no_line) {
  PdfDocument document(facts_for_tests());
  document.paragraph(lines_of_text("before", 20));
  const auto lines = numbered_words('w', 300), others = numbered_words('x', 90);
  document.table({{"When"}, {"What"}, {"More"}},
                 {{{"8 Nov"}, {joined_by('\n', lines)}, {joined_by('\n', others)}}, {{"9 Nov"}, {"last"}, {"row"}}});
  const ReadPdf pdf(document);
  const auto text = pdf.text_as_drawn();
  EXPECT_EQ(words_that_start_with('w', text), lines);
  EXPECT_EQ(words_that_start_with('x', text), others);
  EXPECT_EQ(times_in("last", text), 1u);
  EXPECT_EQ(times_in("(continued)", text), pdf.file().pages - 1);
  EXPECT_EQ(times_in("    TR\n", pdf.structure()), pdf.file().pages + 2);  // a part a page, the header, the last row
}

TEST(PdfDocument, a_row_up_to_half_a_page_is_not_broken) {
  PdfDocument document(facts_for_tests());
  std::vector<PdfRow> rows;
  for (std::size_t i = 0; i < 100; ++i) {
    rows.push_back({{joined_by('\n', std::vector<std::string>(1 + i % 24, "w" + std::to_string(i)))}});
  }
  document.table({{"What"}}, rows);
  std::set<std::string> seen;
  for (const std::string& page : ReadPdf(document).pages()) {
    const auto words = words_that_start_with('w', page);
    for (const std::string& word : std::set<std::string>(words.begin(), words.end()))
      EXPECT_TRUE(seen.insert(word).second) << word << " is on two pages";
  }
  EXPECT_EQ(seen.size(), 100u);
}

TEST(PdfDocument, a_long_paragraph_without_a_line_end_loses_no_word) {
  PdfDocument document(facts_for_tests());
  const auto words = numbered_words('w', 50'000);  // 350 KB: pango alone makes one line of it
  document.paragraph(joined_by(' ', words));
  EXPECT_EQ(words_that_start_with('w', ReadPdf(document).text_as_drawn()), words);
}

TEST(PdfDocument, a_word_in_the_narrowest_column_loses_no_letter) {
  std::string word;
  std::uint32_t state = 1;
  for (int i = 0; i < 3000; ++i) word += char('a' + ((state = state * 1664525 + 1013904223) >> 24) % 26);
  PdfDocument document(facts_for_tests());
  document.table({{"A", 1}, {"B", 19}}, {{{word}, {""}}});
  std::string letters;
  for (const std::string& page : split_at('\f', ReadPdf(document).text_as_drawn()))
    for (const std::string& line : split_at('\n', page))
      if (line != "A B" && !line.starts_with("Footword") && !line.starts_with("page ")) letters += line;
  EXPECT_EQ(letters, word);
}

TEST(PdfDocument, a_broken_word_gains_no_hyphen) {
  PdfDocument document(facts_for_tests());
  document.heading(1, std::string(400, 'l'));
  std::size_t run = 0, longest = 0;  // of dark points side by side: 3 or 4 in an l, 7 in a hyphen
  for (const char point : ReadPdf(document).picture().substr(0, picture_width * 200)) {
    run = static_cast<unsigned char>(point) < 128 ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  EXPECT_GE(longest, 2u);
  EXPECT_LE(longest, 4u);
}

TEST(PdfDocument, letters_are_not_drawn_together) {  // as ligatures, which some readers do not take apart
  PdfDocument document(facts_for_tests());
  document.paragraph("Wakefield office");
  EXPECT_EQ(times_in("\"Wakefield office\"", ReadPdf(document).structure_with_text()), 1u);
}

TEST(PdfDocument, an_item_of_two_lines_is_not_broken) {
  PdfDocument document(facts_for_tests());
  document.paragraph("One line");
  document.list(std::vector<std::string>(150, "item\nitem"));
  const ReadPdf pdf(document);
  EXPECT_EQ(times_in("Span", pdf.structure()), 0u);
  EXPECT_EQ(times_in("LBody", pdf.structure()), 150u);
  for (const std::string& page : pdf.pages()) EXPECT_EQ(times_in("item", page) % 2, 0u);
}

TEST(PdfDocument, a_tables_header_stands_on_the_page_of_its_first_row) {
  PdfDocument document(facts_for_tests());
  for (std::size_t i = 0; i < 100; ++i) {
    document.paragraph(lines_of_text("before", 1 + i % 13));
    document.table({{"h" + std::to_string(i)}}, {{{"x" + std::to_string(i)}}});
  }
  const ReadPdf pdf(document);
  std::size_t found = 0;
  for (const std::string& page : pdf.pages()) {
    const auto headers = words_that_start_with('h', page);
    auto rows = words_that_start_with('x', page);
    found += rows.size();
    for (std::string& word : rows) word[0] = 'h';
    EXPECT_EQ(headers, rows);
  }
  EXPECT_EQ(found, 100u);
  EXPECT_EQ(times_in("Footword", pdf.structure_with_text()), 0u);
}

TEST(PdfDocument, a_heading_stands_on_the_page_of_what_follows_it) {
  for (int what = 0; what < 3; ++what) {
    PdfDocument document(facts_for_tests());
    const std::size_t sections = 200;
    for (std::size_t i = 0; i < sections; ++i) {
      const std::string first = "x" + std::to_string(i);
      document.paragraph(lines_of_text("before", 1 + i % 13));
      document.heading(2, "h" + std::to_string(i));
      document.heading(3, "h" + std::to_string(i));
      if (what == 0) document.paragraph(first + lines_of_text(" more", 1 + i % 5));
      if (what == 1) document.list({first, "more"});
      if (what == 2) document.table({{"When"}}, {{{first}}, {{"more"}}});
    }
    std::size_t found = 0;
    for (const std::string& page : ReadPdf(document).pages()) {
      auto headings = words_that_start_with('h', page), expected = words_that_start_with('x', page);
      found += expected.size();
      for (std::string& word : expected) word[0] = 'h';
      for (std::size_t i = expected.size(); i-- > 0;)
        expected.insert(expected.begin() + std::ptrdiff_t(i), expected[i]);
      EXPECT_EQ(headings, expected) << what;
    }
    EXPECT_EQ(found, sections);
  }
}

TEST(PdfDocument, headings_are_bookmarks_by_level) {
  PdfDocument document(facts_for_tests());
  document.heading(1, "One (a) \\ b");
  document.heading(3, "Three");
  document.heading(2, "Two");
  document.paragraph(lines_of_text("line", 80));
  document.heading(3, "\xC5\x81ukasz");
  document.heading(1, "Next");
  EXPECT_EQ(ReadPdf(document).outline(), R"(<outline>
<item page="1">One (a) \ b</item>
<outline>
<item page="1">Three</item>
<item page="1">Two</item>
<outline>
<item page="2">Łukasz</item>
</outline>
</outline>
<item page="2">Next</item>
</outline>
</pdf2xml>
)");
}

TEST(PdfDocument, markup_is_text) {
  const std::string hostile = "<b>bold</b> &amp; <span size='9'>x</span> 100% %s \\n ) Tj ET endstream endobj";
  PdfDocument document(facts_for_tests());
  document.paragraph(hostile);
  EXPECT_EQ(times_in(hostile, ReadPdf(document).text()), 1u);
}

TEST(PdfDocument, a_zero_byte_does_not_end_a_text) {
  const std::string hostile("before\0after", 12);
  PdfFacts facts = facts_for_tests();
  facts.title = facts.footer = hostile;
  PdfDocument document(facts);
  document.heading(1, hostile);
  document.paragraph(hostile);
  document.list({hostile});
  document.table({{hostile}}, {{{hostile}}});
  const ReadPdf pdf(document);
  const std::string shown =
      "before\xEF\xBF\xBD"
      "after";
  EXPECT_EQ(times_in(shown, pdf.text()), 6u);
  EXPECT_EQ(times_in("Title:           " + shown + "\n", pdf.info()), 1u);
  EXPECT_EQ(times_in(shown, pdf.outline()), 1u);
}

TEST(PdfDocument, text_that_turns_direction_stands_as_it_is_written) {
  PdfDocument document(facts_for_tests());
  document.paragraph(
      "not \xE2\x80\xAE"
      "guilty\xE2\x80\xAC \xFF.");
  EXPECT_EQ(times_in("not \xEF\xBF\xBDguilty\xEF\xBF\xBD \xEF\xBF\xBD.", ReadPdf(document).text()), 1u);
}

TEST(PdfDocument, facts_cannot_write_into_the_file) {
  PdfFacts facts = facts_for_tests();
  facts.title = ") /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> (\n\\";
  facts.author = "\xFE\xFF) >> endobj";
  PdfDocument document(facts);
  document.paragraph("Words");
  const ReadPdf pdf(document);
  const auto info = pdf.info();
  EXPECT_EQ(times_in("Title:           ) /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> ( \\\n", info), 1u);
  EXPECT_EQ(times_in("Author:          \xEF\xBF\xBD\xEF\xBF\xBD) >> endobj\n", info), 1u);
  EXPECT_EQ(times_in("JavaScript:      no\n", info), 1u);
}

TEST(PdfDocument, marks_piled_on_a_letter_hide_nothing_above_it) {
  const std::string plain = "eee";
  std::string piled;
  for (int i = 0; i < 40; ++i) piled += "\xCC\x81";
  auto in_a_row = [](const std::string& second) {
    PdfDocument document(facts_for_tests());
    document.table({{"When"}}, {{{"It was seen, it was seen, it was seen"}}, {{second}}});
    return ReadPdf(document).picture();
  };
  auto in_a_paragraph = [](const std::string& second) {
    PdfDocument document(facts_for_tests());
    document.paragraph("It was seen, it was seen, it was seen");
    document.paragraph(second);
    return ReadPdf(document).picture();
  };
  const std::size_t above_row = picture_width * 90, above_paragraph = picture_width * 72;
  EXPECT_NE(in_a_row(plain), in_a_row("e" + piled));
  EXPECT_EQ(in_a_row(plain).substr(0, above_row), in_a_row("e" + piled).substr(0, above_row));
  EXPECT_NE(in_a_paragraph(plain), in_a_paragraph("e" + piled));
  EXPECT_EQ(in_a_paragraph(plain).substr(0, above_paragraph), in_a_paragraph("e" + piled).substr(0, above_paragraph));
}

TEST(PdfDocument, arabic_stands_on_the_right_and_every_script_of_the_font_is_shown) {
  PdfDocument document(facts_for_tests());
  document.paragraph("\xD8\xA7\xD9\x84\xD9\x84\xD8\xBA\xD8\xA9");
  document.paragraph("\xD0\x9E\xD0\xBB\xD0\xB5\xD0\xBD\xD0\xB0 \xCE\x95\xCE\xBB\xCE\xAD\xCE\xBD\xCE\xB7 \xC5\x81ukasz");
  const ReadPdf pdf(document);
  EXPECT_EQ(pdf.file().boxes, 0u);
  EXPECT_EQ(times_in("\xD0\x9E\xD0\xBB\xD0\xB5\xD0\xBD\xD0\xB0 \xCE\x95\xCE\xBB\xCE\xAD\xCE\xBD\xCE\xB7 \xC5\x81ukasz",
                     pdf.text()),
            1u);
  const auto words = pdf.with_places();
  const auto at = words.find("xMin=\"") + 6;  // of the first word
  EXPECT_GT(std::atof(words.c_str() + at), 400.0);
}

TEST(PdfDocument, no_character_stops_a_document) {
  std::string all;
  for (std::uint32_t c = 0; c <= 0x10ffff; c += c < 0x3000 || (c & 0xffff) > 0xfd00 ? 1 : 37) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    if (c < 0x80) {
      all += char(c);
    } else if (c < 0x800) {
      all += {char(0xc0 | c >> 6), char(0x80 | (c & 0x3f))};
    } else if (c < 0x10000) {
      all += {char(0xe0 | c >> 12), char(0x80 | (c >> 6 & 0x3f)), char(0x80 | (c & 0x3f))};
    } else {
      all +=
          {char(0xf0 | c >> 18), char(0x80 | (c >> 12 & 0x3f)), char(0x80 | (c >> 6 & 0x3f)), char(0x80 | (c & 0x3f))};
    }
    if (c % 16 == 0) all += ' ';
  }
  PdfFacts facts = facts_for_tests();
  facts.title = facts.author = facts.footer = all;
  PdfDocument document(facts);
  document.heading(1, all.substr(all.size() - 5000));
  document.paragraph(all);
  const ReadPdf pdf(document);
  EXPECT_GT(pdf.file().boxes, 1000u);
}

TEST(PdfDocument, characters_that_no_font_shows_are_counted) {
  PdfDocument document(facts_for_tests());
  document.paragraph("a \xF4\x8F\xBF\xB0 b \xF4\x8F\xBF\xB1");  // for private use: no font has them
  EXPECT_EQ(ReadPdf(document).file().boxes, 2u);
}

PdfDocument document_of_all_kinds(Instant made_at) {
  PdfFacts facts = facts_for_tests();
  facts.made_at = made_at;
  PdfDocument document(facts);
  document.heading(1, "\xC5\x81ukasz");
  document.paragraph(lines_of_text("line \xD9\x81\xD8\xA7\xD8\xB7\xD9\x85\xD8\xA9", 80));
  document.list({"one", "two"});
  document.table({{"When"}, {"What"}}, std::vector<PdfRow>(100, {{"8 Nov", true}, {"seen"}}));
  return document;
}

TEST(PdfDocument, the_same_content_gives_the_same_bytes_on_any_thread) {
  const PdfDocument document = document_of_all_kinds({1795452360000});
  const auto first = document.finish();
  ASSERT_TRUE(first);
  EXPECT_EQ(document.finish()->bytes, first->bytes);
  std::vector<Bytes> others(4);
  std::vector<std::thread> threads(others.size());
  for (std::size_t i = 0; i < others.size(); ++i)
    threads[i] = std::thread([&other = others[i]] { other = document_of_all_kinds({1795452360000}).finish()->bytes; });
  for (std::thread& thread : threads) thread.join();
  for (const Bytes& other : others) EXPECT_EQ(other, first->bytes);
  EXPECT_NE(document_of_all_kinds({1795452361000}).finish()->bytes, first->bytes);
}

TEST(PdfDocument, says_what_it_is_and_when_it_was_made) {
  PdfDocument document(facts_for_tests());
  document.paragraph("Words");
  const auto info = ReadPdf(document).info();
  for (const char* line : {"Title:           Chronology\n", "Subject:         cv-7f3k\n", "Author:          Bradford\n",
                           "CreationDate:    2026-11-23T16:46:00Z\n", "ModDate:         2026-11-23T16:46:00Z\n",
                           "Tagged:          yes\n", "(A4)\n"})
    EXPECT_EQ(times_in(line, info), 1u) << line << info;
}

TEST(PdfDocument, an_empty_one_is_a_page) {
  PdfDocument document(facts_for_tests());
  document.heading(1, " ");
  document.paragraph("");
  document.list({"\n", ""});
  const ReadPdf pdf(document);
  EXPECT_EQ(pdf.file().pages, 1u);
  EXPECT_EQ(times_in("page 1 of 1", pdf.text()), 1u);
  EXPECT_EQ(times_in("Document", pdf.structure()), 0u);
}

std::string code_of_finish(const PdfDocument& document) {
  const auto file = document.finish();
  return file ? "made" : file.error().code;
}

TEST(PdfDocument, too_much_text_is_an_error_and_not_a_part) {
  PdfDocument document(facts_for_tests());
  const std::string chunk(limits::pdf_text_bytes_max / 2 - 1000, 'a');
  document.heading(1, chunk);
  document.paragraph(chunk + chunk);
  document.paragraph("more");
  EXPECT_EQ(code_of_finish(document), "pdf-too-long");
}

TEST(PdfDocument, no_text_is_free) {
  PdfDocument document(facts_for_tests());
  document.table({{""}, {""}}, std::vector<PdfRow>(limits::pdf_text_bytes_max / 100, {{""}, {""}}));
  EXPECT_EQ(code_of_finish(document), "pdf-too-long");
}

TEST(PdfDocument, too_many_pages_are_an_error_and_not_a_part) {
  const std::string page = lines_of_text("l", 55);
  auto document_of = [&](std::size_t pages) {
    PdfDocument document(facts_for_tests());
    for (std::size_t i = 0; i < pages; ++i) document.table({{"When"}}, {{{page}}});
    return document;
  };
  EXPECT_EQ(code_of_finish(document_of(limits::pdf_pages_max + 1)), "pdf-too-long");
  PdfDocument lines(facts_for_tests());
  lines.paragraph(lines_of_text("l", 200'000));
  const auto file = lines.finish();
  ASSERT_FALSE(file);
  const Error& error = file.error();
  EXPECT_EQ(error.code, "pdf-too-long");
  EXPECT_FALSE(error.what.empty() || error.why.empty() || error.remedy.empty());
}

// In a process of its own: fonts are looked up once in a process.
TEST(PdfDocumentDeathTest, a_machine_without_a_font_is_an_error) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  TempDirectory directory;
  const std::string path = directory.path() + "/fonts.conf";
  std::ofstream(path) << "<fontconfig></fontconfig>";
  EXPECT_EXIT(
      {
        ::setenv("FONTCONFIG_FILE", path.c_str(), 1);
        PdfDocument document(facts_for_tests());
        document.paragraph("Words");
        std::exit(code_of_finish(document) == "no-font" ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace ginnel
