// SPDX-License-Identifier: Apache-2.0
// Reads our own TOML files strictly: every key must be asked for, every mistake is collected with its line.
// Included by .cc files only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/suggest.h"
#include "adapters/toml.h"
#include "federation/base/error.h"

namespace ginnel {

class ConfigMistakes {
 public:
  ConfigMistakes(std::string code, std::string file) : code_(std::move(code)), file_(std::move(file)) {}
  void add(std::uint32_t line, std::string why, std::string remedy) {
    std::string place = line > 0 ? "line " + std::to_string(line) + ": " : "";
    found_.emplace_back(line, Error{code_, "cannot use " + file_, place + std::move(why), std::move(remedy)});
  }
  void add(Error error) { found_.emplace_back(0, std::move(error)); }
  bool none() const { return found_.empty(); }
  std::vector<Error> in_order() {
    std::stable_sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Error> errors;
    for (auto& [line, error] : found_) errors.push_back(std::move(error));
    return errors;
  }

 private:
  std::string code_, file_;
  std::vector<std::pair<std::uint32_t, Error>> found_;
};

// One table of a file. Keys that nobody asked for are mistakes when it goes.
class ConfigTable {
 public:
  ConfigTable(const toml::table& table, std::string name, ConfigMistakes& mistakes)
      : table_(table), name_(std::move(name)), mistakes_(mistakes) {}
  ConfigTable(const ConfigTable&) = delete;
  ConfigTable& operator=(const ConfigTable&) = delete;
  ~ConfigTable() {
    for (const auto& [key, node] : table_) {
      std::string word(key.str());
      if (std::find(known_.begin(), known_.end(), word) != known_.end()) continue;
      auto meant = nearest(word, known_);
      mistakes_.add(std::uint32_t(key.source().begin.line), "`" + word + "` is no setting of " + name_,
                    meant ? "did you mean `" + *meant + "`?" : "remove it: its settings are " + one_of(known_));
    }
  }

  std::uint32_t line() const { return std::uint32_t(table_.source().begin.line); }
  std::uint32_t line_of(std::string_view key) const {
    const toml::node* node = table_.get(key);
    return node ? std::uint32_t(node->source().begin.line) : line();
  }
  void mistake(std::string_view key, std::string why, std::string remedy) {
    mistakes_.add(line_of(key), "`" + std::string(key) + "` of " + name_ + " " + std::move(why), std::move(remedy));
  }

  // Empty when absent. `need_` forms make absence a mistake, whose remedy is an example.
  std::string text(std::string_view key) {
    const toml::node* node = find(key);
    return node ? text_of_node(*node, key) : std::string();
  }
  std::string need_text(std::string_view key, std::string_view example) {
    const toml::node* node = need(key, example);
    return node ? text_of_node(*node, key) : std::string();
  }
  bool flag(std::string_view key, bool otherwise) {
    const toml::node* node = find(key);
    if (!node) return otherwise;
    if (!node->is_boolean()) mistake(key, "is neither true nor false", "write true or false, without quotes");
    return node->value_or(otherwise);
  }
  std::int64_t number(std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most) {
    const toml::node* node = find(key);
    return node ? number_of_node(*node, key, otherwise, least, most) : otherwise;
  }
  std::int64_t need_number(std::string_view key, std::int64_t least, std::int64_t most) {
    const toml::node* node = need(key, std::to_string(least));
    return node ? number_of_node(*node, key, least, least, most) : least;
  }
  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> out;
    const toml::node* node = find(key);
    if (!node) return out;
    const toml::array* list = node->as_array();
    if (!list) {
      mistake(key, "is no list", "write a list of texts: [\"one\", \"two\"]");
      return out;
    }
    for (const toml::node& item : *list) out.push_back(text_of_node(item, key));
    return out;
  }
  // Null when absent or no table.
  const toml::table* section(std::string_view key) {
    const toml::node* node = find(key);
    if (node && !node->is_table()) mistake(key, "is no table", "write it as [" + std::string(key) + "]");
    return node ? node->as_table() : nullptr;
  }
  const toml::table* need_section(std::string_view key) {
    if (!table_.get(key))
      mistakes_.add(line(), name_ + " has no section `" + std::string(key) + "`", "add [" + std::string(key) + "]");
    return section(key);
  }
  // The tables of [[key]].
  std::vector<const toml::table*> sections(std::string_view key) {
    std::vector<const toml::table*> out;
    const toml::node* node = find(key);
    if (!node) return out;
    const toml::array* list = node->as_array();
    if (!list || !list->is_array_of_tables())
      mistake(key, "is no list of tables", "write each as [[" + std::string(key) + "]]");
    else
      for (const toml::node& item : *list) out.push_back(item.as_table());
    return out;
  }
  // Every key of the table with its text, for tables whose keys are names.
  std::vector<std::pair<std::string, std::string>> all_texts() {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& [key, node] : table_) {
      known_.emplace_back(key.str());
      out.emplace_back(std::string(key.str()), text_of_node(node, key.str()));
    }
    return out;
  }
  std::vector<std::string> keys() const {
    std::vector<std::string> out;
    for (const auto& [key, node] : table_) out.emplace_back(key.str());
    return out;
  }

 private:
  const toml::node* find(std::string_view key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
    return table_.get(key);
  }
  const toml::node* need(std::string_view key, std::string_view example) {
    const toml::node* node = find(key);
    if (!node)
      mistakes_.add(line(), name_ + " has no `" + std::string(key) + "`",
                    "add " + std::string(key) + " = " + std::string(example));
    return node;
  }
  std::string text_of_node(const toml::node& node, std::string_view key) {
    auto value = node.value_exact<std::string>();
    if (value && !value->empty()) return *value;
    mistakes_.add(std::uint32_t(node.source().begin.line), "`" + std::string(key) + "` of " + name_ + " is no text",
                  "write a text in quotes");
    return {};
  }
  std::int64_t number_of_node(const toml::node& node, std::string_view key, std::int64_t otherwise, std::int64_t least,
                              std::int64_t most) {
    auto value = node.value_exact<std::int64_t>();
    if (value && *value >= least && *value <= most) return *value;
    mistake(key, "is no whole number from " + std::to_string(least) + " to " + std::to_string(most),
            "write such a number, without quotes");
    return otherwise;
  }

  const toml::table& table_;
  std::string name_;
  ConfigMistakes& mistakes_;
  std::vector<std::string> known_;
};

// The file's text; nothing and a mistake if there is none or it is too long.
std::optional<std::string> read_text_file(const std::string& path, std::size_t bytes_max, ConfigMistakes& mistakes);

}  // namespace ginnel
