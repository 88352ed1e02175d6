// SPDX-License-Identifier: Apache-2.0
#include "node/store/index_map.h"

#include <algorithm>

#include "federation/base/check.h"
#include "federation/base/crypto/hash.h"
#include "node/store/index_rows.h"
#include "node/store/limits.h"

namespace ginnel {
namespace {

constexpr unsigned ways = 16;
constexpr unsigned bits_per_depth = 4;
constexpr std::uint64_t divided_mark = ~std::uint64_t{0};  // as a count: the rows are in the sixteen buckets below
constexpr std::size_t bucket_mac_bytes = 16;
constexpr std::size_t bucket_row_bytes = 8 + sizeof(Hash) + bucket_mac_bytes;
static_assert(limits::index_bucket_depth_max * bits_per_depth <= 32);

std::uint32_t leading_bits(ByteView mac) { return *read_u32(mac, 0); }

}  // namespace

SetHash SetHash::of(const Hash& bytes) {
  SetHash out;
  for (std::size_t i = 0; i < 4; ++i) out.limbs_[i] = *read_u64(bytes, 24 - 8 * i);
  return out;
}

Hash SetHash::bytes() const {
  Bytes out;
  for (std::size_t i = 4; i-- > 0;) put_u64(out, limbs_[i]);
  Hash hash;
  std::copy(out.begin(), out.end(), hash.begin());
  return hash;
}

void SetHash::add(const Hash& row) {
  const SetHash other = of(row);
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint64_t sum = limbs_[i] + other.limbs_[i];
    const std::uint64_t with_carry = sum + carry;
    carry = std::uint64_t(sum < limbs_[i]) | std::uint64_t(with_carry < sum);
    limbs_[i] = with_carry;
  }
}

void SetHash::remove(const Hash& row) {
  const SetHash other = of(row);
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint64_t less = limbs_[i] - other.limbs_[i];
    const std::uint64_t with_borrow = less - borrow;
    borrow = std::uint64_t(less > limbs_[i]) | std::uint64_t(with_borrow > less);
    limbs_[i] = with_borrow;
  }
}

// The rows whose HMACed key starts with the first 4 * depth bits of `bits`; the other bits are zero.
struct IndexMap::Place {
  MapId map = 0;
  std::uint8_t depth = 0;
  std::uint32_t bits = 0;

  static Place above(MapId map, unsigned depth, std::uint32_t bits) {
    const std::uint64_t kept = depth == 0 ? 0 : ~std::uint64_t{0} << (32 - bits_per_depth * depth);
    return {map, std::uint8_t(depth), bits & std::uint32_t(kept)};
  }
  Place below(unsigned way) const {
    return {map, std::uint8_t(depth + 1), bits | std::uint32_t(way << (32 - bits_per_depth * (depth + 1u)))};
  }
  unsigned way_of(std::uint32_t row_bits) const {
    return row_bits >> (32 - bits_per_depth * (depth + 1u)) & (ways - 1);
  }
  Bytes key() const {
    Bytes out = {map, depth};
    put_u32(out, bits);
    return out;
  }
  // First row key of the place, and the first one after it: map and bits are one number of 40 bits.
  Bytes bound(bool end) const {
    std::uint64_t number = std::uint64_t(map) << 32 | bits;
    if (end) number += std::uint64_t{1} << (32 - bits_per_depth * depth);
    Bytes out = {std::uint8_t(number >> 32)};
    put_u32(out, std::uint32_t(number));
    return out;
  }
};

struct IndexMap::Bucket {
  std::uint64_t count = 0;
  SetHash set;
  bool divided() const { return count == divided_mark; }
};

struct IndexMap::HashedRow {
  std::uint32_t bits;
  Hash hash;
  Bytes key, value;  // empty where only the hash is needed
};

IndexMap::IndexMap(Table rows, Table buckets, const SecretKey& key)
    : rows_(rows),
      buckets_(buckets),
      key_mac_key_(derive_key(key, "ginnel index keys v1")),
      row_key_(derive_key(key, "ginnel index rows v1")),
      bucket_key_(derive_key(key, "ginnel index buckets v1")) {}

IndexMap::Mac IndexMap::mac(MapId map, ByteView logical_key) const {
  const Hash full = hmac_sha256(key_mac_key_.bytes(), {ByteView(&map, 1), logical_key});
  Mac out;
  std::copy_n(full.begin(), out.size(), out.begin());
  return out;
}

Bytes IndexMap::row_key(MapId map, const Mac& mac, ByteView suffix) const {
  Bytes key;
  key.reserve(1 + mac.size() + suffix.size());
  key.push_back(map);
  append(key, mac);
  append(key, suffix);
  return key;
}

Hash IndexMap::row_hash(ByteView key, ByteView value) const {
  const std::uint8_t length[2] = {std::uint8_t(key.size() >> 8), std::uint8_t(key.size())};
  return hmac_sha256(row_key_.bytes(), {ByteView(length), key, value});
}

Hash IndexMap::bucket_mac(ByteView bucket_key, const Bucket& bucket) const {
  Bytes count;
  put_u64(count, bucket.count);
  return hmac_sha256(bucket_key_.bytes(), {bucket_key, count, bucket.set.bytes()});
}

Expected<std::optional<IndexMap::Bucket>> IndexMap::read_bucket(const KvRead& kv, const Place& place) const {
  const Bytes key = place.key();
  auto row = kv.get(buckets_, key);
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<Bucket>();
  const ByteView bytes = **row;
  if (bytes.size() != bucket_row_bytes) return index_rows::mismatch("a bucket is damaged");
  Hash set;
  std::copy_n(bytes.begin() + 8, set.size(), set.begin());
  const Bucket bucket{*read_u64(bytes, 0), SetHash::of(set)};
  const Hash mac = bucket_mac(key, bucket);
  if (!equal_in_constant_time(bytes.last(bucket_mac_bytes), ByteView(mac).first(bucket_mac_bytes)))
    return index_rows::mismatch("a bucket is damaged");
  return bucket;
}

Expected<void> IndexMap::write_bucket(KvWrite& kv, const Place& place, const Bucket& bucket) const {
  const Bytes key = place.key();
  Bytes row;
  row.reserve(bucket_row_bytes);
  put_u64(row, bucket.count);
  append(row, bucket.set.bytes());
  append(row, ByteView(bucket_mac(key, bucket)).first(bucket_mac_bytes));
  return kv.put(buckets_, key, row);
}

// Starts where the last key of the map was found: buckets of one map are divided about equally deep. A bucket that is
// not divided is written only under divided ones, in one commit with them, so that one with a good MAC needs no look
// above.
Expected<std::pair<IndexMap::Place, IndexMap::Bucket>> IndexMap::bucket_of(const KvRead& kv, MapId map,
                                                                           const Mac& mac) const {
  const unsigned start = depths_[map];
  bool missing_below = false;
  for (unsigned depth = start;;) {
    const Place place = Place::above(map, depth, leading_bits(mac));
    auto bucket = read_bucket(kv, place);
    if (!bucket) return tl::unexpected(bucket.error());
    if (!*bucket) {
      if (depth == 0 || depth > start) return index_rows::mismatch("a bucket is missing");
      missing_below = true;
      --depth;
      continue;
    }
    if (!(*bucket)->divided()) {
      depths_[map] = std::uint8_t(depth);
      return std::pair(place, **bucket);
    }
    if (missing_below) return index_rows::mismatch("a bucket is missing");
    if (++depth > limits::index_bucket_depth_max) return index_rows::mismatch("a bucket is divided too deep");
  }
}

Expected<std::vector<IndexMap::HashedRow>> IndexMap::verified_rows(const KvRead& kv, const Place& place,
                                                                   const Bucket& bucket) const {
  std::vector<HashedRow> rows;
  SetHash set;
  auto scanned = kv.scan(rows_, place.bound(false), place.bound(true), [&](ByteView key, ByteView value) {
    if (key.size() < 1 + sizeof(Mac)) return false;  // no such row is ever written: the count will not agree
    rows.push_back({leading_bits(key.subspan(1)), row_hash(key, value), copy_of(key), copy_of(value)});
    set.add(rows.back().hash);
    return rows.size() <= bucket.count;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  if (rows.size() != bucket.count || set != bucket.set)
    return index_rows::mismatch("the rows of a bucket are not those that were written");
  return rows;
}

Expected<void> IndexMap::create(KvWrite& kv, MapId map) const {
  CHECK(map < 255);
  return write_bucket(kv, {map, 0, 0}, {});
}

Expected<void> IndexMap::put(KvWrite& kv, MapId map, const Mac& mac, ByteView suffix, ByteView value) const {
  auto found = bucket_of(kv, map, mac);
  if (!found) return tl::unexpected(found.error());
  auto& [place, bucket] = *found;
  const Bytes key = row_key(map, mac, suffix);
  auto before = kv.get(rows_, key);
  if (!before) return tl::unexpected(before.error());
  if (*before)
    bucket.set.remove(row_hash(key, **before));
  else
    ++bucket.count;
  bucket.set.add(row_hash(key, value));
  if (auto put = kv.put(rows_, key, value); !put) return put;
  if (bucket.count <= limits::index_bucket_rows_max || place.depth == limits::index_bucket_depth_max)
    return write_bucket(kv, place, bucket);
  auto rows = verified_rows(kv, place, bucket);
  if (!rows) return tl::unexpected(rows.error());
  return divide(kv, place, std::move(*rows));
}

Expected<void> IndexMap::divide(KvWrite& kv, const Place& place, std::vector<HashedRow> rows) const {
  if (rows.size() <= limits::index_bucket_rows_max || place.depth == limits::index_bucket_depth_max) {
    Bucket bucket{rows.size(), {}};
    for (const auto& row : rows) bucket.set.add(row.hash);
    return write_bucket(kv, place, bucket);
  }
  if (auto written = write_bucket(kv, place, {divided_mark, {}}); !written) return written;
  std::array<std::vector<HashedRow>, ways> below;
  for (auto& row : rows) below[place.way_of(row.bits)].push_back(std::move(row));
  for (unsigned way = 0; way < ways; ++way)
    if (auto divided = divide(kv, place.below(way), std::move(below[way])); !divided) return divided;
  return {};
}

Expected<void> IndexMap::erase(KvWrite& kv, MapId map, const Mac& mac, ByteView suffix) const {
  auto found = bucket_of(kv, map, mac);
  if (!found) return tl::unexpected(found.error());
  auto& [place, bucket] = *found;
  const Bytes key = row_key(map, mac, suffix);
  auto before = kv.get(rows_, key);
  if (!before) return tl::unexpected(before.error());
  if (!*before) return {};
  if (bucket.count == 0) return index_rows::mismatch("an empty bucket has a row");
  --bucket.count;
  bucket.set.remove(row_hash(key, **before));
  if (auto erased = kv.erase(rows_, key); !erased) return erased;
  if (auto written = write_bucket(kv, place, bucket); !written) return written;
  return join(kv, place);
}

// Takes a division back while its sixteen buckets hold no more than one may.
Expected<void> IndexMap::join(KvWrite& kv, Place place) const {
  while (place.depth > 0) {
    const Place above = Place::above(place.map, place.depth - 1u, place.bits);
    Bucket whole;
    for (unsigned way = 0; way < ways; ++way) {
      auto part = read_bucket(kv, above.below(way));
      if (!part) return tl::unexpected(part.error());
      if (!*part) return index_rows::mismatch("a bucket is missing");
      if ((*part)->divided()) return {};
      whole.count += (*part)->count;
      if (whole.count > limits::index_bucket_rows_max) return {};
      whole.set.add((*part)->set.bytes());
    }
    for (unsigned way = 0; way < ways; ++way)
      if (auto erased = kv.erase(buckets_, above.below(way).key()); !erased) return erased;
    if (auto written = write_bucket(kv, above, whole); !written) return written;
    place = above;
  }
  return {};
}

Expected<std::vector<IndexRow>> IndexMap::find(const KvRead& kv, MapId map, const Mac& mac) const {
  auto found = bucket_of(kv, map, mac);
  if (!found) return tl::unexpected(found.error());
  auto rows = verified_rows(kv, found->first, found->second);
  if (!rows) return tl::unexpected(rows.error());
  std::vector<IndexRow> out;
  for (auto& row : *rows) {
    if (!std::equal(mac.begin(), mac.end(), row.key.begin() + 1)) continue;
    out.push_back({Bytes(row.key.begin() + 1 + mac.size(), row.key.end()), std::move(row.value)});
  }
  return out;
}

Expected<std::optional<Bytes>> IndexMap::peek(const KvRead& kv, MapId map, const Mac& mac, ByteView suffix) const {
  return kv.get(rows_, row_key(map, mac, suffix));
}

Expected<void> IndexMap::check(const KvRead& kv, const Place& place) const {
  auto bucket = read_bucket(kv, place);
  if (!bucket) return tl::unexpected(bucket.error());
  if (!*bucket) return index_rows::mismatch("a bucket is missing");
  if (!(*bucket)->divided()) {
    auto rows = verified_rows(kv, place, **bucket);
    if (!rows) return tl::unexpected(rows.error());
    return {};
  }
  if (place.depth == limits::index_bucket_depth_max) return index_rows::mismatch("a bucket is divided too deep");
  for (unsigned way = 0; way < ways; ++way)
    if (auto checked = check(kv, place.below(way)); !checked) return checked;
  return {};
}

Expected<Bytes> IndexMap::page(const KvRead& kv, MapId map, ByteView from, std::size_t most,
                               const KvRead::Row& row) const {
  const Place whole{map, 0, 0};
  const Bytes first = whole.bound(false);
  Bytes next;
  std::size_t seen = 0;
  auto scanned =
      kv.scan(rows_, from.empty() ? ByteView(first) : from, whole.bound(true), [&](ByteView key, ByteView value) {
        if (seen++ < most) return row(key, value);
        next = copy_of(key);
        return false;
      });
  if (!scanned) return tl::unexpected(scanned.error());
  return next;
}

Expected<void> IndexMap::for_each(const KvRead& kv, MapId map, const KvRead::Row& row) const {
  const Place whole{map, 0, 0};
  if (auto checked = check(kv, whole); !checked) return checked;
  return kv.scan(rows_, whole.bound(false), whole.bound(true), row);
}

}  // namespace ginnel
