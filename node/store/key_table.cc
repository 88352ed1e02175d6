// SPDX-License-Identifier: Apache-2.0
#include "node/store/key_table.h"

#include <algorithm>
#include <set>

#include "federation/base/check.h"
#include "federation/base/crypto/hash.h"
#include "federation/base/crypto/seal.h"
#include "node/store/limits.h"

namespace ginnel {
namespace {

// Row: version u16 | kind u8 | zero u8 | wraps u32 | created i64 | wraps. Head row: see head_row(), whose code is the
// layout.
constexpr std::uint16_t row_version = 1;
constexpr std::uint16_t key_head_version = 1;
constexpr std::size_t row_head_bytes = 16;
constexpr std::size_t sealed_key_bytes = SecretKey::size + seal_overhead_bytes;  // 60
constexpr std::size_t wrap_bytes = KeyId::size + 4 + sealed_key_bytes;           // 80
constexpr std::string_view wrap_domain = "ginnel key wrap v1";
const Bytes key_table_head = {'k', 'e', 'y', 's'};

struct Wrap {
  KeyId wrapper;  // empty: the root wrapping key
  std::uint32_t version = 0;
  Bytes sealed;
};

struct KeyRow {
  KeyKind kind = KeyKind::spare;
  Instant created;
  std::vector<Wrap> wraps;
};

SecretKey root_wrapping_key(const SecretKey& root, std::uint32_t version) {
  return derive_key(root, std::string(wrap_domain) + " " + std::to_string(version));
}

// Everything that a wrap means is authenticated with it, so no wrap can be moved to another row, kind or version.
Bytes wrap_context(const KeyId& id, KeyKind kind, Instant created, const KeyId& wrapper, std::uint32_t version) {
  Bytes context = copy_of(view_of(wrap_domain));
  append(context, id.bytes());
  context.push_back(std::uint8_t(kind));
  put_u64(context, std::uint64_t(created.ms));
  append(context, wrapper.bytes());
  put_u32(context, version);
  return context;
}

Bytes encode_row(const KeyRow& row) {
  Bytes out;
  put_u16(out, row_version);
  out.push_back(std::uint8_t(row.kind));
  out.push_back(0);
  put_u32(out, std::uint32_t(row.wraps.size()));
  put_u64(out, std::uint64_t(row.created.ms));
  for (const auto& wrap : row.wraps) {
    append(out, wrap.wrapper.bytes());
    put_u32(out, wrap.version);
    append(out, wrap.sealed);
  }
  return out;
}

std::optional<KeyRow> decode_row(ByteView bytes) {
  if (bytes.size() < row_head_bytes || read_u16(bytes, 0) != row_version || bytes[3] != 0) return std::nullopt;
  if (bytes[2] < std::uint8_t(KeyKind::person) || bytes[2] > std::uint8_t(KeyKind::spare)) return std::nullopt;
  const std::size_t count = *read_u32(bytes, 4);
  if (count == 0 || count > limits::key_wraps_max) return std::nullopt;
  if (bytes.size() != row_head_bytes + count * wrap_bytes) return std::nullopt;
  KeyRow row;
  row.kind = KeyKind(bytes[2]);
  row.created = Instant{std::int64_t(*read_u64(bytes, 8))};
  for (std::size_t i = 0; i < count; ++i) {
    const auto wrap = bytes.subspan(row_head_bytes + i * wrap_bytes, wrap_bytes);
    row.wraps.push_back(
        {*KeyId::from(wrap.first(KeyId::size)), *read_u32(wrap, KeyId::size), copy_of(wrap.last(sealed_key_bytes))});
  }
  return row;
}

Wrap wrap_key(const SecretKey& wrapping, const KeyId& id, KeyKind kind, Instant created, const KeyId& wrapper,
              std::uint32_t version, const SecretKey& key, Random& random) {
  const Bytes context = wrap_context(id, kind, created, wrapper, version);
  return {wrapper, version, seal(wrapping, key.bytes(), context, random)};
}

std::optional<SecretKey> unwrap_key(const SecretKey& wrapping, const KeyId& id, const KeyRow& row, const Wrap& wrap) {
  auto opened = open_sealed(wrapping, wrap.sealed, wrap_context(id, row.kind, row.created, wrap.wrapper, wrap.version));
  if (!opened) return std::nullopt;
  auto key = SecretKey::from(*opened);
  wipe(opened->data(), opened->size());
  return key;
}

tl::unexpected<Error> damaged(const KeyId& id) {
  return fail(
      "key-damaged", "cannot open data key " + id.hex(), "its row in the key table is not what was written",
      "keep the folder as it is, and go back to a copy of both of the store's folders from when the node was stopped");
}

}  // namespace

const SecretKey* NewKeys::find(const KeyId& id) const {
  auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

// version u16 | zero u16 | wrapping version u32 | node key id 16 | HMAC-SHA-256 over all before, 32.
Bytes KeyTable::head_row(std::uint32_t wrapping_version) const {
  Bytes row;
  put_u16(row, key_head_version);
  put_u16(row, 0);
  put_u32(row, wrapping_version);
  append(row, node_key_.bytes());
  append(row, hmac_sha256(derive_key(root_, "ginnel key table head v1").bytes(), row));
  return row;
}

Expected<void> KeyTable::create(Kv& keys, const SecretKey& root, Random& random, Instant now) {
  KeyTable table(keys, root, random);
  NewKeys made;
  table.node_key_ = table.add(made, KeyKind::node, now);
  auto txn = keys.write();
  if (!txn) return tl::unexpected(txn.error());
  auto present = (*txn)->last_key(Table::meta);
  if (!present) return tl::unexpected(present.error());
  if (*present) return fail("not-empty", "cannot make a key table", "the environment holds one already", "");
  for (const auto& [id, row] : made.rows_)
    if (auto put = (*txn)->put(Table::keys, id.bytes(), row); !put) return put;
  if (auto put = (*txn)->put(Table::meta, key_table_head, table.head_row(table.wrapping_version_)); !put) return put;
  return (*txn)->commit();
}

Expected<std::unique_ptr<KeyTable>> KeyTable::open(Kv& keys, const SecretKey& root, Random& random) {
  auto txn = keys.read();
  if (!txn) return tl::unexpected(txn.error());
  auto row = (*txn)->get(Table::meta, key_table_head);
  if (!row) return tl::unexpected(row.error());
  constexpr std::size_t plain_bytes = 8 + KeyId::size;
  if (!*row || (*row)->size() != plain_bytes + sizeof(Hash) || read_u16(**row, 0) != key_head_version)
    return fail("not-a-store", "cannot open the key table", "there is none of this version here",
                "make the node first: `ginnel node init`");
  std::unique_ptr<KeyTable> table(new KeyTable(keys, root, random));
  table->wrapping_version_ = *read_u32(**row, 4);
  table->node_key_ = *KeyId::from(ByteView(**row).subspan(8, KeyId::size));
  if (!equal_in_constant_time(table->head_row(table->wrapping_version_), **row))
    return fail("wrong-root-key", "cannot open the key table",
                "this is not the root key of this store, or the head of the table is damaged",
                "give the passphrase with which the node was made");
  return table;
}

Expected<SecretKey> KeyTable::open_row(const KeyId& id, ByteView bytes) const {
  const auto row = decode_row(bytes);
  if (!row) return damaged(id);
  bool damaged_wrapper = false;
  for (const auto& wrap : row->wraps) {
    std::optional<SecretKey> wrapping;
    if (wrap.wrapper.empty()) {
      wrapping = root_wrapping_key(root_, wrap.version);
    } else {
      // INVARIANT: only keys with a root wrap wrap others, so this goes one deep.
      auto opened = open_key(wrap.wrapper);
      if (opened)
        wrapping = *opened;
      else if (opened.error().code != "key-missing")
        damaged_wrapper = true;
    }
    if (!wrapping) continue;
    auto key = unwrap_key(*wrapping, id, *row, wrap);
    if (key) return *key;
    damaged_wrapper = true;
  }
  if (damaged_wrapper) return damaged(id);
  return fail("key-missing", "cannot open data key " + id.hex(), "no key that opens it is in the table",
              "the person was erased, or the key table is damaged");
}

Expected<SecretKey> KeyTable::open_key(const KeyId& id) const {
  {
    std::lock_guard lock(opened_mutex_);
    auto found = opened_.find(id);
    if (found != opened_.end()) return found->second;
  }
  auto txn = keys_.read();
  if (!txn) return tl::unexpected(txn.error());
  auto row = (*txn)->get(Table::keys, id.bytes());
  if (!row) return tl::unexpected(row.error());
  if (!*row)
    return fail("key-missing", "cannot open data key " + id.hex(), "it is not in the key table",
                "the person was erased, or the key table is damaged");
  auto key = open_row(id, **row);
  if (!key) return key;
  std::lock_guard lock(opened_mutex_);
  if (opened_.size() >= limits::open_keys_max) opened_.clear();
  opened_.emplace(id, *key);
  return key;
}

KeyId KeyTable::add(NewKeys& to, KeyKind kind, Instant now) {
  const KeyId id = KeyId::make(random_);
  const SecretKey key = SecretKey::make(random_);
  KeyRow row{kind, now, {}};
  row.wraps.push_back(
      wrap_key(root_wrapping_key(root_, wrapping_version_), id, kind, now, KeyId(), wrapping_version_, key, random_));
  to.rows_.emplace_back(id, encode_row(row));
  to.keys_.emplace(id, key);
  return id;
}

KeyId KeyTable::add_shared(NewKeys& to, KeyKind kind, Instant now,
                           std::span<const std::pair<KeyId, SecretKey>> wrappers) {
  CHECK(!wrappers.empty() && wrappers.size() <= limits::key_wraps_max);
  const KeyId id = KeyId::make(random_);
  const SecretKey key = SecretKey::make(random_);
  KeyRow row{kind, now, {}};
  for (const auto& [wrapper, secret] : wrappers)
    row.wraps.push_back(wrap_key(secret, id, kind, now, wrapper, 0, key, random_));
  to.rows_.emplace_back(id, encode_row(row));
  to.keys_.emplace(id, key);
  return id;
}

Expected<void> KeyTable::write(const NewKeys& keys) {
  auto txn = keys_.write();
  if (!txn) return tl::unexpected(txn.error());
  for (const auto& [id, row] : keys.rows_)
    if (auto put = (*txn)->put(Table::keys, id.bytes(), row); !put) return put;
  auto committed = (*txn)->commit();
  if (!committed) return committed;
  std::lock_guard lock(opened_mutex_);
  if (opened_.size() + keys.keys_.size() > limits::open_keys_max) opened_.clear();
  for (const auto& [id, key] : keys.keys_) opened_.emplace(id, key);
  return {};
}

std::deque<KeyId>& KeyTable::pool(KeyKind kind) {
  CHECK(kind == KeyKind::person || kind == KeyKind::spare);
  return kind == KeyKind::person ? people_ : spares_;
}

std::size_t KeyTable::left(KeyKind kind) const { return const_cast<KeyTable*>(this)->pool(kind).size(); }

Expected<void> KeyTable::refill(KeyKind kind, std::size_t up_to, Instant now) {
  auto& keys = pool(kind);
  up_to = std::min(up_to, limits::reserve_keys_max);
  if (keys.size() >= up_to) return {};
  NewKeys made;
  for (std::size_t i = keys.size(); i < up_to; ++i) add(made, kind, now);
  auto written = write(made);
  if (!written) return written;
  for (const auto& [id, row] : made.rows_) keys.push_back(id);
  return {};
}

std::optional<KeyId> KeyTable::take(KeyKind kind) {
  auto& keys = pool(kind);
  if (keys.empty()) return std::nullopt;
  const KeyId id = keys.front();
  keys.pop_front();
  return id;
}

void KeyTable::give_back(KeyKind kind, const KeyId& id) { pool(kind).push_front(id); }

namespace {

// The row under the next wrapping key and without what `erased` wrapped; nothing when no wrap is left.
Expected<std::optional<Bytes>> rewrapped(const KeyId& id, ByteView bytes, const std::set<KeyId>& erased,
                                         const SecretKey& root, std::uint32_t version, const SecretKey& next,
                                         Random& random) {
  auto row = decode_row(bytes);
  if (!row) return damaged(id);
  std::erase_if(row->wraps, [&](const Wrap& wrap) { return erased.contains(wrap.wrapper); });
  if (row->wraps.empty()) return std::optional<Bytes>();
  for (auto& wrap : row->wraps) {
    if (!wrap.wrapper.empty()) continue;
    auto key = unwrap_key(root_wrapping_key(root, wrap.version), id, *row, wrap);
    if (!key) return damaged(id);
    wrap = wrap_key(next, id, row->kind, row->created, KeyId(), version, *key, random);
  }
  return encode_row(*row);
}

}  // namespace

Expected<std::vector<KeyId>> KeyTable::lost_with(std::span<const KeyId> ids) const {
  auto txn = keys_.read();
  if (!txn) return tl::unexpected(txn.error());
  std::vector<KeyId> lost(ids.begin(), ids.end());
  std::optional<KeyId> bad;
  auto scanned = (*txn)->scan(Table::keys, {}, {}, [&](ByteView key, ByteView bytes) {
    const auto row = decode_row(bytes);
    const auto row_id = KeyId::from(key);
    if (!row || !row_id)
      bad = row_id.value_or(KeyId());
    else if (std::all_of(row->wraps.begin(), row->wraps.end(), [&](const Wrap& wrap) {
               return std::find(ids.begin(), ids.end(), wrap.wrapper) != ids.end();
             }))
      lost.push_back(*row_id);
    return !bad;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  if (bad) return damaged(*bad);
  return lost;
}

Expected<void> KeyTable::erase(std::span<const KeyId> ids) {
  const std::set<KeyId> erased(ids.begin(), ids.end());
  if (erased.contains(node_key_) || erased.contains(KeyId()))
    return fail("cannot-erase", "cannot erase the key", "it is the node's own", "");
  auto txn = keys_.write();
  if (!txn) return tl::unexpected(txn.error());
  const std::uint32_t version = wrapping_version_ + 1;
  const SecretKey next = root_wrapping_key(root_, version);

  // In pages, because rows may not be changed inside a scan.
  constexpr std::size_t page_rows = 1024;
  Bytes from;
  for (bool more = true; more;) {
    std::vector<std::pair<Bytes, Bytes>> page;
    auto scanned = (*txn)->scan(Table::keys, from, {}, [&](ByteView key, ByteView value) {
      page.emplace_back(copy_of(key), copy_of(value));
      return page.size() < page_rows;
    });
    if (!scanned) return scanned;
    more = page.size() == page_rows;
    for (const auto& [key, value] : page) {
      const auto id = KeyId::from(key);
      if (!id) return fail("key-damaged", "cannot erase the key", "a row of the key table has no key id", "");
      Expected<std::optional<Bytes>> row = std::optional<Bytes>();
      if (!erased.contains(*id)) row = rewrapped(*id, value, erased, root_, version, next, random_);
      if (!row) return tl::unexpected(row.error());
      auto written = *row ? (*txn)->put(Table::keys, key, **row) : (*txn)->erase(Table::keys, key);
      if (!written) return written;
    }
    if (!page.empty()) {
      from = page.back().first;
      from.push_back(0);  // the next key there can be
    }
  }
  if (auto put = (*txn)->put(Table::meta, key_table_head, head_row(version)); !put) return put;
  auto committed = (*txn)->commit();
  if (!committed) return committed;
  wrapping_version_ = version;
  for (auto* pool : {&people_, &spares_}) std::erase_if(*pool, [&](const KeyId& id) { return erased.contains(id); });
  std::lock_guard lock(opened_mutex_);
  opened_.clear();  // keys that only the erased one opened are among them
  return {};
}

}  // namespace ginnel
