// SPDX-License-Identifier: Apache-2.0
#include "node/transfer/transfer_rows.h"

#include <algorithm>

#include "federation/base/crypto/hash.h"

namespace ginnel {
namespace {

// The two kinds of rows of SideTable::transfers, told apart by the first byte of key and value.
constexpr std::uint8_t unshown_tag = 'u', file_tag = 'f';
constexpr std::size_t unshown_bytes = 1 + TransferId::size + 8;
constexpr std::size_t file_row_bytes = 1 + TransferId::size + 16 + KeyId::size + 2;
// A side row takes 1 MiB.
constexpr std::size_t part_row_bytes_max = 512 << 10;

Bytes transfer_row_key(std::uint8_t tag, const TransferId& transfer) {
  Bytes key{tag};
  append(key, transfer.bytes());
  return key;
}

// A part has as many rows as it needs; the first says how many bytes it is, and under which key.
Bytes part_key(const TransferId& transfer, const Hash& sha256, std::uint64_t row) {
  Bytes key = copy_of(transfer.bytes());
  append(key, sha256);
  put_u64(key, row);
  return key;
}

tl::unexpected<Error> row_damaged() {
  return fail("part-damaged", "cannot read what is kept of a transfer", "a row is not as it was written",
              "restore the node from its backup");
}

std::optional<TransferFileRow> file_row_from(ByteView row) {
  if (row.size() != file_row_bytes || row[0] != file_tag) return std::nullopt;
  TransferFileRow out;
  std::size_t at = 1;
  const auto next = [&](std::size_t bytes) {
    at += bytes;
    return row.subspan(at - bytes, bytes);
  };
  out.transfer = *TransferId::from(next(TransferId::size));
  const ByteView salt = next(out.salt.size());
  std::copy(salt.begin(), salt.end(), out.salt.begin());
  out.key = *KeyId::from(next(KeyId::size));
  out.has_process = next(1)[0] != 0;
  out.is_own = next(1)[0] != 0;
  return out;
}

}  // namespace

Expected<std::optional<std::uint32_t>> unshown_of(const TransferId& transfer, const StoreReader& reader) {
  auto row = reader.side(SideTable::transfers, transfer_row_key(unshown_tag, transfer));
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<std::uint32_t>();
  if ((*row)->size() != unshown_bytes) return row_damaged();
  return std::optional(std::uint32_t(*read_u64(**row, 1 + TransferId::size)));
}

Expected<void> put_unshown(const TransferId& transfer, std::uint32_t shown, Turn& turn) {
  Bytes row = transfer_row_key(unshown_tag, transfer);
  put_u64(row, shown);
  return turn.put_side(SideTable::transfers, transfer_row_key(unshown_tag, transfer), row);
}

Expected<void> drop_unshown(const TransferId& transfer, Turn& turn) {
  return turn.erase_side(SideTable::transfers, transfer_row_key(unshown_tag, transfer));
}

Expected<std::vector<TransferId>> all_unshown(const StoreReader& reader) {
  auto rows = reader.side_all(SideTable::transfers);
  if (!rows) return tl::unexpected(rows.error());
  std::vector<TransferId> out;
  for (const auto& row : *rows) {
    if (row.size() != unshown_bytes || row[0] != unshown_tag) continue;
    out.push_back(*TransferId::from(ByteView(row).subspan(1, TransferId::size)));
  }
  return out;
}

Expected<std::optional<TransferFileRow>> file_row_of(const TransferId& transfer, const StoreReader& reader) {
  auto row = reader.side(SideTable::transfers, transfer_row_key(file_tag, transfer));
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<TransferFileRow>();
  auto out = file_row_from(**row);
  if (!out) return row_damaged();
  return out;
}

Expected<void> put_file_row(const TransferFileRow& row, Turn& turn) {
  Bytes out = transfer_row_key(file_tag, row.transfer);
  append(out, row.salt);
  append(out, row.key.bytes());
  out.push_back(row.has_process ? 1 : 0);
  out.push_back(row.is_own ? 1 : 0);
  return turn.put_side(SideTable::transfers, transfer_row_key(file_tag, row.transfer), out);
}

Expected<bool> has_part(const TransferId& transfer, const Hash& sha256, const StoreReader& reader) {
  auto row = reader.side(SideTable::transfer_parts, part_key(transfer, sha256, 0));
  if (!row) return tl::unexpected(row.error());
  return row->has_value();
}

Expected<std::optional<Bytes>> find_part(const TransferId& transfer, const Hash& sha256, const Turn& turn) {
  Bytes content;
  KeyId key_id;
  std::uint64_t size = 0;
  for (std::uint64_t at = 0; at == 0 || content.size() < size; ++at) {
    const Bytes key = part_key(transfer, sha256, at);
    auto row = turn.side(SideTable::transfer_parts, key);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return at == 0 ? Expected<std::optional<Bytes>>(std::nullopt) : row_damaged();
    ByteView sealed(**row);
    if (at == 0) {
      if (sealed.size() < KeyId::size + 8) return row_damaged();
      key_id = *KeyId::from(sealed.first(KeyId::size));
      size = *read_u64(sealed, KeyId::size);
      sealed = sealed.subspan(KeyId::size + 8);
    }
    auto opened = turn.open_with(key_id, sealed, key);
    const bool is_erased = !opened && (opened.error().code == "key-missing" || opened.error().code == "erased");
    if (is_erased) return std::optional<Bytes>();
    if (!opened) return tl::unexpected(opened.error());
    if (opened->empty()) return row_damaged();
    append(content, *opened);
  }
  if (content.size() != size || ginnel::sha256(content) != sha256) return row_damaged();
  return std::optional(std::move(content));
}

Expected<void> put_part(const TransferId& transfer, const Hash& sha256, ByteView content, const KeyId& key_id,
                        Turn& turn) {
  for (std::uint64_t row = 0, at = 0; at < content.size(); ++row, at += part_row_bytes_max) {
    const Bytes key = part_key(transfer, sha256, row);
    auto sealed = turn.seal_with(key_id, content.subspan(at, std::min(part_row_bytes_max, content.size() - at)), key);
    if (!sealed) return tl::unexpected(sealed.error());
    Bytes value;
    if (row == 0) {
      value = copy_of(key_id.bytes());
      put_u64(value, content.size());
    }
    append(value, *sealed);
    if (auto put = turn.put_side(SideTable::transfer_parts, key, value); !put) return put;
  }
  return {};
}

Expected<void> drop_part(const TransferId& transfer, const Hash& sha256, Turn& turn) {
  for (std::uint64_t at = 0;; ++at) {
    const Bytes key = part_key(transfer, sha256, at);
    auto row = turn.side(SideTable::transfer_parts, key);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    if (auto erased = turn.erase_side(SideTable::transfer_parts, key); !erased) return erased;
  }
}

}  // namespace ginnel
