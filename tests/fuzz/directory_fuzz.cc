// SPDX-License-Identifier: Apache-2.0
// Directories, their parts, key statements and process heads from anybody.
#include "federation/base/check.h"
#include "federation/wire/directory_codec.h"
#include "federation/wire/process_head.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const ByteView bytes(data, size);
  DirectoryBook book({}, {});
  CHECK(!book.adopt(bytes, Instant{1}) && !book.add_statement(bytes));  // nobody's signature is a trustee's
  if (auto value = decode_directory(bytes)) CHECK(decode_directory(encode_directory(*value)).value() == *value);
  if (auto value = decode_key_statement(bytes))
    CHECK(decode_key_statement(encode_key_statement(*value)).value() == *value);
  if (auto value = decode_head(bytes)) CHECK(decode_head(encode_head(*value)).value() == *value);
  if (auto part = decode_directory_part(bytes)) DirectoryAssembly().add(*part);
  return 0;
}
