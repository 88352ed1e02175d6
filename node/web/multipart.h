// SPDX-License-Identifier: Apache-2.0
// multipart/form-data (RFC 7578 over RFC 2046), read as it arrives: forms that carry files.
//
//   MultipartReader reader(*boundary, limits, sink);
//   for each piece of the body: reader.take(piece);
//   reader.finish();
//
// Strict, because a file that two readers cut differently is how one is smuggled past the other: no text before the
// first boundary or after the last, no padding behind one, CRLF everywhere, each part with exactly one
// Content-Disposition and one name, no transfer encodings, no folded lines, no `filename*`.
//
// Thread: one at a time. Memory: what one piece holds, and a boundary or a part's header block more. Failure:
// `bad-multipart` for what is malformed, `too-large` for what is over a limit, and whatever the sink says; after a
// failure the reader takes nothing more. A sink has then seen the begin of a part without its end: it forgets that
// part.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"
#include "node/web/limits.h"

namespace ginnel {

struct MultipartLimits {
  std::size_t parts_max = limits::multipart_parts_max;
  std::size_t part_bytes_max = limits::http_body_bytes_max;  // of one part's content
};

struct MultipartHeader {
  std::string name;                      // of the field: UTF-8 without control characters, never empty
  std::optional<std::string> file_name;  // the last component only, for people to read: never a path to write to
  std::string content_type;              // as the sender claims; empty: it said nothing

  bool operator==(const MultipartHeader&) const = default;
};

struct MultipartSink {
  std::function<Expected<void>(const MultipartHeader&)> begin;
  std::function<Expected<void>(std::string_view bytes)> data;  // any number of times, never empty
  std::function<Expected<void>()> end;
};

// The boundary of a Content-Type header; nothing if that is not multipart/form-data, or the boundary is not of RFC
// 2046.
std::optional<std::string> multipart_boundary(std::string_view content_type);

class MultipartReader {
 public:
  MultipartReader(const std::string& boundary, MultipartLimits limits, MultipartSink sink);

  Expected<void> take(std::string_view bytes);
  Expected<void> finish();  // the body is over

 private:
  enum class State { first_boundary, after_boundary, header, content, over, ended, failed };
  using Step = Expected<bool>;  // false: it needs more bytes

  Step step(std::string_view& rest);
  Step read_first_boundary(std::string_view& rest);
  Step read_after_boundary(std::string_view& rest);
  Step read_header(std::string_view& rest);
  Step read_content(std::string_view& rest);
  Expected<void> hand_on(std::string_view content);

  std::string delimiter_;  // CRLF and two hyphens before the boundary
  MultipartLimits limits_;
  MultipartSink sink_;
  State state_ = State::first_boundary;
  std::string kept_;  // what was not read to its end
  std::size_t parts_ = 0, part_bytes_ = 0;
};

// A whole body at once, its contents in memory.
struct MultipartPart {
  MultipartHeader header;
  std::string content;

  bool operator==(const MultipartPart&) const = default;
};
// The value of one short field, without keeping the others; empty: there is none, or the body is no good.
std::string multipart_field(std::string_view content_type, std::string_view body, std::string_view name);

Expected<std::vector<MultipartPart>> read_multipart(const std::string& boundary, std::string_view body,
                                                    MultipartLimits limits = {});

}  // namespace ginnel
