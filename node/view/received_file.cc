// SPDX-License-Identifier: Apache-2.0
#include "node/view/received_file.h"

#include <algorithm>

#include "federation/base/crypto/hash.h"

namespace ginnel {
namespace {

constexpr std::size_t row_bytes_max = 512 << 10;  // a side row takes 1 MiB

Bytes row_key(const ViewFile& file, std::size_t row) {
  Bytes key = copy_of(file.id.bytes());
  put_u64(key, row);
  return key;
}

}  // namespace

Expected<std::optional<Bytes>> find_received(const ViewFile& file, const Turn& turn) {
  Bytes content;
  for (std::size_t row = 0; content.size() < file.file.size_bytes; ++row) {
    const Bytes key = row_key(file, row);
    auto sealed = turn.side(SideTable::received_files, key);
    if (!sealed) return tl::unexpected(sealed.error());
    if (!*sealed) return std::optional<Bytes>();
    auto opened = turn.open_with(file.view_key, **sealed, key);
    if (!opened || opened->empty()) return std::optional<Bytes>();
    append(content, *opened);
  }
  if (content.size() != file.file.size_bytes || sha256(content) != file.name.sha256) return std::optional<Bytes>();
  return std::optional(std::move(content));
}

Expected<void> keep_received(const ViewFile& file, ByteView content, Turn& turn) {
  Access received = file.about;
  received.ask = file.name.ask;
  received.peer = file.from;
  received.items = {{file.name.record, Step::content, {}, {}, {}, file.name.sha256}};
  auto sequence = turn.append(EntryKind::file_received, ActorId(), file.subject_key, received);
  if (!sequence) return tl::unexpected(sequence.error());
  for (std::size_t row = 0, at = 0; at < content.size(); ++row, at += row_bytes_max) {
    const Bytes key = row_key(file, row);
    auto sealed = turn.seal_with(file.view_key, content.subspan(at, std::min(row_bytes_max, content.size() - at)), key);
    if (!sealed) return tl::unexpected(sealed.error());
    if (auto put = turn.put_side(SideTable::received_files, key, *sealed, file.kept_until); !put) return put;
  }
  return {};
}

}  // namespace ginnel
