// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "adapters/encoding.h"
#include "adapters/limits.h"
#include "adapters/xml/xml_stream.h"
#include "federation/base/utf8.h"

namespace ginnel {
namespace {

unsigned char byte_at(const std::string& text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  return text;
}

// The value of encoding="..." in an XML declaration, in lower case.
std::string declared_encoding(std::string_view start) {
  if (!start.starts_with("<?xml")) return {};
  std::string declaration = lower(std::string(start.substr(0, std::min(start.find("?>"), start.size()))));
  auto at = declaration.find("encoding");
  if (at == std::string::npos) return {};
  auto from = declaration.find_first_of("\"'", at);
  if (from == std::string::npos) return {};
  auto to = declaration.find(declaration[from], from + 1);
  return to == std::string::npos ? std::string() : declaration.substr(from + 1, to - from - 1);
}

void append_code_point(std::string& to, std::uint32_t c) {
  if (c < 0x80) {
    to += char(c);
  } else if (c < 0x800) {
    to += char(0xc0 | c >> 6);
    to += char(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    to += char(0xe0 | c >> 12);
    to += char(0x80 | (c >> 6 & 0x3f));
    to += char(0x80 | (c & 0x3f));
  } else {
    to += char(0xf0 | c >> 18);
    to += char(0x80 | (c >> 12 & 0x3f));
    to += char(0x80 | (c >> 6 & 0x3f));
    to += char(0x80 | (c & 0x3f));
  }
}

// How many bytes at the end may be the beginning of a character.
std::size_t unfinished_bytes(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? back : 0;
    }
  }
  return 0;
}

}  // namespace

Expected<void> XmlText::start() {
  started_ = true;
  if (raw_.size() >= 4) {
    bool le32 =
        raw_.compare(0, 4, std::string("\xff\xfe\0\0", 4)) == 0 || raw_.compare(0, 4, std::string("<\0\0\0", 4)) == 0;
    bool be32 =
        raw_.compare(0, 4, std::string("\0\0\xfe\xff", 4)) == 0 || raw_.compare(0, 4, std::string("\0\0\0<", 4)) == 0;
    if (le32 || be32) return fail("wrong-encoding", "cannot read the file", "it is UTF-32", "export it as UTF-8");
  }
  if (raw_.size() >= 2) {
    bool le_mark = byte_at(raw_, 0) == 0xff && byte_at(raw_, 1) == 0xfe;
    bool be_mark = byte_at(raw_, 0) == 0xfe && byte_at(raw_, 1) == 0xff;
    if (le_mark || (raw_[0] == '<' && raw_[1] == '\0')) encoding_ = Encoding::utf16_le;
    if (be_mark || (raw_[0] == '\0' && raw_[1] == '<')) encoding_ = Encoding::utf16_be;
    if (le_mark || be_mark) raw_.erase(0, 2);
  }
  if (encoding_ != Encoding::utf8) return {};
  if (raw_.starts_with("\xef\xbb\xbf")) raw_.erase(0, 3);
  std::string declared = declared_encoding(raw_);
  if (declared == "windows-1252" || declared == "iso-8859-1" || declared == "latin1") {
    encoding_ = Encoding::windows_1252;
  } else if (!declared.empty() && declared != "utf-8" && declared != "utf8" && declared != "us-ascii" &&
             declared != "ascii" && !declared.starts_with("utf-16")) {
    return fail("wrong-encoding", "cannot read the file", "it declares an encoding that is not read",
                "export it as UTF-8, UTF-16 or Windows-1252");
  }
  return {};
}

void XmlText::append_utf16(std::string& to) {
  std::size_t at = 0;
  for (; at + 1 < raw_.size(); at += 2) {
    std::uint16_t unit = encoding_ == Encoding::utf16_le
                             ? std::uint16_t(byte_at(raw_, at) | byte_at(raw_, at + 1) << 8)
                             : std::uint16_t(byte_at(raw_, at) << 8 | byte_at(raw_, at + 1));
    bool is_low = unit >= 0xdc00 && unit < 0xe000, is_high = unit >= 0xd800 && unit < 0xdc00;
    if (high_surrogate_ != 0) {
      if (is_low)
        append_code_point(to, 0x10000u + ((std::uint32_t(high_surrogate_) - 0xd800u) << 10) + (unit - 0xdc00u));
      else
        append_code_point(to, 0xfffd);
      high_surrogate_ = 0;
      if (is_low) continue;
    }
    if (is_high)
      high_surrogate_ = unit;
    else
      append_code_point(to, is_low ? 0xfffdu : unit);
  }
  raw_.erase(0, at);
}

void XmlText::append_utf8(std::string& to, bool at_end) {
  std::size_t keep = at_end || encoding_ == Encoding::windows_1252 ? 0 : unfinished_bytes(raw_);
  std::string_view ready(raw_.data(), raw_.size() - keep);
  if (encoding_ == Encoding::windows_1252) {
    to += utf8_from_windows_1252(ready);
  } else if (is_utf8(ready)) {
    to += ready;
  } else {
    // From here on; what came before was sound in both.
    is_guessed_ = true;
    encoding_ = Encoding::windows_1252;
    to += utf8_from_windows_1252(raw_);
    keep = 0;
  }
  raw_.erase(0, raw_.size() - keep);
}

Expected<bool> XmlText::read(std::string& to) {
  std::size_t had = raw_.size();
  raw_.resize(had + limits::csv_read_bytes);
  in_.read(raw_.data() + had, std::streamsize(limits::csv_read_bytes));
  std::size_t got = std::size_t(in_.gcount());
  raw_.resize(had + got);
  if (in_.bad())
    return fail("unreadable", "cannot read the file", "reading it failed", "check the disk, then try again");
  if (!started_)
    if (auto begun = start(); !begun) return tl::unexpected(begun.error());
  if (encoding_ == Encoding::utf16_le || encoding_ == Encoding::utf16_be)
    append_utf16(to);
  else
    append_utf8(to, got == 0);
  return got > 0;
}

}  // namespace ginnel
