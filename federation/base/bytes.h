// SPDX-License-Identifier: Apache-2.0
// Byte strings, their text forms, and fixed-width big-endian numbers in them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using Hash = std::array<std::uint8_t, 32>;  // a SHA-256 value

inline ByteView view_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_of(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline Bytes copy_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }
inline void append(Bytes& to, ByteView more) { to.insert(to.end(), more.begin(), more.end()); }

// Lower-case hexadecimal. Reading takes either case and nothing else.
std::string to_hex(ByteView bytes);
std::optional<Bytes> from_hex(std::string_view text);

// Base64 of RFC 4648 section 4, with padding; reading refuses anything that would not be written so.
std::string to_base64(ByteView bytes);
std::optional<Bytes> from_base64(std::string_view text);

// Big-endian numbers. read_* returns nothing if the view is too short.
void put_u16(Bytes& to, std::uint16_t value);
void put_u32(Bytes& to, std::uint32_t value);
void put_u64(Bytes& to, std::uint64_t value);
std::optional<std::uint16_t> read_u16(ByteView from, std::size_t at);
std::optional<std::uint32_t> read_u32(ByteView from, std::size_t at);
std::optional<std::uint64_t> read_u64(ByteView from, std::size_t at);

// Compares in a time that depends on the length only.
bool equal_in_constant_time(ByteView a, ByteView b);

}  // namespace ginnel
