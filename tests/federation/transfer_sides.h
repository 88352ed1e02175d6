// SPDX-License-Identifier: Apache-2.0
// Bradford and Leeds say things of one transfer, each as the rules would have it next, under keys of their own.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "federation/transfer/transfer_log.h"
#include "tests/federation/members.h"

namespace ginnel::samples {

class TransferSides : public testing::Test {
 protected:
  // Signed and taken; the code of what was wrong with it.
  std::string say(const char* who, TransferAct said, const std::function<void(TransferStatement&)>& change = {}) {
    TransferStatement next = log.next(member(who), said, now);
    next.transfer = *TransferId::from(Bytes(16, 0x44));
    if (!is_automatic(said) && said != TransferAct::assume)
      next.who = "A. Manager, team manager", next.text = "as agreed";
    if (said == TransferAct::offer)
      next.offer = {*ProcessId::from(Bytes(16, 0x11)), 1, member("leeds-csc"), "child-protection", "planned", Hash{7}};
    if (said == TransferAct::bundle || said == TransferAct::complete || said == TransferAct::release ||
        said == TransferAct::assume)
      next.manifest = Hash{3};
    if (said == TransferAct::conference) next.held = When::on(*Date::of(2026, 11, 9));
    if (change) change(next);
    auto done = sign_statement(next, members.keys(who).signing, 1);
    if (!done) return done.error().code;
    auto read = verify_statement(done->encoded, book, now);
    if (!read) return read.error().code;
    EXPECT_EQ(*read, *done);
    auto added = log.add(*read);
    return added ? "" : added.error().code;
  }
  std::string bradford(TransferAct said) { return say("bradford-csc", said); }
  std::string leeds(TransferAct said) { return say("leeds-csc", said); }
  void until_agreed() {
    for (const TransferAct said : {TransferAct::offer, TransferAct::bundle}) ASSERT_EQ(bradford(said), "");
    for (const TransferAct said : {TransferAct::received, TransferAct::accept, TransferAct::conference,
                                   TransferAct::complete, TransferAct::acceptance})
      ASSERT_EQ(leeds(said), "");
  }

  samples::Members members;
  DirectoryBook book = members.book();
  TransferLog log;
  Instant now = noon + hour_ms;
};

}  // namespace ginnel::samples
