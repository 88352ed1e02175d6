// SPDX-License-Identifier: Apache-2.0
// Reads every #include of the house against tests/layers.txt.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/source_tree.h"

namespace {

namespace fs = std::filesystem;
using Folders = std::vector<std::string>;

struct Layers {
  std::map<std::string, Folders> ours;     // folder -> what it may include
  std::map<std::string, Folders> foreign;  // header or folder of headers -> its homes
};

Layers read_layers(std::istream& in) {
  Layers layers;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto colon = line.find(": ") == std::string::npos ? line.rfind(':') : line.find(": ");
    std::istringstream rest(line.substr(colon + 1));
    Folders folders{std::istream_iterator<std::string>(rest), {}};
    const std::string name = line.substr(0, colon);
    if (name[0] == '@')
      layers.foreign[name.substr(1)] = folders;
    else
      layers.ours[name] = folders;
  }
  return layers;
}

// "node/store" holds "node/store/kv.h" and "node/store", not "node/storehouse".
bool holds(const std::string& folder, const std::string& path) {
  return path == folder || (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

bool holds_any(const Folders& folders, const std::string& path) {
  return std::any_of(folders.begin(), folders.end(), [&](const auto& folder) { return holds(folder, path); });
}

const std::pair<const std::string, Folders>* row_of(const std::map<std::string, Folders>& rows,
                                                    const std::string& path) {
  const std::pair<const std::string, Folders>* best = nullptr;
  for (const auto& row : rows)
    if (holds(row.first, path) && (!best || row.first.size() > best->first.size())) best = &row;
  return best;
}

// What is wrong with one include of one file; empty if nothing is.
std::string fault(const Layers& layers, const std::string& file, const std::string& included) {
  const bool is_ours = included.starts_with("policy/") || included.starts_with("federation/") ||
                       included.starts_with("adapters/") || included.starts_with("node/") ||
                       included.starts_with("tests/");
  if (is_ours) {
    const auto* row = row_of(layers.ours, file);
    if (!row) return file + " lies in no folder of tests/layers.txt";
    if (holds(row->first, included) || holds_any(row->second, included)) return {};
    return file + " may not include " + included;
  }
  const auto* row = row_of(layers.foreign, included);
  if (!row || holds_any(row->second, file) || file.starts_with("tests/")) return {};
  return file + " is no home of <" + included + ">";
}

std::vector<std::string> faults_of_the_house(const Layers& layers, const fs::path& root) {
  static const std::regex include(R"(^\s*#\s*include\s+["<]([^">]+)[">])");
  std::vector<std::string> faults;
  for (const char* top : {"policy", "federation", "adapters", "node", "tests"})
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const auto extension = entry.path().extension();
      if (extension != ".h" && extension != ".cc") continue;
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);)
        if (std::smatch match; std::regex_search(line, match, include))
          if (auto found = fault(layers, fs::relative(entry.path(), root), match[1]); !found.empty())
            faults.push_back(found);
    }
  return faults;
}

Layers layers_of_the_house() {
  std::ifstream in(ginnel::source_tree() / "tests/layers.txt");
  return read_layers(in);
}

TEST(Layers, every_include_of_the_house_follows_an_arrow) {
  const auto faults = faults_of_the_house(layers_of_the_house(), ginnel::source_tree());
  for (const auto& fault : faults) ADD_FAILURE() << fault;
}

TEST(Layers, an_include_against_the_arrows_is_seen) {
  const Layers layers = layers_of_the_house();
  EXPECT_EQ(fault(layers, "policy/value.h", "federation/base/bytes.h"),
            "policy/value.h may not include federation/base/bytes.h");
  EXPECT_FALSE(fault(layers, "federation/wire/ask.h", "node/node.h").empty());
  EXPECT_FALSE(fault(layers, "adapters/csv.cc", "federation/wire/ask.h").empty());
  EXPECT_FALSE(fault(layers, "node/store/store.h", "node/gate/gate.h").empty());
  EXPECT_FALSE(fault(layers, "node/view/case_views.cc", "node/web/web.h").empty());
  EXPECT_FALSE(fault(layers, "node/store/store.cc", "lmdb.h").empty());
  EXPECT_FALSE(fault(layers, "node/web/web.cc", "boost/beast/http.hpp").empty());
  EXPECT_TRUE(fault(layers, "node/store/lmdb_kv.cc", "lmdb.h").empty());
  EXPECT_TRUE(fault(layers, "node/store/store.h", "node/gate/permit.h").empty());
}

}  // namespace
