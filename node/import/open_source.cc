// SPDX-License-Identifier: Apache-2.0
#include "node/import/open_source.h"

#include "adapters/mapped_reader.h"

namespace ginnel {

tl::expected<std::unique_ptr<Adapter>, std::vector<Error>> open_source(const SourceFiles& source,
                                                                       const Vocabulary& vocabulary) {
  MappingWords words;
  words.kinds = vocabulary.ids("record_kind");
  words.categories = vocabulary.ids("category");
  words.markings = vocabulary.ids("marking");
  words.handlings = vocabulary.ids("handling");
  auto mapping = load_mapping(source.mapping, words);
  if (!mapping) return tl::unexpected(mapping.error());
  auto adapter = open_mapped(std::move(*mapping), source.files, source.importing, source.today);
  if (!adapter) return tl::unexpected(std::vector<Error>{adapter.error()});
  return std::move(*adapter);
}

}  // namespace ginnel
