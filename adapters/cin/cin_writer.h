// SPDX-License-Identifier: Apache-2.0
// Writes a CIN census file (DfE), piece by piece in the order of the published schema of the 2024 collection.
//
//   out << cin_start(header); for each child: out << cin_child(child); out << cin_end();
//
// The file is valid if every code is one of the code sets and each child has at least one episode. What the schema
// requires and nobody knows is written with the schema's own word for it: ethnicity NOBT, sex 0, source 10. The schema
// has no word for "no earlier plan": `earlier_plans` is at least 1 there.
//
// Thread: any; pure.
#pragma once

#include <string>
#include <vector>

#include "federation/base/time.h"
#include "federation/record/person.h"

namespace ginnel {

struct CinHeader {
  std::string authority;  // three digits
  Date reference;         // the collection's last day
  Instant written;
};

struct CinAssessment {
  Date started, authorised;
  std::vector<std::string> factors;
};

struct CinEnquiry {
  Date started, target, conference;
  bool conference_not_required = false;
};

struct CinNeedPlan {
  Date started, ended;
};

struct CinProtectionPlan {
  Date started, ended;
  std::string first_category, latest_category;
  int earlier_plans = 1;
  std::vector<Date> reviews;
};

struct CinEpisode {
  Date referral;
  std::string source, need;  // codes; empty: unknown, not stated
  bool no_further_action = false;
  Date closed;
  std::string closed_because;
  Date conference;  // on a plan of another authority, without an enquiry here
  std::vector<CinAssessment> assessments;
  std::vector<CinNeedPlan> need_plans;
  std::vector<CinEnquiry> enquiries;
  std::vector<CinProtectionPlan> protection_plans;
};

struct CinChild {
  std::string key, upn, former_upn, upn_unknown;
  Date born, expected, died;
  Sex sex = Sex::unknown;
  std::string ethnicity;
  std::vector<std::string> disabilities;
  std::vector<CinEpisode> episodes;
};

std::string cin_start(const CinHeader& header);
std::string cin_child(const CinChild& child);
std::string cin_end();

}  // namespace ginnel
