// SPDX-License-Identifier: Apache-2.0
#include "federation/record/identity.h"

#include "federation/base/crypto/hash.h"
#include "federation/base/text.h"
#include "federation/record/name.h"
#include "federation/record/nhs_number.h"
#include "federation/record/postcode.h"

namespace ginnel {
namespace {

constexpr std::string_view no_question = "cannot ask about this child";

// What practitioners write for "none or unknown" is no postcode, and no mistake either.
bool is_no_postcode(std::string_view text) {
  return text.empty() || text.starts_with("ZZ99") || text.starts_with("zz99");
}

}  // namespace

Expected<Identity> read_identity(std::string_view nhs_number, std::string_view family, std::string_view given,
                                 std::string_view birth_date, std::string_view postcode) {
  Identity identity;
  identity.family = trimmed(family);
  identity.given = trimmed(given);
  nhs_number = trimmed(nhs_number);
  birth_date = trimmed(birth_date);
  postcode = trimmed(postcode);
  if (!nhs_number.empty()) {
    auto number = parse_nhs_number(nhs_number);
    if (!number) {
      return fail("bad-nhs-number", std::string(no_question),
                  "the NHS number is not ten digits with a right check digit",
                  "check the number, or leave it out and give names and date of birth");
    }
    identity.nhs_number = *number;
  }
  if (!birth_date.empty()) {
    auto date = parse_date(birth_date);
    if (!date) {
      return fail("bad-date", std::string(no_question), "the date of birth is not a date",
                  "write it as YYYY-MM-DD or DD/MM/YYYY");
    }
    identity.birth_date = *date;
  }
  if (!is_no_postcode(postcode)) {
    auto normal = parse_postcode(postcode);
    if (!normal) {
      return fail("bad-postcode", std::string(no_question), "the postcode is not of a form that exists",
                  "correct the postcode or leave it out");
    }
    identity.postcode = *normal;
  }
  bool named = !normal_name(identity.family).empty() && !normal_name(identity.given).empty();
  if (identity.nhs_number.empty() && !(named && identity.birth_date.is_set())) {
    return fail("say-more", std::string(no_question),
                "it takes an NHS number, or family name, given name and date of birth", "add what is missing");
  }
  return identity;
}

std::string canonical(const Identity& identity) {
  if (!identity.nhs_number.empty()) return "nhs:" + identity.nhs_number;
  return "demographic:" + normal_name(identity.family) + "|" + normal_name(identity.given) + "|" +
         identity.birth_date.iso();
}

Hash commit_to(const Identity& identity, ByteView salt) {
  using namespace std::string_view_literals;
  return sha256({view_of("ginnel child commitment v1\0"sv), salt, view_of(canonical(identity))});
}

}  // namespace ginnel
