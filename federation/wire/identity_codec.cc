// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/identity_codec.h"

namespace ginnel::codec {

void check_identity(const Identity& identity, Checker& check) {
  check.text(identity.family, limits::name_bytes_max, "identity.family");
  check.text(identity.given, limits::name_bytes_max, "identity.given");
}

void write_identity(const Identity& identity, wire::Identity::Builder to) {
  to.setNhsNumber(text_of(identity.nhs_number));
  to.setFamily(text_of(identity.family));
  to.setGiven(text_of(identity.given));
  to.setBirthDate(date_number(identity.birth_date));
  to.setPostcode(text_of(identity.postcode));
}

// An Identity is valid if it exists, so it is made by the one function that makes them.
Identity read_identity_of(wire::Identity::Reader from, Checker& check) {
  const Date birth = check.date(from.getBirthDate(), "identity.birthDate");
  auto identity = read_identity(string_of(from.getNhsNumber()), string_of(from.getFamily()), string_of(from.getGiven()),
                                birth.is_set() ? birth.iso() : std::string(), string_of(from.getPostcode()));
  if (!identity) {
    check.refuse("identity", "is not one that can be asked about");
    return {};
  }
  return *identity;
}

}  // namespace ginnel::codec
