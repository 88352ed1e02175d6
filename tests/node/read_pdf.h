// SPDX-License-Identifier: Apache-2.0
// Reads a PDF back with poppler's programs, which know nothing of us.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "federation/base/check.h"
#include "node/print/pdf_document.h"
#include "tests/node/temp_directory.h"

namespace ginnel {

// What the program wrote to standard output. Started without a shell.
inline std::string output_of_program(std::vector<std::string> words) {
  int ends[2];
  CHECK(::pipe2(ends, O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::vector<char*> argv(words.size() + 1);
  std::transform(words.begin(), words.end(), argv.begin(), [](std::string& word) { return word.data(); });
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string out;
  char buffer[65536];
  for (ssize_t count = 0; error == 0 && (count = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    out.append(buffer, std::size_t(count));
  ::close(ends[0]);
  int status = 0;
  if (error == 0) ::waitpid(pid, &status, 0);
  EXPECT_TRUE(error == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
      << words[0] << ": " << std::strerror(error) << " (poppler-utils)";
  return out;
}

inline std::vector<std::string> split_at(char end, const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, end);) parts.push_back(part);
  return parts;
}

inline constexpr std::size_t picture_width = 596;

class ReadPdf {
 public:
  explicit ReadPdf(const PdfDocument& document) {
    auto file = document.finish();
    if (!file) {
      ADD_FAILURE() << file.error().text();
      return;
    }
    file_ = std::move(*file);
    keep(text_of(file_.bytes));
  }
  explicit ReadPdf(std::string_view bytes) { keep(bytes); }

  const PdfFile& file() const { return file_; }  // empty where only bytes were given
  std::string info() const { return output_of_program({"pdfinfo", "-isodates", path_}); }
  std::string structure() const { return output_of_program({"pdfinfo", "-struct", path_}); }
  std::string structure_with_text() const { return output_of_program({"pdfinfo", "-struct-text", path_}); }
  std::string text() const { return output_of_program({"pdftotext", "-enc", "UTF-8", path_, "-"}); }
  // One column after the other, as they lie in the file.
  std::string text_as_drawn() const { return output_of_program({"pdftotext", "-raw", "-enc", "UTF-8", path_, "-"}); }
  std::vector<std::string> pages() const { return split_at('\f', text()); }
  std::string with_places() const { return output_of_program({"pdftotext", "-bbox", path_, "-"}); }
  std::string outline() const {
    const auto xml = output_of_program({"pdftohtml", "-xml", "-i", "-stdout", path_});
    const auto at = xml.find("<outline>");
    return at == xml.npos ? "" : xml.substr(at);
  }
  // Of the first page: a byte for each point, picture_width to a row, black is 0.
  std::string picture() const {
    const auto pgm = output_of_program({"pdftoppm", "-r", "72", "-gray", "-f", "1", "-l", "1", path_});
    const auto at = pgm.find("255\n");
    return at == pgm.npos ? "" : pgm.substr(at + 4);
  }

 private:
  void keep(std::string_view bytes) { std::ofstream(path_, std::ios::binary) << bytes; }

  TempDirectory directory_;
  std::string path_ = directory_.path() + "/it.pdf";
  PdfFile file_;
};

}  // namespace ginnel
