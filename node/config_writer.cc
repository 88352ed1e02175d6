// SPDX-License-Identifier: Apache-2.0
// write_config and write_trust of config.h.
#include "node/config.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

// A TOML basic string.
std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
  }
  return out + "\"";
}

std::string list_of(const std::set<std::string>& words) {
  std::string out = "[";
  for (const std::string& word : words) out += (out.size() > 1 ? ", " : "") + toml_text(word);
  return out + "]";
}

// As it stands in the file: relative where it lies within the node's directory.
std::string path_text(const fs::path& path, const fs::path& dir) {
  fs::path relative = path.lexically_relative(dir);
  bool inside = !relative.empty() && *relative.begin() != "..";
  return toml_text((inside ? relative : path).string());
}

std::string line(std::string_view key, std::string value) { return std::string(key) + " = " + value + "\n"; }

}  // namespace

std::string write_config(const NodeConfig& config) {
  auto path = [&](const fs::path& p) { return path_text(p, config.dir); };
  auto days = [](std::int64_t ms) { return std::to_string(ms / day_ms); };
  std::string out = "# SPDX-License-Identifier: Apache-2.0\n";
  out += "# A Ginnel node. Paths are relative to this folder. `ginnel node run` says every mistake at once.\n";
  out += line("member", toml_text(config.member.text()));
  out += "# This agency's own lawful basis for answering.\n" + line("own_basis", toml_text(config.own_basis));
  if (config.in_shadow)
    out += "# Decides and records what others ask, and tells them nothing yet.\n" + line("shadow", "true");
  if (config.test_head_issuer)
    out += "# Demonstrations only: signs process heads when the operator says so.\n" + line("test_head_issuer", "true");
  if (!config.clock_file.empty())
    out += "# Demonstrations only: by how many milliseconds this node's clock is ahead.\n" +
           line("clock_file", path(config.clock_file));

  out += "\n# Whom other agencies ring.\n[duty]\n" + line("name", toml_text(config.duty.name));
  if (!config.duty.role.empty()) out += line("role", toml_text(config.duty.role));
  if (!config.duty.team.empty()) out += line("team", toml_text(config.duty.team));
  out += line("phone", toml_text(config.duty.phone));
  if (!config.duty.hours.empty()) out += line("hours", toml_text(config.duty.hours));

  out += "\n# The ledger, and the keys that open it. Two folders: erasing somebody rewrites the second.\n[store]\n";
  out += line("ledger", path(config.ledger_dir)) + line("keys", path(config.keys_dir));
  out += "# Address space of each, not disk.\n" + line("map_gib", std::to_string(config.map_bytes >> 30));

  out += "\n# Other nodes connect here; the key statement tells them where.\n[transport]\n";
  out += line("listen", toml_text(config.listen));

  out += "\n# People and programs of this agency connect here.\n[https]\n" +
         line("address", toml_text(config.https.address));
  out += line("port", std::to_string(config.https.port)) + line("certificate", path(config.https.certificate));
  out += line("key", path(config.https.key));

  out += "\n[policy]\n" + line("bundle", path(config.policies));
  if (!config.own_policies.empty())
    out += "# What this agency alone keeps back, over the agreement.\n" + line("own", path(config.own_policies));

  out += "\n[root_key]\n";
  if (config.root_key == RootKeyMethod::demo_file)
    out += "# WARNING: whoever can read this file can read everything here. Synthetic data only.\n";
  out += line("method", toml_text(name_of(config.root_key)));
  if (config.root_key == RootKeyMethod::systemd_credential)
    out += line("credential", toml_text(config.root_key_credential));
  else
    out += line("file", path(config.root_key_file));

  out += "\n# How old a source's data may be before an answer from it says that it is out of date.\n[currency]\n";
  out += line("limit_hours", std::to_string(config.currency.limit_ms / hour_ms));
  if (!config.currency.limit_by_system_ms.empty()) out += "[currency.systems]\n";
  for (const auto& [system, limit_ms] : config.currency.limit_by_system_ms)
    out += line(toml_text(system), std::to_string(limit_ms / hour_ms));

  out +=
      "\n# When the copies of what other agencies answered are destroyed: so long after a case view was last looked "
      "at,\n"
      "# and so long after it was asked at most.\n[received_copies]\n";
  out += line("hours_after_use", std::to_string(config.kept_views.after_use_ms / hour_ms));
  out += line("days_at_most", days(config.kept_views.at_most_ms));

  out += "\n# Rules by which an import links people, other than those that the program carries (docs/linking.md).\n";
  out += config.link_rules_file.empty() ? "# [linking]\n# rules = \"linking.toml\"\n"
                                        : "[linking]\n" + line("rules", path(config.link_rules_file));

  out +=
      "\n# How long this agency keeps what it holds: its own schedule (docs/formats/retention.md). Without one only "
      "the\n"
      "# review dates that records brought with them count. Nothing is ever erased by itself.\n";
  out += config.retention_file.empty() ? "# [retention]\n# schedule = \"retention.toml\"\n"
                                       : "[retention]\n" + line("schedule", path(config.retention_file));

  const DirectoryRules& rules = config.directory_rules;
  out +=
      "\n# The age of the signed list of members: warn, then serve only these purposes, then nothing.\n[directory]\n";
  out += line("warn_days", days(rules.warn_age_ms)) + line("closed_days", days(rules.closed_age_ms));
  out += line("last_days", days(rules.last_age_ms));
  out += line("purposes_past_closed", list_of(rules.purposes_past_closed));

  out +=
      "\n# This node's own keys change by themselves. The next are announced when so much of the life of the present\n"
      "# ones is used, begin so many days later, and the old ones are accepted for so many days more.\n"
      "# These numbers are Ginnel's own of November 2026: no law or standard gives them.\n[keys]\n";
  out += line("life_days", days(config.rotation.life_ms));
  out += line("announce_percent", std::to_string(config.rotation.announce_percent));
  out += line("announced_days", days(config.rotation.announced_ms));
  out += line("overlap_days", days(config.rotation.overlap_ms));

  out +=
      "\n# The statutory processes that this node runs as their lead (docs/formats/process.md), by which calendar, "
      "and\n"
      "# which of its users stand for the roles of the definitions.\n";
  const ProcessesConfig& processes = config.processes;
  if (processes.definitions.empty()) {
    out += "# [processes]\n# definitions = [\"processes/child-protection.toml\"]\n";
    return out;
  }
  std::string definitions;
  for (const fs::path& file : processes.definitions) definitions += (definitions.empty() ? "" : ", ") + path(file);
  out += "[processes]\n" + line("definitions", "[" + definitions + "]") + line("holidays", path(processes.holidays));
  if (!processes.terms.empty()) out += line("terms", path(processes.terms));
  out += line("authority", toml_text(processes.authority)) + line("agency", toml_text(processes.agency));
  out += "[processes.roles]\n";
  for (const auto& [role, user] : processes.roles) out += line(role, toml_text(user));
  return out;
}

std::string write_trust(const TrustAnchor& anchor) {
  std::string out = "# SPDX-License-Identifier: Apache-2.0\n";
  out += "# Whose signatures make the directory of members valid: from every group as many as it needs.\n";
  out += "# Compare these keys with the trustees' own, by telephone, before you trust them.\n";
  for (const TrusteeGroup& group : anchor.rule) {
    out += "\n[[group]]\n" + line("name", toml_text(group.name)) + line("needed", std::to_string(group.needed));
    out += "[group.trustees]\n";
    for (const auto& [member, key] : group.trustees) out += line(member.text(), toml_text(to_hex(key)));
  }
  return out;
}

}  // namespace ginnel
