// SPDX-License-Identifier: Apache-2.0
// An Error on its way to whoever asked: its HTTP status, an id that stands in the log as well, and its JSON form.
//
// Thread: any; pure, but for make_error_id's randomness.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "federation/base/clock.h"
#include "federation/base/error.h"
#include "node/web/http_message.h"

namespace ginnel {

struct ErrorStatus {
  std::string_view code;
  unsigned status;
};
// Every code with a status of its own; each stands in docs/openapi.json.
std::span<const ErrorStatus> error_statuses();

// Of the code; 422 for any other `bad-*`, 500 for a code that is not known here.
unsigned status_of(const Error& error);

// "err-k3f7q2xa": to say on the telephone, to find in the log.
std::string make_error_id(Random& random);

// {error:{code, what, why, remedy, id}}
std::string error_json(const Error& error, const std::string& id);
HttpResponse error_answer(unsigned status, const Error& error, const std::string& id);

// The one 404: unknown, concealed and not yours look alike.
Error not_found_error();

}  // namespace ginnel
