// SPDX-License-Identifier: Apache-2.0
#include "node/web/http_message.h"

#include <gtest/gtest.h>

#include "node/web/limits.h"

namespace ginnel {
namespace {

TEST(HttpMessage, a_form_is_read_with_its_escapes) {
  auto form = read_form("a=1+2&b=%C3%A9%26&c=&d&&e=x=y");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->get("a"), "1 2");
  EXPECT_EQ(form->get("b"), "\xC3\xA9&");
  EXPECT_EQ(form->get("c"), "");
  EXPECT_EQ(form->get("d"), "");
  EXPECT_EQ(form->get("e"), "x=y");
  EXPECT_EQ(form->get("missing"), "");
}

TEST(HttpMessage, a_name_that_stands_twice_has_no_one_value) {
  auto form = read_form("a=1&a=2");
  EXPECT_FALSE(form->only("a"));
  EXPECT_EQ(form->get("a"), "");
}

TEST(HttpMessage, a_broken_form_is_an_error) {
  for (const char* text : {"a=%", "a=%4", "a=%zz", "a=%00", "%ff=1", "a=%c3%28"})
    EXPECT_EQ(read_form(text).error().code, "bad-form") << text;
  std::string many;
  for (std::size_t i = 0; i <= limits::http_form_fields_max; ++i) many += "a=1&";
  EXPECT_FALSE(read_form(many));
}

TEST(HttpMessage, cookies_are_read_and_a_double_one_is_refused) {
  auto cookies = read_cookies(" a=1; b=\"two\";c = 3 ; d");
  ASSERT_TRUE(cookies);
  EXPECT_EQ(cookies->at("a"), "1");
  EXPECT_EQ(cookies->at("b"), "\"two\"");
  EXPECT_EQ(cookies->at("c"), "3");
  EXPECT_EQ(cookies->at("d"), "");
  EXPECT_EQ(read_cookies("a=1; a=1").error().code, "bad-cookie");
  EXPECT_EQ(read_cookies("=1").error().code, "bad-cookie");
  std::string many;
  for (std::size_t i = 0; i <= limits::http_cookies_max; ++i) many += "c" + std::to_string(i) + "=1;";
  EXPECT_FALSE(read_cookies(many));
}

TEST(HttpMessage, utf8_has_one_form_per_character) {
  for (const char* text : {"", "a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x91\xA7", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8(text)) << text;
  for (const char* text :
       {"\x80", "\xC0\xAF", "\xC3", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80"})
    EXPECT_FALSE(is_utf8(text)) << text;
}

TEST(HttpMessage, security_headers_join_and_never_replace) {
  HttpResponse response;
  response.headers.emplace_back("cache-control", "public");
  add_security_headers(response);
  int count = 0;
  for (const auto& [name, value] : response.headers) count += name == "Cache-Control" || name == "cache-control";
  EXPECT_EQ(count, 1);
  EXPECT_EQ(response.headers.front().second, "public");
  auto once = response.headers.size();
  add_security_headers(response);
  EXPECT_EQ(response.headers.size(), once);
}

}  // namespace
}  // namespace ginnel
