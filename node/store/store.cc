// SPDX-License-Identifier: Apache-2.0
#include "node/store/store.h"

#include "federation/base/check.h"
#include "federation/base/crypto/hash.h"
#include "node/store/codec.h"
#include "node/store/store_parts.h"

namespace ginnel {

Store::Parts::Parts(Kv& ledger_kv, const SecretKey& root_key, Random& random_source)
    : ledger(ledger_kv),
      root(root_key),
      random(random_source),
      indexes(root_key),
      side(Table::side_rows, Table::side_buckets, derive_key(root_key, "ginnel side index v1")),
      side_key(derive_key(root_key, "ginnel side seal v1")) {}

Error Store::Parts::latch(const Error& error) {
  std::lock_guard lock(latch_mutex);
  if (!latched) latched = error;
  return error;
}

Expected<void> Store::Parts::check_writable() const {
  std::lock_guard lock(latch_mutex);
  if (!latched) return {};
  return fail("read-only", "the node is read-only", latched->text(), "mend the cause, then start the node again");
}

Store::Store(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Store::~Store() = default;

namespace {

Expected<std::unique_ptr<KeyTable>> make_or_open_keys(Kv& keys, const SecretKey& root, Random& random, Instant now) {
  auto created = KeyTable::create(keys, root, random, now);
  // An init that lost power after its first commit is taken up again.
  if (!created && created.error().code != "not-empty") return tl::unexpected(created.error());
  return KeyTable::open(keys, root, random);
}

}  // namespace

Expected<void> Store::create(Kv& ledger, Kv& keys, const SecretKey& root, Random& random, const MemberId& member,
                             std::uint64_t incarnation, Instant now) {
  auto txn = ledger.write();
  if (!txn) return tl::unexpected(txn.error());
  auto present = (*txn)->last_key(Table::meta);
  if (!present) return tl::unexpected(present.error());
  if (*present)
    return fail("not-empty", "cannot make a store", "there is one here already", "choose an empty directory");
  auto table = make_or_open_keys(keys, root, random, now);
  if (!table) return tl::unexpected(table.error());

  Parts parts(ledger, root, random);
  if (auto made = parts.indexes.create(**txn); !made) return made;
  for (std::uint8_t side = 1; side <= side_table_count; ++side)
    if (auto made = parts.side.create(**txn, side); !made) return made;
  EntryHeader header{EntryKind::genesis, incarnation, 0, now, ActorId(), (*table)->node_key()};
  auto key = (*table)->open_key(header.data_key);
  if (!key) return tl::unexpected(key.error());
  LedgerHead head{member, incarnation, Frontier()};
  const Bytes entry = seal_entry(header, encode(Genesis{member, incarnation}), *key, random);
  if (auto appended = append_entry(**txn, head.frontier, entry); !appended) return appended;
  if (auto written = write_ledger_head(**txn, head, root); !written) return written;
  return (*txn)->commit();
}

Expected<std::unique_ptr<Store>> Store::open(Kv& ledger, Kv& keys, const SecretKey& root, Random& random) {
  auto table = KeyTable::open(keys, root, random);
  if (!table) return tl::unexpected(table.error());
  auto txn = ledger.read();
  if (!txn) return tl::unexpected(txn.error());
  auto head = read_ledger_head(**txn, root);
  if (!head) return tl::unexpected(head.error());
  auto last = (*txn)->last_key(Table::entries);
  if (!last) return tl::unexpected(last.error());
  Bytes expected;
  put_u64(expected, head->frontier.size() - 1);
  if (head->frontier.size() == 0 || *last != expected)
    return fail("ledger-cut", "cannot open the ledger", "its last entry is not the one that its head counts",
                "restore the node from a backup");
  auto newest = read_entry(**txn, head->frontier.size() - 1);
  if (!newest) return tl::unexpected(newest.error());
  auto header = decode_header(*newest);
  if (!header) return tl::unexpected(header.error());
  auto parts = std::make_unique<Parts>(ledger, root, random);
  parts->latest = header->time;
  parts->keys = std::move(*table);
  parts->head = std::move(*head);
  return std::unique_ptr<Store>(new Store(std::move(parts)));
}

Expected<std::unique_ptr<Turn>> Store::begin(Instant now) {
  CHECK(!parts_->turn_open);
  if (auto writable = parts_->check_writable(); !writable) return tl::unexpected(writable.error());
  auto txn = parts_->ledger.write();
  if (!txn) return tl::unexpected(txn.error());
  auto parts = std::make_unique<StoreReader::Parts>(*parts_, nullptr, std::move(*txn));
  parts->frontier = parts_->head.frontier;
  parts->now = now;
  parts_->latest = now;
  parts_->turn_open = true;
  return std::unique_ptr<Turn>(new Turn(std::move(parts)));
}

Expected<std::unique_ptr<Snapshot>> Store::snapshot() {
  if (auto writable = parts_->check_writable(); !writable) return tl::unexpected(writable.error());
  auto txn = parts_->ledger.read();
  if (!txn) return tl::unexpected(txn.error());
  auto head = read_ledger_head(**txn, parts_->root);
  if (!head) return tl::unexpected(head.error());
  auto parts = std::make_unique<StoreReader::Parts>(*parts_, std::move(*txn), nullptr);
  parts->frontier = std::move(head->frontier);
  return std::unique_ptr<Snapshot>(new Snapshot(std::move(parts)));
}

bool Store::wants_keys() const { return parts_->keys->left(KeyKind::spare) < limits::spare_keys_low; }

Expected<void> Store::refill_keys(std::size_t people) {
  if (auto writable = parts_->check_writable(); !writable) return writable;
  Expected<void> filled;
  if (wants_keys()) filled = parts_->keys->refill(KeyKind::spare, limits::spare_keys, parts_->latest);
  // Half used up first: a commit for every few keys would cost more than the keys.
  if (filled && parts_->keys->left(KeyKind::person) < people / 2)
    filled = parts_->keys->refill(KeyKind::person, people, parts_->latest);
  if (!filled) return tl::unexpected(parts_->latch(filled.error()));
  return {};
}

Expected<void> Store::destroy_keys(std::span<const KeyId> keys) {
  CHECK(!parts_->turn_open);
  if (auto writable = parts_->check_writable(); !writable) return writable;
  auto txn = parts_->ledger.read();
  if (!txn) return tl::unexpected(txn.error());
  for (const auto& key : keys) {
    auto buried = parts_->indexes.is_erased(**txn, key);
    if (!buried) return tl::unexpected(buried.error());
    if (!*buried) return fail("no-tombstone", "cannot destroy the key", "no tombstone in the ledger names it", "");
  }
  auto erased = parts_->keys->erase(keys);
  if (!erased && is_engine_error(erased.error())) return tl::unexpected(parts_->latch(erased.error()));
  return erased;
}

const MemberId& Store::member() const { return parts_->head.member; }
std::uint64_t Store::incarnation() const { return parts_->head.incarnation; }
TreeHead Store::tree_head() const { return {parts_->head.frontier.size(), parts_->head.frontier.root()}; }

bool Store::read_only() const { return !parts_->check_writable(); }
std::string Store::read_only_reason() const {
  std::lock_guard lock(parts_->latch_mutex);
  return parts_->latched ? parts_->latched->text() : std::string();
}

}  // namespace ginnel
