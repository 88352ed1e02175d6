// SPDX-License-Identifier: Apache-2.0
// Every TOML file that a person writes is read with this: strictly, and telling every mistake at once with its line and
// what to do. Included by the .cc files that read such a file, and by nothing else.
//
//   TomlMistakes mistakes("bad-plan", "members.toml");
//   if (auto root = parse_toml(text, mistakes)) {
//     TomlSection top(*root, "the plan", mistakes);
//     plan.name = top.need_text("name", "\"West Yorkshire\"");
//   }
//   if (!mistakes.none()) return tl::unexpected(mistakes.in_order());
//
// A key that nobody asked for is a mistake when its section goes. toml++ stops at the first mistake in the TOML itself,
// so that one is told alone. Thread: any; values. Failure: none but what TomlMistakes collects.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/toml.h"
#include "federation/base/error.h"

namespace ginnel {

class TomlMistakes {
 public:
  TomlMistakes(std::string code, std::string file) : code_(std::move(code)), file_(std::move(file)) {}

  // A line from 1; 0: of the file as a whole. The same twice is told once, because two checks may see one mistake.
  void add(std::uint32_t line, std::string why, std::string remedy);
  // `word` is none of `allowed`; suggests the nearest. An empty `allowed` allows every word.
  void check_word(std::uint32_t line, const std::string& word, std::string_view is_no,
                  const std::set<std::string>& allowed);

  const std::string& file() const { return file_; }
  bool none() const { return found_.empty(); }
  std::vector<Error> in_order() const;  // by line: an Error each
  std::string as_text() const;          // by line: "FILE:LINE: why (remedy)" each, without a last newline

  struct Mistake {
    std::uint32_t line;
    std::string why, remedy;
  };
  std::vector<Mistake> sorted() const;

  // Where in its line an editor should stand: at the word that is told first and stands there, else at the line's
  // first character. Of a mistake that has no line: 1.
  static std::size_t column_of(const Mistake& mistake, std::string_view text);

 private:
  std::string code_, file_;
  std::vector<Mistake> found_;
  std::set<std::pair<std::uint32_t, std::string>> seen_;
};

// The file's text; nothing, and a mistake, if there is none or it is too long.
std::optional<std::string> read_text_file(const std::filesystem::path& file, std::size_t bytes_max,
                                          TomlMistakes& mistakes);

// Nothing, and one mistake, if it is no TOML.
std::optional<toml::table> parse_toml(std::string_view text, TomlMistakes& mistakes);

std::uint32_t line_of(const toml::node& node);

// A text of the file, and where it stands.
struct TomlText {
  std::string text;
  std::uint32_t line = 0;
};

// One table of a file. Texts are never empty: an empty one is a mistake, and what is read as empty was not there or
// was a mistake. `need` forms make absence a mistake.
class TomlSection {
 public:
  TomlSection(const toml::table& table, std::string name, TomlMistakes& mistakes);
  ~TomlSection();
  TomlSection(const TomlSection&) = delete;
  TomlSection& operator=(const TomlSection&) = delete;

  const std::string& name() const { return name_; }
  std::uint32_t line() const { return line_; }
  std::uint32_t line_of_key(std::string_view key) const;  // the section's own where there is no such key
  TomlMistakes& mistakes() { return mistakes_; }
  void mistake(std::string_view key, const std::string& why, std::string remedy);  // "`key` of NAME why"
  void wrong(const toml::node& node, std::string_view key, std::string_view remedy);

  const toml::node* find(std::string_view key);
  const toml::node* need(std::string_view key, std::string_view remedy);

  std::string text(std::string_view key);
  std::string need_text(std::string_view key, std::string_view example);  // its remedy is "add key = example"
  bool flag(std::string_view key, bool otherwise = false);
  std::int64_t number(std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most);
  std::int64_t need_number(std::string_view key, std::int64_t least, std::int64_t most);

  // One text or a list of them. `texts` takes an empty list for a mistake, `texts_or_none` does not.
  std::vector<TomlText> texts(const toml::node* node, std::string_view key);
  std::vector<TomlText> texts_or_none(std::string_view key);
  // As a set of words, each checked as by TomlMistakes::check_word.
  std::set<std::string> words(std::string_view key, std::string_view is_no, const std::set<std::string>& allowed);

  // [key], and each of [[key]]. Null and empty when absent.
  const toml::table* section(std::string_view key);
  const toml::table* need_section(std::string_view key);
  std::vector<const toml::table*> sections(std::string_view key);

  // For tables whose keys are names that the file chooses.
  std::vector<std::string> keys() const;
  std::vector<std::pair<std::string, TomlText>> all_texts();

  // One table or a list of them; and one of anything or a list of it.
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
  std::string text_in(const toml::node* node, std::string_view key);
  std::int64_t number_in(const toml::node& node, std::string_view key, std::int64_t otherwise, std::int64_t least,
                         std::int64_t most);

  const toml::table& table_;
  std::string name_;
  TomlMistakes& mistakes_;
  std::uint32_t line_;
  std::vector<std::string> known_;
};

}  // namespace ginnel
