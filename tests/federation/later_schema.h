// SPDX-License-Identifier: Apache-2.0
// Encoded messages as a later version of this program would write them: every struct of them has fields that today's
// schemas do not know. Made on the bytes (Cap'n Proto's encoding specification), so that no second set of schemas has
// to be kept beside the real one.
#pragma once

#include "federation/base/bytes.h"

namespace ginnel::samples {

// Adds a word of data and a pointer to a text to each struct of a message of one segment. The text of the outermost
// struct is `filler_bytes` long, so that a frame can be made as long as a frame must be.
Bytes with_added_fields(ByteView message, std::size_t filler_bytes = 8);

}  // namespace ginnel::samples
