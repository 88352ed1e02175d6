// SPDX-License-Identifier: Apache-2.0
#include "node/gate/adopted_bundle.h"

#include <algorithm>

#include "node/gate/policy_cases.h"
#include "node/store/codec.h"
#include "node/store/row_text.h"

namespace ginnel {
namespace {

constexpr std::string_view agreement_row = "adopted-bundle", own_row = "adopted-own-policies";
constexpr std::uint8_t adopted_layout = 2;
// Which entry of the ledger says so: beside the row of a layer, under its name and this.
constexpr std::string_view entry_suffix = "-entry";
constexpr std::uint8_t entry_layout = 1;

std::string entry_row_of(std::string_view row_name) { return std::string(row_name) + std::string(entry_suffix); }

Expected<std::optional<AdoptedBundle>> adopted_in(std::string_view row_name, const StoreReader& reader) {
  auto row = reader.side(SideTable::settings, view_of(row_name));
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<AdoptedBundle>();
  AdoptedBundle out;
  RowReader from(**row, adopted_layout);
  out.version = from.number();
  const Bytes hash = from.bytes();
  if (!from.at_end() || hash.size() != out.hash.size())
    return fail("bad-row", "cannot tell which policy bundle is in force",
                "the row has another layout: the store is of an earlier version",
                "set the node up anew; for a demonstration, choose another --dir");
  std::copy(hash.begin(), hash.end(), out.hash.begin());
  return std::optional(out);
}

// What stands in the way of putting it in force, where that is a change.
Expected<void> check_forward(const Bundle& bundle, const AdoptedBundle& in_force) {
  const std::string what =
      std::string("cannot put the ") + (bundle.agreement ? "own policies" : "policy bundle") + " in force";
  const std::string which = "version " + std::to_string(in_force.version) + " is in force here";
  if (bundle.version < in_force.version)
    return fail("older-bundle", what, "it is version " + std::to_string(bundle.version) + ", and " + which,
                "take a newer bundle");
  if (bundle.version == in_force.version)
    return fail("other-bundle", what, which + ", with another content",
                "give the change a higher version in bundle.toml, so that everybody can tell the two apart");
  return {};
}

// True: it was not in force before.
Expected<bool> adopt_layer(const Bundle& bundle, std::string_view row_name, Turn& turn) {
  auto in_force = adopted_in(row_name, turn);
  if (!in_force) return tl::unexpected(in_force.error());
  if (*in_force && (*in_force)->hash == bundle.hash) return false;
  if (*in_force)
    if (auto forward = check_forward(bundle, **in_force); !forward) return tl::unexpected(forward.error());
  auto adopted = turn.append(EntryKind::policy_adopted, ActorId(), turn.node_key(),
                             encode(Adopted{bundle.version, bundle.hash, {}}));
  if (!adopted) return tl::unexpected(adopted.error());
  const Bytes row = RowWriter(adopted_layout).number(bundle.version).bytes(bundle.hash).take();
  const Bytes entry = RowWriter(entry_layout).number(bundle.version).number(*adopted).take();
  if (auto put = turn.put_side(SideTable::settings, view_of(row_name), row); !put) return tl::unexpected(put.error());
  if (auto put = turn.put_side(SideTable::settings, view_of(entry_row_of(row_name)), entry); !put)
    return tl::unexpected(put.error());
  return true;
}

}  // namespace

Expected<std::optional<AdoptedBundle>> adopted_bundle(const StoreReader& reader) {
  return adopted_in(agreement_row, reader);
}
Expected<std::optional<AdoptedBundle>> adopted_own_policies(const StoreReader& reader) {
  return adopted_in(own_row, reader);
}

Expected<void> adopt_bundle(const std::shared_ptr<const Bundle>& bundle, Turn& turn) {
  auto own = adopted_own_policies(turn);
  if (!own) return tl::unexpected(own.error());
  if (*own && !bundle->agreement)
    return fail(
        "own-policies-missing", "cannot put the policy bundle in force",
        "own policies, version " + std::to_string((*own)->version) + ", are in force here, and node.toml names none",
        "name their folder there again; to end them, give it a higher version with policies = []");
  const auto agreement = bundle->agreement ? bundle->agreement : bundle;
  auto is_new = adopt_layer(*agreement, agreement_row, turn);
  if (!is_new) return tl::unexpected(is_new.error());
  if (*is_new)
    if (auto checked = check_cases(agreement); !checked) return checked;
  if (!bundle->agreement) return {};
  auto own_is_new = adopt_layer(*bundle, own_row, turn);
  if (!own_is_new) return tl::unexpected(own_is_new.error());
  // What they are to do, they may no longer do over another agreement.
  if (*is_new || *own_is_new) return check_cases(bundle);
  return {};
}

Expected<void> check_follows(const Bundle& agreement, const StoreReader& reader) {
  auto in_force = adopted_bundle(reader);
  if (!in_force) return tl::unexpected(in_force.error());
  if (!*in_force || (*in_force)->hash == agreement.hash) return {};
  return check_forward(agreement, **in_force);
}

Expected<std::optional<Instant>> adopted_since(const Bundle& bundle, const StoreReader& reader) {
  auto row = reader.side(SideTable::settings, view_of(entry_row_of(bundle.agreement ? own_row : agreement_row)));
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<Instant>();
  RowReader from(**row, entry_layout);
  const std::uint64_t version = from.number(), sequence = from.number();
  if (!from.at_end() || version != bundle.version) return std::optional<Instant>();
  auto entry = reader.entry(sequence);
  if (!entry) return tl::unexpected(entry.error());
  return std::optional(entry->header.time);
}

}  // namespace ginnel
