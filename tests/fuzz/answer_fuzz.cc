// SPDX-License-Identifier: Apache-2.0
// Answers from anybody: what reads can be written, in pages too; so can records and people.
#include "federation/base/check.h"
#include "federation/wire/answer.h"
#include "federation/wire/record_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  if (auto answer = decode_answer({data, size})) {
    for (auto& item : answer->items) item.label.retention.rule.clear();  // it stays at home
    for (const auto& page : paginate(*answer)) CHECK(encode_answer(page));
    CHECK(decode_answer(*encode_answer(*answer)).value() == *answer);
  }
  if (auto record = decode_record({data, size})) CHECK(decode_record(*encode_record(*record)).value() == *record);
  if (auto person = decode_person({data, size})) CHECK(decode_person(*encode_person(*person)).value() == *person);
  return 0;
}
