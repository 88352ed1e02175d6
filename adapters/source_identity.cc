// SPDX-License-Identifier: Apache-2.0
#include "adapters/source_identity.h"

#include "adapters/limits.h"
#include "adapters/toml_section.h"

namespace ginnel {

Expected<SourceIdentity> read_source_identity(const std::filesystem::path& file) {
  TomlMistakes mistakes("bad-mapping", file.filename().string());
  auto text = read_text_file(file, limits::mapping_file_bytes_max, mistakes);
  const auto root = text ? parse_toml(*text, mistakes) : std::nullopt;
  if (!root) return tl::unexpected(mistakes.in_order().front());
  SourceIdentity out;
  // A key of another type is as if it were not there: the reader of the whole file tells of it.
  const auto text_of = [](const toml::node_view<const toml::node>& node) { return node.value_or(std::string()); };
  out.system = text_of((*root)["system"]);
  out.adapter = text_of((*root)["adapter"]);
  out.is_supplement = (*root)["supplement"].value_or(false);
  const auto owner = (*root)["data_owner"];
  out.owner = {text_of(owner["name"]), text_of(owner["role"]), text_of(owner["contact"])};
  if (out.system.empty())
    return fail("bad-mapping", "cannot read " + file.filename().string(), "it has no `system`",
                "name the source system");
  return out;
}

}  // namespace ginnel
