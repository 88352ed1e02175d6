// SPDX-License-Identifier: Apache-2.0
// Codes and encodings that people and programs send: base32, base64, hexadecimal, ids, second factors, tokens.
#include "federation/base/check.h"
#include "federation/base/id.h"
#include "node/gate/facts.h"
#include "node/people/base32.h"
#include "node/people/password_rules.h"
#include "node/people/token.h"
#include "node/store/key_shares.h"
#include "node/web/totp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto bytes = from_base32(text)) CHECK(from_base32(to_base32(*bytes)) == *bytes);
  if (auto bytes = from_base64(text)) CHECK(from_base64(to_base64(*bytes)) == *bytes);
  if (auto bytes = from_hex(text)) CHECK(from_hex(to_hex(*bytes)) == *bytes);
  if (auto id = MemberId::parse(text)) CHECK(id->text() == text);
  if (auto id = RecordId::parse(text)) CHECK(RecordId::parse(id->hex()) == *id);
  if (auto share = parse_share(text)) CHECK(parse_share(share_text(*share)).value() == *share);
  (void)match_totp(view_of(text), text, Instant{1}, 0), (void)check_password(text, "s.worker");
  (void)read_intelligence_handling(text), (void)looks_like_token(text);
  return 0;
}
