// SPDX-License-Identifier: Apache-2.0
#include "node/cli/render_case_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "node/cli/terminal_text.h"
#include "tests/node/shown_view_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// What a practitioner gets, to the letter.
constexpr const char* golden =
    R"(TESTER, Aisha   born 14 Mar 2016 (10)   NHS 999 000 0018    Case view cv-7f30a1b2  23 Nov 2026 16:46
On a child protection plan since 2 Sep 2026 (neglect). Lead: Bradford Children's Services.
You are not allocated to this child at your agency; that is recorded with the view.

WHO IS INVOLVED                                                        last contact   ring now
  Social worker (lead)        Bradford Children's Services             19 Nov 2026    01632 960002
  Health visitor              Bradford District Care                   12 Nov 2026    01632 960108
  Safeguarding unit           West Yorkshire Police                    not told       01632 960033

CHRONOLOGY                          2 of 5 entries · newest first · times as recorded by each source
  19 Nov 2026 15:10  social care  visit            seen at home, seen alone (opinion)
                                                   recorded same day
                                                   seen alone: yes
                                                   Aisha talked about school.
  12 Nov 2026        health       was not brought  paediatric review, second time    recorded 14 Nov

WITHHELD
  2 health  sensitive health information; needs the clinician's decision
            ask: named nurse, Bradford District Care
  1 police  intelligence with conditions (handling C)
            ask: safeguarding unit, West Yorkshire Police

WHAT EACH AGENCY ANSWERED
  answered     Bradford Children's Services, Bradford District Care; data to 23 Nov 16:30, except
               Bradford District Care: to 22 Nov 08:00
  withheld     West Yorkshire Police: knows the child and may not show you more: intelligence with
               conditions
  not known    Kirklees Council, Calderdale Council: hold nothing that they may tell you; if you are
               worried, ring them (numbers: --contacts)
  silent       Wakefield Council: has not answered, which says nothing of what it knows: no answer
               in 5 s (last heard 16:41); ring Duty team, 01632 960055; the view fills in by itself
               when it answers
  not asked    Probation Service: was not asked: needs a stated adult in the household (policy P-14)

Incomplete: 1 agency silent, 1 agency not asked. Kept as cv-7f30a1b2 until 24 Nov 16:46.      exit 4
)";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The text with every run of spaces and line ends as one space, for sentences that may be wrapped.
std::string unwrapped(const std::string& text) { return harmless(text); }

TEST(RenderCaseView, a_view_reads_as_its_golden_text) { EXPECT_EQ(render_case_view(shown_view()), golden); }

TEST(RenderCaseView, no_line_is_wider_than_the_terminal) {
  for (int columns : {60, 72, 80, 100, 132, 240})
    for (bool contacts : {false, true})
      for (const auto& line : lines_of(render_case_view(shown_view(), {columns, contacts})))
        EXPECT_LE(columns_of(line), static_cast<std::size_t>(columns)) << line;
}

TEST(RenderCaseView, wide_names_keep_the_columns_straight) {
  auto view = shown_view();
  view.items[0].author.role = "\xE7\xA4\xBE\xE5\xB7\xA5";
  auto lines = lines_of(render_case_view(view));
  std::vector<std::size_t> at;
  for (const auto& line : lines)
    if (auto found = line.find("01632 9600"); found != std::string::npos && at.size() < 2)
      at.push_back(columns_of(line.substr(0, found)));
  ASSERT_EQ(at.size(), 2u);
  EXPECT_EQ(at[0], at[1]);
}

TEST(RenderCaseView, nothing_from_a_peer_reaches_the_terminals_controls) {
  const std::string hostile =
      "\x1b[2J\x1b]0;x\x07\r\x9b"
      "31m\xE2\x80\xAE"
      "evil\x08\x08";
  auto view = shown_view();
  view.family = view.given = view.standing = hostile;
  view.nhs_number = hostile;
  for (auto& part : view.parts)
    part.agency_name = part.agency_kind = part.reason = part.contact.name = part.contact.role = part.contact.team =
        part.contact.phone = hostile;
  for (auto& item : view.items) {
    item.headline = item.narrative = item.kind = item.category = item.agency_kind = hostile;
    item.fields = {{hostile, hostile}};
    item.author = {hostile, hostile, hostile, hostile};
  }
  for (auto& row : view.withheld) row.category = row.reason = row.ask = hostile;
  for (bool contacts : {false, true}) {
    for (const auto& line : lines_of(render_case_view(view, {100, contacts}))) {
      EXPECT_EQ(harmless("x" + line).find("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"), std::string::npos);
      for (char c : line) EXPECT_FALSE(static_cast<unsigned char>(c) < 0x20 || c == 0x7f) << line;
      EXPECT_EQ(line.find("\xE2\x80\xAE"), std::string::npos);
      EXPECT_EQ(line.find("\xC2\x9B"), std::string::npos);
    }
  }
}

TEST(RenderCaseView, every_status_has_a_line_that_names_the_agency_and_whom_to_ring) {
  for (const char* word :
       {"answered", "withheld", "refused", "not-known", "not-asked", "silent", "out-of-date", "unknown"}) {
    auto view = shown_view();
    view.parts = {view.parts[5]};
    view.parts[0].status = part_status_from(word).value();
    view.items.clear();
    view.withheld.clear();
    auto text = unwrapped(render_case_view(view, {100, true}));
    std::string words(word);
    std::replace(words.begin(), words.end(), '-', ' ');
    EXPECT_THAT(text, HasSubstr(" " + words + " Wakefield Council")) << word;
    EXPECT_THAT(text, HasSubstr("01632 960055")) << word;
  }
}

TEST(RenderCaseView, one_agency_that_does_not_know_is_rung_at_its_number) {
  auto view = shown_view();
  view.parts.erase(view.parts.begin() + 4);
  EXPECT_THAT(unwrapped(render_case_view(view)),
              HasSubstr("Kirklees Council: holds nothing that it may tell you; if you are worried, ring Duty team, "
                        "01632 960044"));
}

TEST(RenderCaseView, contacts_shows_every_number) {
  auto text = render_case_view(shown_view(), {100, true});
  for (const char* number : {"960001", "960002", "960033", "960044", "960045", "960055", "960066", "960107", "960108"})
    EXPECT_THAT(text, HasSubstr(number));
  EXPECT_THAT(render_case_view(shown_view()), Not(HasSubstr("960044")));
}

TEST(RenderCaseView, a_complete_view_ends_without_an_exit_code) {
  auto view = shown_view();
  view.complete = true;
  auto text = render_case_view(view);
  EXPECT_THAT(text, HasSubstr("\nComplete: every agency in scope gave an answer. Kept as cv-7f30a1b2"));
  EXPECT_THAT(text, Not(HasSubstr("exit")));
  EXPECT_EQ(exit_code_of(view), 0);
  EXPECT_EQ(exit_code_of(shown_view()), 4);
}

TEST(RenderCaseView, an_empty_view_does_not_read_as_safety) {
  CaseView view;
  view.id = ViewId::parse("7f30a1b2c3d4e5f60718293a4b5c6d7e").value();
  auto text = render_case_view(view);
  EXPECT_THAT(text, HasSubstr("a child"));
  EXPECT_THAT(text, HasSubstr("no agency has said that it is; that is not a sign of safety"));
  EXPECT_THAT(text, HasSubstr("nothing may be shown; that is not a sign of safety"));
  EXPECT_THAT(text, HasSubstr("Incomplete: not every agency answered."));
}

TEST(RenderCaseView, many_authors_do_not_push_the_facts_away) {
  auto view = shown_view();
  auto item = view.items[0];
  for (int i = 0; i < 40; ++i) {
    auto part = view.parts[0];
    part.agency = MemberId::parse("agency-" + std::to_string(i)).value();
    view.parts.push_back(part);
    item.agency = part.agency;
    view.items.push_back(item);
  }
  auto text = render_case_view(view);
  EXPECT_THAT(text, HasSubstr("more (--contacts)"));
  EXPECT_LT(std::count(text.begin(), text.begin() + static_cast<long>(text.find("CHRONOLOGY")), '\n'), 20);
}

}  // namespace
}  // namespace ginnel
