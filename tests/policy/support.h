// SPDX-License-Identifier: Apache-2.0
// Short ways to ask the language something in a test.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "policy/authorize.h"
#include "policy/policy_set.h"

namespace ginnel::policy::test {

inline PolicySet parse(const std::string& text, const ParseOptions& options = {}) {
  auto set = parse_policies(text, "test.cedar", options);
  if (!set) {
    ADD_FAILURE() << to_text(set.error());
    return {};
  }
  return *std::move(set);
}

// The mistakes of a text that must have some, one a line.
inline std::string mistakes(const std::string& text, const ParseOptions& options = {}) {
  const auto set = parse_policies(text, "t", options);
  if (!set) return to_text(set.error());
  return "none";
}

inline Entities world(std::vector<Entity> entities) {
  auto store = Entities::make(std::move(entities));
  if (!store) {
    ADD_FAILURE() << store.error();
    return {};
  }
  return *std::move(store);
}

// A small world: a worker in a team in an agency, and a child's record.
inline Entities small_world() {
  return world({
      {{"User", "ann"},
       Record{{"age", 42},
              {"name", "Ann"},
              {"roles", Set({"lead", "duty"})},
              {"home", Record{{"city", "Leeds"}, {"at", Record{{"floor", 2}}}}},
              {"manager", EntityUid{"User", "bob"}},
              {"is", true}},
       {{"Team", "east"}},
       Record{{"shift", "night"}}},
      {{"User", "bob"}, {}, {}, {}},
      {{"Team", "east"}, {}, {{"Agency", "leeds"}}, {}},
      {{"Agency", "leeds"}, {}, {}, {}},
      {{"Action", "view"}, {}, {{"Action", "read"}}, {}},
  });
}

inline Request small_request() {
  return {{"User", "ann"}, {"Action", "view"}, {"File", "f1"}, Record{{"hour", 23}, {"urgent", false}}};
}

// What a condition comes to in the small world: its value as text, or "error: ..." or "mistake: ...".
inline std::string evaluate(const std::string& condition) {
  const auto set = parse_policies("permit(principal,action,resource) when {" + condition + "};", "t");
  if (!set) return "mistake: " + set.error().front().message;
  const auto entities = small_world();
  const auto request = small_request();
  Evaluator evaluator(request, entities);
  const auto value = evaluator.evaluate(set->policies().front().clauses->front().condition);
  return value ? (*value)->text() : "error: " + value.error().message;
}

}  // namespace ginnel::policy::test
