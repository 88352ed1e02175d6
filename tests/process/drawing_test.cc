// SPDX-License-Identifier: Apache-2.0
#include "node/process/engine/drawing.h"

#include <fstream>

#include "tests/process/engine_for_tests.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

TEST(Drawing, shows_every_step_clock_and_outcome_in_the_picture_and_in_words) {
  for (const char* name : {"child-protection", "older-people", "disabled-children"}) {
    const Definition definition = shipped_definition(name);
    const std::string svg = draw_svg(definition), text = draw_text(definition);
    std::size_t ways = 0, arrows = 0;
    for (const StepDefinition& step : definition.steps) {
      EXPECT_NE(svg.find("id=\"step-" + step.id + "\""), std::string::npos) << step.id;
      EXPECT_NE(text.find("(" + step.id + ")\n"), std::string::npos) << step.id;
      for (const StepClock& clock : step.clocks) {
        EXPECT_NE(text.find(clock.rule.text()), std::string::npos);
        EXPECT_NE(text.find(clock.source), std::string::npos);
      }
      for (const StepOutcome& outcome : step.outcomes) {
        EXPECT_NE(text.find(outcome.title + " -> "), std::string::npos);
        ways += outcome.to.size();
      }
    }
    for (auto at = svg.find("marker-end"); at != std::string::npos; at = svg.find("marker-end", at + 1)) ++arrows;
    EXPECT_EQ(arrows, ways) << name << ": an arrow for each way";
  }
}

TEST(Drawing, says_in_words_what_the_records_of_all_agencies_are_looked_at_for) {
  const Definition definition = shipped_definition("child-protection");
  const std::string text = draw_text(definition);
  EXPECT_NE(text.find("each day at   06:00"), std::string::npos) << text.substr(text.size() - 2000);
  EXPECT_NE(text.find("child_protection, public_task"), std::string::npos);
  for (const Pattern& pattern : definition.patterns) {
    const auto at = text.find("Pattern: " + pattern.title + " (" + pattern.id + ")\n");
    ASSERT_NE(at, std::string::npos) << pattern.id;
    EXPECT_NE(text.find(pattern.source, at), std::string::npos);
    for (const std::string& kind : pattern.records) EXPECT_NE(text.find(kind, at), std::string::npos);
  }
  EXPECT_NE(text.find("3 within 28 days, from 2 or more agencies"), std::string::npos);
  EXPECT_NE(text.find("15 working days\n"), std::string::npos);
}

TEST(Drawing, puts_a_step_right_of_what_leads_to_it) {
  const Definition definition = shipped_definition("child-protection");
  const auto columns = drawing_columns(definition);
  const auto column = [&](std::string_view id) {
    return columns[std::size_t(definition.step(id) - &definition.steps[0])];
  };
  EXPECT_EQ(column("contact"), 0u);
  EXPECT_LT(column("strategy-discussion"), column("s47-enquiry"));
  EXPECT_LT(column("s47-enquiry"), column("initial-conference"));
  EXPECT_LT(column("initial-conference"), column("first-review"));
}

// What people wrote cannot become markup of the page that the picture stands in.
TEST(Drawing, writes_titles_as_text_alone) {
  Definition definition = shipped_definition("older-people");
  definition.title = "<script>alert(\"1\")</script>";
  definition.steps[0].title = "a & b </text><script>";
  const std::string svg = draw_svg(definition);
  EXPECT_EQ(svg.find("<script"), std::string::npos);
  EXPECT_NE(svg.find("a &amp; b &lt;/text&gt;"), std::string::npos);
}

TEST(DefinitionCheck, tells_each_mistake_with_file_line_and_column) {
  std::string text = content_of(source_tree() / "config-examples/processes/older-people.toml");
  const auto change = [&](std::string_view from, std::string_view to) {
    ASSERT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
  };
  change("start = \"contact\"", "start = \"contct\"");
  change("quorum = { health = 1 }", "quorum = { helth = 1 }");
  const auto path = std::filesystem::path(testing::TempDir()) / "with-mistakes.toml";
  std::ofstream(path) << text;
  auto checked = Definition::check(path);
  ASSERT_FALSE(checked);
  const auto place_of = [&](std::string_view word) {
    const auto at = text.find(word);
    const auto line = 1 + std::count(text.begin(), text.begin() + std::ptrdiff_t(at), '\n');
    return path.string() + ":" + std::to_string(line) + ":" + std::to_string(at - text.rfind('\n', at)) + ": ";
  };
  std::string all;
  for (const std::string& one : checked.error()) all += one + "\n";
  EXPECT_NE(all.find(place_of("contct") + "`contct` is no step (did you mean `contact`?)"), std::string::npos) << all;
  EXPECT_NE(all.find(place_of("helth") + "`helth` is no agency"), std::string::npos) << all;
  auto none = Definition::check(path / "none");
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().at(0).find(":1:1: "), std::string::npos);
}

}  // namespace
}  // namespace ginnel
