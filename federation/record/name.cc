// SPDX-License-Identifier: Apache-2.0
#include "federation/record/name.h"

#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

#include "federation/base/check.h"

namespace ginnel {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Making one costs milliseconds and using one from two threads is not allowed: one for each thread.
icu::Transliterator& transliterator() {
  thread_local std::unique_ptr<icu::Transliterator> made = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> it(icu::Transliterator::createInstance(
        "Any-Latin; NFKD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower", UTRANS_FORWARD, error));
    CHECK(U_SUCCESS(error));
    return it;
  }();
  return *made;
}

std::string to_ascii_letters(std::string_view text) {
  auto unicode = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), std::int32_t(text.size())));
  transliterator().transliterate(unicode);
  std::string out;
  for (std::int32_t i = 0; i < unicode.length(); i = unicode.moveIndex32(i, 1)) {
    UChar32 c = unicode.char32At(i);
    if (c < 0x80) {
      out += char(c);
    } else if (!u_isalpha(c)) {  // a letter that has no Latin form (an ayn, a glottal stop) joins what is around it
      out += ' ';
    }
  }
  return out;
}

}  // namespace

std::string normal_name(std::string_view text) {
  std::string converted;
  if (!is_ascii(text)) {
    converted = to_ascii_letters(text);
    text = converted;
  }
  std::string out;
  bool space_due = false;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    if (c >= 'a' && c <= 'z') {
      if (space_due && !out.empty()) out += ' ';
      space_due = false;
      out += c;
    } else if (c != '\'' && c != '-' && c != '`') {
      space_due = true;
    }
  }
  return out;
}

}  // namespace ginnel
