// SPDX-License-Identifier: Apache-2.0
// A peer's file as this node keeps it for one case view: a received copy, sealed under the view's own key.
//
// It goes with the view: the rows end when the view does, and cannot be opened once its key is destroyed.
//
// Thread: the loop. Failure: the store's; a copy that is not whole any more is as if there were none.
#pragma once

#include <optional>

#include "federation/wire/file.h"
#include "node/store/store.h"

namespace ginnel {

// One file that a view of this node names, and where its copy goes.
struct ViewFile {
  AttachmentId id;  // by which the worker asks for it; means nothing outside of the view
  MemberId from;
  FileName name;
  Attachment file;
  Access about;  // the view's subject and who looks, for entries
  KeyId view_key, subject_key;
  Instant kept_until;
};

Expected<std::optional<Bytes>> find_received(const ViewFile& file, const Turn& turn);

// With a `file_received` entry. `content` is what the name says: its hash was checked.
Expected<void> keep_received(const ViewFile& file, ByteView content, Turn& turn);

}  // namespace ginnel
