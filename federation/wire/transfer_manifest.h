// SPDX-License-Identifier: Apache-2.0
// The file that goes with a transfer of the lead: a manifest of hashes, and what the parts that it names are.
//
// Manifest and parts are fetched by hash, each as a file of at most limits::file_bytes_max (wire/file.h). That a part
// is the one that was named, and that the child opens the offer's commitment, whoever fetched it checks.
//
// Thread: any; plain values. Failure: decode_* give `bad-payload`, naming the field and never its value. encode_* that
// give bytes alone are for values within the limits: what goes past them is not read.
#pragma once

#include <cstdint>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/error.h"
#include "federation/base/id.h"
#include "federation/record/identity.h"
#include "federation/record/person.h"
#include "federation/wire/ask.h"
#include "federation/wire/limits.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t transfer_parts_max = 1024;
inline constexpr std::uint64_t transfer_file_bytes_max = std::uint64_t{64} << 20;  // all parts of a manifest
inline constexpr std::size_t transfer_process_records_max = 256;                   // in one part
inline constexpr std::size_t transfer_process_record_bytes_max = 64 << 10;
}  // namespace limits

// A closed set: changing it changes the wire format.
enum class TransferPartKind : std::uint8_t {
  none,
  child,       // TransferChildPart: exactly one
  process,     // TransferProcessPart: at least one
  records,     // an encoded Answer
  attachment,  // the bytes of a file of a record
};

struct TransferPart {
  TransferPartKind kind = TransferPartKind::none;
  Hash sha256{};                 // once in a manifest
  std::uint64_t size_bytes = 0;  // 1 .. limits::file_bytes_max
  RecordId record{};             // of an attachment: whose, as the items name it
  bool operator==(const TransferPart&) const = default;
};

struct TransferManifest {
  TransferId transfer;
  std::vector<TransferPart> parts;  // together limits::transfer_file_bytes_max
  bool operator==(const TransferManifest&) const = default;
};
Bytes encode_manifest(const TransferManifest& manifest);
Expected<TransferManifest> decode_manifest(ByteView bytes);

// Whom the transfer is about.
struct TransferChildPart {
  Salt salt{};
  Identity child;  // with `salt` it opens the commitment of the offer: commit_to()
  Person person;
  bool operator==(const TransferChildPart&) const = default;
};
// Errors: `too-long`, `bad-text`, also of the person.
Expected<Bytes> encode_child_part(const TransferChildPart& part);
Expected<TransferChildPart> decode_child_part(ByteView bytes);

// What was done in the process: bodies of entries, opaque here.
struct TransferProcessPart {
  std::vector<Bytes> records;  // each 1 .. limits::transfer_process_record_bytes_max, all in limits::file_bytes_max
  bool operator==(const TransferProcessPart&) const = default;
};
Bytes encode_process_part(const TransferProcessPart& part);
Expected<TransferProcessPart> decode_process_part(ByteView bytes);

}  // namespace ginnel
