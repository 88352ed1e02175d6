// SPDX-License-Identifier: Apache-2.0
// The repeated elements of a large XML file, one at a time: <Child>...</Child>, <Child>...</Child>.
//
// Looks for tags only; what stands between them is parsed element by element (xml_element.h). So memory is one element,
// a broken element costs itself alone, and a file that was cut gives every element before the cut.
//
// Read: UTF-8, UTF-16 (with or without a byte order mark), Windows-1252 and Latin-1 where declared or where the bytes
// are no UTF-8 (then `is_guessed` says so). Refused: UTF-32 and other declared encodings.
//
// Thread: any, one at a time. The stream outlives the reader.
// Failure: `unreadable`, `wrong-encoding`, `not-xml`, `cut-file` (the file ends inside its root), `too-much`. What came
//          before an error stands.
// Limits: limits::xml_*.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

#include "federation/base/error.h"

namespace ginnel {

// Bytes of a file as UTF-8, whatever they were.
class XmlText {
 public:
  explicit XmlText(std::istream& in) : in_(in) {}
  // Appends the next piece; false at the end.
  Expected<bool> read(std::string& to);
  bool is_guessed() const { return is_guessed_; }

 private:
  enum class Encoding { utf8, utf16_le, utf16_be, windows_1252 };
  Expected<void> start();
  void append_utf16(std::string& to);
  void append_utf8(std::string& to, bool at_end);

  std::istream& in_;
  std::string raw_;  // read, not yet given
  std::uint16_t high_surrogate_ = 0;
  Encoding encoding_ = Encoding::utf8;
  bool started_ = false, is_guessed_ = false;
};

class XmlStream {
 public:
  struct Piece {
    std::uint32_t line = 0;  // where the element starts
    std::string text;        // from its start tag to its end tag
    std::string fault;       // not empty: the element is not whole, and `text` is empty
  };

  // `element`: the local name of what repeats; `container`: the element around them, whose end ends an element too.
  XmlStream(std::istream& in, std::string element, std::string container)
      : source_(in), element_(std::move(element)), container_(std::move(container)) {}

  // Fills `piece`; false after the last.
  Expected<bool> next(Piece& piece);

  // Everything before the first element; complete after the first call of next().
  const std::string& prolog() const { return prolog_; }
  const std::string& root() const { return root_; }  // local name of the first element of the file
  bool has_document_type() const { return has_document_type_; }
  bool is_encoding_guessed() const { return source_.is_guessed(); }

 private:
  struct Tag {
    std::string_view name;  // local
    bool is_end = false, is_empty = false;
  };
  bool has(std::size_t bytes);  // that many after position_
  // Offset of the mark's end from position_; nothing if the file, or the limit, ends first.
  std::optional<std::size_t> find_end(std::string_view mark);
  std::optional<std::size_t> find_tag_end();
  Tag tag_in(std::string_view text) const;
  void pass(std::size_t bytes);
  void give_up(Piece& piece, std::string fault);

  XmlText source_;
  std::string element_, container_, prolog_, root_;
  std::string buffer_;
  std::size_t position_ = 0;
  std::uint32_t line_ = 1;
  std::string current_;  // the element being collected
  std::uint32_t current_line_ = 0;
  std::size_t broken_ = 0;  // looking for an end that is not there costs a limit's length each time
  std::optional<Error> error_;
  bool inside_ = false, skipping_ = false, seen_one_ = false, root_closed_ = false, has_document_type_ = false,
       source_ended_ = false, finished_ = false;
};

}  // namespace ginnel
