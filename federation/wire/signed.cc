// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/signed.h"

#include "federation/base/check.h"
#include "federation/base/crypto/hash.h"
#include "federation/wire/codec.h"
#include "federation/wire/limits.h"
#include "federation/wire/signed.capnp.h"

namespace ginnel {
namespace {

constexpr std::uint8_t leaf_prefix = 0, node_prefix = 1;  // RFC 9162 2.1.1
constexpr std::size_t path_hashes_max = 8;
static_assert(limits::signed_batch_messages_max == 1u << path_hashes_max);

Hash node_hash(const Hash& left, const Hash& right) { return sha256({ByteView(&node_prefix, 1), left, right}); }

// The largest power of two smaller than n (n > 1).
std::size_t split_of(std::size_t n) {
  std::size_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

Hash root_of(std::span<const Hash> leaves) {
  if (leaves.size() == 1) return leaves[0];
  const std::size_t k = split_of(leaves.size());
  return node_hash(root_of(leaves.first(k)), root_of(leaves.subspan(k)));
}

// RFC 9162 2.1.3.1, lowest first.
void path_to(std::size_t index, std::span<const Hash> leaves, std::vector<Hash>& path) {
  if (leaves.size() == 1) return;
  const std::size_t k = split_of(leaves.size());
  if (index < k) {
    path_to(index, leaves.first(k), path);
    path.push_back(root_of(leaves.subspan(k)));
  } else {
    path_to(index - k, leaves.subspan(k), path);
    path.push_back(root_of(leaves.first(k)));
  }
}

// RFC 9162 2.1.3.2. Nothing when the path has not the length that index and size ask for.
std::optional<Hash> root_from(const Hash& leaf, const BatchPlace& place) {
  if (place.size == 0 || place.size > limits::signed_batch_messages_max || place.index >= place.size)
    return std::nullopt;
  std::uint32_t at = place.index, last = place.size - 1;
  Hash root = leaf;
  for (const auto& hash : place.path) {
    if (last == 0) return std::nullopt;
    if (at % 2 == 1 || at == last) {
      root = node_hash(hash, root);
      while (at % 2 == 0 && at != 0) at /= 2, last /= 2;
    } else {
      root = node_hash(root, hash);
    }
    at /= 2;
    last /= 2;
  }
  if (last != 0) return std::nullopt;
  return root;
}

constexpr codec::Failure bad_frame{"bad-frame", "cannot read a signed value"};

}  // namespace

std::size_t batch_path_hashes(std::size_t index, std::size_t size) {
  std::size_t hashes = 0;
  for (; size > 1; ++hashes) {
    const std::size_t k = split_of(size);
    if (index < k) {
      size = k;
    } else {
      index -= k;
      size -= k;
    }
  }
  return hashes;
}

Hash signed_digest(ByteView bytes) { return sha256({ByteView(&leaf_prefix, 1), bytes}); }

Signed sign_bytes(Bytes bytes, std::string_view domain, const SigningKey& key, std::uint32_t key_number) {
  const Hash root = signed_digest(bytes);
  return Signed{std::move(bytes), key_number, sign(key, domain, root), {}};
}

std::vector<Signed> sign_batch(std::vector<Bytes> batch, std::string_view domain, const SigningKey& key,
                               std::uint32_t key_number) {
  CHECK(batch.size() <= limits::signed_batch_messages_max);
  std::vector<Signed> out;
  if (batch.empty()) return out;
  std::vector<Hash> leaves;
  for (const auto& bytes : batch) leaves.push_back(signed_digest(bytes));
  const Signature signature = sign(key, domain, root_of(leaves));
  for (std::size_t i = 0; i < batch.size(); ++i) {
    BatchPlace place{std::uint32_t(i), std::uint32_t(batch.size()), {}};
    path_to(i, leaves, place.path);
    out.push_back(Signed{std::move(batch[i]), key_number, signature, std::move(place)});
  }
  return out;
}

bool verify_signed(const Signed& value, std::string_view domain, const PublicKey& key) {
  const auto root = root_from(signed_digest(value.bytes), value.place);
  return root && verify(key, domain, *root, value.signature);
}

Bytes encode_signed(const Signed& value) {
  return codec::encode_as<wire::Signed>(value.bytes.size() + 512, [&](wire::Signed::Builder to) {
    to.setBytes(codec::data_of(value.bytes));
    to.setKeyNumber(value.key_number);
    to.setSignature(codec::data_of(value.signature));
    to.setBatchIndex(value.place.index);
    to.setBatchSize(value.place.size);
    if (value.place.path.empty()) return;
    auto path = to.initBatchPath(capnp::uint(value.place.path.size() * std::tuple_size_v<Hash>));
    auto* at = path.begin();
    for (const auto& hash : value.place.path) at = std::copy(hash.begin(), hash.end(), at);
  });
}

Expected<Signed> decode_signed(ByteView frame) {
  return codec::decode_as<wire::Signed, Signed>(
      frame, limits::frame_bytes_max, bad_frame, [](wire::Signed::Reader from, codec::Checker& check) {
        Signed value;
        value.bytes = codec::bytes_of(from.getBytes());
        check.require(!value.bytes.empty(), "bytes", "is empty");
        value.key_number = from.getKeyNumber();
        value.signature = check.fixed<64>(from.getSignature(), "signature");
        value.place.index = from.getBatchIndex();
        value.place.size = from.getBatchSize();
        const auto path = from.getBatchPath();
        const bool is_path =
            path.size() % std::tuple_size_v<Hash> == 0 && path.size() / std::tuple_size_v<Hash> <= path_hashes_max;
        check.require(is_path, "batchPath", "is not up to 8 hashes");
        check.require(value.place.size > 0 && value.place.size <= limits::signed_batch_messages_max &&
                          value.place.index < value.place.size,
                      "batchIndex", "is not in the batch");
        for (std::size_t at = 0; check.good() && at < path.size(); at += std::tuple_size_v<Hash>) {
          Hash hash;
          std::copy_n(path.begin() + at, hash.size(), hash.begin());
          value.place.path.push_back(hash);
        }
        return value;
      });
}

}  // namespace ginnel
