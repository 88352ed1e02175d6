// SPDX-License-Identifier: Apache-2.0
// A reviewed table of the matrix, and whether what was observed is what it says.
//
//   # why
//   note: words that hold for the whole file
//   kind    category : own  police      the names of the key's parts, then of the columns
//   incident police  : c    e           a row; `#` begins a comment
//
// complaints() is a function of the table and of what was observed, so that a test can flip each cell and see that
// it is missed by nobody.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel::matrix {

using Words = std::vector<std::string>;

struct Row {
  int line = 0;
  Words key;
  Words cells;
};

struct Table {
  std::string file;  // "tests/matrix/routes.txt"
  std::map<std::string, Words> notes;
  Words key_names, columns;
  std::vector<Row> rows;
};

Words words_of(std::string_view text, char separator = ' ');  // without empty ones
std::string text_of(const Words& words);                      // with a space between

// Reports what is no table, and rows that stand there twice, as failures of the running test.
Table parse_table(std::string_view text, const std::string& file);
Table read_table(const std::string& name);  // under tests/matrix

// What came of one cell: each outcome, with an example of what led to it. More than one is a complaint: the cell stands
// for things that are not treated alike.
using Outcomes = std::map<std::string, std::string>;

class Observed {
 public:
  explicit Observed(Words columns) : columns_(std::move(columns)) {}
  void add(const Words& key, const std::string& column, const std::string& outcome, const std::string& example = {});
  const Outcomes* find(const Words& key, const std::string& column) const;
  bool knows(const Words& key) const { return rows_.contains(text_of(key)); }
  std::vector<std::string> keys() const;

 private:
  Words columns_;
  std::map<std::string, std::map<std::string, Outcomes>> rows_;
};

// Cells that say otherwise, rows that nothing was observed for, and what was observed without a row.
std::vector<std::string> complaints(const Table& table, const Observed& observed);

// Flips every cell to every other word that the table or `more` has, one at a time; the flips that nobody complained
// about, by file and line.
std::vector<std::string> unseen_flips(const Table& table, const Observed& observed, const Words& more = {});

// The three things that every file is held to: as observed, no row too few or too many, and no flip unseen.
void expect_agreement(const Table& table, const Observed& observed, const Words& more = {});

}  // namespace ginnel::matrix
