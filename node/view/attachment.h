// SPDX-License-Identifier: Apache-2.0
// A file as somebody brings it and gets it. What is kept of it: a record of the kind that the vocabulary calls
// evidence, which names the file, and the file itself, sealed.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "federation/base/bytes.h"
#include "federation/base/id.h"
#include "federation/record/record.h"

namespace ginnel {

// Nothing that a browser or an office program runs by itself. A closed list: docs/api.md.
inline constexpr std::array<std::string_view, 7> attachment_types{
    "application/pdf",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "text/plain",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.text"};

struct NewAttachment {
  PersonRef person;         // or
  ViewId view;              // of which case view of who brings it they are the subject; or
  std::string system, key;  // what their source calls them
  std::string category;     // of the record
  std::string headline;     // one line, free of third-party detail
  std::uint8_t sensitivity = 3;
  Attachment file;
  Bytes content;
};

struct KeptAttachment {
  AttachmentId id;
  RecordId record;
  Attachment file;
};

struct AttachmentFile {
  std::string name, media_type;
  Bytes content;
};

}  // namespace ginnel
