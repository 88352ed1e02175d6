// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/papers_codec.h"

#include "federation/wire/codec.h"
#include "federation/wire/limits.h"
#include "federation/wire/member_codec.h"
#include "federation/wire/papers.capnp.h"

namespace ginnel {
namespace {

constexpr codec::Failure bad_request{"bad-member-request", "cannot read a request for membership"};
constexpr codec::Failure bad_papers{"bad-papers", "cannot read the trustees' papers"};

std::size_t bytes_of_all(const std::vector<Bytes>& documents) {
  std::size_t bytes = 0;
  for (const Bytes& document : documents) bytes += document.size() + 16;
  return bytes;
}

void write_all(const std::vector<Bytes>& documents, capnp::List<capnp::Data>::Builder to) {
  for (capnp::uint i = 0; i < to.size(); ++i) to.set(i, codec::data_of(documents[i]));
}

std::vector<Bytes> read_all(capnp::List<capnp::Data>::Reader from, std::size_t count_max, std::size_t bytes_max,
                            const char* field, codec::Checker& check) {
  std::vector<Bytes> documents;
  if (!check.walk(from, count_max, field)) return documents;
  for (auto document : from) {
    check.count(document.size(), bytes_max, field);
    documents.push_back(codec::bytes_of(document));
  }
  return documents;
}

}  // namespace

Bytes encode_member_request(const MemberRequest& request) {
  return codec::encode_as<wire::MemberRequest>(request.statement.size() + 1024, [&](wire::MemberRequest::Builder to) {
    codec::write_member(request.member, to.initMember());
    to.setStatement(codec::data_of(request.statement));
    to.setMadeAt(request.made_at.ms);
  });
}

Expected<MemberRequest> decode_member_request(ByteView bytes) {
  return codec::decode_as<wire::MemberRequest, MemberRequest>(
      bytes, limits::member_request_bytes_max, bad_request,
      [](wire::MemberRequest::Reader from, codec::Checker& check) {
        MemberRequest request;
        request.member = codec::read_member(from.getMember(), check);
        codec::check_member(request.member, check);
        check.require(!request.member.revoked_since.is_set(), "member.revokedSince", "is set");
        check.require(!request.member.suspended_since.is_set(), "member.suspendedSince", "is set");
        check.count(from.getStatement().size(), limits::key_statement_bytes_max, "statement");
        request.statement = codec::bytes_of(from.getStatement());
        request.made_at = {from.getMadeAt()};
        check.instant(request.made_at, "madeAt", codec::Empty::refused);
        return request;
      });
}

Expected<Bytes> encode_papers(const Papers& papers) {
  const std::size_t expected = papers.base.size() + papers.proposal.size() + bytes_of_all(papers.requests) +
                               bytes_of_all(papers.statements) + papers.reason.size() + 256;
  Bytes bytes = codec::encode_as<wire::Papers>(expected, [&](wire::Papers::Builder to) {
    to.setBase(codec::data_of(papers.base));
    to.setProposal(codec::data_of(papers.proposal));
    write_all(papers.requests, to.initRequests(capnp::uint(papers.requests.size())));
    write_all(papers.statements, to.initStatements(capnp::uint(papers.statements.size())));
    to.setReason(codec::text_of(papers.reason));
  });
  if (bytes.size() <= limits::papers_bytes_max) return bytes;
  return fail("too-long", "cannot write the trustees' papers", "they are longer than papers may be",
              "admit fewer members at a time");
}

Expected<Papers> decode_papers(ByteView bytes) {
  return codec::decode_as<wire::Papers, Papers>(
      bytes, limits::papers_bytes_max, bad_papers, [](wire::Papers::Reader from, codec::Checker& check) {
        Papers papers;
        papers.base = codec::bytes_of(from.getBase());
        papers.proposal = codec::bytes_of(from.getProposal());
        check.require(!papers.proposal.empty(), "proposal", "is empty");
        papers.requests = read_all(from.getRequests(), limits::papers_requests_max, limits::member_request_bytes_max,
                                   "requests", check);
        papers.statements = read_all(from.getStatements(), limits::papers_statements_max,
                                     limits::key_statement_bytes_max, "statements", check);
        papers.reason = codec::string_of(from.getReason());
        check.text(papers.reason, limits::line_bytes_max, "reason");
        return papers;
      });
}

}  // namespace ginnel
