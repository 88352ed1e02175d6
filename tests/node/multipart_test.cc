// SPDX-License-Identifier: Apache-2.0
#include "node/web/multipart.h"

#include <gtest/gtest.h>

#include "node/web/problem.h"

namespace ginnel {
namespace {

std::string part(const std::string& headers, const std::string& content) {
  return "--b0\r\n" + headers + "\r\n\r\n" + content + "\r\n";
}
std::string field(const std::string& parameters, const std::string& content = "x") {
  return part("Content-Disposition: form-data" + parameters, content);
}
const std::string end = "--b0--\r\n";

std::vector<MultipartPart> read(const std::string& body) {
  auto parts = read_multipart("b0", body);
  EXPECT_TRUE(parts) << parts.error().text();
  return parts.value_or(std::vector<MultipartPart>());
}

std::string code(const std::string& body, MultipartLimits limits = {}) {
  auto parts = read_multipart("b0", body, limits);
  return parts ? "" : parts.error().code;
}

TEST(Multipart, reads_fields_and_files_as_browsers_send_them) {
  const std::string bytes("\0\xff\r\n--b\r\n-", 10);
  const auto parts =
      read(field("; name=\"reason\"", "a\r\nb") +
           part("content-disposition:form-data; name=\"file\"; filename=\"C:\\notes\\\xc3\xa4 %22x%22.pdf\"\r\n"
                "Content-Type: application/pdf",
                bytes) +
           field("; name=empty; filename=\"\"", "") + end);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0], (MultipartPart{{"reason", std::nullopt, ""}, "a\r\nb"}));
  EXPECT_EQ(parts[1], (MultipartPart{{"file", "\xc3\xa4 \"x\".pdf", "application/pdf"}, bytes}));
  EXPECT_EQ(parts[2], (MultipartPart{{"empty", "", ""}, ""}));
  EXPECT_TRUE(read("--b0--").empty());
}

TEST(Multipart, gives_the_same_in_pieces_of_any_size) {
  const std::string body = field("; name=\"a\"", "one\r\n--b\r\n--b") +
                           field("; name=\"f\"; filename=\"..\\..\\/x\"", std::string(3000, '\r')) + end;
  const auto whole = read(body);
  for (std::size_t size : {1, 2, 3, 5, 7, 64, 1000}) {
    std::vector<MultipartPart> parts;
    std::size_t ends = 0;
    MultipartReader reader("b0", {},
                           {[&](const MultipartHeader& header) -> Expected<void> {
                              parts.push_back({header, {}});
                              return {};
                            },
                            [&](std::string_view bytes) -> Expected<void> {
                              EXPECT_FALSE(bytes.empty());
                              parts.back().content += bytes;
                              return {};
                            },
                            [&]() -> Expected<void> {
                              ++ends;
                              return {};
                            }});
    for (std::size_t at = 0; at < body.size(); at += size)
      ASSERT_TRUE(reader.take(std::string_view(body).substr(at, size))) << size << " at " << at;
    EXPECT_TRUE(reader.finish());
    EXPECT_EQ(parts, whole);
    EXPECT_EQ(ends, 2u);
  }
  EXPECT_EQ(whole[1].header.file_name, "x") << "a file's name is no path";
}

TEST(Multipart, every_cut_of_a_body_is_refused) {
  const std::string body = field("; name=\"a\"") + field("; name=\"b\"; filename=\"f\"", "\r\n--b") + "--b0--";
  for (std::size_t size = 0; size < body.size(); ++size) EXPECT_EQ(code(body.substr(0, size)), "bad-multipart") << size;
  EXPECT_EQ(code(body), "");
  EXPECT_EQ(code(body + "\r\n"), "");
}

TEST(Multipart, what_two_readers_could_read_differently_is_refused) {
  for (const std::string& body : {
           "preamble\r\n" + field("; name=\"a\"") + end,
           field("; name=\"a\"") + end + "epilogue",
           field("; name=\"a\"") + end + "\r\n",
           "--b0 \r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n" + end,
           "--b0x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n" + end,
           field("; name=\"a\"", "x\r\n--b0y") + end,
           std::string("--b0\nContent-Disposition: form-data; name=\"a\"\n\nx\n--b0--\n"),
           field(""),
           field("; name=\"\"") + end,
           field("; name=\"a\"; name=\"b\"") + end,
           field("; name=\"a\"; filename*=UTF-8''x") + end,
           field("; name=\"a") + end,
           field("; name=") + end,
           field("; name=\"a\" x") + end,
           field("; name=\"a%0D%0Ab\"") + end,
           field("; name=\"\xff\"") + end,
           part("Content-Disposition: attachment; name=\"a\"", "x") + end,
           part("Content-Type: text/plain", "x") + end,
           part("Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"", "x") + end,
           part("Content-Disposition: form-data;\r\n name=\"a\"", "x") + end,
           part("Content-Disposition : form-data; name=\"a\"", "x") + end,
           part("Content-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64", "eA==") + end,
       })
    EXPECT_EQ(code(body), "bad-multipart") << body;
}

TEST(Multipart, limits_are_those_that_it_is_given) {
  const std::string two = field("; name=\"a\"", "1234") + field("; name=\"b\"", "1234") + end;
  EXPECT_EQ(code(two, {2, 4}), "");
  EXPECT_EQ(code(two, {1, 4}), "too-large");
  EXPECT_EQ(code(two, {2, 3}), "too-large");
  const std::string long_name = "; name=\"" + std::string(limits::multipart_header_bytes_max, 'n') + "\"";
  EXPECT_EQ(code(field(long_name) + end), "too-large");
  EXPECT_EQ(status_of(Error{"too-large", "", "", ""}), 413u);
  EXPECT_EQ(status_of(Error{"bad-multipart", "", "", ""}), 400u);
}

TEST(Multipart, what_the_sink_refuses_ends_it) {
  MultipartReader reader(
      "b0", {},
      {[](const MultipartHeader&) -> Expected<void> { return fail("no-room", "no"); },
       [](std::string_view) -> Expected<void> { return {}; }, []() -> Expected<void> { return {}; }});
  EXPECT_EQ(reader.take(field("; name=\"a\"")).error().code, "no-room");
  EXPECT_FALSE(reader.take(end));
  EXPECT_FALSE(reader.finish());
}

TEST(Multipart, finds_the_boundary_of_a_content_type) {
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=----WebKitFormBoundaryX1"), "----WebKitFormBoundaryX1");
  EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a:b\""), "a:b");
  for (const std::string& bad :
       {std::string(), std::string("multipart/form-data"), std::string("multipart/mixed; boundary=a"),
        std::string("multipart/form-data; boundary="), std::string("multipart/form-data; boundary=\"a b\""),
        std::string("multipart/form-data; boundary=a; boundary=b"), std::string("multipart/form-data boundary=a"),
        "multipart/form-data; boundary=" + std::string(71, 'a'), std::string("text/plain; boundary=a"),
        std::string("multipart/form-data; boundary=\"a\r\nb\"")})
    EXPECT_FALSE(multipart_boundary(bad)) << bad;
}

}  // namespace
}  // namespace ginnel
