// SPDX-License-Identifier: Apache-2.0
#include "node/cli/signer.h"

#include <filesystem>
#include <fstream>

#include "federation/wire/papers_codec.h"
#include "node/admin/admin_client.h"
#include "node/cli/federation_view.h"
#include "node/cli/output.h"
#include "node/cli/passphrase.h"
#include "node/membership/trustee.h"
#include "node/setup/private_file.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

Expected<Papers> sign_at_node(const fs::path& socket, const Papers& papers, const std::vector<std::string>& approved,
                              bool instead) {
  auto bytes = encode_papers(papers);
  if (!bytes) return tl::unexpected(bytes.error());
  auto reply = ask_node(socket, admin::SignPapersRequest{std::move(*bytes), approved, instead}, {}, reply_ms_max);
  if (!reply) return tl::unexpected(reply.error());
  const auto* made = std::get_if<admin::SignedPapers>(&reply->body);
  if (!made) return fail("bad-reply", "cannot read the signed papers", "the node sent something else", "");
  return decode_papers(made->papers);
}

Expected<SigningKey> read_identity_key(const std::string& file) {
  auto line = read_secret_file(file, "the identity key");
  if (!line) return tl::unexpected(line.error());
  auto bytes = from_hex(*line);
  auto seed = bytes ? SecretKey::from(*bytes) : std::nullopt;
  if (!seed)
    return fail("bad-identity-key", "cannot read the identity key", file + " holds none",
                "its first line is 64 hexadecimal digits: ginnel member key makes one");
  return SigningKey::from_seed(*seed);
}

// What such a body signed last stands beside its key: "VERSION HASH".
std::optional<SignedList> read_signed_list(const fs::path& file) {
  std::ifstream in(file);
  SignedList list;
  std::string hex;
  if (!(in >> list.version >> hex)) return std::nullopt;
  auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != list.proposal.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), list.proposal.begin());
  return list;
}

Expected<Papers> sign_with_key(const Signer& signer, const SigningKey& key, const fs::path& memory,
                               const Papers& papers, const std::vector<std::string>& approved, bool instead) {
  auto reviewed = review(papers, nullptr, signer.trust, system_clock()->now());
  if (!reviewed) return tl::unexpected(reviewed.error());
  if (auto good = check_approved(*reviewed, approved); !good) return tl::unexpected(good.error());
  auto hash = proposal_hash(papers);
  if (!hash) return tl::unexpected(hash.error());
  const SignedList next{reviewed->proposed.version, *hash};
  if (auto free = check_signed_before(read_signed_list(memory), next, reviewed->base_version, instead); !free)
    return tl::unexpected(free.error());
  auto made = add_signature(papers, signer.me, key, signer.trust);
  if (!made) return made;
  // The memory first: a signature that nobody remembers is the worse half.
  if (auto written = write_private_file(memory, std::to_string(next.version) + " " + to_hex(next.proposal) + "\n");
      !written)
    return tl::unexpected(written.error());
  return made;
}

tl::expected<Signer, ExitCode> signer_with_key(Invocation& call) {
  auto named = named_signer_of(call);
  if (!named) return tl::unexpected(named.error());
  Signer signer;
  signer.me = named->me;
  signer.trust = std::move(named->trust);
  const fs::path memory = call.text("identity-key") + ".signed";
  signer.sign = [signer, key = named->key, memory](const Papers& papers, const std::vector<std::string>& approved,
                                                   bool instead) {
    return sign_with_key(signer, key, memory, papers, approved, instead);
  };
  return signer;
}

}  // namespace

ExitCode told_usage(Invocation& call, std::string what, std::string why, std::string remedy) {
  return failed_with(call.streams, Error{"usage", std::move(what), std::move(why), std::move(remedy)});
}

tl::expected<NamedSigner, ExitCode> named_signer_of(Invocation& call) {
  auto me = MemberId::parse(call.text("as"));
  if (!me || !call.has("trust"))
    return tl::unexpected(
        told_usage(call, "cannot sign with an identity key", "--as MEMBER and --trust FILE belong to it", "give both"));
  auto text = read_bytes(call.text("trust"), limits::config_file_bytes_max);
  if (!text) return tl::unexpected(failed_with(call.streams, text.error()));
  auto trust = parse_trust(text_of(*text), call.text("trust"));
  if (!trust) return tl::unexpected(failed_with(call.streams, trust.error()));
  auto key = read_identity_key(call.text("identity-key"));
  if (!key) return tl::unexpected(failed_with(call.streams, key.error()));
  return NamedSigner{*me, std::move(*trust), *key};
}

tl::expected<Signer, ExitCode> signer_of(Invocation& call) {
  if (call.has("identity-key") == call.has("dir"))
    return tl::unexpected(told_usage(call, "cannot tell who signs",
                                     "--dir names a trustee's node, --identity-key a key file", "give one of them"));
  if (call.has("identity-key")) return signer_with_key(call);
  auto view = view_federation(call);
  if (!view) return tl::unexpected(view.error());
  const fs::path socket = view->config.admin_socket();
  if (!view->is_running)
    return tl::unexpected(
        failed_with(call.streams, Error{"node-not-running", "cannot sign", "the trustee's node does not run",
                                        "start it: ginnel node run --dir " + call.text("dir")}));
  Signer signer;
  signer.me = view->config.member;
  signer.trust = view->config.trust;
  signer.directory = view->directory;
  signer.held = view->held();
  signer.sign = [socket](const Papers& papers, const std::vector<std::string>& approved, bool instead) {
    return sign_at_node(socket, papers, approved, instead);
  };
  return signer;
}

}  // namespace ginnel
