# SPDX-License-Identifier: Apache-2.0
@0xaf885da2a1eca325;
# Ask (kind 1) and page request (kind 4).
#
# An ask is one member's question to another about one person, with claims that the asker vouches for by signing the
# message. The holder decides by its own policy, on every record, and answers once: a later envelope with the same ask
# id gets the stored answer again. An ask that does not decode is dropped as bad-payload.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::wire");
using Common = import "common.capnp";

struct Identity {
  # Somebody by name. Either an NHS number, or family name, given name and birth date: else refused (`say-more`).
  nhsNumber @0 :Text;   # ten digits, the check digit right (else refused); or empty
  family @1 :Text;      # at most 200 bytes
  given @2 :Text;       # at most 200 bytes
  birthDate @3 :UInt32; # date; 0: not known
  postcode @4 :Text;    # `BD1 1AA` (a form that does not exist is refused); or empty
}

struct Handle {
  # What a lookup's hit gave. It means something to one holder, for one table.
  epoch @0 :UInt64;  # of the holder's table. A holder refuses one it has retired (`old-handle`): look up again
  bytes @1 :Data;    # 16 to 64 bytes
}

struct Claims {
  # Who asks and why. Words are checked by the holder's gate.
  worker @0 :Data;
  # 16 bytes: the worker's pseudonym. Stable per worker, so that a holder can see a pattern; says no name. Empty: nobody,
  # the node itself asks by a rule; a holder's policy may want a person.
  role @1 :Text;            # word
  purpose @2 :Text;         # word
  basis @3 :Text;           # word: the asker's legal basis. The holder's is its own and comes with the answer
  namedReason @4 :Text;     # at most 2000 bytes: why this member is asked by name. Empty in an ask by handle
  caseCommitment @5 :Data;
  # 32 bytes: a salted hash of the asker's case reference; opened only in a review. Empty: no case.
  colleague @6 :Data;
  # 16 bytes: pseudonym of the colleague who agreed to an ask over budget. Empty: nobody had to.
}

struct Ask {
  id @0 :Data;
  # id of the ask. Stable: the same in every retransmission, while each envelope has its own.
  about :union {
    handle @1 :Handle;      # found by a lookup
    identity @2 :Identity;  # a named ask: the exception, decided by policy and recorded as such
  }
  aboutRole @3 :Common.SubjectRole;
  # As what the person is asked about. Somebody other than the child is asked about only from an open case; thirdParty
  # is refused.
  claims @4 :Claims;
  breakGlassReason @5 :Text;
  # At most 2000 bytes. Not empty: the worker broke the glass. The holder's owner is told at once, and a review task
  # opens; it never opens what is concealed.
  highest @6 :Common.Step;
  # More than this is not wanted even where it would be permitted. none is refused.
  categories @7 :List(Text);
  # words, sorted, each once, at most 128: only these and what is below them in the tree. Empty: all.
  asKnownAt @8 :Int64;
  # instant: the versions of records that the holder's agency had then. Who is one person with whom, and what may be told
  # of it, are as of now: a marking put on since holds for what was written before it. 0: now.
  deadline @9 :Int64;
  # instant when the asker stops waiting; later answers still join its view. 0 is refused.
  processHead @10 :Data;
  # An encoded Signed of a ProcessHead, at most 4096 bytes, that proves the purpose. Empty: none; a purpose that needs
  # one is then decided as first contact, as it is when the head does not verify.
  processHeadSalt @11 :Data;
  # 16 bytes that open the head's child commitment; empty exactly when processHead is.
  bundle @12 :Common.BundleRef;
  # The bundle that the asker decided by. A holder with a newer one says so in its answer; it decides by its own.
}

struct PageRequest {
  # Asks for one page of a stored answer again. A holder that no longer has it answers `error`, code `no-such-page`.
  ask @0 :Data;     # id of the ask
  page @1 :UInt32;  # from 0; at most 255, else refused
}
