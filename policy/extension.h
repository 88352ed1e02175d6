// SPDX-License-Identifier: Apache-2.0
// The four extension types: decimal, ip address, datetime, duration. Their texts are those of the language's
// specification; anything else is refused with the reason, which never quotes the text: it may be somebody's data.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace ginnel::policy {

// Up to four digits after the point, held in ten-thousandths.
struct Decimal {
  std::int64_t ten_thousandths = 0;
  auto operator<=>(const Decimal&) const = default;
  static tl::expected<Decimal, std::string> parse(std::string_view text);  // -?DIGITS.DIGITS
  std::string text() const;
};

// An IPv4 or IPv6 address with a prefix length: a single address has 32 or 128.
struct IpAddress {
  bool v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // IPv4 uses the first four
  std::uint8_t prefix_bits = 32;
  auto operator<=>(const IpAddress&) const = default;
  // Dotted or colon form with an optional /PREFIX; IPv4 inside IPv6 only in hexadecimal.
  static tl::expected<IpAddress, std::string> parse(std::string_view text);
  bool is_loopback() const;
  bool is_multicast() const;
  bool is_in_range(const IpAddress& range) const;  // false when one is IPv4 and the other IPv6
  std::string text() const;                        // IPv6 in eight groups, not shortened
};

// An amount of time in milliseconds.
struct Duration {
  std::int64_t ms = 0;
  auto operator<=>(const Duration&) const = default;
  static tl::expected<Duration, std::string> parse(std::string_view text);  // -?[Nd][Nh][Nm][Ns][Nms], at least one
  std::string text() const;
};

// Milliseconds since 1970-01-01T00:00:00Z.
struct Datetime {
  std::int64_t ms = 0;
  auto operator<=>(const Datetime&) const = default;
  // YYYY-MM-DD, or with THH:MM:SS, optional .SSS, and Z or (+|-)hhmm.
  static tl::expected<Datetime, std::string> parse(std::string_view text);
  tl::expected<Datetime, std::string> offset(Duration by) const;
  tl::expected<Duration, std::string> duration_since(Datetime earlier) const;
  tl::expected<Datetime, std::string> to_date() const;  // midnight (UTC) at or before
  Duration to_time() const;                             // since that midnight, never negative
  std::string text() const;                             // as an expression of the language
};

}  // namespace ginnel::policy
