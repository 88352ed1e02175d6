// SPDX-License-Identifier: Apache-2.0
// How a source writes its dates: "DD/MM/YYYY HH:MI" and the like, declared and never guessed.
//
// Parts: YYYY, MM, DD, MON (Jan, january), HH, MI, SS; everything else stands for itself. A part of two digits
// may have one where no other number touches it. The precision is what the form holds: without DD a month, with HH:MI a
// minute in Europe/London. The form "ISO" reads what parse_when() reads, with an offset where the text has one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/time.h"

namespace ginnel {

class DateForm {
 public:
  // Nothing unless the form holds a year and is of the parts above.
  static std::optional<DateForm> parse(std::string_view form);

  // Nothing if the text is not exactly of the form, or no such day or time exists.
  std::optional<When> read(std::string_view text) const;
  bool has_time() const { return has_time_; }

 private:
  enum class Part { year, month, month_name, day, hour, minute, second, literal };
  struct Piece {
    Part part;
    char literal;
    bool stands_alone;  // no number beside it: it may have one digit
  };
  std::vector<Piece> pieces_;
  bool has_month_ = false, has_day_ = false, has_time_ = false, is_iso_ = false;
};

// The first form that reads it.
std::optional<When> read_date(const std::vector<DateForm>& forms, std::string_view text);

// "23:10", "2310", "23:10:00", "9:05": minutes after midnight.
std::optional<int> read_time_of_day(std::string_view text);

}  // namespace ginnel
