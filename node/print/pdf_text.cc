// SPDX-License-Identifier: Apache-2.0
#include "node/print/pdf_text.h"

#include <algorithm>
#include <string>
#include <utility>

namespace ginnel {
namespace {

constexpr double line_gap = 1.6;  // between lines, more than the font's own
constexpr const char* three_dots = "\xE2\x80\xA6";

// Pango counts 1024ths of a point in 32 bits: 256 KiB laid out at once come back as one line that runs off the page.
// And its time grows with the square in a narrow column. So a long paragraph is laid out by pieces of this size.
constexpr std::size_t piece_bytes = 2048;

PdfPtr<PangoFontDescription> font_of(PdfStyle style) {
  PdfPtr<PangoFontDescription> font(pango_font_description_new());
  pango_font_description_set_family_static(font.get(), "DejaVu Sans,sans-serif");
  pango_font_description_set_size(font.get(), int(style.size * PANGO_SCALE));
  if (style.is_strong) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
  return font;
}

double in_points(int units) { return units / double(PANGO_SCALE); }

std::size_t boxes_in(PangoLayoutLine* line) {
  std::size_t boxes = 0;
  for (const GSList* run = line->runs; run; run = run->next) {
    const PangoGlyphString* glyphs = static_cast<const PangoGlyphItem*>(run->data)->glyphs;
    for (int i = 0; i < glyphs->num_glyphs; ++i) boxes += (glyphs->glyphs[i].glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0;
  }
  return boxes;
}

}  // namespace

PdfFonts::PdfFonts() : map_(pango_cairo_font_map_new()) {
  PdfPtr<cairo_font_options_t> options(cairo_font_options_create());
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  for (auto& held : contexts_) {
    held.reset(pango_font_map_create_context(map_.get()));
    pango_cairo_context_set_font_options(held.get(), options.get());
    pango_cairo_context_set_resolution(held.get(), 72);
    pango_context_set_round_glyph_positions(held.get(), FALSE);
    pango_context_set_language(held.get(), pango_language_from_string("en-gb"));
  }
  pango_context_set_base_dir(contexts_[0].get(), PANGO_DIRECTION_LTR);
  pango_context_set_base_dir(contexts_[1].get(), PANGO_DIRECTION_RTL);
}

bool PdfFonts::are_there() const {
  const auto wanted = font_of({});
  return PdfPtr<PangoFont>(pango_font_map_load_font(map_.get(), contexts_[0].get(), wanted.get())) != nullptr;
}

PdfPtr<PangoLayout> PdfFonts::layout_of(std::string_view text, PdfStyle style, double width,
                                        PangoDirection direction) const {
  PdfPtr<PangoLayout> layout(pango_layout_new(contexts_[direction == PANGO_DIRECTION_RTL ? 1 : 0].get()));
  pango_layout_set_auto_dir(layout.get(), direction == PANGO_DIRECTION_NEUTRAL);
  PdfPtr<PangoAttrList> attributes(pango_attr_list_new());
  // A hyphen that the author did not write changes a number or an address.
  pango_attr_list_insert(attributes.get(), pango_attr_insert_hyphens_new(FALSE));
  // Letters that are searched for and read out, where a ligature would be a letter of its own to some readers.
  pango_attr_list_insert(attributes.get(), pango_attr_font_features_new("liga=0"));
  pango_layout_set_attributes(layout.get(), attributes.get());
  pango_layout_set_font_description(layout.get(), font_of(style).get());
  pango_layout_set_width(layout.get(), int(width * PANGO_SCALE));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text(layout.get(), text.data(), int(text.size()));  // SECURITY: text, never markup
  return layout;
}

PdfText::PdfText(const PdfFonts& fonts, std::string_view text, PdfStyle style, double width)
    : fonts_(&fonts), rest_(text), style_(style), width_(width) {
  lay_out_ahead();
}

double PdfText::height(std::size_t count) const {
  double sum = 0;
  for (std::size_t i = 0; i < std::min(count, lines_.size()); ++i) sum += lines_[i].height;
  return sum;
}

std::size_t PdfText::lines_within(double room) const {
  std::size_t count = 0;
  while (count < lines_.size() && (room -= lines_[count].height) >= 0) ++count;
  return count;
}

void PdfText::drop(std::size_t count) {
  lines_.erase(lines_.begin(), lines_.begin() + std::ptrdiff_t(count));
  lay_out_ahead();
}

void PdfText::lay_out_ahead() {
  for (double ahead = height(); ahead <= ahead_height && !rest_.empty();) {
    const std::size_t before = lines_.size();
    add_piece();
    for (std::size_t i = before; i < lines_.size(); ++i) ahead += lines_[i].height;
  }
}

// INVARIANT: every byte of the text is in one line, in order. Where a paragraph goes on after the piece, the piece's
// last line may not be full: it is left for the next one.
void PdfText::add_piece() {
  auto piece = cut_after(piece_bytes, rest_);
  const auto line_end = piece.find('\n');
  const bool is_paragraphs_end = line_end != piece.npos || piece.size() == rest_.size();
  piece = piece.substr(0, line_end);
  const auto layout = fonts_->layout_of(piece, style_, width_, direction_);
  const PdfPtr<PangoLayoutIter> at(pango_layout_get_iter(layout.get()));
  std::size_t taken = 0;
  do {
    PangoLayoutLine* line = pango_layout_iter_get_line_readonly(at.get());
    if (!is_paragraphs_end && taken > 0 && pango_layout_iter_at_last_line(at.get())) break;
    PangoRectangle box;
    pango_layout_iter_get_line_extents(at.get(), nullptr, &box);
    lines_.push_back({PdfPtr<PangoLayout>(PANGO_LAYOUT(g_object_ref(layout.get()))),
                      PdfPtr<PangoLayoutLine>(pango_layout_line_ref(line)), in_points(box.x), in_points(box.width),
                      in_points(pango_layout_iter_get_baseline(at.get()) - box.y) + line_gap / 2,
                      in_points(box.height) + line_gap, boxes_in(line)});
    taken = std::size_t(line->start_index) + std::size_t(line->length);
    direction_ = PangoDirection(line->resolved_dir);
  } while (pango_layout_iter_next_line(at.get()));
  rest_.remove_prefix(is_paragraphs_end ? std::min(piece.size() + 1, rest_.size()) : taken);
  if (is_paragraphs_end) direction_ = PANGO_DIRECTION_NEUTRAL;
}

std::string_view cut_after(std::size_t bytes, std::string_view text) {
  if (bytes >= text.size()) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

// Not with pango's own ellipsis: that one holds what it stands for, so that a program reads what nobody sees.
std::string cut_to_lines(int lines, std::string_view text, const PdfFonts& fonts, PdfStyle style, double width) {
  for (std::string_view kept = cut_after(piece_bytes, text);;) {
    auto shown = std::string(kept) + (kept.size() < text.size() ? three_dots : "");
    const auto layout = fonts.layout_of(shown, style, width);
    const PangoLayoutLine* after = pango_layout_get_line_readonly(layout.get(), lines);
    if (!after || kept.empty()) return shown;
    kept = cut_after(std::min(std::size_t(after->start_index), kept.size() - 1), kept);
  }
}

}  // namespace ginnel
