// SPDX-License-Identifier: Apache-2.0
// ginnel transfer: what it shows of a transfer, what each verb says in it, and that foreign text moves no cursor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "node/cli/command_table.h"
#include "tests/node/temp_directory.h"
#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class TransferAtTheTerminal : public WebTest {
 protected:
  TransferAtTheTerminal() {
    std::ofstream(dir_.path() + "/ca.pem") << TlsForTests::get().authority.certificate_chain_pem;
    std::ofstream(dir_.path() + "/manager.token") << service.sign_in("tester").token << "\n";
  }
  // `typed` comes on standard input.
  int transfer(std::vector<std::string> words, const std::string& typed = {}) {
    words.insert(words.begin(), "transfer");
    for (const std::string& word : {std::string("--url"), "https://127.0.0.1:" + std::to_string(server->port()),
                                    std::string("--token-file"), dir_.path() + "/manager.token"})
      words.push_back(word);
    std::istringstream in(typed);
    std::ostringstream out, err;
    const int code = run_command_line(words, {in, out, err});
    out_ = out.str();
    err_ = err.str();
    return code;
  }
  std::string out_, err_;

 private:
  TempDirectory dir_;
};

TEST_F(TransferAtTheTerminal, show_tells_who_leads_first_and_then_the_rest) {
  ASSERT_EQ(transfer({"show", some_id}), 0) << err_;
  std::size_t last = 0;
  for (const char* part :
       {"leads now     Leeds Children's Services", "accountable   Leeds Children's Services",
        "Aisha Tester   born 14 Mar 2016   NHS 999 000 0018", "WHO IS ACCOUNTABLE", "since before the offer",
        "WHAT HANGS", "3 of 4 parts", "FILE", "3 of 4 parts are here", "NOT GIVEN",
        "2 health: sensitive health information; ask named nurse, 01632 960107", "WHAT CAME",
        "8 Nov 2026, visit: Home visit", "WHAT WAS SAID", "offered the lead, J. Tester, team manager:", "1 December",
        "was notified, the node by itself", "You can say now: accept, decline, note"}) {
    const auto at = out_.find(part, last);
    ASSERT_NE(at, std::string::npos) << part << "\n" << out_;
    last = at;
  }
  service.transfer.transfer.lead_name.clear();
  service.transfer.child.reset();
  ASSERT_EQ(transfer({"show", some_id}), 0);
  EXPECT_THAT(out_, HasSubstr("leads now     nobody orders steps"));
  EXPECT_THAT(out_, HasSubstr("has not come yet, or is not shown to you"));
}

TEST_F(TransferAtTheTerminal, the_list_says_what_waits_and_names_nobody) {
  ASSERT_EQ(transfer({"list"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr(std::string("WAITS FOR YOU  ") + some_id + "  Child protection"));
  EXPECT_THAT(out_, HasSubstr("leads now: Leeds Children's Services; accountable: Leeds Children's Services"));
  EXPECT_THAT(out_, Not(HasSubstr("Aisha")));
  EXPECT_THAT(err_, HasSubstr("1 transfer, 1 waits for you"));
}

TEST_F(TransferAtTheTerminal, an_offer_reads_its_reason_from_standard_input) {
  EXPECT_EQ(transfer({"offer", some_id, "--to", "leeds-csc", "--move", "planned"}, "they moved\n"), 0) << err_;
  EXPECT_EQ(out_, std::string(some_id) + "\n");
  EXPECT_EQ(service.new_offer.to, "leeds-csc");
  EXPECT_EQ(service.new_offer.why, "they moved");
  EXPECT_EQ(transfer({"offer", some_id, "--to", "leeds-csc", "--move", "planned"}), 2) << "no reason";
  EXPECT_EQ(transfer({"offer", "../people", "--to", "leeds-csc", "--move", "planned"}, "x"), 2);
}

TEST_F(TransferAtTheTerminal, each_verb_says_what_it_is_called) {
  for (const char* said : {"accept", "release"}) {
    EXPECT_EQ(transfer({said, some_id}), 0) << err_;
    EXPECT_EQ(service.new_saying.said, said);
    EXPECT_EQ(service.new_saying.text, "");
  }
  for (const char* said : {"decline", "cancel", "acceptance", "assume", "note"}) {
    EXPECT_EQ(transfer({said, some_id}, "because\n"), 0) << err_;
    EXPECT_EQ(service.new_saying.said, said);
    EXPECT_EQ(service.new_saying.text, "because");
    EXPECT_EQ(transfer({said, some_id}), 2) << said << " says why";
  }
  EXPECT_EQ(transfer({"conference", some_id, "--held", "2026-12-03", "--text"}, "all came"), 0) << err_;
  EXPECT_EQ(service.new_saying.held, (Date{2026, 12, 3}));
  EXPECT_EQ(service.new_saying.text, "all came");
  EXPECT_EQ(transfer({"conference", some_id}), 2) << "without its day";
  EXPECT_EQ(transfer({"accept", "../../people"}), 2) << "what is no id is not sent";
}

TEST_F(TransferAtTheTerminal, what_works_later_ends_with_75) {
  service.writing_fails_with = Error{"transfer-recalling", "cannot say that now", "it waits for Leeds", "try again"};
  EXPECT_EQ(transfer({"accept", some_id}), 75);
  service.writing_fails_with = Error{"transfer-not-now", "cannot say that", "it is not accepted yet", ""};
  EXPECT_EQ(transfer({"release", some_id}), 1);
  EXPECT_THAT(err_, HasSubstr("it is not accepted yet"));
}

TEST_F(TransferAtTheTerminal, what_another_authority_wrote_moves_no_cursor) {
  const std::string wipe = "\x1b[2J\x1b[1;1Hmoved";
  service.transfer.statements[0].text = wipe;
  service.transfer.transfer.originator_name = wipe;
  service.transfer.hangs = {wipe};
  service.transfer.child->name = wipe;
  service.transfer.items[0].headline = wipe;
  service.transfer.file.not_given[0].reason = wipe;
  for (const auto& words : {std::vector<std::string>{"show", some_id}, {"list"}}) {
    EXPECT_EQ(transfer(words), 0) << err_;
    EXPECT_THAT(out_, Not(HasSubstr("\x1b")));
    EXPECT_THAT(out_, HasSubstr("moved"));
  }
}

}  // namespace
}  // namespace ginnel
