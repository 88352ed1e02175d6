// SPDX-License-Identifier: Apache-2.0
#include "node/setup/own_keys.h"

namespace ginnel {
namespace {

constexpr std::string_view own_keys_key = "own-keys";
constexpr std::string_view directory_key = "directory";

// Own keys: format u16, statement number u32, then the three secrets of 32 bytes. Public halves follow from them.
constexpr std::uint16_t own_keys_format = 1;
constexpr std::size_t own_keys_bytes = 2 + 4 + 3 * SecretKey::size;

// A row of `peers` starts with what it is, because the table is read as a whole.
enum class PeerRow : std::uint8_t { directory = 1, statement = 2 };

Bytes row_of(PeerRow kind, ByteView document) {
  Bytes row = {static_cast<std::uint8_t>(kind)};
  append(row, document);
  return row;
}

std::string statement_key(const MemberId& member, std::uint32_t number) {
  return "statement/" + member.text() + "/" + std::to_string(number);
}

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
  auto put = turn.put_side(SideTable::settings, view_of(own_keys_key), row);
  wipe(row.data(), row.size());
  return put;
}

Expected<OwnKeys> load_own_keys(const StoreReader& reader) {
  auto row = reader.side(SideTable::settings, view_of(own_keys_key));
  if (!row) return tl::unexpected(row.error());
  if (!*row || (*row)->size() != own_keys_bytes || read_u16(**row, 0) != own_keys_format)
    return fail("no-own-keys", "cannot read this node's own keys", "the store holds none, or of another format",
                "the setting up of this node was not finished: start it again in an empty folder");
  ByteView bytes(**row);
  auto secret = [&](std::size_t i) {
    return *SecretKey::from(bytes.subspan(6 + i * SecretKey::size, SecretKey::size));
  };
  OwnKeys keys;
  keys.statement_number = *read_u32(bytes, 2);
  keys.identity = SigningKey::from_seed(secret(0));
  keys.signing = SigningKey::from_seed(secret(1));
  keys.curve = CurveKey::from_secret(secret(2));
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

}  // namespace ginnel
