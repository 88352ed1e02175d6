// SPDX-License-Identifier: Apache-2.0
// Directory documents and key statements as bytes, and the parts in which a long directory travels.
//
// Failure: decode_* give `bad-directory` or `bad-key-statement`.
#pragma once

#include <optional>
#include <vector>

#include "federation/directory/directory.h"

namespace ginnel {

Bytes encode_directory(const Directory& directory);
Expected<Directory> decode_directory(ByteView bytes);

Bytes encode_signed_directory(const SignedDirectory& value);
Expected<SignedDirectory> decode_signed_directory(ByteView bytes);

Bytes encode_key_statement(const KeyStatement& statement);
Expected<KeyStatement> decode_key_statement(ByteView bytes);
// The statement in an encoded Signed, its signature not looked at: DirectoryBook judges it.
Expected<KeyStatement> read_key_statement(ByteView signed_statement);

// The payload of kind `directory`: a stretch of an encoded SignedDirectory.
struct DirectoryPart {
  std::uint64_t version = 0;  // of the directory
  Hash sha256{};              // of the whole encoded SignedDirectory
  std::uint32_t part = 0, parts = 1;
  Bytes bytes;
  bool operator==(const DirectoryPart&) const = default;
};
std::vector<DirectoryPart> split_directory(std::uint64_t version, ByteView signed_directory);
Bytes encode_directory_part(const DirectoryPart& part);
Expected<DirectoryPart> decode_directory_part(ByteView payload);

// Puts the parts from one peer together; one directory at a time, the newest begun.
class DirectoryAssembly {
 public:
  // The whole, when this part completed it and its hash is right.
  std::optional<Bytes> add(const DirectoryPart& part);

 private:
  DirectoryPart first_;  // what all parts of one directory agree on
  std::vector<std::optional<Bytes>> parts_;
};

}  // namespace ginnel
