// SPDX-License-Identifier: Apache-2.0
// Sealed policy bundles, as they come by e-mail from anybody.
#include "federation/base/check.h"
#include "federation/wire/bundle_codec.h"
#include "node/gate/bundle_seal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const ByteView bytes(data, size);
  if (auto document = decode_bundle_document(bytes)) {
    CHECK(encode_bundle_document(*document).value() == copy_of(bytes));
    for (const BundleFile& file : document->files) CHECK(is_bundle_file_name(file.name));
  }
  if (auto sealed = decode_sealed_bundle(bytes)) {
    CHECK(decode_sealed_bundle(encode_sealed_bundle(*sealed).value()).value() == *sealed);
    CHECK(!check_bundle_signatures(*sealed, {}, nullptr));  // nobody trusts it under no trustees
    if (auto bundle = read_bundle(*sealed)) CHECK(seal_of(**bundle).value().bytes == sealed->bytes);
  }
  return 0;
}
