// SPDX-License-Identifier: Apache-2.0
#include "adapters/xml/xml_stream.h"

#include <algorithm>

#include "adapters/limits.h"

namespace ginnel {
namespace {

bool same(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

const std::string not_ended = "the element has no end";

}  // namespace

bool XmlStream::has(std::size_t bytes) {
  while (buffer_.size() - position_ < bytes && !source_ended_) {
    // What was passed is dropped now and then, so that the buffer stays small.
    if (position_ > limits::csv_read_bytes) {
      buffer_.erase(0, position_);
      position_ = 0;
    }
    auto more = source_.read(buffer_);
    if (!more) error_ = more.error();
    if (!more || !*more) source_ended_ = true;
  }
  return buffer_.size() - position_ >= bytes;
}

std::optional<std::size_t> XmlStream::find_end(std::string_view mark) {
  for (std::size_t from = 0; from < limits::xml_element_bytes_max;) {
    auto found = buffer_.find(mark, position_ + from);
    if (found != std::string::npos) return found + mark.size() - position_;
    std::size_t there = buffer_.size() - position_;
    from = there > mark.size() ? there - mark.size() : 0;
    if (!has(there + 1)) return std::nullopt;
  }
  return std::nullopt;
}

// The end of a tag, or of a document type with its [list of declarations].
std::optional<std::size_t> XmlStream::find_tag_end() {
  char quote = 0;
  int brackets = 0;
  for (std::size_t at = 1; at < limits::xml_tag_bytes_max && has(at + 1); ++at) {
    char c = buffer_[position_ + at];
    if (quote) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[') {
      ++brackets;
    } else if (c == ']') {
      --brackets;
    } else if (c == '>' && brackets <= 0) {
      return at + 1;
    }
  }
  return std::nullopt;
}

XmlStream::Tag XmlStream::tag_in(std::string_view text) const {
  Tag tag;
  tag.is_end = text.size() > 1 && text[1] == '/';
  tag.is_empty = text.size() > 2 && text[text.size() - 2] == '/';
  std::string_view name = text.substr(tag.is_end ? 2 : 1);
  name = name.substr(0, name.find_first_of(" \t\r\n/>"));
  auto colon = name.rfind(':');
  tag.name = colon == std::string_view::npos ? name : name.substr(colon + 1);
  return tag;
}

// Goes on, keeping what was passed where it belongs.
void XmlStream::pass(std::size_t bytes) {
  std::string_view passed(buffer_.data() + position_, bytes);
  line_ += std::uint32_t(std::count(passed.begin(), passed.end(), '\n'));
  if (inside_ && !skipping_) current_ += passed;
  if (!seen_one_ && prolog_.size() <= limits::xml_prolog_bytes_max) prolog_ += passed;
  position_ += bytes;
}

void XmlStream::give_up(Piece& piece, std::string fault) {
  piece = {current_line_, {}, std::move(fault)};
  current_.clear();
  inside_ = skipping_ = false;
}

Expected<bool> XmlStream::next(Piece& piece) {
  while (!finished_) {
    // Text up to the next tag.
    while (has(1) && buffer_[position_] != '<') {
      auto tag = std::min(buffer_.find('<', position_), buffer_.size());
      pass(tag - position_);
    }
    if (inside_ && !skipping_ && current_.size() > limits::xml_element_bytes_max) {
      skipping_ = true;
      current_.clear();
      current_.shrink_to_fit();
    }
    if (!seen_one_ && prolog_.size() > limits::xml_prolog_bytes_max)
      return fail(
          "too-much", "cannot read the file",
          "more than " + std::to_string(limits::xml_prolog_bytes_max) + " bytes before the first <" + element_ + ">",
          "is it the right file?");
    if (!has(1)) break;

    has(9);
    std::string_view ahead = std::string_view(buffer_).substr(position_, 9);
    std::optional<std::size_t> length;
    if (ahead.starts_with("<!--")) {
      length = find_end("-->");
    } else if (ahead.starts_with("<![CDATA[")) {
      length = find_end("]]>");
    } else if (ahead.starts_with("<?")) {
      length = find_end("?>");
    } else if (ahead.starts_with("<!")) {
      length = find_tag_end();
      has_document_type_ = true;
    } else {
      length = find_tag_end();
      if (length) {
        std::string_view whole(buffer_.data() + position_, *length);
        Tag tag = tag_in(whole);
        if (root_.empty() && !tag.is_end) root_ = std::string(tag.name);
        bool is_ours = same(tag.name, element_);
        bool ends_all = tag.is_end && (same(tag.name, container_) || (!root_.empty() && same(tag.name, root_)));
        if (tag.is_end && same(tag.name, root_)) root_closed_ = true;
        if (inside_ && (ends_all || (is_ours && !tag.is_end))) {
          // The tag is looked at again, outside.
          give_up(piece, not_ended);
          if (tag.is_end) pass(*length);
          return true;
        }
        if (is_ours && !tag.is_end) {
          seen_one_ = inside_ = true;
          current_line_ = line_;
          current_.clear();
          pass(*length);
          if (!tag.is_empty) continue;
          piece = {current_line_, std::move(current_), {}};
          inside_ = false;
          current_.clear();
          return true;
        }
        if (is_ours && inside_) {
          pass(*length);
          if (skipping_) {
            give_up(piece, "the element has more than " + std::to_string(limits::xml_element_bytes_max) + " bytes");
            return true;
          }
          piece = {current_line_, std::move(current_), {}};
          inside_ = false;
          current_.clear();
          return true;
        }
      }
    }
    if (length) {
      pass(*length);
      continue;
    }
    // Something that never ends, or is too long: the element it stands in is lost, and reading goes on after its `<`.
    if (!seen_one_ && !has(limits::xml_tag_bytes_max) && source_ended_) break;
    if (++broken_ > limits::xml_broken_max)
      return fail("not-xml", "cannot read the file to its end",
                  "more than " + std::to_string(limits::xml_broken_max) + " tags or comments in it have no end",
                  "export it again");
    bool was_inside = inside_;
    if (was_inside) give_up(piece, "something in the element has no end");
    pass(1);
    if (was_inside) return true;
  }
  if (std::exchange(finished_, true)) return false;
  if (error_) {
    if (inside_) give_up(piece, not_ended);
    return tl::unexpected(*error_);
  }
  if (root_.empty()) return fail("not-xml", "cannot read the file", "it holds no XML element", "is it the right file?");
  if (!root_closed_) {
    if (inside_) {
      // Told as a row; the next call tells that the file is cut.
      give_up(piece, "the file ends inside the element");
      finished_ = false;
      position_ = buffer_.size();
      return true;
    }
    return fail("cut-file", "cannot read the file to its end", "it ends before its last element <" + root_ + "> does",
                "export it again; what stands before the cut was read");
  }
  return false;
}

}  // namespace ginnel
