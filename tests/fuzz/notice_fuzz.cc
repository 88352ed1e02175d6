// SPDX-License-Identifier: Apache-2.0
// Notices and receipts from anybody: what reads can be written, and reads again as the same.
#include "federation/base/check.h"
#include "federation/wire/notice.h"
#include "node/process/invitation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  if (auto notices = decode_notices({data, size})) {
    auto again = encode_notices(*notices);
    CHECK(!again || decode_notices(*again).value() == *notices);
    for (const auto& notice : *notices) {
      if (!notice.item) continue;
      for (const auto& field : notice.item->fields)
        if (const auto at = StepRef::parse(field.value)) CHECK(StepRef::parse(at->text()) == at);
      if (const auto invitation = invitation_of(notice.item->kind, notice.item->headline, notice.item->fields))
        CHECK(!invitation->wanted.empty() && invitation->at.number > 0);
      if (const auto brought = brought_of(*notice.item)) CHECK(!brought->name.empty() && brought->at.number > 0);
    }
  }
  if (auto receipt = decode_receipt({data, size}))
    CHECK(decode_receipt(encode_receipt(*receipt).value()).value() == *receipt);
  return 0;
}
