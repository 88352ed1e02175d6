// SPDX-License-Identifier: Apache-2.0
// Writes one comma-separated file in one system's manner, and damages rows the way broken exports do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel::synth {

struct CsvManner {
  std::string_view line_end = "\n";
  bool byte_order_mark = false;
  bool quote_all = false;
};

// What is wrong with a row; each makes a reader reject it, and no other row.
enum class RowDamage {
  none,
  short_row,        // without its last two cells
  extra_delimiter,  // one cell more, as an unquoted comma makes
  stray_quote,      // a cell's quote is opened and not closed
  wrong_encoding,   // a cell ends in a byte of Windows-1252
};

class CsvFile {
 public:
  CsvFile(const std::filesystem::path& path, const CsvManner& manner, const std::vector<std::string>& header)
      : name_(path.filename().string()), manner_(manner), out_(path, std::ios::binary | std::ios::trunc) {
    if (manner_.byte_order_mark) out_ << "\xef\xbb\xbf";
    row(header);
  }

  // The line on which the row starts. A row to be damaged has at least three cells and no line end within one.
  std::uint32_t row(const std::vector<std::string>& cells, RowDamage damage = RowDamage::none) {
    std::uint32_t starts_on = line_;
    std::size_t count = damage == RowDamage::short_row ? cells.size() - 2 : cells.size();
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out_ << ',';
      if (i != damaged_cell || damage == RowDamage::none || damage == RowDamage::short_row) {
        cell(cells[i]);
      } else if (damage == RowDamage::extra_delimiter) {
        cell(cells[i]);
        out_ << ',';
        cell("see above");
      } else if (damage == RowDamage::stray_quote) {
        out_ << '"' << cells[i];
      } else {
        cell(cells[i] + " caf\xe9");
      }
    }
    out_ << manner_.line_end;
    ++line_;
    return starts_on;
  }

  const std::string& name() const { return name_; }
  bool sound() {
    out_.flush();
    return bool(out_);
  }

 private:
  static constexpr std::size_t damaged_cell = 2;

  void cell(const std::string& text) {
    if (!manner_.quote_all && text.find_first_of(",\"\r\n") == std::string::npos) {
      out_ << text;
      return;
    }
    out_ << '"';
    for (char c : text) {
      if (c == '"') out_ << '"';
      if (c == '\n') ++line_;
      out_ << c;
    }
    out_ << '"';
  }

  std::string name_;
  CsvManner manner_;
  std::ofstream out_;
  std::uint32_t line_ = 1;
};

}  // namespace ginnel::synth
