// SPDX-License-Identifier: Apache-2.0
#include "node/cli/command_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace ginnel {
namespace {

using testing::HasSubstr;
using testing::Not;

class CommandLine : public testing::Test {
 protected:
  int run(const std::vector<std::string>& words) {
    std::istringstream in;
    out_.str("");
    err_.str("");
    return run_command_line(table_, words, {in, out_, err_});
  }
  std::string out() const { return out_.str(); }
  std::string err() const { return err_.str(); }

  static ExitCode echo(Invocation& call) {
    auto times = call.number("times", 1, 3);
    if (!times) return ExitCode::usage;
    for (std::int64_t i = 0; i < *times; ++i) call.streams.out << call.text("word");
    for (const std::string& name : call.texts("name")) call.streams.out << " " << name;
    for (const std::string& argument : call.arguments) call.streams.out << " <" << argument << ">";
    if (call.has("loud")) call.streams.out << "!";
    return call.arguments.empty() ? ExitCode::done : ExitCode::partial;
  }
  static ExitCode refuse(Invocation&) { return ExitCode::refused; }

  std::vector<Command> table_ = {
      {.noun = "echo",
       .arguments = "FILE...",
       .arguments_max = 2,
       .title = "say a word",
       .options = {{"word", "WORD", "which one", true},
                   {"times", "N", "how often", false, "1"},
                   {"name", "NAME", "for whom", false, "", true},
                   {"loud", "", "with a mark"}},
       .run = echo},
      {.noun = "echo", .verb = "off", .title = "say nothing", .run = refuse},
  };

 private:
  std::ostringstream out_, err_;
};

TEST_F(CommandLine, options_and_arguments_reach_the_command_in_any_order) {
  EXPECT_EQ(run({"echo", "a.csv", "--word", "hey", "--times=2", "--loud", "b.csv"}), 4);
  EXPECT_EQ(out(), "heyhey <a.csv> <b.csv>!");
  EXPECT_EQ(run({"echo", "--word", "hey", "--name", "x", "--name", "y"}), 0);
  EXPECT_EQ(out(), "hey x y");
}

TEST_F(CommandLine, the_longer_name_wins) { EXPECT_EQ(run({"echo", "off"}), 3); }

TEST_F(CommandLine, what_is_missing_twice_or_too_much_is_a_usage_error_on_standard_error) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"echo"},                                  // the needed option is missing
           {"echo", "--word"},                        // its value is missing
           {"echo", "--word", "a", "--word", "b"},    // given twice
           {"echo", "--word", "a", "1", "2", "3"},    // an argument too many
           {"echo", "--word", "a", "--times", "4"},   // out of range
           {"echo", "--word", "a", "--times", "2x"},  // no number
           {"echo", "--word", "a", "--loud=yes"},     // a switch takes no value
           {"echo", "--wor", "a"},                    // no abbreviations: they break when options are added
           {"echo", "off", "--loud"},                 // another command's option
       }) {
    EXPECT_EQ(run(words), 2) << testing::PrintToString(words);
    EXPECT_EQ(out(), "");
    EXPECT_THAT(err(), HasSubstr("ginnel: ")) << testing::PrintToString(words);
  }
}

TEST_F(CommandLine, a_mistyped_command_or_option_is_told_what_was_meant) {
  EXPECT_EQ(run({"ecko"}), 2);
  EXPECT_THAT(err(), HasSubstr("did you mean `ginnel echo`?"));
  EXPECT_EQ(run({"echo", "--wort", "a"}), 2);
  EXPECT_THAT(err(), HasSubstr("did you mean --word?"));
}

TEST_F(CommandLine, help_goes_to_standard_output_and_names_every_option) {
  EXPECT_EQ(run({"echo", "--help"}), 0);
  for (const char* option : {"--word WORD", "--times N", "(otherwise 1)", "(needed)", "(may be repeated)", "--loud"})
    EXPECT_THAT(out(), HasSubstr(option));
  EXPECT_EQ(err(), "");
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_THAT(out(), HasSubstr("echo off"));
  EXPECT_EQ(run({}), 2);
  EXPECT_THAT(err(), HasSubstr("echo off"));
}

TEST_F(CommandLine, completions_know_every_command_and_option) {
  EXPECT_EQ(run({"completions"}), 0);
  EXPECT_THAT(out(), HasSubstr("--loud off "));
  EXPECT_THAT(out(), HasSubstr("--times"));
}

TEST(CommandTable, every_row_can_be_run_explained_and_told_apart) {
  std::set<std::string> names;
  for (const Command& command : command_table()) {
    EXPECT_TRUE(names.insert(command.name()).second) << command.name() << " stands there twice";
    EXPECT_NE(command.run, nullptr) << command.name();
    EXPECT_FALSE(command.title.empty()) << command.name();
    EXPECT_LE(command.arguments_min, command.arguments_max) << command.name();
    EXPECT_EQ(command.arguments.empty(), command.arguments_max == 0) << command.name();
    for (const OptionSpec& option : command.options) EXPECT_FALSE(option.help.empty()) << option.name;
    std::istringstream in;
    std::ostringstream out, err;
    std::vector<std::string> words = {command.noun};
    if (!command.verb.empty()) words.push_back(command.verb);
    words.push_back("--help");
    EXPECT_EQ(run_command_line(words, {in, out, err}), 0) << command.name();
  }
}

TEST(CommandTable, no_option_takes_a_childs_identity_or_a_secret) {
  for (const Command& command : command_table())
    for (const OptionSpec& option : command.options)
      for (const char* word :
           {"nhs", "birth", "surname", "family-name", "given-name", "password", "passphrase", "token"})
        EXPECT_TRUE(option.name.find(word) == std::string::npos || option.name.ends_with("-file"))
            << command.name() << " --" << option.name;
}

}  // namespace
}  // namespace ginnel
