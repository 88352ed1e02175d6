// SPDX-License-Identifier: Apache-2.0
#include "node/people/password_rules.h"

#include <algorithm>
#include <array>

namespace ginnel {
namespace {

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

// Code points, so that a letter with an accent counts once.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool has_few_different(std::string_view text) {
  std::string sorted(text);
  std::sort(sorted.begin(), sorted.end());
  return std::unique(sorted.begin(), sorted.end()) - sorted.begin() < 5;
}

bool is_one_run(std::string_view text) {
  int step = text.size() > 1 ? text[1] - text[0] : 0;
  for (std::size_t i = 1; i < text.size(); ++i)
    if (text[i] - text[i - 1] != step) return false;
  return true;
}

// What people choose when twelve characters are asked for, without the digits and signs around it.
constexpr std::array<std::string_view, 12> obvious = {
    "password",     "passwordpassword", "safeguarding", "letmein",  "letmeinplease",  "qwertyuiop",
    "qwertyuiopas", "administrator",    "welcome",      "changeme", "changemeplease", "ginnel"};

bool is_obvious(const std::string& lowered) {
  std::string letters;
  std::copy_if(lowered.begin(), lowered.end(), std::back_inserter(letters),
               [](char c) { return c >= 'a' && c <= 'z'; });
  return std::find(obvious.begin(), obvious.end(), letters) != obvious.end();
}

tl::unexpected<Error> bad_password(std::string why) {
  return fail("bad-password", "cannot use this password", std::move(why), "three random words make a good one");
}

}  // namespace

Expected<std::string> check_password(std::string_view password, std::string_view username) {
  if (characters(password) < password_characters_min)
    return bad_password("it has fewer than " + std::to_string(password_characters_min) + " characters");
  if (password.size() > password_bytes_max)
    return bad_password("it is longer than " + std::to_string(password_bytes_max) + " bytes");
  auto lowered = lower_case(password);
  if (!username.empty() && username.size() >= 4 && lowered.find(lower_case(username)) != std::string::npos)
    return bad_password("it contains the user name");
  if (has_few_different(lowered) || is_one_run(lowered) || is_obvious(lowered))
    return bad_password("it is among the first that somebody would try");
  return std::string(password);
}

Expected<std::string> normal_username(std::string_view text) {
  auto name = lower_case(text);
  auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  auto is_allowed = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'; };
  if (name.empty() || name.size() > username_characters_max || !is_letter(name.front()) ||
      !std::all_of(name.begin(), name.end(), is_allowed))
    return fail("bad-username", "cannot use this user name", "it may hold letters, digits, `.`, `-` and `_` only",
                "start with a letter and use 64 characters at most");
  return name;
}

}  // namespace ginnel
