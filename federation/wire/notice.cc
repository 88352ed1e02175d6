// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/notice.h"

#include "federation/wire/codec.h"
#include "federation/wire/item_codec.h"
#include "federation/wire/notice.capnp.h"
#include "federation/wire/signed.h"

namespace ginnel {
namespace {

constexpr codec::Failure bad_notices{"bad-payload", "cannot read notices"};
constexpr codec::Failure bad_receipt{"bad-payload", "cannot read a receipt"};

void check_notice(const Notice& notice, codec::Checker& check) {
  check.require(!notice.id.empty(), "notice.id", "is empty");
  check.require(notice.number > 0, "notice.number", "is zero");
  check.require(!notice.ask.empty(), "notice.ask", "is empty");
  check.word(notice.kind, "notice.kind");
  check.instant(notice.at, "notice.at", codec::Empty::refused);
  const bool tells_item = notice.step >= Step::headline;
  check.require(notice.item.has_value() == tells_item, "notice.item", "does not go with the step");
  check.require(!tells_item || !notice.record.empty(), "notice.record", "is empty, and something of it is told");
  if (notice.item) {
    codec::check_item(*notice.item, check);
    check.require(notice.item->record == notice.record && notice.item->step == notice.step, "notice.item",
                  "is another record than the notice's");
  }
  check.word(notice.category, "notice.category", codec::Empty::allowed);
  check.text(notice.reason, limits::line_bytes_max, "notice.reason");
  codec::check_contact(notice.contact, check);
  check.words(notice.markings, limits::markings_max, "notice.markings");
}

void check_notices(const std::vector<Notice>& notices, codec::Checker& check) {
  check.require(!notices.empty(), "notices", "are none");
  check.count(notices.size(), limits::notices_per_message_max, "notices");
  std::set<NoticeId> ids;
  for (std::size_t i = 0; i < notices.size(); ++i) {
    check_notice(notices[i], check);
    check.require(i == 0 || notices[i - 1].number < notices[i].number, "notice.number", "does not rise");
    check.require(ids.insert(notices[i].id).second, "notice.id", "stands twice");
  }
}

void write_notice(const Notice& notice, wire::Notice::Builder to) {
  to.setId(codec::data_of(notice.id));
  to.setNumber(notice.number);
  to.setAsk(codec::data_of(notice.ask));
  to.setAskedBySender(notice.asked_by_sender);
  to.setKind(codec::text_of(notice.kind));
  to.setAt(notice.at.ms);
  to.setRecord(codec::data_of(notice.record));
  to.setReplaces(codec::data_of(notice.replaces));
  to.setStep(static_cast<wire::Step>(notice.step));
  if (notice.item) codec::write_item(*notice.item, to.initItem());
  to.setCategory(codec::text_of(notice.category));
  to.setReason(codec::text_of(notice.reason));
  codec::write_contact(notice.contact, to.initContact());
  codec::write_words(notice.markings, to.initMarkings(capnp::uint(notice.markings.size())));
}

Notice read_notice(wire::Notice::Reader from, codec::Checker& check) {
  Notice notice;
  notice.id = check.id<NoticeId>(from.getId(), "notice.id");
  notice.number = from.getNumber();
  notice.ask = check.id<AskId>(from.getAsk(), "notice.ask");
  notice.asked_by_sender = from.getAskedBySender();
  notice.kind = codec::string_of(from.getKind());
  notice.at = {from.getAt()};
  notice.record = check.id<RecordId>(from.getRecord(), "notice.record", codec::Empty::allowed);
  notice.replaces = check.id<RecordId>(from.getReplaces(), "notice.replaces", codec::Empty::allowed);
  notice.step = check.closed(from.getStep(), Step::copy_out, "notice.step");
  if (from.hasItem()) notice.item = codec::read_item(from.getItem(), check);
  notice.category = codec::string_of(from.getCategory());
  notice.reason = codec::string_of(from.getReason());
  notice.contact = codec::read_contact(from.getContact());
  notice.markings = check.read_words(from.getMarkings(), limits::markings_max, "notice.markings");
  return notice;
}

void check_receipt(const Receipt& receipt, codec::Checker& check) {
  check.instant(receipt.at, "receipt.at", codec::Empty::refused);
  check.require(!receipt.lines.empty(), "receipt.lines", "are none");
  check.count(receipt.lines.size(), limits::notices_per_message_max, "receipt.lines");
  std::set<NoticeId> ids;
  for (const auto& line : receipt.lines) {
    check.require(!line.notice.empty(), "receipt.notice", "is empty");
    check.require(ids.insert(line.notice).second, "receipt.notice", "stands twice");
  }
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::taken:
      return "taken";
    case Outcome::refused:
      return "refused";
    case Outcome::later:
      return "later";
  }
  return "later";
}

std::size_t notice_bytes_at_most(const Notice& notice) {
  constexpr std::size_t fixed_bytes = 512, text_bytes = 16;
  std::size_t bytes = fixed_bytes + notice.kind.size() + notice.category.size() + notice.reason.size();
  for (const auto* text :
       {&notice.contact.name, &notice.contact.role, &notice.contact.team, &notice.contact.phone, &notice.contact.hours})
    bytes += text->size() + text_bytes;
  for (const auto& marking : notice.markings) bytes += marking.size() + 2 * text_bytes;
  return bytes + (notice.item ? codec::item_bytes_at_most(*notice.item) : 0);
}

Expected<Bytes> encode_notices(const std::vector<Notice>& notices) {
  codec::Checker check;
  check_notices(notices, check);
  if (!check.good()) return tl::unexpected<Error>(check.error("cannot send notices"));
  std::size_t expected = 64;
  for (const auto& notice : notices) expected += notice_bytes_at_most(notice);
  Bytes bytes = codec::encode_as<wire::Notices>(expected, [&](wire::Notices::Builder to) {
    auto list = to.initNotices(capnp::uint(notices.size()));
    for (capnp::uint i = 0; i < list.size(); ++i) write_notice(notices[i], list[i]);
  });
  if (bytes.size() > limits::payload_bytes_max)
    return fail("too-long", "cannot send notices", "they are longer than a message may be");
  return bytes;
}

Expected<std::vector<Notice>> decode_notices(ByteView payload) {
  return codec::decode_as<wire::Notices, std::vector<Notice>>(
      payload, limits::payload_bytes_max, bad_notices, [](wire::Notices::Reader from, codec::Checker& check) {
        std::vector<Notice> notices;
        if (check.walk(from.getNotices(), limits::notices_per_message_max, "notices"))
          for (auto notice : from.getNotices()) notices.push_back(read_notice(notice, check));
        check_notices(notices, check);
        return notices;
      });
}

Expected<Bytes> encode_receipt(const Receipt& receipt) {
  codec::Checker check;
  check_receipt(receipt, check);
  if (!check.good()) return tl::unexpected<Error>(check.error("cannot send a receipt"));
  return codec::encode_as<wire::Receipt>(256 + 48 * receipt.lines.size(), [&](wire::Receipt::Builder to) {
    to.setTo(codec::text_of(receipt.to.text()));
    to.setBy(codec::text_of(receipt.by.text()));
    to.setAt(receipt.at.ms);
    auto lines = to.initLines(capnp::uint(receipt.lines.size()));
    for (capnp::uint i = 0; i < lines.size(); ++i) {
      lines[i].setNotice(codec::data_of(receipt.lines[i].notice));
      lines[i].setOutcome(static_cast<wire::Outcome>(receipt.lines[i].outcome));
    }
  });
}

Expected<Receipt> decode_receipt(ByteView bytes) {
  return codec::decode_as<wire::Receipt, Receipt>(
      bytes, limits::receipt_bytes_max, bad_receipt, [](wire::Receipt::Reader from, codec::Checker& check) {
        Receipt receipt;
        receipt.to = check.member(from.getTo(), "receipt.to");
        receipt.by = check.member(from.getBy(), "receipt.by");
        receipt.at = {from.getAt()};
        if (check.walk(from.getLines(), limits::notices_per_message_max, "receipt.lines"))
          for (auto line : from.getLines())
            receipt.lines.push_back({check.id<NoticeId>(line.getNotice(), "receipt.notice"),
                                     check.closed(line.getOutcome(), Outcome::later, "receipt.outcome")});
        check_receipt(receipt, check);
        return receipt;
      });
}

Expected<Bytes> sign_receipt(const Receipt& receipt, const SigningKey& key, std::uint32_t key_number) {
  auto bytes = encode_receipt(receipt);
  if (!bytes) return bytes;
  return encode_signed(sign_bytes(std::move(*bytes), domain::receipt, key, key_number));
}

Expected<Receipt> verify_receipt(ByteView signed_receipt, const MemberId& from, const MemberId& me,
                                 const DirectoryBook& book, Instant now) {
  if (signed_receipt.size() > limits::receipt_bytes_max)
    return fail("bad-payload", "cannot read a receipt", "it is longer than it may be");
  auto outer = decode_signed(signed_receipt);
  if (!outer) return fail("bad-payload", "cannot read a receipt", "it is not a Signed");
  const KeyStatement* statement = book.statement(from, outer->key_number, now);
  if (statement == nullptr)
    return fail("receipt-key-unknown", "cannot rely on a receipt", "its key is none that the member uses now");
  // SECURITY: nothing the receipt says counts before this line.
  if (!verify_signed(*outer, domain::receipt, statement->signing_key))
    return fail("receipt-forged", "cannot rely on a receipt", "the signature is not the member's");
  auto receipt = decode_receipt(outer->bytes);
  if (receipt && (receipt->by != from || receipt->to != me))
    return fail("receipt-not-ours", "cannot rely on a receipt", "it is about notices between others");
  return receipt;
}

}  // namespace ginnel
