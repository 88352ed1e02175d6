// SPDX-License-Identifier: Apache-2.0
// Forms with files from anybody: the same whole and in pieces, and no name that could be a path.
#include "federation/base/check.h"
#include "node/web/attachment_api.h"
#include "node/web/multipart.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto boundary = multipart_boundary(text)) CHECK(!boundary->empty() && boundary->size() <= 70);
  if (auto file = read_new_attachment("multipart/form-data; boundary=b0", text))
    CHECK(file->file.size_bytes == file->content.size() && !file->file.name.empty());
  const auto whole = read_multipart("b0", text, {8, 4096});
  std::string again;
  const auto add = [&](std::string_view bytes) -> Expected<void> { return again += bytes, Expected<void>(); };
  MultipartReader reader("b0", {8, 4096},
                         {[&](const MultipartHeader& h) { return add(h.name); }, add, [&] { return add("|"); }});
  bool good = true;
  for (std::size_t at = 0; at < size && good; at += 3) good = reader.take(text.substr(at, 3)).has_value();
  CHECK((good && reader.finish()) == whole.has_value());
  for (const auto& [header, content] : whole.value_or(std::vector<MultipartPart>()))
    CHECK(!header.name.empty() && header.file_name.value_or("").find('/') == std::string::npos);
  return 0;
}
