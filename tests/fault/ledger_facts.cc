// SPDX-License-Identifier: Apache-2.0
// ledger_facts DIR [MAPPING FILE...]: what the ledger of a stopped node says, as JSON, for tests that hurt real nodes.
//
// The ledger is verified and its indexes are made again beside those in use; then come its entries, with what the
// accesses among them tell, and, of the named files, how the node holds each of their rows. Apart from the workload,
// and from the code that keeps what is checked.
#include <iostream>

#include <nlohmann/json.hpp>

#include "federation/base/clock.h"
#include "node/gate/bundle.h"
#include "node/import/open_source.h"
#include "node/setup/open_store.h"
#include "node/setup/unlock.h"
#include "node/store/codec.h"
#include "node/store/memory_kv.h"
#include "node/store/rebuild.h"

namespace ginnel {
namespace {

using nlohmann::json;

bool tells_of_access(EntryKind kind) {
  switch (kind) {
    case EntryKind::asked:
    case EntryKind::decided:
    case EntryKind::disclosed:
    case EntryKind::received:
    case EntryKind::view_shown:
    case EntryKind::retracted:
    case EntryKind::notice:
    case EntryKind::receipt:
      return true;
    default:
      return false;
  }
}

Expected<json> entry_of(const StoreReader& store, std::uint64_t sequence) {
  auto sealed = store.sealed_entry(sequence);
  if (!sealed) return tl::unexpected(sealed.error());
  auto opened = store.entry(sequence);
  if (!opened && opened.error().code == "needs-permit") {
    auto header = decode_header(*sealed);
    if (!header) return tl::unexpected(header.error());
    return json{{"sequence", sequence}, {"kind", name_of(header->kind)}};
  }
  if (!opened) return tl::unexpected(opened.error());
  json out{{"sequence", sequence}, {"kind", name_of(opened->header.kind)}};
  if (!tells_of_access(opened->header.kind)) return out;
  auto access = decode_access(opened->body);
  if (!access) return tl::unexpected(access.error());
  out["view"] = access->view.hex();
  out["ask"] = access->ask.hex();
  out["notice"] = access->notice.hex();
  out["peer"] = access->peer.text();
  out["outcome"] = access->outcome;
  out["items"] = json::array();
  for (const AccessItem& item : access->items)
    out["items"].push_back({{"record", item.record.hex()},
                            {"step", int(item.step)},
                            {"reason", item.reason},
                            {"hash", to_hex(item.hash)}});
  return out;
}

Expected<json> entries_of(const StoreReader& store) {
  json out = json::array();
  for (std::uint64_t sequence = 0; sequence < store.tree_head().size; ++sequence) {
    auto entry = entry_of(store, sequence);
    if (!entry) return tl::unexpected(entry.error());
    out.push_back(std::move(*entry));
  }
  return out;
}

// Each row of the files that is a person or a record: the id it is held under, or null, and in which version.
Expected<json> rows_of(const StoreReader& store, const NodeConfig& config, const SourceFiles& files) {
  auto bundle = read_bundle(config.policies);
  if (!bundle) return tl::unexpected(bundle.error());
  auto adapter = open_source(files, (*bundle)->vocabulary);
  if (!adapter) return tl::unexpected(adapter.error().front());
  json out = json::array();
  const auto add = [&](const char* what, const std::string& key, const auto& held) -> Expected<void> {
    if (!held) return tl::unexpected(held.error());
    out.push_back({{"what", what},
                   {"key", key},
                   {"id", *held ? json((*held)->id.hex()) : json()},
                   {"version", *held ? (*held)->version : 0}});
    return {};
  };
  while (true) {
    auto item = (*adapter)->next();
    if (!item) return tl::unexpected(item.error());
    if (!*item) return out;
    Expected<void> added;
    if (const auto* person = std::get_if<SourcePerson>(&**item))
      added = add("person", person->key, store.person_by_source(person->system, person->key, person->content_hash));
    if (const auto* record = std::get_if<SourceRecord>(&**item)) {
      const Source& source = record->record.source;
      added = add("record", source.key, store.record_by_source(source.system, source.key, source.content_hash));
    }
    if (!added) return tl::unexpected(added.error());
  }
}

Expected<json> facts_of(const std::vector<std::string>& words) {
  auto config = read_config(words.at(0));
  if (!config) return tl::unexpected(config.error().front());
  auto root = unlock(*config, [](const auto&...) { return fail("no-secret", "cannot unlock", "nobody is asked", ""); });
  if (!root) return tl::unexpected(root.error());
  auto random = system_random();
  auto opened = open_store(*config, root->key, *random);
  if (!opened) return tl::unexpected(opened.error());
  auto store = opened->store->snapshot();
  if (!store) return tl::unexpected(store.error());

  auto verified = (*store)->verify();
  if (!verified) return tl::unexpected(verified.error());
  json out{{"problems", verified->problems}, {"size", verified->entries}, {"differing", json::array()}};
  MemoryKv scratch;
  auto rebuilt = Rebuild(*opened->store, scratch).run();
  if (!rebuilt) return tl::unexpected(rebuilt.error());
  for (const auto& index : rebuilt->indexes)
    if (index.differing != 0) out["differing"].push_back(index.index);
  auto entries = entries_of(**store);
  if (!entries) return entries;
  out["entries"] = std::move(*entries);
  if (words.size() > 2) {
    SourceFiles files{{words.begin() + 2, words.end()}, words[1], config->member, london_date(system_clock()->now())};
    auto rows = rows_of(**store, *config, files);
    if (!rows) return rows;
    out["rows"] = std::move(*rows);
  }
  return out;
}

}  // namespace
}  // namespace ginnel

int main(int argc, char** argv) {
  auto facts = ginnel::facts_of({argv + 1, argv + argc});
  if (!facts) {
    std::cerr << facts.error().text() << "\n";
    return 1;
  }
  std::cout << *facts << "\n";
  return 0;
}
