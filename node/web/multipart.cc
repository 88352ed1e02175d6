// SPDX-License-Identifier: Apache-2.0
#include "node/web/multipart.h"

#include <algorithm>
#include <utility>

#include "federation/base/utf8.h"

namespace ginnel {
namespace {

constexpr std::string_view crlf = "\r\n";
constexpr std::size_t boundary_bytes_max = 70;  // RFC 2046 section 5.1.1

tl::unexpected<Error> bad(std::string why) {
  return fail("bad-multipart", "cannot read the form", std::move(why), "send it as multipart/form-data of RFC 7578");
}

tl::unexpected<Error> too_large(std::string why) {
  return fail("too-large", "cannot take the form", std::move(why), "send less at once");
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; }

bool equal_words(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool is_token_letter(char c) {
  return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f &&
         std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
}

// Letters of a boundary, without the space that RFC 2046 allows and nobody sends.
bool is_boundary_letter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("'()+_,-./:=?").find(c) != std::string_view::npos;
}

void skip_spaces(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

std::string_view take_token(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && is_token_letter(text[end])) ++end;
  auto token = text.substr(0, end);
  text.remove_prefix(end);
  return token;
}

// A quoted string. Of backslashes only the one before a quote is an escape: browsers send Windows paths as they are.
std::optional<std::string> take_quoted(std::string_view& text) {
  text.remove_prefix(1);
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"') return out;
    if (c == '\\' && text.starts_with('"')) {
      out += '"';
      text.remove_prefix(1);
    } else {
      out += c;
    }
  }
  return std::nullopt;
}

struct Parameter {
  std::string name, value;
  bool quoted = false;
};

// "; name=value" as often as it comes; nothing if it is anything else.
std::optional<std::vector<Parameter>> take_parameters(std::string_view text) {
  std::vector<Parameter> out;
  for (skip_spaces(text); !text.empty(); skip_spaces(text)) {
    if (text.front() != ';') return std::nullopt;
    text.remove_prefix(1);
    skip_spaces(text);
    Parameter parameter{std::string(take_token(text)), {}};
    std::transform(parameter.name.begin(), parameter.name.end(), parameter.name.begin(), lower);
    if (parameter.name.empty() || !text.starts_with('=')) return std::nullopt;
    text.remove_prefix(1);
    if (text.starts_with('"')) {
      auto value = take_quoted(text);
      if (!value) return std::nullopt;
      parameter.value = std::move(*value);
      parameter.quoted = true;
    } else {
      parameter.value = take_token(text);
      if (parameter.value.empty()) return std::nullopt;
    }
    for (const Parameter& earlier : out)
      if (earlier.name == parameter.name) return std::nullopt;
    out.push_back(std::move(parameter));
  }
  return out;
}

// What browsers escape in names: a quote and the ends of lines. An end of line is refused afterwards.
std::string unescaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    static constexpr std::pair<std::string_view, char> escapes[] = {{"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}};
    const auto* found = std::find_if(std::begin(escapes), std::end(escapes),
                                     [&](const auto& escape) { return text.starts_with(escape.first); });
    out += found == std::end(escapes) ? text.front() : found->second;
    text.remove_prefix(found == std::end(escapes) ? 1 : found->first.size());
  }
  return out;
}

bool is_plain(std::string_view text) { return is_utf8(text) && std::none_of(text.begin(), text.end(), is_control); }

Expected<void> read_disposition(std::string_view value, MultipartHeader& header) {
  if (!equal_words(take_token(value), "form-data")) return bad("a part is no form-data");
  auto parameters = take_parameters(value);
  if (!parameters) return bad("a part's Content-Disposition is malformed");
  for (const Parameter& parameter : *parameters) {
    if (parameter.name == "filename*") return bad("a part has a `filename*`, which RFC 7578 forbids");
    const std::string text = unescaped(parameter.value);
    if (!is_plain(text)) return bad("a part's name is not UTF-8, or has control characters");
    if (parameter.name == "name") header.name = text;
    if (parameter.name == "filename") header.file_name = text.substr(text.find_last_of("/\\") + 1);
  }
  if (header.name.empty()) return bad("a part has no name");
  return {};
}

// A part's header block, without its last empty line.
Expected<MultipartHeader> read_block(std::string_view block) {
  MultipartHeader header;
  std::vector<std::string> seen;
  while (!block.empty()) {
    const auto end = block.find(crlf);
    std::string_view line = block.substr(0, end);
    block = end == std::string_view::npos ? std::string_view() : block.substr(end + crlf.size());
    std::string name(take_token(line));
    std::transform(name.begin(), name.end(), name.begin(), lower);
    if (name.empty() || !line.starts_with(':')) return bad("a line of a part's header is malformed");
    line.remove_prefix(1);
    skip_spaces(line);
    if (!is_plain(line)) return bad("a line of a part's header is malformed");
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) return bad("a part's header says something twice");
    if (name == "content-disposition") {
      if (auto read = read_disposition(line, header); !read) return tl::unexpected(read.error());
    } else if (name == "content-type") {
      header.content_type = line;
    } else if (name == "content-transfer-encoding" && !equal_words(line, "binary") && !equal_words(line, "8bit") &&
               !equal_words(line, "7bit")) {
      return bad("a part is encoded for its transfer, which RFC 7578 forbids");
    }
    seen.push_back(std::move(name));
  }
  if (header.name.empty()) return bad("a part has no Content-Disposition");
  return header;
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  skip_spaces(content_type);
  const auto type = take_token(content_type);
  if (!equal_words(type, "multipart") || !content_type.starts_with('/')) return std::nullopt;
  content_type.remove_prefix(1);
  if (!equal_words(take_token(content_type), "form-data")) return std::nullopt;
  auto parameters = take_parameters(content_type);
  if (!parameters) return std::nullopt;
  for (const Parameter& parameter : *parameters) {
    if (parameter.name != "boundary") continue;
    const std::string& boundary = parameter.value;
    if (boundary.empty() || boundary.size() > boundary_bytes_max ||
        !std::all_of(boundary.begin(), boundary.end(), is_boundary_letter))
      return std::nullopt;
    return boundary;
  }
  return std::nullopt;
}

MultipartReader::MultipartReader(const std::string& boundary, MultipartLimits limits, MultipartSink sink)
    : delimiter_("\r\n--" + boundary), limits_(limits), sink_(std::move(sink)) {}

Expected<void> MultipartReader::take(std::string_view bytes) {
  if (state_ == State::failed) return bad("it was refused already");
  std::string joined;
  std::string_view rest = bytes;
  if (!kept_.empty()) {
    joined = std::move(kept_) + std::string(bytes);
    rest = joined;
  }
  while (true) {
    auto more = step(rest);
    if (!more) {
      state_ = State::failed;
      kept_.clear();
      return tl::unexpected(more.error());
    }
    if (!*more) break;
  }
  kept_ = rest;
  return {};
}

Expected<void> MultipartReader::finish() {
  if ((state_ == State::over || state_ == State::ended) && kept_.empty()) return {};
  const bool refused = state_ == State::failed;
  state_ = State::failed;
  return refused ? bad("it was refused already") : bad("it ends before its last boundary");
}

MultipartReader::Step MultipartReader::step(std::string_view& rest) {
  switch (state_) {
    case State::first_boundary:
      return read_first_boundary(rest);
    case State::after_boundary:
      return read_after_boundary(rest);
    case State::header:
      return read_header(rest);
    case State::content:
      return read_content(rest);
    case State::over:  // every sender writes one more end of line
      if (rest.size() < crlf.size() && crlf.starts_with(rest)) return false;
      if (!rest.starts_with(crlf)) return bad("something follows its last boundary");
      rest.remove_prefix(crlf.size());
      state_ = State::ended;
      return true;
    case State::ended:
      if (rest.empty()) return false;
      return bad("something follows its last boundary");
    case State::failed:
      break;
  }
  return bad("it was refused already");
}

MultipartReader::Step MultipartReader::read_first_boundary(std::string_view& rest) {
  const std::string_view expected = std::string_view(delimiter_).substr(crlf.size());
  if (!expected.starts_with(rest.substr(0, expected.size()))) return bad("it does not begin with its boundary");
  if (rest.size() < expected.size()) return false;
  rest.remove_prefix(expected.size());
  state_ = State::after_boundary;
  return true;
}

MultipartReader::Step MultipartReader::read_after_boundary(std::string_view& rest) {
  if (rest.size() < 2) return false;
  const bool last = rest.starts_with("--");
  if (!last && !rest.starts_with(crlf)) return bad("something follows a boundary on its line");
  if (!last && parts_ == limits_.parts_max)
    return too_large("it has more than " + std::to_string(limits_.parts_max) + " parts");
  rest.remove_prefix(2);
  state_ = last ? State::over : State::header;
  return true;
}

MultipartReader::Step MultipartReader::read_header(std::string_view& rest) {
  constexpr std::string_view block_end = "\r\n\r\n";
  const auto end = rest.substr(0, limits::multipart_header_bytes_max).find(block_end);
  if (end == std::string_view::npos) {
    if (rest.size() >= limits::multipart_header_bytes_max)
      return too_large("a part's header has more than " + std::to_string(limits::multipart_header_bytes_max) +
                       " bytes");
    return false;
  }
  auto header = read_block(rest.substr(0, end));
  if (!header) return tl::unexpected(header.error());
  rest.remove_prefix(end + block_end.size());
  ++parts_;
  part_bytes_ = 0;
  if (auto begun = sink_.begin(*header); !begun) return tl::unexpected(begun.error());
  state_ = State::content;
  return true;
}

MultipartReader::Step MultipartReader::read_content(std::string_view& rest) {
  const auto end = rest.find(delimiter_);
  if (end == std::string_view::npos) {
    // The beginning of a delimiter may stand at the end: that much is kept until more is known.
    const std::size_t sure = rest.size() < delimiter_.size() ? 0 : rest.size() - delimiter_.size() + 1;
    if (auto handed = hand_on(rest.substr(0, sure)); !handed) return tl::unexpected(handed.error());
    rest.remove_prefix(sure);
    return false;
  }
  if (auto handed = hand_on(rest.substr(0, end)); !handed) return tl::unexpected(handed.error());
  if (auto ended = sink_.end(); !ended) return tl::unexpected(ended.error());
  rest.remove_prefix(end + delimiter_.size());
  state_ = State::after_boundary;
  return true;
}

Expected<void> MultipartReader::hand_on(std::string_view content) {
  if (content.empty()) return {};
  if (content.size() > limits_.part_bytes_max - part_bytes_)
    return too_large("a part has more than " + std::to_string(limits_.part_bytes_max) + " bytes");
  part_bytes_ += content.size();
  return sink_.data(content);
}

Expected<std::vector<MultipartPart>> read_multipart(const std::string& boundary, std::string_view body,
                                                    MultipartLimits limits) {
  std::vector<MultipartPart> parts;
  MultipartReader reader(boundary, limits,
                         {[&](const MultipartHeader& header) -> Expected<void> {
                            parts.push_back({header, {}});
                            return {};
                          },
                          [&](std::string_view bytes) -> Expected<void> {
                            parts.back().content += bytes;
                            return {};
                          },
                          []() -> Expected<void> { return {}; }});
  if (auto taken = reader.take(body); !taken) return tl::unexpected(taken.error());
  if (auto finished = reader.finish(); !finished) return tl::unexpected(finished.error());
  return parts;
}

std::string multipart_field(std::string_view content_type, std::string_view body, std::string_view name) {
  constexpr std::size_t bytes_max = 1000;
  const auto boundary = multipart_boundary(content_type);
  if (!boundary) return {};
  MultipartLimits any_size;
  any_size.part_bytes_max = body.size();
  std::string value;
  bool is_it = false;
  MultipartSink sink;
  sink.begin = [&](const MultipartHeader& header) {
    is_it = header.name == name;
    return Expected<void>();
  };
  sink.data = [&](std::string_view bytes) {
    if (is_it && value.size() + bytes.size() <= bytes_max) value.append(bytes);
    return Expected<void>();
  };
  sink.end = [] { return Expected<void>(); };
  MultipartReader reader(*boundary, any_size, std::move(sink));
  if (!reader.take(body) || !reader.finish()) return {};
  return value;
}

}  // namespace ginnel
