// SPDX-License-Identifier: Apache-2.0
// Requests for membership and the trustees' papers as bytes.
//
// Failure: decode_* give `bad-member-request` or `bad-papers`, with the field's name.
#pragma once

#include "federation/directory/papers.h"

namespace ginnel {

Bytes encode_member_request(const MemberRequest& request);
Expected<MemberRequest> decode_member_request(ByteView bytes);

// `too-long` past limits::papers_bytes_max.
Expected<Bytes> encode_papers(const Papers& papers);
Expected<Papers> decode_papers(ByteView bytes);

}  // namespace ginnel
