// SPDX-License-Identifier: Apache-2.0
#include "node/web/attachment_api.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "federation/base/crypto/hash.h"
#include "node/web/json_value.h"
#include "node/web/limits.h"
#include "node/web/multipart.h"
#include "node/web/object_reader.h"

namespace ginnel {
namespace {

const std::array<std::string_view, 9> field_names{"person",   "system",      "key",  "view", "category",
                                                  "headline", "sensitivity", "file", "csrf"};

// A parameter of Content-Disposition: what is not a plain letter or digit is told by RFC 5987's form alone.
std::string plain_name(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                          c == '-' || c == '_' || c == ' ';
    out += is_plain ? c : '_';
  }
  return out.empty() ? "file" : out;
}

std::string percent_encoded(const std::string& text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    if (is_plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace

Expected<NewAttachment> read_new_attachment(std::string_view content_type, std::string_view body) {
  const auto boundary = multipart_boundary(content_type);
  if (!boundary)
    return fail("bad-multipart", "cannot read the request", "it is not multipart/form-data", "send the file as a form");
  MultipartLimits part_limits;
  part_limits.parts_max = field_names.size();
  part_limits.part_bytes_max = limits::attachment_upload_bytes_max;
  auto parts = read_multipart(*boundary, body, part_limits);
  if (!parts) return tl::unexpected(parts.error());
  NewAttachment out;
  std::map<std::string, std::string> texts;
  bool has_file = false;
  for (auto& part : *parts) {
    const std::string& name = part.header.name;
    if (std::find(field_names.begin(), field_names.end(), name) == field_names.end())
      return bad_field("the form", "has a field that is not known", "see docs/api.md for the names");
    if (texts.contains(name)) return bad_field(name, "is there twice");
    if (name != "file") {
      if (part.content.size() > limits::api_name_bytes_max || has_controls(part.content, false))
        return bad_field(name, "is too long or has control characters");
      texts[name] = std::move(part.content);
      continue;
    }
    texts[name] = "";
    has_file = true;
    out.file.name = part.header.file_name.value_or("");
    out.file.media_type = part.header.content_type.substr(0, part.header.content_type.find(';'));
    out.content.assign(part.content.begin(), part.content.end());
  }
  if (!has_file || out.file.name.empty() || out.file.name.size() > limits::api_name_bytes_max)
    return bad_field("file", "is missing, or has no name or a too long one");
  out.file.size_bytes = out.content.size();
  out.file.sha256 = sha256(out.content);
  if (texts.contains("person")) {
    auto person = PersonRef::parse(texts["person"]);
    if (!person) return bad_field("person", "is no id");
    out.person = *person;
  }
  out.system = texts["system"];
  out.key = texts["key"];
  if (texts.contains("view")) {
    auto view = ViewId::parse(texts["view"]);
    if (!view) return bad_field("view", "is no id");
    out.view = *view;
  }
  const int ways = int(!out.person.empty()) + int(!out.view.empty()) + int(!out.system.empty() && !out.key.empty());
  if (ways != 1) return bad_field("person", "or `view`, or `system` and `key` must be there, and one of them only");
  out.category = texts["category"];
  out.headline = texts["headline"];
  if (const auto sensitivity = texts["sensitivity"]; !sensitivity.empty()) {
    if (sensitivity.size() != 1 || sensitivity[0] < '0' || sensitivity[0] > '4')
      return bad_field("sensitivity", "must be 0 to 4");
    out.sensitivity = std::uint8_t(sensitivity[0] - '0');
  }
  return out;
}

std::string to_json(const KeptAttachment& kept) {
  const nlohmann::ordered_json out{{"id", kept.id.hex()},          {"record", kept.record.hex()},
                                   {"name", kept.file.name},       {"mediaType", kept.file.media_type},
                                   {"size", kept.file.size_bytes}, {"sha256", to_hex(kept.file.sha256)}};
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

HttpResponse file_answer(AttachmentFile file) {
  HttpResponse response;
  // SECURITY: never what the sender called it: only types of the list were taken, and none is shown in place.
  response.content_type = file.media_type;
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + plain_name(file.name) +
                                                           "\"; filename*=UTF-8''" + percent_encoded(file.name));
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; sandbox");
  response.body.assign(file.content.begin(), file.content.end());
  return response;
}

}  // namespace ginnel
