// SPDX-License-Identifier: Apache-2.0
#include "node/import/open_source.h"

#include "adapters/mapped_reader.h"

namespace ginnel {
namespace {

std::set<std::string> words_of(const Vocabulary& vocabulary, std::string_view list) {
  std::set<std::string> out;
  for (const Word& word : vocabulary.words(list)) out.insert(word.id);
  return out;
}

}  // namespace

tl::expected<std::unique_ptr<Adapter>, std::vector<Error>> open_source(const SourceFiles& source,
                                                                       const Vocabulary& vocabulary) {
  MappingWords words;
  words.kinds = words_of(vocabulary, "record_kind");
  words.categories = words_of(vocabulary, "category");
  words.markings = words_of(vocabulary, "marking");
  words.handlings = words_of(vocabulary, "handling");
  auto mapping = load_mapping(source.mapping, words);
  if (!mapping) return tl::unexpected(mapping.error());
  auto adapter = open_mapped(std::move(*mapping), source.files, source.importing, source.today);
  if (!adapter) return tl::unexpected(std::vector<Error>{adapter.error()});
  return std::move(*adapter);
}

}  // namespace ginnel
