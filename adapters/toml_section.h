// SPDX-License-Identifier: Apache-2.0
// Reads TOML tables strictly and collects every mistake with its line. For the .cc files that read a mapping.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/suggest.h"
#include "adapters/toml.h"
#include "federation/base/error.h"

namespace ginnel {

class TomlMistakes {
 public:
  explicit TomlMistakes(std::string path, std::string code = "bad-mapping",
                        std::string what = "cannot use the mapping ")
      : path_(std::move(path)), code_(std::move(code)), what_(std::move(what)) {}

  void add(std::uint32_t line, std::string why, std::string remedy) {
    if (!seen_.insert({line, why}).second) return;  // two checks may see one mistake
    found_.push_back(
        {line, Error{code_, what_ + path_, "line " + std::to_string(line) + ": " + std::move(why), std::move(remedy)}});
  }
  bool none() const { return found_.empty(); }
  std::vector<Error> in_order() {
    std::stable_sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Error> errors;
    for (auto& [line, error] : found_) errors.push_back(std::move(error));
    return errors;
  }

 private:
  std::string path_, code_, what_;
  std::vector<std::pair<std::uint32_t, Error>> found_;
  std::set<std::pair<std::uint32_t, std::string>> seen_;
};

inline std::uint32_t line_of(const toml::node& node) { return std::uint32_t(node.source().begin.line); }

// One table: every key must be asked for, or it is a mistake when the section goes.
class TomlSection {
 public:
  TomlSection(const toml::table& table, std::string name, TomlMistakes& mistakes)
      : table_(table), name_(std::move(name)), mistakes_(mistakes), line_(line_of(table)) {}
  ~TomlSection() {
    for (const auto& [key, node] : table_) {
      std::string word(key.str());
      if (std::find(known_.begin(), known_.end(), word) != known_.end()) continue;
      auto meant = nearest(word, known_);
      mistakes_.add(std::uint32_t(key.source().begin.line), "`" + word + "` is no setting of " + name_,
                    meant ? "did you mean `" + *meant + "`?" : "its settings are " + one_of(known_));
    }
  }
  TomlSection(const TomlSection&) = delete;
  TomlSection& operator=(const TomlSection&) = delete;

  const std::string& name() const { return name_; }
  std::uint32_t line() const { return line_; }
  TomlMistakes& mistakes() { return mistakes_; }

  const toml::node* find(std::string_view key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
    return table_.get(key);
  }
  const toml::node* need(std::string_view key, std::string_view remedy) {
    const toml::node* node = find(key);
    if (!node) mistakes_.add(line_, name_ + " has no `" + std::string(key) + "`", std::string(remedy));
    return node;
  }
  void wrong(const toml::node& node, std::string_view key, std::string_view remedy) {
    mistakes_.add(line_of(node), "`" + std::string(key) + "` of " + name_ + " is not of the right form",
                  std::string(remedy));
  }

  std::optional<std::string> text(std::string_view key) { return text_in(find(key), key); }
  std::optional<std::string> needed_text(std::string_view key, std::string_view remedy) {
    return text_in(need(key, remedy), key);
  }
  bool flag(std::string_view key) {
    const toml::node* node = find(key);
    if (!node) return false;
    if (!node->is_boolean()) wrong(*node, key, "write true or false");
    return node->value_or(false);
  }
  // One string or a list of them, each with its line.
  std::vector<std::pair<std::string, std::uint32_t>> texts(const toml::node* node, std::string_view key) {
    std::vector<std::pair<std::string, std::uint32_t>> out;
    each(node, key, "write a text or a list of texts", [&](const toml::node& item) {
      if (auto value = text_in(&item, key)) out.emplace_back(*value, line_of(item));
    });
    return out;
  }
  // One table or a list of them.
  template <class Take>
  void tables(const toml::node* node, std::string_view key, std::string_view remedy, Take take) {
    each(node, key, remedy, [&](const toml::node& item) {
      if (const toml::table* table = item.as_table()) {
        TomlSection section(*table, "`" + std::string(key) + "` of " + name_, mistakes_);
        take(section);
      } else {
        wrong(item, key, remedy);
      }
    });
  }
  template <class Take>
  void each(const toml::node* node, std::string_view key, std::string_view remedy, Take take) {
    if (!node) return;
    const toml::array* list = node->as_array();
    if (!list) return take(*node);
    if (list->empty()) wrong(*node, key, remedy);
    for (const toml::node& item : *list) take(item);
  }

 private:
  std::optional<std::string> text_in(const toml::node* node, std::string_view key) {
    if (!node) return std::nullopt;
    auto value = node->value_exact<std::string>();
    if (!value || value->empty()) {
      wrong(*node, key, "write a text in quotes");
      return std::nullopt;
    }
    return value;
  }

  const toml::table& table_;
  std::string name_;
  TomlMistakes& mistakes_;
  std::uint32_t line_;
  std::vector<std::string> known_;
};

}  // namespace ginnel
