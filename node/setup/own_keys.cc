// SPDX-License-Identifier: Apache-2.0
#include "node/setup/own_keys.h"

#include <algorithm>

#include "federation/base/crypto/hash.h"
#include "federation/wire/directory_codec.h"
#include "node/setup/peer_rows.h"
#include "node/setup/suspensions.h"

namespace ginnel {
namespace {

constexpr std::string_view own_keys_key = "own-keys";
constexpr std::string_view directory_key = "directory";

// Own keys: format u16, statement number u32, then the three secrets of 32 bytes. Where the next keys are announced,
// follow their statement's number u32, when they begin and at the last begin i64 ms each, and their two secrets. Public
// halves follow from them.
constexpr std::uint16_t own_keys_format = 1;
constexpr std::size_t own_keys_bytes = 2 + 4 + 3 * SecretKey::size;
constexpr std::size_t next_keys_bytes = 4 + 8 + 8 + 2 * SecretKey::size;

Bytes row_of(PeerRow kind, ByteView document) {
  Bytes row = {static_cast<std::uint8_t>(kind)};
  append(row, document);
  return row;
}

std::string statement_key(const MemberId& member, std::uint32_t number) {
  return "statement/" + member.text() + "/" + std::to_string(number);
}
std::string evidence_key(ByteView brought) { return "evidence/" + to_hex(sha256(brought)); }

}  // namespace

OwnKeys OwnKeys::make(Random& random) {
  OwnKeys keys;
  keys.identity = SigningKey::make(random);
  keys.signing = SigningKey::make(random);
  keys.curve = CurveKey::make(random);
  return keys;
}

Expected<void> put_own_keys(Turn& turn, const OwnKeys& keys) {
  Bytes row;
  put_u16(row, own_keys_format);
  put_u32(row, keys.statement_number);
  append(row, keys.identity.seed.bytes());
  append(row, keys.signing.seed.bytes());
  append(row, keys.curve.secret.bytes());
  if (keys.next) {
    put_u32(row, keys.next->statement_number);
    put_u64(row, std::uint64_t(keys.next->from.ms));
    put_u64(row, std::uint64_t(keys.next->at_last.ms));
    append(row, keys.next->signing.seed.bytes());
    append(row, keys.next->curve.secret.bytes());
  }
  auto put = turn.put_side(SideTable::settings, view_of(own_keys_key), row);
  wipe(row.data(), row.size());
  return put;
}

Expected<OwnKeys> load_own_keys(const StoreReader& reader) {
  auto row = reader.side(SideTable::settings, view_of(own_keys_key));
  if (!row) return tl::unexpected(row.error());
  const bool has_length =
      *row && ((*row)->size() == own_keys_bytes || (*row)->size() == own_keys_bytes + next_keys_bytes);
  if (!has_length || read_u16(**row, 0) != own_keys_format)
    return fail("no-own-keys", "cannot read this node's own keys", "the store holds none, or of another format",
                "the setting up of this node was not finished: start it again in an empty folder");
  ByteView bytes(**row);
  const auto secret_at = [&](std::size_t at) { return *SecretKey::from(bytes.subspan(at, SecretKey::size)); };
  const auto secret = [&](std::size_t i) { return secret_at(6 + i * SecretKey::size); };
  OwnKeys keys;
  keys.statement_number = *read_u32(bytes, 2);
  keys.identity = SigningKey::from_seed(secret(0));
  keys.signing = SigningKey::from_seed(secret(1));
  keys.curve = CurveKey::from_secret(secret(2));
  if (bytes.size() > own_keys_bytes) {
    NextKeys next;
    next.statement_number = *read_u32(bytes, own_keys_bytes);
    next.from = {std::int64_t(*read_u64(bytes, own_keys_bytes + 4))};
    next.at_last = {std::int64_t(*read_u64(bytes, own_keys_bytes + 12))};
    next.signing = SigningKey::from_seed(secret_at(own_keys_bytes + 20));
    next.curve = CurveKey::from_secret(secret_at(own_keys_bytes + 20 + SecretKey::size));
    keys.next = std::move(next);
  }
  wipe((*row)->data(), (*row)->size());
  return keys;
}

Expected<void> put_directory(Turn& turn, ByteView signed_directory) {
  return turn.put_side(SideTable::peers, view_of(directory_key), row_of(PeerRow::directory, signed_directory));
}

Expected<void> put_statement(Turn& turn, const MemberId& member, std::uint32_t number, ByteView signed_statement) {
  return turn.put_side(SideTable::peers, view_of(statement_key(member, number)),
                       row_of(PeerRow::statement, signed_statement));
}

Expected<void> erase_statement(Turn& turn, const MemberId& member, std::uint32_t number) {
  return turn.erase_side(SideTable::peers, view_of(statement_key(member, number)));
}

Expected<void> put_evidence(Turn& turn, ByteView held, ByteView brought) {
  Bytes both;
  put_u32(both, std::uint32_t(held.size()));
  append(both, held);
  append(both, brought);
  return turn.put_side(SideTable::peers, view_of(evidence_key(brought)), row_of(PeerRow::evidence, both));
}

Expected<bool> has_evidence(const StoreReader& reader, ByteView brought) {
  auto row = reader.side(SideTable::peers, view_of(evidence_key(brought)));
  return row ? Expected<bool>(row->has_value()) : tl::unexpected(row.error());
}

Expected<FederationDocuments> load_federation_documents(const StoreReader& reader) {
  auto rows = reader.side_all(SideTable::peers);
  if (!rows) return tl::unexpected(rows.error());
  FederationDocuments documents;
  for (const Bytes& row : *rows) {
    if (row.empty()) continue;
    Bytes document(row.begin() + 1, row.end());
    if (row[0] == static_cast<std::uint8_t>(PeerRow::directory))
      documents.directory = std::move(document);
    else if (row[0] == static_cast<std::uint8_t>(PeerRow::statement))
      documents.statements.push_back(std::move(document));
  }
  return documents;
}

Expected<std::vector<Error>> restore_book(DirectoryBook& book, const StoreReader& reader, Instant now) {
  auto documents = load_federation_documents(reader);
  if (!documents) return tl::unexpected(documents.error());
  auto suspensions = load_suspensions(reader);
  if (!suspensions) return tl::unexpected(suspensions.error());
  for (const auto& [member, suspension] : *suspensions) book.suspend(member);
  std::vector<Error> unused;
  if (documents->directory.empty()) return unused;
  if (auto adopted = book.adopt(documents->directory, now); !adopted) return tl::unexpected(adopted.error());
  // The rows come in no order, and a book takes statements with rising numbers only.
  std::vector<std::pair<std::uint32_t, const Bytes*>> by_number;
  for (const auto& bytes : documents->statements) {
    auto statement = read_key_statement(bytes);
    if (statement)
      by_number.emplace_back(statement->number, &bytes);
    else
      unused.push_back(statement.error());
  }
  std::sort(by_number.begin(), by_number.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [number, bytes] : by_number)
    if (auto added = book.add_statement(*bytes); !added) unused.push_back(added.error());
  return unused;
}

}  // namespace ginnel
