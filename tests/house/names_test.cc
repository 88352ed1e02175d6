// SPDX-License-Identifier: Apache-2.0
// No two headers define a type of the same name in the same namespace. Where no file includes both, neither compiler
// nor linker says so: one of the two takes the other's functions, and what happens then is undefined.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "tests/source_tree.h"

namespace {

namespace fs = std::filesystem;
using ginnel::source_tree;

using Files = std::map<std::string, std::string>;  // name -> content

// "ginnel::Person: a.h b.h" for each.
std::set<std::string> defined_twice(const Files& files) {
  static const std::regex space(R"(namespace ([\w:]+) \{.*)");
  static const std::regex type(R"((?:struct|class|enum class) (\w+)(?: final)?(?: :[^;]*)? \{.*)");
  std::map<std::string, std::set<std::string>> homes;
  for (const auto& [name, content] : files) {
    std::string where;
    std::istringstream lines(content);
    for (std::string line; std::getline(lines, line);) {
      std::smatch found;
      if (std::regex_match(line, found, space)) where = found[1];
      if (std::regex_match(line, found, type)) homes[where + "::" + found[1].str()].insert(name);
    }
  }
  std::set<std::string> out;
  for (const auto& [name, in] : homes) {
    if (in.size() < 2) continue;
    std::string line = name + ":";
    for (const auto& file : in) line += " " + file;
    out.insert(line);
  }
  return out;
}

TEST(Names, no_two_headers_define_a_type_of_the_same_name) {
  Files files;
  for (const char* top : {"policy", "federation", "adapters", "node"})
    for (const auto& entry : fs::recursive_directory_iterator(source_tree() / top)) {
      if (entry.path().extension() != ".h") continue;
      std::ifstream in(entry.path());
      files[fs::relative(entry.path(), source_tree()).string()] = {std::istreambuf_iterator<char>(in), {}};
    }
  EXPECT_GT(files.size(), 200u);
  EXPECT_EQ(defined_twice(files), std::set<std::string>());
}

TEST(Names, the_same_name_twice_is_seen) {
  const std::string first = "namespace ginnel {\nstruct Person {\n  struct Part {\n};\nclass Known;\n";
  EXPECT_EQ(defined_twice({{"a.h", first}, {"b.h", "namespace ginnel {\nclass Person : public Known {\n"}}),
            std::set<std::string>{"ginnel::Person: a.h b.h"});
  EXPECT_EQ(defined_twice({{"a.h", first}, {"b.h", "namespace ginnel::codec {\nstruct Person {\nclass Known;\n"}}),
            std::set<std::string>());
}

}  // namespace
