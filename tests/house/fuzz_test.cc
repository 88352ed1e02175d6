// SPDX-License-Identifier: Apache-2.0
// Every reader of foreign bytes has a fuzz target: declarations in headers, by the names that readers have here,
// against the sources in tests/fuzz and the exceptions in tests/fuzz/not-foreign.txt.
#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "tests/source_tree.h"

namespace {

namespace fs = std::filesystem;

// Names of functions declared there that read a view of bytes or text: "decode_ask", "MemberId::parse".
std::set<std::string> readers_in(const std::string& header) {
  static const std::regex type(R"((?:^|\n)(?:template[^\n]*\n)?(?:class|struct) (\w+)[^;\n]*\{)");
  static const std::regex reader(R"((?:^|[\s*&])((?:decode|read|parse|match|take)_\w+|\w*from_\w+|\w+_from|parse)\()"
                                 R"((?:const )?(?:ginnel::)?(?:ByteView|std::string_view)\b(?!&))");
  std::map<std::ptrdiff_t, std::string> types;
  for (std::sregex_iterator at(header.begin(), header.end(), type), last; at != last; ++at)
    types[at->position()] = (*at)[1];
  std::set<std::string> found;
  for (std::sregex_iterator at(header.begin(), header.end(), reader), last; at != last; ++at) {
    std::string name = (*at)[1];
    if (name == "parse") {
      const auto owner = types.upper_bound(at->position());
      name = (owner == types.begin() ? std::string() : std::prev(owner)->second) + "::parse";
    }
    found.insert(name);
  }
  return found;
}

bool is_called(const std::string& name, const std::string& sources) {
  return std::regex_search(sources, std::regex("\\b" + name + "\\("));
}

// Of text values of the policy language: fuzzed as part of a policy, or of entities' JSON.
bool is_part_of_the_language(const std::string& name) {
  return name == "Decimal::parse" || name == "IpAddress::parse" || name == "Duration::parse" ||
         name == "Datetime::parse";
}

TEST(FuzzTargets, every_reader_of_foreign_bytes_has_one) {
  const fs::path root = ginnel::source_tree();
  std::string targets;
  for (const auto& entry : fs::directory_iterator(root / "tests/fuzz"))
    if (entry.path().string().ends_with("_fuzz.cc")) targets += ginnel::content_of(entry.path());
  std::map<std::string, bool> excepted;  // and whether it was met
  std::istringstream lines(ginnel::content_of(root / "tests/fuzz/not-foreign.txt"));
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && line[0] != '#') excepted[line.substr(0, line.find(' '))] = false;

  std::size_t readers = 0;
  for (const char* top : {"policy", "federation", "adapters", "node"})
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      if (entry.path().extension() != ".h") continue;
      for (const std::string& name : readers_in(ginnel::content_of(entry.path()))) {
        ++readers;
        if (auto found = excepted.find(name); found != excepted.end()) {
          found->second = true;
          continue;
        }
        EXPECT_TRUE(is_called(name, targets) || is_part_of_the_language(name))
            << name << " of " << fs::relative(entry.path(), root) << " is called by no target of tests/fuzz";
      }
    }
  EXPECT_GT(readers, 50u) << "the search itself has gone blind";
  for (const auto& [name, met] : excepted) EXPECT_TRUE(met) << name << " of not-foreign.txt is no reader any more";
}

TEST(FuzzTargets, every_target_has_a_corpus_that_is_not_empty) {
  const fs::path folder = ginnel::source_tree() / "tests/fuzz";
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with("_fuzz.cc")) continue;
    const fs::path corpus = folder / "corpus" / name.substr(0, name.size() - std::string("_fuzz.cc").size());
    EXPECT_TRUE(fs::is_directory(corpus) && !fs::is_empty(corpus)) << corpus;
  }
}

TEST(FuzzTargets, a_reader_is_seen_by_its_name) {
  EXPECT_EQ(readers_in("struct Id {\n  static std::optional<Id> parse(std::string_view hex);\n};\n"
                       "Expected<Ask> decode_ask(ByteView payload);\nExpected<void> read_store(const Kv& kv);\n"
                       "std::optional<Bytes> from_hex(std::string_view text);\n"),
            (std::set<std::string>{"Id::parse", "decode_ask", "from_hex"}));
}

}  // namespace
