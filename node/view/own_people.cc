// SPDX-License-Identifier: Apache-2.0
#include "node/view/own_people.h"

namespace ginnel {

Identity identity_of(const FoundPerson& person) {
  Identity identity;
  identity.nhs_number = person.nhs_number;
  if (!person.names.empty()) {
    identity.given = person.names.front().given;
    identity.family = person.names.front().family;
  }
  if (person.birth.precision == Precision::day) identity.birth_date = person.birth.date;
  identity.postcode = person.postcode;
  return identity;
}

}  // namespace ginnel
