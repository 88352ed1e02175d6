// SPDX-License-Identifier: Apache-2.0
// What people type and files hold of who somebody is: what reads is in its normal form, and reads again as the same.
#include "federation/base/check.h"
#include "federation/record/identity.h"
#include "federation/record/nhs_number.h"
#include "federation/record/postcode.h"
#include "federation/record/upn.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto number = parse_nhs_number(text)) CHECK(parse_nhs_number(*number) == *number);
  if (auto upn = parse_upn(text)) CHECK(parse_upn(*upn) == *upn);
  if (auto postcode = parse_postcode(text)) CHECK(parse_postcode(*postcode) == *postcode);
  const auto cut = std::min(size, text.find('|'));
  const std::string_view rest = text.substr(std::min(size, cut + 1));
  (void)read_identity(text, rest, text.substr(0, cut), rest, text);
  if (auto named = read_identity("", text.substr(0, cut), rest, "2015-03-04", "")) CHECK(!canonical(*named).empty());
  return 0;
}
