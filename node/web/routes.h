// SPDX-License-Identifier: Apache-2.0
// The addresses of a node's HTTPS port: one row each, saying who it is for and what answers it.
//
// Thread: built once, then any. A row's audience is enforced before its handler runs (node/web/web.cc); what a session
// may do beyond that is decided behind Service, by the gate.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace ginnel {

class WebCore;
struct WebCall;
using WebCallPtr = std::shared_ptr<WebCall>;
using Handler = void (*)(WebCore& web, const WebCallPtr& call);

enum class Audience {
  anybody,    // no session; signing in, and what tells nothing about anybody
  operators,  // no session; about the node, never about a case
  session,    // whoever is signed in
};

struct RouteRow {
  std::string id;  // names the row: "case-views.start"
  std::string method;
  std::string pattern;  // as in node/web/router.h
  Audience audience = Audience::session;
  Handler handle = nullptr;
};

const std::vector<RouteRow>& all_routes();

}  // namespace ginnel
