// SPDX-License-Identifier: Apache-2.0
#include "node/setup/open_store.h"

#include "node/store/lmdb_kv.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

using OpenKv = Expected<std::unique_ptr<Kv>> (*)(const std::string&, const LmdbOptions&);

Expected<OpenedStore> open_environments(const NodeConfig& config, OpenKv open_kv = open_lmdb) {
  OpenedStore opened;
  for (auto [dir, kv] : {std::pair(config.ledger_dir, &opened.ledger), std::pair(config.keys_dir, &opened.keys)}) {
    auto environment = open_kv(dir.string(), {config.map_bytes});
    if (!environment) return tl::unexpected(environment.error());
    *kv = std::move(*environment);
  }
  return opened;
}

Expected<OpenedStore> store_in(Expected<OpenedStore> opened, const SecretKey& root_key, Random& random) {
  if (!opened) return opened;
  auto store = Store::open(*opened->ledger, *opened->keys, root_key, random);
  if (!store) return tl::unexpected(store.error());
  opened->store = std::move(*store);
  return opened;
}

}  // namespace

Expected<OpenedStore> open_store(const NodeConfig& config, const SecretKey& root_key, Random& random) {
  return store_in(open_environments(config), root_key, random);
}

Expected<OpenedStore> open_store_to_read(const NodeConfig& config, const SecretKey& root_key, Random& random) {
  return store_in(open_environments(config, open_lmdb_to_read), root_key, random);
}

Expected<OpenedStore> open_store_either_way(const NodeConfig& config, const SecretKey& root_key, Random& random) {
  auto opened = open_store(config, root_key, random);
  if (opened || opened.error().code != "store-in-use") return opened;
  return open_store_to_read(config, root_key, random);
}

Expected<OpenedStore> create_store(const NodeConfig& config, const SecretKey& root_key, Random& random, Instant now) {
  for (const fs::path& dir : {config.ledger_dir, config.keys_dir}) {
    std::error_code error;
    fs::create_directories(dir.parent_path(), error);
    if (error) return fail("unwritable", "cannot make " + dir.parent_path().string(), error.message());
    if (fs::exists(dir, error) && !fs::is_empty(dir, error))
      return fail("not-empty", "cannot make a store in " + dir.string(), "something is there already",
                  "choose an empty folder");
  }
  auto opened = open_environments(config);
  if (!opened) return opened;
  auto created = Store::create(*opened->ledger, *opened->keys, root_key, random, config.member, first_incarnation, now);
  if (!created) return tl::unexpected(created.error());
  return store_in(std::move(opened), root_key, random);
}

}  // namespace ginnel
