// SPDX-License-Identifier: Apache-2.0
// ginnel policy seal, sign and adopt: from a folder that somebody writes to the agreement that nodes go by.
#include <filesystem>
#include <fstream>

#include "federation/wire/bundle_codec.h"
#include "federation/wire/signed.h"
#include "node/admin/admin_client.h"
#include "node/cli/commands.h"
#include "node/cli/federation_view.h"
#include "node/cli/output.h"
#include "node/cli/passphrase.h"
#include "node/cli/signer.h"
#include "node/cli/terminal_text.h"
#include "node/gate/bundle_seal.h"
#include "node/gate/policy_cases.h"
#include "node/setup/private_file.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

void print_bundle(std::ostream& out, const Bundle& bundle) {
  out << harmless(bundle.name) << ", version " << bundle.version << ", " << bundle.ref_text() << "\n";
  for (const BundleFile& file : bundle.files)
    out << "  " << harmless(sealed_name(file.name)) << "  " << with_commas(file.text.size()) << " bytes\n";
}

Expected<void> write_sealed(const SealedBundle& sealed, const fs::path& to) {
  auto bytes = encode_sealed_bundle(sealed);
  if (!bytes) return tl::unexpected(bytes.error());
  return write_file(to, text_of(*bytes));
}

ExitCode policy_seal(Invocation& call) {
  auto bundle = read_bundle(call.arguments[0]);
  if (!bundle) return failed_with(call.streams, bundle.error());
  if ((*bundle)->seal)
    return told_usage(call, "cannot seal " + call.arguments[0], "it is sealed already", "ginnel policy sign FILE");
  for (const auto& warning : (*bundle)->warnings) call.streams.err << "warning: " << warning.text() << "\n";
  if (auto checked = check_cases(*bundle); !checked) return failed_with(call.streams, checked.error());
  auto sealed = seal_of(**bundle);
  if (!sealed) return failed_with(call.streams, sealed.error());
  if (auto written = write_sealed(*sealed, call.text("out")); !written)
    return failed_with(call.streams, written.error());
  print_bundle(call.streams.out, **bundle);
  call.streams.out << "sealed  " << call.text("out") << "\n";
  call.streams.err << "Nobody has signed it yet. Each trustee: ginnel policy sign " << call.text("out") << "\n";
  return ExitCode::done;
}

// Who signs, and how.
struct BundleSigner {
  MemberId me;
  TrustAnchor trust;
  std::function<Expected<SealedBundle>(const SealedBundle&, const Bundle&)> sign;
};

Expected<SealedBundle> sign_at_node(const fs::path& socket, const SealedBundle& sealed) {
  auto bytes = encode_sealed_bundle(sealed);
  if (!bytes) return tl::unexpected(bytes.error());
  auto reply = ask_node(socket, admin::SignBundleRequest{std::move(*bytes)}, {}, reply_ms_max);
  if (!reply) return tl::unexpected(reply.error());
  const auto* made = std::get_if<admin::SignedPapers>(&reply->body);
  if (!made)
    return fail("bad-reply", "cannot read the signed bundle", "the node sent something else",
                "use the same version of both");
  return decode_sealed_bundle(made->papers);
}

// What such a body signed last stands beside its key: "VERSION DIGEST".
Expected<std::optional<SignedBundle>> read_memory(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::optional<SignedBundle>();
  std::ifstream in(file);
  SignedBundle out;
  std::string hex;
  auto bytes = in >> out.version >> hex ? from_hex(hex) : std::nullopt;
  // SECURITY: who cannot tell what was signed before signs nothing.
  if (!bytes || bytes->size() != out.digest.size())
    return fail("unreadable", "cannot sign the policy bundle", file.string() + " does not say what was signed last",
                "put it back as it was; it stands beside the key");
  std::copy(bytes->begin(), bytes->end(), out.digest.begin());
  return std::optional(out);
}

Expected<SealedBundle> sign_with_key(const BundleSigner& signer, const SigningKey& key, const fs::path& memory,
                                     const SealedBundle& sealed, const Bundle& bundle) {
  auto before = read_memory(memory);
  if (!before) return tl::unexpected(before.error());
  const SignedBundle next{bundle.version, signed_digest(sealed.bytes)};
  if (auto good = check_bundle_signed_before(*before, next, 0); !good) return tl::unexpected(good.error());
  auto made = sign_bundle(sealed, signer.me, key, signer.trust);
  if (!made) return made;
  // The memory first: a signature that nobody remembers is the worse half.
  if (auto written = write_private_file(memory, std::to_string(next.version) + " " + to_hex(next.digest) + "\n");
      !written)
    return tl::unexpected(written.error());
  return made;
}

tl::expected<BundleSigner, ExitCode> bundle_signer_of(Invocation& call) {
  if (call.has("identity-key") == call.has("dir"))
    return tl::unexpected(told_usage(call, "cannot tell who signs",
                                     "--dir names a trustee's node, --identity-key a key file", "give one of them"));
  BundleSigner signer;
  if (call.has("dir")) {
    auto config = read_config(call.text("dir"));
    if (!config) return tl::unexpected(failed_with(call.streams, config.error()));
    signer.me = config->member;
    signer.trust = config->trust;
    signer.sign = [socket = config->admin_socket()](const SealedBundle& sealed, const Bundle&) {
      return sign_at_node(socket, sealed);
    };
    return signer;
  }
  auto named = named_signer_of(call);
  if (!named) return tl::unexpected(named.error());
  signer.me = named->me;
  signer.trust = named->trust;
  const fs::path memory = call.text("identity-key") + ".signed-bundle";
  signer.sign = [signer, key = named->key, memory](const SealedBundle& sealed, const Bundle& bundle) {
    return sign_with_key(signer, key, memory, sealed, bundle);
  };
  return signer;
}

ExitCode policy_sign(Invocation& call) {
  const std::string& file = call.arguments[0];
  auto signer = bundle_signer_of(call);
  if (!signer) return signer.error();
  auto sealed = read_sealed_bundle(file);
  if (!sealed) return failed_with(call.streams, sealed.error());
  auto bundle = read_to_sign(*sealed);
  if (!bundle) return failed_with(call.streams, bundle.error());
  print_bundle(call.streams.out, **bundle);
  if (call.has("dry-run")) {
    print_signatures(call.streams.out, bundle_signatures(*sealed, signer->trust.rule, nullptr));
    return ExitCode::done;
  }
  auto made = signer->sign(*sealed, **bundle);
  if (!made) return failed_with(call.streams, made.error());
  const std::string to = call.has("out") ? call.text("out") : file;
  if (auto written = write_sealed(*made, to); !written) return failed_with(call.streams, written.error());
  const auto groups = bundle_signatures(*made, signer->trust.rule, nullptr);
  call.streams.out << "signed as " << signer->me.text() << "\n";
  print_signatures(call.streams.out, groups);
  call.streams.out << "sealed  " << to << "\n";
  call.streams.err << (is_signed_by_enough(groups)
                           ? "Enough have signed. For each node: ginnel policy adopt NODE-DIR " + to + "\n"
                           : "Send the file to a trustee that is missing, who gives the same command with it.\n");
  return ExitCode::done;
}

// Against what the node reads today. The ledger has the last word, at the next start.
Expected<void> check_newer(const Bundle& next, const fs::path& current_path) {
  const auto current = read_bundle(current_path);
  if (!current || (*current)->hash == next.hash) return {};
  const std::string version = std::to_string((*current)->version);
  if (next.version < (*current)->version)
    return fail("older-bundle", "cannot adopt the policy bundle",
                "it is version " + std::to_string(next.version) + ", and this node has version " + version,
                "take a newer bundle");
  if (next.version == (*current)->version)
    return fail("other-bundle", "cannot adopt the policy bundle",
                "this node has version " + version + " with another content",
                "have the change sealed with a higher version, so that everybody can tell the two apart");
  return {};
}

Expected<std::shared_ptr<const Bundle>> bundle_to_adopt(const std::string& file, const FederationView& view) {
  auto sealed = read_sealed_bundle(file);
  if (!sealed) return tl::unexpected(sealed.error());
  // SECURITY: before anything in it is looked at.
  if (auto good = check_bundle_signatures(*sealed, view.config.trust.rule, view.directory ? &*view.directory : nullptr);
      !good)
    return tl::unexpected(good.error());
  auto bundle = read_to_sign(*sealed);
  if (!bundle) return bundle;
  if (auto newer = check_newer(**bundle, view.config.policies); !newer) return tl::unexpected(newer.error());
  return bundle;
}

// The node's own policies must do over the new agreement what their cases say, or its next start would refuse them.
Expected<void> check_own_over(const std::shared_ptr<const Bundle>& agreement, const NodeConfig& config) {
  if (config.own_policies.empty()) return {};
  auto own = read_own_policies(config.own_policies, agreement);
  if (!own) return tl::unexpected(own.error());
  return check_cases(*own);
}

ExitCode policy_adopt(Invocation& call) {
  const std::string &dir = call.arguments[0], &file = call.arguments[1];
  std::map<std::string, std::vector<std::string>, std::less<>> options{{"dir", {dir}}};
  for (const char* name : {"passphrase-file", "share-file"})
    if (call.has(name)) options[name] = call.texts(name);
  Invocation about_node(call.streams, {}, std::move(options));
  auto view = view_federation(about_node);
  if (!view) return view.error();
  auto bundle = bundle_to_adopt(file, *view);
  if (!bundle) return failed_with(call.streams, bundle.error());
  if (auto good = check_own_over(*bundle, view->config); !good) return failed_with(call.streams, good.error());
  std::error_code ignored;
  const fs::path& current = view->config.policies;
  const fs::path to = fs::is_regular_file(current, ignored) ? current : sealed_beside(current);
  if (auto written = write_sealed(*(*bundle)->seal, to); !written) return failed_with(call.streams, written.error());
  call.streams.out << harmless((*bundle)->name) << ", version " << (*bundle)->version << ", " << (*bundle)->ref_text()
                   << "\n";
  print_signatures(call.streams.out, bundle_signatures(*(*bundle)->seal, view->config.trust.rule,
                                                       view->directory ? &*view->directory : nullptr));
  call.streams.out << "written  " << to.string() << "\n";
  call.streams.err << (view->is_running ? "Stop the node and start it again" : "Start the node")
                   << ": that puts the bundle in force and writes it down in the ledger.\n";
  return ExitCode::done;
}

}  // namespace

std::vector<Command> seal_commands() {
  std::vector<Command> commands;
  commands.push_back({.noun = "policy",
                      .verb = "seal",
                      .arguments = "FOLDER",
                      .arguments_min = 1,
                      .arguments_max = 1,
                      .title = "make one document of a policy bundle, for the trustees to sign",
                      .details = "The bundle is read and its cases are tried first.",
                      .options = {{"out", "FILE", "where the sealed bundle goes", true}},
                      .run = policy_seal});
  commands.push_back(
      {.noun = "policy",
       .verb = "sign",
       .arguments = "FILE",
       .arguments_min = 1,
       .arguments_max = 1,
       .title = "as a trustee, sign a sealed policy bundle",
       .details = "Read it first: ginnel policy show FILE, and ginnel policy diff OLD FILE. Of one version, a trustee\n"
                  "signs one content.",
       .options = {{"dir", "DIR", "the folder of a trustee's running node"},
                   {"identity-key", "FILE", "instead: the key file of a trustee without a node (ginnel member key)"},
                   {"as", "MEMBER", "whose key that is"},
                   {"trust", "FILE", "trust.toml, with an identity key"},
                   {"out", "FILE", "where it goes with the signature (the same file again)"},
                   {"dry-run", "", "show what is in it and who has signed, and sign nothing"}},
       .run = policy_sign});
  commands.push_back({.noun = "policy",
                      .verb = "adopt",
                      .arguments = "NODE-DIR FILE",
                      .arguments_min = 2,
                      .arguments_max = 2,
                      .title = "give a node a policy bundle that enough trustees signed; in force from its next start",
                      .details = "Refused: too few signatures by this node's own trustees, an older version, the same\n"
                                 "version with another content, cases that fail. The node may be running.",
                      .options = {passphrase_option(), share_option()},
                      .run = policy_adopt});
  return commands;
}

}  // namespace ginnel
