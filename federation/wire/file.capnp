# SPDX-License-Identifier: Apache-2.0
@0xd3a8c51f0e7b4926;
# File request (kind 23) and file page (kind 24).
#
# An item of an answer names its files by SHA-256 and carries none of them. Who was given the item at content may ask the
# holder for the bytes, a page at a time. The holder decides again, by the ask as it was sent and by its own policy as it
# is now, on every request that it does not remember; it records one disclosure of the file for each ask. What it does
# not give, it answers with `error`, code `not-found`: no such ask, no such record, no such file and not for you are
# alike. A node of before these kinds answers `unsupported-kind`.
#
# The asker takes pages from the member that it asked alone, and the whole only if it has the size and the SHA-256 that
# the item named.
#
# The same messages fetch the file of a transfer of the lead, part by part (transfer_manifest.capnp). A request names a
# file in one of two forms: `ask`, `record` and `sha256` with `transfer` empty, or `transfer` and `sha256` with `ask` and
# `record` empty. Anything else is refused. A writer of the first form ends the struct before `transfer`: its bytes are
# those of before that field. A reader that does not know `transfer` finds no ask in the second form, and drops it.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::wire");

struct FileRequest {
  ask @0 :Data;       # id of the ask whose answer named the file
  record @1 :Data;    # id of the record, as in the item
  sha256 @2 :Data;    # 32 bytes: of the file, as in the item; of the manifest or the part, as its statement or it names it
  page @3 :UInt32;    # from 0; at most 17, else refused
  transfer @4 :Data;  # id of the transfer whose file the part is of
}

struct FilePage {
  ask @0 :Data;       # as in the request
  record @1 :Data;    # as in the request
  sha256 @2 :Data;    # as in the request
  page @3 :UInt32;    # from 0, below `pages`
  pages @4 :UInt32;   # 1 to 18
  content @5 :Data;   # exactly 245,760 bytes; of the last page: what is left, at least 1 byte
  transfer @6 :Data;  # as in the request
}
