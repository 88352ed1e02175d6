// SPDX-License-Identifier: Apache-2.0
// What programs send: JSON requests, strictly read; and the answer that a command line reads.
#include "federation/base/check.h"
#include "node/view/view_json.h"
#include "node/web/json_value.h"
#include "node/web/notices_json.h"
#include "node/web/requests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)read_json(text);
  (void)read_sign_in(text);
  (void)read_acknowledgement(text);
  (void)read_correction(text);
  if (auto request = read_view_request(text)) CHECK(!request->purpose.empty() && !request->reason.empty());
  if (auto view = view_from_json(text)) CHECK(view_from_json(to_json(*view)).has_value());
  return 0;
}
