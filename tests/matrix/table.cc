// SPDX-License-Identifier: Apache-2.0
#include "tests/matrix/table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/source_tree.h"

namespace ginnel::matrix {
namespace {

std::string place(const Table& table, const Row& row) { return table.file + ":" + std::to_string(row.line); }

// What the row's cells say that was not observed.
void compare(const Table& table, const Row& row, const Observed& observed, std::vector<std::string>& out) {
  if (!observed.knows(row.key)) {
    out.push_back(place(table, row) + ": the row `" + text_of(row.key) +
                  "` stands for nothing that exists; take it out, or give it back what it stood for");
    return;
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Outcomes* seen = observed.find(row.key, table.columns[i]);
    if (!seen) {
      if (row.cells[i] != ".")
        out.push_back(place(table, row) + ": `" + table.columns[i] + "` says `" + row.cells[i] +
                      "`, and there is no such case: write `.`");
      continue;
    }
    for (const auto& [outcome, example] : *seen)
      if (outcome != row.cells[i])
        out.push_back(place(table, row) + ": `" + text_of(row.key) + "`, column `" + table.columns[i] +
                      "`: the file says `" + row.cells[i] + "`, the node does `" + outcome + "`" +
                      (example.empty() ? "" : " (" + example + ")"));
  }
}

}  // namespace

Words words_of(std::string_view text, char separator) {
  Words out;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string text_of(const Words& words) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

Table parse_table(std::string_view text, const std::string& file) {
  Table table;
  table.file = file;
  std::set<std::string> seen;
  std::istringstream in{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const std::string at = file + ":" + std::to_string(number);
    Words words = words_of(line.substr(0, line.find('#')));
    if (words.empty()) continue;
    if (words.front().size() > 1 && words.front().ends_with(':')) {
      const std::string name = words.front().substr(0, words.front().size() - 1);
      table.notes[name] = Words(words.begin() + 1, words.end());
      continue;
    }
    const auto colon = std::find(words.begin(), words.end(), ":");
    if (colon == words.end()) {
      ADD_FAILURE() << at << ": a row is `key : cells`";
      continue;
    }
    Words key(words.begin(), colon), cells(colon + 1, words.end());
    if (table.columns.empty()) {
      table.key_names = std::move(key);
      table.columns = std::move(cells);
      continue;
    }
    if (key.size() != table.key_names.size() || cells.size() != table.columns.size()) {
      ADD_FAILURE() << at << ": " << key.size() << " words and " << cells.size() << " cells, not "
                    << table.key_names.size() << " and " << table.columns.size();
      continue;
    }
    if (!seen.insert(text_of(key)).second) ADD_FAILURE() << at << ": `" << text_of(key) << "` stands there twice";
    table.rows.push_back({number, std::move(key), std::move(cells)});
  }
  EXPECT_FALSE(table.rows.empty()) << file << " has no rows";
  return table;
}

Table read_table(const std::string& name) {
  const std::string file = "tests/matrix/" + name;
  std::ifstream in(source_tree() / file, std::ios::binary);
  EXPECT_TRUE(in) << file << " cannot be read";
  std::ostringstream text;
  text << in.rdbuf();
  return parse_table(text.str(), file);
}

void Observed::add(const Words& key, const std::string& column, const std::string& outcome,
                   const std::string& example) {
  EXPECT_NE(std::find(columns_.begin(), columns_.end(), column), columns_.end()) << "no column `" << column << "`";
  rows_[text_of(key)][column].emplace(outcome, example);
}

const Outcomes* Observed::find(const Words& key, const std::string& column) const {
  const auto row = rows_.find(text_of(key));
  if (row == rows_.end()) return nullptr;
  const auto cell = row->second.find(column);
  return cell == row->second.end() ? nullptr : &cell->second;
}

std::vector<std::string> Observed::keys() const {
  std::vector<std::string> out;
  for (const auto& [key, cells] : rows_) out.push_back(key);
  return out;
}

std::vector<std::string> complaints(const Table& table, const Observed& observed) {
  std::vector<std::string> out;
  std::set<std::string> known;
  for (const auto& row : table.rows) {
    known.insert(text_of(row.key));
    compare(table, row, observed, out);
  }
  for (const auto& key : observed.keys())
    if (!known.contains(key))
      out.push_back(table.file + ": `" + key + "` has no row; add `" + key + " : " + text_of(table.columns) +
                    "` with a cell for each column, and have it reviewed (docs/security/matrix.md)");
  return out;
}

std::vector<std::string> unseen_flips(const Table& table, const Observed& observed, const Words& more) {
  std::set<std::string> alphabet(more.begin(), more.end());
  for (const auto& row : table.rows) alphabet.insert(row.cells.begin(), row.cells.end());
  const std::size_t before = complaints(table, observed).size();
  std::vector<std::string> out;
  Table flipped = table;
  for (auto& row : flipped.rows)
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const std::string was = row.cells[i];
      for (const auto& other : alphabet) {
        if (other == was) continue;
        row.cells[i] = other;
        // Only this row has changed, so only it is compared again; the whole was once, above.
        std::vector<std::string> now;
        compare(flipped, row, observed, now);
        if (now.empty()) out.push_back(place(table, row) + ": `" + table.columns[i] + "` as `" + other + "`");
      }
      row.cells[i] = was;
    }
  EXPECT_EQ(complaints(flipped, observed).size(), before);
  return out;
}

void expect_agreement(const Table& table, const Observed& observed, const Words& more) {
  for (const auto& complaint : complaints(table, observed)) ADD_FAILURE() << complaint;
  for (const auto& flip : unseen_flips(table, observed, more)) ADD_FAILURE() << "nobody would notice " << flip;
}

}  // namespace ginnel::matrix
