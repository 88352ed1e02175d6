// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/transfer.h"

#include "federation/wire/codec.h"
#include "federation/wire/signed.h"
#include "federation/wire/transfer.capnp.h"

namespace ginnel {
namespace {

using codec::Empty;

constexpr codec::Failure bad_statement{"bad-transfer-statement", "cannot read a statement of a transfer"};
constexpr codec::Failure bad_message{"bad-payload", "cannot read a transfer"};
constexpr codec::Failure bad_recall{"bad-payload", "cannot read a recall of transfers"};
constexpr codec::Failure bad_recalled{"bad-payload", "cannot read which transfers there are"};

bool has_manifest(TransferAct said) {
  return said == TransferAct::bundle || said == TransferAct::complete || said == TransferAct::release ||
         said == TransferAct::assume;
}

bool needs_text(TransferAct said) {
  return said == TransferAct::cancel || said == TransferAct::decline || said == TransferAct::acceptance ||
         said == TransferAct::note;
}

// What a person says has a name; what the node says by itself has none. An assumption is either: by the node where
// nothing of the bundle is missing, and else by somebody who says why.
bool is_named_as_it_must_be(const TransferStatement& statement) {
  if (statement.said == TransferAct::assume) return statement.who.empty() == statement.text.empty();
  return statement.who.empty() == is_automatic(statement.said);
}

void check_offer(const Offered& offer, const MemberId& by, codec::Checker& check) {
  check.require(!offer.process.empty(), "offer.process", "is empty");
  check.require(offer.epoch > 0, "offer.epoch", "is zero");
  check.require(!offer.to.empty(), "offer.to", "is empty");
  check.require(offer.to != by, "offer.to", "is who offers");
  check.text(offer.definition, limits::name_bytes_max, "offer.definition", Empty::refused);
  check.word(offer.move, "offer.move");
  check.require(offer.child != Hash{}, "offer.child", "is all zero");
}

void check_statement(const TransferStatement& statement, codec::Checker& check) {
  check.require(!statement.transfer.empty(), "transfer", "is empty");
  check.require(statement.said != TransferAct::none, "said", "is nothing");
  check.require(!statement.by.empty(), "by", "is empty");
  check.require(statement.number >= 1 && statement.number <= limits::transfer_statements_max, "number",
                "is none or too high");
  check.require((statement.previous == Hash{}) == (statement.number == 1), "previous", "does not fit `number`");
  check.instant(statement.at, "at", Empty::refused);
  check.text(statement.who, limits::name_bytes_max, "who");
  check.require(is_named_as_it_must_be(statement), "who", "does not fit `said`");
  check.text(statement.text, limits::transfer_text_bytes_max, "text",
             needs_text(statement.said) ? Empty::refused : Empty::allowed);
  if (statement.said == TransferAct::offer)
    check_offer(statement.offer, statement.by, check);
  else
    check.require(statement.offer == Offered{}, "offer", "does not fit `said`");
  check.require((statement.manifest != Hash{}) == has_manifest(statement.said), "manifest", "does not fit `said`");
  check.when(statement.held, "held");
  const auto precision = statement.held.precision;
  if (statement.said == TransferAct::conference)
    check.require(precision == Precision::day || precision == Precision::minute, "held", "is no day");
  else
    check.require(!statement.held.is_set(), "held", "does not fit `said`");
}

Expected<SignedAct> read_outer(ByteView encoded) {
  if (encoded.size() > limits::transfer_statement_bytes_max)
    return fail(bad_statement.code, bad_statement.what, "it is longer than it may be");
  auto outer = decode_signed(encoded);
  if (!outer) return fail(bad_statement.code, bad_statement.what, "it is not well formed");
  auto statement = decode_statement(outer->bytes);
  if (!statement) return tl::unexpected(statement.error());
  return SignedAct{*statement, signed_digest(outer->bytes), copy_of(encoded)};
}

void write_list(const std::vector<Bytes>& statements, capnp::List<capnp::Data>::Builder to) {
  for (capnp::uint i = 0; i < statements.size(); ++i) to.set(i, codec::data_of(statements[i]));
}

std::vector<Bytes> read_list(capnp::List<capnp::Data>::Reader from, codec::Checker& check, const char* field) {
  std::vector<Bytes> out;
  if (!check.walk(from, limits::transfer_statements_max, field)) return out;
  for (auto statement : from) {
    check.require(statement.size() > 0 && statement.size() <= limits::transfer_statement_bytes_max, field,
                  "has one that is empty or too long");
    if (!check.good()) return out;
    out.push_back(codec::bytes_of(statement));
  }
  return out;
}

}  // namespace

std::string_view name_of(TransferAct said) {
  switch (said) {
    case TransferAct::none:
      break;
    case TransferAct::offer:
      return "offer";
    case TransferAct::bundle:
      return "bundle";
    case TransferAct::cancel:
      return "cancel";
    case TransferAct::release:
      return "release";
    case TransferAct::discharged:
      return "discharged";
    case TransferAct::received:
      return "received";
    case TransferAct::complete:
      return "complete";
    case TransferAct::accept:
      return "accept";
    case TransferAct::decline:
      return "decline";
    case TransferAct::conference:
      return "conference";
    case TransferAct::acceptance:
      return "acceptance";
    case TransferAct::cancelled:
      return "cancelled";
    case TransferAct::assume:
      return "assume";
    case TransferAct::note:
      return "note";
  }
  return "none";
}

bool is_originators(TransferAct said) {
  return (said >= TransferAct::offer && said <= TransferAct::discharged) || said == TransferAct::note;
}
bool is_receivers(TransferAct said) { return said >= TransferAct::received; }

bool is_automatic(TransferAct said) {
  return said == TransferAct::bundle || said == TransferAct::discharged || said == TransferAct::received ||
         said == TransferAct::complete || said == TransferAct::cancelled;
}

Bytes encode_statement(const TransferStatement& statement) {
  return codec::encode_as<wire::TransferStatement>(1024, [&](wire::TransferStatement::Builder to) {
    to.setTransfer(codec::data_of(statement.transfer));
    to.setSaid(static_cast<wire::Said>(statement.said));
    to.setBy(codec::text_of(statement.by.text()));
    to.setNumber(statement.number);
    to.setPrevious(codec::data_or_none(statement.previous));
    to.setSeen(codec::data_or_none(statement.seen));
    to.setAt(statement.at.ms);
    to.setWho(codec::text_of(statement.who));
    to.setText(codec::text_of(statement.text));
    if (statement.said == TransferAct::offer) {
      auto offer = to.initOffer();
      offer.setProcess(codec::data_of(statement.offer.process));
      offer.setEpoch(statement.offer.epoch);
      offer.setTo(codec::text_of(statement.offer.to.text()));
      offer.setDefinition(codec::text_of(statement.offer.definition));
      offer.setMove(codec::text_of(statement.offer.move));
      offer.setChild(codec::data_of(statement.offer.child));
    }
    to.setManifest(codec::data_or_none(statement.manifest));
    codec::write_when(statement.held, to.initHeld());
  });
}

Expected<TransferStatement> decode_statement(ByteView bytes) {
  return codec::decode_as<wire::TransferStatement, TransferStatement>(
      bytes, limits::transfer_statement_bytes_max, bad_statement,
      [](wire::TransferStatement::Reader from, codec::Checker& check) {
        TransferStatement out;
        out.transfer = check.id<TransferId>(from.getTransfer(), "transfer");
        out.said = check.closed(from.getSaid(), TransferAct::note, "said");
        out.by = check.member(from.getBy(), "by");
        out.number = from.getNumber();
        out.previous = check.fixed<32>(from.getPrevious(), "previous", Empty::allowed);
        out.seen = check.fixed<32>(from.getSeen(), "seen", Empty::allowed);
        out.at = {from.getAt()};
        out.who = codec::string_of(from.getWho());
        out.text = codec::string_of(from.getText());
        if (from.hasOffer()) {
          const auto offer = from.getOffer();
          out.offer.process = check.id<ProcessId>(offer.getProcess(), "offer.process");
          out.offer.epoch = offer.getEpoch();
          out.offer.to = check.member(offer.getTo(), "offer.to");
          out.offer.definition = codec::string_of(offer.getDefinition());
          out.offer.move = codec::string_of(offer.getMove());
          out.offer.child = check.fixed<32>(offer.getChild(), "offer.child");
        }
        out.manifest = check.fixed<32>(from.getManifest(), "manifest", Empty::allowed);
        out.held = check.read_when(from.getHeld(), "held");
        check_statement(out, check);
        return out;
      });
}

Expected<SignedAct> sign_statement(const TransferStatement& statement, const SigningKey& key,
                                   std::uint32_t key_number) {
  constexpr const char* cannot = "cannot sign a statement of a transfer";
  codec::Checker check;
  check_statement(statement, check);
  if (!check.good()) return tl::unexpected(check.error(bad_statement.code, cannot));
  Bytes bytes = encode_statement(statement);
  const Hash hash = signed_digest(bytes);
  Bytes encoded = encode_signed(sign_bytes(std::move(bytes), domain::transfer, key, key_number));
  if (encoded.size() > limits::transfer_statement_bytes_max)
    return fail(bad_statement.code, cannot, "it is longer than it may be", "say it in fewer words");
  return SignedAct{statement, hash, std::move(encoded)};
}

Expected<SignedAct> verify_statement(ByteView encoded, const DirectoryBook& book, Instant now) {
  auto read = read_outer(encoded);
  if (!read) return read;
  constexpr const char* cannot = "cannot believe a statement of a transfer";
  const auto outer = decode_signed(encoded);
  const KeyStatement* key = book.statement(read->statement.by, outer->key_number, now);
  if (!key)
    return fail("transfer-key-unknown", cannot, "its key is none that its member uses now",
                "wait for its key statement");
  // SECURITY: nothing that it says counts before this line.
  if (!verify_signed(*outer, domain::transfer, key->signing_key))
    return fail("transfer-forged", cannot, "the signature is not its member's", "tell its member");
  return read;
}

Expected<SignedAct> read_kept_statement(ByteView encoded) { return read_outer(encoded); }

Bytes encode_transfer(const TransferMessage& message) {
  return codec::encode_as<wire::Transfer>(16 << 10, [&](wire::Transfer::Builder to) {
    to.setTransfer(codec::data_of(message.transfer));
    write_list(message.originator, to.initOriginator(capnp::uint(message.originator.size())));
    write_list(message.receiver, to.initReceiver(capnp::uint(message.receiver.size())));
    to.setWantsReply(message.wants_reply);
  });
}

Expected<TransferMessage> decode_transfer(ByteView payload) {
  return codec::decode_as<wire::Transfer, TransferMessage>(
      payload, limits::payload_bytes_max, bad_message, [](wire::Transfer::Reader from, codec::Checker& check) {
        return TransferMessage{check.id<TransferId>(from.getTransfer(), "transfer"),
                               read_list(from.getOriginator(), check, "originator"),
                               read_list(from.getReceiver(), check, "receiver"), from.getWantsReply()};
      });
}

Bytes encode_recall() {
  return codec::encode_as<wire::TransferRecall>(16, [](wire::TransferRecall::Builder) {});
}

Expected<void> decode_recall(ByteView payload) {
  auto read =
      codec::decode_as<wire::TransferRecall, bool>(payload, limits::payload_bytes_max, bad_recall,
                                                   [](wire::TransferRecall::Reader, codec::Checker&) { return true; });
  if (!read) return tl::unexpected(read.error());
  return {};
}

Bytes encode_recalled(const std::vector<TransferHeld>& transfers) {
  return codec::encode_as<wire::TransferRecalled>(transfers.size() * 48 + 64, [&](wire::TransferRecalled::Builder to) {
    auto list = to.initTransfers(capnp::uint(transfers.size()));
    for (capnp::uint i = 0; i < transfers.size(); ++i) {
      list[i].setTransfer(codec::data_of(transfers[i].transfer));
      list[i].setOriginator(transfers[i].originator);
      list[i].setReceiver(transfers[i].receiver);
    }
  });
}

Expected<std::vector<TransferHeld>> decode_recalled(ByteView payload) {
  return codec::decode_as<wire::TransferRecalled, std::vector<TransferHeld>>(
      payload, limits::payload_bytes_max, bad_recalled, [](wire::TransferRecalled::Reader from, codec::Checker& check) {
        std::vector<TransferHeld> out;
        if (!check.walk(from.getTransfers(), limits::transfers_recalled_max, "transfers")) return out;
        for (auto one : from.getTransfers()) {
          out.push_back({check.id<TransferId>(one.getTransfer(), "transfer"), one.getOriginator(), one.getReceiver()});
          check.require(out.back().originator <= limits::transfer_statements_max &&
                            out.back().receiver <= limits::transfer_statements_max,
                        "transfers", "has one with too many statements");
          if (!check.good()) break;
        }
        return out;
      });
}

}  // namespace ginnel
