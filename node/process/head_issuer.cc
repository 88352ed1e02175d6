// SPDX-License-Identifier: Apache-2.0
#include "node/process/head_issuer.h"

namespace ginnel {

std::vector<Hash> commitments_of(const Identity& child, const Salt& salt) {
  std::vector<Hash> out{commit_to(child, salt)};
  if (!child.nhs_number.empty() && !child.family.empty() && child.birth_date.is_set()) {
    Identity by_name = child;
    by_name.nhs_number.clear();
    out.push_back(commit_to(by_name, salt));
  }
  return out;
}

}  // namespace ginnel
