// SPDX-License-Identifier: Apache-2.0
#include "node/print/pdf_document.h"

#include <cairo-pdf.h>

#include <algorithm>
#include <array>
#include <new>
#include <numeric>
#include <utility>
#include <variant>

#include "federation/base/check.h"
#include "node/print/pdf_text.h"
#include "node/print/printable_text.h"

namespace ginnel {

struct PdfHeading {
  int level = 1;
  std::string text;
};
struct PdfParagraph {
  std::string text;
};
struct PdfList {
  std::vector<std::string> items;
};
struct PdfTable {
  std::vector<PdfColumn> columns;
  std::vector<PdfRow> rows;
};
struct PdfBlock {
  std::variant<PdfHeading, PdfParagraph, PdfList, PdfTable> what;
};

namespace {

// Lengths are points: 1/72 inch.
constexpr double page_width = 595.276, page_height = 841.89;  // A4
constexpr double margin_side = 56.7;                          // 20 mm: room for a punch
constexpr double body_top = 54, body_bottom = page_height - 76, body_width = page_width - 2 * margin_side;
constexpr double body_height = body_bottom - body_top;
constexpr double footer_top = page_height - 60, page_number_width = 100, footer_width = body_width - page_number_width;
constexpr double paragraph_gap = 7, item_gap = 2.5, item_indent = 14;
constexpr double cell_pad_x = 4, cell_pad_y = 3.2;
constexpr double row_kept_height = body_height / 2;         // a row up to this high goes to the next page whole
constexpr double header_repeated_height = body_height / 4;  // a higher header is not repeated: rows must fit under it
constexpr std::size_t lines_together = 3;                   // of a broken row, at the foot of a page

constexpr double column_share_min = 0.05;  // of the width, so that a letter is not wider than its cell
constexpr std::size_t bookmark_bytes_max = 250;

constexpr PdfStyle paragraph_style{10, false, 0}, cell_style{9, false, 0}, strong_cell_style{9, true, 0},
    continued_style{9, false, 0.3}, footer_style{8, false, 0.3};

struct HeadingLook {
  PdfStyle style;
  double gap_before, gap_after;
};
constexpr std::array<HeadingLook, 3> heading_looks{
    {{{18, true, 0}, 20, 8}, {{13, true, 0}, 16, 6}, {{10.5, true, 0}, 10, 4}}};

constexpr const char* bullet = "\xE2\x80\xA2";

// In its place: of a variant that is moved there, g++ 12 sees members that were never set.
template <class What>
void add(std::vector<PdfBlock>& blocks, What what) {
  blocks.emplace_back().what.emplace<What>(std::move(what));
}

double sum_of_shares(const std::vector<PdfColumn>& columns) {
  return std::accumulate(columns.begin(), columns.end(), 0.0,
                         [](double sum, const PdfColumn& column) { return sum + column.share; });
}

// Where there is nothing to draw on, only pages are counted: then these do nothing.
class PdfTag {
 public:
  PdfTag(cairo_t* on, const char* name) : on_(on), name_(name) {
    if (on_) cairo_tag_begin(on_, name_, nullptr);
  }
  ~PdfTag() {
    if (on_) cairo_tag_end(on_, name_);
  }
  PdfTag(const PdfTag&) = delete;

 private:
  cairo_t* on_;
  const char* name_;
};

class PdfClip {
 public:
  PdfClip(cairo_t* on, double x, double y, double width, double height) : on_(on) {
    if (!on_) return;
    cairo_save(on_);
    cairo_rectangle(on_, x, y, width, height);
    cairo_clip(on_);
  }
  ~PdfClip() {
    if (on_) cairo_restore(on_);
  }
  PdfClip(const PdfClip&) = delete;

 private:
  cairo_t* on_;
};

// Fills pages from top to bottom. Run twice: without a cairo_t to learn how many pages there are, then on one.
//
// INVARIANT: cairo takes an open tag that has no tag inside at a page's end for one with text of its own, and would put
// the footer into it. So room is made before a tag is opened, and what goes over a page's end holds tags, never text.
class PdfComposer {
 public:
  PdfComposer(const PdfFonts& fonts, cairo_surface_t* surface, cairo_t* on, std::string_view footer, std::size_t pages)
      : fonts_(fonts), surface_(surface), on_(on), pages_(pages) {
    footer_ = cut_to_lines(2, footer, fonts, footer_style, footer_width);
  }

  void compose(const std::vector<PdfBlock>& blocks) {
    PdfTag document(blocks.empty() ? nullptr : on_, "Document");
    std::size_t kept_until = 0;  // block up to which there is room
    for (std::size_t i = 0; i < blocks.size() && !is_full_; ++i) {
      if (const auto* heading = std::get_if<PdfHeading>(&blocks[i].what); heading && i >= kept_until) {
        double together = 0;
        for (kept_until = i; kept_until < blocks.size() && together < body_height; ++kept_until) {
          together += std::visit([&](const auto& it) { return beginning(it); }, blocks[kept_until].what);
          if (!std::holds_alternative<PdfHeading>(blocks[kept_until].what)) break;
        }
        if (together <= body_height) make_room(together);
      }
      std::visit([&](const auto& it) { place(it); }, blocks[i].what);
    }
    finish_page();
  }

  std::size_t pages() const { return page_; }
  std::size_t boxes() const { return boxes_; }
  bool is_full() const { return is_full_; }

 private:
  struct Grid {
    std::vector<double> x, width;
  };
  using Cells = std::vector<PdfText>;

  static const HeadingLook& look_of(const PdfHeading& heading) { return heading_looks[std::size_t(heading.level - 1)]; }
  PdfText text_of(const PdfHeading& it) const { return {fonts_, it.text, look_of(it).style, body_width}; }
  PdfText text_of(const PdfParagraph& it) const { return {fonts_, it.text, paragraph_style, body_width}; }
  PdfText text_of_item(const std::string& it) const { return {fonts_, it, paragraph_style, body_width - item_indent}; }

  // Two lines of it, and no line alone behind them.
  static double beginning(const PdfText& text) { return text.height(text.lines().size() <= 3 ? 3 : 2); }

  // How high what must stay with a heading before it is.
  double beginning(const PdfHeading& it) const {
    return look_of(it).gap_before + text_of(it).height() + look_of(it).gap_after;
  }
  double beginning(const PdfParagraph& it) const { return beginning(text_of(it)); }
  double beginning(const PdfList& it) const { return beginning(text_of_item(it.items.front())); }
  double beginning(const PdfTable& it) const {
    const Grid grid = grid_of(it.columns);
    return height_of(header_of(it, grid)) + (it.rows.empty() ? 0 : beginning(cells_of(it.rows.front(), grid)));
  }
  double beginning(const Cells& cells) const {
    const double whole = height_of(cells);
    if (whole <= row_kept_height) return whole;
    double part = 0;
    for (const PdfText& cell : cells) part = std::max(part, cell.height(lines_together));
    return part + 2 * cell_pad_y;
  }

  void place(const PdfHeading& it) {
    static constexpr const char* tags[] = {"H1", "H2", "H3"};
    PdfText text = text_of(it);
    gap(look_of(it).gap_before);
    make_room(beginning(text));
    add_bookmark(it);
    flow(tags[it.level - 1], std::move(text), margin_side);
    gap(look_of(it).gap_after);
  }

  void place(const PdfParagraph& it) {
    PdfText text = text_of(it);
    make_room(beginning(text));
    flow("P", std::move(text), margin_side);
    gap(paragraph_gap);
  }

  void place(const PdfList& it) {
    make_room(beginning(it));
    PdfTag list(on_, "L");
    for (const std::string& item : it.items) {
      if (is_full_) return;
      PdfText text = text_of_item(item);
      make_room(beginning(text));
      PdfTag tag(on_, "LI");
      {
        PdfTag label(on_, "Lbl");
        draw({fonts_, bullet, paragraph_style, item_indent}, 1, margin_side + 2, y_);
      }
      flow("LBody", std::move(text), margin_side + item_indent);
      gap(item_gap);
    }
    gap(paragraph_gap - item_gap);
  }

  void place(const PdfTable& it) {
    make_room(beginning(it));
    const Grid grid = grid_of(it.columns);
    const Cells header = header_of(it, grid);
    PdfTag table(on_, "Table");
    shade(height_of(header));
    place_row(header_of(it, grid), grid, "TH", nullptr);
    for (const PdfRow& row : it.rows) {
      if (is_full_) return;
      place_row(cells_of(row, grid), grid, "TD", &header);
    }
    gap(paragraph_gap + 3);
  }

  Grid grid_of(const std::vector<PdfColumn>& columns) const {
    const double shares = sum_of_shares(columns);
    Grid grid;
    double x = margin_side;
    for (const PdfColumn& column : columns) {
      grid.x.push_back(x);
      grid.width.push_back(body_width * column.share / shares);
      x += grid.width.back();
    }
    return grid;
  }

  Cells header_of(const PdfTable& table, const Grid& grid) const {
    Cells cells;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      cells.push_back({fonts_, table.columns[i].title, strong_cell_style, grid.width[i] - 2 * cell_pad_x});
    return cells;
  }

  Cells cells_of(const PdfRow& row, const Grid& grid) const {
    Cells cells;
    for (std::size_t i = 0; i < row.size(); ++i)
      cells.push_back(
          {fonts_, row[i].text, row[i].strong ? strong_cell_style : cell_style, grid.width[i] - 2 * cell_pad_x});
    return cells;
  }

  static double height_of(const Cells& cells) {
    double height = 0;
    for (const PdfText& cell : cells) height = std::max(height, cell.height());
    return height + 2 * cell_pad_y;
  }

  // Whole, or by parts of which each is a TR of its own: a TR cannot lie on two pages, as its cells stand side by side
  // and a page is drawn once.
  void place_row(Cells cells, const Grid& grid, const char* tag, const Cells* header) {
    if (beginning(cells) > room() && y_ > fresh_y_) turn_page(grid, header);
    std::vector<std::size_t> count(cells.size());
    for (bool is_begun = false; !is_full_; is_begun = true) {
      double height = 0;
      for (std::size_t i = 0; i < cells.size(); ++i) {
        count[i] = cells[i].lines_within(room() - 2 * cell_pad_y);
        if (count[i] == 0 && y_ <= fresh_y_) count[i] = std::min<std::size_t>(cells[i].lines().size(), 1);
        height = std::max(height, cells[i].height(count[i]));
      }
      draw_row(cells, count, grid, tag, height + 2 * cell_pad_y, is_begun);
      bool is_more = false;
      for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i].drop(count[i]);
        is_more = is_more || !cells[i].lines().empty();
      }
      if (!is_more) return rule(y_, 0.5, 0.75);
      turn_page(grid, header);
    }
  }

  void draw_row(const Cells& cells, const std::vector<std::size_t>& count, const Grid& grid, const char* tag,
                double height, bool is_begun) {
    PdfTag row(on_, "TR");
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const double x = grid.x[i] + cell_pad_x, y = y_ + cell_pad_y;
      PdfClip clip(on_, grid.x[i], y_, grid.width[i], height);
      PdfTag cell(on_, tag);
      draw(cells[i], count[i], x, y);
      if (is_begun && i == 0 && count[0] == 0)
        draw_cut("(continued)", continued_style, grid.width[0] - 2 * cell_pad_x, x, y);
    }
    y_ += height;
  }

  void turn_page(const Grid& grid, const Cells* header) {
    next_page();
    if (!header || height_of(*header) > header_repeated_height) return;
    shade(height_of(*header));
    for (std::size_t i = 0; i < header->size(); ++i)  // no tags: it was read already
      draw((*header)[i], (*header)[i].lines().size(), grid.x[i] + cell_pad_x, y_ + cell_pad_y);
    y_ += height_of(*header);
    rule(y_, 0.5, 0.75);
    fresh_y_ = y_;
  }

  // Lines under each other, on as many pages as they need. There is room for the first ones.
  void flow(const char* tag, PdfText text, double x) {
    PdfTag whole(on_, tag);
    if (text.height() <= room()) return draw_clipped(text, text.lines().size(), x);
    while (!is_full_) {
      std::size_t count = std::max<std::size_t>(text.lines_within(room()), 1);
      if (text.lines().size() - count == 1 && count > 2) --count;  // no line alone on the next page
      {
        PdfTag part(on_, "Span");
        draw_clipped(text, count, x);
      }
      text.drop(count);
      if (text.lines().empty()) return;
      next_page();
    }
  }

  void draw_clipped(const PdfText& text, std::size_t count, double x) {
    const double height = text.height(count);
    PdfClip clip(on_, x, y_ - 1, body_width + margin_side - x, height + 2);
    draw(text, count, x, y_);
    y_ += height;
  }

  void draw(const PdfText& text, std::size_t count, double x, double y) {
    if (!on_) return;
    cairo_set_source_rgb(on_, text.grey(), text.grey(), text.grey());
    for (std::size_t i = 0; i < count; ++i) {
      const PdfLine& line = text.lines()[i];
      cairo_move_to(on_, x + line.x, y + line.ascent);
      pango_cairo_show_layout_line(on_, line.line.get());
      boxes_ += line.boxes;
      y += line.height;
    }
  }

  void draw_cut(std::string_view text, PdfStyle style, double width, double x, double y) {
    const auto shown = cut_to_lines(1, text, fonts_, style, width);
    draw({fonts_, shown, style, width}, 1, x, y);
  }

  void shade(double height) {
    if (!on_) return;
    cairo_set_source_rgb(on_, 0.92, 0.92, 0.92);
    cairo_rectangle(on_, margin_side, y_, body_width, std::min(height, room()));
    cairo_fill(on_);
  }

  void rule(double y, double thick, double grey) {
    if (!on_) return;
    cairo_set_source_rgb(on_, grey, grey, grey);
    cairo_rectangle(on_, margin_side, y - thick / 2, body_width, thick);
    cairo_fill(on_);
  }

  // Nested by level; one of level 3 right under one of level 1 is its child.
  void add_bookmark(const PdfHeading& it) {
    if (!on_) return;
    const auto level = std::size_t(it.level);
    const std::string where = "page=" + std::to_string(page_) + " pos=[" + std::to_string(int(margin_side)) + " " +
                              std::to_string(int(y_)) + "]";
    std::string title(cut_after(bookmark_bytes_max, it.text));
    std::replace(title.begin(), title.end(), '\n', ' ');
    const int id = cairo_pdf_surface_add_outline(surface_, bookmarks_[level - 1], title.c_str(), where.c_str(),
                                                 CAIRO_PDF_OUTLINE_FLAG_OPEN);
    std::fill(bookmarks_.begin() + std::ptrdiff_t(level), bookmarks_.end(), id);
  }

  // A little more than there is: the same heights, added in another order, must fit too.
  double room() const { return body_bottom - y_ + 0.01; }
  // At a page's head there is none.
  void gap(double height) {
    if (y_ > fresh_y_) y_ = std::min(y_ + height, body_bottom);
  }
  void make_room(double height) {
    if (height > room() && y_ > fresh_y_) next_page();
  }

  void next_page() {
    if (page_ == limits::pdf_pages_max) {
      is_full_ = true;
    } else {
      finish_page();
      ++page_;
    }
    y_ = fresh_y_ = body_top;
  }

  void finish_page() {
    if (!on_) return;
    rule(footer_top, 0.5, 0.6);
    const PdfText footer(fonts_, footer_, footer_style, footer_width);
    draw(footer, footer.lines().size(), margin_side, footer_top + 5);
    const auto number = "page " + std::to_string(page_) + " of " + std::to_string(pages_);
    const PdfText text(fonts_, number, footer_style, page_number_width);
    draw(text, 1, margin_side + body_width - text.lines().front().width, footer_top + 5);
    cairo_show_page(on_);
  }

  const PdfFonts& fonts_;
  cairo_surface_t* surface_;
  cairo_t* on_;
  std::string footer_;
  std::size_t pages_, page_ = 1, boxes_ = 0;
  double y_ = body_top, fresh_y_ = body_top;  // where the next thing stands; where it would on a page that is empty
  std::array<int, 4> bookmarks_{};            // the last one above each level; 0 is the root
  bool is_full_ = false;
};

constexpr const char* cannot_make = "cannot make the PDF";
constexpr std::size_t text_bytes_each = 64;

tl::unexpected<Error> pdf_too_long(std::string why) {
  return fail("pdf-too-long", cannot_make, std::move(why),
              "print a shorter time, or fewer agencies, and then the rest");
}

tl::unexpected<Error> pdf_failed(std::string why) {
  return fail("pdf-failed", cannot_make, std::move(why), "print again; if it stays, tell who runs the node");
}

// Called by cairo, through which no exception may pass.
cairo_status_t append_pdf(void* to, const unsigned char* bytes, unsigned int count) {
  try {
    append(*static_cast<Bytes*>(to), {bytes, count});
  } catch (const std::bad_alloc&) {
    return CAIRO_STATUS_NO_MEMORY;
  }
  return CAIRO_STATUS_SUCCESS;
}

void set_facts(cairo_surface_t* surface, const PdfFacts& facts) {
  auto set = [&](cairo_pdf_metadata_t what, const std::string& text) {
    if (!text.empty()) cairo_pdf_surface_set_metadata(surface, what, text.c_str());
  };
  set(CAIRO_PDF_METADATA_TITLE, facts.title);
  set(CAIRO_PDF_METADATA_AUTHOR, facts.author);
  set(CAIRO_PDF_METADATA_SUBJECT, facts.subject);
  const std::string made_at = to_iso_utc(facts.made_at).substr(0, 19) + "Z";  // cairo reads no part of a second
  set(CAIRO_PDF_METADATA_CREATE_DATE, made_at);
  set(CAIRO_PDF_METADATA_MOD_DATE, made_at);
}

}  // namespace

PdfDocument::PdfDocument(PdfFacts facts) : facts_(std::move(facts)) {
  CHECK(facts_.made_at.is_set());
  for (std::string* text : {&facts_.title, &facts_.author, &facts_.subject, &facts_.footer}) {
    *text = taken(*text);
    std::replace(text->begin(), text->end(), '\n', ' ');
  }
}
PdfDocument::PdfDocument(PdfDocument&&) noexcept = default;
PdfDocument& PdfDocument::operator=(PdfDocument&&) noexcept = default;
PdfDocument::~PdfDocument() = default;

void PdfDocument::heading(int level, std::string_view text) {
  CHECK(level >= 1 && level <= 3);
  if (auto title = taken(text); !title.empty()) add(blocks_, PdfHeading{level, std::move(title)});
}

void PdfDocument::paragraph(std::string_view text) {
  if (auto words = taken(text); !words.empty()) add(blocks_, PdfParagraph{std::move(words)});
}

void PdfDocument::list(const std::vector<std::string>& items) {
  PdfList list;
  for (const std::string& item : items)
    if (auto words = taken(item); !words.empty()) list.items.push_back(std::move(words));
  if (!list.items.empty()) add(blocks_, std::move(list));
}

void PdfDocument::table(const std::vector<PdfColumn>& columns, const std::vector<PdfRow>& rows) {
  CHECK(!columns.empty());
  const double shares = sum_of_shares(columns);
  PdfTable table;
  for (const PdfColumn& column : columns) {
    CHECK(column.share >= column_share_min * shares);
    table.columns.push_back({taken(column.title), column.share});
  }
  for (const PdfRow& row : rows) {
    CHECK(row.size() == columns.size());
    PdfRow& kept = table.rows.emplace_back();
    for (const PdfCell& cell : row) kept.push_back({taken(cell.text), cell.strong});
    if (text_bytes_ > limits::pdf_text_bytes_max) return;
  }
  add(blocks_, std::move(table));
}

// Printable, and counted. Past the limit nothing more is kept: finish() refuses.
std::string PdfDocument::taken(std::string_view text) {
  if (text_bytes_ > limits::pdf_text_bytes_max) return {};
  text_bytes_ += text.size() + text_bytes_each;
  return text_bytes_ > limits::pdf_text_bytes_max ? std::string() : printable(text);
}

Expected<PdfFile> PdfDocument::finish() const {
  if (text_bytes_ > limits::pdf_text_bytes_max) return pdf_too_long("it has more text than one may have (4 MiB)");
  const PdfFonts fonts;
  if (!fonts.are_there())
    return fail("no-font", cannot_make, "no font is installed on this machine", "install fonts-dejavu-core");
  PdfComposer counted(fonts, nullptr, nullptr, facts_.footer, 0);
  counted.compose(blocks_);
  if (counted.is_full()) return pdf_too_long("it has more pages than one may have (1000)");

  PdfFile file;
  PdfPtr<cairo_surface_t> surface(
      cairo_pdf_surface_create_for_stream(append_pdf, &file.bytes, page_width, page_height));
  set_facts(surface.get(), facts_);
  PdfPtr<cairo_t> on(cairo_create(surface.get()));
  PdfComposer drawn(fonts, surface.get(), on.get(), facts_.footer, counted.pages());
  drawn.compose(blocks_);
  auto status = cairo_status(on.get());
  on.reset();
  cairo_surface_finish(surface.get());
  if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface.get());
  if (status != CAIRO_STATUS_SUCCESS) return pdf_failed(cairo_status_to_string(status));
  if (drawn.pages() != counted.pages()) return pdf_failed("it came out with other pages than were counted before");
  file.pages = drawn.pages();
  file.boxes = drawn.boxes();
  return file;
}

}  // namespace ginnel
