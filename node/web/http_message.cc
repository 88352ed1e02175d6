// SPDX-License-Identifier: Apache-2.0
#include "node/web/http_message.h"

#include <algorithm>
#include <cstdint>

#include "node/web/limits.h"

namespace ginnel {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The part before `separator`, which is taken off `rest` together with it.
std::string_view next_part(std::string_view& rest, char separator) {
  auto at = rest.find(separator);
  auto part = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return part;
}

bool has_header(const HttpResponse& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(), [&](const auto& header) {
    return std::equal(header.first.begin(), header.first.end(), name.begin(), name.end(),
                      [](char a, char b) { return (a | 0x20) == (b | 0x20); });
  });
}

}  // namespace

std::optional<std::string> FormFields::only(std::string_view name) const {
  std::optional<std::string> found;
  for (const auto& [key, value] : all) {
    if (key != name) continue;
    if (found) return std::nullopt;
    found = value;
  }
  return found ? found : std::string();
}

std::string HttpRequest::header(std::string_view lower_case_name) const {
  auto found = headers.find(std::string(lower_case_name));
  return found == headers.end() ? std::string() : found->second;
}

std::string HttpRequest::cookie(std::string_view name) const {
  auto found = cookies.find(std::string(name));
  return found == cookies.end() ? std::string() : found->second;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] == '%') {
      if (text.size() - i < 3) return std::nullopt;
      int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
      out += static_cast<char>(high << 4 | low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

Expected<FormFields> read_form(std::string_view text) {
  FormFields form;
  while (!text.empty()) {
    auto pair = next_part(text, '&');
    if (pair.empty()) continue;
    if (form.all.size() == limits::http_form_fields_max)
      return fail("bad-form", "cannot read the form", "it has too many fields");
    auto name = percent_decode(next_part(pair, '='), true);
    auto value = percent_decode(pair, true);
    if (!name || !value) return fail("bad-form", "cannot read the form", "a percent sign is not followed by a byte");
    if (!is_utf8(*name) || !is_utf8(*value)) return fail("bad-form", "cannot read the form", "it is not UTF-8");
    form.all.emplace_back(std::move(*name), std::move(*value));
  }
  return form;
}

Expected<std::map<std::string, std::string>> read_cookies(std::string_view header) {
  std::map<std::string, std::string> cookies;
  while (!header.empty()) {
    auto pair = trim(next_part(header, ';'));
    if (pair.empty()) continue;
    auto name = trim(next_part(pair, '='));
    if (name.empty()) return fail("bad-cookie", "cannot read the cookies", "one has no name");
    // SECURITY: of two cookies with one name, a browser does not say which is whose; taking either can be somebody
    // else's session.
    if (!cookies.emplace(name, trim(pair)).second)
      return fail("bad-cookie", "cannot read the cookies", "one stands there twice", "clear the browser's cookies");
    if (cookies.size() > limits::http_cookies_max)
      return fail("bad-cookie", "cannot read the cookies", "there are too many");
  }
  return cookies;
}

void add_security_headers(HttpResponse& response) {
  static constexpr std::pair<const char*, const char*> always[] = {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action "
       "'self'; "
       "base-uri 'none'; frame-ancestors 'none'"},
      {"Cache-Control", "no-store"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Strict-Transport-Security", "max-age=31536000"},
  };
  for (const auto& [name, value] : always)
    if (!has_header(response, name)) response.headers.emplace_back(name, value);
}

}  // namespace ginnel
