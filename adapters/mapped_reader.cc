// SPDX-License-Identifier: Apache-2.0
#include "adapters/mapped_reader.h"

#include <algorithm>
#include <deque>
#include <fstream>
#include <unordered_map>

#include "adapters/csv.h"
#include "adapters/encoding.h"
#include "adapters/limits.h"
#include "adapters/mapped_row.h"
#include "adapters/suggest.h"
#include "federation/base/utf8.h"

namespace ginnel {
namespace {

using mapping::Column;
using mapping::PeopleTable;
using mapping::RecordTable;
using mapping::RelationTable;
using mapping::Row;
using mapping::Table;

// `*` any text, `?` any one character, letters in either case.
bool matches(std::string_view pattern, std::string_view name) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
  std::size_t p = 0, n = 0, star = std::string_view::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || lower(pattern[p]) == lower(name[n]))) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool reads(const Table& table, const std::string& file_name) {
  return std::any_of(table.files.begin(), table.files.end(),
                     [&](const std::string& pattern) { return matches(pattern, file_name); });
}

// A table of the mapping and where its columns stand in one file.
template <class TableKind>
struct Placed {
  const TableKind* table;
  std::vector<std::size_t> at;
};

struct SourceFile {
  std::filesystem::path path;
  std::string name;
  std::vector<std::string> header;
  std::vector<Placed<PeopleTable>> people;
  std::vector<Placed<RelationTable>> relations;
  std::vector<Placed<RecordTable>> records;
  std::size_t tables() const { return people.size() + relations.size() + records.size(); }
};

std::string cannot(const SourceFile& file) { return "cannot import " + file.name; }

// Opens a file and gives its rows as checked text.
class Rows {
 public:
  Rows(const SourceFile& file, const Mapping& mapping)
      : file_(file), mapping_(mapping), in_(file.path, std::ios::binary), reader_(in_, mapping.delimiter) {}

  Expected<bool> next() {
    if (!in_.is_open())
      return fail("unreadable", cannot(file_), "it does not exist or may not be read", "check the path");
    auto got = reader_.next(row_);
    if (!got) return fail(got.error().code, cannot(file_), got.error().why, got.error().remedy);
    if (*got && row_.fault.empty()) clean();
    return *got;
  }
  const CsvRow& row() const { return row_; }

 private:
  void clean() {
    kept_.clear();
    for (auto& field : row_.fields) {
      bool ascii = std::all_of(field.begin(), field.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
      if (!ascii && mapping_.windows_1252) {
        field = kept_.emplace_back(utf8_from_windows_1252(field));
      } else if (!ascii && !is_utf8(field)) {
        row_.fault =
            "the text is not UTF-8; if the file comes from Windows, say encoding = \"windows-1252\" in the mapping";
        return;
      }
      if (has_control(field)) field = kept_.emplace_back(without_control(field));
      field = without_outer_space(field);
    }
  }

  const SourceFile& file_;
  const Mapping& mapping_;
  std::ifstream in_;
  CsvReader reader_;
  CsvRow row_;
  std::deque<std::string> kept_;  // what fields had to be rewritten into
};

class MappedReader : public Adapter {
 public:
  MappedReader(Mapping mapping, MemberId owner, Date today)
      : mapping_(std::move(mapping)), owner_(std::move(owner)), today_(today) {}

  Expected<bool> open(const std::vector<std::filesystem::path>& paths);
  Expected<std::optional<SourceItem>> next() override;
  bool complete() const override { return at_end_ && !rejected_ && all_declared_complete(); }

 private:
  Expected<SourceFile> read_header(const std::filesystem::path& path) const;
  template <class TableKind>
  Expected<bool> place(SourceFile& file, const std::vector<TableKind>& tables,
                       std::vector<Placed<TableKind>>& to) const;
  tl::unexpected<Error> missing(const SourceFile& file, const std::vector<const Column*>& columns) const;
  bool uses(const SourceFile& file, const std::string& column) const;
  bool all_declared_complete() const;

  Expected<bool> read_relations(const SourceFile& file);
  Expected<bool> next_row();
  void take_row(const SourceFile& file, const CsvRow& row);
  template <class TableKind>
  Row view(const SourceFile& file, const CsvRow& row, const Placed<TableKind>& placed) const;
  void give(SourcePerson person);
  void give(SourceRecord record);
  void give(Rejected rejected);
  bool is_repeat(const std::string& key, const Hash& hash, std::uint32_t line, std::uint32_t& earlier_line);

  const Mapping mapping_;
  const MemberId owner_;
  const Date today_;
  std::vector<SourceFile> files_;  // not moved once open: Rows keeps a reference
  std::size_t file_ = 0;
  std::unique_ptr<Rows> rows_;
  std::deque<SourceItem> ready_;
  std::unordered_map<std::string, std::vector<SourceRelation>> relations_;  // by the person's key; only looked up
  std::size_t relation_count_ = 0;
  struct Seen {
    std::uint32_t line;
    std::uint64_t hash;
  };
  std::unordered_map<std::string, Seen> seen_;  // only looked up
  bool at_end_ = false, rejected_ = false, last_row_broken_ = false;
  std::optional<Error> cut_;  // of the first file that ends within a row
};

// -- opening

Expected<bool> MappedReader::open(const std::vector<std::filesystem::path>& paths) {
  if (paths.size() > limits::import_files_max) {
    return fail("too-much", "cannot import the files",
                "more than " + std::to_string(limits::import_files_max) + " at once", "import them in several runs");
  }
  for (const auto& path : paths) {
    auto file = read_header(path);
    if (!file) return tl::unexpected(file.error());
    auto placed = place(*file, mapping_.people, file->people)
                      .and_then([&](bool) { return place(*file, mapping_.relations, file->relations); })
                      .and_then([&](bool) { return place(*file, mapping_.records, file->records); });
    if (!placed) return placed;
    files_.push_back(std::move(*file));
  }
  std::stable_sort(files_.begin(), files_.end(),
                   [](const SourceFile& a, const SourceFile& b) { return !a.people.empty() > !b.people.empty(); });
  for (const SourceFile& file : files_) {
    if (file.relations.empty()) continue;
    if (auto read = read_relations(file); !read) return read;
  }
  return true;
}

Expected<SourceFile> MappedReader::read_header(const std::filesystem::path& path) const {
  SourceFile file;
  file.path = path;
  file.name = path.filename().string();
  Rows rows(file, mapping_);
  auto got = rows.next();
  if (!got) return tl::unexpected(got.error());
  if (!*got)
    return fail("empty-file", cannot(file), "it holds no line", "export it again, with a line of column names");
  if (!rows.row().fault.empty()) {
    return fail("unreadable", cannot(file), "its line of column names: " + rows.row().fault, "export it again");
  }
  for (auto field : rows.row().fields) file.header.emplace_back(field);
  while (!file.header.empty() && file.header.back().empty()) file.header.pop_back();
  return file;
}

template <class TableKind>
Expected<bool> MappedReader::place(SourceFile& file, const std::vector<TableKind>& tables,
                                   std::vector<Placed<TableKind>>& to) const {
  for (const TableKind& table : tables) {
    if (reads(table, file.name)) to.push_back({&table, {}});
  }
  std::vector<const Column*> absent;
  for (auto& placed : to) {
    for (const Column& column : placed.table->columns) {
      auto found = std::find(file.header.begin(), file.header.end(), column.name);
      if (found == file.header.end()) {
        absent.push_back(&column);
      } else if (std::find(found + 1, file.header.end(), column.name) != file.header.end()) {
        return fail("double-column", cannot(file) + ": column `" + column.name + "` is there twice",
                    "the mapping " + mapping_.path + " reads " + column.reads + " from it (line " +
                        std::to_string(column.line) + ")",
                    "rename one of them in the export; nothing was imported");
      }
      placed.at.push_back(std::size_t(found - file.header.begin()));
    }
  }
  if (!absent.empty()) return missing(file, absent);
  // Checked after the last kind of table.
  if constexpr (std::is_same_v<TableKind, RecordTable>) {
    if (file.tables() > 0) return true;
    std::vector<std::string> patterns;
    auto collect = [&](const auto& kinds) {
      for (const auto& table : kinds) patterns.insert(patterns.end(), table.files.begin(), table.files.end());
    };
    collect(mapping_.people);
    collect(mapping_.relations);
    collect(mapping_.records);
    return fail("unknown-file", cannot(file), "no table of the mapping " + mapping_.path + " reads a file of this name",
                "it reads " + one_of(patterns) + "; nothing was imported");
  }
  return true;
}

bool MappedReader::uses(const SourceFile& file, const std::string& column) const {
  auto any = [&](const auto& placed) {
    return std::any_of(placed.begin(), placed.end(), [&](const auto& one) {
      const auto& columns = one.table->columns;
      return std::any_of(columns.begin(), columns.end(), [&](const Column& used) { return used.name == column; });
    });
  };
  return any(file.people) || any(file.relations) || any(file.records);
}

tl::unexpected<Error> MappedReader::missing(const SourceFile& file, const std::vector<const Column*>& columns) const {
  std::vector<std::string> unused, names;
  for (const auto& name : file.header) {
    if (!name.empty() && !uses(file, name)) unused.push_back(name);
  }
  std::string why, remedy;
  for (const Column* column : columns) {
    if (std::find(names.begin(), names.end(), column->name) != names.end()) continue;
    std::string line = std::to_string(column->line);
    why += (names.empty() ? "the mapping " + mapping_.path + " reads " : ", and ") + column->reads + " from " +
           (columns.size() == 1 ? std::string("it") : "`" + column->name + "`") + " (line " + line + ")";
    auto meant = nearest(column->name, unused);
    if (!meant && unused.size() == 1) meant = unused[0];
    if (meant) remedy += "the file has `" + *meant + "`: if that is the new name, change line " + line + "; ";
    names.push_back(column->name);
  }
  if (remedy.empty()) remedy = "export the file with the column, or take it out of the mapping; ";
  std::string what = cannot(file) + ": column `" + names[0] + "` is missing";
  if (names.size() > 1) {
    what = cannot(file) + ": columns ";
    for (std::size_t i = 0; i < names.size(); ++i)
      what += (i == 0 ? "`" : i + 1 == names.size() ? " and `" : ", `") + names[i] + "`";
    what += " are missing";
  }
  return fail("missing-column", what, why, remedy + "nothing was imported");
}

bool MappedReader::all_declared_complete() const {
  auto read_whole = [&](const auto& tables) {
    return std::all_of(tables.begin(), tables.end(), [&](const Table& table) {
      return table.complete &&
             std::any_of(files_.begin(), files_.end(), [&](const SourceFile& file) { return reads(table, file.name); });
    });
  };
  return read_whole(mapping_.people) && read_whole(mapping_.relations) && read_whole(mapping_.records);
}

// -- reading

template <class TableKind>
Row MappedReader::view(const SourceFile& file, const CsvRow& row, const Placed<TableKind>& placed) const {
  Row made{mapping_, *placed.table, {}, {file.name, row.line}, today_};
  made.cells.reserve(placed.at.size());
  for (std::size_t at : placed.at) made.cells.push_back(row.fields[at]);
  return made;
}

// Nothing if the row is as wide as the header; spreadsheets add empty cells at the end.
std::optional<std::string> wrong_width(const SourceFile& file, const CsvRow& row) {
  std::size_t wide = row.fields.size();
  while (wide > file.header.size() && row.fields[wide - 1].empty()) --wide;
  if (wide == file.header.size()) return std::nullopt;
  return "the row has " + std::to_string(row.fields.size()) + " fields where the first line names " +
         std::to_string(file.header.size());
}

Expected<bool> MappedReader::read_relations(const SourceFile& file) {
  Rows rows(file, mapping_);
  auto got = rows.next();  // the header
  while (got && *got) {
    got = rows.next();
    if (!got || !*got) break;
    const CsvRow& row = rows.row();
    auto wrong = row.fault.empty() ? wrong_width(file, row) : std::optional(row.fault);
    if (wrong) {
      // A file that also holds people or records is read again, and its bad rows are told then.
      if (file.tables() == file.relations.size()) give(Rejected{file.name, row.line, "", *wrong});
      continue;
    }
    for (const auto& placed : file.relations) {
      Row viewed = view(file, row, placed);
      if (!mapping::fulfils(viewed, placed.table->where)) continue;
      auto relation = mapping::relation_of(viewed, *placed.table);
      if (!relation) {
        give(std::move(relation.error()));
      } else if (++relation_count_ > limits::source_relations_max) {
        return fail("too-much", cannot(file),
                    "more than " + std::to_string(limits::source_relations_max) + " relations", "divide the export");
      } else {
        relations_[relation->first].push_back(std::move(relation->second));
      }
    }
  }
  if (!got) return got;
  return true;
}

Expected<std::optional<SourceItem>> MappedReader::next() {
  while (ready_.empty()) {
    auto more = next_row();
    if (!more) return tl::unexpected(more.error());
    if (!*more) {
      at_end_ = true;
      return std::optional<SourceItem>();
    }
  }
  std::optional<SourceItem> item(std::move(ready_.front()));
  ready_.pop_front();
  return item;
}

// Reads one row into ready_; false after the last.
Expected<bool> MappedReader::next_row() {
  for (; file_ < files_.size(); ++file_, rows_.reset()) {
    const SourceFile& file = files_[file_];
    if (file.people.empty() && file.records.empty()) continue;
    if (!rows_) {
      rows_ = std::make_unique<Rows>(file, mapping_);
      auto header = rows_->next();
      if (!header) return header;
    }
    auto got = rows_->next();
    if (!got) return got;
    if (!*got) {
      // Told when the other files have been read too: a cut in one is no reason to leave out the rest.
      if (std::exchange(last_row_broken_, false) && !cut_ && ends_without_line_end(file.path))
        cut_ = Error{"cut-file", cannot(file), "its last line is not whole",
                     "export it again; what stands before the cut was read"};
      continue;
    }
    last_row_broken_ = !rows_->row().fault.empty() || wrong_width(file, rows_->row());
    take_row(file, rows_->row());
    return true;
  }
  if (cut_) return tl::unexpected(*std::exchange(cut_, std::nullopt));
  return false;
}

void MappedReader::take_row(const SourceFile& file, const CsvRow& row) {
  if (!row.fault.empty()) return give(Rejected{file.name, row.line, "", row.fault});
  if (auto wrong = wrong_width(file, row)) return give(Rejected{file.name, row.line, "", *wrong});
  static const std::vector<SourceRelation> none;
  for (const auto& placed : file.people) {
    Row viewed = view(file, row, placed);
    if (!mapping::fulfils(viewed, placed.table->where)) continue;
    auto key = mapping::key_of(viewed, placed.table->key);
    auto more = key ? relations_.find(*key) : relations_.end();
    auto person = mapping::person_of(viewed, *placed.table, more == relations_.end() ? none : more->second);
    if (person) {
      give(std::move(*person));
    } else {
      give(std::move(person.error()));
    }
  }
  for (const auto& placed : file.records) {
    Row viewed = view(file, row, placed);
    if (!mapping::fulfils(viewed, placed.table->where)) continue;
    auto record = mapping::record_of(viewed, *placed.table, owner_);
    if (record) {
      give(std::move(*record));
    } else {
      give(std::move(record.error()));
    }
  }
}

// True if the key came before with the same content. With other content earlier_line is the line of that, else 0.
bool MappedReader::is_repeat(const std::string& key, const Hash& hash, std::uint32_t line,
                             std::uint32_t& earlier_line) {
  std::uint64_t short_hash = *read_u64(hash, 0);
  earlier_line = 0;
  auto found = seen_.find(key);
  if (found == seen_.end()) {
    if (seen_.size() < limits::source_keys_compared_max) seen_.emplace(key, Seen{line, short_hash});
    return false;
  }
  if (found->second.hash == short_hash) return true;
  earlier_line = found->second.line;
  return false;
}

void MappedReader::give(SourcePerson person) {
  std::uint32_t earlier = 0;
  if (is_repeat("person " + person.key, person.content_hash, person.place.line, earlier)) return;
  if (earlier > 0) person.flags.push_back({"", "line " + std::to_string(earlier) + " says otherwise of the same key"});
  ready_.emplace_back(std::move(person));
}

void MappedReader::give(SourceRecord record) {
  std::uint32_t earlier = 0;
  if (is_repeat(record.record.source.key, record.record.source.content_hash, record.place.line, earlier)) return;
  if (earlier > 0) {
    // Two contents under one key would turn into a new version of each other at every import.
    return give(Rejected{record.place.file, record.place.line, "",
                         "line " + std::to_string(earlier) + " has the same key and says otherwise"});
  }
  ready_.emplace_back(std::move(record));
}

void MappedReader::give(Rejected rejected) {
  rejected_ = true;
  ready_.emplace_back(std::move(rejected));
}

}  // namespace

Expected<std::unique_ptr<Adapter>> open_mapped(Mapping mapping, const std::vector<std::filesystem::path>& files,
                                               const MemberId& importing, Date today) {
  if (!mapping.owner.empty() && mapping.owner != importing) {
    return fail("wrong-owner", "cannot import with the mapping " + mapping.path,
                "its data belongs to " + mapping.owner.text() + " and this node is " + importing.text(),
                "import it on the node of " + mapping.owner.text());
  }
  auto reader = std::make_unique<MappedReader>(std::move(mapping), importing, today);
  if (auto opened = reader->open(files); !opened) return tl::unexpected(opened.error());
  return reader;
}

}  // namespace ginnel
