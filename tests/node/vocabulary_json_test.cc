// SPDX-License-Identifier: Apache-2.0
#include "node/view/vocabulary_json.h"

#include <nlohmann/json.hpp>

#include "tests/node/gate_for_tests.h"

namespace ginnel {
namespace {

TEST(VocabularyJson, tells_every_word_of_every_list_with_its_source_and_status) {
  const auto bundle = west_yorkshire();
  const auto told = nlohmann::json::parse(to_json(bundle->vocabulary, bundle->ref_text()));
  EXPECT_EQ(told["bundle"], bundle->ref_text());
  EXPECT_EQ(told["lists"].size(), Vocabulary::list_names().size());
  for (const auto& list : Vocabulary::list_names()) {
    const auto& words = bundle->vocabulary.words(list);
    const auto& rows = told["lists"][std::string(list)];
    ASSERT_EQ(rows.size(), words.size()) << list;
    for (std::size_t i = 0; i < words.size(); ++i) {
      EXPECT_EQ(rows[i]["id"], words[i].id);
      EXPECT_EQ(rows[i]["status"] == "in force", words[i].in_force) << words[i].id;
      EXPECT_FALSE(rows[i]["source"].get<std::string>().empty()) << words[i].id;
      EXPECT_EQ(rows[i].contains("needsHead"), words[i].needs_head) << words[i].id;
    }
  }
}

}  // namespace
}  // namespace ginnel
