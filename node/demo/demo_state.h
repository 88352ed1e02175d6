// SPDX-License-Identifier: Apache-2.0
// What a demonstration keeps between its starts (DIR/state.json), and what it tells scripts (DIR/demo.json, DESIGN 14).
//
// Thread: any; values. Both files are 0600: they hold passwords and tokens, of invented people.
// Failure: `bad-demo-state` for a file that is damaged or of another version.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "adapters/synth/synth.h"
#include "federation/base/error.h"

namespace ginnel {

struct DemoNode {
  std::string id, kind, name;
  std::uint16_t https_port = 0, transport_port = 0;

  std::string url() const { return "https://127.0.0.1:" + std::to_string(https_port); }
  std::string endpoint() const { return "tcp://127.0.0.1:" + std::to_string(transport_port); }
};

struct DemoUser {
  std::string node, username, password, role, token;
};

struct DemoSpare {
  std::string id;
  std::string endpoint;  // where its key statement says that it can be reached; nobody listens there
};

struct DemoState {
  std::uint32_t children = 0;
  std::uint64_t seed = 0;
  std::uint64_t directory_version = 1;
  std::string directory_issued_at;  // ISO 8601
  std::vector<DemoNode> nodes;      // in the order in which they are shown
  std::vector<DemoUser> users;      // of each node, the one who may ask first
  std::vector<PlantedChild> stories;
  // Identities that nothing may tell of: demo.json does not, for they are nobody's to be found. The truth file does.
  std::vector<PlantedChild> sealed;
  DemoSpare spare;

  const DemoNode* node(const std::string& id) const;
  const DemoUser* practitioner(const std::string& node_id) const;
};

// Where everything of one demonstration lies.
struct DemoPaths {
  std::filesystem::path dir;  // absolute
  std::filesystem::path nodes() const { return dir / "nodes"; }
  std::filesystem::path node(const std::string& id) const { return nodes() / id; }
  std::filesystem::path ca() const { return dir / "ca.pem"; }
  std::filesystem::path state() const { return dir / "state.json"; }
  std::filesystem::path demo() const { return dir / "demo.json"; }
  std::filesystem::path truth() const { return dir / "truth.json"; }
  std::filesystem::path spare_keys() const { return dir / "spare"; }
  std::filesystem::path member_keys() const { return dir / "members"; }
  std::filesystem::path token(const std::string& node, const std::string& username) const {
    return dir / "tokens" / (node + "." + username);
  }
  std::filesystem::path child(const std::string& story) const { return dir / "children" / (story + ".json"); }
  std::filesystem::path clock() const { return dir / "clock"; }
  std::filesystem::path socket() const { return dir / "demo.sock"; }
};

Expected<void> write_state(const DemoPaths& paths, const DemoState& state);
Expected<DemoState> read_state(const DemoPaths& paths);

// How each node is started, by id.
struct RunningNode {
  pid_t pid = 0;  // 0: it does not run
  std::vector<std::string> argv;
};
// `schema` is the folder of the .capnp files.
Expected<void> write_demo_file(const DemoPaths& paths, const DemoState& state,
                               const std::map<std::string, RunningNode>& running, const std::filesystem::path& schema);

// What `ginnel case view` reads from standard input.
std::string child_json(const PlantedChild& child);

}  // namespace ginnel
