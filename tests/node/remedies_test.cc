// SPDX-License-Identifier: Apache-2.0
// What errors and documents tell people to type exists.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "node/cli/command_table.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

// Nouns that there are, and those of the design that there will be.
bool is_noun(const std::string& word) {
  static const std::set<std::string> planned{"find",   "notice", "process", "task", "transfer", "backup",
                                             "person", "report", "sharing", "link", "bench"};
  for (const Command& command : command_table())
    if (command.noun == word) return true;
  return planned.contains(word);
}

bool exists(const std::string& noun, const std::string& verb) {
  bool has_verbs = false;
  for (const Command& command : command_table()) {
    if (command.noun != noun) continue;
    if (command.verb.empty() || command.verb == verb) return true;
    has_verbs = true;
  }
  return has_verbs && verb.empty();
}

// "ginnel NOUN VERB" as it stands in a text; labels of keys end in a version and are none.
std::set<std::string> missing_commands_in(const std::string& text) {
  static const std::regex command(R"(ginnel ([a-z]+)(?: ([a-z]+))?( v[0-9])?)");
  std::set<std::string> missing;
  for (std::sregex_iterator at(text.begin(), text.end(), command), last; at != last; ++at) {
    const std::string noun = (*at)[1], verb = (*at)[2];
    if (!(*at)[3].matched && is_noun(noun) && !exists(noun, verb)) missing.insert((*at)[0]);
  }
  return missing;
}

TEST(Remedies, name_commands_that_exist) {
  std::size_t files = 0;
  for (const char* top : {"federation", "adapters", "node"})
    for (const auto& entry : fs::recursive_directory_iterator(source_tree() / top)) {
      const auto extension = entry.path().extension();
      if (extension != ".cc" && extension != ".h" && extension != ".html") continue;
      ++files;
      std::ifstream in(entry.path());
      std::string code{std::istreambuf_iterator<char>(in), {}};
      code = std::regex_replace(code, std::regex(R"(//[^\n]*)"), "");     // comments may plan
      code = std::regex_replace(code, std::regex("\"\\s*\n\\s*\""), "");  // a text over two lines
      for (const std::string& missing : missing_commands_in(code))
        ADD_FAILURE() << fs::relative(entry.path(), source_tree()) << " tells people to use `" << missing << "`";
    }
  EXPECT_GT(files, 100u);
}

TEST(Remedies, a_command_that_does_not_exist_is_seen) {
  EXPECT_EQ(
      missing_commands_in("see `ginnel node cure` and ginnel node status, ginnel import FILE, ginnel ledger head v1"),
      std::set<std::string>{"ginnel node cure"});
  EXPECT_EQ(missing_commands_in("ginnel backup restore"), std::set<std::string>{"ginnel backup restore"});
}

}  // namespace
}  // namespace ginnel
