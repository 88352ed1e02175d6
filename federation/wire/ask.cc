// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/ask.h"

#include "federation/base/crypto/hash.h"
#include "federation/wire/ask.capnp.h"
#include "federation/wire/codec.h"
#include "federation/wire/identity_codec.h"

namespace ginnel {
namespace {

constexpr codec::Failure bad_ask{"bad-payload", "cannot read an ask"};
constexpr codec::Failure bad_page_request{"bad-payload", "cannot read a page request"};

void check_claims(const Claims& claims, codec::Checker& check) {
  check.word(claims.role, "claims.role");
  check.word(claims.purpose, "claims.purpose");
  check.word(claims.basis, "claims.basis");
  check.text(claims.named_reason, limits::sentence_bytes_max, "claims.namedReason");
}

void check_ask(const Ask& ask, codec::Checker& check) {
  check.require(!ask.id.empty(), "id", "is empty");
  if (const auto* handle = std::get_if<Handle>(&ask.about)) {
    const auto size = handle->bytes.size();
    check.require(size >= limits::handle_bytes_min && size <= limits::handle_bytes_max, "handle",
                  "has not the right length");
  } else {
    codec::check_identity(std::get<Identity>(ask.about), check);
  }
  check.require(ask.about_role != SubjectRole::third_party, "aboutRole", "is nobody's to ask about");
  check_claims(ask.claims, check);
  check.require(ask.is_named() || ask.claims.named_reason.empty(), "claims.namedReason",
                "is given and nobody is named");
  check.text(ask.break_glass_reason, limits::sentence_bytes_max, "breakGlassReason");
  check.require(ask.highest != Step::none, "highest", "is none");
  check.words(ask.categories, limits::ask_categories_max, "categories");
  check.instant(ask.as_known_at, "asKnownAt");
  check.instant(ask.deadline, "deadline", codec::Empty::refused);
  check.count(ask.process_head.size(), limits::process_head_bytes_max, "processHead");
  check.require(ask.process_head.empty() == (ask.process_head_salt == Salt{}), "processHeadSalt",
                "does not go with the head");
}

void write_about(const AskedAbout& about, wire::Ask::About::Builder to) {
  if (const auto* handle = std::get_if<Handle>(&about)) {
    auto builder = to.initHandle();
    builder.setEpoch(handle->epoch);
    builder.setBytes(codec::data_of(handle->bytes));
    return;
  }
  codec::write_identity(std::get<Identity>(about), to.initIdentity());
}

AskedAbout read_about(wire::Ask::About::Reader from, codec::Checker& check) {
  switch (from.which()) {
    case wire::Ask::About::HANDLE:
      return Handle{from.getHandle().getEpoch(), codec::bytes_of(from.getHandle().getBytes())};
    case wire::Ask::About::IDENTITY:
      return codec::read_identity_of(from.getIdentity(), check);
  }
  check.refuse("about", "is of a form that is not known");
  return Handle{};
}

void write_claims(const Claims& claims, wire::Claims::Builder to) {
  to.setWorker(codec::data_or_none(claims.worker));
  to.setRole(codec::text_of(claims.role));
  to.setPurpose(codec::text_of(claims.purpose));
  to.setBasis(codec::text_of(claims.basis));
  to.setNamedReason(codec::text_of(claims.named_reason));
  to.setCaseCommitment(codec::data_or_none(claims.case_commitment));
  to.setColleague(codec::data_or_none(claims.colleague));
}

Claims read_claims(wire::Claims::Reader from, codec::Checker& check) {
  using codec::Empty;
  Claims claims;
  claims.worker = check.fixed<16>(from.getWorker(), "claims.worker", Empty::allowed);
  claims.role = codec::string_of(from.getRole());
  claims.purpose = codec::string_of(from.getPurpose());
  claims.basis = codec::string_of(from.getBasis());
  claims.named_reason = codec::string_of(from.getNamedReason());
  claims.case_commitment = check.fixed<32>(from.getCaseCommitment(), "claims.caseCommitment", Empty::allowed);
  claims.colleague = check.fixed<16>(from.getColleague(), "claims.colleague", Empty::allowed);
  return claims;
}

}  // namespace

Expected<Bytes> encode_ask(const Ask& ask) {
  codec::Checker check;
  check_ask(ask, check);
  if (!check.good()) return tl::unexpected<Error>(check.error("cannot send an ask"));
  return codec::encode_as<wire::Ask>(8192, [&](wire::Ask::Builder to) {
    to.setId(codec::data_of(ask.id));
    write_about(ask.about, to.getAbout());
    to.setAboutRole(static_cast<wire::SubjectRole>(ask.about_role));
    write_claims(ask.claims, to.initClaims());
    to.setBreakGlassReason(codec::text_of(ask.break_glass_reason));
    to.setHighest(static_cast<wire::Step>(ask.highest));
    codec::write_words(ask.categories, to.initCategories(capnp::uint(ask.categories.size())));
    to.setAsKnownAt(ask.as_known_at.ms);
    to.setDeadline(ask.deadline.ms);
    to.setProcessHead(codec::data_of(ask.process_head));
    to.setProcessHeadSalt(codec::data_or_none(ask.process_head_salt));
    codec::write_bundle(ask.bundle, to.initBundle());
  });
}

Expected<Ask> decode_ask(ByteView payload) {
  return codec::decode_as<wire::Ask, Ask>(
      payload, limits::payload_bytes_max, bad_ask, [](wire::Ask::Reader from, codec::Checker& check) {
        using codec::Empty;
        Ask ask;
        ask.id = check.id<AskId>(from.getId(), "id");
        ask.about = read_about(from.getAbout(), check);
        ask.about_role = check.closed(from.getAboutRole(), SubjectRole::third_party, "aboutRole");
        ask.claims = read_claims(from.getClaims(), check);
        ask.break_glass_reason = codec::string_of(from.getBreakGlassReason());
        ask.highest = check.closed(from.getHighest(), Step::copy_out, "highest");
        ask.categories = check.read_words(from.getCategories(), limits::ask_categories_max, "categories");
        ask.as_known_at = {from.getAsKnownAt()};
        ask.deadline = {from.getDeadline()};
        ask.process_head = codec::bytes_of(from.getProcessHead());
        ask.process_head_salt = check.fixed<16>(from.getProcessHeadSalt(), "processHeadSalt", Empty::allowed);
        ask.bundle = codec::read_bundle(from.getBundle(), check);
        check_ask(ask, check);
        return ask;
      });
}

Bytes encode_page_request(const PageRequest& request) {
  return codec::encode_as<wire::PageRequest>(64, [&](wire::PageRequest::Builder to) {
    to.setAsk(codec::data_of(request.ask));
    to.setPage(request.page);
  });
}

Expected<PageRequest> decode_page_request(ByteView payload) {
  return codec::decode_as<wire::PageRequest, PageRequest>(
      payload, limits::payload_bytes_max, bad_page_request, [](wire::PageRequest::Reader from, codec::Checker& check) {
        PageRequest request{check.id<AskId>(from.getAsk(), "ask"), from.getPage()};
        check.require(request.page < limits::answer_pages_max, "page", "is past the last there can be");
        return request;
      });
}

AskId ask_id_of(const ViewId& view, const MemberId& member) {
  const Hash hash = sha256({view_of("ginnel ask id v1"), view.bytes(), view_of(member.text())});
  return *AskId::from(ByteView(hash).first(AskId::size));
}

}  // namespace ginnel
