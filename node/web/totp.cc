// SPDX-License-Identifier: Apache-2.0
#include "node/web/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "federation/base/check.h"

namespace ginnel {

std::uint64_t totp_step_at(Instant now) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(now.ms, 0) / totp_step_ms);
}

std::string totp_code(ByteView secret, std::uint64_t step, int digits) {
  CHECK(digits >= 6 && digits <= 8);
  Bytes counter;
  put_u64(counter, step);
  std::array<std::uint8_t, 20> mac{};
  unsigned int mac_bytes = 0;
  CHECK(HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(), mac.data(),
             &mac_bytes) != nullptr &&
        mac_bytes == mac.size());
  // RFC 4226 section 5.3: four bytes from where the last half-byte points, without the sign bit.
  std::uint32_t number = *read_u32(mac, mac.back() & 0x0f) & 0x7fffffff;
  std::string code;
  for (int i = 0; i < digits; ++i, number /= 10) code.insert(code.begin(), static_cast<char>('0' + number % 10));
  return code;
}

std::optional<std::uint64_t> match_totp(ByteView secret, std::string_view typed, Instant now, std::uint64_t last_used) {
  std::string code;
  std::copy_if(typed.begin(), typed.end(), std::back_inserter(code), [](char c) { return c != ' '; });
  std::optional<std::uint64_t> found;
  auto middle = std::max(totp_step_at(now), totp_steps_either_side);
  for (auto step = middle - totp_steps_either_side; step <= middle + totp_steps_either_side; ++step)
    if (equal_in_constant_time(view_of(totp_code(secret, step)), view_of(code)) && step > last_used) found = step;
  return found;
}

}  // namespace ginnel
