// SPDX-License-Identifier: Apache-2.0
// Sealed policy bundles as bytes.
//
// Failure: decode_* give `bad-sealed-bundle` with the field's name; encode_* `too-long` or `bad-text` with it.
#pragma once

#include "federation/directory/sealed_bundle.h"

namespace ginnel {

Expected<Bytes> encode_bundle_document(const BundleDocument& document);
// Refuses bytes that this document would not be encoded to.
Expected<BundleDocument> decode_bundle_document(ByteView bytes);

Expected<Bytes> encode_sealed_bundle(const SealedBundle& sealed);
Expected<SealedBundle> decode_sealed_bundle(ByteView bytes);

}  // namespace ginnel
