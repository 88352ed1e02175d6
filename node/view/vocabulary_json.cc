// SPDX-License-Identifier: Apache-2.0
#include "node/view/vocabulary_json.h"

#include <nlohmann/json.hpp>

namespace ginnel {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Word& word) {
  Json out{{"id", word.id},
           {"title", word.title},
           {"source", word.source},
           {"effectiveFrom", word.effective_from.iso()},
           {"status", word.in_force ? "in force" : "not in force"}};
  if (word.needs_head) out["needsHead"] = true;
  if (!word.task.outcomes.empty()) out["outcomes"] = word.task.outcomes;
  return out;
}

}  // namespace

std::string to_json(const Vocabulary& vocabulary, const std::string& bundle) {
  Json lists = Json::object();
  for (const auto& name : vocabulary.list_names()) {
    Json words = Json::array();
    for (const Word& word : vocabulary.words(name)) words.push_back(to_json(word));
    lists[std::string(name)] = std::move(words);
  }
  const Json out{{"edition", vocabulary.edition()}, {"bundle", bundle}, {"lists", std::move(lists)}};
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ginnel
