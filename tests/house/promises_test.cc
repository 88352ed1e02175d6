// SPDX-License-Identifier: Apache-2.0
// docs/promises.md is read: each promise has a section that names tests or says what is not there yet, each row of what
// failed before names what holds it, and each test that is named exists. A renamed test that leaves the document behind
// fails here.
#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/source_tree.h"

namespace {

namespace fs = std::filesystem;

// "node.Gate.a_claim": folder of tests, suite, claim.
const std::regex& named_test() {
  static const std::regex form(R"(`(\w+)\.(\w+)\.(\w+)`)");
  return form;
}

// Every test of every folder as it is named in the document.
std::set<std::string> tests_there_are() {
  static const std::regex test(R"(\bTEST(?:_F|_P)?\((\w+),\s*(\w+)\))");
  const fs::path root = ginnel::source_tree() / "tests";
  std::set<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".cc") continue;
    const std::string folder = fs::relative(entry.path(), root).begin()->string();
    const std::string text = ginnel::content_of(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), test), last; at != last; ++at)
      found.insert(folder + "." + (*at)[1].str() + "." + (*at)[2].str());
  }
  return found;
}

// The document's sections by their heading.
std::map<std::string, std::string> sections(const std::string& document) {
  std::map<std::string, std::string> found;
  std::istringstream lines(document);
  std::string heading;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("## ", 0) == 0) heading = line.substr(3);
    found[heading] += line + "\n";
  }
  return found;
}

bool names_a_test(const std::string& text) {
  return std::regex_search(text, named_test()) || text.find("`demo.") != std::string::npos ||
         text.find("`fault.") != std::string::npos || text.find("`pages.") != std::string::npos;
}

bool says_not_yet(const std::string& text) { return text.find("ot yet") != std::string::npos; }

TEST(Promises, every_test_that_the_document_names_exists) {
  const std::string document = ginnel::content_of(ginnel::source_tree() / "docs/promises.md");
  const std::set<std::string> there = tests_there_are();
  ASSERT_GT(there.size(), 500u) << "the search itself has gone blind";
  std::size_t named = 0;
  for (std::sregex_iterator at(document.begin(), document.end(), named_test()), last; at != last; ++at) {
    ++named;
    const std::string name = (*at)[1].str() + "." + (*at)[2].str() + "." + (*at)[3].str();
    EXPECT_TRUE(there.contains(name)) << "docs/promises.md names `" << name << "`, and no such test is in tests/"
                                      << (*at)[1] << ": name the test that holds this now";
  }
  EXPECT_GT(named, 100u);
}

TEST(Promises, each_of_the_thirteen_names_a_test_or_says_what_is_missing) {
  const auto all = sections(ginnel::content_of(ginnel::source_tree() / "docs/promises.md"));
  for (int number = 1; number <= 13; ++number) {
    const auto section = all.lower_bound(std::to_string(number) + ". ");
    ASSERT_TRUE(section != all.end() && section->first.rfind(std::to_string(number) + ". ", 0) == 0)
        << "no section for promise " << number;
    EXPECT_TRUE(names_a_test(section->second) || says_not_yet(section->second)) << section->first;
  }
}

TEST(Promises, each_failure_of_the_past_names_what_holds_its_answer) {
  const auto all = sections(ginnel::content_of(ginnel::source_tree() / "docs/promises.md"));
  const auto section = all.find("What failed before, and what answers it");
  ASSERT_NE(section, all.end());
  std::istringstream lines(section->second);
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("| ", 0) != 0 || line.rfind("| what failed", 0) == 0) continue;
    ++rows;
    const std::string held_by = line.substr(line.rfind('|', line.size() - 2) + 1);
    EXPECT_TRUE(names_a_test(held_by) || says_not_yet(held_by) || held_by.find("promise") != std::string::npos) << line;
  }
  EXPECT_GE(rows, 12u) << "a row of the table has gone";
}

}  // namespace
