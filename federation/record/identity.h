// SPDX-License-Identifier: Apache-2.0
// Who is asked about, as somebody outside the node names them; and the normal forms by which identities are compared.
//
// The normal forms are part of the protocol (commitments and match keys are made from them): `identity_version` counts
// their definition, and a change of any rule here is a new version.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "federation/base/bytes.h"
#include "federation/base/error.h"
#include "federation/base/time.h"

namespace ginnel {

inline constexpr int identity_version = 1;

// Either an NHS number, or names and birth date (and a postcode where known). Valid if it exists.
struct Identity {
  std::string nhs_number;  // 10 digits, check digit right; or empty
  std::string given, family;
  Date birth_date;
  std::string postcode;  // normalised; or empty
  bool operator==(const Identity&) const = default;
};

// Reads what a practitioner typed. Errors: `bad-nhs-number`, `bad-date`, `bad-postcode`, `say-more` (neither an NHS
// number nor family name, given name and birth date). The texts quote the field's name, never its value.
Expected<Identity> read_identity(std::string_view nhs_number, std::string_view family, std::string_view given,
                                 std::string_view birth_date, std::string_view postcode);

// The bytes that stand for an identity in commitments: "nhs:<number>", or "demographic:<family>|<given>|<birth date>"
// in normal forms.
std::string canonical(const Identity& identity);

// SHA-256 over a domain string, the 16-byte salt and canonical(identity): the child's commitment in a process head.
Hash commit_to(const Identity& identity, ByteView salt);

}  // namespace ginnel
