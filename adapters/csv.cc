// SPDX-License-Identifier: Apache-2.0
#include "adapters/csv.h"

#include <fstream>

#include "adapters/limits.h"

namespace ginnel {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string over(std::string_view what, std::size_t limit, std::string_view unit) {
  return std::string(what) + " more than " + std::to_string(limit) + " " + std::string(unit);
}

}  // namespace

Expected<bool> CsvReader::next(CsvRow& row) {
  if (!started_) {
    if (auto sound = start(); !sound) return sound;
  }
  for (;;) {
    row_start_ += position_;
    position_ = 0;
    cells_.clear();
    row.fields.clear();
    row.fault.clear();
    row.line = line_;
    if (!has(0)) {
      if (broken_) return fail("unreadable", "cannot read the file to its end", "reading it failed", "try again");
      return false;
    }
    Step step = Step::field_done;
    while (step == Step::field_done) step = read_field(row.fault);
    if (step == Step::fault) return true;
    bool blank = cells_.size() == 1 && cells_[0].begin == cells_[0].end;
    if (blank) continue;
    fill(row);
    return true;
  }
}

Expected<bool> CsvReader::start() {
  started_ = true;
  has(2);
  std::string_view head = buffer_;
  if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff")) {
    return fail("wrong-encoding", "cannot read the file", "it is written in UTF-16", "export it again as UTF-8");
  }
  if (head.starts_with(byte_order_mark)) row_start_ = byte_order_mark.size();
  return true;
}

bool ends_without_line_end(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in || in.tellg() <= 0) return false;
  in.seekg(-1, std::ios::end);
  char last = char(in.get());
  return last != '\n' && last != '\r';
}

bool CsvReader::has(std::size_t offset) {
  while (row_start_ + offset >= buffer_.size()) {
    if (!refill()) return false;
  }
  return true;
}

bool CsvReader::refill() {
  if (at_end_) return false;
  buffer_.erase(0, row_start_);
  row_start_ = 0;
  std::size_t kept = buffer_.size();
  buffer_.resize(kept + limits::csv_read_bytes);
  in_.read(buffer_.data() + kept, std::streamsize(limits::csv_read_bytes));
  buffer_.resize(kept + std::size_t(in_.gcount()));
  broken_ = in_.bad();
  at_end_ = !in_.good();
  return buffer_.size() > kept;
}

CsvReader::Step CsvReader::read_field(std::string& fault) {
  if (has(position_) && at(position_) == '"') return read_quoted(fault);
  std::size_t begin = position_;
  for (; has(position_); ++position_) {
    char c = at(position_);
    if (c == delimiter_ || c == '\n' || c == '\r') break;
    if (position_ - begin >= limits::csv_field_bytes_max) {
      fault = over("a field has", limits::csv_field_bytes_max, "bytes");
      skip_line();
      return Step::fault;
    }
  }
  return end_field(begin, position_, false, fault);
}

CsvReader::Step CsvReader::read_quoted(std::string& fault) {
  const std::uint32_t opened_on = line_;
  const std::size_t opened_at = position_++;
  const std::size_t begin = position_;
  bool escaped = false;
  for (; has(position_) && position_ - begin <= limits::csv_field_bytes_max; ++position_) {
    char c = at(position_);
    if (c == '"') {
      if (!has(position_ + 1) || at(position_ + 1) != '"') {
        std::size_t end = position_++;
        if (!has(position_) || at(position_) == delimiter_ || at(position_) == '\n' || at(position_) == '\r')
          return end_field(begin, end, escaped, fault);
        fault = "text follows a closing quote";
        break;
      }
      escaped = true;
      ++position_;
    } else if (c == '\n' || (c == '\r' && !(has(position_ + 1) && at(position_ + 1) == '\n'))) {
      ++line_;
    }
  }
  if (fault.empty())
    fault = has(position_)
                ? over("a quoted field has", limits::csv_field_bytes_max, "bytes; is its closing quote missing?")
                : "a quote is opened and never closed";
  // What the quote swallowed may be sound rows: a stray quote is closed by the next one, rows later.
  position_ = opened_at;
  line_ = opened_on;
  skip_line();
  return Step::fault;
}

CsvReader::Step CsvReader::end_field(std::size_t begin, std::size_t end, bool escaped, std::string& fault) {
  cells_.push_back({begin, end, escaped});
  bool more = has(position_);
  if (cells_.size() > limits::csv_columns_max) {
    fault = over("the row has", limits::csv_columns_max, "columns");
  } else if (position_ > limits::csv_row_bytes_max) {
    fault = over("the row has", limits::csv_row_bytes_max, "bytes");
  }
  if (!fault.empty()) {
    skip_line();
    return Step::fault;
  }
  if (!more) return Step::row_done;
  if (at(position_) == delimiter_) {
    ++position_;
    return Step::field_done;
  }
  take_line_end();
  return Step::row_done;
}

void CsvReader::take_line_end() {
  if (at(position_++) == '\r' && has(position_) && at(position_) == '\n') ++position_;
  ++line_;
}

void CsvReader::skip_line() {
  // Moves the start along, so that a line without end does not stay in memory.
  for (row_start_ += position_, position_ = 0; has(0); ++row_start_) {
    if (at(0) == '\n' || at(0) == '\r') return take_line_end();
  }
}

void CsvReader::fill(CsvRow& row) {
  row.fields.reserve(cells_.size());
  for (const Cell& cell : cells_) {
    char* text = buffer_.data() + row_start_ + cell.begin;
    std::size_t bytes = cell.end - cell.begin;
    if (cell.escaped) {
      std::size_t to = 0;
      for (std::size_t from = 0; from < bytes; ++from, ++to) {
        text[to] = text[from];
        if (text[from] == '"') ++from;  // its double
      }
      bytes = to;
    }
    row.fields.emplace_back(text, bytes);
  }
}

}  // namespace ginnel
