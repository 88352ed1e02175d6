// SPDX-License-Identifier: Apache-2.0
// Files over HTTPS: the form that brings one, and the answer that gives one.
//
// Thread: any; pure. Errors: `bad-multipart`, `bad-field`, `too-large`. Texts name the field, never its value.
#pragma once

#include <string>
#include <string_view>

#include "federation/base/error.h"
#include "node/view/attachment.h"
#include "node/web/http_message.h"

namespace ginnel {

// multipart/form-data: person, or view, or system and key; category; headline; sensitivity (0 to 4, else 3); file.
// SHA-256 and size are counted here, not believed.
Expected<NewAttachment> read_new_attachment(std::string_view content_type, std::string_view body);

// {"id", "record", "name", "mediaType", "size", "sha256"}
std::string to_json(const KeptAttachment& kept);

// To be saved, never shown in place: a file of somebody else's making stands on the origin of our pages.
HttpResponse file_answer(AttachmentFile file);

}  // namespace ginnel
