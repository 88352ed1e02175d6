// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/process_head.h"

#include "federation/wire/codec.h"
#include "federation/wire/process_head.capnp.h"
#include "federation/wire/signed.h"

namespace ginnel {
namespace {

constexpr codec::Failure bad_head{"bad-head", "cannot read a process head"};

void check_head(const ProcessHead& head, codec::Checker& check) {
  using codec::Empty;
  check.require(!head.process.empty(), "process", "is empty");
  check.require(!head.lead.empty(), "lead", "is empty");
  check.require(head.lead_epoch > 0, "leadEpoch", "is zero");
  check.require(head.number > head.supersedes, "number", "is not above the one it supersedes");
  check.text(head.definition, limits::name_bytes_max, "definition", Empty::refused);
  check.text(head.edition, limits::name_bytes_max, "edition", Empty::refused);
  check.text(head.state, limits::line_bytes_max, "state", Empty::refused);
  check.require(!head.proves.empty(), "proves", "is empty");
  check.words(head.proves, limits::proves_max, "proves");
  check.require(!head.child_commitments.empty(), "childCommitments", "is empty");
  check.count(head.child_commitments.size(), limits::commitments_max, "childCommitments");
  for (const auto& hash : head.child_commitments) check.require(hash != Hash{}, "childCommitments", "is all zero");
  check.instant(head.issued_at, "issuedAt", Empty::refused);
  check.instant(head.expires, "expires", Empty::refused);
  // Only of times in order: a difference of any two may not fit its type.
  const auto life_ms = head.issued_at.is_set() && head.expires > head.issued_at ? head.expires - head.issued_at : 0;
  check.require(life_ms > 0 && life_ms <= limits::process_head_life_ms_max, "expires",
                "is not within 72 hours after issue");
}

tl::unexpected<Error> unproved(const char* code, const char* why, const char* remedy) {
  return fail(code, "the purpose is not proved", why, remedy);
}

constexpr const char* ask_the_lead = "ask the lead authority for its newest process head";

// Whether the lead may be believed at all.
Expected<void> check_lead(const DirectoryBook& book, const MemberId& lead, std::string_view purpose, Instant now) {
  switch (book.standing(lead, purpose, now)) {
    case Standing::good:
    case Standing::good_with_banner:
      return {};
    case Standing::revoked:
    case Standing::suspended:
      return unproved("head-lead-revoked", "the lead is revoked or suspended", "ring the lead's duty contact");
    case Standing::no_keys:
      return unproved("head-key-unknown", "no key statement of the lead is valid", "wait for its key statement");
    case Standing::directory_too_old:
      return unproved("directory-too-old", "the directory is too old to say who leads", "adopt a newer directory");
    case Standing::unknown_member:
    case Standing::no_directory:
      break;
  }
  return unproved("head-lead-unknown", "the lead is not in the directory", "adopt the newest directory");
}

}  // namespace

Bytes encode_head(const ProcessHead& head) {
  return codec::encode_as<wire::ProcessHead>(1024, [&](wire::ProcessHead::Builder to) {
    to.setProcess(codec::data_of(head.process));
    to.setLead(codec::text_of(head.lead.text()));
    to.setLeadEpoch(head.lead_epoch);
    to.setNumber(head.number);
    to.setSupersedes(head.supersedes);
    to.setDefinition(codec::text_of(head.definition));
    to.setEdition(codec::text_of(head.edition));
    to.setState(codec::text_of(head.state));
    codec::write_words(head.proves, to.initProves(capnp::uint(head.proves.size())));
    auto commitments = to.initChildCommitments(capnp::uint(head.child_commitments.size()));
    for (capnp::uint i = 0; i < commitments.size(); ++i) commitments.set(i, codec::data_of(head.child_commitments[i]));
    to.setIssuedAt(head.issued_at.ms);
    to.setExpires(head.expires.ms);
  });
}

Expected<ProcessHead> decode_head(ByteView bytes) {
  return codec::decode_as<wire::ProcessHead, ProcessHead>(
      bytes, limits::process_head_bytes_max, bad_head, [](wire::ProcessHead::Reader from, codec::Checker& check) {
        ProcessHead head;
        head.process = check.id<ProcessId>(from.getProcess(), "process");
        head.lead = check.member(from.getLead(), "lead");
        head.lead_epoch = from.getLeadEpoch();
        head.number = from.getNumber();
        head.supersedes = from.getSupersedes();
        head.definition = codec::string_of(from.getDefinition());
        head.edition = codec::string_of(from.getEdition());
        head.state = codec::string_of(from.getState());
        head.proves = check.read_words(from.getProves(), limits::proves_max, "proves");
        if (check.walk(from.getChildCommitments(), limits::commitments_max, "childCommitments"))
          for (auto hash : from.getChildCommitments())
            head.child_commitments.push_back(check.fixed<32>(hash, "childCommitments"));
        head.issued_at = {from.getIssuedAt()};
        head.expires = {from.getExpires()};
        check_head(head, check);
        return head;
      });
}

Expected<Bytes> issue_head(const ProcessHead& head, const SigningKey& key, std::uint32_t key_number) {
  codec::Checker check;
  check_head(head, check);
  if (!check.good()) return tl::unexpected<Error>(check.error("bad-head", "cannot issue a process head"));
  Bytes bytes = encode_signed(sign_bytes(encode_head(head), domain::process_head, key, key_number));
  if (bytes.size() > limits::process_head_bytes_max)
    return fail("bad-head", "cannot issue a process head", "it is longer than it may be");
  return bytes;
}

Expected<ProcessHead> verify_head(ByteView signed_head, const DirectoryBook& book, const Identity& child, ByteView salt,
                                  std::string_view purpose, Instant now) {
  if (signed_head.size() > limits::process_head_bytes_max)
    return unproved("bad-head", "the process head is longer than it may be", ask_the_lead);
  auto outer = decode_signed(signed_head);
  if (!outer) return unproved("bad-head", "the process head does not decode", ask_the_lead);
  auto head = decode_head(outer->bytes);
  if (!head) return head;
  if (auto lead = check_lead(book, head->lead, purpose, now); !lead) return tl::unexpected<Error>(lead.error());
  const KeyStatement* statement = book.statement(head->lead, outer->key_number, now);
  if (statement == nullptr) return unproved("head-key-unknown", "its key is none that the lead uses now", ask_the_lead);
  // SECURITY: nothing the head says counts before this line.
  if (!verify_signed(*outer, domain::process_head, statement->signing_key))
    return unproved("head-forged", "the signature is not the lead's", "tell the lead that a forged head is about");
  if (head->issued_at - now > limits::message_ahead_ms_max)
    return unproved("head-not-yet", "it was issued in the future", "compare the clocks of both nodes");
  if (head->expires <= now) return unproved("head-expired", "it has expired", ask_the_lead);
  const Hash commitment = commit_to(child, salt);
  const auto& commitments = head->child_commitments;
  if (std::find(commitments.begin(), commitments.end(), commitment) == commitments.end())
    return unproved("head-wrong-child", "it is about another child, or the salt is not its own", ask_the_lead);
  if (!head->proves.contains(std::string(purpose)))
    return unproved("head-wrong-purpose", "the process does not prove this purpose in its state",
                    "ask for a purpose that it proves");
  if (!book.find(head->lead)->may_prove.contains(std::string(purpose)))
    return unproved("head-lead-may-not", "the directory does not let this lead prove the purpose",
                    "ask the trustees, if it should");
  return head;
}

}  // namespace ginnel
