// SPDX-License-Identifier: Apache-2.0
// What one node is told before it starts: DIR/node.toml and the trust anchor beside it (docs/operator-guide.md).
//
// Paths in the files are relative to the node's directory; here they are absolute. A NodeConfig that exists is valid:
// every file it needs was there when it was read, every number is in range. Words (basis, purposes) are checked where
// the reader is given the vocabulary of the bundle, else only for their form.
//
// Thread: any; a value. Failure: read_config gives every mistake at once, each with its line and what to do
// (`bad-config`); a file that is no TOML gives its first mistake only, because the reader stops there.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/crypto/secret.h"
#include "federation/base/error.h"
#include "federation/base/id.h"
#include "federation/directory/directory.h"
#include "federation/directory/rotation.h"
#include "federation/wire/contact.h"
#include "node/process/process_rules.h"
#include "node/store/limits.h"
#include "node/view/kept_view_rules.h"

namespace ginnel {

class Vocabulary;
struct Bundle;
struct LinkRules;
class RetentionSchedule;
namespace statutory {
struct Format;
}

namespace limits {
inline constexpr std::size_t config_file_bytes_max = std::size_t{1} << 20;
inline constexpr int port_max = 65535;
}  // namespace limits

// Where the root key comes from (DESIGN 13).
enum class RootKeyMethod : std::uint8_t {
  demo_file,           // a plain file: for demonstrations on synthetic data only
  passphrase,          // typed or piped in at every start
  key_shares,          // from two of three people, at every start
  systemd_credential,  // decrypted by systemd for this service alone
};
std::string_view name_of(RootKeyMethod method);  // "demo-file"
inline constexpr std::array root_key_methods = {RootKeyMethod::demo_file, RootKeyMethod::passphrase,
                                                RootKeyMethod::key_shares, RootKeyMethod::systemd_credential};

struct HttpsConfig {
  std::string address;  // "127.0.0.1"
  std::uint16_t port = 0;
  std::filesystem::path certificate, key;  // PEM
};

// How old a source's data may be before an answer from it says so (`out-of-date`, DESIGN 14).
struct CurrencyConfig {
  std::int64_t limit_ms = 48 * hour_ms;
  std::map<std::string, std::int64_t> limit_by_system_ms;  // by the mapping's system name
  std::int64_t of(const std::string& system) const {
    auto found = limit_by_system_ms.find(system);
    return found == limit_by_system_ms.end() ? limit_ms : found->second;
  }
};

struct NodeConfig {
  std::filesystem::path dir;  // absolute
  MemberId member;
  Contact duty;                   // whom other agencies ring
  std::string own_basis;          // this agency's own lawful basis for answering: a word of the vocabulary
  bool in_shadow = false;         // decides and records what others ask, and tells them nothing yet
  bool test_head_issuer = false;  // signs process heads when told to over the admin socket: demonstrations only

  std::filesystem::path clock_file;  // empty: the system's clock; else of node/setup/node_clock.h: demonstrations only

  std::filesystem::path ledger_dir, keys_dir;
  std::size_t map_bytes = limits::kv_map_bytes;  // of each environment
  std::string listen;                            // "tcp://127.0.0.1:7441"
  HttpsConfig https;
  std::filesystem::path policies;      // the sealed bundle, or a folder that nobody signed
  std::filesystem::path own_policies;  // the folder of the agency's own, over them; empty: it has none
  TrustAnchor trust;
  RootKeyMethod root_key = RootKeyMethod::passphrase;
  std::filesystem::path root_key_file;  // of node/store/root_key.h; not with a credential
  std::string root_key_credential;      // the name under $CREDENTIALS_DIRECTORY; only with one
  CurrencyConfig currency;
  KeptViewRules kept_views;  // what peers answered
  DirectoryRules directory_rules;
  std::filesystem::path link_rules_file;               // empty: those that the program carries
  std::shared_ptr<const LinkRules> link_rules;         // read from there; null: those
  std::filesystem::path retention_file;                // the agency's retention schedule; empty: it has none
  std::shared_ptr<const RetentionSchedule> retention;  // read from there; null: none
  RotationRules rotation;                              // of this node's own keys
  ProcessesConfig processes;                           // which it runs; no definitions: none
  std::shared_ptr<const ProcessRules> process_rules;   // read from there; null: none

  std::filesystem::path admin_socket() const { return dir / "admin.sock"; }
};

// Where the sealed bundle is written that takes the place of a folder: "policies/west-yorkshire.bundle".
inline std::filesystem::path sealed_beside(const std::filesystem::path& folder) { return folder.string() + ".bundle"; }

// Gives the vocabulary of a bundle; null: it has none that can be read.
using VocabularyOf = std::function<const Vocabulary*(const std::filesystem::path& bundle)>;

tl::expected<NodeConfig, std::vector<Error>> read_config(const std::filesystem::path& dir,
                                                         const VocabularyOf& vocabulary_of = {});

// The same from a text; the files that it names are looked for under `dir`.
tl::expected<NodeConfig, std::vector<Error>> parse_config(std::string_view text, const std::filesystem::path& dir,
                                                          const VocabularyOf& vocabulary_of = {});

tl::expected<TrustAnchor, std::vector<Error>> parse_trust(std::string_view text, const std::filesystem::path& file);

// What node.toml and trust.toml say of such a configuration, with a comment on each setting. What is written is read
// back as the same configuration.
std::string write_config(const NodeConfig& config);
std::string write_trust(const TrustAnchor& anchor);

// What one start of a node is given beside its configuration. run_node (node/app.h) takes both.
struct RunOptions {
  std::shared_ptr<const Bundle> bundle;
  SecretKey root_key;                                   // opened by the command: app code never asks a person anything
  std::stop_token stop;                                 // SIGTERM or SIGINT came: finish the turn, then return
  std::shared_ptr<const statutory::Format> cin_format;  // null: no census return is made here
  bool in_shadow = false;                               // as the configuration's, for this start alone
  std::filesystem::path trace;                          // empty: none. Writes opened frames there (loopback demo only)
};

}  // namespace ginnel
