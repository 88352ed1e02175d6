// SPDX-License-Identifier: Apache-2.0
#include "node/setup/init_node.h"

#include "federation/base/crypto/hash.h"
#include "federation/wire/directory_codec.h"
#include "node/setup/open_store.h"
#include "node/setup/private_file.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t statement_early_ms = 10 * minute_ms;  // other members' clocks may be behind
constexpr std::int64_t statement_life_ms = 365 * day_ms;

Expected<void> make_folder(const fs::path& dir) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (!error) fs::permissions(dir, fs::perms::owner_all, error);
  if (error) return fail("unwritable", "cannot make " + dir.string(), error.message(), "check its permissions");
  return {};
}

Expected<void> write_files(const NodeInit& init) {
  const NodeConfig& config = init.config;
  for (const fs::path& dir : {config.dir, config.https.key.parent_path(), config.https.certificate.parent_path()})
    if (auto made = make_folder(dir); !made) return made;
  if (auto written = write_private_file(config.https.key, init.certificate_key_pem); !written) return written;
  if (auto written = write_file(config.https.certificate, init.certificate_pem); !written) return written;
  if (!init.sealed_bundle.empty()) {
    if (auto made = make_folder(config.policies.parent_path()); !made) return made;
    if (auto written = write_file(config.policies, text_of(init.sealed_bundle)); !written) return written;
  } else if (!init.policies_from.empty()) {
    std::error_code error;
    fs::copy(init.policies_from, config.dir / "policies", fs::copy_options::recursive, error);
    if (error) return fail("unwritable", "cannot copy the policies", error.message(), "check --policies");
  }
  return write_file(config.dir / "trust.toml", write_trust(config.trust));
}

// Everything that the store starts with, in one turn.
Expected<std::vector<AddedUser>> fill(Turn& turn, const NodeInit& init, Random& random) {
  if (auto put = put_own_keys(turn, init.keys); !put) return tl::unexpected(put.error());
  if (!init.directory.empty()) {
    if (auto put = put_directory(turn, init.directory); !put) return tl::unexpected(put.error());
    auto decoded = decode_signed_directory(init.directory);
    if (!decoded) return tl::unexpected(decoded.error());
    auto directory = decode_directory(decoded->bytes);
    if (!directory) return tl::unexpected(directory.error());
    auto adopted = turn.append(EntryKind::directory_adopted, {}, turn.node_key(),
                               encode(Adopted{directory->version, sha256(init.directory), {}}));
    if (!adopted) return tl::unexpected(adopted.error());
  }
  for (const SignedStatement& statement : init.statements)
    if (auto put = put_statement(turn, statement.member, statement.number, statement.bytes); !put)
      return tl::unexpected(put.error());
  std::vector<AddedUser> users;
  for (const NewUser& user : init.users) {
    auto added = add_user(turn, user, random);
    if (!added) return tl::unexpected(added.error());
    users.push_back(std::move(*added));
  }
  return users;
}

}  // namespace

Expected<std::vector<AddedUser>> init_node(const NodeInit& init, Clock& clock, Random& random) {
  const NodeConfig& config = init.config;
  std::error_code unreachable;  // told where the folder is made
  if (fs::exists(config.dir / "node.toml", unreachable))
    return fail("node-exists", "cannot set up a node in " + config.dir.string(), "there is one already",
                "choose an empty folder");
  // First, because it is what fails: a weak passphrase or a missing credential leaves an empty folder, for another try.
  if (auto dir = make_folder(config.dir); !dir) return tl::unexpected(dir.error());
  auto made = make_root_key(config, init.ask_secret, random);
  if (!made) return tl::unexpected(made.error());
  // Before anything is sealed with the key: a store that nobody can open again is worth nothing.
  for (std::size_t i = 0; i < made->shares.size(); ++i)
    if (auto written = write_private_file(init.shares_to / ("share-" + std::to_string(i + 1)), made->shares[i] + "\n");
        !written)
      return tl::unexpected(written.error());
  if (auto written = write_files(init); !written) return tl::unexpected(written.error());
  auto opened = create_store(config, made->root.key, random, clock.now());
  if (!opened) return tl::unexpected(opened.error());
  auto turn = opened->store->begin(clock.now());
  if (!turn) return tl::unexpected(turn.error());
  auto users = fill(**turn, init, random);
  if (!users) return users;
  if (auto committed = (*turn)->commit(); !committed) return tl::unexpected(committed.error());
  if (auto written = write_file(config.dir / "node.toml", write_config(config)); !written)
    return tl::unexpected(written.error());
  return users;
}

SignedStatement make_statement(const MemberId& member, const OwnKeys& keys, const std::string& endpoint, Instant now) {
  KeyStatement statement;
  statement.member = member;
  statement.number = keys.statement_number;
  statement.signing_key = keys.signing.public_key;
  statement.curve_key = keys.curve.public_key;
  if (!endpoint.empty()) statement.endpoints = {endpoint};
  statement.incarnation = first_incarnation;
  statement.valid_from = now + -statement_early_ms;
  statement.valid_until = now + statement_life_ms;
  statement.supersedes = statement.number - 1;
  return SignedStatement{member, statement.number, sign_key_statement(statement, keys.identity)};
}

}  // namespace ginnel
