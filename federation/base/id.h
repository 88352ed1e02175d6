// SPDX-License-Identifier: Apache-2.0
// Identifiers that cannot be swapped by mistake: each has a type of its own.
//
// A 16-byte id is random and says nothing. A MemberId is the public name of a member of the federation.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "federation/base/bytes.h"
#include "federation/base/clock.h"

namespace ginnel {

template <class Tag>
class Id {
 public:
  static constexpr std::size_t size = 16;

  Id() = default;
  explicit Id(const std::array<std::uint8_t, size>& bytes) : bytes_(bytes) {}
  static Id make(Random& random) {
    Id id;
    random.fill(id.bytes_);
    return id;
  }
  static std::optional<Id> from(ByteView bytes) {
    if (bytes.size() != size) return std::nullopt;
    Id id;
    std::copy(bytes.begin(), bytes.end(), id.bytes_.begin());
    return id;
  }
  static std::optional<Id> parse(std::string_view hex) {
    auto bytes = from_hex(hex);
    return bytes ? from(*bytes) : std::nullopt;
  }

  ByteView bytes() const { return bytes_; }
  std::string hex() const { return to_hex(bytes_); }
  bool empty() const { return *this == Id(); }  // all zero: no id
  auto operator<=>(const Id&) const = default;

 private:
  std::array<std::uint8_t, size> bytes_{};
};

using PersonRef = Id<struct PersonTag>;         // a person as one node knows them; never leaves the node in the clear
using RecordId = Id<struct RecordTag>;          // one version of one dated fact
using KeyId = Id<struct KeyTag>;                // a data key in the key table
using ActorId = Id<struct ActorTag>;            // who caused a ledger entry, opaque
using ViewId = Id<struct ViewTag>;              // one case view at the asking node
using AskId = Id<struct AskTag>;                // one ask to one peer; the same in every retransmission
using MessageId = Id<struct MessageTag>;        // one envelope; fresh in every transmission
using ProcessId = Id<struct ProcessTag>;        // one child's statutory process
using TransferId = Id<struct TransferTag>;      // one offer of the lead and all that follows from it
using UserId = Id<struct UserTag>;              // somebody who signs in at this node
using TaskId = Id<struct TaskTag>;              // one piece of work at this node
using AllocationId = Id<struct AllocationTag>;  // one worker's responsibility for one person
using AttachmentId = Id<struct AttachmentTag>;  // one file of a record, told by its content and the record's key

// The name of a member: lower-case letters, digits and hyphens, 2 to 40 characters, a letter first.
class MemberId {
 public:
  MemberId() = default;
  static std::optional<MemberId> parse(std::string_view text);
  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const MemberId&) const = default;

 private:
  std::string text_;
};

}  // namespace ginnel

template <class Tag>
struct std::hash<ginnel::Id<Tag>> {
  std::size_t operator()(const ginnel::Id<Tag>& id) const noexcept {
    std::size_t value = 0;  // ids are random: any eight bytes are a hash
    for (std::size_t i = 0; i < 8; ++i) value = value << 8 | id.bytes()[i];
    return value;
  }
};
template <>
struct std::hash<ginnel::MemberId> {
  std::size_t operator()(const ginnel::MemberId& id) const noexcept { return std::hash<std::string>()(id.text()); }
};
