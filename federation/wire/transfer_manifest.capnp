# SPDX-License-Identifier: Apache-2.0
@0xea044025fb5284fe;
# The file that goes with a transfer of the lead: a manifest, and the parts that it names.
#
# None of these is the payload of a message. The manifest and each part are files of 1 byte to 4 MiB, fetched page by page
# with kinds 23 and 24 by their SHA-256 and the id of the transfer (file.capnp). A statement of the originator names the
# manifest by its SHA-256 and so holds every byte of the file under its signature. Whoever fetched something reads it only
# if it has the SHA-256 that it was asked for by, and a part only if it also has the size that the manifest gives.
#
# What each kind of part is:
#
#   child       a TransferChildPart: who it is about
#   process     a TransferProcessPart: what was done in the process
#   records     an Answer (answer.capnp): items of the child's chronology, and what was not given
#   attachment  the bytes of a file that an item of `records` names
#
# What does not decode, or goes past a limit here, is refused whole. docs/protocol/transfer.md has the order of the checks.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::wire");
using Ask = import "ask.capnp";

enum TransferPartKind {
  none @0;        # refused
  child @1;       # exactly one
  process @2;     # at least one
  records @3;
  attachment @4;
}

struct TransferPart {
  kind @0 :TransferPartKind;
  sha256 @1 :Data;       # 32 bytes: of the part's bytes. Each stands once in a manifest
  sizeBytes @2 :UInt64;  # 1 to 4,194,304
  record @3 :Data;
  # id of a record with this file, as the items name it. Not empty exactly in an attachment. A file that several records
  # have stands once, with any of them.
}

struct TransferManifest {
  transfer @0 :Data;               # id of the transfer; a reader refuses it in any other
  parts @1 :List(TransferPart);    # at most 1024; their sizes together at most 67,108,864 bytes
}

struct TransferChildPart {
  salt @0 :Data;               # 16 bytes: with `identity` it opens the commitment `child` of the offer
  identity @1 :Ask.Identity;   # the form by which the originator committed to the child
  person @2 :Data;             # an encoded Person (record.capnp), at most 1,048,576 bytes
}

struct TransferProcessPart {
  records @0 :List(Data);  # at most 256, each of 1 to 65,536 bytes: bodies of entries (docs/formats/ledger.md)
}
