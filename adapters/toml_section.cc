// SPDX-License-Identifier: Apache-2.0
#include "adapters/toml_section.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "adapters/suggest.h"
#include "adapters/toml_text.h"

namespace ginnel {
namespace {

constexpr std::size_t words_told_max = 12;

std::string in_ticks(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace

// --- mistakes

void TomlMistakes::add(std::uint32_t line, std::string why, std::string remedy) {
  if (!seen_.insert({line, why}).second) return;
  found_.push_back({line, std::move(why), std::move(remedy)});
}

void TomlMistakes::check_word(std::uint32_t line, const std::string& word, std::string_view is_no,
                              const std::set<std::string>& allowed) {
  if (allowed.empty() || allowed.contains(word)) return;
  const std::vector<std::string> list(allowed.begin(), allowed.end());
  auto meant = nearest(word, list);
  add(line, in_ticks(word) + " is no " + std::string(is_no),
      meant ? "did you mean " + in_ticks(*meant) + "?" : "use " + one_of(list, words_told_max));
}

std::vector<TomlMistakes::Mistake> TomlMistakes::sorted() const {
  auto out = found_;
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  return out;
}

std::vector<Error> TomlMistakes::in_order() const {
  std::vector<Error> errors;
  for (const auto& [line, why, remedy] : sorted()) {
    const std::string place = line > 0 ? "line " + std::to_string(line) + ": " : "";
    errors.push_back({code_, "cannot use " + file_, place + why, remedy});
  }
  return errors;
}

std::size_t TomlMistakes::column_of(const Mistake& mistake, std::string_view text) {
  for (std::uint32_t line = 1; line < mistake.line && !text.empty(); ++line)
    text.remove_prefix(std::min(text.size(), text.find('\n') == text.npos ? text.size() : text.find('\n') + 1));
  const std::string_view line = text.substr(0, text.find('\n'));
  if (mistake.line == 0 || line.empty()) return 1;
  for (auto from = mistake.why.find('`'); from != std::string::npos; from = mistake.why.find('`', from + 1)) {
    const auto to = mistake.why.find('`', from + 1);
    if (to == std::string::npos) break;
    const auto at = to > from + 1 ? line.find(mistake.why.substr(from + 1, to - from - 1)) : line.npos;
    if (at != line.npos) return at + 1;
    from = to;
  }
  const auto first = line.find_first_not_of(" \t");
  return first == line.npos ? 1 : first + 1;
}

std::string TomlMistakes::as_text() const {
  std::string out;
  for (const auto& [line, why, remedy] : sorted())
    out +=
        (out.empty() ? "" : "\n") + file_ + ":" + std::to_string(std::max(line, 1u)) + ": " + why + " (" + remedy + ")";
  return out;
}

// --- files

std::optional<std::string> read_text_file(const std::filesystem::path& file, std::size_t bytes_max,
                                          TomlMistakes& mistakes) {
  std::error_code error;
  const bool is_file = std::filesystem::is_regular_file(file, error);  // reading a pipe or a device need not end
  std::ifstream in(file, std::ios::binary);
  if (!is_file || !in) {
    mistakes.add(0, "there is no such file, or it cannot be read", "check the path and its permissions");
    return std::nullopt;
  }
  std::string text(bytes_max + 1, '\0');
  in.read(text.data(), std::streamsize(text.size()));
  text.resize(std::size_t(in.gcount()));
  if (in.bad()) {
    mistakes.add(0, "it cannot be read to its end", "look at the disk that holds it");
    return std::nullopt;
  }
  if (text.size() > bytes_max) {
    mistakes.add(0, "it is longer than " + std::to_string(bytes_max) + " bytes", "check that this is the right file");
    return std::nullopt;
  }
  return text;
}

std::optional<toml::table> parse_toml(std::string_view text, TomlMistakes& mistakes) {
  const auto parse = [&](std::string_view what, bool is_spelled = false) -> std::optional<toml::table> {
    toml::parse_result parsed = toml::parse(what);
    if (parsed) return std::move(parsed).table();
    const auto why = parsed.error().description();
    mistakes.add(std::uint32_t(parsed.error().source().begin.line), is_spelled ? spelled_back(why) : std::string(why),
                 "correct the TOML of that line; what comes after it was not checked");
    return std::nullopt;
  };
  if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return parse(text);
  if (!parse(spelled_in_ascii(text), true)) return std::nullopt;
  if (auto line = line_outside_ascii(text)) {
    mistakes.add(*line, "there is a letter outside ASCII where none may be",
                 "put the name in quotes, or take away the backslash before the letter, and save as UTF-8");
    return std::nullopt;
  }
  return parse(text);
}

std::uint32_t line_of(const toml::node& node) { return std::uint32_t(node.source().begin.line); }

// --- a section

TomlSection::TomlSection(const toml::table& table, std::string name, TomlMistakes& mistakes)
    : table_(table), name_(std::move(name)), mistakes_(mistakes), line_(ginnel::line_of(table)) {}

TomlSection::~TomlSection() {
  for (const auto& [key, node] : table_) {
    const std::string word(key.str());
    if (std::find(known_.begin(), known_.end(), word) != known_.end()) continue;
    auto meant = nearest(word, known_);
    mistakes_.add(std::uint32_t(key.source().begin.line), in_ticks(word) + " is no setting of " + name_,
                  meant ? "did you mean " + in_ticks(*meant) + "?" : "remove it: its settings are " + one_of(known_));
  }
}

std::uint32_t TomlSection::line_of_key(std::string_view key) const {
  const toml::node* node = table_.get(key);
  return node ? ginnel::line_of(*node) : line_;
}

void TomlSection::mistake(std::string_view key, const std::string& why, std::string remedy) {
  mistakes_.add(line_of_key(key), in_ticks(key) + " of " + name_ + " " + why, std::move(remedy));
}

void TomlSection::wrong(const toml::node& node, std::string_view key, std::string_view remedy) {
  mistakes_.add(ginnel::line_of(node), in_ticks(key) + " of " + name_ + " is not of the right form",
                std::string(remedy));
}

const toml::node* TomlSection::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  return table_.get(key);
}

const toml::node* TomlSection::need(std::string_view key, std::string_view remedy) {
  const toml::node* node = find(key);
  if (!node) mistakes_.add(line_, name_ + " has no " + in_ticks(key), std::string(remedy));
  return node;
}

std::string TomlSection::text(std::string_view key) { return text_in(find(key), key); }

std::string TomlSection::need_text(std::string_view key, std::string_view example) {
  return text_in(need(key, "add " + std::string(key) + " = " + std::string(example)), key);
}

std::string TomlSection::text_in(const toml::node* node, std::string_view key) {
  if (!node) return {};
  auto value = node->value_exact<std::string>();
  if (value && !value->empty()) return *value;
  wrong(*node, key, "write a text in quotes");
  return {};
}

bool TomlSection::flag(std::string_view key, bool otherwise) {
  const toml::node* node = find(key);
  if (!node) return otherwise;
  if (!node->is_boolean()) wrong(*node, key, "write true or false, without quotes");
  return node->value_exact<bool>().value_or(otherwise);
}

std::int64_t TomlSection::number(std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most) {
  const toml::node* node = find(key);
  return node ? number_in(*node, key, otherwise, least, most) : otherwise;
}

std::int64_t TomlSection::need_number(std::string_view key, std::int64_t least, std::int64_t most) {
  const toml::node* node = need(key, "add " + std::string(key) + " = " + std::to_string(least));
  return node ? number_in(*node, key, least, least, most) : least;
}

std::int64_t TomlSection::number_in(const toml::node& node, std::string_view key, std::int64_t otherwise,
                                    std::int64_t least, std::int64_t most) {
  auto value = node.value_exact<std::int64_t>();
  if (value && *value >= least && *value <= most) return *value;
  mistakes_.add(ginnel::line_of(node),
                in_ticks(key) + " of " + name_ + " is no whole number from " + std::to_string(least) + " to " +
                    std::to_string(most),
                "write such a number, without quotes and without a unit");
  return otherwise;
}

std::vector<TomlText> TomlSection::texts(const toml::node* node, std::string_view key) {
  std::vector<TomlText> out;
  each(node, key, "write a text or a list of texts", [&](const toml::node& item) {
    if (auto value = text_in(&item, key); !value.empty()) out.push_back({std::move(value), ginnel::line_of(item)});
  });
  return out;
}

std::vector<TomlText> TomlSection::texts_or_none(std::string_view key) {
  const toml::node* node = find(key);
  if (node && node->is_array() && node->as_array()->empty()) return {};
  return texts(node, key);
}

std::set<std::string> TomlSection::words(std::string_view key, std::string_view is_no,
                                         const std::set<std::string>& allowed) {
  std::set<std::string> out;
  for (auto& [word, line] : texts_or_none(key)) {
    mistakes_.check_word(line, word, is_no, allowed);
    if (!out.insert(word).second)
      mistakes_.add(line, in_ticks(word) + " stands twice in " + in_ticks(key) + " of " + name_, "remove one");
  }
  return out;
}

const toml::table* TomlSection::section(std::string_view key) {
  const toml::node* node = find(key);
  if (node && !node->is_table()) wrong(*node, key, "write it as a table [" + std::string(key) + "]");
  return node ? node->as_table() : nullptr;
}

const toml::table* TomlSection::need_section(std::string_view key) {
  if (!table_.get(key))
    mistakes_.add(line_, name_ + " has no section " + in_ticks(key), "add [" + std::string(key) + "]");
  return section(key);
}

std::vector<const toml::table*> TomlSection::sections(std::string_view key) {
  std::vector<const toml::table*> out;
  const std::string remedy = "write each as [[" + std::string(key) + "]]";
  const toml::node* node = find(key);
  if (!node) return out;
  const toml::array* list = node->as_array();
  if (!list) {
    wrong(*node, key, remedy);
    return out;
  }
  for (const toml::node& item : *list) {
    if (const toml::table* table = item.as_table())
      out.push_back(table);
    else
      wrong(item, key, remedy);
  }
  return out;
}

std::vector<std::string> TomlSection::keys() const {
  std::vector<std::string> out;
  for (const auto& [key, node] : table_) out.emplace_back(key.str());
  return out;
}

std::vector<std::pair<std::string, TomlText>> TomlSection::all_texts() {
  std::vector<std::pair<std::string, TomlText>> out;
  for (const auto& [key, node] : table_) {
    known_.emplace_back(key.str());
    out.emplace_back(std::string(key.str()), TomlText{text_in(&node, key.str()), ginnel::line_of(node)});
  }
  return out;
}

}  // namespace ginnel
