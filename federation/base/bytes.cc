// SPDX-License-Identifier: Apache-2.0
#include "federation/base/bytes.h"

namespace ginnel {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";
constexpr char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

template <class Number>
void put_number(Bytes& to, Number value) {
  for (int shift = int(sizeof(Number)) * 8 - 8; shift >= 0; shift -= 8) to.push_back(std::uint8_t(value >> shift));
}

template <class Number>
std::optional<Number> read_number(ByteView from, std::size_t at) {
  if (at > from.size() || from.size() - at < sizeof(Number)) return std::nullopt;
  Number value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) value = Number((value << 8) | from[at + i]);
  return value;
}

}  // namespace

std::string to_hex(ByteView bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (auto byte : bytes) {
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 15];
  }
  return out;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    int high = hex_value(text[i]), low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(std::uint8_t(high << 4 | low));
  }
  return out;
}

std::string to_base64(ByteView bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::size_t left = bytes.size() - i;
    std::uint32_t group = std::uint32_t(bytes[i]) << 16;
    if (left > 1) group |= std::uint32_t(bytes[i + 1]) << 8;
    if (left > 2) group |= bytes[i + 2];
    out += base64_digits[group >> 18 & 63];
    out += base64_digits[group >> 12 & 63];
    out += left > 1 ? base64_digits[group >> 6 & 63] : '=';
    out += left > 2 ? base64_digits[group & 63] : '=';
  }
  return out;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  Bytes out;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    bool last = i + 4 == text.size();
    int padding = last ? (text[i + 3] == '=') + (text[i + 2] == '=' && text[i + 3] == '=') : 0;
    std::uint32_t group = 0;
    for (int k = 0; k < 4; ++k) {
      int value = k >= 4 - padding ? 0 : base64_value(text[i + std::size_t(k)]);
      if (value < 0) return std::nullopt;
      group = group << 6 | std::uint32_t(value);
    }
    out.push_back(std::uint8_t(group >> 16));
    if (padding < 2) out.push_back(std::uint8_t(group >> 8));
    if (padding < 1) out.push_back(std::uint8_t(group));
  }
  if (to_base64(out) != text) return std::nullopt;  // stray bits in the last digit
  return out;
}

void put_u16(Bytes& to, std::uint16_t value) { put_number(to, value); }
void put_u32(Bytes& to, std::uint32_t value) { put_number(to, value); }
void put_u64(Bytes& to, std::uint64_t value) { put_number(to, value); }
std::optional<std::uint16_t> read_u16(ByteView from, std::size_t at) { return read_number<std::uint16_t>(from, at); }
std::optional<std::uint32_t> read_u32(ByteView from, std::size_t at) { return read_number<std::uint32_t>(from, at); }
std::optional<std::uint64_t> read_u64(ByteView from, std::size_t at) { return read_number<std::uint64_t>(from, at); }

bool equal_in_constant_time(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  volatile std::uint8_t difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference = std::uint8_t(difference | (a[i] ^ b[i]));
  return difference == 0;
}

}  // namespace ginnel
