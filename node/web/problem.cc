// SPDX-License-Identifier: Apache-2.0
#include "node/web/problem.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

namespace ginnel {

unsigned status_of(const Error& error) {
  struct Row {
    std::string_view code;
    unsigned status;
  };
  // `bad-` codes are 422 unless they stand here. 503 is what an operator has to mend or time does.
  static constexpr std::array rows = {Row{"bad-json", 400},
                                      Row{"bad-request", 400},
                                      Row{"bad-form", 400},
                                      Row{"bad-multipart", 400},
                                      Row{"bad-cookie", 400},
                                      Row{"unauthenticated", 401},
                                      Row{"sign-in-failed", 401},
                                      Row{"forbidden", 403},
                                      Row{"bad-csrf-token", 403},
                                      Row{"not-found", 404},
                                      Row{"method-not-allowed", 405},
                                      Row{"say-more", 409},
                                      Row{"several-people", 409},
                                      Row{"too-large", 413},
                                      Row{"unknown-word", 422},
                                      Row{"basis-not-in-force", 422},
                                      Row{"break-glass-without-reason", 422},
                                      Row{"no-past-views", 422},
                                      Row{"too-many-records", 422},
                                      Row{"over-budget", 429},
                                      Row{"slow-down", 429},
                                      Row{"busy", 429},
                                      Row{"too-busy", 429},
                                      Row{"read-only", 503},
                                      Row{"too-late", 503},
                                      Row{"stopping", 503},
                                      Row{"node-stopping", 503},
                                      Row{"no-directory", 503},
                                      Row{"turn-full", 503},
                                      Row{"disk-full", 503},
                                      Row{"disk-failed", 503},
                                      Row{"not-writable", 503},
                                      Row{"map-full", 503},
                                      Row{"io-failed", 503},
                                      Row{"turn-failed", 503}};
  for (const auto& row : rows)
    if (row.code == error.code) return row.status;
  return error.code.starts_with("bad-") ? 422 : 500;
}

std::string make_error_id(Random& random) {
  // Letters and digits that nobody confuses when they are read out.
  static constexpr std::string_view alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  std::string id = "err-";
  for (int i = 0; i < 8; ++i) id += alphabet[random.below(alphabet.size())];
  return id;
}

std::string error_json(const Error& error, const std::string& id) {
  nlohmann::ordered_json out;
  out["error"] = {{"code", error.code}, {"what", error.what}, {"why", error.why}, {"remedy", error.remedy}, {"id", id}};
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

HttpResponse error_answer(unsigned status, const Error& error, const std::string& id) {
  HttpResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body = error_json(error, id);
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Error not_found_error() {
  return {"not-found", "cannot show this", "there is nothing here for you", "check the address, or ask again"};
}

}  // namespace ginnel
