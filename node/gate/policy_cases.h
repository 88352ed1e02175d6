// SPDX-License-Identifier: Apache-2.0
// What a policy is to do, as examples beside it that anybody can read: who asks for what, about which record, and how
// far it may be shown. A bundle whose examples do not come out as they say cannot be adopted.
//
//   [defaults]                                  # of every case of the file; a case says only what is its own
//   asker  = { agency = "leeds-csc", kind = "social_care", role = "practitioner" }
//   why    = { purpose = "child_protection", basis = "public_task", proven = ["child_protection"] }
//
//   [[case]]
//   name   = "a refuge's address stays shut, even for a proven purpose"
//   record = { owner = "bfd-housing", kind = "tenancy", category = "housing", sensitivity = 2 }
//   others = ["protected_address"]              # markings on the child, or on another agency's part
//   consents = [{ state = "refused", decider = "child_competent", categories = ["health"], competence = "competent",
//                 from = 2026-03-03 }]          # what was recorded of consent; purposes, recipients, until, withdrawn
//   day    = 2026-03-10                         # when it is asked; left out: when the last of those had begun
//   expect = { step = "exists", by = "WY-34", ask = "the lead social worker" }
//
// Thread: any; values. Failure: `bad-cases`, with every mistake of the file and its line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/gate/gate.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t cases_max = 10'000;  // of one file
}  // namespace limits

struct PolicyCase {
  std::string file;
  std::uint32_t line = 0;
  std::string name;
  Asking asking;
  AboutPerson about;
  RecordLabel record;
  std::set<std::string> markings;  // on the child and on every part, the record's own among them

  Step step = Step::none;
  // What is told of why not more, whom to ask, and as what it is counted; nothing: whatever it is.
  std::optional<std::string> reason, ask, shown_as;
  std::vector<std::string> by;  // ids of policies that must be among those that decided
};

tl::expected<std::vector<PolicyCase>, std::vector<Error>> parse_cases(std::string_view text, const std::string& file,
                                                                      const Vocabulary& vocabulary);

struct CaseOutcome {
  const PolicyCase* of = nullptr;
  Verdict verdict;
  std::vector<std::string> differences;  // a sentence each; empty: as expected
};
CaseOutcome try_case(const PolicyCase& one, const Gate& gate);

// What the cases leave untried, a sentence each with its place: a rule that none of them meets, a condition that was
// never true, or never false.
policy::Diagnostics untried(const Bundle& bundle, const std::vector<PolicyCase>& cases);

// All cases of a bundle, in order. `bad-cases`: the mistakes of all its files.
tl::expected<std::vector<PolicyCase>, std::vector<Error>> cases_of(const Bundle& bundle);

// `cases-fail`, with how each comes out that does not come out as it says; `bad-cases`.
Expected<void> check_cases(const std::shared_ptr<const Bundle>& bundle);

}  // namespace ginnel
