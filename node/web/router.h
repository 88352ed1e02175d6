// SPDX-License-Identifier: Apache-2.0
// Which handler a method and a path lead to. A path's segments are decoded one by one, after they were split: an
// escaped slash cannot make two of one.
//
// Thread: built once, then any. What does not match is a 404, what matches with another method a 405.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel {

// "/api/v1/case-views/{id}": a segment in braces takes any one segment.
struct Route {
  int id = 0;  // the owner's own number for it
  std::string method;
  std::string pattern;
};

struct RouteMatch {
  const Route* route = nullptr;              // null: none
  std::vector<std::string> parameters;       // in the pattern's order, decoded
  std::vector<std::string> methods_allowed;  // of other routes with this path; empty: unknown path
};

class Router {
 public:
  explicit Router(std::vector<Route> routes);
  RouteMatch match(std::string_view method, std::string_view path) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace ginnel
