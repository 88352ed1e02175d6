// SPDX-License-Identifier: Apache-2.0
// Comma-separated files (RFC 4180) as real systems write them: streamed, with line numbers, one bad row at a time.
//
// Read besides the RFC: LF or CR line ends, a byte order mark, another delimiter, quotes inside an unquoted field,
// blank lines (skipped). Not read: UTF-16, which is refused with its remedy.
//
// Thread: any, one at a time. The stream outlives the reader.
// Failure: a bad row is a row with a `fault`; reading goes on after it. A quote that is never closed, or closed
//          rows later by another's, spoils the row it stands in; reading goes on at the line after the one where the
//          quote was opened.
// Limits: limits::csv_*. Memory is one row and one read of the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"

namespace ginnel {

struct CsvRow {
  std::uint32_t line = 0;                // where the row starts, from 1
  std::vector<std::string_view> fields;  // unquoted; valid until the next call. Empty in a row with a fault
  std::string fault;                     // empty: the row is sound. Holds no text of the row
};

// True of a file whose last line has no end: if that line is not whole either, the file was cut.
bool ends_without_line_end(const std::filesystem::path& file);

class CsvReader {
 public:
  explicit CsvReader(std::istream& in, char delimiter = ',') : in_(in), delimiter_(delimiter) {}

  // Fills `row`; false at the end. Errors: `unreadable` (the stream failed), `wrong-encoding` (UTF-16).
  Expected<bool> next(CsvRow& row);

 private:
  // Offsets into buffer_, counted from row_start_ so that they survive a refill.
  struct Cell {
    std::size_t begin, end;
    bool escaped;  // holds doubled quotes
  };
  enum class Step { field_done, row_done, fault };

  bool has(std::size_t at);  // makes sure that the byte at this offset is in the buffer; false at the end of the file
  char at(std::size_t offset) const { return buffer_[row_start_ + offset]; }
  bool refill();
  Expected<bool> start();
  Step read_field(std::string& fault);
  Step read_quoted(std::string& fault);
  Step end_field(std::size_t begin, std::size_t end, bool escaped, std::string& fault);
  void take_line_end();
  void skip_line();
  void fill(CsvRow& row);

  std::istream& in_;
  char delimiter_;
  std::string buffer_;
  std::size_t row_start_ = 0;  // in buffer_
  std::size_t position_ = 0;   // offset of the next byte, from row_start_
  std::uint32_t line_ = 1;
  std::vector<Cell> cells_;
  bool started_ = false, at_end_ = false, broken_ = false;
};

}  // namespace ginnel
