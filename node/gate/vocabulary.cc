// SPDX-License-Identifier: Apache-2.0
#include "node/gate/vocabulary.h"

#include <array>
#include <fstream>
#include <sstream>

#include "adapters/toml.h"

namespace ginnel {
namespace {

constexpr std::array<std::string_view, 11> list_names{"action",  "purpose",     "basis",    "agency_kind",
                                                      "role",    "marking",     "handling", "consent_state",
                                                      "decider", "record_kind", "category"};

// Collects every fault of a file, so that a person mends it once.
struct Faults {
  std::string file;
  std::string text;
  void add(const toml::node& where, std::string_view what) {
    text +=
        (text.empty() ? "" : "\n") + file + ":" + std::to_string(where.source().begin.line) + ": " + std::string(what);
  }
};

std::string required_text(const toml::table& row, const char* key, Faults& faults) {
  auto value = row[key].value<std::string>();
  if (value && !value->empty()) return *value;
  faults.add(row, std::string("`") + key + "` is missing or empty (give it a text)");
  return {};
}

Word read_word(const toml::table& row, Faults& faults) {
  Word word;
  word.id = required_text(row, "id", faults);
  word.title = required_text(row, "title", faults);
  word.source = required_text(row, "source", faults);
  word.help = row["help"].value_or(std::string());
  if (auto day = row["effective_from"].value<toml::date>())
    word.effective_from = {std::int16_t(day->year), day->month, day->day};
  else
    faults.add(row, "`effective_from` is missing (write a date: 2023-12-15)");
  const std::string status = required_text(row, "status", faults);
  if (!status.empty() && status != "in force" && status != "not in force")
    faults.add(row, "`status` is `" + status + "` (write \"in force\" or \"not in force\")");
  word.in_force = status == "in force";
  word.needs_head = row["needs_head"].value_or(false);
  word.break_glass = row["break_glass"].value_or(false);
  word.effect = row["effect"].value_or(std::string());
  word.travels = row["travels"].value_or(false);
  word.no_case_data = row["no_case_data"].value_or(false);
  if (word.travels && word.effect == "concealed")
    faults.add(row, "`" + word.id + "` is concealed, so it cannot travel (take `travels` away)");
  return word;
}

void read_list(std::string_view name, const toml::node& node, std::vector<Word>& words, Faults& faults) {
  const auto* rows = node.as_array();
  if (!rows || !rows->is_homogeneous(toml::node_type::table)) {
    faults.add(node, "`" + std::string(name) + "` must be a list of tables (start each word with [[" +
                         std::string(name) + "]])");
    return;
  }
  for (const auto& row : *rows) {
    Word word = read_word(*row.as_table(), faults);
    for (const auto& earlier : words)
      if (earlier.id == word.id) faults.add(row, "`" + word.id + "` stands in this list already");
    words.push_back(std::move(word));
  }
}

}  // namespace

Expected<Vocabulary> Vocabulary::parse(std::string_view text, const std::string& file_name) {
  auto parsed = toml::parse(text, file_name);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return fail("bad-vocabulary", "cannot read the vocabulary",
                file_name + ":" + std::to_string(error.source().begin.line) + ": " + std::string(error.description()),
                "mend the line");
  }
  const toml::table& root = parsed.table();
  Vocabulary vocabulary;
  Faults faults{file_name, {}};
  for (const auto& [key, node] : root) {
    const std::string name(key.str());
    if (name == "edition") {
      vocabulary.edition_ = node.value_or(std::string());
      continue;
    }
    if (std::find(list_names.begin(), list_names.end(), name) == list_names.end()) {
      faults.add(node, "`" + name + "` is no list of the vocabulary");
      continue;
    }
    read_list(name, node, vocabulary.lists_[name], faults);
  }
  for (auto name : list_names)
    if (!vocabulary.lists_.contains(name)) faults.add(root, "the list `" + std::string(name) + "` is missing");
  for (const auto& word : vocabulary.words("category"))
    if (auto parent = parent_category(word.id); !parent.empty() && !vocabulary.knows("category", parent))
      faults.add(root, "category `" + word.id + "` has no parent `" + std::string(parent) + "`");
  if (!faults.text.empty()) return fail("bad-vocabulary", "cannot use the vocabulary", faults.text, "mend each line");
  return vocabulary;
}

Expected<Vocabulary> Vocabulary::read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail("no-vocabulary", "cannot open the vocabulary", file.string(), "check the path in bundle.toml");
  std::ostringstream text;
  text << in.rdbuf();
  return parse(text.str(), file.filename().string());
}

const std::vector<Word>& Vocabulary::words(std::string_view list) const {
  static const std::vector<Word> none;
  auto found = lists_.find(list);
  return found == lists_.end() ? none : found->second;
}

const Word* Vocabulary::find(std::string_view list, std::string_view id) const {
  for (const auto& word : words(list))
    if (word.id == id) return &word;
  return nullptr;
}

std::string_view parent_category(std::string_view category) {
  auto dot = category.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : category.substr(0, dot);
}

std::string_view root_category(std::string_view category) { return category.substr(0, category.find('.')); }

}  // namespace ginnel
