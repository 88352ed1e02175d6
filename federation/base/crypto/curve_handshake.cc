// SPDX-License-Identifier: Apache-2.0
#include "federation/base/crypto/curve_handshake.h"

#include <sodium.h>

#include <algorithm>
#include <string_view>

namespace ginnel {
namespace {

constexpr std::size_t greeting_bytes = 64, mechanism_at = 12;
constexpr std::uint8_t command_flag = 0x04, long_flag = 0x02;
constexpr std::size_t cookie_bytes = 96;
constexpr std::string_view hello_name = "\5HELLO", welcome_name = "\7WELCOME", initiate_name = "\10INITIATE",
                           ready_name = "\5READY", error_name = "\5ERROR", revoked_reason = "\003400";

using Nonce = std::array<std::uint8_t, crypto_box_NONCEBYTES>;

// A prefix that says what is sealed, and the rest of the 24 bytes.
Nonce nonce_of(std::string_view prefix, ByteView rest) {
  Nonce nonce{};
  std::copy(prefix.begin(), prefix.end(), nonce.begin());
  std::copy(rest.begin(), rest.end(), nonce.begin() + std::ptrdiff_t(prefix.size()));
  return nonce;
}

Bytes box(ByteView plain, const Nonce& nonce, const PublicKey& to, const SecretKey& from) {
  Bytes out(plain.size() + crypto_box_MACBYTES);
  if (crypto_box_easy(out.data(), plain.data(), plain.size(), nonce.data(), to.data(), from.bytes().data()) != 0)
    return {};
  return out;
}

Bytes open_box(ByteView sealed, const Nonce& nonce, const PublicKey& from, const SecretKey& to) {
  if (sealed.size() < crypto_box_MACBYTES) return {};
  Bytes out(sealed.size() - crypto_box_MACBYTES);
  if (crypto_box_open_easy(out.data(), sealed.data(), sealed.size(), nonce.data(), from.data(), to.bytes().data()) != 0)
    return {};
  return out;
}

void put(Bytes& to, std::string_view text) { to.insert(to.end(), text.begin(), text.end()); }

Bytes command(const Bytes& body) {
  Bytes out;
  if (body.size() <= 255) {
    out = {command_flag, std::uint8_t(body.size())};
  } else {
    out = {command_flag | long_flag};
    put_u64(out, body.size());
  }
  append(out, body);
  return out;
}

void put_property(Bytes& to, std::string_view name, std::string_view value) {
  to.push_back(std::uint8_t(name.size()));
  put(to, name);
  put_u32(to, std::uint32_t(value.size()));
  put(to, value);
}

bool is_named(ByteView body, std::string_view name) { return text_of(body).starts_with(name); }

}  // namespace

CurveHandshake::CurveHandshake(const CurveKey& own, const PublicKey& server, Random& random)
    : own_(own), short_(CurveKey::make(random)), server_(server), random_(random) {}

Bytes CurveHandshake::start() const {
  Bytes out(greeting_bytes, 0);
  out[0] = 0xff;
  out[9] = 0x7f;
  out[10] = 3;
  constexpr std::string_view mechanism = "CURVE";
  std::copy(mechanism.begin(), mechanism.end(), out.begin() + mechanism_at);
  return out;
}

Bytes CurveHandshake::receive(ByteView bytes) {
  Bytes out;
  append(came_, bytes);
  if (step_ == Step::greeting) out = take_greeting();
  while (step_ == Step::welcome || step_ == Step::ready) {
    if (came_.size() < 2) return out;
    const bool is_long = came_[0] & long_flag;
    const std::size_t head = is_long ? 9 : 2;
    if (came_.size() < head) return out;
    const std::uint64_t size = is_long ? *read_u64(came_, 1) : came_[1];
    if (!(came_[0] & command_flag) || size > limits::handshake_command_bytes_max) return step_ = Step::not_zmq, out;
    if (came_.size() < head + size) return out;
    const Bytes body(came_.begin() + std::ptrdiff_t(head), came_.begin() + std::ptrdiff_t(head + size));
    came_.erase(came_.begin(), came_.begin() + std::ptrdiff_t(head + size));
    append(out, take_command(body));
  }
  if (step_ != Step::greeting) came_.clear();  // it is over, whatever follows
  return out;
}

Bytes CurveHandshake::take_greeting() {
  if ((!came_.empty() && came_[0] != 0xff) || (came_.size() > 9 && came_[9] != 0x7f))
    return step_ = Step::not_zmq, Bytes();
  if (came_.size() < greeting_bytes) return {};
  const bool is_curve = came_[10] >= 3 && text_of(ByteView(came_).subspan(mechanism_at)).starts_with("CURVE");
  came_.erase(came_.begin(), came_.begin() + greeting_bytes);
  if (!is_curve) return step_ = Step::not_zmq, Bytes();
  step_ = Step::welcome;
  return hello();
}

Bytes CurveHandshake::take_command(ByteView body) {
  if (is_named(body, error_name)) {
    const std::string_view reason = text_of(body.subspan(error_name.size()));
    return step_ = reason == revoked_reason ? Step::revoked : Step::refused, Bytes();
  }
  if (step_ == Step::welcome && is_named(body, welcome_name)) return initiate(body.subspan(welcome_name.size()));
  if (step_ == Step::ready && is_named(body, ready_name) && body.size() >= ready_name.size() + 8) {
    const ByteView rest = body.subspan(ready_name.size());
    const Nonce nonce = nonce_of("CurveZMQREADY---", rest.first(8));
    const bool is_good = !open_box(rest.subspan(8), nonce, server_short_, short_.secret).empty();
    return step_ = is_good ? Step::admitted : Step::not_zmq, Bytes();
  }
  return step_ = Step::not_zmq, Bytes();
}

Bytes CurveHandshake::hello() {
  const Bytes counter = {0, 0, 0, 0, 0, 0, 0, 1};
  Bytes body;
  put(body, hello_name);
  body.insert(body.end(), {1, 0});  // the version of CURVE
  body.insert(body.end(), 72, 0);   // so that the answer is never longer than the question
  append(body, short_.public_key);
  append(body, counter);
  append(body, box(Bytes(64, 0), nonce_of("CurveZMQHELLO---", counter), server_, short_.secret));
  return command(body);
}

Bytes CurveHandshake::initiate(ByteView welcome) {
  if (welcome.size() < 16) return step_ = Step::not_zmq, Bytes();
  const Bytes plain = open_box(welcome.subspan(16), nonce_of("WELCOME-", welcome.first(16)), server_, short_.secret);
  if (plain.size() != server_short_.size() + cookie_bytes) return step_ = Step::not_zmq, Bytes();
  std::copy_n(plain.begin(), server_short_.size(), server_short_.begin());

  Bytes vouch_nonce(16);
  random_.fill(vouch_nonce);
  Bytes vouched;
  append(vouched, short_.public_key);
  append(vouched, server_);
  Bytes inner;
  append(inner, own_.public_key);
  append(inner, vouch_nonce);
  append(inner, box(vouched, nonce_of("VOUCH---", vouch_nonce), server_short_, own_.secret));
  put_property(inner, "Socket-Type", "DEALER");
  put_property(inner, "Identity", "");

  const Bytes counter = {0, 0, 0, 0, 0, 0, 0, 2};
  Bytes body;
  put(body, initiate_name);
  append(body, ByteView(plain).subspan(server_short_.size()));
  append(body, counter);
  append(body, box(inner, nonce_of("CurveZMQINITIATE", counter), server_short_, short_.secret));
  step_ = Step::ready;
  return command(body);
}

}  // namespace ginnel
