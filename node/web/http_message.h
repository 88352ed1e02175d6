// SPDX-License-Identifier: Apache-2.0
// One HTTP request and its answer as values, and the readers of what browsers put into them.
//
// Thread: any; pure. The readers take foreign bytes: they return nothing or an Error for what is malformed or over a
// limit of node/web/limits.h, and never guess.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "federation/base/error.h"
#include "federation/base/utf8.h"

namespace ginnel {

// Names with values, in the order in which they came. Names may repeat.
struct FormFields {
  std::vector<std::pair<std::string, std::string>> all;
  // The value of a name that stands there exactly once; empty if it is missing, nothing if it stands there twice.
  std::optional<std::string> only(std::string_view name) const;
  std::string get(std::string_view name) const { return only(name).value_or(std::string()); }
};

struct HttpRequest {
  std::string method;  // upper case; HEAD arrives as GET
  std::string path;    // as sent: percent signs not yet decoded, without the query
  FormFields query;
  std::map<std::string, std::string> headers;  // names in lower case; repeated ones joined with ", "
  std::map<std::string, std::string> cookies;
  std::string body;
  std::string peer;  // the other end's address, without its port

  std::string header(std::string_view lower_case_name) const;  // empty if it was not sent
  std::string cookie(std::string_view name) const;             // empty if it was not sent
};

class EventStream;

struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // beside Content-Type, Content-Length and Connection
  std::shared_ptr<EventStream> stream;                       // not null: instead of the body, until it ends
};

// Decodes percent signs; nothing for a half or a wrong escape, or an escaped zero byte. `plus_is_space` in forms only.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

// application/x-www-form-urlencoded, of a query or a body. Error: `bad-form`.
Expected<FormFields> read_form(std::string_view text);

// A Cookie header. Error: `bad-cookie` for a name that stands there twice or more than http_cookies_max of them.
Expected<std::map<std::string, std::string>> read_cookies(std::string_view header);

// Sets each header that is not set yet: what every answer of a node carries, whoever made it (DESIGN 14, Pages).
void add_security_headers(HttpResponse& response);

}  // namespace ginnel
