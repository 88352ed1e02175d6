// SPDX-License-Identifier: Apache-2.0
// Makes a node's folder: configuration, certificates, policies, root key, store, own keys, what it knows of the
// federation, and its first users.
//
// Thread: any; blocks. Order: node.toml is written last, so a folder without one is an unfinished start.
// Failure: `node-exists` when there is a node.toml; nothing is changed then. A root key that cannot be had
// leaves an empty folder. Anything else leaves an unfinished one, which is to be removed.
#pragma once

#include <string>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/clock.h"
#include "federation/base/error.h"
#include "node/config.h"
#include "node/setup/accounts.h"
#include "node/setup/own_keys.h"
#include "node/setup/unlock.h"

namespace ginnel {

struct SignedStatement {
  MemberId member;
  std::uint32_t number = 0;
  Bytes bytes;  // an encoded Signed
};

struct NodeInit {
  NodeConfig config;  // as node.toml shall say; paths of what is made here lie under config.dir
  AskSecret ask_secret;
  std::filesystem::path shares_to;  // a folder for the three shares of a root key that is shared
  OwnKeys keys;
  std::string certificate_pem, certificate_key_pem;  // written to config.https's files
  std::filesystem::path policies_from;               // a folder of bundles and vocabulary, copied to DIR/policies
  Bytes sealed_bundle;                               // instead: written to config.policies
  Bytes directory;                                   // an encoded SignedDirectory; empty: none yet
  std::vector<SignedStatement> statements;           // its own among them
  std::vector<NewUser> users;
};

// The users as they were added, in order.
Expected<std::vector<AddedUser>> init_node(const NodeInit& init, Clock& clock, Random& random);

// This node's key statement, signed by its identity key.
SignedStatement make_statement(const MemberId& member, const OwnKeys& keys, const std::string& endpoint, Instant now);

}  // namespace ginnel
