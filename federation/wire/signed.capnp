# SPDX-License-Identifier: Apache-2.0
@0xf09736dcac171623;
# Signed: bytes, the number of the key that signed them, and the signature.
#
# Everything signed travels in one of these: messages, key statements, process heads. (A directory and a policy bundle
# have several signers and a struct of their own each, but are signed the same way.)
#
# What is signed. Ed25519 (RFC 8032) over
#
#     domain || 0x00 || root
#
# where domain is the ASCII string of the use,
#
#     ginnel message v1          an envelope
#     ginnel directory v1        a directory
#     ginnel key statement v1    a key statement
#     ginnel process head v1     a process head
#     ginnel member request v1   a request for membership
#     ginnel policy bundle v1    a policy bundle
#     ginnel transfer statement v1  a statement of a transfer
#
# and root is the 32-byte Merkle tree hash (RFC 9162 section 2.1.1, SHA-256) of the list of byte strings that were signed
# together. A list of one has the root SHA-256(0x00 || bytes). So one signature can serve every message of a turn.
# Signatures are over the bytes as they came: a reader never encodes anything again to check one.
#
# A verifier
# 1. refuses batchSize 0 or above 256, batchIndex >= batchSize, a path whose length is not that of index and size;
# 2. computes leaf = SHA-256(0x00 || bytes), then the root from leaf, index, size and path (RFC 9162 section 2.1.3.2);
# 3. verifies the signature with the key that keyNumber names, for the domain of the use at hand.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::wire");

struct Signed {
  bytes @0 :Data;
  # What was signed. Empty is refused.
  keyNumber @1 :UInt32;
  # The number of the signer's key statement whose signing key it was; 0: the identity key, which signs key statements
  # and nothing else.
  signature @2 :Data;
  # 64 bytes, else refused.
  batchIndex @3 :UInt32;
  # The place of `bytes` in the list, from 0.
  batchSize @4 :UInt32 = 1;
  # How many byte strings were signed together.
  batchPath @5 :Data;
  # The inclusion path, hashes of 32 bytes one after another, lowest first; empty when batchSize is 1. At most 8 hashes.
}
