// SPDX-License-Identifier: Apache-2.0
#include "adapters/statutory/list_reader.h"

#include <algorithm>
#include <deque>
#include <fstream>
#include <unordered_map>

#include "adapters/batch_adapter.h"
#include "adapters/csv.h"
#include "adapters/encoding.h"
#include "adapters/limits.h"
#include "adapters/statutory/item_maker.h"
#include "adapters/suggest.h"
#include "federation/base/utf8.h"

namespace ginnel {
namespace {

using statutory::EventSpec;
using statutory::Format;
using statutory::ListSpec;
using statutory::Names;

// "Child's Unique ID" and "CHILD_UNIQUE_ID": childsuniqueid, childuniqueid.
std::string letters_of(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

struct ListFile {
  std::filesystem::path path;
  std::string name;
  std::vector<std::string> header;  // letters_of each
  const ListSpec* list = nullptr;
};

std::string cannot(const std::filesystem::path& path) { return "cannot import " + path.filename().string(); }

// Rows of a file as clean UTF-8.
class CleanRows {
 public:
  explicit CleanRows(const std::filesystem::path& path) : path_(path), in_(path, std::ios::binary), reader_(in_) {}

  Expected<bool> next() {
    if (!in_.is_open())
      return fail("unreadable", cannot(path_), "it does not exist or may not be read", "check the path");
    auto got = reader_.next(row_);
    if (!got) return fail(got.error().code, cannot(path_), got.error().why, got.error().remedy);
    kept_.clear();
    guessed_ = false;
    for (auto& field : row_.fields) {
      if (!is_utf8(field)) {
        guessed_ = true;
        field = kept_.emplace_back(utf8_from_windows_1252(field));
      }
      if (has_control(field)) field = kept_.emplace_back(without_control(field));
      field = without_outer_space(field);
    }
    return *got;
  }
  const CsvRow& row() const { return row_; }
  bool is_encoding_guessed() const { return guessed_; }

 private:
  const std::filesystem::path path_;
  std::ifstream in_;
  CsvReader reader_;
  CsvRow row_;
  std::deque<std::string> kept_;
  bool guessed_ = false;
};

class RowValues : public statutory::Values {
 public:
  RowValues(const std::vector<std::string>& header, const std::vector<std::string_view>& cells)
      : header_(header), cells_(cells) {}
  std::vector<std::string_view> all(const Names& names) const override {
    std::vector<std::string_view> out;
    for (const std::string& name : names) {
      const std::string wanted = letters_of(name);
      for (std::size_t i = 0; i < header_.size() && i < cells_.size(); ++i)
        if (header_[i] == wanted && !cells_[i].empty()) out.push_back(cells_[i]);
      if (!out.empty()) break;
    }
    return out;
  }

 private:
  const std::vector<std::string>& header_;
  const std::vector<std::string_view>& cells_;
};

bool has_any(const std::vector<std::string>& header, const Names& names) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::find(header.begin(), header.end(), letters_of(name)) != header.end();
  });
}

// To the line of column names.
Expected<bool> find_names(CleanRows& rows, const ListFile& file) {
  for (;;) {
    auto got = rows.next();
    if (!got || !*got) return got;
    std::vector<std::string> line;
    for (auto field : rows.row().fields) line.push_back(letters_of(field));
    if (line == file.header) return true;
  }
}

// How many fields a row has beside empty ones at its end, and how many names there are.
struct Widths {
  std::size_t row, header;
};
Widths widths_of(const CsvRow& row, const ListFile& file) {
  Widths out{row.fields.size(), file.header.size()};
  while (out.header > 0 && file.header[out.header - 1].empty()) --out.header;
  while (out.row > out.header && row.fields[out.row - 1].empty()) --out.row;
  return out;
}

class ListReader : public BatchAdapter {
 public:
  ListReader(Format format, const MemberId& importing) : format_(std::move(format)), maker_(format_, importing) {}

  Expected<void> open(const std::vector<std::filesystem::path>& paths);
  bool complete() const override { return false; }

 private:
  Expected<ListFile> look_at(const std::filesystem::path& path) const;
  Expected<const ListSpec*> list_of(const ListFile& file) const;
  Expected<bool> read_more() override;
  void look_through(const ListFile& file);
  void take(const ListFile& file, const CsvRow& row, bool is_guessed);
  bool first_time(const std::string& key);

  const Format format_;
  const statutory::ItemMaker maker_;
  std::vector<ListFile> files_;
  std::size_t file_ = 0;
  std::unique_ptr<CleanRows> rows_;
  bool last_row_broken_ = false;
  std::optional<Error> cut_;                                               // of the first file that ends within a row
  std::unordered_map<std::string, std::shared_ptr<SourceSeries>> series_;  // by prefix
  bool is_too_long_ = false;
  Date last_day_;
  statutory::KeyCounts counts_;  // of records; and of people, whom many rows tell
};

Expected<ListFile> ListReader::look_at(const std::filesystem::path& path) const {
  ListFile file{path, path.filename().string(), {}, nullptr};
  CleanRows rows(path);
  std::vector<std::string> found;
  for (std::size_t i = 0; i < limits::list_header_rows_max; ++i) {
    auto got = rows.next();
    if (!got) return tl::unexpected(got.error());
    if (!*got) break;
    file.header.clear();
    for (auto field : rows.row().fields) file.header.push_back(letters_of(field));
    auto list = list_of(file);
    if (list && *list) {
      file.list = *list;
      return file;
    }
    if (found.empty())
      for (auto field : rows.row().fields) found.emplace_back(field);
  }
  if (found.empty())
    return fail("empty-file", cannot(path), "it holds no line", "export it again, with a line of column names");
  // Which columns would make it one of the lists that its name speaks of.
  std::string lacks;
  for (const ListSpec& list : format_.lists) {
    std::string name = letters_of(file.name);
    bool named = std::any_of(list.file_words.begin(), list.file_words.end(),
                             [&](const std::string& word) { return name.find(letters_of(word)) != std::string::npos; });
    if (!named || !lacks.empty()) continue;
    file.header.clear();
    for (const auto& column : found) file.header.push_back(letters_of(column));
    for (const std::string& need : list.needs)
      if (!has_any(file.header, {need})) lacks = "column `" + need + "` of the list `" + list.id + "` is missing";
    if (lacks.empty() && !has_any(file.header, format_.child.key))
      lacks = "column `" + format_.child.key.front() + "` is missing";
  }
  return fail("missing-column", cannot(path), lacks.empty() ? "no list has these columns" : lacks,
              "export it with its usual column names, or add the new name to the adapter's file");
}

// The list of which the file has every needed column: the one that its name speaks of, else the one that needs most.
Expected<const ListSpec*> ListReader::list_of(const ListFile& file) const {
  const ListSpec* best = nullptr;
  std::size_t best_score = 0;
  const bool has_child = has_any(file.header, format_.child.key);
  std::string name = letters_of(file.name.substr(0, file.name.rfind('.')));
  for (const ListSpec& list : format_.lists) {
    bool fits = std::all_of(list.needs.begin(), list.needs.end(),
                            [&](const std::string& need) { return has_any(file.header, {need}); });
    if (!fits || (!has_child && list.skipped_because.empty())) continue;
    std::size_t score = 1 + list.needs.size();
    for (const std::string& word : list.file_words) {
      std::string letters = letters_of(word);
      auto at = name.find(letters);
      // "list1" is not spoken of by "list10".
      if (at == std::string::npos) continue;
      bool goes_on = at + letters.size() < name.size() && std::isdigit(static_cast<unsigned char>(letters.back())) &&
                     std::isdigit(static_cast<unsigned char>(name[at + letters.size()]));
      if (!goes_on) score = std::max(score, 100 + letters.size());
    }
    if (score > best_score) {
      best = &list;
      best_score = score;
    }
  }
  return best;
}

Expected<void> ListReader::open(const std::vector<std::filesystem::path>& paths) {
  if (paths.size() > limits::import_files_max)
    return fail("too-much", "cannot import the files",
                "more than " + std::to_string(limits::import_files_max) + " at once", "import them in several runs");
  for (const auto& path : paths) {
    auto file = look_at(path);
    if (!file) return tl::unexpected(file.error());
    files_.push_back(std::move(*file));
  }
  // Those that know more of the child first: who has been told of once is not told again by a list that knows less.
  auto knows = [&](const ListFile& file) {
    const auto& child = format_.child;
    int score = 0;
    for (const Names* names : {&child.birth, &child.upn, &child.expected_birth}) score += has_any(file.header, *names);
    for (const auto& sex : child.sex) score += has_any(file.header, sex.from);
    return score;
  };
  std::stable_sort(files_.begin(), files_.end(),
                   [&](const ListFile& a, const ListFile& b) { return knows(a) > knows(b); });
  for (const ListFile& file : files_) look_through(file);
  // The latest day is the delivery's last one; where it is mistyped, the delivery reaches back less far.
  const Date since = format_.covers_since(last_day_);
  for (auto& [prefix, series] : series_) series->since = since;
  return {};
}

// Which days each child's events have, before any is given out. What cannot be read is told when it is.
void ListReader::look_through(const ListFile& file) {
  if (is_too_long_ || format_.covers == statutory::Covers::unknown || !file.list->skipped_because.empty()) return;
  CleanRows rows(file.path);
  auto found = find_names(rows, file);
  if (!found || !*found) return;
  for (;;) {
    auto got = rows.next();
    if (!got || !*got) return;
    const CsvRow& row = rows.row();
    const auto [wide, header] = widths_of(row, file);
    if (!row.fault.empty() || row.fields.size() < header || wide > header) continue;
    RowValues values(file.header, row.fields);
    const std::string key(values.first(format_.child.key));
    if (key.empty()) continue;
    for (const EventSpec& event : file.list->events) {
      auto day = maker_.day_of(event, values);
      if (!day) continue;
      last_day_ = std::max(last_day_, *day);
      std::string prefix = statutory::ItemMaker::key_prefix(event, key);
      auto& series = series_[prefix];
      if (!series) series = std::make_shared<SourceSeries>(SourceSeries{std::move(prefix), {}, {}});
      series->told.push_back(*day);
    }
    // Of a delivery too long to be kept so, no date is corrected.
    is_too_long_ = series_.size() > limits::source_keys_compared_max;
    if (is_too_long_) return series_.clear();
  }
}

Expected<bool> ListReader::read_more() {
  for (; file_ < files_.size(); ++file_, rows_.reset()) {
    const ListFile& file = files_[file_];
    if (!rows_) {
      rows_ = std::make_unique<CleanRows>(file.path);
      if (auto found = find_names(*rows_, file); !found) return found;
    }
    if (!file.list->skipped_because.empty()) {
      ready_.push_back(Rejected{file.name, 1, "", file.list->skipped_because});
      ++file_;
      rows_.reset();
      return true;
    }
    auto got = rows_->next();
    if (!got) return got;
    if (!*got) {
      // Told when the other files have been read too: a cut in one is no reason to leave out the rest.
      if (std::exchange(last_row_broken_, false) && !cut_ && ends_without_line_end(file.path))
        cut_ = Error{"cut-file", cannot(file.path), "its last line is not whole",
                     "export it again; what stands before the cut was read"};
      continue;
    }
    last_row_broken_ = false;
    take(file, rows_->row(), rows_->is_encoding_guessed());
    return true;
  }
  if (cut_) return tl::unexpected(*std::exchange(cut_, std::nullopt));
  return false;
}

bool ListReader::first_time(const std::string& key) {
  if (counts_.size() >= limits::source_keys_compared_max) return true;
  return ++counts_[key] == 1;
}

void ListReader::take(const ListFile& file, const CsvRow& row, bool is_guessed) {
  const SourcePlace place{file.name, row.line};
  if (!row.fault.empty()) {
    last_row_broken_ = true;
    return ready_.push_back(Rejected{place.file, place.line, "", row.fault});
  }
  bool is_blank = std::all_of(row.fields.begin(), row.fields.end(), [](auto field) { return field.empty(); });
  if (is_blank) return;
  const auto [wide, header] = widths_of(row, file);
  // In a row that lost a cell, what stands where is not known.
  if (row.fields.size() < header || wide > header) {
    last_row_broken_ = row.fields.size() < header;
    return ready_.push_back(Rejected{place.file, place.line, "",
                                     "the row has " + std::to_string(row.fields.size()) +
                                         " fields where the line of names has " + std::to_string(header)});
  }
  RowValues values(file.header, row.fields);
  auto person = maker_.person(values, place);
  if (!person) return ready_.push_back(std::move(person.error()));
  if (is_guessed) person->flags.push_back({"", "the text is not UTF-8; read as Windows-1252"});
  statutory::Context context{place, person->key, {}, {}};
  if (person->person.birth.precision == Precision::day) context.born = person->person.birth.date;
  if (first_time("child:" + person->key)) ready_.push_back(std::move(*person));
  for (const EventSpec& event : file.list->events) {
    auto made = maker_.record(event, values, context, counts_);
    if (!made) {
      ready_.push_back(std::move(made.error()));
    } else if (*made) {
      auto series = series_.find(statutory::ItemMaker::key_prefix(event, context.child_key));
      if (series != series_.end()) (*made)->series = series->second;
      ready_.push_back(std::move(**made));
    }
  }
}

}  // namespace

Expected<std::unique_ptr<Adapter>> open_lists(Format format, const std::vector<std::filesystem::path>& files,
                                              const MemberId& importing) {
  auto reader = std::make_unique<ListReader>(std::move(format), importing);
  if (auto opened = reader->open(files); !opened) return tl::unexpected(opened.error());
  return std::unique_ptr<Adapter>(std::move(reader));
}

}  // namespace ginnel
