// SPDX-License-Identifier: Apache-2.0
// Writes one comma-separated file in one system's manner.
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

class CsvFile {
 public:
  CsvFile(const std::filesystem::path& path, const CsvManner& manner, const std::vector<std::string>& header)
      : name_(path.filename().string()), manner_(manner), out_(path, std::ios::binary | std::ios::trunc) {
    if (manner_.byte_order_mark) out_ << "\xef\xbb\xbf";
    row(header);
  }

  // The line on which the row starts. `cut_short` leaves the last two cells out, as a broken export does.
  std::uint32_t row(const std::vector<std::string>& cells, bool cut_short = false) {
    std::uint32_t starts_on = line_;
    std::size_t count = cut_short ? cells.size() - 2 : cells.size();
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out_ << ',';
      cell(cells[i]);
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
