// SPDX-License-Identifier: Apache-2.0
#include "node/view/vocabulary_json.h"

#include <nlohmann/json.hpp>

namespace ginnel {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson to_json(const Word& word) {
  OrderedJson out{{"id", word.id},
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
  OrderedJson lists = OrderedJson::object();
  for (const auto& name : vocabulary.list_names()) {
    OrderedJson words = OrderedJson::array();
    for (const Word& word : vocabulary.words(name)) words.push_back(to_json(word));
    lists[std::string(name)] = std::move(words);
  }
  const OrderedJson out{{"edition", vocabulary.edition()}, {"bundle", bundle}, {"lists", std::move(lists)}};
  return out.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace ginnel
