// SPDX-License-Identifier: Apache-2.0
// A node's own private keys, and the federation's documents that it starts from. Both stand sealed in the store's side
// tables, under the root key: no file holds them.
//
// Thread: that of the reader or turn given. Failure: `no-own-keys` from a store that init did not finish; else the
// store's own errors. A document that does not decode is not judged here: DirectoryBook does that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "federation/base/crypto/sign.h"
#include "federation/base/error.h"
#include "federation/base/id.h"
#include "federation/directory/directory.h"
#include "node/store/store.h"

namespace ginnel {

// Announced and not in use yet.
struct NextKeys {
  SigningKey signing;
  CurveKey curve;
  std::uint32_t statement_number = 0;
  Instant from;     // when they come into use: valid_from of their statement
  Instant at_last;  // when they do even if nobody was heard since: the old statement's end
};

struct OwnKeys {
  SigningKey identity;                 // signs key statements; the directory holds its public half
  SigningKey signing;                  // messages and process heads
  CurveKey curve;                      // the transport
  std::uint32_t statement_number = 1;  // of the key statement that publishes `signing` and `curve`
  std::optional<NextKeys> next;

  static OwnKeys make(Random& random);
};

// Side table `settings`, key "own-keys".
Expected<void> put_own_keys(Turn& turn, const OwnKeys& keys);
Expected<OwnKeys> load_own_keys(const StoreReader& reader);

// Side table `peers` (its rows: peer_rows.h): "directory", "statement/<member>/<number>", and "evidence/<SHA-256 of the
// second>": two genuine documents that contradict each other.
struct FederationDocuments {
  Bytes directory;                // an encoded SignedDirectory; empty: none yet
  std::vector<Bytes> statements;  // encoded Signed, in no order
};
Expected<void> put_directory(Turn& turn, ByteView signed_directory);
Expected<void> put_statement(Turn& turn, const MemberId& member, std::uint32_t number, ByteView signed_statement);
Expected<void> erase_statement(Turn& turn, const MemberId& member, std::uint32_t number);
Expected<void> put_evidence(Turn& turn, ByteView held, ByteView brought);
Expected<bool> has_evidence(const StoreReader& reader, ByteView brought);
Expected<FederationDocuments> load_federation_documents(const StoreReader& reader);

// An empty book as this node kept it: documents and suspensions. What it refuses of the statements, which harms nobody;
// an error: of the directory, or the store's.
Expected<std::vector<Error>> restore_book(DirectoryBook& book, const StoreReader& reader, Instant now);

}  // namespace ginnel
