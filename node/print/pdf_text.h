// SPDX-License-Identifier: Apache-2.0
// Text broken into lines for a page, in any script. For pdf_document.cc alone: it brings pango and cairo with it.
//
// Thread: any; a PdfFonts and what it laid out belong to one thread at a time.
// Takes text as printable() gives it.
#pragma once

#include <pango/pangocairo.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel {

// Lengths are points: 1/72 inch.
struct PdfStyle {
  double size = 10;
  bool is_strong = false;
  double grey = 0;  // 0 is black
};

struct PdfDeleter {
  void operator()(cairo_surface_t* it) const { cairo_surface_destroy(it); }
  void operator()(cairo_t* it) const { cairo_destroy(it); }
  void operator()(cairo_font_options_t* it) const { cairo_font_options_destroy(it); }
  void operator()(PangoFontDescription* it) const { pango_font_description_free(it); }
  void operator()(PangoAttrList* it) const { pango_attr_list_unref(it); }
  void operator()(PangoLayoutIter* it) const { pango_layout_iter_free(it); }
  void operator()(PangoLayoutLine* it) const { pango_layout_line_unref(it); }
  void operator()(PangoLayout* it) const { g_object_unref(it); }
  void operator()(PangoContext* it) const { g_object_unref(it); }
  void operator()(PangoFontMap* it) const { g_object_unref(it); }
  void operator()(PangoFont* it) const { g_object_unref(it); }
};
template <class T>
using PdfPtr = std::unique_ptr<T, PdfDeleter>;

// A font map of its own; metrics as on paper and not of a screen, and nothing from the locale.
class PdfFonts {
 public:
  PdfFonts();
  bool are_there() const;

  // In a direction, or, if that is neutral, in the one of the first letter. SECURITY: text, never markup.
  PdfPtr<PangoLayout> layout_of(std::string_view text, PdfStyle style, double width,
                                PangoDirection direction = PANGO_DIRECTION_NEUTRAL) const;

 private:
  PdfPtr<PangoFontMap> map_;
  std::array<PdfPtr<PangoContext>, 2> contexts_;  // from left to right, from right to left
};

struct PdfLine {
  PdfPtr<PangoLayout> layout;  // the line points into it
  PdfPtr<PangoLayoutLine> line;
  double x = 0, width = 0, ascent = 0, height = 0;
  std::size_t boxes = 0;  // characters in it that no font can show
};

// Text broken into lines, each paragraph from the side that its first letter asks for; an empty text has none.
//
// Limits: lays out a page or a little more, and the next one as lines are dropped: up to ahead_height everything is as
// if it were all there, and a text takes the memory of a page however long it is. Fonts and text must outlive it.
class PdfText {
 public:
  static constexpr double ahead_height = 842;

  PdfText(const PdfFonts& fonts, std::string_view text, PdfStyle style, double width);

  const std::vector<PdfLine>& lines() const { return lines_; }
  double grey() const { return style_.grey; }
  double height() const { return height(lines_.size()); }
  double height(std::size_t count) const;  // of the first ones, or of all if they are fewer
  std::size_t lines_within(double room) const;
  void drop(std::size_t count);  // the first ones

 private:
  void lay_out_ahead();
  void add_piece();

  const PdfFonts* fonts_;
  std::string_view rest_;
  PdfStyle style_;
  double width_;
  PangoDirection direction_ = PANGO_DIRECTION_NEUTRAL;  // of the paragraph that `rest_` goes on with
  std::vector<PdfLine> lines_;
};

// At most so many bytes of a well-formed text, cut between characters.
std::string_view cut_after(std::size_t bytes, std::string_view text);

// As much of it as so many lines hold, with an ellipsis if that is not all.
std::string cut_to_lines(int lines, std::string_view text, const PdfFonts& fonts, PdfStyle style, double width);

}  // namespace ginnel
