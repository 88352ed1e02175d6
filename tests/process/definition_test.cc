// SPDX-License-Identifier: Apache-2.0
#include "node/process/engine/definition.h"

#include <fstream>
#include <iterator>
#include <regex>

#include "tests/process/engine_for_tests.h"

namespace ginnel {
namespace {

// The smallest process there is; tests change a line of it.
constexpr std::string_view smallest = R"(id = "errand"
authority = "anybody"
version = 2
title = "An errand"
edition = "1"
effective_from = 2020-01-01
start = "ask"
manager = "boss"
deputy = "boss"
[roles]
boss = "The boss"
[agencies]
shop = "The shop"
[state.open]
title = "Open"
proves = ["shopping"]
[step.ask]
title = "Ask"
lead = "boss"
dates = ["asked"]
evidence = ["attendance"]
quorum = { shop = 1 }
[step.ask.clock]
due = "2 working days after ask.asked"
source = "custom"
warn = ["50 %"]
escalate = ["boss at 100 % + 1 working day"]
[step.ask.outcome]
yes = { to = "fetch", opens = "open" }
no = { ends = true, needs = ["reason"] }
[step.fetch]
title = "Fetch"
lead = "boss"
[step.fetch.outcome]
done = { ends = true, closes = "open" }
)";

std::string with(std::string_view from, std::string_view to) { return with_instead(std::string(smallest), from, to); }

TEST(Definition, what_is_sound_is_read_whole) {
  ASSERT_EQ(mistakes_of(std::string(smallest)), "");
  auto read = Definition::parse(smallest, "errand.toml");
  EXPECT_EQ(read->key.text(), "errand/anybody/2");
  const StepDefinition* ask = read->step("ask");
  ASSERT_NE(ask, nullptr);
  EXPECT_EQ(ask->deputy, "boss") << "from the top of the file";
  EXPECT_EQ(ask->quorum.kinds.at("shop"), 1);
  ASSERT_EQ(ask->clocks.size(), 1u);
  EXPECT_EQ(ask->clocks[0].warn, (std::vector<int>{50, 100})) << "its end is always told";
  EXPECT_EQ(ask->clocks[0].escalate[0].text(), "boss at 100 % + 1 working day");
  EXPECT_EQ(ask->outcome("yes")->to, (std::vector<std::string>{"fetch"}));
  EXPECT_TRUE(read->state("open")->proves.contains("shopping"));
}

TEST(Definition, each_mistake_is_told_with_its_line_and_what_was_meant) {
  const std::pair<std::string, const char*> cases[] = {
      {with("start = \"ask\"", "start = \"asks\""), "line 7: `asks` is no step"},
      {with("lead = \"boss\"\ndates", "lead = \"bos\"\ndates"), "line 19: `bos` is no role"},
      {with("quorum = { shop = 1 }", "quorum = { shops = 1 }"), "`shops` is no agency"},
      {with("evidence = [\"attendance\"]", ""), "has a quorum, and nobody says who was there"},
      {with("ask.asked\"", "ask.askd\""), "`askd` is no event of the step `ask`"},
      {with("2 working days after", "2 wrking days after"), "is no clock: after the number stands `wrking"},
      {with("[\"50 %\"]", "[\"50\"]"), "`50` is no part of a clock"},
      {with("[\"boss at 100 % + 1 working day\"]", "[]"), "escalates to nobody"},
      {with("boss at 100 % + 1 working day", "boss at 50 % + 1 working day"), "only to 100 % can time be added"},
      {with("deputy = \"boss\"\n", ""), "has a clock and no deputy"},
      {with("source = \"custom\"\n", ""), "has no `source`"},
      {with("to = \"fetch\", opens", "opens"), "nothing leads to [step.fetch]"},
      {with("closes = \"open\"", "closes = \"opne\""), "`opne` is no state"},
      {with(", closes = \"open\"", ""), "no outcome closes the state `open`"},
      {with("done = { ends = true, closes = \"open\" }", "done = { to = \"fetch\", closes = \"open\" }"),
       "no way leads out of [step.fetch]"},
      {with("needs = [\"reason\"]", "needs = [\"reasons\"]"), "`reasons` is no contribution"},
      {with("title = \"Fetch\"", "title = \"Fetch\"\nrecord = { kind = \"visit\" }"), "`category`"},
      {with("title = \"Fetch\"", "title = \"Fetch\"\nrecord = { kind = \"visit\", category = \"x\", sensitivity = 5 }"),
       "`sensitivity`"},
      {with("title = \"Fetch\"", "titel = \"Fetch\""), "`titel` is no setting"},
      {with("dates = [\"asked\"]", "dates = [\"asked\"]\nbrought = [\"attendanc\"]"), "`attendanc` is no contribution"},
      {with("dates = [\"asked\"]", "dates = [\"asked\"]\nbrought = [\"asked\"]"), "`asked` sets a date of [step.ask]"},
      {with("dates = [\"asked\"]", "dates = [\"asked\"]\ninvite = [\"shop\"]\nbrought = [\"attendance\"]"),
       "nobody is told that [step.ask] waits"},
      {with("version = 2", "version = 0"), "`version`"},
      {with("effective_from = 2020-01-01", "effective_from = \"2020-01-01\""), "`effective_from`"},
  };
  for (const auto& [text, why] : cases) {
    const std::string all = mistakes_of(text);
    EXPECT_NE(all.find(why), std::string::npos) << why << "\n--- told:\n" << all;
  }
}

TEST(Definition, says_which_steps_are_records_and_as_what) {
  const auto read = Definition::parse(
      with("title = \"Fetch\"", "title = \"Fetch\"\nrecord = { kind = \"visit\", category = \"social-care.visit\" }"),
      "e.toml");
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->step("ask")->record);
  ASSERT_TRUE(read->step("fetch")->record);
  EXPECT_EQ(read->step("fetch")->record->kind, "visit");
  EXPECT_EQ(read->step("fetch")->record->category, "social-care.visit");
  EXPECT_EQ(read->step("fetch")->record->sensitivity, 2);
}

TEST(Definition, says_what_invited_agencies_bring_from_their_own_nodes) {
  const auto read = Definition::parse(
      with("dates = [\"asked\"]",
           "dates = [\"asked\"]\ninvite = [\"shop\"]\nrecord = { kind = \"visit\", category = \"x\" }\n"
           "brought = [\"attendance\"]"),
      "e.toml");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->step("ask")->brought, (std::vector<std::string>{"attendance"}));
  EXPECT_TRUE(read->step("fetch")->brought.empty());
}

TEST(Definition, every_mistake_is_told_at_once) {
  std::string text = with("start = \"ask\"", "start = \"asks\"");
  for (const auto& [from, to] : {std::pair{"lead = \"boss\"\ndates", "lead = \"bos\"\ndates"},
                                 {"ask.asked\"", "ask.askd\""},
                                 {"needs = [\"reason\"]", "needs = [\"reasons\"]"},
                                 {"title = \"Fetch\"", "titel = \"Fetch\""}})
    text.replace(text.find(from), std::string_view(from).size(), to);
  const std::string all = mistakes_of(text);
  for (const char* word : {"`asks`", "`bos`", "`askd`", "`reasons`", "`titel`"})
    EXPECT_NE(all.find(word), std::string::npos) << word << "\n" << all;
}

TEST(Definition, what_ships_is_sound) {
  for (const auto& file : std::filesystem::directory_iterator(source_tree() / "config-examples/processes")) {
    auto read = Definition::read(file.path());
    std::string all;
    if (!read)
      for (const Error& error : read.error()) all += error.text() + "\n";
    EXPECT_TRUE(read) << file.path() << "\n" << all;
  }
}

TEST(Definition, every_clock_that_ships_names_its_source_escalates_and_has_a_deputy) {
  std::size_t clocks = 0;
  for (const auto& file : std::filesystem::directory_iterator(source_tree() / "config-examples/processes")) {
    auto read = Definition::read(file.path());
    ASSERT_TRUE(read);
    for (const StepDefinition& step : read->steps) {
      EXPECT_FALSE(step.out_of_hours.empty()) << step.id;
      for (const StepClock& clock : step.clocks) {
        ++clocks;
        EXPECT_FALSE(clock.source.empty() || clock.escalate.empty() || step.deputy.empty()) << step.id;
        EXPECT_TRUE(clock.effective_from.is_set());
      }
    }
  }
  EXPECT_GT(clocks, 30u);
}

// The statute's and the guidance's own numbers, from DOMAIN 2, by hand.
TEST(ChildProtectionPack, has_every_clock_of_the_process) {
  auto read = Definition::read(source_tree() / "config-examples/processes/child-protection.toml");
  ASSERT_TRUE(read);
  const std::tuple<const char*, const char*, const char*> rows[] = {
      {"contact", "clock", "the same day as contact.received or contact.opened"},
      {"referral", "clock", "1 working day after referral.received or referral.opened"},
      {"assessment", "clock", "45 working days after referral.received or referral.opened"},
      {"strategy-discussion", "clock", "24 hours after strategy-discussion.opened"},
      {"police-protection", "clock", "72 hours after police-protection.began or police-protection.opened"},
      {"emergency-order", "law", "8 days counting emergency-order.made, or noon of the next ordinary day"},
      {"order-after-protection", "law", "8 days counting police-protection.began, or noon of the next ordinary day"},
      {"order-extension", "law", "7 days after emergency-order.expiry or order-after-protection.expiry"},
      {"initial-conference", "clock", "15 working days after strategy-discussion.held"},
      {"core-group", "clock", "10 working days after initial-conference.held or transfer-in-conference.held"},
      {"next-core-group", "clock", "6 weeks after core-group.held or next-core-group.held"},
      {"visit", "clock", "10 working days after visit.seen or initial-conference.plan or transfer-in-conference.plan"},
      {"first-review", "guidance", "3 months after initial-conference.held or transfer-in-conference.held"},
      {"review", "guidance", "6 months after first-review.held or review.held"},
      {"transfer-in-conference", "clock", "15 working days after transfer-in-conference.notified"},
      {"serious-incident", "clock", "5 working days after serious-incident.known or serious-incident.opened"},
      {"rapid-review", "clock", "15 working days after serious-incident.known or serious-incident.opened"},
      {"staff-allegation", "clock", "1 working day after staff-allegation.made or staff-allegation.opened"},
      {"return-home-interview", "clock",
       "72 hours after return-home-interview.returned or return-home-interview.opened"},
      {"school-move", "child-protection-file", "5 days after school-move.began"},
      {"school-move", "common-transfer-file", "15 school days after school-move.began"},
  };
  for (const auto& [step, clock, rule] : rows) {
    ASSERT_NE(read->step(step), nullptr) << step;
    ASSERT_NE(read->step(step)->clock(clock), nullptr) << step << " " << clock;
    EXPECT_EQ(read->step(step)->clock(clock)->rule.text(), rule);
  }
  const Quorum& strategy = read->step("strategy-discussion")->quorum;
  for (const char* kind : {"social_care", "police", "health"}) EXPECT_EQ(strategy.kinds.at(kind), 1);
  EXPECT_EQ(read->step("initial-conference")->quorum.others, 2);
  for (const char* state : {"plan", "s47", "assessment"}) EXPECT_TRUE(read->state(state)->one) << state;
}

TEST(Definitions, stand_side_by_side_by_edition_and_authority) {
  const auto made = [](std::string_view authority, int version, std::string_view from) {
    std::string text = with("authority = \"anybody\"", "authority = \"" + std::string(authority) + "\"");
    text.replace(text.find("version = 2"), 11, "version = " + std::to_string(version));
    text.replace(text.find("2020-01-01"), 10, from);
    auto read = Definition::parse(text, "x.toml");
    EXPECT_TRUE(read);
    return *read;
  };
  Definitions all;
  ASSERT_TRUE(all.add(made("region", 1, "2020-01-01")));
  ASSERT_TRUE(all.add(made("region", 2, "2024-01-01")));
  ASSERT_TRUE(all.add(made("leeds", 1, "2025-01-01")));
  EXPECT_FALSE(all.add(made("leeds", 1, "2026-01-01"))) << "a version that a case may follow is never changed";
  const auto version_on = [&](std::string_view authority, std::string_view date) {
    const Definition* found = all.in_effect("errand", authority, "region", day(date));
    return found ? found->key.text() : "none";
  };
  EXPECT_EQ(version_on("leeds", "2019-12-31"), "none");
  EXPECT_EQ(version_on("leeds", "2023-12-31"), "errand/region/1");
  EXPECT_EQ(version_on("leeds", "2024-06-01"), "errand/region/2");
  EXPECT_EQ(version_on("leeds", "2025-06-01"), "errand/leeds/1");
  EXPECT_EQ(version_on("wakefield", "2025-06-01"), "errand/region/2");
}

// The engine's own files name nothing of any process.
TEST(ProcessEngine, knows_nothing_of_child_protection) {
  const std::regex words("child|strateg|section 47|s47|conference|police|health|core.group|significant harm|referral",
                         std::regex::icase);
  std::size_t files = 0;
  for (const char* folder : {"node/process/engine", "node/calendar"})
    for (const auto& file : std::filesystem::directory_iterator(source_tree() / folder)) {
      if (file.path().extension() != ".cc") continue;  // headers give examples
      ++files;
      std::ifstream in(file.path());
      std::size_t number = 0;
      for (std::string line; std::getline(in, line);) {
        ++number;
        const bool example = line.find("need_text(") != std::string::npos || line.find("write") != std::string::npos ||
                             line.find("\\\"") != std::string::npos || line.find("//") != std::string::npos ||
                             line.find("counting ...") != std::string::npos;
        EXPECT_TRUE(example || !std::regex_search(line, words)) << file.path() << ":" << number << ": " << line;
      }
    }
  EXPECT_GT(files, 6u);
}

}  // namespace
}  // namespace ginnel
