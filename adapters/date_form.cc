// SPDX-License-Identifier: Apache-2.0
#include "adapters/date_form.h"

#include <array>

namespace ginnel {
namespace {

constexpr std::array<std::string_view, 12> month_names = {"january",   "february", "march",    "april",
                                                          "may",       "june",     "july",     "august",
                                                          "september", "october",  "november", "december"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes `digits` digits, or fewer (at least one) where `short_allowed`.
std::optional<int> take_number(std::string_view& text, std::size_t digits, bool short_allowed) {
  std::size_t n = 0;
  int value = 0;
  while (n < digits && n < text.size() && is_digit(text[n])) value = value * 10 + (text[n++] - '0');
  if (n == 0 || (n < digits && !short_allowed)) return std::nullopt;
  text.remove_prefix(n);
  return value;
}

// Three letters or the whole name, in any case.
std::optional<int> take_month_name(std::string_view& text) {
  std::string word;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    if (c < 'a' || c > 'z') break;
    word += c;
  }
  for (std::size_t i = 0; i < month_names.size(); ++i) {
    if (word != month_names[i] && word != month_names[i].substr(0, 3)) continue;
    text.remove_prefix(word.size());
    return int(i) + 1;
  }
  return std::nullopt;
}

}  // namespace

std::optional<DateForm> DateForm::parse(std::string_view form) {
  struct Word {
    std::string_view text;
    Part part;
  };
  static constexpr Word words[] = {{"YYYY", Part::year}, {"MON", Part::month_name}, {"MM", Part::month},
                                   {"MI", Part::minute}, {"DD", Part::day},         {"HH", Part::hour},
                                   {"SS", Part::second}};
  DateForm made;
  if (form == "ISO") {
    made.is_iso_ = true;
    return made;
  }
  bool has_year = false, has_hour = false, has_minute = false;
  while (!form.empty()) {
    Piece piece{Part::literal, form[0], false};
    std::size_t taken = 1;
    for (const Word& word : words) {
      if (!form.starts_with(word.text)) continue;
      piece = {word.part, 0, false};
      taken = word.text.size();
      break;
    }
    bool letter = (piece.literal >= 'A' && piece.literal <= 'Z') || (piece.literal >= 'a' && piece.literal <= 'z');
    if (letter && piece.literal != 'T') return std::nullopt;  // a part that does not exist
    has_year |= piece.part == Part::year;
    made.has_month_ |= piece.part == Part::month || piece.part == Part::month_name;
    made.has_day_ |= piece.part == Part::day;
    has_hour |= piece.part == Part::hour;
    has_minute |= piece.part == Part::minute;
    made.pieces_.push_back(piece);
    form.remove_prefix(taken);
  }
  auto is_number = [&](std::size_t i) {  // false outside the form too
    return i < made.pieces_.size() && made.pieces_[i].part != Part::literal && made.pieces_[i].part != Part::month_name;
  };
  for (std::size_t i = 0; i < made.pieces_.size(); ++i) {
    made.pieces_[i].stands_alone = !is_number(i - 1) && !is_number(i + 1);
  }
  made.has_time_ = has_hour && has_minute;
  bool whole = has_year && made.has_month_ >= made.has_day_ && has_hour == has_minute && made.has_day_ >= has_hour;
  if (!whole) return std::nullopt;
  return made;
}

std::optional<When> DateForm::read(std::string_view text) const {
  if (is_iso_) return parse_when(text);
  int year = 0, month = 1, day = 1, hour = 0, minute = 0;
  for (const Piece& piece : pieces_) {
    if (piece.part == Part::literal) {
      if (text.empty() || text[0] != piece.literal) return std::nullopt;
      text.remove_prefix(1);
      continue;
    }
    std::optional<int> value = piece.part == Part::month_name ? take_month_name(text)
                               : piece.part == Part::year     ? take_number(text, 4, false)
                                                              : take_number(text, 2, piece.stands_alone);
    if (!value) return std::nullopt;
    switch (piece.part) {
      case Part::year:
        year = *value;
        break;
      case Part::month:
      case Part::month_name:
        month = *value;
        break;
      case Part::day:
        day = *value;
        break;
      case Part::hour:
        hour = *value;
        break;
      case Part::minute:
        minute = *value;
        break;
      case Part::second:
        if (*value > 59) return std::nullopt;
        break;
      case Part::literal:
        break;
    }
  }
  auto date = Date::of(year, month, day);
  if (!text.empty() || !date || hour > 23 || minute > 59) return std::nullopt;
  if (has_time_) return When::at_instant(london_instant(*date, hour * 60 + minute));
  When when = When::on(*date);
  when.precision = has_day_ ? Precision::day : has_month_ ? Precision::month : Precision::year;
  return when;
}

std::optional<When> read_date(const std::vector<DateForm>& forms, std::string_view text) {
  for (const DateForm& form : forms) {
    if (auto when = form.read(text)) return when;
  }
  return std::nullopt;
}

std::optional<int> read_time_of_day(std::string_view text) {
  bool colon = text.find(':') != std::string_view::npos;
  auto hour = take_number(text, 2, colon);
  if (!hour) return std::nullopt;
  if (colon) {
    if (text.empty() || text[0] != ':') return std::nullopt;
    text.remove_prefix(1);
  }
  auto minute = take_number(text, 2, false);
  if (!minute) return std::nullopt;
  if (colon && !text.empty() && text[0] == ':') {
    text.remove_prefix(1);
    auto second = take_number(text, 2, false);
    if (!second || *second > 59) return std::nullopt;
  }
  if (!text.empty() || *hour > 23 || *minute > 59) return std::nullopt;
  return *hour * 60 + *minute;
}

}  // namespace ginnel
