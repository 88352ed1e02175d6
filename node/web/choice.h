// SPDX-License-Identifier: Apache-2.0
// Words of the vocabulary as forms offer them.
#pragma once

#include <string>
#include <vector>

namespace ginnel {

struct Choice {
  std::string id, title;
  std::string help;          // when to choose it; a purpose without it is offered behind the others
  bool break_glass = false;  // the reason goes to whoever is asked
};

// Who decides about sharing, and what of them counts (node/gate/consents.h).
struct DeciderChoice {
  std::string id, title;
  std::string decides_for;       // "self", "another", "nobody" or empty
  bool needs_judgement = false;  // decides only where they were judged competent
};

// What the forms about decisions offer.
struct DecisionWords {
  std::vector<Choice> root_categories, categories, purposes, refusal_tests;
  std::vector<DeciderChoice> deciders;
};

}  // namespace ginnel
