// SPDX-License-Identifier: Apache-2.0
#include "node/store/rebuild.h"

#include <array>

#include "federation/base/check.h"
#include "node/store/store_parts.h"

namespace ginnel {
namespace {

constexpr std::size_t entries_per_commit = 4096;
constexpr std::size_t rows_per_page = 4096;
constexpr std::array index_tables = {Table::index_rows, Table::index_buckets};

// Rows and buckets of an index have its number as their first byte.
using RowPage = std::vector<std::pair<Bytes, Bytes>>;
Expected<RowPage> next_page(const KvRead& kv, Table table, std::uint8_t first_byte, Bytes from) {
  RowPage page;
  if (from.empty()) from = {first_byte};
  const Bytes until = {std::uint8_t(first_byte + 1)};
  auto scanned = kv.scan(table, from, until, [&](ByteView key, ByteView value) {
    page.emplace_back(copy_of(key), copy_of(value));
    return page.size() < rows_per_page;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  return page;
}

template <class Each>
Expected<void> for_each_row(const KvRead& kv, Table table, Index index, const Each& each) {
  Bytes from;
  for (;;) {
    auto page = next_page(kv, table, std::uint8_t(index), from);
    if (!page) return tl::unexpected(page.error());
    for (const auto& [key, value] : *page)
      if (Expected<void> done = each(key, value); !done) return done;
    if (page->size() < rows_per_page) return {};
    from = page->back().first;
    from.push_back(0);
  }
}

Expected<IndexComparison> compare(const KvRead& in_use, const KvRead& rebuilt, const IndexLine& line) {
  IndexComparison out{std::string(line.name), 0, 0, 0};
  std::uint64_t in_both = 0, changed = 0;
  for (Table table : index_tables) {
    auto rows = for_each_row(rebuilt, table, line.index, [&](ByteView key, ByteView value) -> Expected<void> {
      ++out.rows_rebuilt;
      auto other = in_use.get(table, key);
      if (!other) return tl::unexpected(other.error());
      if (!*other) return {};
      ++in_both;
      if (!std::equal(value.begin(), value.end(), (*other)->begin(), (*other)->end())) ++changed;
      return {};
    });
    if (rows)
      rows = for_each_row(in_use, table, line.index, [&](ByteView, ByteView) -> Expected<void> {
        ++out.rows_in_use;
        return {};
      });
    if (!rows) return tl::unexpected(rows.error());
  }
  out.differing = changed + (out.rows_rebuilt - in_both) + (out.rows_in_use - in_both);
  return out;
}

}  // namespace

// Asks no index whether a key was erased: the ones in use may be what is damaged.
Expected<Bytes> Rebuild::open_body(const KvRead& ledger, std::uint64_t sequence, EntryHeader* header_out) const {
  auto entry = read_entry(ledger, sequence);
  if (!entry) return entry;
  auto header = decode_header(*entry);
  if (!header) return tl::unexpected(header.error());
  if (header_out != nullptr) *header_out = *header;
  auto key = store_.parts_->keys->open_key(header->data_key);
  if (!key) return tl::unexpected(key.error());
  return open_entry(*header, *entry, *key);
}

Expected<void> Rebuild::apply(KvWrite& kv, const KvRead& ledger, std::uint64_t sequence, RebuildReport& report) {
  EntryHeader header;
  auto body = open_body(ledger, sequence, &header);
  if (!body && body.error().code == "key-missing") {
    ++report.erased;
    missing_.insert(header.data_key);
    return {};
  }
  if (!body) return tl::unexpected(body.error());
  ++report.entries;
  return store_.parts_->indexes.apply(kv, header, *body,
                                      [&](std::uint64_t at, EntryHeader* of) { return open_body(ledger, at, of); });
}

Expected<void> Rebuild::build(RebuildReport& report) {
  const Indexes& indexes = store_.parts_->indexes;
  auto ledger = store_.parts_->ledger.read();
  if (!ledger) return tl::unexpected(ledger.error());
  const std::uint64_t size = store_.parts_->head.frontier.size();
  std::uint64_t sequence = 0;
  do {
    auto txn = scratch_.write();
    if (!txn) return tl::unexpected(txn.error());
    if (sequence == 0) {
      auto present = (*txn)->last_key(Table::index_buckets);
      if (!present) return tl::unexpected(present.error());
      if (*present) return fail("not-empty", "cannot rebuild", "the scratch environment is not empty", "empty it");
      if (auto created = indexes.create(**txn); !created) return created;
    }
    for (std::size_t n = 0; n < entries_per_commit && sequence < size; ++n, ++sequence)
      if (auto applied = apply(**txn, **ledger, sequence, report); !applied) return applied;
    if (auto committed = (*txn)->commit(); !committed) return committed;
  } while (sequence < size);

  // SECURITY: a hidden key must not drop its people from the indexes as if they had been erased.
  auto built = scratch_.read();
  if (!built) return tl::unexpected(built.error());
  for (const auto& key : missing_) {
    auto erased = indexes.is_erased(**built, key);
    if (!erased) return tl::unexpected(erased.error());
    if (!*erased)
      return fail("key-missing", "cannot rebuild", "data key " + key.hex() + " is missing and was never erased",
                  "restore the keys file from a backup");
  }
  return {};
}

Expected<RebuildReport> Rebuild::run() {
  RebuildReport report;
  if (auto built = build(report); !built) return tl::unexpected(built.error());
  auto in_use = store_.parts_->ledger.read();
  if (!in_use) return tl::unexpected(in_use.error());
  auto rebuilt = scratch_.read();
  if (!rebuilt) return tl::unexpected(rebuilt.error());
  for (const auto& line : indexes) {
    auto compared = compare(**in_use, **rebuilt, line);
    if (!compared) return tl::unexpected(compared.error());
    report.indexes.push_back(std::move(*compared));
  }
  return report;
}

Expected<void> Rebuild::adopt() {
  CHECK(!store_.parts_->turn_open);
  auto rebuilt = scratch_.read();
  if (!rebuilt) return tl::unexpected(rebuilt.error());
  auto txn = store_.parts_->ledger.write();
  if (!txn) return tl::unexpected(txn.error());
  for (Table table : index_tables) {
    for (const auto& line : indexes) {
      // Each page from the start again: what it held is erased.
      for (bool more = true; more;) {
        auto page = next_page(**txn, table, std::uint8_t(line.index), {});
        if (!page) return tl::unexpected(page.error());
        for (const auto& row : *page)
          if (auto erased = (*txn)->erase(table, row.first); !erased) return erased;
        more = page->size() == rows_per_page;
      }
      auto copied = for_each_row(**rebuilt, table, line.index,
                                 [&](ByteView key, ByteView value) { return (*txn)->put(table, key, value); });
      if (!copied) return copied;
    }
  }
  auto committed = (*txn)->commit();
  if (!committed) return tl::unexpected(store_.parts_->latch(committed.error()));
  return {};
}

}  // namespace ginnel
