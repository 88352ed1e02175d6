# SPDX-License-Identifier: Apache-2.0
@0xc6238a613d15bb38;
# A policy bundle as one document, and the trustees' signatures on it.
#
# A file carried by people, as papers are. Trustees sign the bytes of BundleDocument under the rule of the directory, in
# a domain of their own: a signature on a list of members is worth nothing here. One document has one encoding: a reader
# encodes what it read and refuses bytes that differ, so that nothing rides along that nobody was shown. For the same
# reason a field that this schema does not have is refused, and not skipped.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::wire");
using Directory = import "directory.capnp";

struct BundleFile {
  name @0 :Text;
  # Where it stands, as if the bundle's folder were `bundle` at the root: "bundle/bundle.toml", "vocabulary.toml". 1 to
  # 200 bytes of letters, digits, `-`, `_`, `.`, and single slashes between parts that are neither `.` nor `..`.
  text @1 :Text;  # UTF-8 without NUL, at most 2 MiB
}

struct BundleDocument {
  name @0 :Text;               # of the agreement, as its bundle.toml has it; 1 to 500 bytes
  version @1 :UInt64;          # from 1, as its bundle.toml has it
  files @2 :List(BundleFile);
  # bundle/bundle.toml, the vocabulary, the policies, the cases, each in the order of bundle.toml; at most 256; no two
  # of one name.
}

struct SealedBundle {
  # At most 4 MiB as a whole.
  bytes @0 :Data;  # an encoded BundleDocument
  endorsements @1 :List(Directory.Endorsement);
  # At most 64. 64 bytes each: Ed25519 over "ginnel policy bundle v1" || 0x00 || SHA-256(0x00 || bytes), as in
  # signed.capnp for a batch of one.
}
