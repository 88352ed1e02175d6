// SPDX-License-Identifier: Apache-2.0
#include "node/gate/adopted_bundle.h"

#include <algorithm>

#include "node/gate/policy_cases.h"
#include "node/store/codec.h"
#include "node/store/row_text.h"

namespace ginnel {
namespace {

constexpr std::string_view adopted_row = "adopted-bundle";
constexpr std::uint8_t layout = 2;
constexpr std::string_view entry_row = "adopted-bundle-entry";  // which entry of the ledger says so
constexpr std::uint8_t entry_layout = 1;

tl::unexpected<Error> refused(const std::string& code, const Bundle& bundle, const AdoptedBundle& in_force) {
  const std::string which = "version " + std::to_string(in_force.version) + " is in force here";
  if (code == "older-bundle")
    return fail(code, "cannot put the policy bundle in force",
                "it is version " + std::to_string(bundle.version) + ", and " + which, "take a newer bundle");
  return fail(code, "cannot put the policy bundle in force", which + ", with another content",
              "give the change a higher version in bundle.toml, so that everybody can tell the two apart");
}

}  // namespace

Expected<std::optional<AdoptedBundle>> adopted_bundle(const StoreReader& reader) {
  auto row = reader.side(SideTable::settings, view_of(adopted_row));
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<AdoptedBundle>();
  AdoptedBundle out;
  RowReader from(**row, layout);
  out.version = from.number();
  const Bytes hash = from.bytes();
  if (!from.at_end() || hash.size() != out.hash.size())
    return fail("bad-row", "cannot tell which policy bundle is in force",
                "the row has another layout: the store is of an earlier version",
                "set the node up anew; for a demonstration, choose another --dir");
  std::copy(hash.begin(), hash.end(), out.hash.begin());
  return std::optional(out);
}

Expected<void> adopt_bundle(const std::shared_ptr<const Bundle>& bundle, Turn& turn) {
  auto in_force = adopted_bundle(turn);
  if (!in_force) return tl::unexpected(in_force.error());
  if (*in_force && (*in_force)->hash == bundle->hash) return {};
  if (*in_force && bundle->version < (*in_force)->version) return refused("older-bundle", *bundle, **in_force);
  if (*in_force && bundle->version == (*in_force)->version) return refused("other-bundle", *bundle, **in_force);
  if (auto checked = check_cases(bundle); !checked) return checked;
  auto adopted = turn.append(EntryKind::policy_adopted, ActorId(), turn.node_key(),
                             encode(Adopted{bundle->version, bundle->hash, {}}));
  if (!adopted) return tl::unexpected(adopted.error());
  const Bytes row = RowWriter(layout).number(bundle->version).bytes(bundle->hash).take();
  if (auto kept = turn.put_side(SideTable::settings, view_of(adopted_row), row); !kept) return kept;
  return turn.put_side(SideTable::settings, view_of(entry_row),
                       RowWriter(entry_layout).number(bundle->version).number(*adopted).take());
}

Expected<std::optional<Instant>> adopted_since(std::uint64_t version, const StoreReader& reader) {
  auto row = reader.side(SideTable::settings, view_of(entry_row));
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<Instant>();
  RowReader from(**row, entry_layout);
  const std::uint64_t kept_version = from.number(), sequence = from.number();
  if (!from.at_end() || kept_version != version) return std::optional<Instant>();
  auto entry = reader.entry(sequence);
  if (!entry) return tl::unexpected(entry.error());
  return std::optional(entry->header.time);
}

}  // namespace ginnel
