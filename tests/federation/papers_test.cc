// SPDX-License-Identifier: Apache-2.0
#include "federation/directory/papers.h"

#include <gtest/gtest.h>

#include "federation/directory/check_phrase.h"
#include "federation/wire/papers_codec.h"
#include "federation/wire/signed.h"
#include "tests/federation/members.h"

namespace ginnel {
namespace {

using samples::member;
using samples::noon;

class PapersTest : public testing::Test {
 protected:
  samples::Members members;
  DirectoryBook book = members.book();
  Instant now = noon + hour_ms;
  SeededRandom random{7};

  Held held() { return {book.signed_directory(), book.signed_statements(), 0}; }
  const Directory& directory() { return *book.directory(); }

  // An organisation outside of the federation, with keys of its own.
  struct Newcomer {
    SigningKey identity;
    MemberRequest request;
  };
  Newcomer newcomer(const std::string& name = "bradford-youth") {
    Newcomer out{SigningKey::make(random), {}};
    Member& asks = out.request.member;
    asks.id = member(name);
    asks.kind = "youth_justice";
    asks.name = "Bradford Youth Justice Service";
    asks.duty = {"Duty desk", "", "", "01632 960099", "always"};
    asks.identity_key = out.identity.public_key;
    KeyStatement statement;
    statement.member = asks.id;
    statement.number = 1;
    statement.signing_key = SigningKey::make(random).public_key;
    statement.curve_key = CurveKey::make(random).public_key;
    statement.endpoints = {"tcp://127.0.0.1:7999"};
    statement.incarnation = 1;
    statement.valid_from = noon;
    statement.valid_until = noon + 300 * day_ms;
    out.request.statement = sign_key_statement(statement, out.identity);
    out.request.made_at = noon;
    return out;
  }
  Bytes file_of(const Newcomer& one) { return sign_member_request(one.request, one.identity); }

  Papers signed_by(Papers papers, const std::vector<std::string>& trustees) {
    for (const auto& name : trustees)
      papers = add_signature(std::move(papers), member(name), members.keys(name).identity, members.anchor).value();
    return papers;
  }
  std::string refusal(const Papers& papers) {
    auto reviewed = review(papers, &directory(), members.anchor, now);
    return reviewed ? "" : reviewed.error().code;
  }
  // The papers of a proposal with something else changed in it.
  Papers tampered(Papers papers, const std::function<void(Directory&)>& change) {
    auto outer = decode_signed_directory(papers.proposal).value();
    auto proposed = decode_directory(outer.bytes).value();
    change(proposed);
    outer.bytes = encode_directory(proposed);
    papers.proposal = encode_signed_directory(outer);
    return papers;
  }
};

TEST_F(PapersTest, a_request_is_read_as_it_was_signed) {
  const Newcomer one = newcomer();
  auto read = read_member_request(file_of(one));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, one.request);
}

TEST_F(PapersTest, a_request_that_its_own_identity_key_did_not_sign_is_refused) {
  Newcomer one = newcomer();
  EXPECT_EQ(read_member_request(sign_member_request(one.request, SigningKey::make(random))).error().code,
            "bad-member-request");
  // Another's statement, so another's keys and address.
  one.request.statement = newcomer("leeds-youth").request.statement;
  EXPECT_EQ(read_member_request(file_of(one)).error().code, "bad-member-request");
  // A signature of another use.
  Newcomer other = newcomer();
  const Bytes wrong_use =
      encode_signed(sign_bytes(encode_member_request(other.request), domain::key_statement, other.identity, 0));
  EXPECT_EQ(read_member_request(wrong_use).error().code, "bad-member-request");
}

TEST_F(PapersTest, no_changed_byte_of_a_request_changes_what_it_asks_or_keeps_its_phrase) {
  const Newcomer one = newcomer();
  const Bytes file = file_of(one);
  for (std::size_t at = 0; at < file.size(); ++at) {
    Bytes changed = file;
    changed[at] ^= 0x20;
    EXPECT_NE(check_phrase(changed), check_phrase(file));
    if (auto read = read_member_request(changed)) {
      EXPECT_EQ(*read, one.request) << "byte " << at;  // of the envelope
    }
  }
}

TEST_F(PapersTest, a_revoked_or_suspended_member_cannot_be_asked_for) {
  Newcomer one = newcomer();
  one.request.member.revoked_since = noon;
  EXPECT_FALSE(read_member_request(file_of(one)));
  one = newcomer();
  one.request.member.suspended_since = noon;
  EXPECT_FALSE(read_member_request(file_of(one)));
}

TEST_F(PapersTest, go_from_a_request_to_a_directory_that_every_node_adopts) {
  const Newcomer one = newcomer();
  auto papers = propose_admission(held(), members.anchor, {file_of(one)}, now);
  ASSERT_TRUE(papers) << papers.error().text();
  auto reviewed = review(*papers, &directory(), members.anchor, now);
  ASSERT_TRUE(reviewed) << reviewed.error().text();
  ASSERT_EQ(reviewed->changes.size(), 1u);
  EXPECT_EQ(words_of(reviewed->changes[0]), "admit bradford-youth");
  EXPECT_EQ(reviewed->changes[0].request, file_of(one));
  EXPECT_EQ(reviewed->proposed.version, 2u);

  Papers some = signed_by(*papers, {"leeds-csc", "wy-police", "wy-icb", "kirklees-csc"});
  EXPECT_EQ(book.adopt(some.proposal, now).error().code, "too-few-endorsements");
  Papers enough = signed_by(some, {"wakefield-csc"});
  ASSERT_TRUE(book.adopt(enough.proposal, now));
  ASSERT_TRUE(book.add_statement(one.request.statement));
  EXPECT_EQ(book.standing(member("bradford-youth"), now), Standing::good);
}

TEST_F(PapersTest, tell_which_signatures_are_missing_by_the_trustees_rule) {
  auto papers = propose_admission(held(), members.anchor, {file_of(newcomer())}, now).value();
  papers = signed_by(papers, {"leeds-csc", "wy-police", "leeds-csc"});
  const auto groups = review(papers, &directory(), members.anchor, now)->signatures;
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].have, std::vector{member("leeds-csc")});  // twice by one is once
  EXPECT_EQ(groups[0].missing.size(), 4u);
  EXPECT_TRUE(groups[1].is_met());
  EXPECT_FALSE(is_signed_by_enough(groups));
  papers = signed_by(papers, {"bradford-csc", "wakefield-csc", "wy-icb"});
  EXPECT_TRUE(is_signed_by_enough(review(papers, &directory(), members.anchor, now)->signatures));
}

TEST_F(PapersTest, a_change_that_nobody_asked_for_is_refused) {
  const auto papers = propose_admission(held(), members.anchor, {file_of(newcomer())}, now).value();
  EXPECT_EQ(refusal(papers), "");
  const PublicKey other_key = SigningKey::make(random).public_key;
  for (const auto& change : std::vector<std::function<void(Directory&)>>{
           [&](Directory& d) { d.members.front().identity_key = other_key; },
           [](Directory& d) { d.members.front().may_prove.insert("police_protection"); },
           [](Directory& d) { d.members.front().duty.phone = "01632 960777"; },
           [](Directory& d) { d.members.erase(d.members.begin()); },
           [&](Directory& d) {
             for (auto& m : d.members)
               if (m.id.text() == "bradford-youth") m.identity_key = other_key;
           },
           [&](Directory& d) {
             Member more = d.members.back();
             more.id = member("zz-stranger");
             more.identity_key = other_key;
             d.members.push_back(more);
           }})
    EXPECT_EQ(refusal(tampered(papers, change)), "unrequested-change");
  EXPECT_EQ(refusal(tampered(papers, [](Directory& d) { d.rule[0].needed = 1; })), "trustee-rule-differs");
  EXPECT_EQ(refusal(tampered(papers, [](Directory& d) { d.version = 1; })), "older-directory");
  EXPECT_EQ(refusal(tampered(papers, [&](Directory& d) { d.issued_at = now + 2 * day_ms; })), "directory-from-future");
  EXPECT_EQ(refusal(tampered(papers, [&](Directory& d) { d.issued_at = noon + -9 * day_ms; })), "older-directory");
}

TEST_F(PapersTest, a_request_that_the_proposal_does_not_grant_is_refused) {
  Papers papers = propose_renewal(held(), members.anchor, now).value();
  EXPECT_EQ(refusal(papers), "");
  papers.requests.push_back(file_of(newcomer()));
  EXPECT_EQ(refusal(papers), "bad-papers");
}

TEST_F(PapersTest, a_revocation_changes_one_member_and_needs_no_request) {
  const auto papers = propose_revocation(held(), members.anchor, member("bfd-hospital"), "its machine was stolen", now);
  ASSERT_TRUE(papers);
  auto reviewed = review(*papers, &directory(), members.anchor, now);
  ASSERT_TRUE(reviewed) << reviewed.error().text();
  ASSERT_EQ(reviewed->changes.size(), 1u);
  EXPECT_EQ(words_of(reviewed->changes[0]), "revoke bfd-hospital");
  EXPECT_EQ(papers->reason, "its machine was stolen");
  ASSERT_TRUE(book.adopt(signed_by(*papers, members.enough_signers()).proposal, now));
  EXPECT_EQ(book.standing(member("bfd-hospital"), now), Standing::revoked);
  EXPECT_EQ(propose_revocation(held(), members.anchor, member("bfd-hospital"), "", now).error().code, "revoked");
  EXPECT_EQ(propose_revocation(held(), members.anchor, member("nobody"), "", now).error().code, "unknown-member");

  // To lift a revocation takes a request, like an admission.
  EXPECT_EQ(refusal(tampered(propose_renewal(held(), members.anchor, now).value(),
                             [](Directory& d) {
                               for (auto& m : d.members) m.revoked_since = {};
                             })),
            "unrequested-change");
}

TEST_F(PapersTest, a_member_that_asks_anew_is_told_with_what_changes) {
  MemberRequest request;
  request.member = members.entry("bfd-hospital");
  request.member.duty.phone = "01632 960123";
  request.statement = members.sign_statement(members.statement("bfd-hospital"));
  request.made_at = noon;
  const Bytes file = sign_member_request(request, members.keys("bfd-hospital").identity);
  auto papers = propose_admission(held(), members.anchor, {file}, now);
  ASSERT_TRUE(papers) << papers.error().text();
  auto reviewed = review(*papers, &directory(), members.anchor, now);
  ASSERT_TRUE(reviewed) << reviewed.error().text();
  EXPECT_EQ(words_of(reviewed->changes.at(0)), "change bfd-hospital");
  EXPECT_EQ(reviewed->changes.at(0).fields, std::vector<std::string>{"duty contact"});
}

TEST_F(PapersTest, a_trustee_without_a_node_judges_by_the_base_in_them_if_that_is_valid) {
  Papers papers = propose_admission(held(), members.anchor, {file_of(newcomer())}, now).value();
  EXPECT_TRUE(review(papers, nullptr, members.anchor, now));
  papers.base = members.sign_directory({"leeds-csc", "wy-police", "wy-icb"});
  EXPECT_EQ(review(papers, nullptr, members.anchor, now).error().code, "too-few-endorsements");
  // Without a base everybody would be new: then everybody must have asked.
  papers.base.clear();
  EXPECT_EQ(review(papers, nullptr, members.anchor, now).error().code, "unrequested-change");
}

TEST_F(PapersTest, the_first_directory_is_made_of_requests_alone) {
  auto papers = propose_admission({}, members.anchor, {file_of(newcomer()), file_of(newcomer("leeds-youth"))}, now);
  ASSERT_TRUE(papers) << papers.error().text();
  auto reviewed = review(*papers, nullptr, members.anchor, now);
  ASSERT_TRUE(reviewed) << reviewed.error().text();
  EXPECT_EQ(reviewed->changes.size(), 2u);
  DirectoryBook empty(members.anchor, {});
  EXPECT_TRUE(empty.adopt(signed_by(*papers, members.enough_signers()).proposal, now));
}

TEST_F(PapersTest, a_version_that_was_signed_once_is_not_proposed_again) {
  Held mine = held();
  mine.version_signed = 5;
  auto papers = propose_renewal(mine, members.anchor, now);
  ASSERT_TRUE(papers);
  EXPECT_EQ(review(*papers, &directory(), members.anchor, now)->proposed.version, 6u);
}

TEST_F(PapersTest, nobody_but_a_trustee_with_its_own_key_signs) {
  const Papers papers = propose_renewal(held(), members.anchor, now).value();
  EXPECT_EQ(
      add_signature(papers, member("bfd-hospital"), members.keys("bfd-hospital").identity, members.anchor).error().code,
      "not-a-trustee");
  EXPECT_EQ(add_signature(papers, member("wy-police"), members.keys("leeds-csc").identity, members.anchor).error().code,
            "not-a-trustee");
}

TEST_F(PapersTest, signatures_collected_apart_are_put_together) {
  const Papers papers = propose_renewal(held(), members.anchor, now).value();
  Papers one = signed_by(papers, {"leeds-csc", "kirklees-csc", "wy-icb"});
  const Papers other = signed_by(papers, {"bradford-csc", "wy-police"});
  auto both = join_signatures(one, other);
  ASSERT_TRUE(both);
  EXPECT_TRUE(book.adopt(both->proposal, now));
  EXPECT_EQ(proposal_hash(one).value(), proposal_hash(other).value());
  EXPECT_FALSE(join_signatures(one, propose_renewal(held(), members.anchor, now + 1).value()));
}

TEST_F(PapersTest, are_read_back_as_they_were_written) {
  Papers papers = propose_revocation(held(), members.anchor, member("bfd-hospital"), "stolen", now).value();
  papers = signed_by(papers, {"leeds-csc"});
  const Bytes bytes = encode_papers(papers).value();
  EXPECT_EQ(decode_papers(bytes).value(), papers);
  for (std::size_t length = 0; length < bytes.size(); length += 7)
    EXPECT_FALSE(decode_papers(ByteView(bytes).first(length)));
}

}  // namespace
}  // namespace ginnel
