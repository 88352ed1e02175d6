// SPDX-License-Identifier: Apache-2.0
// One record and one asker, in the words of the policy language (the namespace `Share`).
//
// principal  Share::Worker    { agency: Member, kind: AgencyKind, role: Role }
// resource   Share::Record    { owner: Member, kind: RecordKind, sensitivity: Long, markings: Set<Marking>,
//                               handling: { is_intelligence, source, information, code },
//                               child: { competent: Bool, consents: { <root category>: { state: Consent } } } }
//            competent: to decide of this record's root category; true unless it was judged otherwise. state: what
//            holds for who asks, for their purpose, now (node/gate/consents.h) in its Share::Category, which is in its
//            parents
// context    { purpose: Purpose, basis: Basis, proven: Set<Purpose>, markings: Set<Marking>, break_glass: Bool,
//              allocated: Bool, conflict: Bool }
//            allocated: the agency's own worker is allocated to the person now. False for every other agency's, whose
//            allocations this node does not know, and where it could not be read: a permit that asks for it does not
//            hold then, and a forbid that is lifted by it stands.
//            conflict: between the agency's own worker and the person, of interest; true where it cannot be read.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "federation/wire/step.h"
#include "node/gate/gate.h"
#include "policy/authorize.h"

namespace ginnel {

// A police 3x5x2 code as it stands in Label::handling, "3x5x2:<source 1-3>:<information A-E>:<P|C>", conditions may
// follow after another colon.
struct IntelligenceHandling {
  std::string source, information, code;
};
std::optional<IntelligenceHandling> read_intelligence_handling(std::string_view handling);

// SECURITY: where nobody recorded a decision about consent, the child counts as competent and not asked: the side on
// which a restricted record stays shut.
policy::Value undecided_child(const Vocabulary& vocabulary);

class DecisionFacts {
 public:
  // The bundle must outlive the facts.
  DecisionFacts(const Bundle& bundle, const Asking& asking, const std::string& purpose, const AboutPerson& about,
                const RecordLabel& record, const std::set<std::string>& markings);

  policy::Request request(Step step) const;
  const policy::EntitySource& entities() const { return layer_; }

 private:
  policy::EntityUid principal_, resource_;
  policy::Record context_;
  policy::EntityLayer layer_;
};

}  // namespace ginnel
