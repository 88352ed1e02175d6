// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/envelope.h"

#include "federation/base/check.h"
#include "federation/wire/codec.h"
#include "federation/wire/envelope.capnp.h"
#include "federation/wire/signed.h"

namespace ginnel {
namespace {

constexpr codec::Failure bad_envelope{"bad-envelope", "cannot read a message"};

std::size_t in_words(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

Bytes encode_envelope(const Message& message, std::size_t padding_bytes) {
  const Header& header = message.header;
  return codec::encode_as<wire::Envelope>(message.payload.size() + padding_bytes, [&](wire::Envelope::Builder to) {
    to.setVersion(header.version);
    to.setKind(static_cast<std::uint16_t>(header.kind));
    to.setFrom(codec::text_of(header.from.text()));
    to.setTo(codec::text_of(header.to.text()));
    to.setFromIncarnation(header.from_incarnation);
    to.setToIncarnation(header.to_incarnation);
    to.setSentAt(header.sent_at.ms);
    to.setExpires(header.expires.ms);
    to.setId(codec::data_of(header.id));
    to.setCorrelation(codec::data_of(header.correlation));
    to.setDirectoryVersion(header.directory_version);
    if (!message.payload.empty()) to.setPayload(codec::data_of(message.payload));
    to.setSpeaks(header.speaks);
    if (padding_bytes > 0) to.initPadding(capnp::uint(padding_bytes));
  });
}

Expected<Message> decode_envelope(ByteView bytes) {
  return codec::decode_as<wire::Envelope, Message>(
      bytes, limits::frame_bytes_max, bad_envelope, [](wire::Envelope::Reader from, codec::Checker& check) {
        Message message;
        Header& header = message.header;
        header.version = from.getVersion();
        header.kind = static_cast<Kind>(from.getKind());
        header.from = check.member(from.getFrom(), "from");
        header.to = check.member(from.getTo(), "to");
        header.from_incarnation = from.getFromIncarnation();
        header.to_incarnation = from.getToIncarnation();
        header.sent_at = {from.getSentAt()};
        header.expires = {from.getExpires()};
        header.id = check.id<MessageId>(from.getId(), "id");
        header.correlation = check.id<MessageId>(from.getCorrelation(), "correlation", codec::Empty::allowed);
        header.directory_version = from.getDirectoryVersion();
        header.speaks = from.getSpeaks();
        check.instant(header.sent_at, "sentAt", codec::Empty::refused);
        check.instant(header.expires, "expires", codec::Empty::refused);
        if (check.good()) message.payload = codec::bytes_of(from.getPayload());
        return message;
      });
}

// What a Signed adds to its bytes, paths left out.
std::size_t signed_overhead_bytes() {
  static const std::size_t bytes = encode_signed(Signed{Bytes(8), 0, Signature{}, {}}).size() - 8;
  return bytes;
}

// The padding that makes the frame as long as a size class; nothing if it is longer than the largest.
std::optional<std::size_t> padding_for(std::size_t frame_bytes, std::size_t minimum_bytes) {
  for (const std::size_t class_bytes : limits::frame_size_classes_bytes)
    if (class_bytes >= frame_bytes && class_bytes >= minimum_bytes) return class_bytes - frame_bytes;
  return std::nullopt;
}

// The encoded envelope, padded so that its frame will have exactly a class's length.
Expected<Bytes> padded_envelope(const Unsealed& unsealed, std::size_t path_hashes) {
  static const std::size_t empty_bytes = encode_envelope({}, 0).size();
  // A text takes whole words, its final zero byte included; an empty one takes one.
  const auto text_bytes = [](const MemberId& id) { return in_words(id.text().size() + 1) - in_words(1); };
  const Header& header = unsealed.message.header;
  const std::size_t envelope_bytes =
      empty_bytes + text_bytes(header.from) + text_bytes(header.to) + (header.id.empty() ? 0 : MessageId::size) +
      (header.correlation.empty() ? 0 : MessageId::size) + in_words(unsealed.message.payload.size());
  const std::size_t frame_bytes = envelope_bytes + signed_overhead_bytes() + path_hashes * sizeof(Hash);
  const auto padding_bytes = padding_for(frame_bytes, unsealed.minimum_bytes);
  if (!padding_bytes) {
    return fail("too-long", "cannot seal a message", "it does not fit the largest size class", "send it in pages");
  }
  Bytes bytes = encode_envelope(unsealed.message, *padding_bytes);
  CHECK(bytes.size() == envelope_bytes + *padding_bytes);
  return bytes;
}

bool is_size_class(std::size_t bytes) {
  const auto& classes = limits::frame_size_classes_bytes;
  return std::find(classes.begin(), classes.end(), bytes) != classes.end();
}

std::optional<Drop> drop_for(Standing standing) {
  switch (standing) {
    case Standing::good:
    case Standing::good_with_banner:
      return std::nullopt;
    case Standing::unknown_member:
    case Standing::no_directory:
      return Drop::unknown_member;
    case Standing::no_keys:
      return Drop::unknown_key;
    case Standing::revoked:
      return Drop::revoked;
    case Standing::suspended:
      return Drop::suspended;
    case Standing::directory_too_old:
      return Drop::directory_too_old;
  }
  return Drop::unknown_member;
}

// Checks 11 to 13 of envelope.capnp.
std::optional<Drop> drop_for_times(const Header& header, Instant now) {
  if (header.expires <= now) return Drop::expired;
  if (header.sent_at - now > limits::message_ahead_ms_max) return Drop::sent_in_future;
  if (header.expires <= header.sent_at || header.expires - header.sent_at > limits::message_life_ms_max)
    return Drop::lives_too_long;
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::none:
      break;
    case Kind::ask:
      return "ask";
    case Kind::answer:
      return "answer";
    case Kind::error:
      return "error";
    case Kind::page_request:
      return "page_request";
    case Kind::notice:
      return "notice";
    case Kind::receipt:
      return "receipt";
    case Kind::lookup:
      return "lookup";
    case Kind::lookup_reply:
      return "lookup_reply";
    case Kind::lookup_table:
      return "lookup_table";
    case Kind::directory:
      return "directory";
    case Kind::key_statement:
      return "key_statement";
    case Kind::checkpoint:
      return "checkpoint";
    case Kind::witness:
      return "witness";
    case Kind::process_step:
      return "process_step";
    case Kind::process_contribution:
      return "process_contribution";
    case Kind::process_replica:
      return "process_replica";
    case Kind::transfer:
      return "transfer";
    case Kind::transfer_recall:
      return "transfer_recall";
    case Kind::transfer_recalled:
      return "transfer_recalled";
    case Kind::file_request:
      return "file_request";
    case Kind::file_page:
      return "file_page";
  }
  return "unknown";
}

bool is_supported(Kind kind) {
  switch (kind) {
    case Kind::ask:
    case Kind::answer:
    case Kind::error:
    case Kind::page_request:
    case Kind::directory:
    case Kind::key_statement:
    case Kind::notice:
    case Kind::receipt:
    case Kind::file_request:
    case Kind::file_page:
    case Kind::transfer:
    case Kind::transfer_recall:
    case Kind::transfer_recalled:
      return true;
    default:
      return false;
  }
}

std::string_view name_of(Drop drop) {
  switch (drop) {
    case Drop::oversize:
      return "oversize";
    case Drop::not_a_size_class:
      return "not-a-size-class";
    case Drop::malformed:
      return "malformed";
    case Drop::sender_mismatch:
      return "sender-mismatch";
    case Drop::unknown_member:
      return "unknown-member";
    case Drop::revoked:
      return "revoked";
    case Drop::suspended:
      return "suspended";
    case Drop::directory_too_old:
      return "directory-too-old";
    case Drop::unknown_key:
      return "unknown-key";
    case Drop::bad_signature:
      return "bad-signature";
    case Drop::wrong_recipient:
      return "wrong-recipient";
    case Drop::wrong_to_incarnation:
      return "wrong-to-incarnation";
    case Drop::wrong_from_incarnation:
      return "wrong-from-incarnation";
    case Drop::expired:
      return "expired";
    case Drop::sent_in_future:
      return "sent-in-future";
    case Drop::lives_too_long:
      return "lives-too-long";
    case Drop::replayed:
      return "replayed";
    case Drop::unsupported_version:
      return "unsupported-version";
    case Drop::bad_payload:
      return "bad-payload";
    case Drop::unsolicited:
      return "unsolicited";
  }
  return "unknown";
}

Instant kept_until(const Header& opened) { return opened.expires + limits::replay_kept_after_ms; }

Expected<Bytes> seal_message(const Message& message, const SealKey& key, std::size_t minimum_bytes) {
  auto bytes = padded_envelope({message, minimum_bytes}, 0);
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  return encode_signed(sign_bytes(std::move(*bytes), domain::message, key.key, key.number));
}

Expected<std::vector<Bytes>> seal_messages(std::span<const Unsealed> messages, const SealKey& key) {
  std::vector<Bytes> frames;
  frames.reserve(messages.size());
  while (!messages.empty()) {
    const std::size_t batch_size = std::min(messages.size(), limits::seal_batch_messages_max);
    std::vector<Bytes> batch;
    for (std::size_t i = 0; i < batch_size; ++i) {
      auto bytes = padded_envelope(messages[i], batch_path_hashes(i, batch_size));
      if (!bytes) return tl::unexpected<Error>(bytes.error());
      batch.push_back(std::move(*bytes));
    }
    for (const auto& value : sign_batch(std::move(batch), domain::message, key.key, key.number))
      frames.push_back(encode_signed(value));
    messages = messages.subspan(batch_size);
  }
  return frames;
}

tl::expected<Message, Drop> Opener::open(const MemberId& authenticated, ByteView frame, Instant now) {
  const auto drop = [](Drop reason) { return tl::unexpected<Drop>(reason); };
  if (frame.size() > limits::frame_bytes_max) return drop(Drop::oversize);
  if (!is_size_class(frame.size())) return drop(Drop::not_a_size_class);
  auto outer = decode_signed(frame);
  if (!outer) return drop(Drop::malformed);
  auto message = decode_envelope(outer->bytes);
  if (!message) return drop(Drop::malformed);
  const Header& header = message->header;

  if (header.from != authenticated) return drop(Drop::sender_mismatch);
  if (auto reason = drop_for(book_.standing(header.from, now))) return drop(*reason);
  const KeyStatement* statement = book_.statement(header.from, outer->key_number, now);
  if (statement == nullptr) return drop(Drop::unknown_key);
  // SECURITY: nothing of the message counts before this line.
  if (!verify_signed(*outer, domain::message, statement->signing_key)) return drop(Drop::bad_signature);

  if (header.to != me_) return drop(Drop::wrong_recipient);
  const bool proves_itself = header.kind == Kind::directory || header.kind == Kind::key_statement;
  if (!proves_itself) {
    if (header.to_incarnation != my_incarnation_) return drop(Drop::wrong_to_incarnation);
    if (header.from_incarnation != book_.newest_statement(header.from)->incarnation)
      return drop(Drop::wrong_from_incarnation);
  }
  if (auto reason = drop_for_times(header, now)) return drop(*reason);
  if (replays_.seen(header.from, header.id)) return drop(Drop::replayed);
  if (header.version < oldest_spoken_by(version_) || header.version > version_) return drop(Drop::unsupported_version);
  replays_.remember(header);
  return std::move(*message);
}

}  // namespace ginnel
