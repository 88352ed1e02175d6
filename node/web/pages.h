// SPDX-License-Identifier: Apache-2.0
// The pages as HTML: sign in, find a child, a case view, something went wrong; and the style sheet.
//
// Thread: any; pure. Everything shown is escaped (node/web/template.h); no name, number or birth date stands in a title
// or an address. The pages need no script.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"
#include "node/people/account.h"
#include "node/view/case_view.h"
#include "node/web/http_message.h"

namespace ginnel {

// A word of the vocabulary as a form offers it.
struct Choice {
  std::string id, title;
};

class Pages {
 public:
  struct Settings {
    std::string agency_name;
    std::vector<Choice> purposes, bases;
  };
  explicit Pages(Settings settings);

  // `form_token` is the one in the sign-in cookie. `error`: why it did not work the last time.
  Expected<HttpResponse> sign_in(const std::string& form_token, const std::string& username,
                                 const std::optional<Error>& error) const;
  // `filled`: what was typed the last time.
  Expected<HttpResponse> find(const Session& session, const FormFields& filled,
                              const std::optional<Error>& error) const;
  Expected<HttpResponse> case_view(const Session& session, const CaseView& view) const;

  // Never fails: without its template, the same in plain text.
  HttpResponse problem(unsigned status, const Error& error, const std::string& id) const;

 private:
  Settings settings_;
};

// The file assets/NAME with its type; nothing if there is none. Cacheable: assets hold nothing about anybody.
std::optional<HttpResponse> asset(std::string_view name);

HttpResponse redirect(const std::string& path);  // 303: the next request is a GET

}  // namespace ginnel
