// SPDX-License-Identifier: Apache-2.0
// A tagged PDF on A4, for what is handed on as paper or as a file: headings, paragraphs, lists, tables.
//
// Everything stands inside one `Document` tag, in reading order, in the structure types of ISO 32000-1, 14.8.4: H1 to
// H3, P, L with LI, Lbl and LBody, Table with TR, TH and TD. What goes over a page's end is a Span a page; a table's
// row that does so is a TR a page. Page numbers, the footer and the repeats of a table's header stand outside: readers
// pass over them. Headings are bookmarks too.
//
// Thread: any; what is drawn with belongs to one finish() alone. (pango has threads of its own that look fonts up.)
// Success: the same content gives the same bytes, in any locale and at any hour, with the same fonts and libraries.
// SECURITY: text is foreign, and is never markup; printable() says what of it is replaced. Marks piled on a letter end
// at the edge of its cell or paragraph, so that nobody's words lie over another's.
// Failure: `pdf-too-long` over a limit, `no-font` where none is installed, `pdf-failed` if the library cannot go on. A
// document is whole or an error. Cells that do not match columns, too narrow a column, a level that is none and a
// `made_at` that is not set are bugs (CHECK).
// Limits: limits::pdf_text_bytes_max, limits::pdf_pages_max. At them, some 10 s, and 60 MiB beside text and file.
//
// cairo 1.16 writes no language of the document, no scope of a TH, and no mark of an artifact (14.8.2.2) around what
// stands outside: so this is a tagged PDF, and not PDF/UA (ISO 14289-1). It is not signed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/error.h"
#include "federation/base/time.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t pdf_text_bytes_max = std::size_t{4} << 20;  // each text counts 64 more, so none is free
inline constexpr std::size_t pdf_pages_max = 1000;
}  // namespace limits

struct PdfFacts {
  std::string title, author, subject;
  Instant made_at;     // both dates of the file, to the second
  std::string footer;  // on each page, at most two lines of it, beside "page 3 of 17"
};

struct PdfColumn {
  std::string title;
  double share = 1;  // of the width, as a part of the sum of all shares: a twentieth or more
};

struct PdfCell {
  std::string text;
  bool strong = false;
};

using PdfRow = std::vector<PdfCell>;  // a cell for each column

struct PdfBlock;

struct PdfFile {
  Bytes bytes;
  std::size_t pages = 0;
  std::size_t boxes = 0;  // characters that no font here can show: each is printed as a box with its number in it
};

class PdfDocument {
 public:
  explicit PdfDocument(PdfFacts facts);
  PdfDocument(PdfDocument&&) noexcept;
  PdfDocument& operator=(PdfDocument&&) noexcept;
  ~PdfDocument();

  // Level 1 to 3. Stays on a page with the beginning of what follows it. Of what has no text, nothing is printed.
  void heading(int level, std::string_view text);
  void paragraph(std::string_view text);
  void list(const std::vector<std::string>& items);
  // The header is repeated on each page. A row over half a page high may break anywhere, another only between rows.
  void table(const std::vector<PdfColumn>& columns, const std::vector<PdfRow>& rows);

  Expected<PdfFile> finish() const;

 private:
  std::string taken(std::string_view text);

  PdfFacts facts_;
  std::vector<PdfBlock> blocks_;
  std::size_t text_bytes_ = 0;
};

}  // namespace ginnel
