// SPDX-License-Identifier: Apache-2.0
#include "node/store/key_shares.h"

#include <algorithm>
#include <vector>

#include "federation/base/crypto/hash.h"

namespace ginnel {
namespace {

constexpr std::string_view share_format = "ginnel-share-1";
constexpr std::size_t check_digits = 8;

tl::unexpected<Error> bad_share(std::string why) {
  return fail("bad-share", "cannot use the key share", std::move(why),
              "type or copy the whole line again, from ginnel-share-1 to its end");
}

// Products in GF(256) with x^8 + x^4 + x^3 + x + 1. Without a branch on `a`, which is secret; `by` is a share's number.
std::uint8_t times(std::uint8_t a, std::uint8_t by) {
  std::uint8_t product = 0;
  for (; by != 0; by >>= 1) {
    if (by & 1) product = std::uint8_t(product ^ a);
    a = std::uint8_t((a << 1) ^ (0x1b & -(a >> 7)));
  }
  return product;
}

// Of numbers, never of secrets: 255 tries are no matter.
std::uint8_t inverse(std::uint8_t number) {
  for (unsigned candidate = 1; candidate < 256; ++candidate)
    if (times(std::uint8_t(candidate), number) == 1) return std::uint8_t(candidate);
  return 0;
}

std::string check_of(std::string_view text) { return to_hex(sha256(view_of(text))).substr(0, check_digits); }

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(':', at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

}  // namespace

std::array<KeyShare, key_shares> split_key(const SecretKey& key, Random& random) {
  std::array<KeyShare, key_shares> shares;
  std::array<std::uint8_t, 8> set{};
  random.fill(set);
  SecretKey slope = SecretKey::make(random);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    shares[i].number = std::uint8_t(i + 1);
    shares[i].set = set;
    for (std::size_t at = 0; at < SecretKey::size; ++at)
      shares[i].value[at] = std::uint8_t(key.bytes()[at] ^ times(slope.bytes()[at], shares[i].number));
  }
  return shares;
}

Expected<SecretKey> join_shares(const KeyShare& one, const KeyShare& other) {
  if (one.number < 1 || one.number > key_shares || other.number < 1 || other.number > key_shares)
    return bad_share("there is no share of that number");
  if (one.number == other.number) return bad_share("it is the same share twice: two people are needed");
  if (one.set != other.set) return bad_share("the two belong to different keys");
  // The line through both, at zero.
  const std::uint8_t scale = inverse(std::uint8_t(one.number ^ other.number));
  SecretKey key;
  for (std::size_t at = 0; at < SecretKey::size; ++at)
    key.storage()[at] =
        times(std::uint8_t(times(one.value[at], other.number) ^ times(other.value[at], one.number)), scale);
  return key;
}

std::string share_text(const KeyShare& share) {
  const std::string text = std::string(share_format) + ":" + std::to_string(int(share.number)) + ":" +
                           to_hex(share.set) + ":" + to_hex(share.value);
  return text + ":" + check_of(text);
}

Expected<KeyShare> parse_share(std::string_view typed) {
  std::string text(typed);
  text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  const auto parts = parts_of(text);
  if (parts.size() != 5 || parts[0] != share_format) return bad_share("it is no line of a key share");
  const auto set = from_hex(parts[2]), value = from_hex(parts[3]);
  KeyShare share;
  if (parts[1].size() != 1 || parts[1][0] < '1' || parts[1][0] > char('0' + key_shares) || !set || !value ||
      set->size() != share.set.size() || value->size() != share.value.size())
    return bad_share("a part of the line is too short, too long, or no number");
  if (parts[4] != check_of(std::string_view(text).substr(0, text.rfind(':'))))
    return bad_share("its check digits do not fit: something in it was typed wrong");
  share.number = std::uint8_t(parts[1][0] - '0');
  std::copy(set->begin(), set->end(), share.set.begin());
  std::copy(value->begin(), value->end(), share.value.begin());
  return share;
}

}  // namespace ginnel
