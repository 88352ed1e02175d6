// SPDX-License-Identifier: Apache-2.0
#include "adapters/source_identity.h"

#include <fstream>
#include <sstream>

#include "adapters/limits.h"
#include "adapters/toml.h"
#include "adapters/toml_text.h"

namespace ginnel {

Expected<SourceIdentity> read_source_identity(const std::filesystem::path& file) {
  const std::string what = "cannot read " + file.string();
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || !text) return fail("unreadable", what, "it does not exist or may not be read", "check the path");
  const std::string toml = text.str();
  if (toml.size() > limits::mapping_file_bytes_max || line_outside_ascii(toml))
    return fail("bad-mapping", what, "it is no TOML that is read here", "check that it is the right file");
  toml::parse_result parsed = toml::parse(toml);
  if (!parsed) return fail("bad-mapping", what, std::string(parsed.error().description()), "correct the TOML");
  const toml::table& root = parsed.table();
  SourceIdentity out;
  out.system = root["system"].value_or(std::string());
  out.adapter = root["adapter"].value_or(std::string());
  out.is_supplement = root["supplement"].value_or(false);
  out.owner = {root["data_owner"]["name"].value_or(std::string()), root["data_owner"]["role"].value_or(std::string()),
               root["data_owner"]["contact"].value_or(std::string())};
  if (out.system.empty()) return fail("bad-mapping", what, "it has no `system`", "name the source system");
  return out;
}

}  // namespace ginnel
