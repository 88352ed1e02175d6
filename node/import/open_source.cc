// SPDX-License-Identifier: Apache-2.0
#include "node/import/open_source.h"

#include <algorithm>
#include <array>

#include "adapters/cin/cin_reader.h"
#include "adapters/mapped_reader.h"
#include "adapters/source_identity.h"
#include "adapters/statutory/list_reader.h"

namespace ginnel {
namespace {

using Opened = tl::expected<std::unique_ptr<Adapter>, std::vector<Error>>;

// A format of its own, as the adapter's file describes it.
Opened open_statutory(const SourceFiles& source, const std::string& adapter, const MappingWords& words) {
  auto format = statutory::load_format(source.mapping, words);
  if (!format) return tl::unexpected(format.error());
  auto opened = adapter == "cin" ? open_cin(std::move(*format), source.files, source.importing)
                                 : open_lists(std::move(*format), source.files, source.importing);
  if (!opened) return tl::unexpected(std::vector<Error>{opened.error()});
  return std::move(*opened);
}

}  // namespace

MappingWords words_of(const Vocabulary& vocabulary) {
  return {vocabulary.ids("record_kind"), vocabulary.ids("category"), vocabulary.ids("marking"),
          vocabulary.ids("handling")};
}

bool is_of_the_source(const Error& error) {
  constexpr std::array codes = {"missing-column", "double-column", "empty-file", "unreadable",
                                "wrong-encoding", "not-xml",       "cut-file",   "too-much"};
  return std::find(codes.begin(), codes.end(), error.code) != codes.end() &&
         !error.what.starts_with("cannot read the mapping");
}

tl::expected<std::unique_ptr<Adapter>, std::vector<Error>> open_source(const SourceFiles& source,
                                                                       const Vocabulary& vocabulary) {
  // A file is read twice: its first lines, to know what it is, then all of it. A pipe gives its bytes once.
  for (const auto& file : source.files) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored) && !std::filesystem::is_regular_file(file, ignored))
      return tl::unexpected(std::vector<Error>{{"not-a-file", "cannot import " + file.filename().string(),
                                                "it is a folder or a pipe", "write it to a file first"}});
  }
  const MappingWords words = words_of(vocabulary);
  // What cannot be read as TOML is told, with its line, by the mapping's own reader.
  if (auto identity = read_source_identity(source.mapping); identity && !identity->adapter.empty())
    return open_statutory(source, identity->adapter, words);
  auto mapping = load_mapping(source.mapping, words);
  if (!mapping) return tl::unexpected(mapping.error());
  auto adapter = open_mapped(std::move(*mapping), source.files, source.importing, source.today);
  if (!adapter) return tl::unexpected(std::vector<Error>{adapter.error()});
  return std::move(*adapter);
}

}  // namespace ginnel
