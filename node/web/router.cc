// SPDX-License-Identifier: Apache-2.0
#include "node/web/router.h"

#include <utility>

#include "node/web/http_message.h"

namespace ginnel {
namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    auto end = path.find('/');
    segments.push_back(path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view() : path.substr(end);
  }
  return segments;
}

// SECURITY: "..", hidden names and separators never reach a handler as one segment.
std::optional<std::string> decode_segment(std::string_view segment) {
  auto text = percent_decode(segment, false);
  if (!text || text->empty() || text->front() == '.' || text->find_first_of("/\\") != std::string::npos)
    return std::nullopt;
  return is_utf8(*text) ? text : std::nullopt;
}

std::optional<std::vector<std::string>> match_segments(std::string_view pattern, std::string_view path) {
  auto wanted = split(pattern), given = split(path);
  if (wanted.size() != given.size()) return std::nullopt;
  std::vector<std::string> parameters;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{')) {
      auto text = decode_segment(given[i]);
      if (!text) return std::nullopt;
      parameters.push_back(std::move(*text));
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return parameters;
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {}

RouteMatch Router::match(std::string_view method, std::string_view path) const {
  RouteMatch match;
  if (!path.starts_with('/')) return match;
  for (const auto& route : routes_) {
    auto parameters = match_segments(route.pattern, path);
    if (!parameters) continue;
    if (route.method == method) {
      match.route = &route;
      match.parameters = std::move(*parameters);
      match.methods_allowed.clear();
      return match;
    }
    match.methods_allowed.push_back(route.method);
  }
  return match;
}

}  // namespace ginnel
