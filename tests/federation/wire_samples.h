// SPDX-License-Identifier: Apache-2.0
// Values for the tests of the wire: one of each with every field set, and as many others as a seed gives.
#pragma once

#include <string>
#include <vector>

#include "federation/base/clock.h"
#include "federation/record/person.h"
#include "federation/record/record.h"
#include "federation/wire/answer.h"
#include "federation/wire/ask.h"
#include "federation/wire/envelope.h"
#include "federation/wire/file.h"
#include "federation/wire/notice.h"
#include "federation/wire/process_head.h"
#include "federation/wire/transfer_manifest.h"

namespace ginnel::samples {

inline constexpr Instant noon{1'795'435'200'000};  // 2026-11-23T12:00:00Z

// An id, or any array of bytes, that counts up from `first`.
template <class AnyId>
AnyId id(std::uint8_t first) {
  std::array<std::uint8_t, AnyId::size> bytes;
  for (auto& byte : bytes) byte = first++;
  return AnyId(bytes);
}
template <std::size_t size>
std::array<std::uint8_t, size> bytes(std::uint8_t first) {
  std::array<std::uint8_t, size> out;
  for (auto& byte : out) byte = first++;
  return out;
}
inline MemberId member(std::string_view text) { return *MemberId::parse(text); }

// Every field of these differs from its default.
Header header();
Ask ask_by_handle();
Ask ask_by_name();
PageRequest page_request();
FileRequest file_request();
FilePage file_page();
FileRequest transfer_part_request();
FilePage transfer_part_page();
TransferManifest transfer_manifest();
TransferChildPart transfer_child_part();
TransferProcessPart transfer_process_part();
Item item();
Notice notice();
Receipt receipt();
Answer answer();
Problem problem();
ProcessHead process_head();
Record record();
Person person();
Member directory_member();
Directory directory();
KeyStatement key_statement();

// Any value that may be sent: lists of any length, texts of any letters.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t limit) { return random_.below(limit); }
  std::string text(std::size_t bytes_max);
  std::string word();
  std::set<std::string> words(std::size_t count_max);
  Date date();
  When when();
  Item item();
  Answer answer();
  Ask ask();
  Record record();
  Person person();

 private:
  Label label();
  Author author();
  std::vector<Field> fields();
  std::vector<Attachment> attachments();
  SeededRandom random_;
};

}  // namespace ginnel::samples
