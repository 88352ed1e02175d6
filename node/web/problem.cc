// SPDX-License-Identifier: Apache-2.0
#include "node/web/problem.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

namespace ginnel {

namespace {

// `bad-` codes are 422 unless they stand here. 503 is what an operator has to mend or time does.
constexpr std::array rows = {ErrorStatus{"bad-json", 400},
                             ErrorStatus{"bad-request", 400},
                             ErrorStatus{"bad-form", 400},
                             ErrorStatus{"bad-multipart", 400},
                             ErrorStatus{"bad-cookie", 400},
                             ErrorStatus{"unauthenticated", 401},
                             ErrorStatus{"sign-in-failed", 401},
                             ErrorStatus{"forbidden", 403},
                             ErrorStatus{"bad-csrf-token", 403},
                             ErrorStatus{"not-found", 404},
                             ErrorStatus{"method-not-allowed", 405},
                             ErrorStatus{"say-more", 409},
                             ErrorStatus{"several-people", 409},
                             ErrorStatus{"too-large", 413},
                             ErrorStatus{"idempotency-key-reused", 422},
                             ErrorStatus{"unknown-word", 422},
                             ErrorStatus{"basis-not-in-force", 422},
                             ErrorStatus{"break-glass-without-reason", 422},
                             ErrorStatus{"not-held", 409},
                             ErrorStatus{"too-many-records", 422},
                             ErrorStatus{"pdf-too-long", 422},
                             ErrorStatus{"over-budget", 429},
                             ErrorStatus{"slow-down", 429},
                             ErrorStatus{"busy", 429},
                             ErrorStatus{"too-busy", 429},
                             ErrorStatus{"not-the-lead", 403},
                             ErrorStatus{"conflict-of-interest", 403},
                             ErrorStatus{"no-such-step", 422},
                             ErrorStatus{"no-definition", 422},
                             ErrorStatus{"step-not-open", 409},
                             ErrorStatus{"step-not-now", 409},
                             ErrorStatus{"step-not-ready", 409},
                             ErrorStatus{"process-ended", 409},
                             ErrorStatus{"cannot-migrate", 409},
                             ErrorStatus{"transfer-not-the-lead", 403},
                             ErrorStatus{"transfer-not-yours", 403},
                             ErrorStatus{"no-transfer", 404},
                             ErrorStatus{"transfer-not-now", 409},
                             ErrorStatus{"transfer-open", 409},
                             ErrorStatus{"transfer-recalling", 503},
                             ErrorStatus{"transfer-not-given", 403},
                             ErrorStatus{"file-too-large", 413},
                             ErrorStatus{"not-to-be-answered", 409},
                             ErrorStatus{"held", 409},
                             ErrorStatus{"not-to-be-erased", 409},
                             ErrorStatus{"not-due", 409},
                             ErrorStatus{"file-not-given", 409},
                             ErrorStatus{"file-altered", 409},
                             ErrorStatus{"agency-silent", 503},
                             ErrorStatus{"read-only", 503},
                             ErrorStatus{"too-late", 503},
                             ErrorStatus{"no-font", 503},
                             ErrorStatus{"pdf-failed", 503},
                             ErrorStatus{"stopping", 503},
                             ErrorStatus{"node-stopping", 503},
                             ErrorStatus{"no-directory", 503},
                             ErrorStatus{"no-adapter", 503},
                             ErrorStatus{"turn-full", 503},
                             ErrorStatus{"disk-full", 503},
                             ErrorStatus{"disk-failed", 503},
                             ErrorStatus{"not-writable", 503},
                             ErrorStatus{"map-full", 503},
                             ErrorStatus{"io-failed", 503},
                             ErrorStatus{"undecided", 503},
                             ErrorStatus{"turn-failed", 503}};

}  // namespace

std::span<const ErrorStatus> error_statuses() { return rows; }

unsigned status_of(const Error& error) {
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
