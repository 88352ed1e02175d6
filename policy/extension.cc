// SPDX-License-Identifier: Apache-2.0
#include "policy/extension.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "policy/ascii.h"

namespace ginnel::policy {

namespace {

using Failure = tl::unexpected<std::string>;

constexpr std::int64_t second_ms = 1000, minute_ms = 60 * second_ms, hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;
constexpr std::size_t address_text_bytes_max = 43;  // the longest IPv6 address and prefix

bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }
Failure refuse(std::string why) { return Failure(std::move(why)); }

// A number of exactly the digits given.
template <class T>
std::optional<T> number(std::string_view digits, int base = 10) {
  T value{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// Takes the first `count` digits off `text`; false when there are not as many.
bool take_digits(std::string_view& text, std::size_t count, int& value) {
  if (text.size() < count || !all_digits(text.substr(0, count))) return false;
  value = number<int>(text.substr(0, count)).value_or(0);
  text.remove_prefix(count);
  return true;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool parse_v4(std::string_view text, std::array<std::uint8_t, 16>& bytes) {
  for (int i = 0; i < 4; ++i) {
    if (i > 0 && !take(text, '.')) return false;
    std::size_t length = 0;
    while (length < text.size() && length < 4 && is_digit(text[length])) ++length;
    const auto part = text.substr(0, length);
    const auto value = number<std::uint8_t>(part);
    if (length == 0 || length > 3 || !value || (length > 1 && part.front() == '0')) return false;
    bytes[i] = *value;
    text.remove_prefix(length);
  }
  return text.empty();
}

// The groups of one side of `::`, at most `room`; nothing when malformed.
std::optional<int> parse_groups(std::string_view text, std::array<std::uint16_t, 8>& groups, int room) {
  if (text.empty()) return 0;
  int count = 0;
  for (;;) {
    const auto colon = text.find(':');
    const auto group = text.substr(0, colon);
    const auto value = group.size() <= 4 ? number<std::uint16_t>(group, 16) : std::nullopt;
    if (!value || count == room) return std::nullopt;
    groups[count++] = *value;
    if (colon == std::string_view::npos) return count;
    text.remove_prefix(colon + 1);
  }
}

bool parse_v6(std::string_view text, std::array<std::uint8_t, 16>& bytes) {
  std::array<std::uint16_t, 8> groups{};
  const auto gap = text.find("::");
  if (gap == std::string_view::npos) {
    if (parse_groups(text, groups, 8) != 8) return false;
  } else {
    // `::` stands for at least one group, so that seven groups beside it are the most.
    std::array<std::uint16_t, 8> right{};
    const auto left_count = parse_groups(text.substr(0, gap), groups, 7);
    if (!left_count) return false;
    const auto right_count = parse_groups(text.substr(gap + 2), right, 7 - *left_count);
    if (!right_count) return false;
    std::copy_n(right.begin(), *right_count, groups.end() - *right_count);
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
    bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i]);
  }
  return true;
}

bool first_bits_equal(const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b, unsigned bits) {
  const unsigned whole = bits / 8, rest = bits % 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

// Adds count units to the total, away from zero in the direction of the sign.
bool add_units(std::int64_t& total_ms, std::uint64_t count, std::int64_t unit_ms, bool negative) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (negative && unit_ms == 1 && count == most + 1 && total_ms == 0) {
    total_ms = std::numeric_limits<std::int64_t>::min();
    return true;
  }
  std::int64_t amount_ms = 0;
  if (count > most || __builtin_mul_overflow(static_cast<std::int64_t>(count), unit_ms, &amount_ms)) return false;
  return negative ? !__builtin_sub_overflow(total_ms, amount_ms, &total_ms)
                  : !__builtin_add_overflow(total_ms, amount_ms, &total_ms);
}

// Days since 1970-01-01 in the proleptic Gregorian calendar, by counting years from March so that the leap day
// is the last of its year.
std::int64_t days_from_civil(int year, int month, int day) {
  const int shifted_year = month <= 2 ? year - 1 : year;
  const int month_from_march = (month + 9) % 12;
  const int era = (shifted_year >= 0 ? shifted_year : shifted_year - 399) / 400;
  const int year_of_era = shifted_year - era * 400;
  const int day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return static_cast<std::int64_t>(era) * 146097 + day_of_era - 719468;
}

struct Date {
  int year, month, day;
};

// The way back, for days of the years 0 to 9999.
Date date_of(std::int64_t days) {
  const auto shifted = days + 719468;
  const auto era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const auto day_of_era = static_cast<int>(shifted - era * 146097);
  const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month_from_march = (5 * day_of_year + 2) / 153;
  const int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const int year = static_cast<int>(era) * 400 + year_of_era + (month <= 2 ? 1 : 0);
  return {year, month, day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

std::string digits(std::int64_t number, std::size_t width) {
  auto out = std::to_string(number);
  if (out.size() < width) out.insert(0, width - out.size(), '0');
  return out;
}

// What a datetime literal can say in its own zone, and how far a zone lies from UTC at most.
const std::int64_t first_literal_ms = days_from_civil(0, 1, 1) * day_ms;
const std::int64_t last_literal_ms = days_from_civil(10000, 1, 1) * day_ms - 1;
constexpr std::int64_t zone_max_ms = 23 * hour_ms + 59 * minute_ms;

bool is_date(int year, int month, int day) {
  static constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

// `.SSS` if there is one, then Z or an offset; the milliseconds to add to the local time for UTC.
tl::expected<std::int64_t, std::string> parse_fraction_and_zone(std::string_view text) {
  const auto malformed = refuse("a time ends with Z, .SSSZ, +hhmm or .SSS+hhmm");
  std::int64_t result_ms = 0;
  if (take(text, '.')) {
    int ms = 0;
    if (!take_digits(text, 3, ms)) return malformed;
    result_ms = ms;
  }
  if (text == "Z") return result_ms;
  const bool ahead = take(text, '+');
  if (!ahead && !take(text, '-')) return malformed;
  int hours = 0, minutes = 0;
  if (!take_digits(text, 2, hours) || !take_digits(text, 2, minutes) || !text.empty()) return malformed;
  if (hours > 23 || minutes > 59) return refuse("an offset has hours to 23 and minutes to 59");
  const auto offset_ms = hours * hour_ms + minutes * minute_ms;
  return ahead ? result_ms - offset_ms : result_ms + offset_ms;
}

}  // namespace

tl::expected<Decimal, std::string> Decimal::parse(std::string_view text) {
  const auto point = text.find('.');
  const bool negative = !text.empty() && text.front() == '-';
  const std::size_t first = negative ? 1 : 0;
  if (point == std::string_view::npos || point < first || !all_digits(text.substr(first, point - first)) ||
      !all_digits(text.substr(point + 1))) {
    return refuse("this is not a decimal such as \"12.5\"");
  }
  auto fraction = text.substr(point + 1);
  if (fraction.size() > 4) return refuse("a decimal has at most four digits after the point");
  const auto whole = number<std::int64_t>(text.substr(0, point));
  std::int64_t scaled = 0;
  if (!whole || __builtin_mul_overflow(*whole, std::int64_t{10'000}, &scaled)) {
    return refuse("this is too large for a decimal");
  }
  std::int64_t part = *number<std::int64_t>(fraction);
  for (std::size_t digits = fraction.size(); digits < 4; ++digits) part *= 10;
  if (negative ? __builtin_sub_overflow(scaled, part, &scaled) : __builtin_add_overflow(scaled, part, &scaled)) {
    return refuse("this is too large for a decimal");
  }
  return Decimal{scaled};
}

std::string Decimal::text() const {
  const bool negative = ten_thousandths < 0;
  const auto magnitude =
      negative ? 0 - static_cast<std::uint64_t>(ten_thousandths) : static_cast<std::uint64_t>(ten_thousandths);
  auto fraction = std::to_string(10'000 + magnitude % 10'000).substr(1);
  while (fraction.size() > 1 && fraction.back() == '0') fraction.pop_back();
  return (negative ? "-" : "") + std::to_string(magnitude / 10'000) + "." + fraction;
}

tl::expected<IpAddress, std::string> IpAddress::parse(std::string_view text) {
  if (text.size() > address_text_bytes_max) return refuse("this is too long for an ip address");
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  IpAddress ip;
  ip.v6 = address.find(':') != std::string_view::npos;
  if (!(ip.v6 ? parse_v6(address, ip.bytes) : parse_v4(address, ip.bytes))) {
    return refuse("this is not an ip address");
  }
  const unsigned bits_max = ip.v6 ? 128 : 32;
  ip.prefix_bits = static_cast<std::uint8_t>(bits_max);
  if (slash == std::string_view::npos) return ip;
  const auto prefix = text.substr(slash + 1);
  const auto bits = all_digits(prefix) ? number<unsigned>(prefix) : std::nullopt;
  if (!bits || *bits > bits_max || (prefix.size() > 1 && prefix.front() == '0')) {
    return refuse("this ip address has no valid prefix length");
  }
  ip.prefix_bits = static_cast<std::uint8_t>(*bits);
  return ip;
}

bool IpAddress::is_loopback() const {
  if (!v6) return bytes[0] == 127 && prefix_bits >= 8;
  const bool one = std::all_of(bytes.begin(), bytes.end() - 1, [](auto b) { return b == 0; }) && bytes.back() == 1;
  return one && prefix_bits == 128;
}

bool IpAddress::is_multicast() const {
  return v6 ? bytes[0] == 0xff && prefix_bits >= 8 : (bytes[0] & 0xf0) == 0xe0 && prefix_bits >= 4;
}

bool IpAddress::is_in_range(const IpAddress& range) const {
  return v6 == range.v6 && prefix_bits >= range.prefix_bits && first_bits_equal(bytes, range.bytes, range.prefix_bits);
}

std::string IpAddress::text() const {
  std::string out;
  if (v6) {
    static constexpr char digits[] = "0123456789abcdef";
    for (std::size_t i = 0; i < 16; ++i) {
      if (i > 0 && i % 2 == 0) out += ':';
      out += {digits[bytes[i] >> 4], digits[bytes[i] & 15]};
    }
  } else {
    for (std::size_t i = 0; i < 4; ++i) out += (i > 0 ? "." : "") + std::to_string(bytes[i]);
  }
  return prefix_bits == (v6 ? 128 : 32) ? out : out + "/" + std::to_string(prefix_bits);
}

tl::expected<Duration, std::string> Duration::parse(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::int64_t ms;
  };
  static constexpr std::array<Unit, 5> units = {
      {{"d", day_ms}, {"h", hour_ms}, {"m", minute_ms}, {"s", second_ms}, {"ms", 1}}};
  const auto malformed = refuse("this is not a duration such as \"1d2h3m4s5ms\"");
  const auto too_large = refuse("this is too large for a duration");
  auto rest = text;
  const bool negative = take(rest, '-');
  if (rest.empty()) return malformed;
  std::array<std::optional<std::uint64_t>, 5> counts;
  bool overflow = false;
  for (std::size_t next = 0; !rest.empty();) {
    std::size_t length = 0;
    while (length < rest.size() && is_digit(rest[length])) ++length;
    const auto digits = rest.substr(0, length);
    rest.remove_prefix(length);
    std::size_t name_length = 0;
    while (name_length < rest.size() && !is_digit(rest[name_length])) ++name_length;
    const auto name = rest.substr(0, name_length);
    rest.remove_prefix(name_length);
    const auto unit = std::find_if(units.begin() + next, units.end(), [&](const Unit& u) { return u.name == name; });
    if (length == 0 || unit == units.end()) return malformed;
    next = static_cast<std::size_t>(unit - units.begin()) + 1;
    counts[next - 1] = number<std::uint64_t>(digits);
    overflow |= !counts[next - 1];
  }
  if (overflow) return too_large;
  // Smallest unit first: the order of the specification decides which sums overflow.
  std::int64_t total_ms = 0;
  for (std::size_t i = units.size(); i-- > 0;) {
    if (counts[i] && !add_units(total_ms, *counts[i], units[i].ms, negative)) return too_large;
  }
  return Duration{total_ms};
}

std::string Duration::text() const { return std::to_string(ms) + "ms"; }

tl::expected<Datetime, std::string> Datetime::parse(std::string_view text) {
  auto rest = text;
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!take_digits(rest, 4, year) || !take(rest, '-') || !take_digits(rest, 2, month) || !take(rest, '-') ||
      !take_digits(rest, 2, day)) {
    return refuse("a datetime begins with a date as YYYY-MM-DD");
  }
  std::int64_t zone_ms = 0;
  if (!rest.empty()) {
    if (!take(rest, 'T') || !take_digits(rest, 2, hour) || !take(rest, ':') || !take_digits(rest, 2, minute) ||
        !take(rest, ':') || !take_digits(rest, 2, second)) {
      return refuse("a datetime has a time as THH:MM:SS after the date");
    }
    const auto zone = parse_fraction_and_zone(rest);
    if (!zone) return refuse(zone.error());
    zone_ms = *zone;
  }
  if (!is_date(year, month, day)) return refuse("there is no such date in the calendar");
  if (hour > 23 || minute > 59 || second > 59) return refuse("there is no such time of day");
  return Datetime{days_from_civil(year, month, day) * day_ms + hour * hour_ms + minute * minute_ms +
                  second * second_ms + zone_ms};
}

tl::expected<Datetime, std::string> Datetime::offset(Duration by) const {
  Datetime result;
  if (__builtin_add_overflow(ms, by.ms, &result.ms)) return refuse("the sum of a datetime and a duration overflows");
  return result;
}

tl::expected<Duration, std::string> Datetime::duration_since(Datetime earlier) const {
  Duration result;
  if (__builtin_sub_overflow(ms, earlier.ms, &result.ms)) return refuse("the time between two datetimes overflows");
  return result;
}

tl::expected<Datetime, std::string> Datetime::to_date() const {
  Datetime result;
  if (__builtin_sub_overflow(ms, to_time().ms, &result.ms)) return refuse("the date of a datetime overflows");
  return result;
}

Duration Datetime::to_time() const {
  const auto rest_ms = ms % day_ms;
  return {rest_ms < 0 ? rest_ms + day_ms : rest_ms};
}

std::string Datetime::text() const {
  // A literal says years 0 to 9999 of its own zone, so the zone reaches a day beyond them either way.
  const std::int64_t zone_ms = ms < first_literal_ms ? -zone_max_ms : ms > last_literal_ms ? zone_max_ms : 0;
  const auto local = ms - zone_ms;
  if (local < first_literal_ms || local > last_literal_ms) {
    return "datetime(\"1970-01-01\").offset(duration(\"" + std::to_string(ms) + "ms\"))";
  }
  const auto time = Datetime{local}.to_time().ms;
  const auto date = date_of((local - time) / day_ms);
  std::string out = "datetime(\"" + digits(date.year, 4) + "-" + digits(date.month, 2) + "-" + digits(date.day, 2);
  if (time != 0 || zone_ms != 0) {
    out += "T" + digits(time / hour_ms, 2) + ":" + digits(time / minute_ms % 60, 2) + ":" +
           digits(time / second_ms % 60, 2) + "." + digits(time % second_ms, 3);
    out += zone_ms == 0 ? "Z" : zone_ms < 0 ? "+2359" : "-2359";
  }
  return out + "\")";
}

}  // namespace ginnel::policy
