// SPDX-License-Identifier: Apache-2.0
#include "node/gate/bundle_seal.h"

#include <fstream>

#include "federation/wire/bundle_codec.h"
#include "federation/wire/limits.h"
#include "federation/wire/signed.h"
#include "node/gate/adopted_bundle.h"
#include "node/gate/policy_cases.h"
#include "node/store/codec.h"
#include "node/store/row_text.h"

namespace ginnel {
namespace {

constexpr std::string_view signed_row = "signed-bundle";
constexpr std::uint8_t signed_layout = 1;
constexpr const char* cannot_sign = "cannot sign the policy bundle";

Expected<std::optional<SignedBundle>> load_signed_bundle(const StoreReader& reader) {
  auto row = reader.side(SideTable::settings, view_of(signed_row));
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<SignedBundle>();
  SignedBundle out;
  RowReader from(**row, signed_layout);
  out.version = from.number();
  const Bytes digest = from.bytes();
  // SECURITY: who cannot tell what was signed before signs nothing.
  if (!from.at_end() || digest.size() != out.digest.size())
    return fail("bad-row", cannot_sign, "the row of what was signed before has another layout",
                "sign with the identity key's file");
  std::copy(digest.begin(), digest.end(), out.digest.begin());
  return std::optional(out);
}

}  // namespace

Expected<SealedBundle> read_sealed_bundle(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in)
    return fail("unreadable", "cannot read " + file.string(), "it is not there, or not for you", "check the path");
  Bytes bytes(limits::sealed_bundle_bytes_max + 1);
  in.read(reinterpret_cast<char*>(bytes.data()), std::streamsize(bytes.size()));
  bytes.resize(std::size_t(in.gcount()));
  if (bytes.size() > limits::sealed_bundle_bytes_max)
    return fail("too-long", "cannot read " + file.string(), "it is longer than a sealed bundle may be (4 MiB)",
                "check the path");
  return decode_sealed_bundle(bytes);
}

std::string sealed_name(std::string_view name_in_manifest) {
  return (std::filesystem::path("bundle") / name_in_manifest).lexically_normal().generic_string();
}

Expected<SealedBundle> seal_of(const Bundle& bundle) {
  if (bundle.agreement)
    return fail("own-policies", "cannot seal the policy bundle",
                "an agency's own policies are not for trustees to sign", "seal the agreement that they lie over");
  BundleDocument document{bundle.name, bundle.version, {}};
  for (const BundleFile& file : bundle.files) {
    document.files.push_back({sealed_name(file.name), file.text});
    if (!is_bundle_file_name(document.files.back().name))
      return fail("outside-bundle", "cannot seal the policy bundle",
                  "`" + file.name + "` stands neither in its folder nor beside it, or has a name with other characters",
                  "name it by letters, digits, `-`, `_` and `.`, in the folder or in the one above");
  }
  auto bytes = encode_bundle_document(document);
  if (!bytes) return tl::unexpected(bytes.error());
  return SealedBundle{std::move(*bytes), {}};
}

Expected<void> check_seal(const Bundle& bundle, const TrustAnchor& anchor, const Directory* held, bool in_force) {
  const auto& seal = bundle.agreed().seal;
  if (!seal)
    return fail("unsigned-bundle", "cannot put the policy bundle in force", "no trustee has signed it: it is a folder",
                "ginnel policy seal FOLDER --out FILE, have trustees sign it (ginnel policy sign FILE), then ginnel "
                "policy adopt NODE-DIR FILE");
  return check_bundle_signatures(*seal, anchor.rule, in_force ? nullptr : held);
}

Expected<void> check_seal(const Bundle& bundle, const TrustAnchor& anchor, const Directory* held,
                          const StoreReader& reader) {
  if (!held) return {};
  auto in_force = adopted_bundle(reader);
  if (!in_force) return tl::unexpected(in_force.error());
  return check_seal(bundle, anchor, held, *in_force && (*in_force)->hash == bundle.agreed().hash);
}

Expected<void> check_bundle_signed_before(const std::optional<SignedBundle>& before, const SignedBundle& next,
                                          std::uint64_t version_in_force) {
  const std::string version = "version " + std::to_string(next.version);
  if (before && before->version == next.version && before->digest != next.digest)
    return fail("version-signed", cannot_sign, "you signed another content of " + version,
                "give the change a higher version in bundle.toml, so that everybody can tell the two apart");
  const std::uint64_t highest = std::max(version_in_force, before ? before->version : 0);
  if (next.version < highest)
    return fail("older-bundle", cannot_sign,
                "it is " + version + ", and version " + std::to_string(highest) + " was signed or is in force",
                "take a newer bundle");
  return {};
}

Expected<std::shared_ptr<const Bundle>> read_to_sign(const SealedBundle& sealed) {
  auto bundle = read_bundle(sealed);
  if (!bundle) return bundle;
  if (auto checked = check_cases(*bundle); !checked) return tl::unexpected(checked.error());
  return bundle;
}

Expected<SealedBundle> sign_bundle_in(Turn& turn, const SealedBundle& sealed, const MemberId& me,
                                      const SigningKey& identity_key, const TrustAnchor& anchor) {
  auto bundle = read_to_sign(sealed);
  if (!bundle) return tl::unexpected(bundle.error());
  auto before = load_signed_bundle(turn);
  if (!before) return tl::unexpected(before.error());
  auto in_force = adopted_bundle(turn);
  if (!in_force) return tl::unexpected(in_force.error());
  const SignedBundle next{(*bundle)->version, signed_digest(sealed.bytes)};
  if (auto good = check_bundle_signed_before(*before, next, *in_force ? (*in_force)->version : 0); !good)
    return tl::unexpected(good.error());
  auto made = sign_bundle(sealed, me, identity_key, anchor);
  if (!made) return made;
  const Bytes row = RowWriter(signed_layout).number(next.version).bytes(next.digest).take();
  if (auto put = turn.put_side(SideTable::settings, view_of(signed_row), row); !put) return tl::unexpected(put.error());
  auto written =
      turn.append(EntryKind::operator_act, {}, turn.node_key(),
                  encode(OperatorAct{"bundle-signed", "operator", UserId(), "policy bundle " + (*bundle)->ref_text()}));
  if (!written) return tl::unexpected(written.error());
  return made;
}

}  // namespace ginnel
