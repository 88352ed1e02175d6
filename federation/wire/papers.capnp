# SPDX-License-Identifier: Apache-2.0
@0xb7a4c1f0d6e2935b;
# How the list of members changes: a request by which an organisation asks to be one, and the papers that go from
# trustee to trustee until enough of them have signed.
#
# Both are files, carried by people. A request is an encoded Signed with domain `ginnel member request v1` and key
# number 0: the identity key that it names signs it. Its *check phrase* is ten words, one for each of the first ten bytes
# of the SHA-256 of the file, from the list in federation/directory/check_phrase.cc. A trustee rings the organisation on
# a number that it has from elsewhere and has the phrase read out: the file may have come by any way.
#
# Papers are not signed as a whole: what counts in them is the proposal, which the trustees sign, and each reader holds
# everything else against it. See docs/protocol/joining.md.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::wire");
using Directory = import "directory.capnp";

struct MemberRequest {
  member @0 :Directory.Member;  # as it shall stand in the directory, its identity key too; neither revoked nor suspended
  statement @1 :Data;           # its key statement, an encoded Signed; at most 8 KiB
  madeAt @2 :Int64;             # instant
}

struct Papers {
  base @0 :Data;
  # The signed directory that the proposal was made from, for trustees without a node; empty: there was none. Believed
  # only as far as its signatures go.
  proposal @1 :Data;          # the next SignedDirectory, with the signatures so far
  requests @2 :List(Data);    # of everybody who is new or another in it; at most 256
  statements @3 :List(Data);  # key statements of members, for a node that starts from these papers; at most 65536
  reason @4 :Text;            # of a revocation, as the trustee who proposed it wrote it; at most 500 bytes
}
